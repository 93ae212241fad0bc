"""The releases as pages show them: which there are, what changed in each, what became of a data set."""

from collections.abc import Mapping
from dataclasses import dataclass

from publisher.release.changes import told
from publisher.release.changes.changes import SetChange
from publisher.release.changes.told import Summary
from publisher.release.history.archive import Past, archive, past_of
from publisher.views.site import Site

LATEST = "current"
"""In an address, the release in force."""


@dataclass(frozen=True)
class Step:
    """That a data set changed in a release."""

    version: str
    date: str
    change: SetChange


def releases(site: Site) -> tuple[Past, ...]:
    """Every release that was known when the site started, newest first."""
    return site.once(_releases)


def find(site: Site, version: str) -> Past | None:
    """The release ``version``; None when there is none."""
    wanted = own(site).version if version == LATEST else version
    return next((past for past in releases(site) if past.version == wanted), None)


def own(site: Site) -> Past:
    """The release that is served, the newest one that this site knows."""
    return releases(site)[0]


def after(site: Site, past: Past) -> Past | None:
    """The release that came after ``past``; None for the newest."""
    found = releases(site)
    place = found.index(past)
    return found[place - 1] if place else None


def before(site: Site, past: Past) -> Past | None:
    """The release that came before ``past``, as far as it is known."""
    found = releases(site)
    place = found.index(past) + 1
    return found[place] if place < len(found) else None


def summary(site: Site, past: Past) -> Summary | None:
    """What changed in ``past``; None for a release of an earlier version of the program."""
    return site.once(_summary, past.version)


def history(site: Site) -> Mapping[str, tuple[Step, ...]]:
    """Data set → when it changed, newest first."""
    return site.once(_history)


def withdrawn(site: Site, name: str) -> Step | None:
    """In which release the data set ``name`` was withdrawn; None when it is there or never was."""
    steps = history(site).get(name, ())
    return steps[0] if steps and steps[0].change == "withdrawn" else None


def last_with(site: Site, name: str) -> Past | None:
    """The release before the one in which ``name`` was withdrawn, if it is known."""
    step = withdrawn(site, name)
    past = find(site, step.version) if step else None
    return before(site, past) if past else None


def _releases(site: Site) -> tuple[Past, ...]:
    serving = site.release.folder.resolve()
    found = archive(serving.parent)
    for place, past in enumerate(found):
        if past.folder.resolve() == serving:
            # What was built after the release that is served comes into force with the next start.
            return found[place:]
    manifest = site.release.manifest
    return past_of(site.release.folder, manifest, manifest.version), *found


def _summary(site: Site, version: str) -> Summary | None:
    past = find(site, version)
    return told.read_summary(past.folder) if past else None


def _history(site: Site) -> dict[str, tuple[Step, ...]]:
    found: dict[str, list[Step]] = {}
    for past in releases(site):
        known = summary(site, past)
        for one in known.sets if known else ():
            found.setdefault(one.name, []).append(Step(past.version, past.date, one.change))
    return {name: tuple(steps) for name, steps in found.items()}
