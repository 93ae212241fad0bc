"""How well and how fast the search finds, beside SQLite FTS5 and Tantivy; writes its tables into docs/search.md.

    python -m benchmarks.search                     quality, on the judged queries and the five counties
    python -m benchmarks.search --scale RELEASES    also times, on a release of any size (see benchmarks.release)
    … --write                                       puts the tables into docs/search.md

Times are of this process on one processor: they do not count what others run beside it.
"""

import argparse
import asyncio
import csv
import os
import platform
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import httpx
from fastapi import FastAPI

from benchmarks.release import make_release
from benchmarks.search_engines import ENGINES, Rank
from publisher.core.settings import load
from publisher.endpoint.functions import with_functions
from publisher.graph.sources import find
from publisher.language.vocabulary import Vocabulary
from publisher.release.reader import open_release
from publisher.views.search_entries import Entry
from publisher.views.search_index import Index
from publisher.views.site import Site
from publisher.web.app import create_app

ROOT = Path(__file__).parent.parent
JUDGED = ROOT / "tests" / "data" / "search" / "judged.tsv"
DOC = ROOT / "docs" / "search.md"
SETS = ("refined", "fresh")
FIRST = 5
RUNS = 7
QUERIES = (
    "Sprache",
    "Integration",
    "Arbeit",
    "interkulturelle Öffnung der Verwaltung",
    "Integrationsbeauftragte",
    "Sprahce",
)
PAGES = {
    "empty": "/suche",
    "hits of all kinds": "/suche?q=Sprache",
    "one kind, page 50": "/suche?q=Sprache&art=Ziel&seite=50",
    "three words": "/suche?q=" + quote("interkulturelle Öffnung der Verwaltung"),
    "a phrase": "/suche?q=" + quote('"im Landkreis"'),
    "one county": "/suche?q=Arbeit&kreis=Leer",
    "one common field": "/suche?q=Sprache&feld=F01",
    "a slip": "/suche?q=Sprahce",
    "nothing found": "/suche?q=Quastenflosser",
}
MANY_WORDS = 100_000
CALL = (
    'PREFIX ic: <{ns}> SELECT (COUNT(*) AS ?n) WHERE {{ ?thing ic:text ?text FILTER(ic:matches(?text, "Ehrenamt")) }}'
)


@dataclass(frozen=True)
class Case:
    """A judged query: what holds its words in some form, and what says the same in other words."""

    query: str
    set: str
    worded: frozenset[str]
    meant: frozenset[str]


@dataclass(frozen=True)
class Quality:
    """Means over queries: how many of the first five and of all hits are relevant, how many relevant ones are found."""

    first: float
    precision: float
    recall: float
    recall_meant: float


def cases(site: Site) -> list[Case]:
    """The judged queries, their things as IRIs."""
    with JUDGED.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    iris: Callable[[str], frozenset[str]] = lambda names: frozenset(site.id(name) for name in names.split())  # noqa: E731
    return [Case(row["query"], row["set"], iris(row["worded"]), iris(row["meant"])) for row in rows]


def judged(site: Site, entry: Entry) -> bool:
    """Whether ``entry`` was judged: the terms of our own lists and of other frameworks were not."""
    return entry.iri.startswith(site.id("")) and not entry.iri.startswith(site.id("rahmen/"))


def quality(rank: Rank, queries: Sequence[Case]) -> Quality:
    """How well ``rank`` answers ``queries``."""
    rows = []
    for case in queries:
        found, all_relevant = rank(case.query), case.worded | case.meant
        good = [iri in all_relevant for iri in found]
        rows.append(
            (
                sum(good[:FIRST]) / max(1, len(good[:FIRST])),
                sum(good) / max(1, len(good)),
                len(case.worded & set(found)) / len(case.worded),
                sum(good) / len(all_relevant),
            )
        )
    return Quality(*(statistics.mean(column) for column in zip(*rows, strict=True)))


def quality_table(site: Site) -> str:
    """Every engine's quality on both sets, as a Markdown table."""
    entries = [entry for entry in site.once(Index.of).entries if judged(site, entry)]
    known, queries = {entry.iri for entry in entries}, cases(site)
    lines = [
        "| engine | set | precision at 5 | precision | recall | recall with other words |",
        "|---|---|---|---|---|---|",
    ]
    for name, make in ENGINES.items():
        rank = make(site, entries)
        within: Rank = lambda query, rank=rank: [iri for iri in rank(query) if iri in known]  # type: ignore[misc]  # noqa: E731
        for chosen in SETS:
            found = quality(within, [case for case in queries if case.set == chosen])
            numbers = (found.first, found.precision, found.recall, found.recall_meant)
            lines.append(f"| {name} | {chosen} | " + " | ".join(f"{number:.2f}" for number in numbers) + " |")
    return "\n".join(lines)


def median_ms(run: Callable[[], object]) -> float:
    """Median processor time of RUNS runs in milliseconds; the first run, which fills caches, counts as well."""
    times = []
    for _ in range(RUNS):
        start = time.process_time()
        run()
        times.append((time.process_time() - start) * 1000)
    return statistics.median(times)


def first_ms(run: Callable[[], object]) -> float:
    """Processor time of one run in milliseconds."""
    start = time.process_time()
    run()
    return (time.process_time() - start) * 1000


def compounds(vocabulary: Vocabulary, number: int) -> list[str]:
    """``number`` different words, each of two that stand in the texts: as many as real counties would write."""
    parts = sorted(word for word in vocabulary.written if word.isalpha() and 3 < len(word) < 12)
    return [parts[n % len(parts)] + parts[n // len(parts) * 37 % len(parts)] for n in range(number)]


def engine_times(site: Site, entries: Sequence[Entry]) -> str:
    """What each engine needs for the index and for queries, as a Markdown table."""
    lines = [
        f"| engine | index, s | {' | '.join(f'{query}, ms' for query in QUERIES)} |",
        "|---" * (2 + len(QUERIES)) + "|",
    ]
    for name, make in ENGINES.items():
        start = time.process_time()
        rank = make(site, entries)
        built = time.process_time() - start
        cells = [
            f"{median_ms(lambda query=query, rank=rank: rank(query)):.0f} ({len(rank(query))})" for query in QUERIES
        ]  # type: ignore[misc]
        lines.append(f"| {name} | {built:.1f} | {' | '.join(cells)} |")
    return "\n".join(lines)


def page_times(site: Site) -> str:
    """What each kind of search page weighs and takes, as a Markdown table."""
    lines = ["| page | address | hits | KB | median ms |", "|---|---|---|---|---|"]
    app = create_app(site)
    for name, address in PAGES.items():
        answer = ask(app, address)
        number = re.search(r'result-count">([\d.,]+)', answer.text)
        took = median_ms(lambda address=address: ask(app, address))  # type: ignore[misc]
        size = len(answer.content) / 1000
        lines.append(f"| {name} | `{address}` | {number[1] if number else '–'} | {size:.0f} | {took:.0f} |")
    return "\n".join(lines)


def ask(app: FastAPI, address: str) -> httpx.Response:
    """The page at ``address``, in process."""

    async def get() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://site") as client:
            return await client.get(address)

    return asyncio.run(get())


def costs(releases: Path) -> tuple[Site, str]:
    """A site on the release in ``releases``, and what it took to start, as a Markdown list."""
    start = time.process_time()
    site = Site.of(open_release(releases), find(ROOT), load())
    loaded, before = time.process_time() - start, memory()
    start = time.process_time()
    index = site.once(Index.of)
    built, grown = time.process_time() - start, memory() - before
    many = Vocabulary([" ".join(compounds(index.vocabulary, MANY_WORDS))])
    prepared = first_ms(many.prepare) / 1000
    looked_up = first_ms(lambda: many.fitting("arbeit"))
    dataset = with_functions(site.dataset, index.vocabulary)
    call = median_ms(lambda: dataset.select(CALL.format(ns=site.ns(""))))
    return site, "\n".join(
        (
            f"- {site.release.manifest.triples} statements, {len(index.entries)} things that can be found, "
            f"{len(index.vocabulary.written)} different words",
            f"- loading the statements: {loaded:.1f} s; the index: {built:.1f} s and {grown:.0f} MB more",
            f"- `ic:matches` on every `ic:text` of the release: {call:.0f} ms",
            f"- with {MANY_WORDS} different words, as real counties might have (made by joining those of the release), "
            f'the start takes {prepared:.1f} s more; the {len(many.fitting("arbeit"))} that fit "Arbeit" are found in '
            f"{looked_up:.0f} ms, once for each process",
            f"- Python {platform.python_version()} on {platform.machine()}",
        )
    )


def memory() -> float:
    """What this process holds, in MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000


def put(text: str, name: str, table: str) -> str:
    """``text`` with ``table`` between the marks of ``name``."""
    mark = re.compile(rf"(<!-- {name} -->\n).*?(\n<!-- /{name} -->)", re.DOTALL)
    return mark.sub(lambda found: found[1] + table + found[2], text)


def real_site(folder: Path) -> Site:
    """The five counties of the checkout, released in ``folder``."""
    sources = find(ROOT)
    make_release(sources, folder)
    return Site.of(open_release(folder), sources, load())


def main(arguments: Sequence[str]) -> None:
    """Measure, print, and write on demand."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=Path, metavar="RELEASES")
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        tables = {"quality": quality_table(real_site(Path(folder)))}
    if chosen.scale:
        site, tables["costs"] = costs(chosen.scale)
        tables["pages"] = page_times(site)
        tables["engines"] = engine_times(site, site.once(Index.of).entries)
    text = DOC.read_text(encoding="utf-8") if chosen.write else ""
    for name, table in tables.items():
        print(f"{table}\n", flush=True)
        text = put(text, name, table)
    if chosen.write:
        DOC.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
