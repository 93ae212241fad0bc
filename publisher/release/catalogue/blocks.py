"""A catalogue in Turtle as it lies in a release, thing by thing: what nobody asks for is not parsed.

All that is said of a thing follows its name at the start of a line; further lines are indented.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

_START = re.compile(rb"\n(?=[^\t\n])")
_PREFIX = re.compile(rb"@prefix (\w*): <([^>]*)>")


@dataclass(frozen=True)
class Blocks:
    """What is said of each thing, by its name as it is written there."""

    head: bytes
    """The prefixes."""
    held: Mapping[bytes, bytes]

    @classmethod
    def read(cls, path: Path) -> "Blocks":
        """Those of the file ``path``; none where there is no file."""
        body = path.read_bytes() if path.is_file() else b""
        heads: list[bytes] = []
        held: dict[bytes, bytes] = {}
        for block in _START.split(body.removesuffix(b"\n")):
            name = block.partition(b" ")[0]
            if name == b"@prefix":
                heads.append(block)
            elif name:
                held[name] = held[name] + b"\n" + block if name in held else block
        return cls(b"".join(line + b"\n" for line in heads), held)

    def words(self, name: bytes) -> set[bytes]:
        """Names of things, classes and properties in what is said of the thing ``name``, as they are written there.

        Words of texts are among them.
        """
        return set(self.held.get(name, b"").split())

    def iri(self, name: bytes) -> str:
        """The IRI of what is called ``name``."""
        if name.startswith(b"<"):
            return name[1:-1].decode()
        start, _, rest = name.partition(b":")
        return (self._prefixes[start] + rest).decode()

    def forms(self, *iris: str) -> set[bytes]:
        """How ``iris`` are written there."""
        short = ((name, start, iri.encode()) for iri in iris for name, start in self._prefixes.items())
        return {
            *(b"<%s>" % iri.encode() for iri in iris),
            *(b"%s:%s" % (name, iri[len(start) :]) for name, start, iri in short if iri.startswith(start)),
        }

    def naming(self, *iris: str) -> set[bytes]:
        """The names of the things of which something is said that names one of ``iris``, as a class or a property."""
        forms = self.forms(*iris)
        # To look for a few words is quicker than to part all of them.
        return {
            name
            for name, body in self.held.items()
            if any(form in body for form in forms) and not forms.isdisjoint(body.split())
        }

    def turtle(self, names: Iterable[bytes]) -> bytes:
        """What is said of the things called ``names``, as Turtle."""
        return self.head + b"".join(self.held[name] + b"\n" for name in sorted(names) if name in self.held)

    @cached_property
    def _prefixes(self) -> dict[bytes, bytes]:
        return dict(_PREFIX.findall(self.head))
