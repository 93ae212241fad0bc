"""When the data last changed, as their named graphs state it."""

from collections.abc import Iterable

from pyoxigraph import Quad

from publisher.core.terms import DCT


def stated_dates(quads: Iterable[Quad], graphs: str) -> dict[str, str]:
    """Named graph → the newest dct:modified it states of itself, YYYY-MM-DD; ``graphs`` is how their IRIs begin."""
    found: dict[str, str] = {}
    for quad in quads:
        if quad.predicate.value == DCT + "modified" and quad.subject.value.startswith(graphs):  # type: ignore[union-attr]
            name = quad.subject.value  # type: ignore[union-attr]
            found[name] = max(found.get(name, ""), quad.object.value[:10])  # type: ignore[union-attr]
    return found
