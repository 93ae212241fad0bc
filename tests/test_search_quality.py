"""How well the search finds what was judged to be relevant: the numbers in docs/search.md are those of the code."""

import re

from benchmarks.search import DOC, SETS, cases, judged, quality_table
from publisher.views.search_index import Index
from publisher.views.site import Site


def part(name: str) -> str:
    """What stands between the marks of ``name`` in the page."""
    found = re.search(rf"<!-- {name} -->\n(.*?)\n<!-- /{name} -->", DOC.read_text(encoding="utf-8"), re.DOTALL)
    assert found, f"docs/search.md has no part {name}; run: python -m benchmarks.search --write"
    return found[1]


def test_every_judged_thing_can_be_found(site: Site) -> None:
    known = {entry.iri for entry in site.once(Index.of).entries if judged(site, entry)}
    for case in cases(site):
        assert case.worded and not case.worded & case.meant, case.query
        assert case.worded | case.meant <= known, case.query


def test_enough_was_judged(site: Site) -> None:
    assert all(sum(case.set == name for case in cases(site)) >= 20 for name in SETS)
    assert len({case.query for case in cases(site)}) == len(cases(site)) >= 40


def test_the_numbers_of_the_page_are_those_of_the_code(site: Site) -> None:
    assert part("quality") == quality_table(site), "run: python -m benchmarks.search --write"


def test_the_page_says_what_it_costs_at_scale() -> None:
    assert re.search(r"\d+ things that can be found", part("costs"))
    pages = re.findall(r"\| (\d+) \| (\d+) \|$", part("pages"), re.MULTILINE)
    assert len(pages) >= 8
    assert all(int(weight) <= 300 and int(took) <= 100 for weight, took in pages), "300 KB, 100 ms"
