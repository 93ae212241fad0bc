"""The frame of every page: templates, languages, filters, caching. No page knows how it is rendered."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Self

from fastapi import APIRouter
from jinja2 import Environment
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from publisher import __version__
from publisher.core.refusals import BadRequest, TooLong, TooMany
from publisher.graph.queries import Call
from publisher.views.resource import Resource
from publisher.views.site import Site, Text
from publisher.web.caching import cached, etag
from publisher.web.environment import TEMPLATES, environment
from publisher.web.links import DEFAULT_LANGUAGE, LANGUAGES, Links
from publisher.web.static import StaticFiles

LONGEST, MOST = 1000, 100
"""So many characters one value in a query string may have, so many values a list: pages repeat them in their links."""


@dataclass(frozen=True)
class Page:
    """One page before it is rendered: its template, and the one object it shows as ``data``.

    Its title and the steps that lead to it stand in the template. ``queries`` are the .rq files the page was made
    from, with their values where they are known; ``section`` is the entry of the navigation it belongs to.
    """

    template: str
    data: Any = None
    queries: tuple[str | Call, ...] = ()
    section: str = ""
    status: int = 200
    headers: Mapping[str, str] | None = None
    resource: Resource | None = None
    """The thing the page is about, when it is a document of one."""

    @property
    def calls(self) -> tuple[Call, ...]:
        """``queries``, each with the values it was asked with where they are known."""
        return tuple(Call(query) if isinstance(query, str) else query for query in self.queries)


@dataclass(frozen=True)
class Visit:
    """One request for a page: the site, the language, the path without its language part."""

    site: Site
    links: Links
    language: str
    path: str
    request: Request

    @property
    def query(self) -> QueryParams:
        """The query string."""
        return self.request.query_params

    def one(self, name: str, allowed: Mapping[str, Any] | None = None) -> str:
        """The value of ``name`` in the query string, "" when absent; raises BadRequest when it is not allowed."""
        value = self.query.get(name, "").strip()
        if len(value) > LONGEST:
            raise TooLong(name=name, most=LONGEST)
        if value and allowed is not None and value not in allowed:
            raise BadRequest(name=name, value=value, allowed=", ".join(list(allowed)[:20]))
        return value

    def several(self, name: str) -> tuple[str, ...]:
        """All values of ``name`` in the query string, each once: given one by one or as a list with commas.

        Raises BadRequest when there are too many, or one is too long.
        """
        parts = (part.strip() for value in self.query.getlist(name) for part in value.split(","))
        found = tuple(dict.fromkeys(part for part in parts if part))
        if len(found) > MOST:
            raise TooMany(name=name, most=MOST)
        if any(len(part) > LONGEST for part in found):
            raise TooLong(name=name, most=LONGEST)
        return found

    def href(self, path: str, **query: str | Sequence[str]) -> str:
        """The address of another page in the same language."""
        return self.links.href(path, self.language, **query)

    def address(self, path: str, **query: str | Sequence[str]) -> str:
        """The whole address of a page in the same language, to hand on to others."""
        return self.links.whole(self.href(path, **query))

    def other(self, **values: str | int) -> str:
        """The address of this page with some values of the query string changed; "" and 0 take one away."""
        kept = {name: self.query.getlist(name) for name in self.query if name not in values}
        return self.href(self.path, **kept, **{name: str(value) for name, value in values.items() if value})

    def page(self, iri: str) -> str:
        """The address of the page about ``iri`` in the same language."""
        return self.links.page(iri, self.language)

    def label(self, iri: str) -> Text:
        """What to call ``iri`` in this language."""
        return self.site.label(iri, self.language)


Handler = Callable[[Visit], Page | Response]


@dataclass(frozen=True)
class Frame:
    """Renders pages of one site in all its languages."""

    site: Site
    links: Links
    static: StaticFiles
    environments: Mapping[str, Environment]
    stamp: str
    """Changes whenever the release, the program, the settings or a template does."""

    @classmethod
    def of(cls, site: Site) -> Self:
        """The frame of ``site``."""
        links = Links(site.base, site.settings.public_url)
        static = StaticFiles.load(links)
        environments = {language: environment(site, links, static, language) for language in LANGUAGES}
        return cls(site, links, static, environments, _stamp(site, static))

    def visit(self, request: Request, language: str = DEFAULT_LANGUAGE, path: str | None = None) -> Visit:
        """The visit that ``request`` makes in ``language``."""
        return Visit(self.site, self.links, language, path or request.url.path, request)

    def text(self, visit: Visit, template: str, data: Any, page: Page | None = None) -> str:
        """``template`` filled with ``data`` in the language of ``visit``."""
        found = self.environments[visit.language].get_template(template)
        return found.render(page=page, data=data, visit=visit, language=visit.language)

    def render(self, visit: Visit, page: Page) -> Response:
        """The HTML of ``page``."""
        html = self.text(visit, page.template, page.data, page)
        headers = {"Content-Language": visit.language} | dict(page.headers or {})
        return HTMLResponse(html, page.status, headers)

    def answer(self, visit: Visit, handler: Handler) -> Response:
        """What ``handler`` makes of ``visit``, kept by browsers until the release changes."""

        def make() -> Response:
            made = handler(visit)
            return self.render(visit, made) if isinstance(made, Page) else made

        tag = etag(self.stamp, visit.path, visit.request.url.query, visit.language)
        return cached(visit.request, tag, make)

    def register(self, router: APIRouter, path: str, handler: Handler) -> None:
        """Serves ``handler`` at ``path`` in every language: written once, reached as /… and /en/…."""
        for language in LANGUAGES:
            prefix = "" if language == DEFAULT_LANGUAGE else f"/{language}"
            endpoint = partial(self._endpoint, language, prefix, handler)
            router.add_route(prefix + path, endpoint, methods=["GET", "HEAD"], include_in_schema=False)

    def _endpoint(self, language: str, prefix: str, handler: Handler, request: Request) -> Response:
        path = request.scope["path"].removeprefix(prefix) or "/"
        return self.answer(self.visit(request, language, path), handler)


def _stamp(site: Site, static: StaticFiles) -> str:
    digest = hashlib.sha256()
    folder = TEMPLATES.parent
    for path in sorted(path for ending in ("html", "po", "ttl", "toml", "md") for path in folder.rglob(f"*.{ending}")):
        digest.update(path.read_bytes())
    digest.update(repr((__version__, site.release.manifest, site.settings.shown(), static.stamp)).encode())
    return digest.hexdigest()
