"""What a process takes from itself before it sees a request: sockets, files, memory, outliving its parent."""

import ctypes
import os
import resource
import signal
import socket
import sys
from collections.abc import Container
from contextlib import suppress

LINUX = sys.platform == "linux"
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36
_HEAP = {"M_ARENA_MAX": (-8, 1), "M_TRIM_THRESHOLD": (-1, 1 << 17), "M_MMAP_THRESHOLD": (-3, 1 << 17)}
"""The numbers of glibc's settings, and values: one heap for all threads; what is large or at its end is given back."""
_TUNABLES, _READY_PIECES = "GLIBC_TUNABLES", "glibc.malloc.tcache_count=200"
_LISTENER = 3
"""The one descriptor kept besides input, output and error."""


def die_with(parent: int, number: signal.Signals) -> None:
    """Lets the kernel send signal ``number`` to this process when its ``parent`` ends (Linux).

    Elsewhere the process itself must look for its parent now and then.
    """
    if LINUX:
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, number)
    if os.getppid() != parent:
        os._exit(0)


def adopt() -> None:
    """Makes this process the parent of what its children leave behind (Linux)."""
    if LINUX:
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1)


def lead_nowhere(keep: Container[int]) -> None:
    """Lets every descriptor but ``keep``, input, output and error lead nowhere (Linux).

    Their numbers stay taken, so whoever still has one and closes it closes nothing else.
    """
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in map(int, os.listdir("/proc/self/fd")):
        if descriptor >= _LISTENER and descriptor != nowhere and descriptor not in keep:
            with suppress(OSError):
                # The listing itself was one of them.
                os.fstat(descriptor)
                os.dup2(nowhere, descriptor, inheritable=False)
    os.close(nowhere)


def only(listener: socket.socket, room: int = 0) -> socket.socket:
    """Closes every descriptor but ``listener`` and leaves room for exactly one more: the connection at work.

    With all places taken the query engine can open neither socket nor file, whatever a query says. ``room`` are
    further places, for a worker that may call others.
    """
    for standard in range(_LISTENER):
        _occupy(standard)
    timeout = listener.gettimeout()
    os.dup2(listener.fileno(), _LISTENER)
    os.closerange(_LISTENER + 1, _open_limit())
    kept = socket.socket(fileno=_LISTENER)
    kept.settimeout(timeout)
    resource.setrlimit(resource.RLIMIT_NOFILE, (_LISTENER + 2 + room, _LISTENER + 2 + room))
    return kept


def give_memory_back() -> None:
    """Lets this process give memory back when it needs it no more (glibc); else it keeps what it once needed."""
    if LINUX and hasattr(libc := ctypes.CDLL(None), "mallopt"):
        for number, value in _HEAP.values():
            libc.mallopt(number, value)


def keep_pieces_ready() -> None:
    """Begins the program anew, once, with more small pieces of memory kept for the next use (glibc on Linux).

    A query takes hundreds of one size and gives them back; with the seven that are kept else, the rest is put together
    to large ones and cut up again each time. Whoever set GLIBC_TUNABLES has decided otherwise.
    """
    if LINUX and _TUNABLES not in os.environ:
        # It is read when a program begins, never later.
        os.environ[_TUNABLES] = _READY_PIECES
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


def limit_memory(megabytes: int) -> None:
    """Lets this process take ``megabytes`` beyond what it has now (Linux), and leave no core file."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if LINUX:
        with open("/proc/self/statm", encoding="ascii") as stream:
            pages = int(stream.read().split()[0])
        allowed = pages * resource.getpagesize() + megabytes * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_AS, (allowed, allowed))


def peak_memory() -> int:
    """The most memory this process has held so far, in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak * 1024 if LINUX else peak


def _occupy(descriptor: int) -> None:
    try:
        os.fstat(descriptor)
    except OSError:
        os.open(os.devnull, os.O_RDWR)


def _open_limit() -> int:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 65536 if soft == resource.RLIM_INFINITY else soft
