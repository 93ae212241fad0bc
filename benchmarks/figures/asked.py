"""A figure of a running server: what it is given, and what comes of it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.material import Material
from benchmarks.results import Found
from benchmarks.servers import Server

MOST_SECONDS = 60.0
"""What of a figure has not begun after so long is left out for a server: its slow answers say enough."""
LEFT_OUT = f"not asked: what came before had taken {MOST_SECONDS:.0f} s"


@dataclass(frozen=True)
class Case:
    """A server with its data, how long each single measurement takes, and where progress is told."""

    server: Server
    material: Material
    seconds: float
    say: Callable[[str], None] = print
    begun: float = field(default_factory=time.monotonic)

    @property
    def over(self) -> bool:
        """Whether the figure has taken so long that the rest of it is left out."""
        return time.monotonic() - self.begun > MOST_SECONDS


Figure = Callable[[Case], Found]
