"""How well one German word fits another: the same, a part of a compound, one of the same family."""

from collections.abc import Container, Iterator
from itertools import takewhile

from publisher.language.words import core, family, lemma

EXACT, START, INSIDE, RELATED = 4, 3, 2, 1
"""The same word; the longer one starts with it; it stands inside a compound; both are of one family."""

LINKS = ("", "s", "n", "en", "es", "er", "e", "ns")
"""What German puts between two parts of a compound: Bildung-s-angebot, Familie-n-zentrum."""
_SHORTEST, _SHORTEST_START, _SHORTEST_SURE = 3, 4, 6
"""Shorter parts are not looked for; not by their beginning alone; not where the rest is no known word."""
_INFLECTED = 3
"""How many letters may follow a short part at the end of a word: „Jugendamtes“."""

_PREFIXES = tuple(
    """
    ab an auf aus auseinander be bei de durch ein emp ent entgegen er fest ge gegen gegenueber her heran heraus herein
    hin hinaus hinein inter kon los miss mit miteinander nach nieder pro re statt trans ueber um un unter ver vor wider
    wieder zer zu zurueck zusammen
    """.split()  # noqa: SIM905
)
"""What makes another word of one instead of a compound: „Zusammenarbeit“ is not about work, „Gerechtigkeit“ not law."""
_ALWAYS_LINKED = ("bundes", "landes", "ungs", "heits", "keits", "schafts", "ions", "taets")
"""How the first part of a compound ends that is a word for sure, known or not."""
_NO_COMPOUNDS = {
    "amt": ("ehrenamt",),
    "hand": ("handlung",),
    "land": ("landkreis", "landrat"),
    "ration": ("moderation",),
    "teil": ("teilhabe", "teilnahme", "teilnehm"),
}
"""Words that look like compounds of another one and are not about it."""


def fit(wanted: str, word: str, known: Container[str] = ()) -> int:
    """How well the folded ``word`` of a text fits the folded ``wanted``; 0 when it does not.

    ``known`` holds how compounds may begin and end (see ``Vocabulary``): short words such as „Rat“ or „Kurs“ are only
    seen in compounds whose other part is in it.
    """
    if wanted == word or lemma(wanted) == lemma(word):
        return EXACT
    if any(word.startswith(other) and not wanted.startswith(other) for other in _NO_COMPOUNDS.get(core(wanted), ())):
        return 0
    if _starts(wanted, word, known):
        return START
    if any(_inside(part, wanted, word, known) for part in needles(wanted)):
        return INSIDE
    start = family(wanted)
    return RELATED if start and word.startswith(start) else 0


def needles(wanted: str) -> tuple[str, ...]:
    """What a word holds that is a compound of ``wanted``: its root, or the whole word where that is short."""
    bare = core(wanted)
    if len(bare) >= _SHORTEST_START:
        return (bare,)
    return tuple(part for part in dict.fromkeys((wanted, bare)) if len(part) >= _SHORTEST)


def joints(word: str) -> Iterator[tuple[str, str]]:
    """Every way to cut the folded ``word`` in two that are long enough to be words."""
    for at in range(_SHORTEST, len(word) - _SHORTEST + 1):
        yield word[:at], word[at:]


def is_front(start: str, known: Container[str]) -> bool:
    """Whether ``start`` is a known word, with what links it to the next part of a compound."""
    if len(start) < _SHORTEST or start in _PREFIXES:
        return False
    return start.endswith(_ALWAYS_LINKED) or any(
        start.endswith(link) and start[: len(start) - len(link)] in known for link in LINKS
    )


def _starts(wanted: str, word: str, known: Container[str]) -> bool:
    return any(
        word.startswith(part) and (len(part) >= _SHORTEST_START or _is_rest(word[len(part) :], known))
        for part in needles(wanted)
    )


def _is_rest(rest: str, known: Container[str]) -> bool:
    """Whether ``rest`` is a known word, perhaps after a link."""
    return any(rest.startswith(link) and is_word(rest[len(link) :], known) for link in LINKS)


def is_word(rest: str, known: Container[str]) -> bool:
    """Whether ``rest`` is a known word in any form."""
    return len(rest) >= _SHORTEST and (rest in known or core(rest) in known)


def _inside(part: str, wanted: str, word: str, known: Container[str]) -> bool:
    at = word.find(part, _SHORTEST)
    if at < 0 or (len(part) < _SHORTEST_START and len(word) - at - len(part) > _INFLECTED):
        return False
    front = word[:at]
    if is_front(front, known):
        return True
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(word[at:], wanted, strict=False)))
    return shared >= _SHORTEST_SURE and len(front) >= _SHORTEST_START and not _is_derived(front, known)


def _is_derived(front: str, known: Container[str]) -> bool:
    """Whether ``front`` ends with what makes another word of the next one: „berufsaus|bildung“."""
    before = (front.removesuffix(prefix) for prefix in _PREFIXES if front.endswith(prefix))
    return any(not rest or rest.endswith("s") or is_front(rest, known) for rest in before)
