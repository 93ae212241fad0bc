"""The server over streamable HTTP: every request stands for itself, so that any page process may answer it.

https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#streamable-http
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from mcp.server.streamable_http_manager import StreamableHTTPASGIApp, StreamableHTTPSessionManager
from starlette.routing import Route

from publisher.endpoint.client import Endpoint
from publisher.mcp.server import server
from publisher.views.site import Site

PATH = "/mcp"
LONGEST = 64 * 1024
"""The largest request, in bytes."""


def router(site: Site, endpoint: Endpoint, language: str = "en") -> APIRouter:
    """The route of the server, as a part of the site. Each process that serves it starts it with its own loop."""
    manager = StreamableHTTPSessionManager(
        server(site, endpoint, language), stateless=True, json_response=True, max_request_body_size=LONGEST
    )

    @asynccontextmanager
    async def lifespan(app: object) -> AsyncIterator[None]:
        async with manager.run():
            yield

    routes = APIRouter(lifespan=lifespan)
    # Only POST: without sessions there is nothing to listen to (GET) and nothing to end (DELETE).
    routes.routes.append(Route(PATH, StreamableHTTPASGIApp(manager), methods=["POST"], include_in_schema=False))
    return routes


def application(site: Site, endpoint: Endpoint, language: str = "en") -> FastAPI:
    """The server alone."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.include_router(router(site, endpoint, language))
    return app
