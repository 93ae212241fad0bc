"""The search beside the engines that could have been taken: SQLite FTS5 and Tantivy, each as it comes and at its best.

All get the same entries and the same queries, function words left out. ``rank`` gives IRIs, best first.
"""

import sqlite3
from collections.abc import Callable, Sequence

import tantivy

from publisher.language.wanted import Wanted
from publisher.views import search_help
from publisher.views.search import Request, search
from publisher.views.search_entries import Entry
from publisher.views.search_index import Index
from publisher.views.site import Site

Rank = Callable[[str], list[str]]
MOST = 1_000_000


def ours(site: Site) -> Rank:
    """Ours, with what the page shows instead where nothing is found."""
    index = Index.of(site)

    def rank(query: str) -> list[str]:
        found = search(index, Request(query))
        if not found.total:
            meant = search_help.instead(index, found.request) or (search_help.narrower(site, index, found.request),)
            found = search(index, meant[0].request) if meant[0] else found
        return [entry.iri for entry in found.hits()]

    return rank


def sqlite(entries: Sequence[Entry], tokenizer: str, term: str) -> Rank:
    """SQLite FTS5 with one of its tokenizers; ``term`` is how a word is asked for. Ranked by BM25."""
    base = sqlite3.connect(":memory:")
    base.execute(f"CREATE VIRTUAL TABLE texts USING fts5(iri UNINDEXED, words, tokenize='{tokenizer}')")
    base.executemany("INSERT INTO texts VALUES (?, ?)", ((entry.iri, " / ".join(entry.texts)) for entry in entries))

    def rank(query: str) -> list[str]:
        words = " ".join(term.format(word) for word in _words(query))
        found = base.execute("SELECT iri FROM texts WHERE texts MATCH ? ORDER BY rank", (words,))
        return [iri for (iri,) in found]

    return rank


def tantivy_index(entries: Sequence[Entry], compounds: bool) -> Rank:
    """Tantivy with its German stemmer, with ``compounds`` also its splitter, given all words of the entries."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("iri", stored=True, tokenizer_name="raw")
    builder.add_text_field("words", tokenizer_name="german")
    index = tantivy.Index(builder.build())
    index.register_tokenizer("german", _analyzer(entries, compounds))
    writer = index.writer(50_000_000, 1)
    for entry in entries:
        writer.add_document(tantivy.Document(iri=entry.iri, words=" / ".join(entry.texts)))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def rank(query: str) -> list[str]:
        parsed = index.parse_query(" ".join(_words(query)), ["words"], conjunction_by_default=True)
        found = searcher.search(parsed, limit=MOST, count=False)
        return [str(searcher.doc(address)["iri"][0]) for _, address in found.hits]

    return rank


def _analyzer(entries: Sequence[Entry], compounds: bool) -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.lowercase())
    if compounds:
        words = {word.lower() for entry in entries for text in entry.texts for word in text.split() if word.isalpha()}
        builder = builder.filter(tantivy.Filter.split_compound(sorted(word for word in words if len(word) > 3)))
    return builder.filter(tantivy.Filter.stemmer("german")).filter(tantivy.Filter.ascii_fold()).build()


def _words(query: str) -> list[str]:
    """The telling words of ``query`` as typed."""
    telling = Wanted.parse(query).words
    return [word for word in query.replace("-", " ").split() if set(Wanted.parse(word).words) & set(telling)]


ENGINES: dict[str, Callable[[Site, Sequence[Entry]], Rank]] = {
    "ours": lambda site, _: ours(site),
    "SQLite FTS5, unicode61": lambda _, entries: sqlite(entries, "unicode61 remove_diacritics 2", '"{}"*'),
    "SQLite FTS5, trigram": lambda _, entries: sqlite(entries, "trigram", '"{}"'),
    "Tantivy, German": lambda _, entries: tantivy_index(entries, compounds=False),
    "Tantivy, German, compounds": lambda _, entries: tantivy_index(entries, compounds=True),
}
