"""The composition root of the site: wires pages, data and errors to one application."""

from collections.abc import Callable

from fastapi import APIRouter, FastAPI

from publisher.graph.remote import Remote
from publisher.views.site import Site
from publisher.web import (
    catalogue,
    downloads,
    found,
    pages_actors,
    pages_beside,
    pages_compare,
    pages_concepts,
    pages_counties,
    pages_data,
    pages_datasets,
    pages_description,
    pages_fields,
    pages_gaps,
    pages_generic,
    pages_map,
    pages_places,
    pages_questions,
    pages_releases,
    pages_search,
    pages_sparql,
    pages_texts,
    pages_versions,
    pages_vocabulary,
    problems,
    release_files,
    resources,
    static,
)
from publisher.web.compression import Compression
from publisher.web.frame import Frame
from publisher.web.headers import Headers
from publisher.web.resources import DocumentPage, Kinds
from publisher.web.signpost import Signpost
from publisher.web.steady import Steady

PAGES: tuple[Callable[[Frame], APIRouter], ...] = (
    pages_actors.router,
    pages_beside.router,
    pages_compare.router,
    pages_counties.router,
    pages_description.router,
    pages_data.router,
    pages_datasets.router,
    pages_fields.router,
    pages_map.router,
    pages_gaps.router,
    pages_places.router,
    pages_questions.router,
    pages_releases.router,
    pages_search.router,
    pages_sparql.router,
    pages_texts.router,
    pages_versions.router,
    pages_vocabulary.router,
)
"""Every module of pages: its function that makes the routes."""

DOCUMENTS: tuple[Callable[[Frame], dict[str, DocumentPage]], ...] = (
    pages_counties.documents,
    pages_fields.documents,
    pages_concepts.documents,
    pages_description.documents,
)
"""Every module of pages about things: its function that says which kinds it shows, special ones first."""


def routers(frame: Frame, *services: APIRouter) -> list[APIRouter]:
    """All routes of the site in ``frame`` in the order in which they are tried; see ``create_app``."""
    return [
        static.router(frame.static),
        # Before the pages: an address with the ending of a format names no page.
        release_files.router(frame),
        *services,
        # Before the pages: the page of a data set takes any name, also one with an ending.
        catalogue.router(frame),
        *(module(frame) for module in PAGES),
        found.router(frame),
        resources.router(frame, kinds(frame)),
        downloads.router(frame),
    ]


def kinds(frame: Frame) -> Kinds:
    """Which page shows which thing."""
    pages = {key: page for documents in DOCUMENTS for key, page in documents(frame).items()}
    return Kinds(pages, pages_generic.document)


def create_app(site: Site, *services: APIRouter) -> FastAPI:
    """The application that serves ``site``; ``services`` are routes that need more than the site, tried first."""
    frame = site.once(Frame.of)
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    chosen = routers(frame, *services)
    for router in chosen:
        app.include_router(router)
    # What was included stays included, but for the looking: it takes half a millisecond.
    app.router.routes[:] = [Signpost(route for router in chosen for route in router.routes)]
    problems.install(app, frame)
    if isinstance(site.dataset, Remote):
        app.add_middleware(Steady, frame=frame, dataset=site.dataset)
    app.add_middleware(Compression)
    app.add_middleware(Headers, release=site.release.manifest.version)
    return app
