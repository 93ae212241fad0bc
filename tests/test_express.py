"""The express lane over real connections: small queries pass the line by, everything else comes to it unharmed."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from endpoint_host import running, settings

from publisher.core.refusals import QuerySyntax, QueryTimeout
from publisher.endpoint.client import Endpoint
from publisher.endpoint.express import Express
from publisher.endpoint.request import Limits, QueryRequest
from publisher.endpoint.slip import Slip
from publisher.endpoint.tally import Tally
from publisher.endpoint.wire import Asked, Wire

SMALL_KEY, KILLER_KEY = "aa" * 32, "bb" * 32
SMALL = 'SELECT ?x { VALUES ?x { "a" } }'
_SOME = "{ SELECT * { %s } LIMIT 500 }"
SLOW = f"SELECT (SUM(STRLEN(SHA256(CONCAT(STR(?a), STR(?d))))) AS ?n) {{ {_SOME % '?a ?b ?c'} {_SOME % '?d ?e ?f'} }}"
"""More of a processor's time than the lane grants, less than the limit."""
KILLER = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(?a != ?j) }"
LARGE = f'SELECT ?a ("{"x" * 600}" AS ?x) {{ ?a ?b ?c }}'


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Limits]]:
    """The workers and the line, with one express worker."""
    folder = tmp_path_factory.mktemp("express")
    chosen = settings(folder / "releases", query_seconds=3.0, query_memory_mb=1024)
    with running("workers", folder, chosen):
        yield folder, Limits.of(chosen)


@asynccontextmanager
async def _endpoint(workers: tuple[Path, Limits]) -> AsyncIterator[tuple[Endpoint, Tally]]:
    """A page process's side, as soon as its lane answers."""
    tally = Tally(1)
    endpoint = Endpoint(*workers, tally)
    endpoint.hurry(0, Slip())
    try:
        await _settled(endpoint, tally)
        yield endpoint, tally
    finally:
        endpoint.close()
        await asyncio.sleep(0)


class _Lane:
    """Whose connection it is, with all it is told."""

    def __init__(self) -> None:
        self.told: list[object] = []

    def back(self, loan: int, read: bytes, unsent: bytes) -> None:
        self.told.append(loan)

    def give_up(self) -> None:
        self.told.append("give up")

    def lost(self, culprit: Asked | None) -> None:
        self.told.append(culprit)


def _answered(tally: Tally) -> int:
    empty = {"outcomes": {}, "durations": [], "seconds": 0.0}
    return int(tally.added_to(empty)["outcomes"].get("answered", 0))


async def _settled(endpoint: Endpoint, tally: Tally) -> None:
    """Asks until the lane answers: a worker that died is replaced in a moment."""
    for _ in range(100):
        before = _answered(tally)
        await endpoint.whole(QueryRequest(SMALL), "somebody")
        if _answered(tally) > before:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("the lane stayed closed")


def test_answers_come_in_the_order_of_the_queries_on_one_connection(workers: tuple[Path, Limits]) -> None:
    async def ask() -> None:
        loop, lane = asyncio.get_running_loop(), _Lane()
        transport, wire = await loop.create_unix_connection(lambda: Wire(lane), str(workers[0] / "express-0"))
        requests = [QueryRequest(f'SELECT ?x {{ VALUES ?x {{ "{number}" }} }}', work=9.0) for number in range(30)]
        found = await asyncio.gather(*(wire.ask("query", "client", request.encode()) for request in requests))
        assert [f'"value":"{number}"'.encode() in (body or b"") for number, body in enumerate(found)] == [True] * 30
        assert wire.alive and not wire.length and not lane.told
        transport.close()
        await asyncio.sleep(0)

    asyncio.run(ask())


def test_a_worker_that_stays_silent_is_given_up(tmp_path: Path) -> None:
    async def ask() -> None:
        lane = Express(tmp_path / "silent", Slip())
        assert await lane.ask(QueryRequest(SMALL), SMALL_KEY, "friend") is None
        lane.close()
        await asyncio.sleep(0)

    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "silent"))
        silent.listen()
        asyncio.run(ask())


@pytest.mark.parametrize("query", [SLOW, LARGE])
def test_what_takes_longer_or_is_large_is_answered_by_the_line(workers: tuple[Path, Limits], query: str) -> None:
    async def ask() -> None:
        async with _endpoint(workers) as (endpoint, tally):
            before, lines = _answered(tally), (await endpoint.stats())["outcomes"].get("answered", 0)
            with_line, alone = await endpoint.whole(QueryRequest(query), "one"), Endpoint(*workers)
            assert with_line == await alone.whole(QueryRequest(query), "two")
            assert _answered(tally) == before
            for _ in range(100):
                # The line hears of an end a moment after the visitor.
                if (await endpoint.stats())["outcomes"]["answered"] >= lines + 2:
                    return
                await asyncio.sleep(0.1)
            raise AssertionError("the line has not answered both")

    asyncio.run(ask())


def test_a_killer_costs_others_a_moment_and_ends_as_in_the_line(workers: tuple[Path, Limits]) -> None:
    async def ask() -> None:
        async with _endpoint(workers) as (endpoint, tally):
            killer = asyncio.create_task(endpoint.whole(QueryRequest(KILLER), "rude"))
            await asyncio.sleep(0.01)
            bodies = await asyncio.gather(*(endpoint.whole(QueryRequest(SMALL), "friend") for _ in range(5)))
            assert all(b'"value":"a"' in body for body in bodies) and not killer.done()
            with pytest.raises(QueryTimeout):
                await killer
            await _settled(endpoint, tally)

    asyncio.run(ask())


def test_who_sent_a_killer_is_sent_to_the_line_for_a_while(workers: tuple[Path, Limits]) -> None:
    async def ask() -> None:
        lane = Express(workers[0] / "express-0", Slip())
        for _ in range(100):
            if await lane.ask(QueryRequest(SMALL), SMALL_KEY, "friend"):
                break
            await asyncio.sleep(0.1)
        assert await lane.ask(QueryRequest(KILLER), KILLER_KEY, "rude") is None
        for _ in range(100):
            if await lane.ask(QueryRequest(SMALL), SMALL_KEY, "friend"):
                break
            await asyncio.sleep(0.1)
        assert await lane.ask(QueryRequest(SMALL), SMALL_KEY, "friend")
        assert await lane.ask(QueryRequest(SMALL), SMALL_KEY, "rude") is None
        assert await lane.ask(QueryRequest(KILLER), KILLER_KEY, "friend") is None
        lane.close()
        await asyncio.sleep(0)

    asyncio.run(ask())


def test_a_mistake_is_named_as_in_the_line(workers: tuple[Path, Limits]) -> None:
    async def ask() -> None:
        async with _endpoint(workers) as (endpoint, _):
            found = []
            for one in (endpoint, Endpoint(*workers)):
                with pytest.raises(QuerySyntax) as caught:
                    await one.whole(QueryRequest("SELECT ?x { ?x }"))
                found.append(caught.value.facts)
            assert found[0] == found[1] and found[0]["line"] == 1

    asyncio.run(ask())


def test_without_its_worker_nothing_is_lost(workers: tuple[Path, Limits], tmp_path: Path) -> None:
    async def ask() -> bytes | None:
        return await Express(tmp_path / "nobody", Slip()).ask(QueryRequest(SMALL), SMALL_KEY, "friend")

    assert asyncio.run(ask()) is None
