"""One query as the page of the endpoint repeats it: its addresses, and what can be made of its result."""

from dataclasses import dataclass
from urllib.parse import urlencode

from publisher.endpoint.tokens import Outline, outline
from publisher.graph.formats import Format
from publisher.graph.queries import Queries, Query
from publisher.web import snippets
from publisher.web.citation import Citation
from publisher.web.frame import Visit
from publisher.web.sparql_files import Origin
from publisher.web.sparql_protocol import SPREADSHEETS, Operation, formats

PATH = "/sparql"
FOLDER = "examples/"
LONGEST_ADDRESS = 7000
"""Longer addresses are refused by some servers and programs on the way, whose usual limit is 8,192 characters."""


@dataclass(frozen=True)
class Download:
    """The same result as a file; ``href`` is empty when the query is too long for an address."""

    fmt: Format
    href: str


@dataclass(frozen=True)
class Code:
    """What programs in other languages are made of."""

    endpoint: str
    query: str
    graphs: tuple[tuple[str, str], ...]
    kind: str
    """``table``, ``boolean`` or ``graph``."""

    @property
    def fields(self) -> tuple[tuple[str, str], ...]:
        """What is sent, as a form."""
        return ("query", self.query), *self.graphs

    @property
    def plain(self) -> bool:
        """Whether all of it can be copied from a page without loss."""
        return all(snippets.plain(value) for _, value in self.fields)


@dataclass(frozen=True)
class Asked:
    """A query with the line ends that files have, and the example whose text it is."""

    visit: Visit
    query: str
    graphs: tuple[tuple[str, str], ...]
    example: Query | None
    outline: Outline

    @classmethod
    def of(cls, visit: Visit, meant: Operation) -> "Asked":
        """What ``meant`` asks; where it asks nothing, the first example stands ready."""
        known = examples(visit.site.queries)
        if meant.query is None:
            first = example_text(known[0]) if known else ""
            return cls(visit, first, (), None, outline(first))
        text = meant.query.replace("\r\n", "\n")
        default = (("default-graph-uri", iri) for iri in meant.default_graphs)
        named = (("named-graph-uri", iri) for iri in meant.named_graphs)
        graphs = (*default, *named)
        same = (query for query in known if not graphs and example_text(query).strip() == text.strip())
        return cls(visit, text, graphs, next(same, None), outline(text))

    @property
    def kind(self) -> str:
        """What comes back: ``table``, ``boolean`` or ``graph``."""
        return "graph" if self.outline.graph else "boolean" if self.outline.form == "ASK" else "table"

    @property
    def title(self) -> str:
        """What is asked, where it has a name."""
        return self.example.title[self.visit.language] if self.example else ""

    @property
    def endpoint(self) -> str:
        """The address of the endpoint for programs."""
        return self.visit.links.whole(self.visit.links.href(PATH))

    @property
    def address(self) -> str:
        """The address that holds the whole query."""
        return f"{self.endpoint}?{urlencode([('query', self.query), *self.graphs], safe=',/')}"

    @property
    def long(self) -> bool:
        """Whether that address is too long for some programs."""
        return len(self.address) > LONGEST_ADDRESS

    @property
    def permalink(self) -> str:
        """The shortest lasting path of the page with the result."""
        return f"{self.visit.href(PATH)}?{self._fields()}"

    @property
    def downloads(self) -> tuple[Download, ...]:
        """The result in every format, those for spreadsheets first."""
        path = self.visit.links.href(PATH)
        return tuple(
            Download(fmt, "" if self.long else f"{path}?{self._fields(('format', fmt.ending))}") for fmt in self.offered
        )

    @property
    def offered(self) -> tuple[Format, ...]:
        """The formats in which the result can be had."""
        return (*SPREADSHEETS, *formats(self.outline))

    def _fields(self, *more: tuple[str, str]) -> str:
        fields = [("query", self.query), *self.graphs]
        if self.example:
            fields = [("beispiel", self.example.name.removeprefix(FOLDER))]
        return urlencode([*fields, *more], safe=",/")

    @property
    def code(self) -> Code:
        """What snippets are made of."""
        return Code(self.endpoint, self.query, self.graphs, self.kind)

    @property
    def origin(self) -> Origin:
        """What a workbook says of its result."""
        graphs = tuple(iri for _, iri in self.graphs)
        return Origin(self.title, self.query, self._cited, graphs)

    @property
    def citation(self) -> Citation:
        """What a reader needs to cite the result."""
        settings, manifest = self.visit.site.settings, self.visit.site.release.manifest
        publisher = settings.operator or settings.site_name
        return Citation(
            title=self.title,
            site=settings.site_name,
            publisher=publisher,
            version=manifest.version,
            date=manifest.date,
            address=self._cited,
            language=self.visit.language,
            query=self.query,
        )

    @property
    def _cited(self) -> str:
        """An address that fits on paper where there is one; of a query too long for any, that of the endpoint."""
        return self.endpoint if self.long else self.visit.links.whole(self.permalink)


def examples(queries: Queries) -> tuple[Query, ...]:
    """The examples that run as they stand, by name."""
    return tuple(query for query in queries if query.name.startswith(FOLDER) and not query.parameters)


def example_text(query: Query) -> str:
    """The text of an example without its head."""
    lines = query.sparql.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("#+"))
