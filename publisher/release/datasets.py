"""The data sets of a release by name: everything, the vocabulary, and one a county; their IRIs."""

from publisher.core.terms import CANONICAL_BASE, ID

DATASET = ID + "datensatz"
"""Everything together, as a dataset; its title and licence are in data/graphs.ttl."""
WHOLE = "gesamt"
VOCABULARY = "vokabular"
VOCABULARY_GRAPHS = ("ontology", "lists", "fields", "shapes")


def dataset(name: str, base: str) -> str:
    """The IRI of the data set ``name``."""
    whole = base + DATASET.removeprefix(CANONICAL_BASE)
    return whole if name == WHOLE else f"{whole}/{name}"
