"""What things are called, gathered from lines of N-Quads, so that a change can be told in words for ever after."""

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from publisher.core.terms import CANONICAL_BASE, LABEL_PROPERTIES, shorten
from publisher.graph.words import foreign


@dataclass(frozen=True)
class Name:
    """A name in both languages; ``en`` is "" where it is the same, as the wording of a source is."""

    de: str
    en: str = ""

    def text(self, language: str) -> str:
        """The name in ``language``."""
        return self.en if language == "en" and self.en else self.de


class Names:
    """Names by IRI."""

    def __init__(self, base: str) -> None:
        self.base = base
        places = enumerate(iri.replace(CANONICAL_BASE, base, 1) for iri in LABEL_PROPERTIES)
        self._places = {f"<{iri}>".encode(): place for place, iri in places}
        self._found: dict[str, dict[str, tuple[int, str]]] = {}

    def read(self, lines: Iterable[bytes]) -> None:
        """Takes the names that ``lines`` state; one known before stays unless a better property states another."""
        stated = [line for line in lines if line.split(b" ", 2)[1] in self._places]
        for quad in parse(b"".join(stated), format=RdfFormat.N_QUADS):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
                self._take(quad.subject.value, quad, quad.object)

    def _take(self, iri: str, quad: Quad, name: Literal) -> None:
        place = self._places[f"<{quad.predicate.value}>".encode()]
        held = self._found.setdefault(iri, {})
        language = name.language or ""
        if language not in held or place < held[language][0]:
            held[language] = place, name.value

    def stated(self, iri: str) -> Name | None:
        """What ``iri`` is called; None where nothing says so."""
        held = self._found.get(iri)
        if not held:
            return None
        best = min(place for place, _ in held.values())
        texts = {language: text for language, (place, text) in held.items() if place == best}
        german = texts.get("de") or next(iter(texts.values()))
        english = texts.get("en", "")
        return Name(german, english if english != german else "")

    def of(self, iri: str) -> Name:
        """What ``iri`` is called, else the name of a foreign term, else the IRI made short."""
        german = foreign(iri, "de")
        return self.stated(iri) or (Name(german, foreign(iri, "en")) if german else Name(self._short(iri)))

    def _short(self, iri: str) -> str:
        inner = iri.removeprefix(f"{self.base}id/")
        return inner if inner != iri else shorten(iri, self.base)
