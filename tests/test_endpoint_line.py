"""The waiting line: who is called when, who is sent away, and that nobody can keep the others waiting."""

import contextlib

import pytest

from publisher.core.refusals import EndpointBusy, TooManyQueries
from publisher.endpoint.line import Line, Places, Ticket


def _line(running: int = 2, waiting: int = 10, share: int = 4) -> Line:
    slow = Places(running, waiting, share)
    return Line({"quick": Places(running, waiting, share * 8), "slow": slow}, 5.0)


def _names(called: list[Ticket]) -> list[str]:
    return [f"{ticket.client}:{ticket.query}" for ticket in called]


def test_first_come_first_served_while_there_is_room() -> None:
    line = _line(running=3)
    first, second, third = (line.join(f"c{i}", "q", i) for i in range(3))
    assert line.call(3) == [first, second]
    line.leave(first, 3.1)
    assert line.call(3.1) == [third]
    assert line.numbers() == {"running_quick": 2, "running_slow": 0, "waiting_quick": 0, "waiting_slow": 0}


def test_clients_take_turns() -> None:
    line = _line(running=3)
    greedy = [line.join("greedy", f"q{i}", 0) for i in range(8)]
    assert line.call(0) == greedy[:2]
    line.join("modest", "m", 1)
    line.leave(greedy[0], 1)
    assert _names(line.call(1)) == ["modest:m"]


def test_who_used_much_waits_behind_who_did_not() -> None:
    line = _line(running=1)
    line.leave(_called(line, "greedy", "long", 0), 8)
    line.join("greedy", "next", 8)
    line.join("modest", "m", 9)
    assert _names(line.call(9)) == ["modest:m"]


def test_the_last_quick_place_is_kept_for_what_was_quick_before() -> None:
    line = _line()
    line.quick(line.join("regular", "known", 0))
    line.tickets.clear()
    first = line.join("stranger", "new", 1)
    for number in range(5):
        line.join(f"other{number}", "new", 1)
    assert line.call(1) == [first]
    line.join("another", "known", 2)
    assert _names(line.call(2)) == ["another:known"]
    line.leave(line.tickets[-1], 2.1)
    line.join("regular", "something new", 3)
    assert _names(line.call(3)) == ["regular:something new"]


def test_who_sent_one_slow_query_is_regular_no_more() -> None:
    line = _line()
    line.quick(line.join("regular", "known", 0))
    line.tickets.clear()
    line.slower(_called(line, "regular", "slow one", 0), 0.3)
    line.join("stranger", "new", 1)
    assert len(line.call(1)) == 2
    line.join("regular", "something new", 2)
    assert line.call(2) == []


def test_what_turns_out_slow_is_slow_for_all_who_wait_with_it() -> None:
    line = _line(share=1)
    first = _called(line, "a", "killer", 0)
    others = [line.join(client, "killer", 0) for client in ("b", "c", "c")]
    line.slower(first, 0.3)
    called = line.call(0.3)
    assert {ticket.lane for ticket in line.tickets} == {"slow"} and len(line.tickets) == 3
    assert [ticket.client for ticket in called if ticket.called] == ["b", "c"], "who used less first"
    assert isinstance(others[2].refusal, TooManyQueries) and others[2] in called


def _called(line: Line, client: str, query: str, now: float) -> Ticket:
    ticket = line.join(client, query, now)
    assert ticket in line.call(now)
    return ticket


def test_what_was_slow_goes_on_in_the_slow_lane_and_starts_there_again() -> None:
    line = _line()
    ticket = _called(line, "a", "slow", 0)
    line.slower(ticket, 0.3)
    assert (ticket.lane, ticket.called) == ("slow", False)
    assert line.call(0.3) == [ticket]
    line.leave(ticket, 3)
    again = line.join("b", "slow", 4)
    assert again.lane == "slow"
    line.quick(again)
    assert line.join("b", "slow", 5).lane == "quick"


def test_a_client_has_a_share_of_the_slow_lane() -> None:
    line = _line(share=2)
    first, second, third = (_moved(line, f"q{i}") for i in range(3))
    assert line.tickets == [first, second], "the one too many has left the line"
    with pytest.raises(TooManyQueries, match="2"):
        line.join("a", "q0", 2)
    assert line.join("other", "q0", 2).lane == "slow"
    assert third not in line.tickets


def _moved(line: Line, query: str) -> Ticket:
    ticket = _called(line, "a", query, 0)
    with contextlib.suppress(TooManyQueries):
        line.slower(ticket, 0.3)
    return ticket


def test_the_line_has_an_end() -> None:
    line = _line(running=1, waiting=2)
    for number in range(3):
        line.join(f"c{number}", "q", 0)
    with pytest.raises(EndpointBusy):
        line.join("c4", "q", 0)


def test_leaving_twice_frees_one_place() -> None:
    line = _line(running=1)
    ticket = _called(line, "a", "q", 0)
    line.leave(ticket, 1)
    line.leave(ticket, 100)
    assert line.numbers()["running_quick"] == 0
    assert len(line.call(100)) == 0
