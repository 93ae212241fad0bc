"""The comparison as CSV (semicolons, for German Excel) and as JSON: the same values that the page shows."""

import csv
import io
import json
from typing import Any

from publisher.core.terms import shorten
from publisher.views.columns import Column
from publisher.views.compare import Cell, Comparison
from publisher.views.fields import Share
from publisher.views.passages import Passage
from publisher.web.frame import Visit


def csv_text(visit: Visit, data: Comparison) -> str:
    """The texts of the chosen field, one a line; without a chosen field the matrix."""
    rows = _text_rows(visit, data) if data.field else _matrix_rows(visit, data)
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def _matrix_rows(visit: Visit, data: Comparison) -> list[list[str]]:
    _ = visit.gettext
    head = [_("Nummer"), _("Gemeinsames Handlungsfeld"), *(f"{column.name} ({column.ags})" for column in data.columns)]
    source = ["", _("Umfang der Quelle"), *(_coverage(visit, column) for column in data.columns)]
    lines = [
        [line.field.notation, str(visit.label(line.field.iri)), *(cell_text(visit, cell) for cell in line.cells)]
        for line in data.lines
    ]
    return [head, source, *lines, ["", _("Zahlen sind keine Bewertung")]]


def _coverage(visit: Visit, column: Column) -> str:
    if not column.modelled:
        return visit.gettext("noch nicht erfasst")
    return ", ".join(str(visit.label(source.coverage)) for source in column.sources)


def cell_text(visit: Visit, cell: Cell) -> str:
    """A cell in one word, as the page shows it."""
    _ = visit.gettext
    words = {
        "texts": str(cell.total),
        "named": _("genannt"),
        "silent": "–",
        "no_concept": _("kein Konzept"),
        "not_covered": _("noch nicht erfasst"),
    }
    return words[cell.state]


def _text_rows(visit: Visit, data: Comparison) -> list[list[str]]:
    _ = visit.gettext
    head = (
        "Landkreis",
        "AGS",
        "Art",
        "Ebene",
        "Wortlaut",
        "Dokument",
        "Zeile",
        "Feld in der Quelle",
        "Gemeinsames Feld",
    )
    rows = [[*(_(name) for name in head), _("Beziehung"), _("Begründung"), _("Zielgruppe im Wortlaut"), _("Adresse")]]
    for share in data.shares:
        rows += [_text_row(visit, share, text) for text in (*share.names, *share.texts)]
    return rows


def _text_row(visit: Visit, share: Share, text: Passage) -> list[str]:
    first = text.quotations[0] if text.quotations else None
    return [
        share.column.name,
        share.column.ags,
        str(visit.label(text.kind)),
        text.level_label or (str(visit.label(text.level)) if text.level else ""),
        str(visit.label(text.iri)),
        first.document if first else "",
        str(first.line) if first else "",
        ", ".join(str(visit.label(field.iri)) for field in text.fields),
        ", ".join(str(visit.label(place.concept)) for place in text.placements),
        ", ".join(shorten(place.relation) for place in text.placements),
        " ".join(place.reason for place in text.placements),
        ", ".join(word.text for word in text.wordings),
        text.iri,
    ]


def json_text(visit: Visit, data: Comparison) -> str:
    """The whole comparison, with the texts of the chosen field."""
    manifest = visit.site.release.manifest
    body = {
        "version": manifest.version,
        "date": manifest.date,
        "note": visit.gettext("Zahlen sind keine Bewertung"),
        "counties": [_column(visit, column) for column in data.columns],
        "fields": [
            {
                "id": line.field.iri,
                "notation": line.field.notation,
                "label": str(visit.label(line.field.iri)),
                "narrower": bool(line.depth),
                "cells": [_cell(visit, cell) for cell in line.cells],
            }
            for line in data.lines
        ],
    }
    if data.field:
        texts = [_text(visit, share, text) for share in data.shares for text in (*share.names, *share.texts)]
        body |= {"field": data.field.iri, "texts": texts}
    return json.dumps(body, ensure_ascii=False, indent=1) + "\n"


def _column(visit: Visit, column: Column) -> dict[str, Any]:
    return {
        "id": column.iri,
        "ags": column.ags,
        "name": column.name,
        "modelled": column.modelled,
        "hasConcept": column.has_concept,
        "documentTypes": list(column.types),
        "sources": [{"id": source.iri, "coverage": source.coverage} for source in column.sources],
        "lists": [{"kind": entry.kind, "extent": entry.extent} for entry in column.lists],
    }


def _cell(visit: Visit, cell: Cell) -> dict[str, Any]:
    return {
        "county": cell.column.ags,
        "state": cell.state,
        "text": cell_text(visit, cell),
        "total": cell.total,
        "counts": dict(cell.counts),
        "throughLocalField": cell.inherited,
        "mentions": cell.mentions,
    }


def _text(visit: Visit, share: Share, text: Passage) -> dict[str, Any]:
    return {
        "id": text.iri,
        "county": share.column.ags,
        "kind": text.kind,
        "label": str(visit.label(text.iri)),
        "level": text.level or None,
        "levelLabel": text.level_label or None,
        "assertion": text.assertion,
        "localFields": [{"id": field.iri, "assertion": field.assertion} for field in text.fields],
        "mappings": [{key: part for key, part in vars(place).items() if part} for place in text.placements],
        "targetGroups": [{"wording": word.text, "group": word.group} for word in text.wordings],
        "quotations": [
            {"exact": quote.exact, "line": quote.line, "document": quote.document} for quote in text.quotations
        ],
    }
