"""Where an address of the site lies as a file, and how one file leads to another."""

import hashlib
import posixpath
import re
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import quote, unquote

INDEX = "index.html"
_UNSAFE = re.compile(r"[^A-Za-z0-9.,_-]+")
_FILE = re.compile(r"[.][a-z0-9]+$|^[A-Z][A-Z0-9]+$")
"""What is called like a file: with an ending, or in capitals (``SHA256SUMS``)."""
_LONGEST = 100
_SAFE = "/:@!$&'()*+,;=~-._"


def file_of(path: str, query: Sequence[tuple[str, str]] = ()) -> str:
    """The file of the address ``path`` with ``query``, below the folder of the export.

    What has an ending is a file of that name; all else is a folder with an index.html, so that its address stays.
    """
    plain = unquote(path).lstrip("/")
    name = plain.rpartition("/")[2]
    more = "".join(f"{_short(one)}={_short(value)}" for one, value in query)
    if _FILE.search(name) or ".well-known/" in plain:
        stem, dot, ending = plain.rpartition(".")
        return f"{stem}~{more}{dot}{ending}" if more else plain
    return posixpath.join(plain, more, INDEX) if more else posixpath.join(plain, INDEX)


def _short(text: str) -> str:
    """``text`` as a part of the name of a file: what does not fit or is too long is told apart by a hash."""
    short = _UNSAFE.sub("-", text)[:_LONGEST]
    return short if short == text else f"{short}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


@lru_cache(1 << 16)
def address_of(file: str) -> str:
    """The address of ``file`` below the top of the export: that of a folder for its index.html."""
    folder, _, name = file.rpartition("/")
    shown = f"{folder}/" if folder and name == INDEX else ("" if file == INDEX else file)
    return quote(shown, safe=_SAFE)


@lru_cache(1 << 16)
def relative(source: str, target: str) -> str:
    """The relative link from the file ``source`` to the file ``target``."""
    start = posixpath.dirname(source)
    wanted = address_of(target)
    here = quote(start, safe=_SAFE)
    link = posixpath.relpath("/" + wanted, "/" + here)
    link += "/" if (not wanted or wanted.endswith("/")) and not link.endswith("/") else ""
    # A colon in the first step would be read as a scheme.
    return f"./{link}" if ":" in link.partition("/")[0] else link
