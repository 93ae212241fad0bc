"""All routes of the site behind one: which of nearly two hundred a request is tried at follows from its first step.

https://www.starlette.io/routing/#route-priority
"""

from collections.abc import Iterable
from typing import cast

from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from publisher.web.links import DEFAULT_LANGUAGE, LANGUAGES

_CHOSEN = "kreisgraph.route"
_OTHERS = tuple(f"/{language}/" for language in LANGUAGES if language != DEFAULT_LANGUAGE)


class Signpost(BaseRoute):
    """``routes`` in the order in which they are tried, as if they stood here one after the other."""

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        found = [(_first(route), route) for route in routes]
        self._open = [route for step, route in found if not step]
        """Those that may begin with any step."""
        self._by_step = {
            step: [route for own, route in found if own in ("", step)] for step in {step for step, _ in found if step}
        }

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """As each of the routes: the first that fits, else the first that fits but for the method."""
        partial: tuple[Match, Scope] = (Match.NONE, {})
        if scope["type"] != "http":
            return partial
        for route in self._by_step.get(_step(scope["path"]), self._open):
            match, found = route.matches(scope)
            if match == Match.FULL:
                return match, {**found, _CHOSEN: route}
            if match == Match.PARTIAL and partial[0] == Match.NONE:
                partial = match, {**found, _CHOSEN: route}
        return partial

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hands a request to the route that was found."""
        await cast(BaseRoute, scope[_CHOSEN]).handle(scope, receive, send)


def _step(path: str) -> str:
    """The first step of ``path``, and the one after it where the first names a language."""
    start = path.index("/", 1) + 1 if path.startswith(_OTHERS) else 1
    end = path.find("/", start)
    return path if end < 0 else path[:end]


def _first(route: BaseRoute) -> str:
    """The first step of all paths that ``route`` fits; "" where there is none that they have in common."""
    step = _step(str(getattr(route, "path", "/{}")))
    return "" if "{" in step else step
