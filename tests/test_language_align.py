"""Alignment: the closest statements side by side, each exactly once, whatever the order of the groups."""

import random
import time
from dataclasses import replace

import pytest

from publisher.language.align import Alignment, align
from publisher.language.statements import Statement, Yardstick

BROADER = {"feld/F01.1": "feld/F01", "feld/F01.2": "feld/F01"}


def _group(county: str, *texts: str, concepts: frozenset[str] = frozenset()) -> list[Statement]:
    return [Statement(f"{county}/{n}", county, text, concepts) for n, text in enumerate(texts, 1)]


GROUPS = [
    _group("a", "Ehrenamt im Verein stärken", "Sprachkurse ausbauen und anbieten", "Busse fahren öfter"),
    _group("b", "Deutsche Sprachkurse anbieten", "Ehrenamt fördern und stärken", "Wohnungen bauen"),
    _group("c", "Das Ehrenamt stärken", "Gesundheit für alle", "Sprachkurse für Frauen anbieten"),
]


def _yardstick(groups: list[list[Statement]]) -> Yardstick:
    return Yardstick.of([statement for group in groups for statement in group], BROADER)


def _rows(alignment: Alignment) -> list[list[str]]:
    return [[cell.id if cell else "" for cell in row.cells] for row in alignment.rows]


def test_closest_stand_side_by_side_and_the_rest_below() -> None:
    alignment = align(GROUPS, _yardstick(GROUPS))
    assert sorted(_rows(alignment)) == [["a/1", "b/2", "c/1"], ["a/2", "b/1", "c/3"]]
    assert [[one.id for one in group] for group in alignment.alone] == [["a/3"], ["b/3"], ["c/2"]]


def test_every_statement_stands_exactly_once() -> None:
    alignment = align(GROUPS, _yardstick(GROUPS), least=0.01)
    shown = [cell for row in alignment.rows for cell in row.cells if cell]
    shown += [statement for group in alignment.alone for statement in group]
    assert sorted(one.id for one in shown) == sorted(one.id for group in GROUPS for one in group)


def test_each_row_says_why() -> None:
    alignment = align(GROUPS, _yardstick(GROUPS))
    for row in alignment.rows:
        ids = {cell.id for cell in row.cells if cell}
        assert row.matches
        assert all(match.words and match.score >= 0.25 and set(match.ids) <= ids for match in row.matches)
        assert row.score == max(match.score for match in row.matches)


def test_the_order_of_groups_and_statements_does_not_matter() -> None:
    expected = {frozenset(filter(None, row)) for row in _rows(align(GROUPS, _yardstick(GROUPS)))}
    chance = random.Random(5)
    for _ in range(20):
        groups = [chance.sample(group, len(group)) for group in chance.sample(GROUPS, len(GROUPS))]
        found = align(groups, _yardstick(GROUPS))
        assert {frozenset(filter(None, row)) for row in _rows(found)} == expected


def test_shared_concepts_join_what_words_do_not() -> None:
    field = frozenset({"feld/F01.2"})
    one = [Statement("a/1", "a", "Dolmetscher einsetzen", field), Statement("a/2", "a", "Busse fahren")]
    other = [Statement("b/1", "b", "Formulare übersetzen", field), Statement("b/2", "b", "Wohnungen bauen")]
    (row,) = align([one, other], _yardstick([one, other])).rows
    assert [cell.id for cell in row.cells if cell] == ["a/1", "b/1"]
    assert (row.matches[0].words, row.matches[0].concepts) == ((), ("feld/F01.2",))


def test_a_broader_field_is_named_only_where_nothing_narrower_is_shared() -> None:
    texts = {"1": "Kurse anbieten", "2": "Kurse planen"}
    one, other = (Statement(name, name, text, frozenset({f"feld/F01.{name}"})) for name, text in texts.items())
    yardstick = _yardstick([[one, other]])
    match = yardstick.match(yardstick.weigh(one), yardstick.weigh(other))
    assert match.concepts == ("feld/F01",)
    same = yardstick.match(yardstick.weigh(one), yardstick.weigh(replace(other, id="3", concepts=one.concepts)))
    assert same.concepts == ("feld/F01.1",)
    assert same.score > match.score


def test_nothing_to_align() -> None:
    assert align([[], []], _yardstick([])) == Alignment((), ((), ()))
    assert align([GROUPS[0], []], _yardstick(GROUPS)).alone == (tuple(GROUPS[0]), ())


def test_four_full_counties_are_aligned_at_once() -> None:
    chance = random.Random(1)
    verbs, things = ("ausbauen", "sichern", "stärken", "fördern"), [f"Angebot{chr(97 + n)}" for n in range(26)]
    groups = [
        _group(
            county, *(f"{chance.choice(things)} und {chance.choice(things)} {chance.choice(verbs)}" for _ in range(60))
        )
        for county in "abcd"
    ]
    yardstick = _yardstick(groups)
    align(groups, yardstick)
    times = []
    for _ in range(5):
        start = time.process_time()
        align(groups, yardstick)
        times.append(time.process_time() - start)
    # Time of the processor, since the machine that runs the tests is shared; a free core takes about 20 ms.
    assert min(times) < 0.06, times


@pytest.mark.parametrize("least", [0.1, 0.25, 0.6])
def test_a_row_is_alike_enough_on_average(least: float) -> None:
    yardstick = _yardstick(GROUPS)
    for row in align(GROUPS, yardstick, least).rows:
        cells = [yardstick.weigh(cell) for cell in row.cells if cell]
        scores = [yardstick.score(a, b) for n, a in enumerate(cells) for b in cells[n + 1 :]]
        assert sum(score for score in scores if score >= least) / len(scores) >= least
