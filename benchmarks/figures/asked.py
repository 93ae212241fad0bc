"""A figure of a running server: what it is given, and what comes of it."""

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.material import Material
from benchmarks.results import Found
from benchmarks.servers import Server


@dataclass(frozen=True)
class Case:
    """A server with its data, how long each single measurement takes, and where progress is told."""

    server: Server
    material: Material
    seconds: float
    say: Callable[[str], None] = print


Figure = Callable[[Case], Found]
