"""Sets of places as whole numbers: bit 5 is set when 5 is a member. Joining and counting them takes no loop."""

from collections.abc import Iterable, Iterator


def bits(places: Iterable[int], size: int) -> int:
    """The set of ``places``, each below ``size``."""
    raw = bytearray(size // 8 + 1)
    for place in places:
        raw[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(raw, "little")


def span(start: int, end: int) -> int:
    """The set of all places from ``start`` up to, not with, ``end``."""
    return ((1 << (end - start)) - 1) << start


def members(found: int, skip: int = 0) -> Iterator[int]:
    """The places in the set ``found``, ascending, without the first ``skip``."""
    if not found:
        return
    first = (found & -found).bit_length() - 1
    # Text is searched many times faster than a number is shifted.
    signs = f"{found >> first:b}"[::-1]
    at = signs.find("1")
    while at >= 0:
        if skip:
            skip -= 1
        else:
            yield first + at
        at = signs.find("1", at + 1)
