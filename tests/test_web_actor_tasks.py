"""Tasks and offers of actors side by side: aligned by field, narrowed, paged, proved; and the files to take along."""

import csv
import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
import rdflib
from pyoxigraph import NamedNode, Quad
from web_client import Client, Structure, linked_queries

from publisher.core.terms import NS, RDF
from publisher.graph.store import Dataset
from publisher.views import actor_list, actor_side
from publisher.views.site import Site
from publisher.web.app import create_app

SPREE_NEISSE, ROTENBURG, GERMERSHEIM, LEER, DAHME_SPREEWALD = "12071", "03357", "07334", "03457", "12061"
ODER_SPREE = "12067"
FIVE = (SPREE_NEISSE, ROTENBURG, GERMERSHEIM, LEER, DAHME_SPREEWALD)
OFFICE = "03457/amt-koordinierungsstelle-migration-und-teilhabe"


@pytest.fixture(scope="module")
def client(site: Site) -> Client:
    return Client(create_app(site))


def texts_of(side: actor_side.Side) -> list[tuple[str, str]]:
    """Actor and text of everything the bands show."""
    return [(one.actor.iri, one.text.iri) for band in side.bands for cell in band.cells for one in cell.texts]


def test_every_task_and_offer_stands_in_a_band_and_is_a_row(client: Client, site: Site) -> None:
    page = client.ask(f"/akteure/aufgaben?kreis={LEER},{GERMERSHEIM}").text
    (text,) = linked_queries(page, "?actor", "?text", "?words", "?class")[:1]
    found = site.dataset.select(text)
    rows = {(row["actor"].value, row["text"].value) for row in found}
    shown = actor_side.side(site, actor_side.Request((LEER, GERMERSHEIM)))
    assert set(texts_of(shown)) == rows and len(rows) == 18 + 6 + 4 + 1
    assert all(words in page for words in ("Zeile 13</a>", "jährliche Auswahl der Maßnahmen", "/quelle.html#z13"))


@pytest.mark.parametrize("ags", FIVE)
def test_every_text_shown_has_a_quotation_with_document_and_line(site: Site, ags: str) -> None:
    shown = actor_side.side(site, actor_side.Request((ags,), order="akteur"), whole=True)
    assert shown.shares[0].profiles
    for one in shown.shares[0].profiles:
        parts = [part.text for group in one.groups for part in group.parts]
        for text in (*one.texts, *parts):
            assert text.quotations and all(quote.document and quote.line for quote in text.quotations), text.iri
        assert one.named, one.actor.iri


def test_like_stands_beside_like_and_what_is_assigned_to_no_field_below(site: Site) -> None:
    shown = actor_side.side(site, actor_side.Request((LEER, GERMERSHEIM)))
    ranks = [band.rank for band in shown.bands]
    assert ranks == sorted(ranks) and ranks[-1] == 2 and shown.bands[-1].topic is None
    shared = {band.topic.notation for band in shown.bands if band.topic and band.rank == 0}
    assert shared == {"F09", "F09.1", "F09.2"}
    for band in shown.bands:
        for one in (one for cell in band.cells for one in cell.texts):
            concepts = {place.concept for place in one.text.placements}
            assert band.topic.iri in concepts if band.topic else not concepts


FILTERS: list[tuple[dict[str, str], set[str], int]] = [
    ({"kind": "stelle"}, {"stelle-integrationsbeauftragte"}, 10),
    ({"kind": "amt"}, {"amt-koordinierungsstelle-migration-und-teilhabe"}, 8),
    ({"kind": "SteeringGroup"}, {"gremium-steuerungsgruppe"}, 6),
    ({"kind": "programm", "field": "F07"}, {"programm-integrationslotsen"}, 2),
    ({"field": "F07"}, {"stelle-integrationsbeauftragte", "programm-integrationslotsen"}, 3),
    ({"kind": "verwaltung"}, set(), 0),
]


@pytest.mark.parametrize(("asked", "names", "number"), FILTERS)
@pytest.mark.parametrize("order", actor_side.ORDERS)
def test_a_kind_and_a_field_narrow_what_is_shown(
    site: Site, asked: dict[str, str], names: set[str], number: int, order: str
) -> None:
    shown = actor_side.side(site, actor_side.Request((LEER, GERMERSHEIM), order=order, **asked))
    found = {
        (one.actor.iri.rpartition("/")[2], text.iri)
        for share in shown.shares
        for one in share.busy
        for text in one.texts
    }
    assert ({name for name, _ in found}, len(found)) == (names, number)
    if order == "feld":
        assert {text for _, text in texts_of(shown)} == {text for _, text in found}


def test_pages_of_bands_and_of_actors_hold_everything(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    by_field = actor_side.Request((LEER, GERMERSHEIM))
    by_actor = replace(by_field, order="akteur")
    texts = Counter(texts_of(actor_side.side(site, by_field)))
    everyone = sorted(one.actor.iri for one in all_profiles(actor_side.side(site, by_actor, whole=True)))
    monkeypatch.setattr(actor_side, "PER_BANDS", 6)
    monkeypatch.setattr(actor_side, "PER_PAGE", 6)
    assert sum((Counter(texts_of(page)) for page in all_pages(site, by_field)), Counter()) == texts
    assert sorted(one.actor.iri for page in all_pages(site, by_actor) for one in all_profiles(page)) == everyone


def all_pages(site: Site, request: actor_side.Request) -> list[actor_side.Side]:
    """Every page of what ``request`` asks for."""
    pages = actor_side.side(site, request).pages
    assert pages > 3
    return [actor_side.side(site, replace(request, page=number)) for number in range(1, pages + 1)]


def all_profiles(side: actor_side.Side) -> list[Any]:
    """The actors of all counties on this page."""
    return [one for share in side.shares for one in share.profiles]


def test_a_long_field_is_cut_and_says_what_is_left_out(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actor_side, "PER_CELL", 2)
    page = Structure(client.ask(f"/akteure/aufgaben?kreis={LEER},{GERMERSHEIM}").text)
    assert "und 4 weitere Einträge – Leer, Koordination und Netzwerke" in " ".join(page.text.split())
    assert f"/akteure/aufgaben?kreis={LEER}&feld=F09.1" in page.links


def test_members_of_a_body_and_its_bodies_are_told(site: Site) -> None:
    shown = actor_side.side(site, actor_side.Request((GERMERSHEIM,)), whole=True)
    known = {one.actor.iri.rpartition("/")[2]: one for one in all_profiles(shown)}
    members = {
        part.other.rpartition("/")[2]
        for group in known["gremium-arbeitskreis-integration"].groups
        for part in group.parts
    }
    assert {"organisation-jobcenter", "stelle-integrationsbeauftragte"} <= members
    groups = {group.relation: group for group in known["organisation-jobcenter"].groups}
    (part,) = groups["http://www.w3.org/ns/org#member"].parts
    assert part.other.endswith("gremium-arbeitskreis-integration")


def altered(site: Site, more: Iterable[Quad], less: Iterable[Quad] = ()) -> Site:
    """A site with ``more`` statements, without ``less``."""
    gone = set(less)
    dataset = Dataset.of([*(quad for quad in site.dataset.store if quad not in gone), *more], site.dataset.base)
    return Site(replace(site.release, dataset=dataset), site.queries, site.settings, site.context)


def quad(site: Site, subject: str, predicate: str, value: str, ags: str) -> Quad:
    """A statement in the graph of the county ``ags``."""
    graph = NamedNode(site.id(f"graph/{ags}"))
    return Quad(NamedNode(site.id(f"kreis/{subject}")), NamedNode(predicate), NamedNode(value), graph)


def test_tasks_of_a_version_that_does_not_count_are_left_out(site: Site) -> None:
    version = site.id("kreis/07334/2")
    counts = quad(site, GERMERSHEIM, NS + "comparedVersion", version, "comparison")
    later = altered(site, (), less=[counts])
    assert len(later.dataset.store) == len(site.dataset.store) - 1
    shown = actor_side.side(later, actor_side.Request((LEER, GERMERSHEIM)))
    assert {actor.split("/kreis/")[1][:5] for actor, _ in texts_of(shown)} == {LEER}
    rows = actor_list.kind_list(later, actor_list.Request("gremium"), "de").rows
    assert rows and not any(row.texts for row in rows)


def test_a_body_of_two_counties_shows_in_each_what_its_document_says(site: Site) -> None:
    """The body is named in the documents of both; each gives it tasks."""
    body, office = (site.id(f"kreis/{name}") for name in ("07334/gremium-steuerungsgruppe", OFFICE))
    task = "03457/1/aufgabe-17"
    more = [
        quad(site, task, NS + "taskOf", body, LEER),
        quad(site, "07334/gremium-steuerungsgruppe", RDF + "type", NS + "Body", LEER),
    ]
    both = altered(site, more, less=[quad(site, task, NS + "taskOf", office, LEER)])
    shown = actor_side.side(both, actor_side.Request((LEER, GERMERSHEIM), kind="gremium"))
    found = {share.column.ags: [len(one.texts) for one in share.busy] for share in shown.shares}
    assert found == {LEER: [1], GERMERSHEIM: [6]}


def rows_of(client: Client, address: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(client.ask(address).content.decode("utf-8-sig")), delimiter=";"))


def test_the_csv_has_a_row_for_each_task_with_its_line(client: Client, site: Site) -> None:
    rows = rows_of(client, f"/akteure/aufgaben.csv?kreis={LEER}")
    head, tasks = rows[0], [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    assert {"Wortlaut", "Beleg", "Dokument", "Zeile", "Gemeinsames Feld", "Begründung", "Adresse"} <= set(head)
    assert Counter(row["Art"] for row in tasks) == {"Aufgabe": 18, "Angebot": 4}
    assert all(row["Zeile"] and row["Beleg"] and row["Adresse"].startswith(site.base) for row in tasks)


def test_the_matrix_as_csv_says_silence_in_words(client: Client) -> None:
    rows = {row[0]: row[1:] for row in rows_of(client, f"/akteure.csv?kreis={LEER},{DAHME_SPREEWALD},{ODER_SPREE}")}
    assert rows["Stellen"] == ["Integrationsbeauftragte", "nicht genannt", "noch nicht erfasst"]
    assert rows["Umfang der Quelle"] == ["Serviceseite", "Volltext", "noch nicht erfasst"]


@pytest.mark.parametrize(
    ("address", "sheets"),
    [
        (f"/akteure/aufgaben.xlsx?kreis={LEER},{GERMERSHEIM}", ["Aufgaben und Angebote", "Weitere Beziehungen"]),
        (f"/akteure.xlsx?kreis={LEER},{GERMERSHEIM}", ["Tabelle", "Akteure"]),
        ("/en/akteure/aufgaben.xlsx?kreis=03457", ["Tasks and offers", "Other relations"]),
    ],
)
def test_the_workbook_is_ready_to_use(client: Client, site: Site, address: str, sheets: list[str]) -> None:
    answer = client.ask(address)
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert [sheet.title for sheet in book.worksheets[:-1]] == sheets
    for sheet in book.worksheets[:-1]:
        assert sheet.freeze_panes and sheet.max_row > 3 and sheet.auto_filter.ref
    place = address.replace(".xlsx", "")
    assert any(str(cell.value).endswith(place) for cell in book.worksheets[-1]["B"])
    assert client.ask(address).content == answer.content, "the same request gives the same bytes"


def test_the_json_ld_describes_actors_and_tasks(client: Client, site: Site) -> None:
    text = client.ask(f"/akteure/aufgaben.jsonld?kreis={GERMERSHEIM}").text
    graph = rdflib.Graph().parse(data=text, format="json-ld")
    tasks = set(graph.subjects(rdflib.URIRef(site.ns("taskOf")), None))
    assert len(tasks) == 6
    assert graph.value(
        rdflib.URIRef(site.id("kreis/07334/gremium-steuerungsgruppe")), rdflib.URIRef(site.ns("bodyType"))
    )
