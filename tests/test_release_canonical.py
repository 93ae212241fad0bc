"""Our N-Quads are the canonical form of RDFC-1.0, so their checksums are the hashes of the data.

https://www.w3.org/TR/rdf-canon/, section 4.5 and appendix A: one form for each literal, sorted in code point order.
"""

import random
from pathlib import Path

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Literal, NamedNode, Quad, RdfFormat, parse, serialize

from publisher.graph.write import nquads
from publisher.release.reader import Release

GRAPH = NamedNode("https://example.org/g")
ESCAPES = {0x08: "\\b", 0x09: "\\t", 0x0A: "\\n", 0x0C: "\\f", 0x0D: "\\r", 0x22: '\\"', 0x5C: "\\\\"}
NASTY = (
    "",
    " ",
    'he said "no"',
    "back\\slash \\n no line",
    "line\nline\r\nline\rline",
    "tab\tform\fback\b bell\a",
    "".join(map(chr, range(0x21))) + "\x7f",
    "\x80\x85\xa0\u2028\u2029\ufeff\ufffd",
    "\ufffe\uffff",
    "Umlaute äöüß, 𝔉raktur, 😀, \u0301 combining",
    "{} <a> _:b @de ^^ . #",
    "'''\"\"\"",
)
STRING = "http://www.w3.org/2001/XMLSchema#string"


def canonical(term: Literal) -> str:
    """A literal as the recommendation writes it."""
    text = "".join(
        ESCAPES.get(code)
        or (f"\\u{code:04X}" if code < 0x20 or code == 0x7F or code in (0xFFFE, 0xFFFF) else chr(code))
        for code in map(ord, term.value)
    )
    if term.language:
        return f'"{text}"@{term.language}'
    return f'"{text}"' if term.datatype.value == STRING else f'"{text}"^^<{term.datatype.value}>'


def literals(text: str) -> tuple[Literal, ...]:
    """``text`` in every kind of literal."""
    other = NamedNode("https://example.org/datatype")
    return Literal(text), Literal(text, language="de"), Literal(text, language="de-DE"), Literal(text, datatype=other)


@pytest.mark.parametrize("text", NASTY, ids=lambda text: ascii(text)[:30])
def test_each_literal_has_its_canonical_form(text: str) -> None:
    for term in literals(text):
        quad = Quad(NamedNode("https://example.org/ä?a=b&c"), NamedNode("https://example.org/p"), term, GRAPH)
        wanted = f"<https://example.org/ä?a=b&c> <https://example.org/p> {canonical(term)} <https://example.org/g> .\n"
        assert nquads([quad]).decode() == wanted


def test_lines_stand_in_the_order_of_code_points() -> None:
    chance = random.Random(3)
    texts = [*NASTY, *(chr(chance.randrange(0x20, 0x2FFFF)).replace("\ud800", "") for _ in range(300))]
    terms = [term for text in texts if not any(0xD800 <= ord(c) < 0xE000 for c in text) for term in literals(text)]
    quads = [
        Quad(NamedNode("https://example.org/s"), NamedNode("https://example.org/p"), term, GRAPH) for term in terms
    ]
    chance.shuffle(quads)
    lines = nquads(quads).decode().split("\n")
    # The order of code points is that of their UTF-8 bytes, but not that of UTF-16.
    assert lines[:-1] == sorted(set(lines[:-1]), key=lambda line: [ord(char) for char in line])
    assert lines[-1] == ""


def test_every_dump_is_the_canonical_form_of_what_it_holds(release: Release) -> None:
    files = sorted((release.folder / "dumps").glob("*.nq"))
    assert len(files) > 10
    for path in files:
        assert _canonical(path) == path.read_bytes(), path.name


def _canonical(path: Path) -> bytes:
    """What a canonicaliser makes of the statements of ``path``, whatever its blank nodes are called."""
    dataset = Dataset(parse(path=str(path), format=RdfFormat.N_QUADS, rename_blank_nodes=True))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    text: bytes = serialize(dataset, format=RdfFormat.N_QUADS)  # type: ignore[assignment]
    return b"".join(sorted(text.splitlines(keepends=True)))


def test_counties_have_no_blank_node(release: Release) -> None:
    for county in release.manifest.counties:
        quads = parse(path=str(release.folder / "dumps" / f"{county.ags}.nq"), format=RdfFormat.N_QUADS)
        assert not [quad for quad in quads if "_:" in (str(quad.subject)[:2], str(quad.object)[:2])]
