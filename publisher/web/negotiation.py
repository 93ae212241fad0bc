"""Which representation fits a request: pure functions on header values.

Accept: https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1
Accept-Language: https://www.rfc-editor.org/rfc/rfc9110#section-12.5.4
"""

from collections.abc import Sequence
from dataclasses import dataclass

from publisher.core.errors import NotAcceptable


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
