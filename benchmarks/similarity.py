"""python -m benchmarks.similarity: how well the similar texts fit, measured on pairs judged by hand.

Prints the tables of docs/similarity.md; ``--write`` puts them into it. The judged pairs are in tests/data/similarity:
``queries.tsv`` (the texts asked about), ``judged.tsv`` (pairs with two readings: 2 the same concern, 1 related,
0 not), ``examples.tsv`` (pairs shown in the document). A pair that nobody judged counts as 0 and is counted apart.
"""

import argparse
import csv
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, Quad

from publisher.core.terms import COUNTY, GRAPH, SKOS
from publisher.graph.queries import Queries
from publisher.graph.sources import find, read_graph
from publisher.graph.store import Dataset
from publisher.language.function_words import FUNCTION_WORDS
from publisher.language.likeness import Rarity, dot
from publisher.language.nearest import nearest
from publisher.language.statements import LEAST, Statement, Yardstick
from publisher.language.words import fold, stem, words
from publisher.release.similar import statements, yardstick

ROOT = Path(__file__).parent.parent
DATA = ROOT / "tests" / "data" / "similarity"
DOCUMENT = ROOT / "docs" / "similarity.md"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
SHOWN = 3
LEASTS = (0.0, 0.15, 0.2, 0.25, 0.3, 0.35)

Score = Callable[[Statement, Statement], float]
Pair = tuple[str, str]


@dataclass(frozen=True)
class Case:
    """What is measured: the statements by IRI, the texts asked about, the grades of both readings."""

    statements: Mapping[str, Statement]
    queries: Sequence[str]
    grades: Mapping[Pair, int]
    second: Mapping[Pair, int]
    yardstick: Yardstick
    labels: Mapping[str, str]


@dataclass(frozen=True)
class Figures:
    """How well a method does: see docs/similarity.md for the words."""

    precision: float
    of_shown: float
    gain: float
    shown: int
    unjudged: int


def read_case() -> Case:
    """The judged set with the statements of the five counties."""
    sources, lists = find(ROOT), read_lists()
    queries = Queries(sources.queries)
    held = [
        statement
        for county in sources.counties()
        for statement in statements(queries, Dataset.of(read_graph(county.files, county.graph)))
    ]
    rows = read("judged")
    named = {
        quad.subject.value: quad.object.value
        for quad in lists
        if quad.predicate.value == SKOS + "prefLabel" and getattr(quad.object, "language", "") == "de"
    }
    return Case(
        statements={one.id: one for one in held},
        queries=[iri(row["query"]) for row in read("queries")],
        grades={ends(row): int(row["grade"]) for row in rows},
        second={ends(row): int(row["second"]) for row in rows if row["second"]},
        yardstick=yardstick(held, lists),
        labels=named,
    )


def read_lists() -> list[Quad]:
    """The statements of the common fields and closed lists."""
    common = find(ROOT).common
    return [quad for name in ("fields", "lists") for quad in read_graph(common[GRAPH + name], GRAPH + name)]


def glossary() -> list[str]:
    """The German texts of the lists, whose words the method knows besides those of the counties."""
    literals = (quad.object for quad in read_lists() if isinstance(quad.object, Literal))
    return [literal.value for literal in literals if literal.language == "de"]


def read(name: str) -> list[dict[str, str]]:
    """The rows of a table of the judged set."""
    with (DATA / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def iri(name: str) -> str:
    """``kreis:03357/1/ziel-05`` as an IRI."""
    return COUNTY + name.removeprefix("kreis:")


def ends(row: Mapping[str, str]) -> Pair:
    """The two texts of a row, in the order of their IRIs."""
    return pair(iri(row["one"]), iri(row["other"]))


def pair(one: str, other: str) -> Pair:
    """Two texts, whichever comes first."""
    return (one, other) if one < other else (other, one)


def methods(case: Case) -> dict[str, Score]:
    """The published method and what it is compared with."""
    held = list(case.statements.values())
    plain, stems, letters = (_cosine(held, keys) for keys in (_words, _stems, _letters))
    weighed = {one.id: case.yardstick.weigh(one) for one in held}

    def overlap(one: Statement, other: Statement) -> float:
        first, second = set(_words(one)), set(_words(other))
        return len(first & second) / max(1, len(first | second))

    return {
        "shared words, unweighted": overlap,
        "shared words, rare ones count more": plain,
        "word stems": stems,
        "runs of five letters": letters,
        "wording: stems and parts of compounds": lambda a, b: dot(weighed[a.id].words, weighed[b.id].words),
        "concepts only": lambda a, b: dot(weighed[a.id].concepts, weighed[b.id].concepts),
        "**wording and concepts (published)**": lambda a, b: case.yardstick.score(weighed[a.id], weighed[b.id]),
    }


def _cosine(held: Sequence[Statement], keys: Callable[[Statement], Iterable[str]]) -> Score:
    found = {one.id: dict.fromkeys(keys(one), 1.0) for one in held}
    rarity = Rarity(found.values())
    weights = {name: rarity.unit(held) for name, held in found.items()}
    return lambda one, other: dot(weights[one.id], weights[other.id])


def _words(one: Statement) -> list[str]:
    small = {fold(word) for word in FUNCTION_WORDS}
    return [word for word in words(one.text) if word not in small]


def _stems(one: Statement) -> list[str]:
    return [stem(word) for word in _words(one)]


def _letters(one: Statement) -> list[str]:
    return [f" {word} "[at : at + 5] for word in _words(one) for at in range(max(1, len(word) - 2))]


def figures(case: Case, score: Score, grades: Mapping[Pair, int], least: float = 0.0) -> Figures:
    """How well ``score`` finds what ``grades`` call related; nothing below ``least`` is shown."""
    hits = shown = unjudged = 0
    gains: list[float] = []
    for query in case.queries:
        found = closest(case, score, query, least)
        judged = [grades.get(pair(query, other)) for other in found]
        got = [grade or 0 for grade in judged]
        hits, shown, unjudged = hits + sum(map(bool, got)), shown + len(got), unjudged + judged.count(None)
        ideal = sorted((grade for ends, grade in grades.items() if query in ends), reverse=True)[:SHOWN]
        if any(ideal):
            gains.append(_gain(got) / _gain(ideal))
    return Figures(hits / SHOWN / len(case.queries), hits / max(1, shown), sum(gains) / len(gains), shown, unjudged)


def closest(case: Case, score: Score, query: str, least: float = 0.0) -> list[str]:
    """The up to three closest texts of other counties."""
    one = case.statements[query]
    others = (other for other in case.statements.values() if other.county != one.county)
    ranked = sorted((-score(one, other), other.id) for other in others)
    return [other for alike, other in ranked[:SHOWN] if alike < 0 and -alike >= least]


def _gain(grades: Sequence[int]) -> float:
    return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))


def ceiling(case: Case) -> float:
    """The best precision any method could reach: many texts have fewer than three related ones."""
    best = 0
    for query in case.queries:
        best += min(SHOWN, sum(bool(grade) for ends, grade in case.grades.items() if query in ends))
    return best / SHOWN / len(case.queries)


def report(case: Case) -> str:
    """The tables of docs/similarity.md."""
    parts = [_set(case), _methods(case), _leasts(case)]
    parts += [_examples(case, kind, title) for kind, title in (("good", "Five good"), ("bad", "Five bad"))]
    return "\n\n".join(parts)


def _set(case: Case) -> str:
    both = [(case.grades[ends], case.second[ends]) for ends in case.second]
    agreed = sum(one == other for one, other in both)
    total = [list(case.grades.values()).count(grade) for grade in (2, 1, 0)]
    without = sum(not any(g for ends, g in case.grades.items() if query in ends) for query in case.queries)
    return (
        f"{len(case.statements)} texts of five counties; {len(case.queries)} of them asked about; {len(case.grades)} "
        f"pairs judged: {total[0]} the same concern (2), {total[1]} related (1), {total[2]} not (0). "
        f"Read again in another order, {len(both)} pairs: {agreed} graded alike ({agreed / len(both):.0%}). "
        f"{without} of the texts asked about have nothing related in any other county."
    )


def _methods(case: Case) -> str:
    lines = ["| method | precision at 3 | by the second reading | gain (nDCG) at 3 |", "|---|---:|---:|---:|"]
    for name, score in methods(case).items():
        first, second = figures(case, score, case.grades), figures(case, score, {**case.grades, **case.second})
        lines.append(f"| {name} | {first.precision:.2f} | {second.precision:.2f} | {first.gain:.2f} |")
    lines.append(f"| *best possible* | {ceiling(case):.2f} | | 1.00 |")
    return "\n".join(lines)


def _leasts(case: Case) -> str:
    score = list(methods(case).values())[-1]
    lines = ["| shown from | texts shown | of these related | precision at 3 |", "|---:|---:|---:|---:|"]
    for least in LEASTS:
        found = figures(case, score, case.grades, least)
        mark = "**" if least == LEAST else ""
        lines.append(
            f"| {mark}{least:.2f}{mark} | {found.shown} | {mark}{found.of_shown:.2f}{mark} | {found.precision:.2f} |"
        )
    return "\n".join(lines)


def _examples(case: Case, kind: str, title: str) -> str:
    lines = [
        f"**{title} examples**",
        "",
        "| one | other | score | shared | judged | why |",
        "|---|---|---:|---|---:|---|",
    ]
    published = {match.ids for match in nearest(case.statements.values(), case.yardstick)}
    for row in read("examples"):
        if row["kind"] == kind:
            lines.append(_example(case, row, ends(row) in published))
    return "\n".join(lines)


def _example(case: Case, row: Mapping[str, str], published: bool) -> str:
    one, other = (case.yardstick.weigh(case.statements[end]) for end in ends(row))
    match = case.yardstick.match(one, other)
    shared = "; ".join([*match.words, *(case.labels.get(concept, concept) for concept in match.concepts)]) or "–"
    score = f"{match.score:.2f}{'' if published else ' (not shown)'}"
    texts = " | ".join(weighed.statement.text for weighed in (one, other))
    return f"| {texts} | {score} | {shared} | {case.grades[ends(row)]} | {row['why']} |"


def document(text: str, tables: str) -> str:
    """``text`` with ``tables`` between its marks."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{tables}\n\n{END}{after}"


def main() -> None:
    """The command."""
    command = argparse.ArgumentParser(description=__doc__)
    command.add_argument("--write", action="store_true", help="write the tables into docs/similarity.md")
    tables = report(read_case())
    print(tables)
    if command.parse_args().write:
        DOCUMENT.write_text(document(DOCUMENT.read_text(encoding="utf-8"), tables), encoding="utf-8")


if __name__ == "__main__":
    main()
