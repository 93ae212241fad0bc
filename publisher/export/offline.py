"""The search as files: what ``offline-search.js`` reads, in pieces of which a visitor fetches a few.

For each word of the texts the hits are looked up here, with the very index that the running site asks, so that German
forms, compounds and spellings are found as there. The script joins words, orders and shows.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from publisher.core.bits import members
from publisher.export.plan import Plan
from publisher.language.vocabulary import SMALL
from publisher.language.words import lemma
from publisher.views.search_entries import Entry
from publisher.views.search_index import Index
from publisher.views.site import Site
from publisher.views.topics import FIELDS, Topic, topics

FOLDER = "suche/daten"
PIECE = 32
"""So many entries are in one file: the script shows up to 25 of one kind, or five of each."""
_WORDS_A_FILE = 12
_NAME = 5
"""Only texts of up to so many words count as names that are looked for as a whole."""
Held = tuple[list[int], ...]


@dataclass(frozen=True)
class Chosen:
    """What a search may be confined to, for its form: counties and common fields of which anything is found."""

    index: Index
    counties: tuple[tuple[str, str], ...]
    """Key and IRI."""
    fields: tuple[Topic, ...]

    @classmethod
    def of(cls, plan: Plan) -> Self:
        """The choices of the site."""
        index = plan.site.once(Index.of)
        counties = tuple((iri.rpartition("/")[2], iri) for iri in index.counties)
        named = sorted(counties, key=lambda pair: plan.site.label(pair[1], "de").value)
        return cls(index, tuple(named), tuple(every_field(plan.site)))


@dataclass(frozen=True)
class Offline:
    """Makes the files of the search for one export."""

    plan: Plan

    @cached_property
    def index(self) -> Index:
        """The index of the running site."""
        return self.plan.site.once(Index.of)

    @cached_property
    def words(self) -> list[str]:
        """All words that are looked up, in a fixed order."""
        vocabulary = self.index.vocabulary
        return sorted({*vocabulary.written, *self.index.places} - SMALL)

    @cached_property
    def buckets(self) -> int:
        """In how many files the words lie."""
        return max(1, len(self.words) // _WORDS_A_FILE)

    def look_up(self, words: list[str]) -> dict[str, Held]:
        """The hits of each of ``words``: as typed, at the beginning of longer words, else; no hit twice."""
        found = {}
        for word in words:
            before, levels = 0, []
            for held in self.index.holding(word):
                levels.append(steps(members(held & ~before)))
                before = held
            while levels and not levels[-1]:
                levels.pop()
            found[word] = tuple(levels)
        return found

    def files(self, held: Mapping[str, Held]) -> Iterator[tuple[str, bytes]]:
        """Every file with its body; ``held`` is what ``look_up`` gives for all words."""
        yield f"{FOLDER}/anfang.json", _json(self._head())
        for number, words in enumerate(self._by_bucket(held)):
            yield f"{FOLDER}/w/{number}.json", _json(words)
        for start in range(0, len(self.index.entries), PIECE):
            shown = [self._shown(entry) for entry in self.index.entries[start : start + PIECE]]
            yield f"{FOLDER}/e/{start // PIECE}.json", _json(shown)
        for iri, places in sorted(self.index.counties.items()):
            yield f"{FOLDER}/k/{iri.rpartition('/')[2]}.json", _json(steps(members(places)))
        for topic in every_field(self.plan.site):
            found = self.index.fields.get(topic.iri, 0)
            yield f"{FOLDER}/f/{topic.notation}.json", _json(steps(members(found)))
        counts = self.index.vocabulary.counts
        known = sorted((word for word in self.words if word in counts), key=lambda word: (-counts[word], word))
        yield f"{FOLDER}/woerter.json", _json([[word, self.index.vocabulary.written[word]] for word in known])

    def _head(self) -> dict[str, Any]:
        return {
            "buckets": self.buckets,
            "piece": PIECE,
            "size": len(self.index.entries),
            "small": sorted(SMALL),
            "kinds": [{"start": kind.start, "end": kind.end, "aside": kind.aside} for kind in self.index.kinds],
        }

    def _by_bucket(self, held: Mapping[str, Held]) -> list[dict[str, Any]]:
        """The words, their common forms (``~``) and the names of things (``=``), spread over the files."""
        found: list[dict[str, Any]] = [{} for _ in range(self.buckets)]
        entries: dict[str, Any] = {word: levels for word, levels in held.items() if levels}
        for word in sorted(held, reverse=True):
            if held[word]:
                entries[f"~{lemma(word)}"] = word
        for name, places in self.index.named.items():
            if 0 < name.count(" ") < _NAME:
                entries[f"={name}"] = steps(sorted(set(places)))
        for key in sorted(entries):
            found[bucket(key, self.buckets)][key] = entries[key]
        return found

    def _shown(self, entry: Entry) -> list[Any]:
        """What is shown of a hit: its file, its names, its county, whether it was superseded, its texts."""
        site, links = self.plan.site, self.plan.links
        name = links.name(entry.iri)
        file = f"doc/{name}.html" if name in self.plan.things else ""
        county = site.label(entry.county, "de").value if entry.county not in ("", entry.iri) else ""
        names = [str(site.label(entry.iri, language).value) for language in ("de", "en")]
        return [file, *names, county, int(entry.superseded), list(entry.texts), list(entry.languages)]


def every_field(site: Site) -> Iterator[Topic]:
    """The common fields, each followed by its narrower ones."""
    for top in topics(site, FIELDS):
        yield top
        yield from top.narrower


def steps(places: Iterable[int]) -> list[int]:
    """Ascending ``places`` as the steps between them, which are shorter to write."""
    found, before = [], 0
    for place in places:
        found.append(place - before)
        before = place
    return found


def bucket(key: str, number: int) -> int:
    """In which of ``number`` files ``key`` lies: FNV-1a over UTF-8, as the script computes it."""
    value = 0x811C9DC5
    for byte in key.encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value % number


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
