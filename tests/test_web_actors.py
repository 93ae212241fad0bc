"""The pages about actors: whom documents name, what kind of silence it is, tasks side by side, what to take along."""

from collections import Counter
from collections.abc import Iterable

import pytest
from web_client import Client, Structure, linked_queries

from publisher.graph.store import Row
from publisher.views import actor_list, actors
from publisher.views.actor_kinds import classes, flat, key_of
from publisher.views.site import Site
from publisher.web.app import create_app

SPREE_NEISSE, ROTENBURG, GERMERSHEIM, LEER, DAHME_SPREEWALD = "12071", "03357", "07334", "03457", "12061"
ODER_SPREE = "12067"
OFFICE = "03457/amt-koordinierungsstelle-migration-und-teilhabe"
FIVE = (SPREE_NEISSE, ROTENBURG, GERMERSHEIM, LEER, DAHME_SPREEWALD)

CELLS: dict[tuple[str, str], tuple[str, set[str]]] = {
    ("stelle", LEER): ("named", {"Integrationsbeauftragte"}),
    ("amt", ROTENBURG): ("named", {"Koordinierungsstelle Migration und Teilhabe"}),
    ("organisation", SPREE_NEISSE): ("named", {"RAA Cottbus"}),
    ("SteeringGroup", GERMERSHEIM): ("named", {"Steuerungsgruppe"}),
    ("programm", LEER): ("named", {"Integrationslotsen"}),
    ("Clubs", LEER): ("named", {"Vereinen"}),
    ("stelle", DAHME_SPREEWALD): ("silent", set()),
    ("stelle", ROTENBURG): ("part", set()),
    ("programm", SPREE_NEISSE): ("part", set()),
    ("organisation", LEER): ("no_concept", set()),
    ("stelle", ODER_SPREE): ("not_covered", set()),
    ("Clubs", ODER_SPREE): ("not_covered", set()),
}
PAGES = {
    "/akteure": "Keines dieser Dokumente nennt: ",
    "/akteure?kreis=12061": "nicht genannt Volltext",
    "/akteure?kreis=03357": "nicht genannt Auszug",
    "/akteure?kreis=12071": "nicht genannt Kurzfassung",
    "/akteure?kreis=03457": "nicht genannt Serviceseite",
    "/akteure?kreis=12067": "noch nicht erfasst",
    "/akteure?kreis=03457,07334": "Migrationserstberatungsdienste (AWO)",
    "/akteure?kreis=Quastenflosser": "Kein Kreis heißt „Quastenflosser“",
    "/akteure?art=stelle": "Sie kommen in den Dokumenten von 3 der 5 erfassten Landkreise vor",
    "/akteure?art=SteeringGroup": "Ein Gremium, das den Prozess lenkt",
    "/akteure?art=stelle&kreis=12061": "nicht genannt Volltext",
    "/akteure?art=CoreGroup": "Kein Dokument nennt sie",
    "/akteure?art=Clubs": "Vereinen",
    "/akteure/aufgaben": "Noch kein Landkreis gewählt",
    "/akteure/aufgaben?kreis=03457": "Bündelung, Koordination und Organisation kommunaler Integrationsaufgaben",
    "/akteure/aufgaben?kreis=07334": "Mitglieder",
    "/akteure/aufgaben?kreis=12071,12061": "liegt im Volltext vor und schreibt niemandem solche Aufgaben",
    "/akteure/aufgaben?kreis=12071,12067": "Sie zeigt aber nur einen Teil",
    "/akteure/aufgaben?kreis=12067": "Noch nicht erfasst: Zu diesem Landkreis",
    "/akteure/aufgaben?kreis=03457&art=gremium": "auch sie schreibt niemandem solche Aufgaben",
    "/akteure/aufgaben?kreis=03357": "Zuständig für",
    "/akteure/aufgaben?kreis=03457,07334,12071,12061,03357": "Nicht gezeigt: Rotenburg (Wümme)",
    "/doc/kreis/03457/stelle-integrationsbeauftragte.html": "Solche Akteure in allen Landkreisen",
    "/doc/kreis/03457.html": "Wer koordiniert, und mit welchen Aufgaben?",
}
WRONG = {
    "/akteure?art=fisch": "stelle, amt, verwaltung, gremium, ",
    "/akteure?kreis=99999": "12061 (Dahme-Spreewald)",
    "/akteure?art=stelle&land=99": "03, 07",
    "/akteure?art=stelle&seite=2": "1–1",
    "/akteure?art=stelle&seite=eins": "1, 2, 3",
    "/akteure?art=stelle&seite=0": "1–1",
    "/akteure/aufgaben?kreis=03457&art=Clubs": "programm",
    "/akteure/aufgaben?kreis=03457&feld=F99": "F01, F02",
    "/akteure/aufgaben?kreis=03457&ordnung=name": "feld, akteur",
    "/akteure/aufgaben?kreis=03457&seite=9": "1",
    "/akteure/aufgaben.csv?kreis=03457&tabelle=3": "1, 2",
}


@pytest.fixture(scope="module")
def client(site: Site) -> Client:
    return Client(create_app(site))


@pytest.fixture(scope="module")
def whole(site: Site) -> actors.Overview:
    return actors.overview(site, (*FIVE, ODER_SPREE))


@pytest.mark.parametrize(("place", "expected"), CELLS.items())
def test_a_cell_names_actors_or_says_which_silence_it_is(
    whole: actors.Overview, place: tuple[str, str], expected: tuple[str, set[str]]
) -> None:
    line = next(line for line in whole.lines if line.kind.key == place[0])
    cell = next(cell for cell in line.cells if cell.column.ags == place[1])
    assert (cell.state, {entry.label.value for entry in cell.entries}) == expected


@pytest.mark.parametrize(("path", "words"), PAGES.items())
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_page_says_what_it_must(client: Client, path: str, words: str, prefix: str) -> None:
    answer = client.ask(prefix + path)
    page = Structure(answer.text)
    assert answer.status_code == 200
    assert prefix or words in " ".join(page.text.split())
    assert page.tags.count("h1") == 1 and len(page.ids) == len(set(page.ids))
    assert " style=" not in answer.text and "<script" not in answer.text


@pytest.mark.parametrize(("path", "allowed"), WRONG.items())
def test_a_wrong_value_is_answered_with_those_allowed(client: Client, path: str, allowed: str) -> None:
    answer = client.ask(path)
    assert answer.status_code == 400
    assert f"Möglich ist: {allowed}" in answer.text or allowed in answer.text.partition("Möglich ist")[2]


@pytest.mark.parametrize(
    ("written", "short"),
    [
        ("/akteure?kreis=12071&kreis=Leer&kreis=", "/akteure?kreis=12071,03457"),
        ("/akteure?art=stelle&kreis=Landkreis+Leer", "/akteure?art=stelle&kreis=03457"),
        ("/akteure/aufgaben?kreis=Leer&art=stelle&feld=", "/akteure/aufgaben?kreis=03457&art=stelle"),
    ],
)
def test_names_lead_to_a_short_address_with_keys(client: Client, written: str, short: str) -> None:
    answer = client.ask(written)
    assert (answer.status_code, answer.headers["location"]) == (303, short)
    assert client.ask(short).status_code == 200


def every_row(site: Site, texts: Iterable[str]) -> list[Row]:
    """The rows of all queries, run as a visitor would."""
    return [row for text in texts for row in site.dataset.select(text)]


def test_every_name_of_the_matrix_is_a_row_and_every_row_a_name(client: Client, site: Site) -> None:
    page = client.ask(f"/akteure?kreis={','.join(FIVE)}").text
    texts = linked_queries(page, "?actor", "?home") + linked_queries(page, "?wording")
    shown = actors.overview(site, FIVE)
    found = {
        (cell.column.iri, line.kind.iri, thing)
        for line in shown.lines
        for cell in line.cells
        for entry in cell.entries
        for thing in entry.things
    }
    rows = {
        (row["county"].value, row["kind"].value, (row.get("actor") or row["text"]).value)
        for row in every_row(site, texts)
    }
    assert found == rows
    links = set(Structure(page).links)
    assert all(any(link.startswith(f"/doc/{thing.removeprefix(site.id(''))}.") for link in links) for *_, thing in rows)


def test_totals_of_all_counties_are_rows_of_their_queries(
    client: Client, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More counties than fit, none chosen: the page shows totals and asks to choose."""
    monkeypatch.setattr(actors, "MOST", 4)
    page = client.ask("/akteure").text
    rows = every_row(site, linked_queries(page, "?counties", "?entries"))
    numbers = {row["kind"].value: (int(row["counties"].value), int(row["entries"].value)) for row in rows}
    shown = actors.overview(site, ())
    assert not shown.chosen.columns
    assert {total.kind.iri: (total.counties, total.entries) for total in shown.totals} == numbers
    text = " ".join(Structure(page).text.split())
    assert "Stellen 3 4" in text and "Steuerungsgruppe 2 2" in text
    assert all(total.counties for total in shown.totals)


def test_totals_count_what_the_matrix_names(
    site: Site, monkeypatch: pytest.MonkeyPatch, whole: actors.Overview
) -> None:
    monkeypatch.setattr(actors, "MOST", 4)
    totals = {total.kind.key: total for total in actors.overview(site, ()).totals}
    for line in whole.lines:
        things = {(cell.column.ags, thing) for cell in line.cells for entry in cell.entries for thing in entry.things}
        total = totals.get(line.kind.key)
        assert (
            (total.counties, total.entries) == (len({ags for ags, _ in things}), len(things)) if total else not things
        )


def test_a_list_holds_the_counties_that_name_such_actors(site: Site) -> None:
    for kind in flat(site):
        found = actor_list.kind_list(site, actor_list.Request(kind.key), "de")
        assert all(row.cell.entries for row in found.rows), kind.key
        assert found.fitting == len(found.rows) == found.found


def test_pages_of_a_list_hold_every_county_once(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actor_list, "PER_PAGE", 2)
    first = Structure(client.ask("/akteure?art=verwaltung").text)
    assert "/akteure?seite=3&art=verwaltung" in first.links
    seen = Counter(
        link
        for number in (1, 2, 3)
        for link in Structure(client.ask(f"/akteure?art=verwaltung&seite={number}").text).links
        if link.startswith("/doc/kreis/") and "/" not in link.removeprefix("/doc/kreis/")
    )
    assert seen == Counter(f"/doc/kreis/{ags}.html" for ags in FIVE)
    assert client.ask("/akteure?art=verwaltung&seite=4").status_code == 400


def test_a_list_can_be_narrowed_to_a_state(site: Site) -> None:
    found = actor_list.kind_list(site, actor_list.Request("verwaltung", state="12"), "de")
    assert {row.column.ags for row in found.rows} == {SPREE_NEISSE, DAHME_SPREEWALD}
    assert dict(found.states).keys() == {"03", "07", "12"}


def test_who_coordinates_in_leer_is_three_steps_away(client: Client) -> None:
    start = Structure(client.ask("/").text)
    assert "/akteure" in start.links
    tasks = f"/akteure/aufgaben?kreis={LEER}"
    assert tasks in Structure(client.ask("/akteure").text).links
    assert tasks in Structure(client.ask(f"/doc/kreis/{LEER}.html").text).links
    text = " ".join(Structure(client.ask(tasks).text).text.split())
    assert text.index("Integrationsbeauftragte Stelle") < text.index("Koordinierungsstelle Migration und Teilhabe Amt")


def test_pages_of_actors_lead_to_such_actors(client: Client, site: Site) -> None:
    page = Structure(client.ask("/doc/kreis/07334/gremium-steuerungsgruppe.html").text)
    assert {"/akteure?art=gremium", "/akteure/aufgaben?kreis=07334&art=gremium"} <= set(page.links)
    assert "/akteure?art=" not in client.ask("/doc/kreis/07334/2/aufgabe-01.html").text.partition("<main")[2]
    assert [key_of(site, kind.iri) for kind in classes(site)] == [kind.key for kind in classes(site)]
