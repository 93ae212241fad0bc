"""Which place a build takes among the releases: the same content again is no event, content that comes back is one."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from publisher.release.history.archive import archive
from publisher.release.manifest import Manifest

_NAME = re.compile(r"(\d{4}-\d{2}-\d{2}-[0-9a-f]{10})(?:-\d+)?")


@dataclass(frozen=True)
class Event:
    """What a release says of its place."""

    version: str
    number: int
    previous: str
    published: str

    def of(self, manifest: Manifest) -> Manifest:
        """``manifest`` with this place."""
        return replace(
            manifest, version=self.version, number=self.number, previous=self.previous, published=self.published
        )


def event(releases: Path, name: str, date: str) -> Event:
    """The place of a build whose content is called ``name`` and is of ``date``.

    When the release built last has this content, its own place: nothing happened. Content that an earlier release
    had is a new event, called ``name`` with a number. Its moment is the start of ``date``, but always later than the
    one before, so that programs which read on from a moment miss nothing; no clock is asked.
    """
    past = archive(releases)
    newest = past[0] if past else None
    same = newest is not None and _content(newest.version) == name
    if newest and same and newest.number:
        return Event(newest.version, newest.number, newest.previous, newest.published)
    number = max((one.number for one in past), default=0) or len(past)
    if newest and same:
        # A release of an earlier version of the program lacks what this one writes: it is written anew, as itself.
        before = past[1].version if len(past) > 1 else ""
        return Event(newest.version, number, before, _moment(date, past[1].published if before else ""))
    earlier = sum(_content(one.version) == name for one in past)
    version = f"{name}-{earlier + 1}" if earlier else name
    before, moment = (newest.version, newest.published) if newest else ("", "")
    return Event(version, number + 1, before, _moment(date, moment))


def last_manifest(releases: Path) -> Manifest | None:
    """The manifest of the release built last; None when there is none that can be read."""
    newest = next(iter(archive(releases)), None)
    return newest.manifest() if newest else None


def _moment(date: str, before: str) -> str:
    """The start of ``date``, or a second after ``before``, whichever is later."""
    moment = datetime.fromisoformat(date).replace(tzinfo=UTC)
    if before:
        moment = max(moment, datetime.fromisoformat(before) + timedelta(seconds=1))
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _content(version: str) -> str:
    """What the content of a release is called, without the number of its return."""
    found = _NAME.fullmatch(version)
    return found.group(1) if found else version
