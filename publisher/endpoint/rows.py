"""Counts the rows of a result while its bytes go by, so that a limit stops it in time.

The engine writes whole results in Rust; this only looks for the mark between two rows.
"""

from collections.abc import Callable

Counter = Callable[[bytes], int]
"""Takes the next bytes, gives the number of rows so far."""


def counter(ending: str) -> Counter:
    """The counter for results in the format ``ending`` (json, csv, tsv, xml), or for triples in lines (nt)."""
    if ending == "json":
        outside = _outside_strings(_without_escapes())
        return _marks(b"},{", 1, outside)
    if ending == "csv":
        return _marks(b"\n", -1, _outside_strings(lambda piece: piece))
    if ending == "tsv":
        return _marks(b"\n", -1, lambda piece: piece)
    if ending == "nt":
        return _marks(b"\n", 0, lambda piece: piece)
    return _marks(b"<result>", 0, lambda piece: piece)


Filter = Callable[[bytes], bytes]


def _marks(mark: bytes, start: int, visible: Filter) -> Counter:
    """Counts ``mark`` in what ``visible`` leaves over, also where it is cut by the end of a piece."""
    rows, tail = start, b""

    def count(piece: bytes) -> int:
        nonlocal rows, tail
        text = tail + visible(piece)
        rows += text.count(mark)
        tail = text[max(0, len(text) - len(mark) + 1) :]
        return rows

    return count


def _outside_strings(plain: Filter) -> Filter:
    """Leaves only what stands outside double quotes; a quote doubled or taken out by ``plain`` does no harm."""
    inside = False

    def cut(piece: bytes) -> bytes:
        nonlocal inside
        parts = plain(piece).split(b'"')
        kept = b'"'.join(parts[1 if inside else 0 :: 2])
        inside ^= len(parts) % 2 == 0
        return kept

    return cut


def _without_escapes() -> Filter:
    r"""Takes out ``\\`` and ``\"``, also where a piece ends in the middle of one."""
    carry = b""

    def cut(piece: bytes) -> bytes:
        nonlocal carry
        text = (carry + piece).replace(b"\\\\", b"")
        carry = b"\\" if text.endswith(b"\\") else b""
        return text.removesuffix(carry).replace(b'\\"', b"") if carry else text.replace(b'\\"', b"")

    return cut
