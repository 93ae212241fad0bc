"""Which text became which: by wording, by place where the wording is the same, fields by what they hold."""

import random
import time
from dataclasses import replace

import pytest

from publisher.core.settings import load
from publisher.graph.sources import find
from publisher.graph.store import Dataset
from publisher.release.manifest import Manifest
from publisher.release.reader import Release
from publisher.views.chain import Edition, Source
from publisher.views.edition_texts import Extent, extents
from publisher.views.pairing import THRESHOLD, PlanText, pairing
from publisher.views.revision import Row, Section, compared
from publisher.views.site import Site, Text

FIELD, GOAL, MEASURE = "urn:Field", "urn:Goal", "urn:Measure"
ALL = {FIELD, GOAL, MEASURE}


def text(iri: str, wording: str, kind: str = GOAL, **more: object) -> PlanText:
    """A text of a version, its order the number in its name."""
    order = int("".join(filter(str.isdigit, iri)) or 0)
    made = PlanText(iri, kind, wording, Text(wording or iri), order)
    return replace(
        made, **{name: frozenset(value) if isinstance(value, set) else value for name, value in more.items()}
    )  # type: ignore[arg-type]


def rows(old: list[PlanText], new: list[PlanText], whole: set[str] = ALL) -> dict[tuple[str, str], Row]:
    """What became of each text, by the names of the two."""
    found = compared(pairing(old, new, FIELD), whole, whole)
    return {(row.old.iri if row.old else "", row.new.iri if row.new else ""): row for row in found}


def changes(old: list[PlanText], new: list[PlanText], whole: set[str] = ALL) -> dict[tuple[str, str], str]:
    return {names: row.change for names, row in rows(old, new, whole).items()}


def test_the_same_letters_come_first_then_the_most_alike() -> None:
    old = [text("o1", "Sprachkurse für Frauen anbieten"), text("o2", "Sprachkurse für junge Frauen anbieten")]
    new = [text("n1", "Sprachkurse für junge Frauen anbieten"), text("n2", "Sprachkurse für Frauen im Kreis anbieten")]
    assert changes(old, new) == {("o2", "n1"): "same", ("o1", "n2"): "reworded"}


def test_a_number_is_no_key() -> None:
    old = [text("o1", "Wohnraum schaffen", notation="1."), text("o2", "Vereine öffnen", notation="2.")]
    new = [text("n1", "Vereine öffnen", notation="1."), text("n2", "Wohnraum schaffen", notation="2.")]
    assert changes(old, new) == {("o1", "n2"): "same", ("o2", "n1"): "same"}


def test_place_then_number_then_order_decide_between_the_same_wordings() -> None:
    fields = [text("of1", "Bildung", FIELD), text("of2", "Arbeit", FIELD)]
    later = [text("nf1", "Arbeit", FIELD), text("nf2", "Bildung", FIELD)]
    old = [text("o1", "Beratung stärken", fields={"of1"}), text("o2", "Beratung stärken", fields={"of2"})]
    new = [text("n1", "Beratung stärken", fields={"nf1"}), text("n2", "Beratung stärken", fields={"nf2"})]
    found = changes(fields + old, later + new)
    assert found["o1", "n2"] == found["o2", "n1"] == "same"
    numbered = [replace(old[0], fields=frozenset(), notation="II."), replace(old[1], fields=frozenset(), notation="I.")]
    renumbered = [
        replace(new[0], fields=frozenset(), notation="I."),
        replace(new[1], fields=frozenset(), notation="II."),
    ]
    assert set(changes(numbered, renumbered)) == {("o1", "n2"), ("o2", "n1")}
    plain = [replace(one, fields=frozenset()) for one in (*old, *new)]
    assert set(changes(plain[:2], plain[2:])) == {("o1", "n1"), ("o2", "n2")}


def test_texts_below_the_threshold_are_not_one() -> None:
    old, new = [text("o1", "Kulturelle Bildungsangebote ausbauen")], [text("n1", "Zugang zu Bildungsangeboten sichern")]
    assert 0 < THRESHOLD < 1
    assert changes(old, new) == {("o1", ""): "dropped", ("", "n1"): "added"}


def test_only_a_complete_list_drops_or_adds() -> None:
    old, new = [text("o1", "Wohnraum schaffen")], [text("n1", "Vereine öffnen")]
    assert changes(old, new, set()) == {("o1", ""): "missing", ("", "n1"): "appearing"}


def test_moved_to_another_field_goal_level_or_holder() -> None:
    fields = [text("of1", "Bildung", FIELD), text("of2", "Arbeit", FIELD)]
    later = [text("nf1", "Bildung", FIELD), text("nf2", "Arbeit", FIELD)]
    goals = [text("og1", "Sprache lernen"), text("og2", "Arbeit finden")]
    aims = [text("ng1", "Sprache lernen"), text("ng2", "Arbeit finden")]
    old = [
        text("o3", "Kurse anbieten", fields={"of1"}),
        text("o4", "Praktika vermitteln", parents={"og1"}),
        text("o5", "Teilhabe fördern", levels={"urn:Strategic"}),
        text("o6", "Netzwerk pflegen", holders={"urn:post"}),
    ]
    new = [
        text("n3", "Kurse anbieten", fields={"nf2"}),
        text("n4", "Praktika vermitteln", parents={"ng2"}),
        text("n5", "Teilhabe fördern", levels={"urn:Operational"}),
        text("n6", "Netzwerk pflegen", holders={"urn:office"}),
    ]
    found = rows([*fields, *goals, *old], [*later, *aims, *new])
    moves = {names: [(m.kind, m.left, m.reached) for m in row.moves] for names, row in found.items() if row.moves}
    assert moves == {
        ("o3", "n3"): [("field", ("of1",), ("nf2",))],
        ("o4", "n4"): [("goal", ("og1",), ("ng2",))],
        ("o5", "n5"): [("level", ("urn:Strategic",), ("urn:Operational",))],
        ("o6", "n6"): [("holder", ("urn:post",), ("urn:office",))],
    }
    assert {found[names].change for names in moves} == {"moved"}


def test_a_place_that_a_source_does_not_tell_is_no_move() -> None:
    later = [text("nf1", "Bildung", FIELD)]
    old, new = [text("o1", "Kurse anbieten")], [*later, text("n1", "Kurse anbieten", fields={"nf1"})]
    assert changes(old, new)["o1", "n1"] == "same"


def test_fields_without_a_name_are_known_by_what_they_hold() -> None:
    old = [
        text("of1", "", FIELD),
        text("of2", "", FIELD),
        text("o1", "Kurse anbieten", fields={"of1"}),
        text("o2", "Kinder fördern", fields={"of1"}),
        text("o3", "Wohnraum schaffen", fields={"of2"}),
    ]
    new = [
        text("nf1", "Wohnen", FIELD),
        text("nf2", "Sprache", FIELD),
        text("n1", "Kurse anbieten", fields={"nf2"}),
        text("n2", "Kinder fördern", fields={"nf2"}),
        text("n3", "Wohnraum schaffen", fields={"nf1"}),
    ]
    found = rows(old, new)
    assert (found["of1", "nf2"].change, found["of1", "nf2"].shared, found["of1", "nf2"].of) == ("unnamed", 2, 2)
    assert found["o1", "n1"].change == found["o3", "n3"].change == "same"


def test_a_field_may_get_another_name_and_keep_its_texts() -> None:
    old = [text("of1", "Arbeit", FIELD), text("o1", "Praktika vermitteln", fields={"of1"})]
    new = [text("nf1", "Wirtschaft und Beruf", FIELD), text("n1", "Praktika vermitteln", fields={"nf1"})]
    found = rows(old, new)
    assert found["of1", "nf1"].change == "reworded" and found["of1", "nf1"].shared == 1
    assert found["o1", "n1"].change == "same"


def test_nothing_is_added_while_a_nameless_field_may_be_it() -> None:
    old, new = [text("of1", "", FIELD)], [text("nf1", "Digitales", FIELD)]
    assert changes(old, new) == {("of1", ""): "unnamed", ("", "nf1"): "appearing"}
    extent = Extent("urn:Complete", complete=True)
    section = Section(FIELD, tuple(rows(old, new).values()), 1, 1, extent, extent)
    told = {change: section.applies(change) for change in ("added", "appearing", "dropped", "missing")}
    assert told == {"added": False, "appearing": True, "dropped": True, "missing": False}


def test_the_same_wording_as_another_kind_is_neither_added_nor_dropped() -> None:
    old, new = [text("o1", "Lotsen ausbilden", MEASURE)], [text("n1", "Lotsen ausbilden", GOAL)]
    assert changes(old, new) == {("o1", "n1"): "turned"}


def test_what_is_much_like_a_text_that_became_another_is_said() -> None:
    old = [text("o1", "Beratung vorhalten und die Vernetzung der Beratung fördern")]
    new = [text("n1", "Beratung vorhalten und Vernetzung"), text("n2", "Die Vernetzung der Beratung fördern")]
    found = rows(old, new)
    assert sorted(row.change for row in found.values()) == ["added", "reworded"]
    assert [row.near.iri for row in found.values() if row.near] == ["o1"]


def test_the_pieces_are_the_two_wordings_letter_for_letter() -> None:
    row = rows([text("o1", "Konflikte angehen und lösen")], [text("n1", "Konflikte früh erkennen und lösen")])[
        "o1", "n1"
    ]
    assert "".join(p.text for p in row.pieces if p.change != "added") == "Konflikte angehen und lösen"
    assert "".join(p.text for p in row.pieces if p.change != "removed") == "Konflikte früh erkennen und lösen"


def test_counts_are_the_rows_and_add_up() -> None:
    old, new = invented(random.Random(5))
    found = tuple(rows(old, new).values())
    extent = Extent("urn:Complete", complete=True)
    for kind in ALL:
        mine = tuple(row for row in found if any(one.kind == kind for one in row.texts))
        section = Section(
            kind, mine, sum(t.kind == kind for t in old), sum(t.kind == kind for t in new), extent, extent
        )
        both = sum(section.counts[c] for c in ("same", "moved", "reworded", "reworded_moved"))
        assert section.old == both + section.counts["dropped"] and section.new == both + section.counts["added"]
        assert sum(section.counts.values()) == len(section.rows)


def test_the_order_of_the_texts_does_not_matter() -> None:
    old, new = invented(random.Random(7))
    expected = changes(old, new)
    for seed in range(3):
        chance = random.Random(seed)
        assert changes(chance.sample(old, len(old)), chance.sample(new, len(new))) == expected


def test_two_versions_of_160_texts_are_compared_quickly() -> None:
    old, new = invented(random.Random(3))
    assert len(old) == len(new) == 160
    rows(old, new)

    def once() -> float:
        start = time.process_time()
        rows(old, new)
        return time.process_time() - start

    assert min(once() for _ in range(5)) < 0.1


WORDS = (
    *("Sprache", "Bildung", "Arbeit", "Beratung", "Vereine", "Jugendliche", "Frauen", "Familien", "Ehrenamt"),
    *("Gesundheit", "Wohnung", "Dialog", "Vielfalt", "Teilhabe", "Verwaltung", "Angebote", "Netzwerk", "Kultur"),
    *("fördern", "stärken", "ausbauen", "vernetzen", "sichern", "öffnen", "begleiten", "entwickeln", "vermitteln"),
    *("Kindertagesstätten", "Schulsozialarbeit", "Migrationsberatung", "Sprachmittlung", "Integrationslotsen"),
)


def invented(chance: random.Random) -> tuple[list[PlanText], list[PlanText]]:
    """Two versions of 8 fields, 40 goals and 112 measures: half the same, the others reworded, moved or new."""

    def wording() -> str:
        return " ".join(chance.choice(WORDS) + chance.choice(("", "en", "s")) for _ in range(chance.randint(5, 18)))

    old = [text(f"of{number}", f"{wording()} {number}", FIELD) for number in range(8)]
    old += [text(f"og{number}", f"{wording()} {number}", fields={f"of{number % 8}"}) for number in range(40)]
    old += [
        text(f"om{number}", f"{wording()} {number}", MEASURE, parents={f"og{number % 40}"}) for number in range(112)
    ]
    new = []
    for one in old:
        name = one.iri.replace("o", "n", 1)
        later = replace(
            one,
            iri=name,
            fields=frozenset(field.replace("o", "n", 1) for field in one.fields),
            parents=frozenset(goal.replace("o", "n", 1) for goal in one.parents),
        )
        turn = chance.random()
        if turn > 0.9:
            later = replace(later, wording=wording())
        elif turn > 0.65:
            later = replace(later, wording=later.wording + " " + chance.choice(WORDS))
        elif turn > 0.5 and later.fields:
            later = replace(later, fields=frozenset({"nf1"}))
        new.append(later)
    return old, new


@pytest.mark.parametrize(
    ("edition", "complete"),
    [
        ((Source("urn:q", "https://w3id.org/kreisgraph/ns#FullText"),), True),
        ((Source("urn:q", "https://w3id.org/kreisgraph/ns#Summary"),), False),
        ((), False),
    ],
)
def test_tasks_have_no_list_and_go_by_the_source(edition: tuple[Source, ...], complete: bool) -> None:
    sources = find(None)
    release = Release(sources.root, Manifest("x", "2026-01-01", "https://w3id.org/kreisgraph/", 0), Dataset.of([]))
    site = Site.of(release, sources, load())
    version = Edition("urn:1", "1/1", Text("Konzept"), "", "", (), edition, (), compared=False)
    assert extents(site, (version,))["urn:1", site.ns("Task")].complete is complete
