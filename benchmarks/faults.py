"""Faults for made-up counties: each kind breaks one Turtle file at one node, and fires a rule that is known by name.

What got which fault is written down beside the data (FOLDER/faults.tsv), so that a test can compare it with findings.
"""

import csv
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

LIST = "faults.tsv"
_HEAD = ("ags", "fault", "node", "rule")
_BLOCK = "^({name}) a {kind} ?;\n(?:.*\n)*?.*[.]\n"
_OWN = "https://w3id.org/kreisgraph/id/kreis/"


@dataclass(frozen=True)
class Kind:
    """One kind of fault: its name, the rule that it fires, the file it is put into, the things it may be put to."""

    name: str
    rule: str
    file: str
    things: str
    """A pattern for their names (``v1:ziel-01``), and their class."""
    spoil: Callable[[str], str]
    """Takes what is written of a thing, gives what is written then."""


@dataclass(frozen=True)
class Fault:
    """A fault as it was put: into which county, of which kind, at which node (an IRI), and which rule tells it."""

    ags: str
    kind: str
    node: str
    rule: str


def _swap(pattern: str, text: str) -> Callable[[str], str]:
    return lambda block: re.sub(pattern, text, block, count=1)


_GOAL, _MEASURE = r"v\d:ziel-\d+|ic:Goal", r"v\d:massnahme-\d+|ic:Measure"
KINDS = (
    Kind("a wording without a language", "text-language", "elements.ttl", _GOAL, _swap(r'(ic:text "[^"]*")@de', r"\1")),
    Kind("two wordings", "text-single", "elements.ttl", _GOAL, _swap(r"(ic:text )", r'\1"Etwas anderes"@de , ')),
    Kind("no version", "element-version", "elements.ttl", _GOAL, _swap(r"    ic:version \S+ ;\n", "")),
    Kind(
        "a slip in a property", "known-property", "elements.ttl", _MEASURE, _swap(r"ic:order", "ic:ordr 1 ; ic:order")
    ),
    Kind("a way of knowing that is none", "assertion-listed", "elements.ttl", _MEASURE, _swap("ic:Stated", "ic:Goal")),
    Kind("a wording that is not quoted", "text-quoted", "elements.ttl", _MEASURE, _swap(r'(ic:text ")', r"\1Nie ")),
    Kind(
        "a goal of another kind",
        "serves-goal-kind",
        "elements.ttl",
        _MEASURE,
        _swap(r"ic:servesGoal (v\d):ziel-\d+", r"ic:servesGoal \1:quelle"),
    ),
    Kind("a wrong line", "quotation-line", "elements.ttl", _MEASURE, _swap(r"(ic:line) \d+", r"\1 3")),
    Kind(
        "a quotation that nobody wrote",
        "quotation-not-in-source",
        "elements.ttl",
        _MEASURE,
        _swap(r'(oa:exact ")', r"\1Niemals "),
    ),
    Kind(
        "a changed document",
        "document-hash",
        "concept.ttl",
        r"v\d:quelle|ic:SourceDocument",
        _swap(r'ic:sha256 "....', 'ic:sha256 "0000'),
    ),
)
"""Ten kinds; quotations belong to the element they stand with."""


def spoil_counties(folders: Sequence[Path], share: float, seed: str) -> list[Fault]:
    """Puts one to three faults into ``share`` of the counties ``folders``, drawn by ``seed``; what was put where."""
    random = Random(f"faults {seed}")
    chosen = sorted(random.sample(list(folders), round(len(folders) * share)))
    return [fault for folder in chosen for fault in spoil_county(folder, random)]


def spoil_county(folder: Path, random: Random) -> list[Fault]:
    """Puts one to three faults of different kinds into the county in ``folder``; what was put where."""
    ags = folder.name.partition("-")[0]
    faults: list[Fault] = []
    spoiled: set[str] = set()
    for kind in random.sample(KINDS, random.randint(1, 3)):
        node = _spoil(folder / kind.file, kind, random, spoiled)
        if node:
            spoiled.add(node)
            prefix, _, name = node.partition(":")
            faults.append(Fault(ags, kind.name, f"{_OWN}{ags}/{prefix[1:]}/{name}", kind.rule))
    return faults


def _spoil(file: Path, kind: Kind, random: Random, spoiled: set[str]) -> str:
    """Puts a fault of ``kind`` at one thing in ``file``; its name, "" where none can take it."""
    text = file.read_text(encoding="utf-8")
    name, _, type_ = kind.things.partition("|")
    found = list(re.finditer(_BLOCK.format(name=name, kind=type_), text, re.MULTILINE))
    random.shuffle(found)
    for match in found:
        # What stands with a thing, its quotations and mappings, follows it up to the next empty line.
        end = text.find("\n\n", match.end() - 1)
        block = text[match.start() : end if end >= 0 else len(text)]
        spoilt = kind.spoil(block)
        if match[1] not in spoiled and spoilt != block:
            file.write_text(text[: match.start()] + spoilt + text[match.start() + len(block) :], encoding="utf-8")
            return match[1]
    return ""


def write_list(path: Path, faults: Iterable[Fault]) -> None:
    """Writes ``faults`` as a table."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(_HEAD)
        writer.writerows((one.ags, one.kind, one.node, one.rule) for one in faults)


def read_list(path: Path) -> list[Fault]:
    """The faults that ``write_list`` wrote."""
    with path.open(encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file, delimiter="\t")
    return [Fault(*row) for row in rows]
