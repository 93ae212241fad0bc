"""The template engine of one language: what templates may call, and how it is kept quick.

A page is some thousand small outputs, so what is the same for every page is settled when a template is compiled.
"""

from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from markupsafe import Markup, escape

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
"""What a call with one fixed text is made of."""


class Fixed(Extension):
    """Calls with one fixed text, ``_("…")`` or ``href("/suche")``, are answered when a template is compiled.

    ``fixed`` of the environment says which, by name. https://jinja.palletsprojects.com/en/stable/extensions/
    """

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """The tokens of a template, each such call as the text that comes of it."""
        before, held = "", list[Token]()
        for token in stream:
            held.append(token)
            if len(held) == len(_CALL) and self._is_call(held):
                yield from self._answered(held)
            elif len(held) < len(_CALL) and before != "dot" and self._is_call(held):
                continue
            else:
                yield from held
            before, held = token.type, []
        yield from held

    def _is_call(self, held: list[Token]) -> bool:
        """Whether ``held`` is, or begins, a call that is fixed."""
        return tuple(one.type for one in held) == _CALL[: len(held)] and held[0].value in self._functions

    @property
    def _functions(self) -> Mapping[str, Callable[[str], str]]:
        return cast(Mapping[str, Callable[[str], str]], self.environment.fixed)  # type: ignore[attr-defined]

    def _answered(self, call: list[Token]) -> Iterator[Token]:
        text = self._functions[call[0].value](call[2].value)
        if isinstance(text, Markup) and escape(str(text)) != text:
            # Constants that are joined lose what marks them as ready for a page: such a text is asked for later.
            yield from call
        else:
            yield Token(call[2].lineno, "string", str(text))


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
    made.extend(
        fixed={
            # Translations bring the marks they need; "%%" stands for "%" in every text.
            "_": lambda text: Markup(texts.gettext(text) % {}),
            "href": partial(_href, links, language),
            "static": static.address,
        }
    )
    made.install_gettext_translations(texts, newstyle=True)  # type: ignore[attr-defined]
    made.policies["ext.i18n.trimmed"] = True
    made.globals |= _known(site, links, static, language)
    made.filters |= filters.build(site, links, language)
    return made


def _known(site: Site, links: Links, static: StaticFiles, language: str) -> dict[str, Any]:
    """What every template can name."""
    return {
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


def _href(links: Links, language: str, path: str, **query: str | Sequence[str]) -> str:
    return links.href(path, language, **query)
