"""The pages of several versions read back: the chain, the notices, the comparison of two, what can be taken away."""

import csv
import io
import json
import re
from collections import Counter
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from web_client import Client, Structure

from publisher.views.site import Site
from publisher.web.app import create_app
from publisher.web.pages_versions import KINDS

pytest_plugins = ["versions_fixtures"]
FIRST, SECOND = "/fassungen?alt=12071/1&neu=12071/2", "/fassungen?alt=12071/2&neu=12071/3"


@pytest.fixture(scope="module")
def client(revised_site: Site) -> Client:
    """A visitor of the site in which Spree-Neiße has three versions."""
    return Client(create_app(revised_site))


class Comparison(HTMLParser):
    """A page of the comparison as a reader takes it in: numbers by kind and change, and the rows under each heading."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.head: list[str] = []
        self.numbers: dict[tuple[str, str], str] = {}
        self.rows: dict[str, list[str]] = {}
        self.marks: dict[str, list[str]] = {"ins": [], "del": []}
        self._place: list[tuple[str, dict[str, str | None]]] = []
        self._line: list[str] = []
        self._text = ""
        self._anchor = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in ("th", "td", "ins", "del"):
            self._text = ""
        if tag == "tr":
            self._line = []
        if tag in ("h3", "details") and values.get("id"):
            self._anchor = str(values["id"])
        if tag == "li" and values.get("class") == "rev":
            self.rows.setdefault(self._anchor, []).append("")
        self._place.append((tag, values))

    def handle_data(self, data: str) -> None:
        if any(values.get("class") == "sr-only" for _, values in self._place):
            return
        self._text += data
        if self._anchor in self.rows:
            self.rows[self._anchor][-1] += data

    def handle_endtag(self, tag: str) -> None:
        while self._place and self._place.pop()[0] != tag:
            pass
        if tag in ("th", "td"):
            self._line.append(" ".join(self._text.split()))
        if tag in ("ins", "del"):
            self.marks[tag].append(self._text)
        if tag == "tr" and self._line[:1] == ["Änderung"]:
            self.head = self._line[1:]
        elif tag == "tr":
            self.numbers |= {(self._line[0], kind): cell for kind, cell in zip(self.head, self._line[1:], strict=False)}


def read(client: Client, path: str) -> Comparison:
    """The comparison at ``path``."""
    answer = client.ask(path)
    assert answer.status_code == 200
    return Comparison(answer.text)


def words(client: Client, path: str) -> str:
    """The text of the page, white space folded."""
    answer = client.ask(path)
    assert answer.status_code == 200, path
    return " ".join(Structure(answer.text).text.split())


def test_the_numbers_of_the_first_comparison(client: Client) -> None:
    page = read(client, FIRST)
    goals = {name: number for (name, kind), number in page.numbers.items() if kind == "Ziele"}
    assert goals == {
        "Texte in der bisherigen Fassung": "17",
        "Texte in der neuen Fassung": "18",
        "umformuliert": "4",
        "umformuliert und verschoben": "1",
        "verschoben": "1",
        "ohne Namen in einer Quelle": "0",
        "hinzugekommen": "–",
        "nur in der neuen Quelle": "3",
        "entfallen": "2",
        "nur in der bisherigen Quelle": "–",
        "unverändert": "9",
    }


@pytest.mark.parametrize("path", [FIRST, SECOND])
def test_every_number_is_the_number_of_its_rows(client: Client, path: str) -> None:
    page = read(client, path)
    told = Counter(
        {(name, kind): int(number) for (name, kind), number in page.numbers.items() if number.isdigit() and int(number)}
    )
    totals = {key: told.pop(key) for key in list(told) if key[0].startswith("Texte in")}
    by_heading = {len(rows) for rows in page.rows.values()}
    assert sorted(told.values()) == sorted(len(rows) for rows in page.rows.values()) and by_heading
    for kind in page.head:
        turned = told["jetzt von anderer Art", kind]
        both = sum(
            told[name, kind] for name in ("unverändert", "umformuliert", "verschoben", "umformuliert und verschoben")
        )
        gone = told["entfallen", kind] + told["nur in der bisherigen Quelle", kind]
        come = told["hinzugekommen", kind] + told["nur in der neuen Quelle", kind]
        unnamed = told["ohne Namen in einer Quelle", kind]
        old, new = (totals.get((f"Texte in der {which} Fassung", kind), 0) for which in ("bisherigen", "neuen"))
        assert 0 <= old - both - gone <= unnamed + turned and 0 <= new - both - come <= unnamed + turned


def test_the_totals_are_rows_of_the_query_the_page_links_to(client: Client, revised_site: Site) -> None:
    page = read(client, FIRST)
    links = [link for link in Structure(client.ask(FIRST).text).links if link.startswith("/sparql?query=")]
    queries = [parse_qs(urlsplit(link).query)["query"][0] for link in links]
    texts = next(query for query in queries if "?wording" in query)
    assert "<https://w3id.org/kreisgraph/id/kreis/12071/1> <https://w3id.org/kreisgraph/id/kreis/12071/2>" in texts
    found = {
        (row["version"].value[-1], row["kind"].value, row["text"].value) for row in revised_site.dataset.select(texts)
    }
    counted = Counter((version, kind.rpartition("#")[2]) for version, kind, _ in found)
    names = dict(zip(KINDS, page.head, strict=False)) | {"ziele": "Ziele", "leitlinien": "Leitlinien"}
    for key in ("ziele", "leitlinien"):
        assert page.numbers["Texte in der bisherigen Fassung", names[key]] == str(counted["1", KINDS[key]])
        assert page.numbers["Texte in der neuen Fassung", names[key]] == str(counted["2", KINDS[key]])


def test_what_was_dropped_added_reworded_and_moved(client: Client) -> None:
    page = read(client, FIRST)
    assert ["Vielfalt erleben" in row for row in page.rows["leitlinien-entfallen"]] == [True]
    assert ["wachsen gleichberechtigt auf" in row for row in page.rows["leitlinien-hinzugekommen"]] == [True]
    (moved,) = page.rows["ziele-verschoben"]
    assert "Stärkung der Akzeptanz in den sozialen Wohnumfeldern" in moved
    assert re.search(r"bisher\s+Handlungsfeld 4 \(in der Quelle nicht benannt\)\s+→\s+jetzt\s+Zusammenleben", moved)
    assert "angehen" in page.marks["del"] and "früh erkennen" in page.marks["ins"]
    (both,) = page.rows["ziele-umformuliert-verschoben"]
    assert "interkulturellen" in both and "Zusammenleben" in both
    assert len(page.rows["ziele-unveraendert"]) == 9


def test_the_marks_are_said_to_those_who_do_not_see_them(client: Client) -> None:
    hidden = '<span class="sr-only" lang="{}">{}</span>'.format
    german, english = client.ask(FIRST).text, client.ask("/en" + FIRST).text
    assert f"<del>{hidden('de', '[gestrichen: ')}angehen{hidden('de', ' Ende]')}</del>" in german
    assert f"<ins>{hidden('en', '[new: ')}früh erkennen{hidden('en', ' end]')}</ins>" in english
    assert '<blockquote lang="de"' in english


def test_every_text_has_its_line_in_its_document(client: Client) -> None:
    structure = Structure(client.ask(FIRST).text)
    lines = {link for link in structure.links if "quelle.html#z" in link}
    pages = {path: Structure(client.ask(path).text).ids for path in {link.partition("#")[0] for link in lines}}
    assert set(pages) == {"/doc/kreis/12071/1/quelle.html", "/doc/kreis/12071/2/quelle.html"}
    assert all(link.partition("#")[2] in pages[link.partition("#")[0]] for link in lines)
    assert len(lines) > 40


def test_an_excerpt_drops_nothing(client: Client) -> None:
    page = read(client, SECOND)
    assert {page.numbers["entfallen", kind] for kind in page.head} == {"–"}
    assert len(page.rows["ziele-nur-bisher"]) == 16 and "ziele-entfallen" not in page.rows
    text = words(client, SECOND)
    assert "Nicht in der Quelle der neuen Fassung; sie zeigt nur einen Auszug." in text
    assert "Nicht in der Quelle der neuen Fassung; sie enthält keine solche Liste." in text


def test_a_text_of_another_kind_is_neither_added_nor_dropped(client: Client) -> None:
    page = read(client, SECOND)
    assert [len(page.rows[f"{kind}-andere-art"]) for kind in ("empfehlungen", "massnahmen")] == [1, 1]
    assert "mobile Beratung" in page.rows["massnahmen-andere-art"][0]


def test_a_split_goal_is_hinted_at_not_claimed(client: Client) -> None:
    rows = read(client, FIRST).rows["ziele-nur-neu"]
    (hinted,) = [row for row in rows if "vielleicht wurden Texte geteilt" in row]
    assert "Die Vernetzung der Beratung untereinander fördern" in hinted


def test_fields_without_names_are_no_zero(client: Client) -> None:
    page = read(client, FIRST)
    assert page.numbers["ohne Namen in einer Quelle", "Handlungsfelder"] == "9"
    assert page.numbers["hinzugekommen", "Handlungsfelder"] == "–"
    assert any("2 von 3 Texten dieses Feldes" in row for row in page.rows["felder-ohne-namen"])


@pytest.mark.parametrize("path", ["/doc/kreis/12071/konzept.html", "/doc/kreis/12071/1.html", "/doc/kreis/12071.html"])
def test_the_chain_stands_in_the_order_of_time(client: Client, path: str) -> None:
    text = words(client, path).partition("Fassungen im Lauf der Zeit")[2]
    places = [
        text.index(f"Fassung {number} {status}") for number, status in ((1, "abgelöst"), (2, "gültig"), (3, "Entwurf"))
    ]
    assert places == sorted(places)
    assert "Beschluss 12. Mai 2024 (verabschiedet)" in text and "Beschluss nicht angegeben" in text
    links = Structure(client.ask(path).text).links
    assert {FIRST, SECOND} <= set(links)


def test_the_version_of_the_page_is_marked_in_the_chain(client: Client) -> None:
    html = client.ask("/doc/kreis/12071/2.html").text
    assert re.findall(r'<li class="chain-link chain-here" aria-current="true">.*?Fassung (\d)', html, re.DOTALL) == [
        "2"
    ]


NOTICES = {
    "/doc/kreis/12071/1.html": "Abgelöste Fassung Eine spätere Fassung ist an die Stelle dieser Fassung getreten. "
    "Die neuere ist: Erfundener Testtext: Fortschreibung des Integrationskonzeptes",
    "/doc/kreis/12071/1/ziel-01.html": "Abgelöste Fassung Dieser Eintrag gehört zu einer abgelösten Fassung:",
    "/doc/kreis/12071/1/quelle.html": "Abgelöste Fassung",
    "/doc/kreis/12071/1/ziel-01-beleg-1.html": "Abgelöste Fassung",
    "/doc/kreis/12071/3/ziel-01.html": "Noch nicht gültig Diese Fassung ist nach ihrer Quelle: Entwurf. "
    "Im Vergleich der Landkreise zählt: Erfundener Testtext: Fortschreibung",
    "/en/doc/kreis/12071/1.html": "Superseded version",
}


@pytest.mark.parametrize("path", NOTICES)
def test_a_version_not_to_rely_on_says_so_on_all_its_pages(client: Client, path: str) -> None:
    assert NOTICES[path] in words(client, path)


@pytest.mark.parametrize(
    "path", ["/doc/kreis/12071/2.html", "/doc/kreis/12071/2/ziel-01.html", "/doc/kreis/12071.html"]
)
def test_the_version_in_force_has_no_notice(client: Client, path: str) -> None:
    text = words(client, path)
    assert "Abgelöste Fassung" not in text and "Noch nicht gültig" not in text


def test_versions_without_a_source_are_not_compared(client: Client) -> None:
    text = words(client, "/fassungen?alt=07334/1&neu=07334/2")
    assert "Von Fassung 1 liegt keine Quelle vor; sie ist nur durch Erwähnung bekannt." in text
    assert "Überblick" not in text
    chain = words(client, "/doc/kreis/07334/2.html")
    assert "Mit Fassung 1 lässt sich diese nicht vergleichen:" in chain
    assert not [link for link in Structure(client.ask("/doc/kreis/07334/2.html").text).links if "/fassungen" in link]


REDIRECTS = {
    "/fassungen?kreis=12071": SECOND,
    "/fassungen?alt=12071/1": FIRST,
    "/fassungen?neu=12071/2": FIRST,
    "/en/fassungen?neu=12071/2": "/en" + FIRST,
}


@pytest.mark.parametrize("path", REDIRECTS)
def test_the_address_names_both_versions(client: Client, path: str) -> None:
    answer = client.ask(path)
    assert (answer.status_code, answer.headers["location"]) == (303, REDIRECTS[path])


SAID = {
    "/fassungen": "Spree-Neiße 3 Fassungen, alle mit Quelle",
    "/fassungen?kreis=07334": "Diese Fassungen lassen sich nicht vergleichen",
    "/fassungen?kreis=03357": "Von diesem Konzept ist nur eine Fassung bekannt.",
    "/fassungen?alt=12071/1&neu=12071/1": "Zweimal dieselbe Fassung",
    "/fassungen?alt=12071/2&neu=12071/1": "Gegen den Lauf der Zeit",
    "/fassungen?alt=12071/3": "Wählen Sie oben zwei Fassungen.",
    FIRST + "&art=leitlinien": "Alle Arten von Texten zeigen",
}


@pytest.mark.parametrize("path", SAID)
def test_each_choice_is_answered_in_words(client: Client, path: str) -> None:
    assert SAID[path] in words(client, path)


REFUSED = {
    "/fassungen?alt=12071/9": ["12071/9", "12071/1, 12071/2, 12071/3"],
    "/fassungen?alt=12071/1&neu=07334/2": ["07334/2", "12071/1, 12071/2, 12071/3"],
    "/fassungen?kreis=99999": ["99999", "12071/1"],
    "/fassungen?alt=%3Cx%3E/1&neu=%22": ["zum Beispiel"],
    FIRST + "&art=quastenflosser": ["quastenflosser", "ziele"],
    FIRST + "&art=ziele&seite=7": ["7"],
}


@pytest.mark.parametrize("path", REFUSED)
def test_a_wrong_address_is_told_what_is_possible(client: Client, path: str) -> None:
    answer = client.ask(path)
    assert answer.status_code == 400
    text = " ".join(Structure(answer.text).text.split())
    assert all(part in text for part in REFUSED[path])


def test_the_workbook_says_what_the_page_says(client: Client) -> None:
    page = read(client, FIRST)
    book = openpyxl.load_workbook(io.BytesIO(client.ask(FIRST.replace("?", ".xlsx?")).content))
    overview, texts = book.worksheets[0], book.worksheets[1]
    head, *lines = [[cell.value for cell in row] for row in overview.iter_rows()]
    cells = {
        (line[0], kind): line[place]
        for line in lines
        for place, kind in enumerate(head[1:], 1)
        if line[place] is not None
    }
    assert {key: str(value) for key, value in cells.items() if key in page.numbers} == page.numbers
    rows = [[cell.value for cell in row] for row in texts.iter_rows(min_row=2)]
    assert len([row for row in rows if row[1]]) == sum(len(found) for found in page.rows.values())
    (dropped,) = [row for row in rows if row[0] == "Leitlinien" and row[1] == "entfallen"]
    assert dropped[2].startswith("Wir wollen Vielfalt erleben") and not dropped[3]
    assert dropped[5].endswith("Zeile 33") and dropped[7] == "https://w3id.org/kreisgraph/id/kreis/12071/1/leitlinie-04"


def test_csv_and_json_ld_hold_the_texts(client: Client) -> None:
    table = client.ask(FIRST.replace("?", ".csv?") + "&tabelle=2&trenner=komma").text
    rows = list(csv.reader(io.StringIO(table)))
    assert any("Konflikte früh erkennen" in row[3] and row[1] == "umformuliert" for row in rows)
    held = json.loads(client.ask(FIRST.replace("?", ".jsonld?")).content)
    assert "12071/1/leitlinie-04" in json.dumps(held) and "12071/2/ziel-01" in json.dumps(held)
    assert client.ask("/fassungen.xlsx?alt=07334/1&neu=07334/2").status_code == 404
    assert client.ask("/fassungen.xlsx").status_code == 400


@pytest.mark.parametrize("path", ["/fassungen", FIRST, SECOND, "/fassungen?kreis=07334"])
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_pages_stand_in_the_frame(client: Client, path: str, prefix: str) -> None:
    html = client.ask(prefix + path).text
    page = Structure(html)
    assert page.tags.count("h1") == 1 and len(page.ids) == len(set(page.ids))
    assert " style=" not in html and "<script" not in html
    anchors = {link.partition("#")[2] for link in page.links if link.startswith("#") and len(link) > 1}
    assert anchors <= set(page.ids)
