"""Which representation fits a request: pure functions on header values.

Accept: https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1
Accept-Language: https://www.rfc-editor.org/rfc/rfc9110#section-12.5.4
Accept-Profile: https://www.w3.org/TR/dx-prof-conneg/#http
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from publisher.core.refusals import NotAcceptable

_PROFILE = re.compile(r"(?:<([^<>]*)>|([^,;<>\s]+))\s*((?:;[^,]*)*)(?:,|$)")
"""One profile in a list: its IRI in angled brackets or its token, and parameters."""


@dataclass(frozen=True)
class Range:
    """One entry of an Accept header: what it names and how much it is wanted (0 to 1)."""

    value: str
    quality: float


def ranges(header: str) -> list[Range]:
    """The entries of an Accept or Accept-Language header; parameters other than q are left aside."""
    found = []
    for part in header.split(","):
        value, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if value:
            found.append(Range(value, _quality(parameters)))
    return found


def _quality(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return min(1.0, max(0.0, float(value)))
            except ValueError:
                return 0.0
    return 1.0


def negotiate(accept: str | None, offered: Sequence[str]) -> str:
    """The media type of ``offered`` that fits ``accept`` best; the earlier one wins a tie.

    Raises NotAcceptable when every one of them is refused.
    """
    return _negotiated(accept, tuple(offered))


@lru_cache(maxsize=512)
def _negotiated(accept: str | None, offered: tuple[str, ...]) -> str:
    # What is no media type at all says nothing.
    wanted = [entry for entry in ranges(accept or "") if "/" in entry.value] or [Range("*/*", 1.0)]
    graded = [(_grade(media, wanted), -place, media) for place, media in enumerate(offered)]
    best, _, media = max(graded)
    if best <= 0:
        raise NotAcceptable(accept=accept, offered=", ".join(offered))
    return media


def _grade(media: str, wanted: Sequence[Range]) -> float:
    """The quality that the most specific fitting range gives ``media``; 0 when none fits."""
    family = media.partition("/")[0] + "/*"
    for pattern in (media, family, "*/*"):
        fitting = [entry.quality for entry in wanted if entry.value == pattern]
        if fitting:
            return max(fitting)
    return 0.0


def language(header: str | None, offered: Sequence[str]) -> str:
    """The language of ``offered`` that fits Accept-Language best; the first one when nothing fits."""
    wanted = ranges(header or "")
    graded = [(_language_grade(tag, wanted), -place, tag) for place, tag in enumerate(offered)]
    best, _, tag = max(graded)
    return tag if best > 0 else offered[0]


def _language_grade(tag: str, wanted: Sequence[Range]) -> float:
    exact = [entry.quality for entry in wanted if entry.value.partition("-")[0] == tag]
    anything = [entry.quality for entry in wanted if entry.value == "*"]
    return max(exact or anything or [0.0])


def prefers_html(accept: str | None) -> bool:
    """Whether the reader is a browser rather than a program: it names HTML itself and nothing it wants more."""
    wanted = ranges(accept or "")
    named = [entry.quality for entry in wanted if entry.value in ("text/html", "application/xhtml+xml")]
    return bool(named) and max(named) > 0 and max(named) == max(entry.quality for entry in wanted)


def profiles(listed: str) -> list[str]:
    """The profiles that an Accept-Profile header or a query string names, IRIs or tokens, what is wanted most first."""
    found = []
    for iri, token, rest in _PROFILE.findall(listed):
        parameters = [piece.strip().lower() for piece in rest.split(";")[1:]]
        found.append((_quality(parameters), iri.strip() or token))
    wanted = sorted((entry for entry in found if entry[0] > 0 and entry[1]), key=lambda entry: -entry[0])
    return [name for _, name in wanted]


def by_profile(accept: str | None, wanted: Sequence[str], offered: Sequence[tuple[str, Sequence[str]]]) -> int | None:
    """The place in ``offered`` of what fits the first profile of ``wanted`` that is to be had in an accepted format.

    ``offered`` are media types, each with all names of its profile. The profile weighs more than the quality of the
    media type; None when no profile fits, and what nobody asked by profile is sent.
    """
    for name in map(_plain, wanted):
        fitting = {media: place for place, (media, names) in enumerate(offered) if name in map(_plain, names)}
        if fitting:
            try:
                return fitting[negotiate(accept, list(fitting))]
            except NotAcceptable:
                continue
    return None


def _plain(iri: str) -> str:
    """``iri`` without what is written one way or another: http or https, a slash or a number sign at the end."""
    return re.sub(r"^https?://(www[.])?", "", iri).rstrip("/#")
