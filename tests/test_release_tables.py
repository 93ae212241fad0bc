"""The tables: expected rows of an invented county, what programs read about them, workbooks, and the real release.

After a change of a query rewrite the expected rows and read the difference before committing it::

    KREISGRAPH_UPDATE=1 pytest tests/test_release_tables.py
    git diff tests/data/tables
"""

import csv
import hashlib
import json
import os
import shutil
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from table_input import AGS, CASES, SOURCES, Made, made

from publisher.graph.queries import Queries
from publisher.release.datasets import DATASET
from publisher.release.description import VOID
from publisher.release.reader import Release
from publisher.release.tables import book as table_book
from publisher.release.tables import files as table_files
from publisher.release.tables.book import LONGEST, Filled, write_workbook
from publisher.release.tables.description import About
from publisher.release.tables.rows import as_csv, read_rows, rows
from publisher.release.tables.schema import ORDER, Table, tables

TABLES = tables(Queries(SOURCES.queries))
BY_NAME = {table.name: table for table in TABLES}
UPDATE = os.environ.get("KREISGRAPH_UPDATE") == "1"
SAID = About("https://x.example/id/datensatz", "https://x.example", "1", "2026-03-01", "", "X")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("tables")
    return made(folder / "release", folder / "cache")


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", ORDER)
def test_rows_of_an_invented_county(small: Made, name: str) -> None:
    found = _read(small.folder / f"tabellen/{name}.csv")
    if name == "gemeinsame_felder":
        assert [row["kennung"] for row in found] == sorted(row["kennung"] for row in found)
        return
    expected = CASES / f"{name}.csv"
    if UPDATE:
        shutil.copy(small.folder / f"tabellen/{name}.csv", expected)
    assert (small.folder / f"tabellen/{name}.csv").read_bytes() == expected.read_bytes()
    assert expected.read_bytes().count(b"\n") == expected.read_bytes().count(b"\r\n") == len(found) + 1


def test_silence_is_empty_and_one_cell_holds_one_value(small: Made) -> None:
    goals = {row["wortlaut"]: row for row in _read(small.folder / "tabellen/ziele.csv")}
    first, second = goals['Alle sagen „ja“; "wirklich", 100 %'], goals["Teilziel"]
    assert first["kreisschluessel"] == AGS
    assert first["zeile"] == "7", "of two quotations that which is the wording"
    assert (second["zeile"], second["beleg_iri"], second["ebene_wortlaut"]) == ("", "", "")
    links = [row for row in _read(small.folder / "tabellen/verknuepfungen.csv") if row["beziehung_code"] == "inField"]
    assert [row["nach_iri"][-7:] for row in links] == ["feld-01", "feld-02"]
    field = _read(small.folder / "tabellen/handlungsfelder.csv")[1]
    assert field["wortlaut"] == "" and field["bezeichnung"].startswith("Handlungsfeld 2")


def test_a_data_package_is_valid(small: Made) -> None:
    assert _faults(small.folder / "tabellen/datapackage.json") == []
    assert _faults(small.folder / "tabellen/kreisgraph-tabellen.zip") == []


def _faults(path: Path) -> list[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from frictionless import validate

        report = validate(str(path), type="package")
    return [error.type for task in report.tasks for error in task.errors] + [error.type for error in report.errors]


SPOILINGS: dict[str, tuple[Callable[[bytes], bytes], set[str]]] = {
    "a-letter": (lambda body: body.replace(b"Frauen", b"Frauem"), {"hash-count"}),
    "a-row-less": (lambda body: body[: body[:-2].rfind(b"\r\n") + 2], {"byte-count", "hash-count"}),
    "a-cell-more": (lambda body: body.replace(b"\r\n09999,", b"\r\n09999,x,", 1), {"byte-count", "hash-count"}),
    "no-number": (lambda body: body.replace(b",8,Frauen", b",a,Frauen", 1), {"hash-count", "type-error"}),
    "an-unknown-county": (lambda body: body.replace(b"\r\n09999,", b"\r\n09997,", 1), {"hash-count", "foreign-key"}),
}


@pytest.mark.parametrize("name", SPOILINGS)
def test_a_spoiled_table_is_noticed(small: Made, tmp_path: Path, name: str) -> None:
    spoil, expected = SPOILINGS[name]
    folder = shutil.copytree(small.folder / "tabellen", tmp_path / "tabellen")
    body = (folder / "zitate.csv").read_bytes()
    assert spoil(body) != body
    (folder / "zitate.csv").write_bytes(spoil(body))
    assert expected <= set(_faults(folder / "datapackage.json"))


def test_csv_on_the_web_is_valid(small: Made) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        import csvw

        group = csvw.TableGroup.from_file(small.folder / "tabellen/csv-metadata.json")
        found = {str(table.url): list(table.iterdicts()) for table in group.tables}
        assert group.check_referential_integrity()
    assert set(found) == {f"{name}.csv" for name in ORDER}
    assert [row["zeile"] for row in found["zitate.csv"]] == [1, 3, 5, 7, 8]
    assert found["fassungen.csv"][0]["verglichen"] is True


def test_both_descriptions_say_the_same(small: Made) -> None:
    package = json.loads((small.folder / "tabellen/datapackage.json").read_text(encoding="utf-8"))
    web = json.loads((small.folder / "tabellen/csv-metadata.json").read_text(encoding="utf-8"))
    for table, resource, described in zip(TABLES, package["resources"], web["tables"], strict=True):
        head = next(read_rows(small.folder / table.path))
        fields = resource["schema"]["fields"]
        assert (
            head == [field["name"] for field in fields] == [one["name"] for one in described["tableSchema"]["columns"]]
        )
        assert all(field["title"] and field["title_en"] and field["description_en"] for field in fields)
        body = (small.folder / table.path).read_bytes()
        assert (resource["bytes"], resource["hash"]) == (len(body), f"sha256:{hashlib.sha256(body).hexdigest()}")
        assert resource["schema"].get("primaryKey", []) == described["tableSchema"].get("primaryKey", [])
        assert len(resource["schema"]["foreignKeys"]) == len(described["tableSchema"]["foreignKeys"])


def test_the_workbook_holds_text_and_numbers_and_no_formula(small: Made) -> None:
    book = openpyxl.load_workbook(small.folder / "tabellen/kreisgraph-tabellen.xlsx")
    assert book.sheetnames == ["Erklärung", *ORDER]
    for name in ORDER:
        head, *found = [[cell.value for cell in row] for row in book[name].iter_rows()]
        expected = _read(small.folder / f"tabellen/{name}.csv")
        assert head == list(BY_NAME[name].header)
        assert [[_text(cell) for cell in row] for row in found] == [list(row.values()) for row in expected]
        assert book[name].freeze_panes and book[name].auto_filter.ref
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "b"}, "f would be a formula"
    assert "=1+1 Kurse" in {cell.value for cell in cells}
    assert book["ziele"]["A2"].value == AGS and book["ziele"]["C2"].value == 1
    explained = {(row[0].value, row[1].value) for row in book["Erklärung"].iter_rows()}
    assert {(table.name, column) for table in TABLES for column in table.header} <= explained


def _text(value: object) -> str:
    """A cell as the CSV file has it."""
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def test_the_workbook_of_a_county_holds_its_rows(small: Made) -> None:
    book = openpyxl.load_workbook(small.folder / f"tabellen/{AGS}.xlsx", read_only=True)
    assert "kreise" not in book.sheetnames
    assert [row[4] for row in book["ziele"].iter_rows(min_row=2, values_only=True)][1] == "Teilziel"
    assert "Landkreis Muster, Nord" in {cell for row in book["Erklärung"].iter_rows(values_only=True) for cell in row}


def test_large_tables_have_no_workbook_of_everything(
    small: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bytes_ = sum(file.bytes for file in small.files if file.path.endswith(".csv"))
    monkeypatch.setattr(table_files, "MOST_BYTES", bytes_)
    assert table_files.has_workbook(small.files)
    monkeypatch.setattr(table_files, "MOST_BYTES", bytes_ - 1)
    found = made(tmp_path / "release", tmp_path / "cache").files
    paths = [file.path for file in small.files if file.path != table_files.WORKBOOK]
    assert sorted(file.path for file in found) == sorted(paths)
    assert f"tabellen/{AGS}.xlsx" in paths


def test_the_same_input_gives_the_same_bytes(small: Made, tmp_path: Path) -> None:
    again = made(tmp_path / "release", tmp_path / "cache")
    warm = made(tmp_path / "warm", tmp_path / "cache")
    assert again.files == small.files == warm.files
    with zipfile.ZipFile(again.folder / "tabellen/kreisgraph-tabellen.zip") as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_what_no_sheet_has_room_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_book, "MOST_ROWS", 2)
    table, long = BY_NAME["belege"], "ü" * (LONGEST + 1)
    for count, sheets in {0: 1, 1: 1, 2: 1, 3: 2, 4: 2, 5: 3}.items():
        filled = Filled(table, [[AGS, "Kreis", long if number == 0 else "x", str(number)] for number in range(count)])
        write_workbook(tmp_path / "book.xlsx", SAID, [filled])
        book = openpyxl.load_workbook(tmp_path / "book.xlsx")
        assert book.sheetnames[1:] == ["belege", "belege 2", "belege 3"][:sheets]
        found = [row for name in book.sheetnames[1:] for row in book[name].iter_rows(min_row=2, values_only=True)]
        assert [row[3] for row in found] == [str(number) for number in range(count)]
    assert (len(str(found[0][2])), str(found[0][2])[-2:]) == (LONGEST, "ü…")


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_release_holds_what_the_endpoint_answers(release: Release, table: Table) -> None:
    expected = rows(Queries(SOURCES.queries), release.dataset, table)
    body = (release.folder / table.path).read_bytes().decode("utf-8")
    assert body == as_csv([table.header, *expected])
    assert expected
    kept = {tuple(row[table.header.index(name)] for name in table.key) for row in expected}
    assert len(kept) == len(expected) or not table.key
    for column, (other, target) in table.links.items():
        there = {row[target] for row in _read(release.folder / f"tabellen/{other}.csv")}
        assert {row[table.header.index(column)] for row in expected} - {""} <= there, column


@pytest.mark.parametrize(
    ("name", "classes"),
    {
        "ziele": ("Goal",),
        "massnahmen": ("Measure", "Recommendation"),
        "handlungsfelder": ("FieldOfAction",),
        "fassungen": ("ConceptVersion",),
        "dokumente": ("SourceDocument",),
        "kreise": ("District",),
        "zuordnungen": ("FieldMapping",),
        "listenumfang": ("ListCoverage",),
    }.items(),
)
def test_there_are_as_many_rows_as_void_counts_things(release: Release, name: str, classes: tuple[str, ...]) -> None:
    said = [release.dataset.objects(f"{DATASET}/klasse-ic-{one}", VOID + "entities") for one in classes]
    assert len(_read(release.folder / f"tabellen/{name}.csv")) == sum(int(str(one[0].value)) for one in said)


def test_a_quotation_is_what_the_document_says_on_that_line(release: Release) -> None:
    documents = {row["iri"]: row for row in _read(release.folder / "tabellen/dokumente.csv")}
    for row in _read(release.folder / "tabellen/zitate.csv"):
        document = documents[row["dokument_iri"]]
        lines = release.document(row["kreisschluessel"], document["datei"]).splitlines()
        start = row["wortlaut"].split()[0]
        assert start in lines[int(row["zeile"]) - 1], row["iri"]


def test_each_column_is_explained_and_each_explanation_used() -> None:
    from publisher.core.messages import messages

    assert {column for table in TABLES for column in table.header} == set(messages("table_columns"))
    assert {path.stem for path in (SOURCES.queries / "tables").glob("*.rq")} == set(ORDER)
    assert all(table.text.de.endswith(".") and table.text.en.endswith(".") for table in TABLES)
