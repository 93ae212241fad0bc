"""The counties whose actors stand side by side, and those that can be added."""

from collections.abc import Iterable
from dataclasses import dataclass

from publisher.views.choice import Doubt, choose
from publisher.views.columns import Column, columns
from publisher.views.site import Site

FEW, FIRST = 12, 6
"""As many counties are offered one by one; as many are proposed to begin with."""


@dataclass(frozen=True)
class Chosen:
    """The counties shown, at most ``most``, and what the form for choosing them needs."""

    columns: tuple[Column, ...]
    most: int
    recorded: int
    """How many counties are in the data."""
    few: tuple[Column, ...] = ()
    """All counties, while they are few."""
    suggestions: tuple[Column, ...] = ()
    """Counties to begin with, when none is chosen."""
    dropped: tuple[Column, ...] = ()
    """Counties beyond the most that fit."""
    doubts: tuple[Doubt, ...] = ()
    """Names that are not clear."""

    @property
    def offered(self) -> tuple[Column, ...]:
        """The counties with a box to tick: all of them while they are few, else those shown."""
        return tuple({column.ags: column for column in (*self.columns, *self.few)}.values())

    @property
    def asked(self) -> str:
        """The counties shown, as a value for addresses."""
        return ",".join(column.ags for column in self.columns)

    @property
    def keys(self) -> list[str]:
        """The keys of the counties shown."""
        return [column.ags for column in self.columns]


def chosen(site: Site, texts: Iterable[str], most: int, begin: bool = False) -> Chosen:
    """The counties that ``texts`` (keys or names) mean; with ``begin``, without any, all there are while they fit.

    Raises BadRequest for a key that no county has.
    """
    everyone, choice = columns(site), choose(site, texts)
    wanted = choice.columns
    if begin and not wanted and not choice.doubts and len(everyone) <= most:
        wanted = everyone
    return Chosen(
        wanted[:most],
        most,
        len(everyone),
        everyone if len(everyone) <= FEW else (),
        everyone[:FIRST],
        wanted[most:],
        choice.doubts,
    )
