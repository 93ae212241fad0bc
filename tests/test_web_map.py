"""The map of Germany: what it shows is what its queries give, the list says the same, and its geometry holds."""

import csv
import io
import re
from collections import Counter
from html import unescape

import pytest
from web_client import Client, Structure

from publisher.views import germany, held, tiles
from publisher.views.germany import Colouring, Germany
from publisher.views.site import Site
from publisher.views.topics import FIELDS, chosen
from publisher.web.app import create_app

SPREE_NEISSE, ROTENBURG, GERMERSHEIM, LEER, DAHME_SPREEWALD = "12071", "03357", "07334", "03457", "12061"
FIVE = {SPREE_NEISSE, ROTENBURG, GERMERSHEIM, LEER, DAHME_SPREEWALD}
ADDRESSES = {
    "": "Konzept erfasst",
    "?farbe=feld&feld=F03": "als Handlungsfeld",
    "?farbe=feld&feld=F07.1": "nur in einzelnen Zielen oder anderen Texten",
    "?farbe=ziele&feld=F03": "mit Zielen",
    "?farbe=art": "Leitlinien",
    "?farbe=jahr": "2018",
    "?farbe=jahr&kreis=Leer": "Hervorgehoben: Landkreis Leer",
}
EXPECTED = {
    Colouring.CONCEPT: dict.fromkeys(FIVE, "concept") | {LEER: "service"},
    Colouring.FIELD: dict.fromkeys(FIVE, "field") | {LEER: "service", DAHME_SPREEWALD: "silent"},
    Colouring.GOALS: dict.fromkeys(FIVE, "goals") | {LEER: "service", DAHME_SPREEWALD: "silent", GERMERSHEIM: "named"},
    Colouring.YEAR: dict.fromkeys(FIVE, "undated") | {SPREE_NEISSE: "2018"},
}
"""The categories of the five counties; of fields for F03, work."""

_TITLE = re.compile(r'<a href="/doc/kreis/(\d{5})\.html"[^>]*><title>(.*?)</title>')
_LISTED = re.compile(r'<li><a href="/doc/kreis/(\d{5})\.html">(.*?)</a>: (.*?)</li>')
_KEY = re.compile(r"<use href=\"#k\d+\"/></svg> <span>(.*?) <span class=\"meta\">\((\d+)\)</span>")


@pytest.fixture(scope="module")
def client(site: Site) -> Client:
    return Client(create_app(site))


def drawn(site: Site, colouring: Colouring, field: str = "F03") -> Germany:
    return germany.germany(site, colouring, chosen(site, FIELDS, field), "de")


@pytest.mark.parametrize(("colouring", "expected"), EXPECTED.items())
def test_each_county_is_in_the_category_its_source_gives(
    site: Site, colouring: Colouring, expected: dict[str, str]
) -> None:
    shown = {cell.ags: cell.category for state in drawn(site, colouring).states for cell in state.cells}
    assert len(shown) == 400
    assert {ags: category for ags, category in shown.items() if category != "absent"} == expected


def test_the_type_is_that_of_the_document(site: Site) -> None:
    shown = {cell.ags: cell.category for state in drawn(site, Colouring.TYPE).states for cell in state.cells}
    assert shown[DAHME_SPREEWALD] == site.ns("Guidelines") and shown[LEER] == site.ns("WebSelfDescription")


def test_a_part_that_says_nothing_is_not_called_silent(site: Site) -> None:
    """Of Rotenburg an excerpt was at hand: that it does not speak of F15 says nothing about the concept."""
    shown = {cell.ags: cell.category for s in drawn(site, Colouring.FIELD, "F15").states for cell in s.cells}
    assert shown[ROTENBURG] == "partial" and shown[DAHME_SPREEWALD] == "silent"


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_map_the_list_and_the_legend_say_the_same(client: Client, address: str) -> None:
    page = client.ask(f"/karte{address}").text
    tooltips = {ags: unescape(text) for ags, text in _TITLE.findall(page)}
    listed = {ags: (unescape(label), unescape(text)) for ags, label, text in _LISTED.findall(page)}
    legend = {unescape(text): int(count) for text, count in _KEY.findall(page)}
    assert len(tooltips) == len(listed) == 400
    for ags, (label, text) in listed.items():
        assert tooltips[ags].startswith(f"{label}, ") and tooltips[ags].endswith(f": {text}")
    assert Counter(text for _, text in listed.values()) == Counter(
        {text: count for text, count in legend.items() if count}
    )
    assert ADDRESSES[address] in page


def test_the_counts_are_the_rows_of_the_queries(site: Site) -> None:
    documents = {row["county"].value for row in site.select(held.QUERY)}
    field = chosen(site, FIELDS, "F03")
    named = {row["county"].value for row in site.select(germany.FIELD, field=field.iri)}
    concepts = {county for county in documents if held.state(site, county) == held.CONCEPT}
    counts = dict(drawn(site, Colouring.FIELD).categories)
    assert counts["absent"] == 400 - len(documents)
    assert counts["field"] + counts["theme"] + counts["texts"] == len(named & concepts)


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_the_page_is_light_and_keeps_the_policy(client: Client, address: str, prefix: str) -> None:
    answer = client.ask(f"{prefix}/karte{address}")
    page = Structure(answer.text)
    assert answer.status_code == 200 and len(answer.content) < 300_000
    assert " style=" not in answer.text and "<script" not in answer.text
    assert page.tags.count("h1") == 1 and len(page.ids) == len(set(page.ids))
    assert max(len(line) for line in answer.text.splitlines() if "<title>" in line and "<a " in line) < 350


def test_only_english_stands_on_the_english_page(client: Client) -> None:
    page = client.ask("/en/karte?farbe=feld&feld=F03").text
    assert "Landkreis Leer, Lower Saxony: service page, no concept" in page
    assert not re.search(r"\b(erfasst|Wabe|Legende|Karte)\b", page)


@pytest.mark.parametrize("address", ["?farbe=rot", "?farbe=feld&feld=F99", "?kreis=Atlantis", "?kreis=Hof"])
def test_a_wrong_value_is_named(client: Client, address: str) -> None:
    answer = client.ask(f"/karte{address}")
    assert answer.status_code == 400 and address.rpartition("=")[2] in answer.text


def test_a_tile_adds_its_county_to_the_comparison(client: Client) -> None:
    links = Structure(client.ask("/karte?vergleich=12071,03357").text).links
    assert {f"/vergleich?kreis=12071,03357,{ags}" for ags in (LEER, "01001")} <= set(links)
    assert f"/vergleich?kreis={LEER}" in Structure(client.ask("/karte?vergleich=").text).links
    assert '"><b>' not in client.ask("/karte?vergleich=%22%3E%3Cb%3E").text


def test_the_table_to_take_along_says_what_the_page_says(client: Client) -> None:
    page = client.ask("/karte?farbe=ziele&feld=F03").text
    text = client.ask("/karte.csv?farbe=ziele&feld=F03").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    listed = {ags: (unescape(label), unescape(words)) for ags, label, words in _LISTED.findall(page)}
    assert {row[0]: (row[1], row[3]) for row in rows if row and row[0] in listed} == listed
    assert client.ask("/karte.xlsx").content[:2] == b"PK"


def _sides(tile: tiles.Tile) -> list[tuple[int, int]]:
    """The six places around a tile, by column and row."""
    shift = tile.row % 2
    near = ((-1, 0), (1, 0), (shift - 1, -1), (shift, -1), (shift - 1, 1), (shift, 1))
    return [(tile.column + column, tile.row + row) for column, row in near]


def _tiles(site: Site) -> list[tiles.Tile]:
    numbers = [(int(row["column"].value), int(row["row"].value)) for row in site.select(germany.DISTRICTS)]
    groups = [row["state"].value for row in site.select(germany.DISTRICTS)]
    return [tiles.Tile(*place, group) for place, group in zip(numbers, groups, strict=True)]


def test_each_border_between_states_is_drawn_once(site: Site) -> None:
    everyone = _tiles(site)
    group = {(tile.column, tile.row): tile.group for tile in everyone}
    open_sides = [(tile.group, group.get(side)) for tile in everyone for side in _sides(tile)]
    outer = sum(other is None for _, other in open_sides)
    inner = sum(other not in (None, own) for own, other in open_sides) // 2
    moves = re.findall(r"-?\d+[ -]\d+|-?\d+-\d+", tiles.outlines(everyone))
    starts = tiles.outlines(everyone).count("M")
    assert len(moves) - starts == outer + inner


def test_two_tiles_give_an_outline_of_ten_sides_or_one_with_a_border() -> None:
    one, other = tiles.Tile(0, 0, "a"), tiles.Tile(1, 0, "a")
    assert tiles.outlines([one, other]).count("M") == 1
    apart = tiles.outlines([one, tiles.Tile(1, 0, "b")])
    assert len(re.findall(r"-?\d+[ -]-?\d+", apart)) - apart.count("M") == 11


@pytest.mark.parametrize("language", ["de", "en"])
def test_no_name_of_a_state_covers_another_or_a_mark(site: Site, language: str) -> None:
    everyone = _tiles(site)
    names = {tile.group: site.label(tile.group, language).value for tile in everyone}
    placed = tiles.captions(everyone, names)
    assert {caption.group for caption in placed} == set(names) and len(placed) == 16
    for number, one in enumerate(placed):
        for other in placed[number + 1 :]:
            room = (len(names[one.group]) + len(names[other.group])) * 8 / 2
            assert abs(one.y - other.y) >= 16 or abs(one.x - other.x) >= room
        assert all(abs(one.y - tile.middle[1]) >= 16 for tile in everyone)
