"""What one county adds to a release, and how it is noted: what each build needs, apart from what is large."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from publisher.language.statements import Statement
from publisher.release.catalogue.districts import District
from publisher.release.kept import Gone, Kept, key
from publisher.release.manifest import CountyState, File
from publisher.release.objects import Hashes, Objects, hashes_parsed
from publisher.release.tally import Share

_FEW = 10
"""So many shares may differ from those of the note of all before it is written again: it is large."""
_ALL = key(b"the objects of all shares")
"""Under what is noted what all shares have together: whichever build wrote it, others go on from there."""


@dataclass(frozen=True)
class Bulk:
    """What of a unit is large and asked for only where something of that kind changed."""

    texts: bytes
    """Its texts that are compared with those of other counties, as JSON."""
    objects: bytes
    """The hashes of the objects that its share counts."""


@dataclass(frozen=True)
class Unit:
    """One county's contribution to a release. What is large lies in files and notes; what is small is handed on."""

    state: CountyState
    documents: Path | None = None
    """The folder of its source documents."""
    files: tuple[File, ...] = ()
    """The dumps of its graph."""
    date: str = ""
    """The date that its graph states; "" when it states none."""
    district: District | None = None
    texts: str = ""
    """What stands for its texts that are compared with those of other counties."""
    facts: str = ""
    """What tables and catalogue say of all counties at once, as N-Quads: which concept it has, which version of it
    counts, and what is said of the county itself and of its graph."""
    share: Share | None = None
    parts: Mapping[str, str] = field(default_factory=dict)
    """Graph that holds something of every county → what stands for what this one adds."""
    bulk: Bulk | None = field(default=None, compare=False)
    """What is large, where it was made now."""

    @property
    def kept(self) -> bool:
        """Whether all of it was made by an earlier build."""
        return self.share is not None and self.bulk is None


def note(kept: Kept, name: str, unit: Unit) -> None:
    """Notes ``unit``, which was made now, under ``name``."""
    assert unit.bulk and unit.share
    kept.note(_texts(unit.texts), unit.bulk.texts)
    kept.note(objects_key(unit.share.objects), unit.bulk.objects)
    kept.note(name, _as_json(unit).encode())


def noted(kept: Kept, name: str, state: CountyState, documents: Path) -> Unit | None:
    """The unit that is noted under ``name``; None where it is not, with all that belongs to it."""
    held = kept.known(name, _parsed)
    if held is None:
        return None
    unit = replace(held, state=replace(state, triples=held.state.triples), documents=documents)
    assert unit.share
    return unit if kept.notes(_texts(unit.texts), objects_key(unit.share.objects)) else None


def statements(kept: Kept, unit: Unit) -> list[Statement]:
    """The texts of ``unit`` that are compared. Raises Gone where they were noted, but cannot be read any more."""
    raw = unit.bulk.texts if unit.bulk else kept.noted(_texts(unit.texts)) if unit.texts else b"[]"
    if raw is None:
        raise Gone(unit.state.ags)
    return [
        Statement(iri, county, text, frozenset(concepts), frozenset(mentions))
        for iri, county, text, concepts, mentions in json.loads(raw)
    ]


def texts_raw(held: list[Statement]) -> bytes:
    """``held`` in a form that is always written alike."""
    rows = [[one.id, one.county, one.text, sorted(one.concepts), sorted(one.mentions)] for one in held]
    return json.dumps(rows, ensure_ascii=False).encode()


def texts_stamp(raw: bytes) -> str:
    """What stands for texts as ``texts_raw`` gives them."""
    return sha256(raw).hexdigest()


def objects_key(stamp: str) -> str:
    """Under what the hashes of objects are noted that ``stamp`` stands for."""
    return key(b"objects", stamp.encode())


def objects_of(kept: Kept, stamps: Sequence[str], made: Mapping[str, bytes]) -> Objects:
    """The objects of the shares that ``stamps`` stand for, reckoned from those of an earlier build.

    ``made`` are the hashes of what was counted now. Raises Gone where those of another share cannot be read any more.
    """
    noted, now = kept.noted(_ALL), Counter(stamps)
    head, _, raw = (noted or b"[]\n").partition(b"\n")
    before = Counter(json.loads(head))
    if noted and before == now:
        return Objects.parsed(raw)

    def read(wanted: Counter[str]) -> list[Hashes]:
        found = {stamp: made.get(stamp) or kept.noted(objects_key(stamp)) for stamp in wanted}
        if lost := [stamp for stamp, body in found.items() if body is None]:
            raise Gone(*lost)
        return [hashes_parsed(body) for stamp, body in found.items() if body for _ in range(wanted[stamp])]

    gone, come = before - now, now - before
    differ = gone.total() + come.total()
    if differ < now.total() and kept.notes(*map(objects_key, gone)):
        objects = Objects.parsed(raw).changed(read(gone), read(come))
        if differ <= _FEW:
            return objects
    else:
        objects = Objects().changed([], read(now))
    kept.note(_ALL, json.dumps(sorted(stamps)).encode() + b"\n" + objects.raw())
    return objects


def _texts(stamp: str) -> str:
    return key(b"texts", stamp.encode())


def _as_json(unit: Unit) -> str:
    share, said = unit.share, unit.district
    assert share and said
    raw = {
        "triples": unit.state.triples,
        "files": [asdict(file) for file in unit.files],
        "date": unit.date,
        "district": asdict(said),
        "texts": unit.texts,
        "facts": unit.facts,
        "parts": dict(unit.parts),
        "share": share.raw(),
    }
    return json.dumps(raw, ensure_ascii=False)


def _parsed(text: bytes) -> Unit:
    """The unit that ``text`` is; of its state only the number of statements."""
    raw: dict[str, Any] = json.loads(text)
    said = raw["district"]
    return Unit(
        state=CountyState("", "current", "", raw["triples"]),
        files=tuple(File(**file) for file in raw["files"]),
        date=raw["date"],
        district=District(**{**said, "pages": tuple(said["pages"])}),
        texts=raw["texts"],
        facts=raw["facts"],
        share=Share.parsed(raw["share"]),
        parts=raw["parts"],
    )
