"""Rude clients: send killers and half requests to the endpoint, and judge every answer. Run as a process of its own."""

import asyncio
import json
import random
import re
import sys
import time
import tomllib
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

REPEATED = re.compile(r"«(.*?)\|(\d+)»", re.DOTALL)
HONEST = {429, 503}
"""All places are taken; said of any query."""
LIMITS = {400, 413, 503}
"""A limit that struck, or a query that is none."""
RUDE = ("half a head", "half a body", "reads slowly", "goes away", "reads nothing")
FORMATS = ("application/sparql-results+json", "text/csv", "text/turtle, application/sparql-results+xml", "text/html")


@dataclass(frozen=True)
class Killer:
    """One query; ``must`` are the statuses that are right for it."""

    name: str
    query: str
    must: frozenset[int]


def killers() -> list[Killer]:
    """The table ``killers.toml``."""
    table = tomllib.loads(Path(__file__).with_name("killers.toml").read_text(encoding="utf-8"))
    return [
        Killer(row["name"], REPEATED.sub(_repeated, row["query"]), frozenset(row.get("must", ())))
        for row in table["query"]
    ]


def _repeated(found: re.Match[str]) -> str:
    text, number = found[1], int(found[2])
    if "%" not in text and "#" not in text:
        return text * number
    return "".join(text.replace("%", str(i + 1)).replace("#", str(i)) for i in range(number))


@dataclass
class Front:
    """The attack: where to, until when, how long an answer may take, and what came of it."""

    port: int
    end: float
    patience: float
    outcomes: Counter[str]
    wrong: list[str]
    path: str = "/sparql"

    async def client(self, address: str, seed: int, known: list[Killer]) -> None:
        """One client that goes on until the end."""
        dice = random.Random(seed)
        while time.monotonic() < self.end:
            killer = dice.choice(known)
            how = dice.choice(RUDE) if dice.random() < 0.15 else "waits"
            with suppress(OSError):
                await self._once(address, killer, dice.choice(FORMATS), how)

    async def _once(self, address: str, killer: Killer, accept: str, how: str) -> None:
        start = time.monotonic()
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, local_addr=(address, 0), limit=1 << 26)
        try:
            body = killer.query.encode()
            head = (
                f"POST {self.path} HTTP/1.1\r\nHost: x\r\n"
                f"Content-Type: application/sparql-query\r\nAccept: {accept}\r\n"
                f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
            ).encode()
            writer.write({"half a head": head[:60], "half a body": head + body[: len(body) // 2]}.get(how, head + body))
            if how != "waits":
                await asyncio.sleep(0.2 if how == "goes away" else 2)
                if how == "reads slowly":
                    await reader.read(1000)
                self.outcomes[how] += 1
                return
            try:
                async with asyncio.timeout(self.patience):
                    raw = await reader.read(-1)
            except TimeoutError:
                self._judge(killer, "no answer", False, start)
                return
            outcome, right = judged(raw, killer)
            self._judge(killer, outcome, right, start)
        finally:
            writer.transport.abort()

    def _judge(self, killer: Killer, outcome: str, right: bool, start: float) -> None:
        self.outcomes[outcome] += 1
        if not right:
            self.wrong.append(f"{killer.name}: {outcome} after {time.monotonic() - start:.1f} s")


def judged(raw: bytes, killer: Killer) -> tuple[str, bool]:
    """What an answer says of itself, and whether that is honest."""
    head, _, body = raw.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 "):
        return "connection closed", False
    status, fields = int(head.split()[1]), head.lower()
    if status == 200 and b"transfer-encoding: chunked" in fields:
        if not body.endswith(b"0\r\n\r\n"):
            return "200 broken off visibly", True
    elif f"content-length: {len(body)}".encode() not in fields:
        return f"{status} cut", False
    if status != 200 and b"problem+json" in fields and "detail" not in json.loads(body):
        return f"{status} without a reason", False
    if status in HONEST:
        return str(status), True
    return str(status), status in killer.must if killer.must else status == 200 or status in LIMITS or status == 406


async def attack(
    port: int, clients: int, addresses: int, seconds: float, patience: float, path: str = "/sparql"
) -> Front:
    """``clients`` at the same time from so many addresses for so many seconds; the endpoint is at ``path``."""
    front = Front(port, time.monotonic() + seconds, patience, Counter(), [], path)
    known = killers()
    await asyncio.gather(
        *(front.client(f"127.0.0.{2 + number % addresses}", number, known) for number in range(clients))
    )
    return front


if __name__ == "__main__":
    port, clients, addresses = (int(value) for value in sys.argv[1:4])
    seconds, patience = (float(value) for value in sys.argv[4:6])
    done = asyncio.run(attack(port, clients, addresses, seconds, patience, *sys.argv[6:7]))
    print(json.dumps({"outcomes": done.outcomes, "wrong": done.wrong}))
