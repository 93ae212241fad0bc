"""Headers that every answer carries: content security, cross-origin reading of data."""

from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SECURITY = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
SCRIPTS = f"{_POLICY}; script-src 'self'; connect-src 'self'"
"""The policy of a page that has a script of ours; such a page sets it itself."""

_PREFLIGHT = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Accept-Language, Accept-Profile, Content-Type, If-Modified-Since, "
    "If-None-Match, If-Range, Mcp-Method, Mcp-Name, Mcp-Protocol-Version, Range",
    "Access-Control-Max-Age": "86400",
    **SECURITY,
}
RELEASE = "X-Kreisgraph-Release"
"""The header that says from which release an answer is."""

_EXPOSED = (
    "Accept-Ranges, Content-Digest, Content-Disposition, Content-Encoding, Content-Range, ETag, Link, Location, "
    f"Repr-Digest, {RELEASE}"
)
_LISTS = (b"accept", b"accept-encoding", b"accept-language", b"accept-profile", b"if-none-match")
"""Request headers that may come in several lines, which mean one list."""


_EVERYWHERE = [(name.lower().encode(), value.encode()) for name, value in SECURITY.items()]
_READABLE = [(b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", _EXPOSED.encode())]


def secure(headers: MutableHeaders) -> None:
    """Adds what is missing: security headers everywhere, free reading for everything that is no page."""
    page = headers.get("content-type", "").startswith("text/html")
    held = {name for name, _ in headers.raw}
    headers.raw.extend(pair for pair in (_EVERYWHERE if page else _EVERYWHERE + _READABLE) if pair[0] not in held)


class Headers:
    """ASGI middleware around the whole site; answers OPTIONS itself. Every answer names the ``release`` it is from."""

    def __init__(self, app: ASGIApp, release: str = "") -> None:
        self.app, self.release = app, release

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif scope["method"] == "OPTIONS":
            await Response(status_code=204, headers=_PREFLIGHT | {"Allow": _PREFLIGHT["Access-Control-Allow-Methods"]})(
                scope, receive, _adding(send, self.release)
            )
        else:
            await self.app(readable(scope), receive, _adding(send, self.release))


def readable(scope: Scope) -> Scope:
    """``scope`` as the rest may rely on it: a query string in ASCII, each header that is a list in one piece."""
    query: bytes = scope.get("query_string", b"")
    # Other bytes get the percent signs they should have come with.
    text = query if query.isascii() else quote(query, safe="%!$&'()*+,;=:@/?-._~").encode()
    lists: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        if name in _LISTS:
            lists[name] = lists[name] + b", " + value if name in lists else value
    others = [(name, value) for name, value in scope["headers"] if name not in _LISTS]
    return {**scope, "query_string": text, "headers": [*others, *lists.items()]}


def _adding(send: Send, release: str) -> Send:
    async def forward(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            secure(headers)
            headers.setdefault(RELEASE, release)
        await send(message)

    return forward
