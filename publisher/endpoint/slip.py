"""What an express worker does for a visitor whose connection it has on loan, noted where it stays when the worker dies,
and how long its queries take.

One page of memory that a page process and its worker share: the worker writes, the page process reads.
"""

import mmap
import struct
from dataclasses import dataclass

LONGEST = 1 << 14
"""So many bytes of a request have room; longer ones are not answered on loan."""

_IDLE, _AT_WORK, _SENDING = 0, 1, 2
_HEAD = struct.Struct("<BqqH32s")
"""Whether there is work, which process does it, on which loan, the length of the request, at last the query's key."""
_PACE = struct.Struct("<d")
_WEIGHT = 0.1
"""How much the time of one query counts in the average."""
_FIRST_GUESS = 0.001


@dataclass(frozen=True)
class Work:
    """The request that was being answered; ``sending`` when the visitor may have a part of the answer already."""

    loan: int
    key: bytes
    raw: bytes
    sending: bool


class Slip:
    """The note of one worker. Made before the fork."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, _HEAD.size + LONGEST + _PACE.size)
        self._worker = 0
        self._set_pace(_FIRST_GUESS)

    @property
    def pace(self) -> float:
        """The seconds that a query of the worker takes, on average."""
        return float(_PACE.unpack_from(self._memory, _HEAD.size + LONGEST)[0])

    def took(self, seconds: float) -> None:
        """A query took ``seconds``."""
        pace = self.pace
        self._set_pace(pace + _WEIGHT * (seconds - pace))

    def _set_pace(self, seconds: float) -> None:
        _PACE.pack_into(self._memory, _HEAD.size + LONGEST, seconds)

    def sign(self, worker: int) -> None:
        """The process ``worker`` writes from now on."""
        self._worker = worker
        self.end()

    def begin(self, loan: int, raw: bytes) -> None:
        """What came on ``loan`` was read: ``raw``, which nobody else has."""
        self._memory[_HEAD.size : _HEAD.size + len(raw)] = raw
        _HEAD.pack_into(self._memory, 0, _AT_WORK, self._worker, loan, len(raw), b"")

    def name(self, key: bytes) -> None:
        """It is a query that ``key`` tells from others (32 bytes)."""
        self._memory[_HEAD.size - len(key) : _HEAD.size] = key

    def sending(self) -> None:
        """The answer goes out from now on."""
        self._memory[0] = _SENDING

    def end(self) -> None:
        """Nothing is being answered."""
        _HEAD.pack_into(self._memory, 0, _IDLE, self._worker, 0, 0, b"")

    @property
    def worker(self) -> int:
        """The process that signed last; 0 when none has."""
        return int(_HEAD.unpack_from(self._memory)[1])

    def read(self) -> Work | None:
        """What is being answered, or was when the worker died."""
        state, _, loan, length, key = _HEAD.unpack_from(self._memory)
        if state == _IDLE:
            return None
        raw = self._memory[_HEAD.size : _HEAD.size + length]
        return Work(loan, key, raw, state == _SENDING)
