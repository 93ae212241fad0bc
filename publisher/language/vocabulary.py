"""The words of the texts at hand: which of them fit a word, and how they leave out what two compounds share."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from publisher.language.fit import EXACT, INSIDE, fit, is_front, is_word, joints, needles
from publisher.language.function_words import FUNCTION_WORDS
from publisher.language.slips import Slips
from publisher.language.words import WORD, core, family, fold, lemma

Span = tuple[int, int]

SMALL = frozenset(fold(word) for word in FUNCTION_WORDS)
"""The function words, folded."""
_JOINING = frozenset(("und", "oder", "sowie", "bzw"))
_LEFT_OUT = re.compile(r"(?<=\w)-(?=[\s,/])")
"""The hyphen that stands for the rest of a compound: „Sprach- und Lernangebote“."""
_AHEAD = 5
"""How many words further on the other compound may stand."""
_SHORTEST_PART, _SHORTEST_TAIL, _LONG_TAIL = 3, 4, 6
_REMEMBERED = 4096
"""How many looked-up words are kept: visitors can ask for any number of different ones."""


@dataclass(frozen=True)
class _Forms:
    """The words of some texts as they are written, and the texts that leave out a part of a word; how often each."""

    words: Counter[str]
    shortened: Counter[str]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        words: Counter[str] = Counter()
        shortened: Counter[str] = Counter()
        for text, times in Counter(texts).items():
            for word in WORD.findall(text):
                words[word] += times
            if _LEFT_OUT.search(text):
                shortened[text] += times
        return cls(words, shortened)

    def exchanged(self, gone: Self, fresh: Self) -> Self:
        return type(self)(self.words - gone.words + fresh.words, self.shortened - gone.shortened + fresh.shortened)


class Vocabulary:
    """The folded words of ``texts`` and ``names``, each with how it is written mostly and how often it stands there.

    The names of places are no compounds: „Gelsenkirchen“ is not about churches.
    """

    def __init__(self, texts: Iterable[str] = (), names: Iterable[str] = ()) -> None:
        self._take(_Forms.of(texts), _Forms.of(names))

    def _take(self, said: "_Forms", named: "_Forms") -> None:
        self._said, self._named = said, named
        self.counts: Counter[str] = Counter()
        self.written: dict[str, str] = {}
        """Of a word written in several ways the usual one, first as texts have it."""
        for forms in (named, said):
            own: Counter[str] = Counter()
            # Of equally usual ones the last in the order of the alphabet: „Migration“ before „MIGRATION“.
            for form, number in sorted(forms.words.items(), key=lambda pair: (pair[1], pair[0])):
                word = fold(form)
                own[word] += number
                self.written[word] = form
            self.counts += own
        said_words = {fold(form) for form in said.words}
        self._names = frozenset(self.written) - said_words
        self._implied = {word for text in said.shortened for word in self.held(text)} - set(self.written)
        self._fitting: dict[str, Mapping[str, int]] = {}
        self._halves: dict[str, tuple[str, str] | None] = {}

    def exchanged(self, gone: "Vocabulary", fresh: "Vocabulary") -> "Vocabulary":
        """The words of the same texts and names, those of ``gone`` taken out and those of ``fresh`` put in."""
        changed = Vocabulary()
        changed._take(self._said.exchanged(gone._said, fresh._said), self._named.exchanged(gone._named, fresh._named))
        return changed

    def __contains__(self, word: str) -> bool:
        return word in self.written or word in self._implied

    @cached_property
    def parts(self) -> frozenset[str]:
        """How compounds may begin or end: every word that means something, whole or without its ending."""
        whole = (word for word in self.written if word not in SMALL | self._names and not word.isdigit())
        return frozenset(part for word in whole for part in (word, core(word)) if len(part) >= _SHORTEST_PART)

    def prepare(self) -> None:
        """Computes all that is kept, so that processes forked afterwards share it."""
        self.slips.prepare()
        self._sharing_stem, self._lines, self.parts  # noqa: B018

    def fitting(self, wanted: str) -> Mapping[str, int]:
        """The words that fit the folded ``wanted``, with how well they fit."""
        found = self._fitting.get(wanted)
        if found is None:
            if len(self._fitting) >= _REMEMBERED:
                self._fitting.clear()
            scores = ((word, self.fit(wanted, word)) for word in self._candidates(wanted))
            found = self._fitting[wanted] = {word: score for word, score in scores if score}
        return found

    def fit(self, wanted: str, word: str) -> int:
        """How well the folded ``word`` fits ``wanted``; see ``publisher.language.fit``.

        A compound also fits a longer one that holds both its halves: „Migrationsberatung“ „Migrationserstberatung“.
        """
        score = fit(wanted, word, self.parts)
        if word in self._names:
            return score if score == EXACT or word.startswith(wanted) else 0
        return score or (INSIDE if self._embraces(word, wanted) else 0)

    def held(self, text: str) -> set[str]:
        """The folded words of ``text``, with those that a hyphen leaves out."""
        if _LEFT_OUT.search(text):
            return {word for word, _ in self.words(text)}
        return set(map(fold, WORD.findall(text)))

    def words(self, text: str) -> Iterator[tuple[str, Span]]:
        """The folded words of ``text`` and where they stand.

        What a hyphen leaves out is supplied: „Sprach- und Lernangebote“ also has „sprachangebote“.
        """
        matches = list(WORD.finditer(text))
        for place, match in enumerate(matches):
            word = fold(match[0])
            yield word, match.span()
            if _LEFT_OUT.match(text, match.end()):
                for tail in self._tails(_completing(text, matches[place + 1 : place + 1 + _AHEAD])):
                    yield word + tail, match.span()

    def halves(self, wanted: str) -> tuple[str, str] | None:
        """The two words that the folded compound ``wanted`` is made of; None when they are not known."""
        if wanted not in self._halves:
            if len(self._halves) >= _REMEMBERED:
                self._halves.clear()
            self._halves[wanted] = self._cut(wanted)
        return self._halves[wanted]

    def _cut(self, wanted: str) -> tuple[str, str] | None:
        cuts = ((front, tail) for front, tail in joints(wanted) if is_front(front, self.parts))
        return max(
            ((front, tail) for front, tail in cuts if is_word(tail, self.parts)),
            key=lambda cut: min(map(len, cut)),
            default=None,
        )

    @cached_property
    def slips(self) -> Slips:
        """Finds the word that was meant where one is mistyped."""
        return Slips({word: number for word, number in self.counts.items() if word not in SMALL})

    @cached_property
    def _sharing_stem(self) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for word in (*self.written, *self._implied):
            found[lemma(word)].append(word)
        return found

    @cached_property
    def _lines(self) -> str:
        """All words, one a line: searching one long text is many times faster than searching many short ones."""
        return "\n".join(("", *sorted((*self.written, *self._implied)), ""))

    def _candidates(self, wanted: str) -> set[str]:
        found = set(self._sharing_stem.get(lemma(wanted), ()))
        for needle in needles(wanted):
            found.update(self._holding(needle))
        starts = (family(wanted), (self.halves(wanted) or ("",))[0])
        for start in filter(None, starts):
            found.update(self._holding("\n" + start))
        return found

    def _embraces(self, word: str, wanted: str) -> bool:
        front, tail = self.halves(wanted) or ("", "")
        return bool(tail) and word.startswith(front) and core(tail) in word[len(front) :]

    def _holding(self, needle: str) -> Iterator[str]:
        lines = self._lines
        at = lines.find(needle)
        while at >= 0:
            end = lines.find("\n", at + 1)
            yield lines[lines.rfind("\n", 0, at + 1) + 1 : end]
            at = lines.find(needle, end)

    def _tails(self, other: str) -> Iterator[str]:
        """How the folded compound ``other`` may end: at any place where it is not known."""
        # „fremdenfeind|lichkeit“ is no joint, but where the ending begins.
        within = len(core(other))
        cuts = [(front, tail) for front, tail in joints(other) if len(tail) >= _SHORTEST_TAIL and len(front) < within]
        known = [tail for front, tail in cuts if is_front(front, self.parts) or is_word(tail, self.parts)]
        # Where no joint is known, or a long part is left whole, it may be cut anywhere.
        yield from known or (tail for _, tail in cuts)
        whole = min(known, key=len, default="")
        yield from (whole[at:] for at in range(_SHORTEST_PART, len(whole) - _LONG_TAIL + 1))


def leaves_out(text: str) -> bool:
    """Whether ``text`` leaves out a part of a word, as „Sprach- und Lernangebote“ does."""
    return _LEFT_OUT.search(text) is not None


def _completing(text: str, following: Sequence[re.Match[str]]) -> str:
    """The first word that is neither joining nor itself shortened; "" when there is none."""
    for match in following:
        word = fold(match[0])
        if word not in _JOINING and not _LEFT_OUT.match(text, match.end()):
            return word
    return ""
