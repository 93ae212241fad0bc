"""Parts of a file: what a Range header asks for, in bytes. https://www.rfc-editor.org/rfc/rfc9110#section-14.2"""

import re
from itertools import pairwise

MOST = 16
"""Of more parts than this the whole is sent: so many small ones are no download that goes on."""
_UNIT = "bytes"
_SPEC = re.compile(r"(?:(\d{1,18})-(\d{0,18})|-(\d{1,18}))$")
Part = tuple[int, int]
"""The first byte, and the one behind the last."""


class Unsatisfiable(Exception):
    """None of the parts lies within the file."""


def parts(header: str, size: int) -> list[Part]:
    """The parts of a file of ``size`` bytes that ``header`` asks for, in its order; none where all of it is to be sent.

    That is so for another unit, for what is no list of ranges, and for overlapping or very many parts, which the
    specification leaves to the server. Parts behind the end are left out. Raises Unsatisfiable when none is left.
    """
    unit, _, text = header.partition("=")
    specs = [_SPEC.match(one.strip()) for one in text.split(",") if one.strip()]
    if unit.strip().lower() != _UNIT or not specs or len(specs) > MOST:
        return []
    found: list[Part] = []
    for spec in specs:
        if spec is None or (spec[2] and int(spec[2]) < int(spec[1])):
            return []
        first = int(spec[1]) if spec[1] else max(size - int(spec[3]), 0)
        behind = min(int(spec[2]) + 1, size) if spec[2] else size
        if first < behind:
            found.append((first, behind))
    if not found:
        raise Unsatisfiable
    ordered = sorted(found)
    overlap = any(behind > first for (_, behind), (first, _) in pairwise(ordered))
    return [] if overlap else found
