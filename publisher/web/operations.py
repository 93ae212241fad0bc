"""What the people who run the site ask: is it alive (/health), can it answer (/ready), how does it fare (/metrics)."""

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from publisher.core.refusals import NotFound
from publisher.core.settings import Settings
from publisher.endpoint.client import Endpoint
from publisher.release.manifest import Manifest

HEALTH, READY, METRICS = "/health", "/ready", "/metrics"
RETRY_SECONDS = 5
NO_STORE: Mapping[str, str] = {"Cache-Control": "no-store"}
_STATS_SECONDS = 1.0
_LOCAL = ("127.0.0.1", "::1")
_THROUGH_A_PROXY = ("forwarded", "via", "x-forwarded-for", "x-real-ip")
Exposition = Callable[[Mapping[str, Any] | None], tuple[bytes, str]]
"""Makes the text of the metrics and its media type from the numbers of the waiting line (None: nobody keeps it)."""


def router(
    settings: Settings, manifest: Manifest, endpoint: Endpoint, exposition: Exposition | None = None
) -> APIRouter:
    """The routes; without ``exposition`` there are no metrics."""
    routes = APIRouter()
    add = partial(routes.add_route, methods=["GET", "HEAD"], include_in_schema=False)
    add(HEALTH, partial(_health, manifest))
    add(READY, partial(_ready, manifest, endpoint))
    if exposition:
        add(METRICS, partial(_metrics, settings, endpoint, exposition))
    return routes


async def _health(manifest: Manifest, request: Request) -> Response:
    return state("alive", HTTPStatus.OK, manifest.version)


async def _ready(manifest: Manifest, endpoint: Endpoint, request: Request) -> Response:
    if await _stats(endpoint) is None:
        return state("no queries", HTTPStatus.SERVICE_UNAVAILABLE, manifest.version)
    return state("ready", HTTPStatus.OK, manifest.version)


def state(name: str, status: HTTPStatus, release: str = "") -> Response:
    """The state of the site for programs."""
    retry = {"Retry-After": str(RETRY_SECONDS)} if status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    return JSONResponse({"state": name, "release": release or None}, status, {**NO_STORE, **retry})


async def _metrics(settings: Settings, endpoint: Endpoint, exposition: Exposition, request: Request) -> Response:
    if not allowed(settings.metrics, request):
        raise NotFound(what=METRICS)
    # Counting the memory of processes reads files of the kernel, which may take a while.
    body, media = await asyncio.to_thread(exposition, await _stats(endpoint))
    return Response(body, headers={**NO_STORE, "Content-Type": media})


def allowed(who: str, request: Request) -> bool:
    """Whether ``request`` may see what is for ``who``: off, local or public.

    Local is who asks from this machine and not through a proxy: behind one, everybody would seem to be.
    """
    if who != "local":
        return who == "public"
    through = any(name in request.headers for name in _THROUGH_A_PROXY)
    return not through and request.client is not None and request.client.host in _LOCAL


async def _stats(endpoint: Endpoint) -> Mapping[str, Any] | None:
    try:
        async with asyncio.timeout(_STATS_SECONDS):
            return await endpoint.stats()
    except (OSError, EOFError, TimeoutError):
        return None
