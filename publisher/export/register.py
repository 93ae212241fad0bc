"""The names of all things from A to Z, for readers without a script and for looking around."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from publisher.core.terms import NS
from publisher.export.plan import REGISTER, Plan
from publisher.views.search_index import Index
from publisher.web.links import LANGUAGES

MOST = 300
"""So many names one page has."""
LONGEST = 120
"""Longer texts are wording, no names."""
_WORDING = ("Goal", "Measure", "Recommendation", "Statement", "Task", "GuidingPrinciple")
_UMLAUTS = str.maketrans("ÄÖÜ", "AOU")
OTHERS = "0-9"


@dataclass(frozen=True)
class Letter:
    """A page of the register: the letters there are, and the things of one of them."""

    letters: tuple[tuple[str, int], ...]
    letter: str = ""
    part: int = 1
    parts: int = 1
    things: tuple[tuple[str, str], ...] = ()
    """Name and IRI."""

    def path(self, letter: str, part: int = 1) -> str:
        """The path of the part ``part`` of ``letter``."""
        return f"{REGISTER}/{letter.lower()}" + (f"/{part}" if part > 1 else "")


@dataclass(frozen=True)
class Register:
    """The register of one export."""

    plan: Plan
    _made: dict[str, Mapping[str, tuple[tuple[str, str], ...]]] = field(default_factory=dict)

    def page(self, path: str, language: str) -> Letter | None:
        """What the page at ``path`` shows; None where there is none in any language."""
        names = self._by_letter(language)
        letters = tuple((letter, len(found)) for letter, found in names.items())
        letter, _, part = path.removeprefix(REGISTER).removeprefix("/").upper().partition("/")
        if not letter:
            return Letter(letters)
        # Each page has its twin in the other language, empty where no name begins so.
        most = max(len(self._by_letter(tongue).get(letter, ())) for tongue in LANGUAGES)
        number = int(part) if part.isdigit() else 1
        if number > -(-most // MOST):
            return None
        found = names.get(letter, ())
        shown = found[(number - 1) * MOST : number * MOST]
        return Letter(letters, letter, number, max(1, -(-len(found) // MOST)), shown)

    def _by_letter(self, language: str) -> Mapping[str, tuple[tuple[str, str], ...]]:
        if language not in self._made:
            self._made[language] = _names(self.plan, language)
        return self._made[language]


def _names(plan: Plan, language: str) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Name and IRI of everything with a page and a name, by letter."""
    site = plan.site
    wording = {site.dataset.own(NS + name) for name in _WORDING}
    found: dict[str, list[tuple[str, str]]] = {}
    for entry in site.once(Index.of).entries:
        if entry.kind in wording or plan.links.name(entry.iri) not in plan.things:
            continue
        name = site.label(entry.iri, language).value
        if len(name) <= LONGEST:
            found.setdefault(_letter(name), []).append((name, entry.iri))
    return {
        letter: tuple(sorted(found[letter], key=lambda pair: (pair[0].casefold(), pair[1]))) for letter in sorted(found)
    }


def _letter(name: str) -> str:
    first = name.lstrip("„“\"'(‚ ")[:1].upper().translate(_UMLAUTS)
    return first if "A" <= first <= "Z" else OTHERS
