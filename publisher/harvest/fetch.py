"""Asks a running site as a portal does: plainly, without Accept, and no other host than those it may ask."""

import http.client
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPMessage
from io import BytesIO
from typing import IO
from urllib.parse import urlsplit

SECONDS = 60.0
_PIECE = 1 << 20
_AGENT = "kreisgraph-harvest-check"


class OtherHost(Exception):
    """An address at a host that is not to be asked."""


@dataclass(frozen=True)
class Answer:
    """The head of an answer, and its body; ``status`` 0 means that there was none, for ``reason``."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case."""
    body: bytes = b""
    size: int = 0
    reason: str = ""

    @property
    def media(self) -> str:
        """The media type without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True)
class Site:
    """The site under test: where it runs, and under which address it calls itself."""

    root: str
    """Where it runs, without a slash at the end."""
    called: str = ""
    """How the addresses in its catalogue begin, without a slash at the end; "" when the same."""
    hosts: frozenset[str] = frozenset()
    """Other hosts that may be asked."""

    def place(self, address: str) -> str:
        """Where ``address`` of the catalogue is asked for; raises OtherHost."""
        if self.called and (address == self.called or address.startswith(self.called + "/")):
            address = self.root + address.removeprefix(self.called)
        self.permit(address)
        return address

    def permit(self, address: str) -> None:
        """Raises OtherHost when ``address`` is not to be asked."""
        parts = urlsplit(address)
        own = parts.netloc == urlsplit(self.root).netloc or parts.hostname in self.hosts
        if parts.scheme not in ("http", "https") or not own:
            raise OtherHost(address)


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects, but only to hosts that may be asked."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        """The next request; raises OtherHost."""
        place = self._site.place(newurl)
        found = super().redirect_request(req, fp, code, msg, headers, place)
        if found is not None:
            found.method = req.get_method()
        return found


def ask(site: Site, address: str, method: str = "GET", accept: str = "", most: int = 1 << 31) -> Answer:
    """The answer of ``site`` at ``address``, redirects followed, at most ``most`` bytes of it kept.

    Raises OtherHost.
    """
    place = site.place(address)
    headers = {"User-Agent": _AGENT} | ({"Accept": accept} if accept else {})
    request = urllib.request.Request(place, headers=headers, method=method)
    # No proxy of the environment: what is asked is the site itself.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Redirects(site))
    try:
        with opener.open(request, timeout=SECONDS) as response:
            return _kept(response.status, response.headers, response, most)
    except urllib.error.HTTPError as error:
        with error:
            return _kept(error.code, error.headers, error, 1 << 16)
    except (OSError, http.client.HTTPException) as error:
        return Answer(0, reason=str(error))


def _kept(status: int, headers: Message, source: IO[bytes], most: int) -> Answer:
    body = BytesIO()
    while body.tell() <= most and (piece := source.read(_PIECE)):
        body.write(piece)
    named = {name.lower(): value for name, value in headers.items()}
    return Answer(status, named, body.getvalue(), body.tell())
