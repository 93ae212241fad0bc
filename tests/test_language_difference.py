"""The difference of two wordings is exact to the letter, and made of whole words."""

import csv
import itertools
import random
from pathlib import Path

import pytest

from publisher.language.difference import difference

CASES = Path(__file__).parent / "data/differences/cases.tsv"
SIGNS = {"same": "=", "added": "+", "removed": "-"}


def _cases() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("case", _cases(), ids=lambda case: case["name"])
def test_pieces(case: dict[str, str]) -> None:
    found = "|".join(SIGNS[piece.change] + piece.text for piece in difference(case["old"], case["new"]))
    assert found == case["pieces"]


def test_pieces_join_to_both_wordings() -> None:
    chance = random.Random(3)
    tokens = ["Sprache", "fördern", "und", "der", "Ämter", " ", "  ", ", ", ".", "\n", "„", "2018", "–", "-"]
    for _ in range(500):
        old, new = ("".join(chance.choices(tokens, k=chance.randrange(12))) for _ in range(2))
        pieces = difference(old, new)
        assert "".join(piece.text for piece in pieces if piece.change != "added") == old
        assert "".join(piece.text for piece in pieces if piece.change != "removed") == new
        neighbours = itertools.pairwise(pieces)
        assert all(first.change != second.change for first, second in neighbours)
        assert all(piece.text for piece in pieces)
