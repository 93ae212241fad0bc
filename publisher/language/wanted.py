"""What is looked for: the words of a query, those in quotation marks also exactly as they stand."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from publisher.language.vocabulary import SMALL, Vocabulary
from publisher.language.words import WORD, fold, lemma, words

LONGEST = 200
"""The longest query that is looked at, in characters."""
_MOST_WORDS = 12
_FIRST = 4
_QUOTED = re.compile(r"[\"„“”»«]([^\"„“”»«]+)[\"“”«»]")


@dataclass(frozen=True)
class Wanted:
    """The folded words that must all be found, and the phrases that must stand there word for word.

    Function words („und“, „für“) count in phrases only, unless there is nothing else.
    """

    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """What ``text`` looks for; any text is a query."""
        text = text[:LONGEST]
        found = tuple(dict.fromkeys(words(text)))
        telling = tuple(word for word in found if word not in SMALL)
        phrases = (phrase(quoted) for quoted in _QUOTED.findall(text))
        return cls((telling or found)[:_MOST_WORDS], tuple(dict.fromkeys(one for one in phrases if one)))

    def fits(self, text: str, vocabulary: Vocabulary) -> bool:
        """Whether ``text`` holds every word in some form and every phrase; nothing fits an empty query."""
        # Replacing is many times faster than translating.
        flat = text.casefold().replace("ä", "a").replace("ö", "o").replace("ü", "u")
        if not self.words or not all(any(start in flat for start in starts) for starts in self.starts):
            return False
        held = vocabulary.held(text)
        return all(_holds(held, word, vocabulary) for word in self.words) and self.quoted_in(text)

    @cached_property
    def starts(self) -> tuple[tuple[str, ...], ...]:
        """For each word some letters, one group of which stands in every text that holds it.

        Most texts have none of them, and looking for letters is many times faster than comparing words.
        """
        return tuple(tuple({lemma(word)[:_FIRST], word[:_FIRST]}) for word in self.words)

    def quoted_in(self, text: str) -> bool:
        """Whether every phrase stands in ``text``, whatever the case, the umlauts and the punctuation."""
        spelled = phrase(text) if self.phrases else ""
        return all(f" {one} " in f" {spelled} " for one in self.phrases)


def phrase(text: str) -> str:
    """``text`` in one spelling, a blank between its words."""
    return " ".join(words(text))


def typed(text: str) -> dict[str, str]:
    """The folded words of a query, each with how it was typed."""
    return {fold(word): word for word in reversed(WORD.findall(text[:LONGEST]))}


def _holds(held: Iterable[str], wanted: str, vocabulary: Vocabulary) -> bool:
    fitting = vocabulary.fitting(wanted)
    return any(word in fitting or (word not in vocabulary and vocabulary.fit(wanted, word)) for word in held)
