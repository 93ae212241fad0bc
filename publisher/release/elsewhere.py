"""A release that another SPARQL server holds: opened for serving, loaded by the Graph Store Protocol.

Every release has a graph of its own with all its statements, so that one is loaded while another is served. The named
graphs have the names that everybody knows and are those of the release loaded last. A graph that no data have notes
what is complete; the note is taken away before anything is changed and made when everything is there.
https://www.w3.org/TR/sparql11-http-rdf-update/
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path

import requests
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse, serialize
from requests.auth import AuthBase, HTTPBasicAuth, HTTPDigestAuth

from publisher.core.errors import StoreIncomplete, StoreRefuses, StoreSilent, ValueNotAllowed
from publisher.core.refusals import EngineTrouble
from publisher.core.settings import PREFIX, Settings, allowed
from publisher.graph import dialect, wire
from publisher.graph.queries import Queries
from publisher.graph.remote import GRAPHS, SHA256, STORE, UNION, Remote, held
from publisher.graph.store import Dataset
from publisher.graph.wire import Server, Wire
from publisher.release.changes.patch import opened
from publisher.release.manifest import File, Manifest
from publisher.release.packings import GZIP
from publisher.release.reader import WHOLE, Release, checked_file, current_folder, open_release, read_manifest

KEPT = 2
"""How many releases a store keeps: the one that is loaded, and the one before, which is served until then."""
_ENDINGS = (".nt", f".nt{GZIP.ending}")
_LINES = 5_000
"""Statements that are sent at once."""
_SECONDS = 600
Say = Callable[[str, str], None]
"""Hears what was done (``sent``, ``kept``, ``removed``), and with which graph."""


def server_of(settings: Settings) -> Server:
    """The server that ``settings`` name."""
    return Server(settings.store, settings.store_kind, settings.store_data, settings.store_seconds)


def open_elsewhere(settings: Settings, queries: Queries) -> Release:
    """The release in force, its statements on the server of ``settings``.

    Raises NoRelease, DamagedRelease, StoreIncomplete when the server does not hold it, StoreSilent, ValueNotAllowed.
    """
    if settings.query_services:
        # The server would make the call, and nothing here could stop it.
        name = "query_services"
        raise ValueNotAllowed(name=PREFIX + name.upper(), value=settings.query_services, allowed=allowed(name))
    folder = current_folder(settings.releases)
    manifest = read_manifest(folder)
    return Release(folder, manifest, complete(remote(folder, manifest, server_of(settings), queries)))


def open_in_force(
    settings: Settings,
    queries: Path,
    soon: Callable[[Release], None] = lambda _: None,
    first: Callable[[Release], None] = lambda _: None,
) -> Release:
    """The release in force where ``settings`` say that its statements are: in memory here, or on a server.

    ``queries`` is the folder of our queries. ``first`` and ``soon`` hear of what is loaded here before it is whole, as
    ``open_release`` says. Raises as ``open_release`` and ``open_elsewhere``.
    """
    if not settings.store:
        return open_release(settings.releases, soon, first)
    return open_elsewhere(settings, Queries(queries, read_manifest(current_folder(settings.releases)).base))


def for_visitors(settings: Settings, dataset: Dataset) -> Dataset:
    """The same statements where visitors' queries are to run; raises as ``open_elsewhere``."""
    if not settings.store_visitors or not isinstance(dataset, Remote):
        return dataset
    return complete(replace(dataset, wire=Wire(replace(dataset.wire.server, address=settings.store_visitors))))


def complete(dataset: Remote) -> Remote:
    """``dataset`` if its server holds it; raises StoreIncomplete or StoreSilent."""
    store = dataset.wire.server.address
    try:
        held = dataset.complete()
    except EngineTrouble:
        raise StoreSilent(store=store) from None
    if not held:
        raise StoreIncomplete(release=dataset.version, store=store)
    return dataset


def remote(folder: Path, manifest: Manifest, server: Server, queries: Queries) -> Remote:
    """The statements of the release in ``folder`` as ``server`` holds them, whether or not it does."""
    files = graph_files(manifest)
    return Remote(
        Dataset.of(()).store,
        manifest.base,
        wire=Wire(server),
        own_queries=queries,
        version=manifest.version,
        sha256=_whole(manifest).sha256,
        names=tuple(files),
        read_graph=partial(_read, folder, files),
    )


def graph_files(manifest: Manifest) -> dict[str, File]:
    """The file with the statements of each named graph, by name."""
    # Where there is a plain file it comes last, and so is taken.
    files = sorted(manifest.files, key=lambda file: file.path, reverse=True)
    found = {file.graph: file for file in files if file.graph and file.path.endswith(_ENDINGS)}
    return dict(sorted(found.items()))


def _read(folder: Path, files: Mapping[str, File], graph: str) -> Iterator[Quad]:
    name = NamedNode(graph)
    with opened(folder / files[graph].path) as stream:
        for quad in parse(stream, format=RdfFormat.N_TRIPLES):
            yield Quad(quad.subject, quad.predicate, quad.object, name)


def _whole(manifest: Manifest) -> File:
    # Of much there is only the packed one.
    return next(file for file in manifest.files if file.path in (WHOLE, f"{WHOLE}{GZIP.ending}"))


@dataclass(frozen=True)
class Loading:
    """One loading of the release in ``folder`` into ``server``."""

    folder: Path
    manifest: Manifest
    server: Server
    queries: Queries
    say: Say
    session: requests.Session = field(default_factory=requests.Session)
    """Keeps the connection, and what a password by digest needs: else each piece would be sent twice."""

    def run(self) -> bool:
        """Loads what the server does not hold yet; whether there was anything to do. Raises StoreRefuses, EngineDown.

        What is interrupted goes on with the next call: nothing counts as held that is not noted.
        """
        noted = {(r["part"].value, r["property"].value): r["value"].value for r in held(self._wire, self.queries)}
        files, union = graph_files(self.manifest), UNION + self.manifest.version
        whole = noted.get((union, SHA256)) == _whole(self.manifest).sha256
        stale = [graph for graph, file in files.items() if noted.get((graph, SHA256)) != file.sha256]
        older = [part for part, said in noted if said == SHA256 and part.startswith(UNION) and part != union]
        gone = [part for part, said in noted if said == SHA256 and part not in files and not part.startswith(UNION)]
        if whole and not stale and not gone and noted.get((STORE, GRAPHS)) == self.manifest.version:
            return False
        if not whole:
            noted = self._without(noted, union)
            self._clear(union)
            for graph in files:
                self._send(union, files[graph])
                self.say("sent", graph)
            self._verify({union: None})
            noted[union, SHA256] = _whole(self.manifest).sha256
            self._note(noted)
        if stale or gone or noted.get((STORE, GRAPHS)) != self.manifest.version:
            noted.pop((STORE, GRAPHS), None)
            noted = self._without(noted, *stale, *gone)
            for graph in (*stale, *gone):
                self._clear(graph)
            for graph in stale:
                self._send(graph, files[graph])
                noted[graph, SHA256] = files[graph].sha256
            self._verify({graph: files[graph] for graph in stale})
            noted[STORE, GRAPHS] = self.manifest.version
        # The newest names come last: they begin with a date.
        for graph in sorted(older)[: max(0, len(older) - KEPT + 1)]:
            noted = self._without(noted, graph)
            self._clear(graph)
            self.say("removed", graph)
        self._note(noted)
        return True

    @property
    def _wire(self) -> Wire:
        return Wire(self.server)

    def _without(self, noted: dict[tuple[str, str], str], *parts: str) -> dict[tuple[str, str], str]:
        """Takes the note of ``parts`` away, in the store as well."""
        left = {key: value for key, value in noted.items() if key[0] not in parts}
        if left != noted or (STORE, GRAPHS) not in left:
            self._note(left)
        return left

    def _note(self, noted: Mapping[tuple[str, str], str]) -> None:
        said = [Triple(NamedNode(part), NamedNode(name), Literal(value)) for (part, name), value in noted.items()]
        self._ask("PUT", STORE, bytes(serialize(said, format=RdfFormat.N_TRIPLES) or b""))

    def _clear(self, graph: str) -> None:
        self._ask("DELETE", graph)

    def _send(self, graph: str, file: File) -> None:
        """Adds the statements of ``file`` to ``graph``, piece by piece."""
        blank = False
        with opened(checked_file(self.folder, self.manifest, file.path)) as stream:
            while lines := list(islice(stream, _LINES)):
                blank = blank or any(b"_:" in line for line in lines)
                if blank:
                    # A blank node is one only within one request.
                    lines += stream.readlines()
                body = b"".join(lines)
                self._ask("POST", graph, dialect.written(body) if self.server.ways.peculiar else body)

    def _ask(self, method: str, graph: str, body: bytes | None = None) -> None:
        if self.session.auth is None and self.session.trust_env:
            # Passwords come from our settings, never from a file of the user who runs this.
            self.session.trust_env = False
            self.session.auth = _auth(self.server)
            if self.session.auth is None:
                self.session.headers.update(wire.credentials())
        try:
            answer = self.session.request(
                method,
                self.server.loading,
                params={self.server.ways.graph: graph},
                data=body,
                headers={"Content-Type": "application/n-triples"} if body is not None else {},
                timeout=_SECONDS,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise wire.down(self.server, error) from None
        if answer.status_code >= 300 and not (method == "DELETE" and answer.status_code == 404):
            reason = " ".join(answer.text.split())[:300]
            raise StoreRefuses(store=self.server.loading, status=answer.status_code, reason=reason)

    def _verify(self, graphs: Mapping[str, File | None]) -> None:
        """Counts the statements of ``graphs``, which are those of a file or all; raises StoreIncomplete."""
        dataset = remote(self.folder, self.manifest, self.server, self.queries)
        for graph, file in graphs.items():
            expected = self.manifest.triples
            if file:
                with opened(self.folder / file.path) as stream:
                    expected = sum(1 for _ in stream)
            found = dataset.size(graph)
            # A statement may stand in two graphs, and is one where all are together.
            if found != expected and (file or found != len(self._distinct())):
                raise StoreIncomplete(release=self.manifest.version, store=f"{self.server.address}: {graph}")

    def _distinct(self) -> set[int]:
        found: set[int] = set()
        for file in graph_files(self.manifest).values():
            with opened(self.folder / file.path) as stream:
                found.update(map(hash, stream))
        return found


def _auth(server: Server) -> AuthBase | None:
    user, password = wire.user()
    if not user:
        return None
    return HTTPDigestAuth(user, password) if server.ways.digest else HTTPBasicAuth(user, password)
