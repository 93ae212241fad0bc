"""The RDF formats we write: file ending, media type, parser name. One table for dumps, documents and endpoint."""

from dataclasses import dataclass

from pyoxigraph import QueryResultsFormat, RdfFormat


@dataclass(frozen=True)
class Format:
    """One serialisation; ``ending`` without the dot, ``media`` without parameters."""

    ending: str
    media: str
    name: str
    rdf: RdfFormat | None = None
    results: QueryResultsFormat | None = None
    charset: bool = True

    @property
    def content_type(self) -> str:
        """The Content-Type header value."""
        return f"{self.media}; charset=utf-8" if self.media.startswith("text/") else self.media


TURTLE = Format("ttl", "text/turtle", "Turtle", RdfFormat.TURTLE)
JSON_LD = Format("jsonld", "application/ld+json", "JSON-LD", RdfFormat.JSON_LD)
N_TRIPLES = Format("nt", "application/n-triples", "N-Triples", RdfFormat.N_TRIPLES)
RDF_XML = Format("rdf", "application/rdf+xml", "RDF/XML", RdfFormat.RDF_XML)
TRIG = Format("trig", "application/trig", "TriG", RdfFormat.TRIG)
N_QUADS = Format("nq", "application/n-quads", "N-Quads", RdfFormat.N_QUADS)

DOCUMENT_FORMATS = (TURTLE, JSON_LD, N_TRIPLES, RDF_XML)
"""Formats of one resource's document and of one graph's dump, in order of preference."""

SELECT_FORMATS = (
    Format("json", "application/sparql-results+json", "JSON", results=QueryResultsFormat.JSON),
    Format("xml", "application/sparql-results+xml", "XML", results=QueryResultsFormat.XML),
    Format("csv", "text/csv", "CSV", results=QueryResultsFormat.CSV),
    Format("tsv", "text/tab-separated-values", "TSV", results=QueryResultsFormat.TSV),
)
"""Formats of SELECT and ASK results (ASK: JSON and XML by the recommendation, CSV and TSV as one value)."""
