"""Visitors' connections that this page process has lent to its express worker, and what it takes to have them back.

Who asks one small query after the other need not be served here: the worker answers as soon as it has the answer. The
connection stays open here as well, so nothing is lost when the worker dies.
"""

from itertools import count
from typing import Protocol

from publisher.endpoint.slip import Work


class Lender(Protocol):
    """A visitor's connection here, which reads nothing while it is lent."""

    def taken_back(self, read: bytes, unsent: bytes) -> None:
        """Goes on: first with ``unsent`` of an answer, then with ``read`` of the next request."""

    def broken(self) -> None:
        """Ends: of an answer only a part was sent."""


class Loans:
    """All loans to one worker."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._lent: dict[int, Lender] = {}

    def __len__(self) -> int:
        return len(self._lent)

    def lend(self, lender: Lender) -> int:
        """Notes the loan of ``lender``; its number."""
        number = next(self._numbers)
        self._lent[number] = lender
        return number

    def forget(self, number: int) -> None:
        """The loan ``number`` did not come about."""
        del self._lent[number]

    def back(self, number: int, read: bytes, unsent: bytes) -> None:
        """The worker gives back the loan ``number``."""
        self._lent.pop(number).taken_back(read, unsent)

    def fall_back(self, work: Work | None) -> None:
        """The worker is gone, in the middle of ``work``: takes everything back, with the request that it had read."""
        lent, self._lent = self._lent, {}
        lender = lent.pop(work.loan, None) if work else None
        if work and lender and work.sending:
            lender.broken()
        elif work and lender:
            lender.taken_back(work.raw, b"")
        for other in lent.values():
            other.taken_back(b"", b"")
