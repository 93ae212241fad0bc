"""Conditional requests: one ETag per representation, 304 before any work is done.

https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2
"""

import hashlib
import re
from collections.abc import Callable

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


def cached(
    request: Request, tag: str, make: Callable[[], Response], *, vary: str = "", control: str = CACHE_CONTROL
) -> Response:
    """304 when the visitor holds ``tag``, else the response of ``make`` with the headers that let it be kept.

    Responses that are no success (a problem, a redirect) are passed on as they are.
    """
    response = Response(status_code=304) if unchanged(request, tag) else make()
    if response.status_code in (200, 304):
        response.headers["ETag"] = tag
        response.headers.setdefault("Cache-Control", control)
    if vary:
        response.headers["Vary"] = vary
    return response
