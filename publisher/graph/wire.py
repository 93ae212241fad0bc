"""Talks to a SPARQL server over HTTP: queries by the SPARQL Protocol, with connections that are kept.

https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

import base64
import logging
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

import urllib3
from urllib3.exceptions import HTTPError, ProtocolError, TimeoutError
from urllib3.util import Timeout

from publisher.core.refusals import EngineBroken, EngineCannot, EngineDown, QueryTimeout
from publisher.graph.kinds import KINDS, Kind

TABLE, TRIPLES = "application/sparql-results+json", "application/n-triples"
USER, PASSWORD, TOKEN = "KREISGRAPH_STORE_USER", "KREISGRAPH_STORE_PASSWORD", "KREISGRAPH_STORE_TOKEN"
"""Where credentials come from: the environment alone, never a file of settings."""
RETRY_SECONDS = 5
_OVERLOADED = frozenset([401, 403, 404, 407, 429, 502, 503, 504])
"""Statuses that say nothing of the query: who asks again later may get an answer."""
_OUT_OF_TIME = re.compile(r"time[d ]?-? ?out|S1T00|S1TAT|deadline|QueryTimeout|exceeded the .*time", re.IGNORECASE)
_LONGEST_REASON = 300
_CONNECT_SECONDS = 3.0
_MOST_CONNECTIONS = 40
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Server:
    """Where a SPARQL server is, of which kind, and how long our own queries may take there."""

    address: str
    kind: str = "oxigraph"
    data: str = ""
    seconds: float = 10.0

    @property
    def ways(self) -> Kind:
        """What servers of its kind need."""
        return KINDS[self.kind]

    @property
    def loading(self) -> str:
        """The address of the Graph Store Protocol; "" when it is not known."""
        ways = self.ways
        if self.data or not (ways.query or ways.data) or not self.address.endswith(ways.query):
            return self.data
        return self.address.removesuffix(ways.query) + ways.data


@dataclass
class Wire:
    """The connections to one server. After a fork each process makes its own."""

    server: Server
    _pool: urllib3.PoolManager | None = field(default=None, repr=False)
    _owner: int = 0
    asked: int = 0
    """How many queries went out so far."""

    def ask(self, query: str, accept: str, graphs: Sequence[tuple[str, str]] = (), seconds: float = 0.0) -> "Reading":
        """The answer to ``query``, to be read as it comes. ``graphs`` are the fields that name the dataset.

        Raises EngineDown, EngineBroken, EngineCannot or QueryTimeout.
        """
        seconds, ways = seconds or self.server.seconds, self.server.ways
        fields = [("query", query), *graphs]
        if ways.timeout:
            fields.append((ways.timeout, str(max(ways.shortest, round(seconds * ways.unit)))))
        self.asked += 1
        answer = self._post(urlencode(fields).encode(), accept, seconds)
        try:
            self._judge(answer, accept, seconds)
        except BaseException:
            answer.close()
            raise
        return Reading(answer, seconds)

    def _post(self, body: bytes, accept: str, seconds: float) -> urllib3.BaseHTTPResponse:
        headers = {"Accept": accept, "Content-Type": "application/x-www-form-urlencoded", **credentials()}
        for last in (False, True):
            try:
                return self.pool.request(
                    "POST",
                    self.server.address,
                    body=body,
                    headers=headers,
                    timeout=Timeout(connect=_CONNECT_SECONDS, read=seconds + 1),
                    retries=False,
                    redirect=False,
                    preload_content=False,
                )
            except ProtocolError as error:
                # A server may close a connection that was kept in the very moment in which it is used again.
                if last:
                    raise down(self.server, error) from None
            except TimeoutError as error:
                if isinstance(error, urllib3.exceptions.ReadTimeoutError):
                    raise QueryTimeout(seconds=seconds) from None
                raise down(self.server, error) from None
            except HTTPError as error:
                raise down(self.server, error) from None
        raise AssertionError("unreachable")

    @property
    def pool(self) -> urllib3.PoolManager:
        """The connections of this process."""
        if self._pool is None or self._owner != os.getpid():
            self._pool, self._owner = urllib3.PoolManager(maxsize=_MOST_CONNECTIONS, retries=False), os.getpid()
        return self._pool

    def close(self) -> None:
        """Lets the connections go; the next query makes new ones."""
        if self._pool is not None:
            self._pool.clear()
            self._pool = None

    def _judge(self, answer: urllib3.BaseHTTPResponse, accept: str, seconds: float) -> None:
        """Raises what the head of ``answer`` says is wrong with it."""
        if answer.status != 200:
            reason = Reading(answer, seconds).read(1 << 16).decode("utf-8", "replace")
            raise judged(self.server, answer.status, reason, seconds)
        if answer.headers.get("X-SQL-State") or answer.headers.get("X-SPARQL-Anytime"):
            # Virtuoso ends a query after a while and gives what it has by then, as if it were all.
            raise QueryTimeout(seconds=seconds)
        if answer.headers.get("X-SPARQL-MaxRows"):
            raise EngineBroken(reason=f"ResultSetMaxRows = {answer.headers['X-SPARQL-MaxRows']}")
        if accept.split(";")[0] not in answer.headers.get("Content-Type", ""):
            raise EngineBroken(reason=f"Content-Type: {answer.headers.get('Content-Type')}")


@dataclass(frozen=True)
class Reading:
    """An answer that is read as it comes, and says when it breaks off."""

    answer: urllib3.BaseHTTPResponse
    seconds: float

    def read(self, amount: int | None = None) -> bytes:
        """At most ``amount`` bytes; none at the end. Raises EngineBroken or QueryTimeout."""
        try:
            return self.answer.read(amount if amount is None or amount >= 0 else None)
        except TimeoutError:
            self.answer.close()
            raise QueryTimeout(seconds=self.seconds) from None
        except (HTTPError, OSError) as error:
            self.answer.close()
            raise EngineBroken(reason=type(error).__name__) from None


def judged(server: Server, status: int, reason: str, seconds: float) -> Exception:
    """What an answer with ``status`` and the text ``reason`` means."""
    if status in _OVERLOADED and not _OUT_OF_TIME.search(reason):
        return down(server, f"HTTP {status}")
    if _OUT_OF_TIME.search(reason):
        return QueryTimeout(seconds=seconds)
    return EngineCannot(reason=" ".join(reason.partition("SPARQL query:")[0].split())[:_LONGEST_REASON])


def down(server: Server, reason: object) -> EngineDown:
    """The error for a server that does not answer; the log says why."""
    _log.error("the store at %s does not answer: %s", server.address, reason)
    return EngineDown(seconds=RETRY_SECONDS)


def credentials(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The header that says who we are, from the environment; none when nothing is set there."""
    if token := environment.get(TOKEN):
        return {"Authorization": f"Bearer {token}"}
    name, password = user(environment)
    if name:
        pair = f"{name}:{password}".encode()
        return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
    return {}


def user(environment: Mapping[str, str] = os.environ) -> tuple[str, str]:
    """Name and password in the environment; both empty when there are none."""
    return environment.get(USER, ""), environment.get(PASSWORD, "")
