"""How long a thread that computes in Python keeps the others waiting."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_SECONDS = 0.0005


@contextmanager
def short_turns() -> Iterator[None]:
    """Lets threads take turns ten times as often as usual.

    Whoever feeds the engine needs the interpreter for a moment after each piece, and would wait for its whole turn.
    """
    before = sys.getswitchinterval()
    sys.setswitchinterval(_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(before)
