"""What queries may call beyond SPARQL: the rules of the search, as functions of the vocabulary.

https://www.w3.org/TR/sparql11-query/#extensionFunctions
"""

import os
from dataclasses import replace
from functools import lru_cache
from typing import TypeGuard

from pyoxigraph import Literal, NamedNode

from publisher.core.terms import NS, XSD
from publisher.graph.store import Dataset, Function, Term
from publisher.language.vocabulary import Vocabulary
from publisher.language.wanted import Wanted

MATCHES = NS + "matches"
NAMES = (MATCHES,)
"""The functions that the endpoint knows, under the canonical base."""

_STRING = NamedNode(XSD + "string")
_REMEMBERED = 1024
"""How many different queries are kept as read: each may stand in a row of its own."""


def with_functions(dataset: Dataset, vocabulary: Vocabulary) -> Dataset:
    """``dataset`` with all functions; ``vocabulary`` are the words of its texts."""
    return replace(dataset, functions={NamedNode(dataset.own(MATCHES)): matches(vocabulary)})


def matches(vocabulary: Vocabulary) -> Function:
    """``ic:matches(text, words)``: whether ``text`` holds every word, as the search would find it.

    Both are strings, with or without a language; anything else is an error (None), so that FILTER drops the row.
    """
    read = lru_cache(_REMEMBERED)(Wanted.parse)

    def call(*arguments: Term) -> Term | None:
        try:
            if len(arguments) != 2:
                return None
            text, words = arguments
            if not (_is_text(text) and _is_text(words)):
                return None
            return Literal(read(words.value).fits(text.value, vocabulary))
        except MemoryError:
            # The engine would take it for an error of this row and go on: an answer with rows missing.
            os._exit(1)

    return call


def _is_text(term: Term) -> TypeGuard[Literal]:
    return isinstance(term, Literal) and (term.language is not None or term.datatype == _STRING)
