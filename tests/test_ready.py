"""What is made early, or out of what was made before, is what would be made of all that is read."""

import random
import sys
from array import array
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import fields

import pytest

from publisher.core.errors import DamagedRelease
from publisher.core.settings import Settings
from publisher.core.turns import short_turns
from publisher.graph.sources import Sources
from publisher.release.reader import CURRENT, LATE, Release, graph_files, open_release
from publisher.views.ready import make_soon, open_ready
from publisher.views.search_entries import Entry, order
from publisher.views.search_exchanged import Moves
from publisher.views.search_index import Index
from publisher.views.site import Site

BY_IDENTITY = {"statements", "of"}
"""What is made and cannot be compared as a whole: statements, the index of the search."""
WORDS = ("arbeit", "bildung", "chance", "dialog", "ehrenamt", "familie")


@pytest.mark.usefixtures("release")
def test_nothing_that_is_made_soon_rests_on_what_is_read_last(settings: Settings, sources: Sources) -> None:
    early: list[Site] = []
    there: list[int] = []

    def soon(release: Release) -> None:
        early.append(Site.of(release, sources, settings))
        there.append(len(release.dataset.store))
        make_soon(early[0])
        early[0].once(Index.of)

    release = open_release(settings.releases, soon)
    assert len([name for name in graph_files(release.manifest) if name.rpartition("/")[2] in LATE]) == len(LATE)
    assert there[0] < len(release.dataset.store)
    made, whole = early[0]._made, open_ready(settings, sources)._made
    assert set(made) < set(whole)
    assert {key[0].__name__ for key in made if made[key] != whole[key]} <= BY_IDENTITY  # type: ignore[attr-defined]
    soon_made, all_made = early[0].once(Index.of), whole[(Index.of,)]
    for field in fields(Index):
        if field.name != "vocabulary":
            assert getattr(soon_made, field.name) == getattr(all_made, field.name), field.name


def test_turns_are_as_long_as_before_when_all_is_read(released: Settings, sources: Sources) -> None:
    before = sys.getswitchinterval()
    with short_turns():
        assert sys.getswitchinterval() < before / 5
    assert sys.getswitchinterval() == before
    (released.releases / CURRENT / "manifest.json").unlink()
    with pytest.raises(DamagedRelease):
        open_ready(released, sources)
    assert sys.getswitchinterval() == before


def test_damage_of_what_is_read_last_is_named(released: Settings, sources: Sources) -> None:
    with (released.releases / CURRENT / "dumps/similar.nq").open("ab") as file:
        file.write(b"<urn:a> <urn:b> <urn:c> <urn:d> .\n")
    with pytest.raises(DamagedRelease, match=r"similar\.nq"):
        open_ready(released, sources)


def test_entries_of_the_search_go_where_they_belong(site: Site) -> None:
    key, chance = order(site), random.Random(11)
    kinds = (site.ns("Goal"), site.ns("Measure"))

    def entry(number: int) -> Entry:
        return Entry(f"urn:{number}", chance.choice(kinds), "", (" ".join(chance.choices(WORDS, k=3)),))

    for _ in range(200):
        size = chance.randrange(9)
        old = sorted(map(entry, range(size)), key=key)
        gone = sorted(chance.sample(range(size), chance.randint(0, size)))
        fresh = sorted((entry(number) for number in range(10, 10 + chance.randrange(5))), key=key)
        if not gone and not fresh:
            continue
        new = sorted([*(one for at, one in enumerate(old) if at not in gone), *fresh], key=key)
        moves = Moves.of(old, gone, fresh, site)
        assert list(moves.merged(old, fresh)) == new
        assert [new[at] for at in moves.at] == fresh
        left = _places([one if one not in fresh else None for one in new])
        assert moves.index(_places(old)) == left


def _places(entries: Sequence[Entry | None]) -> Mapping[str, "array[int]"]:
    found: dict[str, array[int]] = defaultdict(lambda: array("I"))
    for at, one in enumerate(entries):
        for word in {*one.texts[0].split()} if one else ():
            found[word].append(at)
    return found
