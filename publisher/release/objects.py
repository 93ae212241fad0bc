"""Which different objects each property has over many counties: by hashes of eight bytes, since there are millions.

Beside each hash stands in how many shares it is, so that one share can be taken out and another put in: what follows
from a changed county is a matter of what changed, and the same as if all had been counted anew.
"""

import json
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

Hashes = Mapping[str, bytes]
"""Property → the hashes of the different objects that it has in one share, in order."""
_HASH, _COUNT = "Q", "I"


@dataclass(frozen=True)
class Counts:
    """The hashes of the objects of one property, in order, and in how many shares each is."""

    hashes: "array[int]" = field(default_factory=lambda: array(_HASH))
    shares: "array[int]" = field(default_factory=lambda: array(_COUNT))

    def changed(self, by: Mapping[int, int]) -> "Counts":
        """The counts with those of some hashes changed ``by`` so many."""
        hashes, shares = array(_HASH), array(_COUNT)
        place = 0
        for one, more in sorted(by.items()):
            at = bisect_left(self.hashes, one, place)
            hashes += self.hashes[place:at]
            shares += self.shares[place:at]
            there = at < len(self.hashes) and self.hashes[at] == one
            if left := more + (self.shares[at] if there else 0):
                hashes.append(one)
                shares.append(left)
            place = at + there
        return Counts(hashes + self.hashes[place:], shares + self.shares[place:])

    def new(self, hashes: Iterable[int]) -> int:
        """How many of ``hashes`` are not among these."""
        return sum(not self._holds(one) for one in hashes)

    def _holds(self, one: int) -> bool:
        at = bisect_left(self.hashes, one)
        return at < len(self.hashes) and self.hashes[at] == one


@dataclass(frozen=True)
class Objects:
    """The objects of each property in all shares of a release."""

    counts: Mapping[str, Counts] = field(default_factory=dict)

    def distinct(self, name: str, more: Iterable[int] = ()) -> int:
        """How many different ones the property ``name`` has, with those that have the hashes ``more``."""
        held = self.counts.get(name, Counts())
        return len(held.hashes) + held.new(more)

    def changed(self, gone: Sequence[Hashes], come: Sequence[Hashes]) -> Self:
        """Those without the shares ``gone`` and with the shares ``come``."""
        counts = dict(self.counts)
        for name in dict.fromkeys(name for share in (*gone, *come) for name in share):
            by: Counter[int] = Counter()
            for share in come:
                by.update(_numbers(share, name))
            for share in gone:
                by.subtract(_numbers(share, name))
            if by := Counter({one: more for one, more in by.items() if more}):
                counts[name] = counts.get(name, Counts()).changed(by)
        return type(self)({name: held for name, held in counts.items() if held.hashes})

    def raw(self) -> bytes:
        """All of it as bytes, for ``parsed``."""
        head = json.dumps({name: len(held.hashes) for name, held in self.counts.items()}).encode()
        return b"".join((head, b"\n", *_bodies(self.counts.values())))

    @classmethod
    def parsed(cls, raw: bytes) -> Self:
        """The objects that ``raw`` are."""
        head, at = json.loads(raw[: raw.index(b"\n")]), raw.index(b"\n") + 1
        counts = {}
        for name, length in head.items():
            held = Counts()
            for part in (held.hashes, held.shares):
                end = at + length * part.itemsize
                part.frombytes(memoryview(raw)[at:end])
                at = end
            counts[name] = held
        return cls(counts)


def hashes_raw(hashes: Hashes) -> bytes:
    """The hashes of one share as bytes, for ``hashes_parsed``."""
    head = json.dumps({name: len(held) for name, held in hashes.items()}).encode()
    return b"".join((head, b"\n", *hashes.values()))


def hashes_parsed(raw: bytes) -> Hashes:
    """The hashes of one share that ``raw`` are."""
    at = raw.index(b"\n") + 1
    found = {}
    for name, length in json.loads(raw[:at]).items():
        found[name] = raw[at : at + length]
        at += length
    return found


def _numbers(share: Hashes, name: str) -> "array[int]":
    return array(_HASH, share.get(name, b""))


def _bodies(counts: Iterable[Counts]) -> Iterator[bytes]:
    for held in counts:
        yield held.hashes.tobytes()
        yield held.shares.tobytes()
