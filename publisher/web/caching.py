"""Conditional requests: one ETag per representation, 304 before any work is done.

https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2
"""

import hashlib
import re
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

CACHE_CONTROL = "public, max-age=300, must-revalidate"
FOREVER = "public, max-age=31536000, immutable"

_TAG = re.compile(r'(?:W/)?("[^"]*")')


def etag(stamp: str, *parts: str) -> str:
    """The tag of one representation: release and program (``stamp``), path, query, format, language.

    It is weak, since the same tag stands for the plain and the compressed bytes.
    """
    digest = hashlib.sha256("\n".join((stamp, *parts)).encode()).hexdigest()
    return f'W/"{digest[:24]}"'


def unchanged(request: Request, tag: str) -> bool:
    """Whether the visitor already holds the representation ``tag``."""
    held = _TAG.findall(request.headers.get("if-none-match", ""))
    return request.method in ("GET", "HEAD") and _TAG.findall(tag)[0] in held


def unchanged_since(request: Request, modified: float) -> bool:
    """Whether the visitor asks by date alone (If-Modified-Since) and nothing changed after it.

    ``modified`` is in seconds since 1970.
    """
    if "if-none-match" in request.headers or request.method not in ("GET", "HEAD"):
        return False
    try:
        return int(modified) <= parsedate_to_datetime(request.headers.get("if-modified-since", "")).timestamp()
    except (ValueError, TypeError, OverflowError):
        return False


def cached(
    request: Request, tag: str, make: Callable[[], Response], *, vary: str = "", control: str = CACHE_CONTROL
) -> Response:
    """304 when the visitor holds ``tag``, else the response of ``make`` with the headers that let it be kept.

    Responses that are no success (a problem, a redirect) are passed on as they are.
    """
    response = Response(status_code=HTTPStatus.NOT_MODIFIED) if unchanged(request, tag) else make()
    if response.status_code == HTTPStatus.OK and request.headers.get("if-none-match", "").strip() == "*":
        # "Anything you have": only a thing that exists can be held, so it is made first.
        response = Response(status_code=HTTPStatus.NOT_MODIFIED)
    if response.status_code in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED):
        response.headers["ETag"] = tag
        response.headers.setdefault("Cache-Control", control)
        # Said of both, so that a 304 names what the 200 would; the size decides whether 200 is compressed.
        vary = ", ".join(part for part in (vary or response.headers.get("Vary", ""), "Accept-Encoding") if part)
    if vary:
        response.headers["Vary"] = vary
    return response
