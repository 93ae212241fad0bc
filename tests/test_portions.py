"""Every entry of a long list stands in exactly one portion, and every portion can be reached."""

import pytest

from publisher.core.refusals import BadRequest
from publisher.views.portions import Portion, portion


@pytest.mark.parametrize("total", [0, 1, 9, 10, 11, 20, 95, 2000])
def test_every_entry_stands_in_one_portion(total: int) -> None:
    entries = list(range(total))
    portions = [portion(total, 10, "teil", str(number)) for number in range(1, portion(total, 10, "teil").count + 1)]
    assert [entry for one in portions for entry in one.of(entries)] == entries
    for one in portions:
        shown = one.of(entries)
        assert len(shown) <= 10
        assert (one.first, one.last) == ((shown[0] + 1, shown[-1] + 1) if shown else (0, 0))


@pytest.mark.parametrize(("number", "numbers"), [(1, (1, 2, 0, 20)), (2, (1, 2, 3, 0, 20)), (3, (1, 2, 3, 4, 0, 20))])
def test_links_lead_to_the_ends_and_around(number: int, numbers: tuple[int, ...]) -> None:
    assert Portion(number, 10, 200).numbers == numbers


def test_both_gaps_are_shown() -> None:
    assert Portion(10, 10, 200).numbers == (1, 0, 9, 10, 11, 0, 20)
    assert Portion(1, 10, 5).numbers == (1,)


@pytest.mark.parametrize("value", ["0", "3", "-1", "x", "1.0", "01", "²", " 1"])
def test_no_such_portion_is_a_bad_request(value: str) -> None:
    with pytest.raises(BadRequest):
        portion(15, 10, "teil", value)
