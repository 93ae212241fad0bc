"""The duty pages and the overview of all pages."""

from functools import partial

from fastapi import APIRouter

from publisher.web import texts
from publisher.web.frame import Frame, Page, Visit


def router(frame: Frame) -> APIRouter:
    """The routes of the duty pages."""
    routes = APIRouter()
    for name in texts.NAMES:
        frame.register(routes, f"/{name}", partial(_text, name))
    frame.register(routes, "/uebersicht", _overview)
    return routes


def _text(name: str, visit: Visit) -> Page:
    text = texts.load(visit.site.settings, name, visit.language)
    return Page("text.html", text)


def _overview(visit: Visit) -> Page:
    return Page("overview.html")
