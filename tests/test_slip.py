"""What is known of loans when the worker is gone: who lent, what was being answered, how long queries took."""

import pytest

from publisher.endpoint.loans import Loans
from publisher.endpoint.slip import Slip, Work


class _Lender:
    def __init__(self) -> None:
        self.told: list[tuple[bytes, bytes] | str] = []

    def taken_back(self, read: bytes, unsent: bytes) -> None:
        self.told.append((read, unsent))

    def broken(self) -> None:
        self.told.append("broken")


@pytest.mark.parametrize(("sending", "told"), [(False, (b"GET", b"")), (True, "broken")])
def test_when_the_worker_is_gone_its_request_is_asked_again_unless_it_was_being_answered(
    sending: bool, told: object
) -> None:
    loans, one, other = Loans(), _Lender(), _Lender()
    number = loans.lend(one)
    loans.lend(other)
    loans.fall_back(Work(number, b"k" * 32, b"GET", sending))
    assert (one.told, other.told, len(loans)) == ([told], [(b"", b"")], 0)


def test_the_slip_says_what_the_worker_was_doing() -> None:
    slip = Slip()
    slip.sign(7)
    assert (slip.worker, slip.read()) == (7, None)
    slip.begin(3, b"GET / HTTP/1.1")
    assert slip.read() == Work(3, bytes(32), b"GET / HTTP/1.1", False)
    slip.name(b"k" * 32)
    slip.sending()
    assert slip.read() == Work(3, b"k" * 32, b"GET / HTTP/1.1", True)
    slip.end()
    assert (slip.worker, slip.read()) == (7, None)


def test_the_slip_knows_how_long_queries_take() -> None:
    slip = Slip()
    before = slip.pace
    slip.took(before + 1)
    assert before + 0.05 < slip.pace < before + 0.5
    for _ in range(200):
        slip.took(0.25)
    assert abs(slip.pace - 0.25) < 0.01
