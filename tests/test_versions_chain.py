"""The chain of versions: in the order of time, whatever the data say; and the notice on those not to rely on."""

from pathlib import Path

import pytest

from publisher.core.settings import load
from publisher.core.terms import COUNTY
from publisher.graph.queries import Queries
from publisher.graph.sources import Sources, find, read_graph
from publisher.graph.store import Dataset
from publisher.release.cells import cells
from publisher.release.manifest import Manifest
from publisher.release.reader import Release
from publisher.views.chain import chains, standing
from publisher.views.site import Site

CASES = Path(__file__).parent / "data" / "versions" / "compared"
SPREE_NEISSE = COUNTY + "12071"


@pytest.fixture(scope="module")
def checkout() -> Sources:
    return find(None)


def site_of(case: str, checkout: Sources) -> Site:
    """A site that holds the lists and the versions of a case, with the one that counts."""
    quads = read_graph([CASES / f"{case}.ttl"], "urn:case")
    lists = read_graph(
        [path for paths in checkout.common.values() for path in paths if path.name == "lists.ttl"], "urn:l"
    )
    derived = list(cells(Queries(checkout.queries), "12071", quads, lists))
    dataset = Dataset.of([*quads, *lists, *derived])
    return Site.of(Release(checkout.root, Manifest("x", "2026-01-01", dataset.base, 0), dataset), checkout, load())


ORDER = {
    "single": ["1"],
    "planned-only": ["1", "2"],
    "three": ["1", "2", "3"],
    "fork": ["1", "2", "3"],
    "older-found-later": ["2", "1"],
    "unlinked": ["1", "2"],
    "circle": ["3", "1", "2"],
}


@pytest.mark.parametrize(("case", "numbers"), ORDER.items())
def test_versions_stand_in_the_order_of_time(case: str, numbers: list[str], checkout: Sources) -> None:
    (chain,) = chains(site_of(case, checkout), SPREE_NEISSE)
    assert [edition.number for edition in chain.editions] == numbers
    assert chain.circular == (case == "circle")


def test_neighbours_in_the_chain(checkout: Sources) -> None:
    site = site_of("three", checkout)
    (chain,) = chains(site, SPREE_NEISSE)
    first, second, third = chain.editions
    assert chain.follows(second) and chain.before(second) == (first,) and chain.after(second) == (third,)
    assert chain.following(first) == (second, third)


def test_a_circle_is_gone_round_once(checkout: Sources) -> None:
    (chain,) = chains(site_of("circle", checkout), SPREE_NEISSE)
    one = chain.find(SPREE_NEISSE + "/1")
    assert one and [edition.number for edition in chain.following(one)] == ["2"]


def test_a_version_known_by_mention_is_not_held(checkout: Sources) -> None:
    (chain,) = chains(site_of("planned-only", checkout), SPREE_NEISSE)
    assert [(edition.number, edition.held, edition.compared) for edition in chain.editions] == [
        ("1", False, False),
        ("2", True, True),
    ]


STANDING = {
    ("single", "1"): None,
    ("planned-only", "1"): None,
    ("planned-only", "2"): None,
    ("superseded", "1"): ("superseded", ["2"]),
    ("superseded", "2"): None,
    ("revised-unmarked", "1"): ("revised", ["2"]),
    ("three", "1"): ("revised", ["2"]),
    ("three", "3"): ("open", ["2"]),
    ("only-superseded", "1"): ("superseded", ["2"]),
    ("fork", "1"): ("superseded", ["2", "3"]),
    ("two-drafts", "2"): ("open", ["3"]),
    ("draft-beside-force", "2"): ("open", ["1"]),
    ("circle", "1"): ("revised", ["2"]),
}


@pytest.mark.parametrize(("case", "number"), STANDING, ids="-".join)
def test_what_to_know_of_a_version_and_of_all_that_lies_in_it(case: str, number: str, checkout: Sources) -> None:
    site = site_of(case, checkout)
    expected = STANDING[case, number]
    for thing in (f"{SPREE_NEISSE}/{number}", f"{SPREE_NEISSE}/{number}/quelle", f"{SPREE_NEISSE}/{number}/ziel-01"):
        found = standing(site, thing)
        assert (found and (found.state, [other.number for other in found.others])) == expected


def test_things_of_no_version_have_no_standing(checkout: Sources) -> None:
    site = site_of("superseded", checkout)
    for thing in (SPREE_NEISSE, SPREE_NEISSE + "/konzept", site.ns("Goal"), site.id("feld/F01")):
        assert standing(site, thing) is None
