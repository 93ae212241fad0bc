"""The page of a county: its neighbours on a small map, what lies near and what is like it, with the reasons."""

import re
from html import unescape
from math import acos, cos, degrees, radians, sin

import pytest
from web_client import Client, Structure

from publisher.views import held
from publisher.views.around import RATIO, around
from publisher.views.county import BORDERS, NEIGHBOURS, County, county
from publisher.views.districts import Point, distance, districts
from publisher.views.locality import locality, overlaps
from publisher.views.site import Site
from publisher.web.app import create_app
from publisher.web.pages_counties import Start

SPREE_NEISSE, ROTENBURG, GERMERSHEIM, LEER, DAHME_SPREEWALD = "12071", "03357", "07334", "03457", "12061"
BAUTZEN, EMDEN, STEINBURG, STADE = "14625", "03402", "01061", "03359"
SENTENCES = {
    LEER: ("Zu 0 von 7 Nachbarkreisen ist ein Konzept erfasst.", "132 km entfernt (Luftlinie)"),
    BAUTZEN: ("Zu 1 von 6 Nachbarkreisen ist ein Konzept erfasst.", "Dieser Kreis ist noch nicht erfasst."),
    EMDEN: ("Die nächsten Kreise mit einem Konzept", "147 km entfernt (Luftlinie)"),
    "09461": ("Zu 0 von 1 Nachbarkreis ist ein Konzept erfasst.", "Kein erfasster Kreis mit einem Konzept hat"),
    ROTENBURG: ("gleiche Art, ähnlich viele Einwohner (163.496 und 175.251)",),
    SPREE_NEISSE: ("gleiche Art, ähnlich viele Einwohner (111.130 und 163.496)",),
}


@pytest.fixture(scope="module")
def client(site: Site) -> Client:
    return Client(create_app(site))


def shown(site: Site, ags: str) -> County:
    return county(site, site.id(f"kreis/{ags}"), "de")


def text_of(client: Client, path: str) -> str:
    return " ".join(Structure(client.ask(path).text).text.split())


@pytest.mark.parametrize(("ags", "sentences"), SENTENCES.items())
def test_the_page_says_what_is_around_the_county(client: Client, ags: str, sentences: tuple[str, ...]) -> None:
    text = text_of(client, f"/doc/kreis/{ags}.html")
    assert [sentence for sentence in sentences if sentence not in text] == []


def test_no_name_covers_another_on_any_of_the_400_maps(site: Site) -> None:
    places = districts(site)
    for iri, place in places.items():
        near = [places[row["neighbour"].value] for row in site.select(NEIGHBOURS, iri=iri)]
        points = [(other.iri, other.label, other.point) for other in (place, *near) if other.point]
        drawn = locality(points)
        assert len(points) == len(near) + 1
        assert overlaps(drawn.spots) == [], place.label
        assert all(spot.x - spot.reach >= 0 and spot.x + spot.reach <= drawn.width for spot in drawn.spots)
        assert all(spot.y >= 0 and spot.y + spot.below <= drawn.height for spot in drawn.spots)


def test_overlapping_places_are_noticed() -> None:
    here, there = Point(10.0, 50.0), Point(10.0001, 50.0)
    spots = locality([("a", "A", here), ("b", "B", there)]).spots
    assert overlaps(spots) == []
    assert overlaps([spots[0], spots[0]]) == [("a", "a")]


def test_places_keep_their_directions() -> None:
    middle, north, east = Point(10.0, 50.0), Point(10.0, 50.5), Point(10.8, 50.0)
    drawn = locality([("m", "Mitte", middle), ("n", "Nord", north), ("e", "Ost", east)])
    assert drawn.spot("n").y < drawn.spot("m").y and drawn.spot("e").x > drawn.spot("m").x


@pytest.mark.parametrize("ags", [LEER, BAUTZEN, STEINBURG, EMDEN, "06435"])
def test_each_neighbour_is_on_the_map_and_in_the_list(site: Site, client: Client, ags: str) -> None:
    rows = site.select(NEIGHBOURS, iri=site.id(f"kreis/{ags}"))
    page = client.ask(f"/doc/kreis/{ags}.html").text
    figure, after = page.partition('<figure class="local-map">')[2].split("</figure>", 1)
    listed = after.partition("</ul>")[0]
    wanted = {row["neighbour"].value.rpartition("/")[2] for row in rows}
    for part in (figure, listed):
        assert set(re.findall(r'href="/doc/kreis/(\d{5})\.html"', part)) == wanted
    assert figure.count('class="shared') >= len(site.select(BORDERS, iri=site.id(f"kreis/{ags}")))


def test_names_on_the_map_say_what_is_in_the_data(client: Client) -> None:
    page = client.ask(f"/doc/kreis/{BAUTZEN}.html").text
    names = {unescape(name) for name in re.findall(r'aria-label="(Landkreis Spree-Neiße[^"]*)"', page)}
    assert names == {"Landkreis Spree-Neiße, Brandenburg: Konzept erfasst"}


def test_a_border_across_water_is_told_apart(site: Site) -> None:
    drawn = shown(site, STEINBURG).map
    assert drawn is not None
    water = [{border.one.key[-5:], border.other.key[-5:]} for border in drawn.borders if border.across_water]
    assert {STEINBURG, STADE} in water
    assert all(
        border.across_states for border in drawn.borders if STADE in (border.one.key[-5:], border.other.key[-5:])
    )


def test_borders_are_those_of_the_data(site: Site) -> None:
    """Of each two places of the map that are neighbours by the districts' own statements there is one line."""
    iri = site.id(f"kreis/{LEER}")
    places = {iri, *(row["neighbour"].value for row in site.select(NEIGHBOURS, iri=iri))}
    wanted = {
        frozenset((one, row["neighbour"].value))
        for one in places
        for row in site.select(NEIGHBOURS, iri=one)
        if row["neighbour"].value in places
    }
    found = [frozenset((row["one"].value, row["other"].value)) for row in site.select(BORDERS, iri=iri)]
    assert len(found) == len(set(found)) and set(found) == wanted


def test_the_distance_is_that_of_the_great_circle(site: Site) -> None:
    one, other = (districts(site)[site.id(f"kreis/{ags}")].point for ags in (LEER, GERMERSHEIM))
    assert one and other
    first, second, across = radians(one.latitude), radians(other.latitude), radians(other.longitude - one.longitude)
    angle = acos(sin(first) * sin(second) + cos(first) * cos(second) * cos(across))
    assert distance(one, other) == pytest.approx(degrees(angle) * 111.195, rel=1e-4)
    assert distance(one, one) == 0


@pytest.mark.parametrize("ags", [LEER, EMDEN, BAUTZEN, SPREE_NEISSE, "01001"])
def test_the_nearest_and_the_similar_are_what_their_facts_say(site: Site, ags: str) -> None:
    iri = site.id(f"kreis/{ags}")
    facts = districts(site)
    home, found = facts[iri], around(site, iri, "de")
    concepts = {county for county, one in held.held(site).items() if one.state == held.CONCEPT and county != iri}
    by_distance = sorted(concepts, key=lambda c: distance(home.point, facts[c].point))  # type: ignore[arg-type]
    assert [other.district.iri for other in found.nearest] == by_distance[:3]
    cities = {site.ns("KreisfreieStadt"), site.ns("Stadtkreis")}
    for other in found.alike:
        assert other.same_state == (other.district.iri[-5:-3] == ags[:2])
        assert other.same_kind == ((other.district.kind in cities) == (home.kind in cities))
        assert home.population and other.district.population
        numbers = sorted((home.population.value, other.district.population.value))
        assert other.same_size == (numbers[1] <= RATIO * numbers[0])
        assert other.common >= 2 and other.district.iri in concepts


def test_a_service_page_is_never_called_a_concept(client: Client) -> None:
    page = client.ask(f"/doc/kreis/{EMDEN}.html").text
    assert 'aria-label="Landkreis Leer, Niedersachsen: Serviceseite, kein Konzept"' in page
    for heading in ("naechste", "aehnliche"):
        section = page.partition(f'id="{heading}"')[2].partition("</section>")[0]
        assert f"kreis/{LEER}.html" not in section


@pytest.mark.parametrize("ags", [LEER, BAUTZEN, "01001", SPREE_NEISSE])
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_way_from_the_page_into_the_comparison_works(client: Client, ags: str, prefix: str) -> None:
    page = client.ask(f"{prefix}/doc/kreis/{ags}.html").text
    links = {link for link in Structure(page).links if "/vergleich?kreis=" in link}
    recorded = ags in (LEER, SPREE_NEISSE)
    assert links or not recorded
    for link in links:
        assert client.ask(link).status_code == 200
        assert (ags in link) == recorded
    assert " style=" not in page and "<script" not in page


def test_a_county_without_a_document_says_how_to_take_part(client: Client) -> None:
    for prefix, words in (("", "Was gebraucht wird"), ("/en", "What is needed")):
        links = Structure(client.ask(f"{prefix}/doc/kreis/01001.html").text).links
        assert f"{prefix}/mitmachen" in links
        assert words in text_of(client, f"{prefix}/mitmachen")


def test_many_recorded_counties_are_counted_by_state(site: Site) -> None:
    entries = tuple(shown(site, ags).entry for ags in (LEER, ROTENBURG, EMDEN, SPREE_NEISSE))
    start = Start(entries, ())
    assert start.by_state == (("03", 2, 3), ("12", 1, 1))
