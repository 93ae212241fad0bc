"""Reads the statements of a page back from its table "Alle Angaben (RDF)"."""

import re
from html import unescape
from html.parser import HTMLParser

from pyoxigraph import BlankNode, Literal, NamedNode, Triple


class RdfTable(HTMLParser):
    """The statements that the table of a page shows.

    A subject stands in a row of its own; every other row is a predicate and a value. An IRI is the value of
    ``<data>``, or the address of the link that holds none; a literal is the text of ``<span>``.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.triples: list[Triple] = []
        self._inside = False
        self._row: list[NamedNode | BlankNode | Literal] = []
        self._subject: NamedNode | BlankNode | None = None
        self._is_subject = False
        self._clear()
        self.feed(html)

    def _clear(self) -> None:
        self._address = self._value = ""
        self._text: str | None = None
        self._language: str | None = None
        self._reading = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "table":
            self._inside = given.get("class") == "rdf-table"
        elif tag == "tr":
            self._row, self._is_subject = [], given.get("class") == "rdf-subject"
        elif tag in ("th", "td"):
            self._clear()
        elif tag == "a":
            self._address = given["href"]
        elif tag == "data":
            self._value = given["value"]
        elif tag == "span" and "class" not in given:
            self._text, self._language, self._reading = "", given.get("lang"), True

    def handle_data(self, data: str) -> None:
        if self._reading:
            self._text = (self._text or "") + data

    def handle_endtag(self, tag: str) -> None:
        if not self._inside:
            return
        if tag == "span":
            self._reading = False
        elif tag in ("th", "td") and (self._value or self._address or self._text is not None):
            self._row.append(self._term())
        elif tag == "tr" and self._row:
            self._end_row()
        elif tag == "table":
            self._inside = False

    def _term(self) -> NamedNode | BlankNode | Literal:
        if self._text is not None:
            datatype = NamedNode(self._value) if self._value else None
            return Literal(self._text, language=self._language, datatype=datatype)
        if self._value.startswith("_:"):
            return BlankNode(self._value[2:])
        return NamedNode(self._value or self._address)

    def _end_row(self) -> None:
        if self._is_subject:
            (self._subject,) = self._row  # type: ignore[assignment]
        else:
            predicate, value = self._row
            self.triples.append(Triple(self._subject, predicate, value))  # type: ignore[arg-type]


def following(html: str, part: str = "angaben") -> str:
    """The address of the page on which a list of the page goes on, without its anchor; "" when it ends here."""
    found = re.findall(rf'<a href="([^"#]*[?&;]{part}=\d+)#\w+" rel="next"', html)
    return unescape(found[0]) if found else ""
