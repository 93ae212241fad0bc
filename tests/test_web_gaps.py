"""The gap view: which silence it is, every number read back from the query it links to, examples with their proof."""

import csv
import io
import re
from collections import Counter
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
import rdflib
from web_client import Client, Structure

from publisher.views import topics
from publisher.views.columns import by_key, with_lists
from publisher.views.gaps import EXAMPLES, MOST, Gaps, Point, Request, gaps
from publisher.views.site import Site
from publisher.web.app import create_app

SPREE_NEISSE, ROTENBURG, GERMERSHEIM, LEER, DAHME_SPREEWALD = "12071", "03357", "07334", "03457", "12061"
ODER_SPREE = "12067"
FIVE = (SPREE_NEISSE, ROTENBURG, GERMERSHEIM, LEER, DAHME_SPREEWALD)

STATES = {
    (SPREE_NEISSE, "F01"): "addressed",
    (SPREE_NEISSE, "F08"): "open",
    (SPREE_NEISSE, "F02.1"): "open",
    (ROTENBURG, "F15"): "open",
    (GERMERSHEIM, "F11"): "open",
    (DAHME_SPREEWALD, "F03"): "silent",
    (LEER, "F09"): "addressed",
    (LEER, "F15"): "service_page",
    (ODER_SPREE, "F01"): "not_covered",
}
PAGES = {
    "/luecken": "Schreiben Sie oben, aus wessen Sicht Sie fragen",
    "/luecken?kreis=12071&mit=03357,07334": "Spree-Neiße: offen: Quelle ist nur Kurzfassung",
    "/luecken?kreis=12061&mit=03357": "Dahme-Spreewald: steht nicht im Dokument (Volltext)",
    "/luecken?kreis=03457&mit=03357": "Leer: kein Konzept, nicht auf der Serviceseite",
    "/luecken?kreis=12067&mit=03357": "Zu Oder-Spree ist noch kein Dokument ausgewertet. Darum lässt sich nicht sagen",
    "/luecken?kreis=12071&mit=12067": "Oder-Spree (noch nicht erfasst)",
    "/luecken?kreis=12071": "Dahme-Spreewald (Nachbarkreis, Volltext)",
    "/luecken?kreis=12071&zeilen=zielgruppen": "Frauen",
    "/luecken?kreis=12071&zeilen=akteure": "Kirchen",
    "/luecken?kreis=12071&zeilen=gruende": "Herkunft",
    "/luecken?kreis=12071&mit=Karlsruhe": "„Karlsruhe“ kann mehrere Kreise meinen oder keinen",
    "/luecken?kreis=Karlsruhe": "Welcher Kreis ist mit „Karlsruhe“ gemeint?",
    "/luecken?kreis=12071&mit=03357,07334,03457,12061,01001,01002": "Nicht gezeigt: Kiel",
}
OTHERS = ((SPREE_NEISSE, (ROTENBURG, GERMERSHEIM)), (LEER, (ROTENBURG, ODER_SPREE)), (DAHME_SPREEWALD, FIVE[:4]))


@pytest.fixture(scope="module")
def client(site: Site) -> Client:
    return Client(create_app(site))


def every(found: Gaps) -> list[Point]:
    """All topics with their narrower ones."""
    return [point for top in found.points for point in (top, *top.below)]


def queries(page: str) -> list[str]:
    """The texts of the queries that the foot of the page links, in their order."""
    foot = page[page.index('<aside class="queries"') :]
    links = [link for link in Structure(foot).links if link.startswith("/sparql?query=")]
    return [parse_qs(urlsplit(link).query)["query"][0] for link in links]


@pytest.mark.parametrize(("path", "words"), PAGES.items())
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_page_says_what_it_must(client: Client, path: str, words: str, prefix: str) -> None:
    answer = client.ask(prefix + path)
    page = Structure(answer.text)
    assert answer.status_code == 200
    assert prefix or words in " ".join(page.text.split())
    assert page.tags.count("h1") == 1 and len(page.ids) == len(set(page.ids))
    assert " style=" not in answer.text and "<script" not in answer.text


@pytest.mark.parametrize(("place", "state"), STATES.items(), ids=lambda value: "-".join(value) if value else None)
def test_a_gap_says_which_kind_of_silence_it_is(site: Site, place: tuple[str, str], state: str) -> None:
    own, notation = place
    found = gaps(site, Request(own, FIVE))
    assert next(point.state for point in every(found) if point.topic.notation == notation) == state


@pytest.mark.parametrize("dimension", topics.DIMENSIONS, ids=lambda dimension: dimension.key)
@pytest.mark.parametrize(("own", "others"), OTHERS, ids=[own for own, _ in OTHERS])
def test_every_number_is_a_row_of_the_query_it_links_to(
    client: Client, site: Site, own: str, others: tuple[str, ...], dimension: topics.Dimension
) -> None:
    page = client.ask(f"/luecken?kreis={own}&mit={','.join(others)}&zeilen={dimension.key}").text
    cells, spread, *_ = (site.dataset.select(query) for query in queries(page))
    counts: Counter[tuple[str, str]] = Counter()
    for row in cells:
        counts[row["county"].value[-5:], row["topic"].value] += int(row["texts"].value)
    counties = {row["topic"].value: int(row["counties"].value) for row in spread}
    found = gaps(site, Request(own, others, dimension))
    for point in every(found):
        assert point.texts == counts[own, point.topic.iri]
        assert [(voice.column.ags, voice.texts) for voice in point.voices] == [
            (ags, counts[ags, point.topic.iri]) for ags in others if counts[ags, point.topic.iri]
        ]
        assert point.spread == counties.get(point.topic.iri, 0)
    standing = Counter(
        (bool(counts[own, topic.iri]), any(counts[ags, topic.iri] for ags in others))
        for topic in topics.topics(site, dimension)
    )
    shown = [int(number) for number in re.findall(r"<dd>(\d+)</dd>", page)]
    assert shown == [standing[False, True], standing[True, False], standing[True, True], standing[False, False]]


def test_the_spread_counts_all_counties_in_the_data(site: Site) -> None:
    found = gaps(site, Request(SPREE_NEISSE, (ROTENBURG,)))
    assert found.recorded == len(by_key(site)) == 5
    language = next(point for point in found.points if point.topic.notation == "F01")
    assert language.spread == 4, "the service page of Leer says nothing on language"


@pytest.mark.parametrize(("own", "others"), OTHERS, ids=[own for own, _ in OTHERS])
def test_examples_are_quoted_from_those_who_speak(site: Site, own: str, others: tuple[str, ...]) -> None:
    found = gaps(site, Request(own, others))
    cells = site.select("pages/topic_texts", county=None, topic=tuple(point.topic.iri for point in every(found)))
    held = {(row["topic"].value, row["element"].value) for row in cells}
    told = [point for point in every(found) if point.examples]
    assert told
    for point in every(found):
        assert len(point.examples) <= EXAMPLES
        speaking = {own} if point.texts else {voice.column.ags for voice in point.voices}
        for text in point.examples:
            assert text.quotations and (point.topic.iri, text.iri) in held
            assert text.county[-5:] in speaking and f"/kreis/{text.county[-5:]}/" in text.quotations[0].document
    for point in found.standing("missing"):
        assert len({text.county for text in point.examples}) == min(EXAMPLES, len(point.voices))


def test_what_rotenburg_says_on_education_and_spree_neisse_does_not(client: Client, site: Site) -> None:
    found = gaps(site, Request(SPREE_NEISSE, (ROTENBURG,)))
    education = next(point for point in found.finer("missing") if point.topic.notation == "F02")
    assert {point.topic.notation for point in education.narrower("missing")} == {"F02.1", "F02.2", "F02.4"}
    page = " ".join(Structure(client.ask("/luecken?kreis=12071&mit=03357").text).text.split())
    assert "Beratungsgespräche zur Bedeutung des Kita-Besuchs" in page
    assert "Eingewanderte werden in ihrer Elternrolle gestärkt." in page


@pytest.mark.parametrize("own", FIVE)
def test_the_page_says_of_each_list_what_the_source_shows(client: Client, site: Site, own: str) -> None:
    page = client.ask(f"/luecken?kreis={own}").text
    section = page[page.index('class="own-source"') : page.index('aria-labelledby="fehlt"')]
    text = " ".join(Structure(section).text.split())
    (column,) = with_lists(site, (by_key(site)[own],))
    assert len(column.lists) == 6
    for entry in column.lists:
        assert f"{site.label(entry.kind, 'de')}{site.label(entry.extent, 'de')}. {entry.note}" in text


def test_what_is_not_known_about_germersheim_is_said_with_the_reason(client: Client) -> None:
    page = " ".join(Structure(client.ask("/luecken?kreis=07334").text).text.split())
    assert "Ankündigung. Der Text berichtet von einem laufenden oder geplanten Konzept" in page
    assert "Nach der Quelle wurden 2023 Wirkungsziele festgelegt; keines davon ist genannt." in page
    assert "Konflikte, Sicherheit und Prävention Germersheim: offen: Quelle ist nur Ankündigung" in page


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        (SPREE_NEISSE, [(DAHME_SPREEWALD, "neighbour"), (LEER, "other"), (ROTENBURG, "other")]),
        (LEER, [(ROTENBURG, "state"), (DAHME_SPREEWALD, "other"), (SPREE_NEISSE, "other")]),
        (ODER_SPREE, [(DAHME_SPREEWALD, "neighbour"), (SPREE_NEISSE, "neighbour"), (LEER, "other")]),
    ],
)
def test_without_a_choice_neighbours_come_first_then_the_same_state(
    site: Site, own: str, expected: list[tuple[str, str]]
) -> None:
    assert [(other.column.ags, other.why) for other in gaps(site, Request(own)).others] == expected


def test_one_is_never_held_against_oneself_nor_against_more_than_fit(site: Site) -> None:
    found = gaps(site, Request(SPREE_NEISSE, (*FIVE, "01001", "01002")))
    assert SPREE_NEISSE not in {other.column.ags for other in found.others}
    assert len(found.others) == MOST and [column.ags for column in found.dropped] == ["01002"]


@pytest.mark.parametrize(
    ("written", "short"),
    [
        ("kreis=Landkreis+Leer&mit=03357&mit=07334&mit=", "kreis=03457&mit=03357,07334"),
        ("kreis=12071&mit=Germersheim&zeilen=akteure", "kreis=12071&mit=07334&zeilen=akteure"),
        ("kreis=12071,03357", "kreis=12071&mit=03357"),
    ],
)
def test_names_lead_to_a_short_address_with_keys(client: Client, written: str, short: str) -> None:
    answer = client.ask(f"/luecken?{written}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/luecken?{short}")
    assert client.ask(answer.headers["location"]).status_code == 200


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("/luecken?kreis=99999", "99999"),
        ("/luecken?kreis=12071&mit=99999", "99999"),
        ("/luecken?kreis=12071&zeilen=dokumente", "dokumente"),
        ("/luecken.csv?kreis=99999", "99999"),
    ],
)
def test_a_wrong_value_is_named(client: Client, path: str, named: str) -> None:
    answer = client.ask(path)
    assert answer.status_code == 400 and named in answer.text and "Möglich ist" in answer.text


def test_the_workbook_says_what_the_page_says(client: Client, site: Site) -> None:
    address = "kreis=12071&mit=03357,12067"
    answer = client.ask(f"/luecken.xlsx?{address}")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["Lücken", "Alle Texte", "Quelle und Hinweise"]
    sheet = book["Lücken"]
    assert sheet.freeze_panes == "C3" and sheet.page_setup.orientation == "landscape"
    rows = {row[0]: row for row in sheet.iter_rows(min_row=3, values_only=True) if row[0] and row[1]}
    found = gaps(site, Request(SPREE_NEISSE, (ROTENBURG, ODER_SPREE)))
    words = {"missing": "nur andere", "only": "nur eigener", "shared": "eigener und andere", "nobody": "niemand"}
    assert len(rows) == len(every(found))
    for point in every(found):
        row = rows[point.topic.notation]
        assert row[2] == words[point.standing]
        assert (
            str(row[3]).startswith(f"{point.texts} Text") if point.texts else row[3] == "offen: Quelle ist nur ein Teil"
        )
        assert str(row[4]).startswith(f"{point.voices[0].texts} Text") if point.voices else row[4] == "–"
        assert row[5:] == ("noch nicht erfasst", point.spread, found.recorded)
    assert any(str(cell.value).endswith(f"/luecken?{address}") for cell in book.worksheets[-1]["B"])


def test_the_texts_that_only_one_side_has_come_as_csv_and_as_rdf(client: Client, site: Site) -> None:
    address = "kreis=12071&mit=03357"
    text = client.ask(f"/luecken.csv?{address}&tabelle=2").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    found = gaps(site, Request(SPREE_NEISSE, (ROTENBURG,)))
    one_sided = {
        ROTENBURG: [
            *found.standing("missing"),
            *(low for p in found.finer("missing") for low in p.narrower("missing")),
        ],
        SPREE_NEISSE: [*found.standing("only"), *(low for p in found.finer("only") for low in p.narrower("only"))],
    }
    for ags, points in one_sided.items():
        concepts = {iri for point in points for iri in point.topic.concepts}
        held = site.select("pages/topic_texts", county=(site.id(f"kreis/{ags}"),), topic=tuple(concepts))
        listed = {row["Dauerhafte Adresse"] for row in rows if row["Schlüssel"] == ags}
        assert listed == {row["element"].value for row in held} and listed
    graph = rdflib.Graph().parse(data=client.ask(f"/luecken.jsonld?{address}").text, format="json-ld")
    assert {row["Dauerhafte Adresse"] for row in rows} <= {str(subject) for subject in graph.subjects()}


def test_a_gap_leads_to_the_texts_side_by_side(client: Client) -> None:
    links = Structure(client.ask("/luecken?kreis=12071&mit=03357,07334").text).links
    targets = [link for link in links if link.startswith("/gegenueber?kreis=12071,03357,07334&feld=")]
    assert len(targets) >= 16
    assert all(client.ask(target).status_code == 200 for target in targets[:6])
