"""The SPARQL page with its editor and without scripts: by keyboard, at every width, with nothing asked of others."""

from collections.abc import Iterator
from itertools import product
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from browser_audit import SCHEMES, WIDTHS, Seen, Watch, accessible, at_every_width
from playwright.sync_api import Browser, Page, Request, expect

from publisher.graph.queries import Queries
from publisher.graph.sources import Sources
from publisher.web.sparql_asked import FOLDER, example_text, examples

pytest_plugins = ["browser_fixtures"]
pytestmark = pytest.mark.browser

READY = "form[data-editor=ready]"
HINT = ".CodeMirror-hints [role=option]"
EDITOR = ".CodeMirror-code"
INPUT = ".CodeMirror textarea"
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s a ?c }"
WRONG = "SELECT ?x WHERE {\n  ?x a ic:Goal ;\n}"


@pytest.fixture
def watched(page: Page, running_site: str) -> Iterator[Page]:
    """A page that asks nobody else for anything and breaks no policy."""
    with Watch(page, running_site, "") as watch:
        yield page
    lines = [line for line in watch.lines() if "status of 400" not in line]
    assert lines == [], "\n".join(lines)
    assert watch.requests


def _open(page: Page, path: str = "/sparql") -> None:
    page.goto(path)
    page.locator(READY).wait_for(state="attached")


def _write(page: Page, text: str) -> None:
    page.locator(EDITOR).click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def _focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))


def _text(page: Page) -> str:
    return page.locator("#query").input_value()


def test_the_editor_takes_the_place_of_the_text_field(watched: Page) -> None:
    _open(watched)
    expect(watched.locator("#query")).to_be_hidden()
    field = watched.get_by_role("textbox", name="Abfrage in SPARQL 1.1")
    expect(field).to_be_visible()
    assert field.get_attribute("aria-multiline") == "true"
    described = str(field.get_attribute("aria-describedby")).split()
    assert "Strg" in " ".join(watched.locator(f"#{name}").inner_text() for name in described if name != "query-syntax")
    watched.locator("label[for=query]").click()
    expect(field).to_be_focused()


def test_a_query_is_written_and_run_by_keyboard(watched: Page) -> None:
    _open(watched)
    watched.locator(EDITOR).click()
    watched.keyboard.press("Control+a")
    # Sent at once, it is what was written all the same.
    watched.keyboard.insert_text(COUNT)
    watched.keyboard.press("Control+Enter")
    watched.wait_for_url("**format=html#ergebnis")
    assert parse_qs(urlsplit(watched.url).query)["query"] == [COUNT]
    expect(watched.get_by_role("heading", name="Ergebnis", exact=True)).to_be_in_viewport()
    expect(watched.locator(".results td")).to_have_count(1)
    watched.locator(READY).wait_for(state="attached")
    watched.go_back()
    watched.locator(READY).wait_for(state="attached")
    expect(watched.locator(EDITOR)).to_contain_text("SELECT (COUNT(*) AS ?n)")


@pytest.mark.parametrize("key", ["Tab", "Shift+Tab", "Escape"])
def test_the_keyboard_is_not_caught(watched: Page, key: str) -> None:
    _open(watched)
    before = _text(watched)
    watched.locator(INPUT).focus()
    watched.keyboard.press(key)
    reached = _focused(watched)
    assert {"Tab": "query-schlicht", "Shift+Tab": "Zu den Beispielen", "Escape": "Abfrage ausführen"}[key] == reached
    assert _text(watched) == before, "leaving writes nothing"
    watched.keyboard.press("Shift+Tab" if key != "Shift+Tab" else "Tab")
    watched.keyboard.press("Tab" if key != "Shift+Tab" else "Shift+Tab")
    assert _focused(watched) == reached, "and the editor is no trap on the way back"


def test_keys_of_the_browser_stay_its_own(watched: Page) -> None:
    _open(watched)
    watched.locator(INPUT).focus()
    watched.evaluate("addEventListener('keydown', event => { (window.taken ||= []).push(event.defaultPrevented) })")
    for key in ("Control+s", "Control+Shift+k", "Control+Shift+d"):
        watched.keyboard.press(key)
    assert set(watched.evaluate("window.taken")) == {False}


PROPOSED = [
    ("SELECT * { ?s ic:mea", "ic:measuredBy", "PREFIX ic: <https://w3id.org/kreisgraph/ns#>"),
    ("SELECT * { ?s a ic:Meas", "ic:Measure", "PREFIX ic:"),
    ("SELECT * { ?s a Organisation", "org:Organization", "PREFIX org:"),
    ("SELECT * { GRAPH graph:120", "graph:12061", "PREFIX graph:"),
]


@pytest.mark.parametrize(("typed", "proposed", "prefix"), PROPOSED)
def test_the_words_of_the_data_are_proposed(watched: Page, typed: str, proposed: str, prefix: str) -> None:
    _open(watched)
    _write(watched, typed)
    watched.keyboard.press("Control+Space")
    expect(watched.locator(HINT).filter(has_text=proposed).first).to_be_visible()
    assert accessible(watched) == []
    names = watched.locator(".CodeMirror-hint span").all_inner_texts()
    for _ in range(names.index(proposed)):
        watched.keyboard.press("ArrowDown")
    active = watched.locator(INPUT).get_attribute("aria-activedescendant")
    expect(watched.locator(f"#{active}")).to_contain_text(proposed)
    watched.keyboard.press("Enter")
    text = _text(watched)
    assert text.startswith(prefix) and text.endswith(typed[: typed.rindex(" ") + 1] + proposed)
    assert text.count(prefix) == 1


def test_prefixes_come_from_the_data(watched: Page) -> None:
    _open(watched)
    _write(watched, "PREFIX ")
    watched.keyboard.type("sk")
    expect(watched.locator(HINT)).to_have_text(["skos: <http://www.w3.org/2004/02/skos/core#>"])
    watched.keyboard.press("Enter")
    assert _text(watched) == "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>"
    _write(watched, "SELECT * { ?s ")
    watched.keyboard.type("foaf:")
    assert _text(watched).startswith("PREFIX foaf: <http://xmlns.com/foaf/0.1/>\n"), "added as soon as it is written"


def test_escape_closes_the_proposals_first(watched: Page) -> None:
    _open(watched)
    _write(watched, "SELECT * { ?s a ic:")
    watched.keyboard.press("Control+Space")
    expect(watched.get_by_role("listbox")).to_be_visible()
    watched.keyboard.press("Escape")
    expect(watched.get_by_role("listbox")).to_have_count(0)
    expect(watched.locator(INPUT)).to_be_focused()


def test_what_is_wrong_is_said_while_writing(watched: Page) -> None:
    _open(watched, "/en/sparql")
    expect(watched.locator("#query-syntax")).to_be_hidden()
    _write(watched, "SELECT * {\n ?s ?p . }")
    expect(watched.get_by_role("status")).to_have_text("Line 2: not yet valid SPARQL.")
    expect(watched.locator(".syntax-flag")).to_have_count(1)
    _write(watched, COUNT)
    expect(watched.locator("#query-syntax")).to_be_hidden()
    expect(watched.locator(".syntax-flag")).to_have_count(0)


def test_the_line_of_a_mistake_is_marked(watched: Page) -> None:
    _open(watched, f"/sparql?query={quote(WRONG)}")
    number = int(str(watched.locator("form").first.get_attribute("data-line")))
    marked = watched.locator("div:has(> .error-line) .CodeMirror-linenumber")
    expect(marked).to_have_text(str(number))
    expect(watched.locator(INPUT)).to_have_attribute("aria-invalid", "true")
    expect(watched.locator("#fehler")).to_be_in_viewport()


def test_no_example_is_called_wrong(page: Page, sources: Sources) -> None:
    known = examples(Queries(sources.queries))
    _open(page)
    for query in known:
        _write(page, example_text(query))
        assert _text(page) == example_text(query)
        assert page.locator(".syntax-flag").count() == 0, query.name
    assert len(known) >= 25 and known[0].name.startswith(FOLDER)


def test_the_text_field_is_readable_too(watched: Page, seen: Seen) -> None:
    watched.goto(f"/sparql?query={quote(WRONG)}&editor=aus")
    assert list(at_every_width(watched, seen)) == []


def test_nothing_is_kept_in_the_browser(watched: Page) -> None:
    _open(watched)
    _write(watched, COUNT)
    watched.keyboard.press("Control+Enter")
    watched.wait_for_url("**format=html#ergebnis")
    watched.locator(READY).wait_for(state="attached")
    assert watched.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    assert watched.context.cookies() == []


def test_the_plain_text_field_can_be_had_back(watched: Page) -> None:
    _open(watched)
    _write(watched, COUNT)
    watched.keyboard.press("Tab")
    watched.keyboard.press("Enter")
    field = watched.locator("textarea#query")
    expect(field).to_be_focused()
    assert field.input_value() == COUNT
    expect(watched.locator(".yasqe")).to_have_count(0)
    watched.get_by_role("button", name="Abfrage ausführen").click()
    watched.wait_for_url("**editor=aus#ergebnis")
    expect(watched.locator("textarea#query")).to_be_visible()
    expect(watched.locator(".yasqe")).to_have_count(0)


def test_a_long_query_goes_by_post(watched: Page) -> None:
    _open(watched)
    _write(watched, COUNT + "\n#" + "x" * 8000)
    sent: list[Request] = []
    watched.on("request", lambda request: sent.append(request) if request.is_navigation_request() else None)
    watched.get_by_role("button", name="Abfrage ausführen").click()
    expect(watched.locator(".results td")).to_have_count(1)
    assert [request.method for request in sent] == ["POST"]


def test_without_its_list_of_words_the_editor_still_works(page: Page) -> None:
    page.route("**/terms.json", lambda route: route.abort())
    _open(page)
    _write(page, COUNT)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".results td")).to_have_count(1)


def test_all_of_it_works_without_scripts(plain_page: Page) -> None:
    plain_page.goto("/sparql")
    field = plain_page.get_by_label("Abfrage in SPARQL 1.1")
    expect(field).to_be_visible()
    expect(plain_page.locator("#query-tasten")).to_be_hidden()
    field.fill(WRONG)
    field.press("Tab")
    plain_page.keyboard.press("Tab")
    plain_page.keyboard.press("Enter")
    expect(plain_page.locator("#fehler")).to_contain_text("Zeile")
    expect(plain_page.locator(".query-place mark")).to_be_visible()
    assert field.input_value() == WRONG
    field.fill(COUNT)
    plain_page.get_by_role("button", name="Abfrage ausführen").click()
    expect(plain_page.locator(".results td")).to_have_count(1)
    plain_page.get_by_text("Aus einem Programm abfragen").click()
    expect(plain_page.locator(".snippet").first).to_be_visible()
    with plain_page.expect_download() as download:
        plain_page.get_by_role("link", name="XLSX (Excel)").click()
    assert download.value.suggested_filename == "abfrage.xlsx"


STATES = ("/sparql", f"/sparql?query={quote(WRONG)}", f"/sparql?query={quote(COUNT)}")


def _unfold(page: Page, path: str) -> None:
    _open(page, path)
    page.evaluate("document.querySelectorAll('details').forEach(node => { node.open = true })")


def _outlined(page: Page) -> bool:
    """Whether the editor shows that it has the focus."""
    page.locator(INPUT).focus()
    return bool(page.locator(".CodeMirror-focused").evaluate("node => getComputedStyle(node).outlineStyle") == "solid")


@pytest.mark.parametrize("path", STATES, ids=["example", "mistake", "result"])
def test_every_state_is_readable(watched: Page, seen: Seen, path: str) -> None:
    _unfold(watched, path)
    assert list(at_every_width(watched, seen)) == []
    for scheme in SCHEMES:
        watched.emulate_media(color_scheme=scheme)
        assert _outlined(watched)


@pytest.mark.parametrize("path", STATES, ids=["example", "mistake", "result"])
def test_every_state_fits_in_forced_colours(watched: Page, path: str) -> None:
    """The browser chooses these colours; what it chooses cannot be measured in the page."""
    watched.emulate_media(forced_colors="active")
    _unfold(watched, path)
    for width, scheme in product(WIDTHS, SCHEMES):
        watched.emulate_media(color_scheme=scheme)
        watched.set_viewport_size({"width": width, "height": 900})
        wide = watched.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{width} {scheme}"
        assert _outlined(watched)


def test_fingers_and_very_long_texts_keep_the_text_field(chromium: Browser, running_site: str) -> None:
    for touch, query in ((True, COUNT), (False, "\n" * 600 + COUNT)):
        context = chromium.new_context(base_url=running_site, has_touch=touch, is_mobile=touch)
        page = context.new_page()
        page.goto(f"/sparql?query={quote(query)}", wait_until="networkidle")
        expect(page.locator("textarea#query")).to_be_visible()
        expect(page.locator(".yasqe")).to_have_count(0)
        context.close()
