"""The input folders: which file belongs to which named graph, read with errors that name file and line."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from publisher.core.errors import BrokenSyntax, ByteOrderMark, MissingSource, UnreadableSource, WrongEncoding
from publisher.core.messages import phrase
from publisher.core.terms import GRAPH

_PACKAGED = Path(__file__).parent.parent / "_assets"
_CHECKOUT = Path(__file__).parent.parent.parent
_NEEDED = ("ontology/ns.ttl", "data/counties", "shapes/*.ttl", "sparql/checks/*.rq")


@dataclass(frozen=True)
class CountySource:
    """One county's folder ``data/counties/{ags}-{slug}``."""

    ags: str
    folder: Path

    @property
    def graph(self) -> str:
        """The IRI of the county's named graph."""
        return GRAPH + self.ags

    @property
    def files(self) -> list[Path]:
        """The Turtle files, sorted."""
        return sorted(self.folder.glob("*.ttl"))

    def document(self, name: str) -> Path:
        """The path of a source document named in the data; only a plain file name is a document."""
        return self.folder / Path(name).name


@dataclass(frozen=True)
class Sources:
    """The folder that holds ontology/, data/, shapes/ and sparql/."""

    root: Path

    @property
    def common(self) -> dict[str, list[Path]]:
        """Graph name → files of the graphs that are not one county's."""
        return {
            GRAPH + "ontology": [self.root / "ontology" / "ns.ttl"],
            GRAPH + "lists": [self.root / "ontology" / "lists.ttl"],
            GRAPH + "fields": [self.root / "ontology" / "fields.ttl"],
            GRAPH + "districts": [self.root / "data" / "geography.ttl", self.root / "data" / "districts.ttl"],
            GRAPH + "similar": [self.root / "data" / "similar.ttl"],
            GRAPH + "graphs": [self.root / "data" / "graphs.ttl"],
        }

    @property
    def shapes(self) -> list[Path]:
        """The files of the shapes graph."""
        return sorted((self.root / "shapes").glob("*.ttl"))

    @property
    def catalogue(self) -> Path:
        """What of the catalogue for portals is written by hand."""
        return self.root / "data" / "catalogue.ttl"

    @property
    def catalogue_shapes(self) -> Path:
        """The folder of the shapes that the catalogue is checked against."""
        return self.root / "shapes" / "catalog"

    @property
    def queries(self) -> Path:
        """The folder of the .rq files."""
        return self.root / "sparql"

    @property
    def context(self) -> Path:
        """The JSON-LD context."""
        return self.root / "ontology" / "context.jsonld"

    def counties(self) -> list[CountySource]:
        """The counties with a folder, sorted by AGS; files and hidden folders are not counties."""
        entries = sorted((self.root / "data" / "counties").iterdir())
        folders = [path for path in entries if path.is_dir() and not path.name.startswith(".")]
        return [CountySource(path.name.partition("-")[0], path) for path in folders]


def find(folder: Path | None) -> Sources:
    """The sources in ``folder``, else in the checkout, else those installed with the package.

    Raises MissingSource when there is no ontology or shape, no folder of counties or no query for the checks.
    """
    roots = (folder,) if folder else (_CHECKOUT, _PACKAGED)
    root = next((root for root in roots if (root / _NEEDED[0]).is_file()), roots[0])
    for needed in _NEEDED:
        if not any(root.glob(needed)):
            raise MissingSource(file=str(root / needed), remedy=phrase("check-input"))
    return Sources(root)


def read_bytes(path: Path) -> bytes:
    """The bytes of ``path``; raises MissingSource or UnreadableSource."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise MissingSource(file=str(path), remedy=phrase("add-file")) from None
    except OSError as error:
        raise UnreadableSource(file=str(path), reason=error.strerror) from None


def read_text(path: Path) -> str:
    """The UTF-8 text of ``path``; raises MissingSource, UnreadableSource or WrongEncoding (with the line)."""
    raw = read_bytes(path)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise WrongEncoding(file=str(path), line=line, byte=raw[error.start]) from None


def read_turtle(path: Path, graph: str) -> Iterator[Quad]:
    """The statements of the Turtle file ``path`` as quads of ``graph``.

    Raises MissingSource, UnreadableSource, WrongEncoding, ByteOrderMark or BrokenSyntax (file, line, column).
    """
    text = read_text(path)
    if text.startswith("\ufeff"):
        raise ByteOrderMark(file=str(path), line=1)
    name = NamedNode(graph)
    try:
        for quad in parse(text, format=RdfFormat.TURTLE, without_named_graphs=True):
            yield Quad(quad.subject, quad.predicate, quad.object, name)
    except SyntaxError as error:
        detail = (error.msg or "").partition(": ")[2] or str(error.msg)
        raise BrokenSyntax(file=str(path), line=error.lineno, column=error.offset, detail=detail) from None


def read_graph(files: list[Path], graph: str) -> list[Quad]:
    """The statements of all ``files`` as one graph; raises as read_turtle."""
    return [quad for path in files for quad in read_turtle(path, graph)]
