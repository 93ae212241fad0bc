"""Texts quoted as other languages write them, so that a query can be put into a program whatever stands in it."""

import re
from collections.abc import Callable, Iterable
from urllib.parse import quote_plus, urlencode

from publisher.release.citation.citing import latex

_SHORT = {"\n": "\n", "\t": "\t"}


def plain(text: str) -> bool:
    """Whether ``text`` can be copied from a page without loss: no control character, no invisible one."""
    return text.translate({ord(char): None for char in _SHORT}).isprintable()


def shell(text: str) -> str:
    """``text`` as one word of a POSIX shell.

    https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02_02
    """
    return "'" + text.replace("'", "'\\''") + "'"


def python(text: str) -> str:
    """``text`` as a literal of Python, over several lines where it has some."""
    if "\n" not in text:
        return '"' + _escaped(text).replace('"', '\\"') + '"'
    # A quotation mark at the end would run into the closing ones.
    body = re.sub(r'"""|"\Z', lambda marks: '\\"' * len(marks[0]), _escaped(text, keep="\n"))
    return f'"""{body}"""'


def _escaped(text: str, keep: str = "") -> str:
    return "".join(_char(char, keep) for char in text)


def _char(char: str, keep: str) -> str:
    if char == "\\":
        return "\\\\"
    if char in keep or char.isprintable():
        return char
    return char.encode("unicode_escape").decode("ascii")


def r(text: str) -> str:
    """``text``, which is ``plain``, as a raw string of R (from 4.0 on).

    https://cran.r-project.org/doc/manuals/r-release/R-lang.html#Literal-constants
    """
    dashes = ""
    while f'){dashes}"' in text:
        dashes += "-"
    return f'r"{dashes}({text}){dashes}"'


def form(fields: Iterable[tuple[str, str]]) -> str:
    """``fields`` as the body of a form, in one line of ASCII."""
    return urlencode(list(fields), quote_via=quote_plus)


def r_name(name: str) -> str:
    """``name`` as R writes the name of an argument."""
    return name if name.isidentifier() else f"`{name}`"


FILTERS: dict[str, Callable[..., object]] = {
    "as_shell": shell,
    "as_python": python,
    "as_r": r,
    "as_r_name": r_name,
    "as_form": form,
    "as_latex": latex,
}
"""The same for templates."""
