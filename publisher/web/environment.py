"""The template engine of one language: what templates may call, and how it is kept quick.

A page is some thousand small outputs, so what is the same for every page is settled when a template is compiled.
"""

from collections.abc import Iterator, MutableMapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from publisher.views.around import RATIO
from publisher.views.form import example_of, forms
from publisher.views.places import places
from publisher.views.profiles import of as profiles_of
from publisher.views.site import Site
from publisher.web import filters
from publisher.web.links import Links
from publisher.web.locale import translations
from publisher.web.static import StaticFiles

TEMPLATES = Path(__file__).parent.parent / "templates"
_CALL = ("name", "lparen", "string", "rparen")


class Fixed(Extension):
    """Puts the translation of a fixed text, ``_("…")``, in its place when a template is compiled.

    https://jinja.palletsprojects.com/en/stable/extensions/#jinja2.ext.Extension.filter_stream
    """

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """The tokens of a template, each ``_("…")`` as the text in the language of the environment."""
        held: list[Token] = []
        for token in stream:
            held.append(token)
            if tuple(one.type for one in held) != _CALL[: len(held)] or held[0].value != "_":
                yield from held
                held.clear()
            elif len(held) == len(_CALL):
                yield from self._translated(held)
                held.clear()
        yield from held

    def _translated(self, call: list[Token]) -> Iterator[Token]:
        line, text = call[2].lineno, self.environment.texts.gettext(call[2].value)  # type: ignore[attr-defined]
        # Translations are ours, with the marks they need; "%%" stands for "%" as in every text with places to fill.
        yield Token(line, "lparen", "(")
        yield Token(line, "string", text % {})
        yield Token(line, "pipe", "|")
        yield Token(line, "name", "safe")
        yield Token(line, "rparen", ")")


class SiteEnvironment(Environment):
    """An environment whose templates all see the same globals, so that what they import is made once."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of a template; no template here has any of its own."""
        return self.globals


def environment(site: Site, links: Links, static: StaticFiles, language: str) -> Environment:
    """The templates of ``site`` for readers of ``language``."""
    texts = translations(language)
    made = SiteEnvironment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(default=True),
        extensions=["jinja2.ext.i18n", Fixed],
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    made.extend(texts=texts)
    made.install_gettext_translations(texts, newstyle=True)  # type: ignore[attr-defined]
    made.policies["ext.i18n.trimmed"] = True
    made.globals |= {
        "language": language,
        "site": site,
        "settings": site.settings,
        "manifest": site.release.manifest,
        "links": links,
        "static": static.address,
        "href": partial(_href, links, language),
        "all_places": partial(places, site),
        "questions": partial(forms, site),
        "example_of": partial(example_of, site),
        "alike_ratio": RATIO,
        # What a page must know when it is written as a file: see ``publisher.export``.
        "exported": None,
        "profiles_of": partial(profiles_of, site),
    }
    made.filters |= filters.build(site, links, language)
    return made


def _href(links: Links, language: str, path: str, **query: str | Sequence[str]) -> str:
    return links.href(path, language, **query)
