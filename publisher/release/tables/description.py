"""What programs read about the tables: a Frictionless data package, and CSV on the Web.

https://specs.frictionlessdata.io/tabular-data-package/, https://www.w3.org/TR/tabular-metadata/
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from publisher.core.messages import Message, messages
from publisher.core.settings import Settings
from publisher.graph.compact import indented
from publisher.release.datasets import DATASET
from publisher.release.description import own
from publisher.release.licenses import license_address, license_name
from publisher.release.manifest import File
from publisher.release.tables.schema import COUNTY_KEY, FOLDER, Column, Table

PACKAGE, CSVW = f"{FOLDER}/datapackage.json", f"{FOLDER}/csv-metadata.json"
CSVW_MEDIA = "application/csvm+json"
NAME = "kreisgraph-tabellen"
_FRICTIONLESS = {"uri": {"type": "string", "format": "uri"}}
_ON_THE_WEB: Mapping[str, Any] = {"uri": "anyURI", "boolean": {"base": "boolean", "format": "true|false"}}


@dataclass(frozen=True)
class About:
    """What is said of the tables as a whole."""

    iri: str
    site: str
    version: str
    date: str
    license: str
    attribution: str


def about(settings: Settings, version: str, date: str) -> About:
    """What is said of the tables of the release ``version`` with data of ``date``."""
    site = settings.public_url or settings.base.rstrip("/")
    return About(own(DATASET, settings.base), site, version, date, settings.license, settings.attribution)


def package(said: About, tables: Iterable[Table], files: Mapping[str, File]) -> str:
    """The data package of ``tables``, whose files are ``files`` (by path)."""
    title, description = messages("tables")["title"], _described()
    license = {"name": license_name(said.license), "path": license_address(said.license), "title": said.attribution}
    return _json(
        {
            "profile": "tabular-data-package",
            "name": NAME,
            "id": said.iri,
            **_both("title", title),
            **_both("description", description),
            "homepage": f"{said.site}/daten",
            "version": said.version,
            "date": said.date,
            "licenses": [license],
            "sources": [{"title": f"{title.de} {said.version}", "path": said.iri}],
            "resources": [_resource(table, files[table.path]) for table in tables],
        }
    )


def _resource(table: Table, file: File) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [_field(table, column) for column in table.columns], "missingValues": [""]}
    if table.key:
        schema["primaryKey"] = list(table.key)
    schema["foreignKeys"] = [
        {"fields": [column], "reference": {"resource": "" if other == table.name else other, "fields": [target]}}
        for column, (other, target) in table.links.items()
    ]
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": f"{table.name}.csv",
        **_both("title", table.title),
        **_both("description", table.text),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
        "schema": schema,
    }


def _field(table: Table, column: Column) -> dict[str, Any]:
    kind = _FRICTIONLESS.get(column.type, {"type": column.type})
    constraints: dict[str, Any] = {"required": True} if column.name in table.key else {}
    if column.name == COUNTY_KEY:
        constraints["pattern"] = "[0-9]{5}"
    found = {"name": column.name, **kind, **_both("title", column.title), **_both("description", column.meaning)}
    return found | ({"constraints": constraints} if constraints else {})


def on_the_web(said: About, tables: Iterable[Table]) -> str:
    """The same for CSV on the Web, for all tables together."""
    return _json(
        {
            "@context": ["http://www.w3.org/ns/csvw", {"@language": "de"}],
            "dc:title": _texts(messages("tables")["title"]),
            "dc:description": _texts(_described()),
            "dc:license": {"@id": license_address(said.license)},
            "dc:rights": {"@value": said.attribution, "@language": "de"},
            "dc:source": {"@id": said.iri},
            "dc:modified": {"@value": said.date, "@type": "xsd:date"},
            "schema:version": {"@value": said.version, "@type": "xsd:string"},
            "tables": [_web_table(table) for table in tables],
        }
    )


def _web_table(table: Table) -> dict[str, Any]:
    schema: dict[str, Any] = {"columns": [_web_column(table, column) for column in table.columns]}
    if table.key:
        schema["primaryKey"] = list(table.key)
    if "iri" in table.key:
        schema["aboutUrl"] = "{+iri}"
    schema["foreignKeys"] = [
        {"columnReference": [column], "reference": {"resource": f"{other}.csv", "columnReference": [target]}}
        for column, (other, target) in table.links.items()
    ]
    return {
        "url": f"{table.name}.csv",
        "dc:title": _texts(table.title),
        "dc:description": _texts(table.text),
        "tableSchema": schema,
    }


def _web_column(table: Table, column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        # The name in the head of the file; what people call it stands beside.
        "titles": [column.name],
        "dc:title": _texts(column.title),
        "dc:description": _texts(column.meaning),
        "datatype": _ON_THE_WEB.get(column.type, column.type),
        **({"lang": "de"} if column.quoted else {}),
        **({"required": True} if column.name in table.key else {}),
    }


def _described() -> Message:
    """What is said of the tables of all counties."""
    return messages("tables")["description"] + Message(" ", " ") + messages("tables")["everywhere"]


def _both(name: str, text: Message) -> dict[str, str]:
    return {name: text.de, f"{name}_en": text.en}


def _texts(text: Message) -> list[dict[str, str]]:
    return [{"@value": text.de, "@language": "de"}, {"@value": text.en, "@language": "en"}]


def _json(data: Mapping[str, Any]) -> str:
    return indented(data) + "\n"
