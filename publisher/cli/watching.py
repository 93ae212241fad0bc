"""kreisgraph build --watch: a process that stays, and builds a release whenever something was saved."""

import argparse
import gc
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from types import FrameType

from publisher.cli.build import once
from publisher.cli.refusals import refuse
from publisher.core.errors import BuildRunning, KreisgraphError, SavedMeanwhile
from publisher.core.memory import Memory
from publisher.core.settings import Settings
from publisher.graph.saved import Saved
from publisher.graph.sources import find

_AGAIN = 1.0
"""Seconds until the next try while another build is running."""
_WORDS = {
    "de": {
        "waits": "Wartet auf Änderungen in {folder} … (Ende mit Strg+C)",
        "turn": "Ein anderer Lauf baut gerade; es geht weiter, wenn er fertig ist.",
    },
    "en": {
        "waits": "Waiting for changes in {folder} … (Ctrl+C ends)",
        "turn": "Another build is running; this one goes on when it is done.",
    },
}


class _Ended(BaseException):
    """The process was told to end."""


def watch(options: argparse.Namespace, settings: Settings) -> int:
    """Builds now and after each change until the process is told to end; 0 then. Raises MissingSource at the start.

    What stops one build does not stop the next one.
    """
    root, memory = find(settings.input).root, Memory()
    saved, words = Saved(root), _WORDS[options.lang]
    try:
        with _ends():
            saved.settle()
            for number in count():
                _built(options, settings, memory, quiet=number > 0)
                print(words["waits"].format(folder=root), file=sys.stderr)
                # While nobody waits, what a build left behind is looked for.
                saved.wait(gc.collect)
    except (_Ended, KeyboardInterrupt):
        pass
    return 0


def _built(options: argparse.Namespace, settings: Settings, memory: Memory, quiet: bool) -> None:
    """One build, whatever becomes of it; it waits for its turn where another process builds."""
    told = False
    while True:
        try:
            once(options, settings, memory, quiet)
        except BuildRunning:
            if not told:
                print(_WORDS[options.lang]["turn"], file=sys.stderr)
            told = True
            time.sleep(_AGAIN)
            continue
        except SavedMeanwhile:
            # That is a change since the last look, so the next build begins at once.
            pass
        except (KreisgraphError, OSError) as error:
            refuse(error, options.lang)
        break
    sys.stdout.flush()
    memory.turn()


@contextmanager
def _ends() -> Iterator[None]:
    """Raises _Ended inside when the process gets SIGINT or SIGTERM; those it forks just end."""
    own = os.getpid()

    def end(number: int, frame: FrameType | None) -> None:
        if os.getpid() != own:
            os._exit(128 + number)
        raise _Ended

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
