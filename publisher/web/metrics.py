"""The numbers of the site for Prometheus, gathered from shared memory, the waiting line and the kernel.

https://prometheus.io/docs/instrumenting/exposition_formats/
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, InfoMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from publisher.endpoint.line import LANES
from publisher.endpoint.roll import CAUSES, Roll
from publisher.release.manifest import Manifest
from publisher.web.counts import KINDS, Counts

_NAME = "kreisgraph"


@dataclass(frozen=True)
class Sources:
    """Where the numbers come from; all began with the release that is served."""

    manifest: Manifest
    counts: Counts
    roll: Roll
    began: float
    """In seconds since 1970."""

    def exposition(self, stats: Mapping[str, Any] | None) -> tuple[bytes, str]:
        """The text and its media type; ``stats`` are the numbers of the waiting line, None when nobody keeps it."""
        registry = CollectorRegistry()
        registry.register(_Gathered([*self._site(), *self._requests(), *self._processes(), *_queries(stats)]))
        return generate_latest(registry), CONTENT_TYPE_LATEST

    def _site(self) -> Iterator[Metric]:
        release = {"version": self.manifest.version, "date": self.manifest.date}
        yield InfoMetricFamily(f"{_NAME}_release", "The release that is served", value=release)
        yield GaugeMetricFamily(f"{_NAME}_triples", "Statements of the release", value=self.manifest.triples)
        states = GaugeMetricFamily(
            f"{_NAME}_counties", "Counties of the release by state of their data", labels=["state"]
        )
        for state in ("current", "kept", "left_out"):
            states.add_metric([state], sum(county.state == state for county in self.manifest.counties))
        yield states
        text = "When this release began to be served, in seconds since 1970; counters began then"
        yield GaugeMetricFamily(f"{_NAME}_start_time_seconds", text, value=self.began)

    def _requests(self) -> Iterator[Metric]:
        text = "Requests answered, by kind and status (0: no answer, or a rare status)"
        requests = CounterMetricFamily(f"{_NAME}_requests", text, labels=["kind", "status"])
        for kind, status, number in self.counts.statuses():
            requests.add_metric([kind, str(status)], number)
        yield requests
        sizes = CounterMetricFamily(f"{_NAME}_response_bytes", "Bytes of the bodies of answers", labels=["kind"])
        times = HistogramMetricFamily(f"{_NAME}_request_seconds", "Time until an answer was sent", labels=["kind"])
        for name in KINDS:
            sizes.add_metric([name], self.counts.bytes(name))
            times.add_metric([name], _summed(self.counts.classes(name)), self.counts.seconds(name))
        yield sizes
        yield times

    def _processes(self) -> Iterator[Metric]:
        started = CounterMetricFamily(f"{_NAME}_processes_started", "Processes begun", labels=["crew"])
        ended = CounterMetricFamily(f"{_NAME}_processes_ended", "Processes that ended", labels=["crew", "cause"])
        living = GaugeMetricFamily(f"{_NAME}_processes", "Processes at work", labels=["crew"])
        memory = GaugeMetricFamily(
            f"{_NAME}_memory_bytes", "Memory of processes, what they share divided among them (Linux)", labels=["crew"]
        )
        found = [*self.roll.living(), ("parent", os.getppid())]
        for name in self.roll.names:
            started.add_metric([name], self.roll.started(name))
            living.add_metric([name], sum(crew == name for crew, _ in found))
            for cause in CAUSES:
                ended.add_metric([name, cause], self.roll.ended(name, cause))
        for name in (*self.roll.names, "parent"):
            sizes = [size for crew, pid in found if crew == name and (size := _proportional(pid)) is not None]
            if sizes:
                memory.add_metric([name], sum(sizes))
        yield from (started, ended, living, memory)


class _Gathered(Collector):
    def __init__(self, metrics: list[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        return self._metrics


def _queries(stats: Mapping[str, Any] | None) -> Iterator[Metric]:
    yield GaugeMetricFamily(f"{_NAME}_line_up", "Whether somebody keeps the waiting line", value=stats is not None)
    if stats is None:
        return
    outcomes = CounterMetricFamily(f"{_NAME}_queries", "Queries that ended, by outcome", labels=["outcome"])
    for outcome, number in sorted(stats["outcomes"].items()):
        outcomes.add_metric([outcome], number)
    yield outcomes
    places = {"waiting": "Queries that wait", "running": "Queries that run"}
    for state, text in places.items():
        gauge = GaugeMetricFamily(f"{_NAME}_queries_{state}", text, labels=["lane"])
        for lane in LANES:
            gauge.add_metric([lane], stats[f"{state}_{lane}"])
        yield gauge
    yield CounterMetricFamily(f"{_NAME}_queries_moved", "Queries that went on in the slow lane", value=stats["moved"])
    text = "Seconds that queries waited, all together"
    yield CounterMetricFamily(f"{_NAME}_query_wait_seconds", text, value=stats["waited_seconds"])
    times = HistogramMetricFamily(f"{_NAME}_query_seconds", "Time of queries from joining the line to their end")
    times.add_metric([], _summed([(float(bound), number) for bound, number in stats["durations"]]), stats["seconds"])
    yield times


def _summed(classes: Iterable[tuple[float, int]]) -> list[tuple[str, float]]:
    """Each bound with the number of everything up to it, as a histogram says it."""
    total, found = 0.0, []
    for bound, number in classes:
        total += number
        found.append(("+Inf" if bound == float("inf") else str(bound), total))
    return found


def _proportional(pid: int) -> int | None:
    """The bytes that the process ``pid`` takes, shared pages divided among those who share; None when not known."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return None
    return next((int(row.split()[1]) * 1024 for row in text.splitlines() if row.startswith("Pss:")), None)
