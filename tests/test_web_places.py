"""Choosing a county by writing, and what the answer says when it is none or several."""

import pytest
from web_client import Client, Structure

from publisher.views.places import How, find, one, places
from publisher.views.site import Site
from publisher.web.app import create_app

FOUND = {
    "Leer": (How.NAME, {"03457"}),
    "Kreis Leer": (How.NAME, {"03457"}),
    "  landkreis LEER, niedersachsen ": (How.NAME, {"03457"}),
    "12071": (How.KEY, {"12071"}),
    "3457": (How.KEY, {"03457"}),
    "03457013": (How.KEY, {"03457"}),
    "034570000000": (How.KEY, {"03457"}),
    "03152": (How.KEY, {"03159"}),
    "de94c": (How.NUTS, {"03457"}),
    "München": (How.NAME, {"09162", "09184"}),
    "MUENCHEN": (How.NAME, {"09162", "09184"}),
    "Stadt München": (How.NAME, {"09162"}),
    "Lkr. München": (How.NAME, {"09184"}),
    "Gorlitz": (How.NAME, {"14626"}),
    "Rotenburg": (How.WORDS, {"03357", "06632"}),
    "Neustadt an der Aisch": (How.WORDS, {"09575"}),
    "Osna": (How.START, {"03404", "03459"}),
    "Taunuskreis": (How.INSIDE, {"06434"}),
    "Rotenbug": (How.SIMILAR, {"03357", "06632"}),
    "Stadt Hannover": (How.SIMILAR, {"03241"}),
}
UNKNOWN = ("", "Landkreis", "26789", "Atlantis", "S", "DE9", "0345", "💥", "'; DROP", "%" * 500)


@pytest.fixture(scope="module")
def client(site: Site) -> Client:
    return Client(create_app(site))


@pytest.mark.parametrize(("text", "expected"), FOUND.items())
def test_a_county_is_found_however_it_is_written(site: Site, text: str, expected: tuple[How, set[str]]) -> None:
    found = find(site, text)
    assert ({match.how for match in found}, {match.place.ags for match in found}) == ({expected[0]}, expected[1])


@pytest.mark.parametrize("text", UNKNOWN)
def test_what_names_no_county_finds_none(site: Site, text: str) -> None:
    assert find(site, text) == ()


def test_a_state_gives_all_its_counties(site: Site) -> None:
    found = find(site, "Sachsen")
    assert {match.how for match in found} == {How.STATE}
    assert {match.place.ags[:2] for match in found} == {"14"} and len(found) == 13


def test_every_spelling_key_and_code_leads_to_one_county(site: Site) -> None:
    everyone = places(site)
    assert len(everyone) == 400
    for place in everyone:
        assert [one(site, text) for text in (place.spelling, place.ags, place.nuts)] == [place] * 3


def test_a_mistyped_name_is_never_taken_for_granted(site: Site) -> None:
    assert [match.how for match in find(site, "Stadt Hannover")] == [How.SIMILAR]
    assert one(site, "Stadt Hannover") is None


def test_one_match_leads_to_the_county(client: Client) -> None:
    answer = client.ask("/en/kreis?kreis=Kreis+Leer")
    assert (answer.status_code, answer.headers["location"]) == (303, "/en/doc/kreis/03457.html")


@pytest.mark.parametrize(
    ("text", "shown"),
    [("Karlsruhe", {"08212", "08215"}), ("Stadt+Hannover", {"03241"}), ("Atlantis", set()), ("", set())],
)
def test_the_choice_shows_who_may_be_meant(client: Client, text: str, shown: set[str]) -> None:
    answer = client.ask(f"/kreis?kreis={text}")
    links = Structure(answer.text).links
    assert answer.status_code == 200
    assert {link[11:16] for link in links if link.startswith("/doc/kreis/")} == shown


def test_what_was_written_stays_in_the_field(client: Client) -> None:
    assert 'value="Karlsruhe &lt;b&gt;"' in client.ask("/kreis?kreis=Karlsruhe+%3Cb%3E").text


@pytest.mark.parametrize("path", ["/", "/kreis", "/kreis?kreis=Hof"])
def test_the_field_proposes_all_counties_once(client: Client, path: str) -> None:
    page = client.ask(path).text
    assert page.count("<datalist") == 1 and page.count("<option value=") == 400
