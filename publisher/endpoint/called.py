"""Our own function for servers that do not know it: ``ic:matches(?text, "words")`` as the list of the texts that fit.

The server finds what has the letters, we compare by the rules of the search, and the query gets the texts themselves.
"""

import re

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from publisher.core.refusals import EngineCannot, ResultTooLarge
from publisher.endpoint.functions import MATCHES
from publisher.graph.remote import Remote
from publisher.graph.store import Term
from publisher.language.wanted import Wanted

MOST = 10_000
"""Texts that a query may list."""
_STRING = r"\"\"\".*?\"\"\"|'''.*?'''|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'"
_CALL = (
    r"(?:<{iri}>|{prefix}matches)\s*\(\s*(?P<text>STR\s*\(\s*[?$]\w+\s*\)|[?$]\w+)\s*,"
    rf"\s*(?P<words>{_STRING}|[?$]\w+)\s*\)"
)
_GIVEN = rf"VALUES\s*\(?\s*[?$]{{name}}\s*\)?\s*\{{{{\s*\(?\s*({_STRING})\s*\)?\s*\}}}}"


def without_calls(dataset: Remote, query: str) -> str:
    """``query`` with lists in place of calls; raises EngineCannot where the words or the text are not written out."""
    iri = dataset.own(MATCHES)
    namespace = re.escape(iri.removesuffix("matches"))
    prefix = re.search(rf"PREFIX\s+(\w*:)\s*<{namespace}>", query, re.IGNORECASE)
    call = _CALL.format(iri=re.escape(iri), prefix=re.escape(prefix[1]) if prefix else "(?!)")
    query = re.sub(call, lambda found: _listed(dataset, query, found), query, flags=re.IGNORECASE | re.DOTALL)
    bare = re.sub(_STRING, '""', query, flags=re.DOTALL)
    if f"<{iri}>" in bare or (prefix and re.search(rf"{re.escape(prefix[1])}matches\s*\(", bare)):
        raise EngineCannot(reason='ic:matches(?text, "words")')
    return query


def _listed(dataset: Remote, query: str, found: re.Match[str]) -> str:
    words = found["words"]
    if words[0] in "?$":
        given = re.search(_GIVEN.format(name=words[1:]), query, re.IGNORECASE | re.DOTALL)
        if not given:
            return found[0]
        words = given[1]
    texts = _fitting(dataset, _literal(words))
    if len(texts) > MOST:
        raise ResultTooLarge(allowed=f"{MOST} texts", rows=MOST)
    plain = found["text"][0] not in "?$"
    listed = sorted({str(Literal(text.value) if plain else text) for text in texts})
    # A list without anything in it is not understood by every server.
    return f"({found['text']} IN ({', '.join(listed) or 'UUID()'}))"


def _literal(text: str) -> Literal:
    (quad,) = parse(f"<urn:x> <urn:x> {text} .", format=RdfFormat.TURTLE)
    assert isinstance(quad.object, Literal)
    return quad.object


def _fitting(dataset: Remote, words: Literal) -> list[Literal]:
    matches = dataset.functions[NamedNode(dataset.own(MATCHES))]
    wanted = Wanted.parse(words.value)
    if not wanted.words:
        return []
    # Every text that fits has the letters of each word; the longest are the rarest.
    starts = max(wanted.starts, key=lambda some: min(map(len, some)))
    rows = dataset.select(dataset.own_queries.get("engine/texts").with_values({"start": tuple(map(Literal, starts))}))
    texts: set[Term] = {row["text"] for row in rows}
    return [text for text in texts if isinstance(text, Literal) and _true(matches(text, words))]


def _true(value: object) -> bool:
    return isinstance(value, Literal) and value.value == "true"
