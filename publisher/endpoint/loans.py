"""Visitors' connections that this page process has lent to its express worker, and what it takes to have them back.

Who asks one small query after the other need not be served here: the worker answers as soon as it has the answer. The
connection stays open here as well, so nothing is lost when the worker dies.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Protocol

from publisher.endpoint.slip import Work


class Lender(Protocol):
    """A visitor's connection here, which reads nothing while it is lent."""

    def taken_back(self, read: bytes, unsent: bytes) -> None:
        """Goes on: first with ``unsent`` of an answer, then with ``read`` of the next request."""

    def broken(self) -> None:
        """Ends: of an answer only a part was sent."""


@dataclass(frozen=True)
class Loan:
    """One connection, and whose it is (``client``, any name that tells clients apart)."""

    lender: Lender
    client: str


class Loans:
    """All loans to one worker."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._lent: dict[int, Loan] = {}

    def __len__(self) -> int:
        return len(self._lent)

    def lend(self, loan: Loan) -> int:
        """Notes ``loan``; its number."""
        number = next(self._numbers)
        self._lent[number] = loan
        return number

    def forget(self, number: int) -> None:
        """The loan ``number`` did not come about."""
        del self._lent[number]

    def back(self, number: int, read: bytes, unsent: bytes) -> None:
        """The worker gives back the loan ``number``."""
        self._lent.pop(number).lender.taken_back(read, unsent)

    def fall_back(self, work: Work | None) -> Iterator[Loan]:
        """The worker is gone, in the middle of ``work``: takes everything back, the loan of that work first.

        Gives that loan before it goes on, so that its request can go another way.
        """
        lent, self._lent = self._lent, {}
        loan = lent.pop(work.loan, None) if work else None
        if work and loan:
            yield loan
            if work.sending:
                loan.lender.broken()
            else:
                loan.lender.taken_back(work.raw, b"")
        for other in lent.values():
            other.lender.taken_back(b"", b"")
