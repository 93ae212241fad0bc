"""The counties a visitor chose, by key or by what she wrote: those that are clear, and the texts that are not."""

from collections.abc import Iterable
from dataclasses import dataclass

from publisher.core.refusals import TooMany
from publisher.views.columns import Column, by_key, district
from publisher.views.places import How, Match, find
from publisher.views.site import Site

MOST_NAMES = 12
"""So many counties may be given by name at once: looking for one that no county has takes a while."""


@dataclass(frozen=True)
class Doubt:
    """A text that may mean several counties or none; ``matches`` are proposals."""

    text: str
    matches: tuple[Match, ...]


@dataclass(frozen=True)
class Choice:
    """The counties chosen, each once, and what is not clear."""

    columns: tuple[Column, ...]
    doubts: tuple[Doubt, ...] = ()


def choose(site: Site, texts: Iterable[str]) -> Choice:
    """What ``texts`` (keys or names) mean; raises BadRequest for a key that no county has, and for too many names."""
    texts = tuple(texts)
    if sum(not text.isdigit() for text in texts) > MOST_NAMES:
        raise TooMany(name="kreis", most=MOST_NAMES)
    known, columns, doubts = by_key(site), {}, []
    for text in texts:
        matches = () if text.isdigit() else find(site, text)
        clear = len(matches) == 1 and matches[0].how is not How.SIMILAR
        if text.isdigit() or clear:
            ags = matches[0].place.ags if clear else text
            columns[ags] = known.get(ags) or district(site, ags)
        else:
            doubts.append(Doubt(text, matches))
    return Choice(tuple(columns.values()), tuple(doubts))
