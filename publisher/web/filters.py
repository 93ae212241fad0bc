"""What templates may call: labels and addresses of things, dates and numbers in the reader's language."""

from collections.abc import Callable
from datetime import date
from functools import lru_cache, partial
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal
from markupsafe import Markup

from publisher.core.terms import shorten
from publisher.views.actor_kinds import key_of
from publisher.views.answered import column, things
from publisher.views.fields import definition
from publisher.views.silence import told
from publisher.views.site import Site, Text
from publisher.web import snippets
from publisher.web.links import Links

_MONTH = {"de": "MMMM y", "en": "MMMM y"}


def build(site: Site, links: Links, language: str) -> dict[str, Callable[..., Any]]:
    """The filters for pages of ``language``."""

    def label(iri: str) -> Text:
        return site.label(str(iri), language)

    @lru_cache(1 << 14)
    def path(iri: str) -> str:
        return links.page(str(iri), language)

    def short(iri: str) -> str:
        return shorten(str(iri), site.base)

    def day(value: str) -> str:
        return written_date(str(value), language)

    @lru_cache(1 << 10, typed=True)
    def number(value: float) -> str:
        return str(format_decimal(value, locale=language))

    def lang(text: Text | str) -> Markup | str:
        foreign = isinstance(text, Text) and text.language and text.language != language
        return _lang(text.language) if foreign else ""  # type: ignore[union-attr]

    return {
        "actor_key": partial(key_of, site),
        "lang": lang,
        "label": label,
        "meaning": partial(definition, site, language=language),
        "path": path,
        "short": short,
        "day": day,
        "number": number,
        "clip": clip,
        "kept": lru_cache(1 << 14)(_called),
        "column": partial(column, language=language),
        "told": partial(told, site, language=language),
        "things": things,
        **snippets.FILTERS,
    }


@lru_cache(100)
def _lang(language: str) -> Markup:
    return Markup(' lang="{}"').format(language)


def _called(text: str, macro: Callable[[str], Markup]) -> Markup:
    """What ``macro`` makes of ``text`` alone: the same few thousand terms stand on all pages."""
    return macro(text)


@lru_cache(1 << 10)
def written_date(value: str, language: str) -> str:
    """``2022-05-15``, ``2018-01`` or ``2016`` as it is written in ``language``, no more precise than it is."""
    parts = value.split("-")
    try:
        if len(parts) == 3:
            return str(format_date(date.fromisoformat(value[:10]), format="long", locale=language))
        if len(parts) == 2:
            return str(format_date(date(int(parts[0]), int(parts[1]), 1), format=_MONTH[language], locale=language))
    except ValueError:
        return value
    return value


def clip(text: object, length: int = 80) -> str:
    """``text`` cut at a word so that it has at most about ``length`` characters, with an ellipsis."""
    # A text that is ready for a page is cut as it is read, not within "&amp;".
    whole = text.unescape() if isinstance(text, Markup) else str(text)
    if len(whole) <= length:
        return whole
    return whole[:length].rsplit(" ", 1)[0].rstrip(" ,;:–-") + " …"
