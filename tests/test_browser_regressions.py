"""Faults that a page once had and that no accessibility checker notices: each has its test here."""

import re

import pytest
from browser_audit import WIDTHS, accessible
from browser_pages import kind
from playwright.sync_api import Page, expect

pytest_plugins = ["browser_fixtures"]
pytestmark = pytest.mark.browser

# The kinds of pages on which counties are found, compared and read about.
NEW = (
    *(
        "county-with-concept",
        "map-field",
        "compare-five",
        "compare-roles",
        "side-by-side-five",
        "gaps",
        "actors-chosen",
    ),
    *("actor-tasks-beside", "versions-overview", "search-hits", "goal-with-similar"),
)
MATRIX = kind("compare-five").path
SIDE_BY_SIDE = kind("side-by-side").path
GAPS = kind("gaps").path
# A4 across with the margins of the print style, at the 96 px per inch of CSS.
PRINTED = {"width": int((297 - 24) / 25.4 * 96), "height": int((210 - 24) / 25.4 * 96)}
PHONE = {"width": 390, "height": 800}
NARROW = {"width": 320, "height": 800}

TOO_WIDE = """nodes => nodes.filter(node => node.getClientRects().length)
    .filter(node => !node.closest(".sr-only, .skip, .jump, .scroll"))
    .filter(node => { const box = node.getBoundingClientRect();
        return box.right > document.documentElement.clientWidth + 1 || box.left < -1 })
    .map(node => `${node.tagName} ${node.className}: ${node.textContent.trim().slice(0, 60)}`)"""
# The editor writes into a field that nobody sees, and rings the box around it.
FOCUS = """node => { const style = getComputedStyle(node.closest('.CodeMirror') || node);
    return { name: `${node.tagName} ${node.className} ${node.textContent.trim().slice(0, 30)}`,
        ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 || style.boxShadow !== 'none',
        box: (({left, top, right, bottom}) => [left, top, right, bottom])(node.getBoundingClientRect()) } }"""
# Boxes whose text is cut off, and links that lie over each other, when letters are twice as large.
CUT = """nodes => nodes.filter(node => node.checkVisibility() && !node.closest('.sr-only, .skip, .jump, svg'))
    .filter(node => { const style = getComputedStyle(node);
        return ['hidden', 'clip'].includes(style.overflowX) && node.scrollWidth > node.clientWidth + 1
            || ['hidden', 'clip'].includes(style.overflowY) && node.scrollHeight > node.clientHeight + 1 })
    .map(node => `${node.tagName} ${node.className}: ${node.textContent.trim().slice(0, 60)}`)"""
OVERLAPPING = """nodes => { const shown = nodes.filter(node => node.checkVisibility()
        && !node.closest('.sr-only, .skip, .jump, svg') && !node.querySelector('.sr-only:only-child'))
    const boxes = shown.map(node => [...node.getClientRects()].map(box =>
        ({left: box.left + 2, right: box.right - 2, top: box.top + 6, bottom: box.bottom - 6})))
    const over = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
    return shown.flatMap((node, i) => shown.slice(i + 1)
        .filter((other, j) => !node.contains(other) && boxes[i].some(a => boxes[i + 1 + j].some(b => over(a, b))))
        .map(other => `${node.textContent.trim().slice(0, 40)} / ${other.textContent.trim().slice(0, 40)}`)) }"""
TWICE = "document.documentElement.style.setProperty('font-size', '200%', 'important')"
MOVING = """nodes => nodes.filter(node => { const style = getComputedStyle(node);
        const long = value => value.split(',').some(part => parseFloat(part) > 0.01);
        return long(style.transitionDuration) || long(style.animationDuration) && style.animationName !== 'none'
            || style.scrollBehavior === 'smooth' })
    .map(node => `${node.tagName} ${node.className}`)"""

CLOSE = """nodes => nodes.filter(node => node.getClientRects().length && node.previousElementSibling
        && !node.closest('.sr-only, .panel, .side, .card') && node.previousElementSibling.getClientRects().length)
    .filter(node => node.getBoundingClientRect().top - node.previousElementSibling.getBoundingClientRect().bottom
        < 1.4 * parseFloat(getComputedStyle(document.documentElement).fontSize))
    .map(node => node.textContent.trim().slice(0, 60))"""


@pytest.mark.parametrize("width", WIDTHS)
def test_the_skip_link_moves_nothing_and_no_click_is_lost(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 2000})
    page.goto(MATRIX)
    box = page.get_by_role("checkbox", name="Germersheim")
    expect(box).to_be_checked()
    before = box.bounding_box()
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport(ratio=1)
    assert box.bounding_box() == before
    assert before
    page.mouse.click(before["x"] + before["width"] / 2, before["y"] + before["height"] / 2)
    expect(box).not_to_be_checked()


def test_the_skip_link_leads_to_the_content(page: Page) -> None:
    page.goto("/kreise")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.locator("main :focus").count() == 1


def test_the_table_is_reached_by_a_skip_link_of_its_own(page: Page) -> None:
    page.goto(MATRIX)
    page.locator(".jump a").focus()
    expect(page.locator(".jump a")).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    expect(page.locator("#tabelle")).to_be_focused()


@pytest.mark.parametrize("size", [PHONE, NARROW], ids=["390", "320"])
@pytest.mark.parametrize(
    "name", ["compare-five", "compare-narrower", "side-by-side", "gaps", "sparql-result", "source", "data"]
)
def test_hidden_words_do_not_widen_the_page(page: Page, name: str, size: dict[str, int]) -> None:
    """Hidden words inside a table that scrolls must not be laid out beside the page."""
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.goto(kind(name).path)
    page.mouse.wheel(600, 0)
    assert page.evaluate("window.scrollX") == 0
    for region in page.locator(".scroll").all():
        assert region.evaluate("node => getComputedStyle(node).position") == "relative"


@pytest.mark.parametrize(
    "name",
    [
        "compare-five",
        "side-by-side-five",
        "gaps",
        "fields",
        "county-with-concept",
        "version",
        "goal",
        "shape",
        "search-hits",
    ],
)
def test_long_words_stay_inside_the_window(page: Page, name: str) -> None:
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.goto(kind(name).path)
    assert not page.locator("main :is(h1, h2, h3, p, a, th, td, dt, dd, li, label)").evaluate_all(TOO_WIDE)


@pytest.mark.parametrize("name", ["start", "county-with-concept", "version", "goal", "method", "data", "compare-five"])
def test_headings_stand_apart_from_the_text_before_them(page: Page, name: str) -> None:
    page.goto(kind(name).path)
    assert not page.locator("main h2").evaluate_all(CLOSE)


@pytest.mark.parametrize("name", ["start", "goal", "method", "search-hits", "compare-five"])
def test_links_in_a_text_are_part_of_its_lines(page: Page, name: str) -> None:
    page.goto(kind(name).path)
    shown = page.locator("main p a:visible:not(.button, .badge, .kern-btn, .jump a, :has(.kern-icon))").evaluate_all(
        "nodes => nodes.map(node => getComputedStyle(node).display)"
    )
    assert set(shown) <= {"inline"}


def test_code_has_letters_of_one_width(page: Page) -> None:
    page.goto("/sparql")
    fonts = page.locator("textarea, code").evaluate_all("nodes => nodes.map(node => getComputedStyle(node).fontFamily)")
    assert fonts
    assert all("monospace" in font for font in fonts)


def test_the_icon_is_found(page: Page) -> None:
    page.goto("/")
    for address in (page.locator("link[rel=icon]").get_attribute("href"), "/favicon.ico"):
        answer = page.request.get(str(address))
        assert answer.status == 200
        assert answer.headers["content-type"].startswith("image/")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", MATRIX, SIDE_BY_SIDE, GAPS, "/suche?q=Sprache", "/sparql", "/daten"])
def test_the_focus_is_seen_on_every_control(page: Page, path: str, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(path)
    seen = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        found = page.evaluate(f"[document.activeElement].filter(node => node !== document.body).map({FOCUS})")
        if not found:
            break
        assert found[0]["ring"], found[0]["name"]
        seen.add(found[0]["name"].split()[0])
    assert {"A"} <= seen
    assert path in ("/daten", GAPS) or seen & {"INPUT", "SELECT", "TEXTAREA", "BUTTON"}


def test_nothing_moves_for_those_who_ask_for_calm(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(SIDE_BY_SIDE)
    assert not page.locator("html, body *").evaluate_all(MOVING)


@pytest.mark.parametrize("name", [*NEW, "start", "goal"])
def test_pages_stand_in_forced_colours(page: Page, name: str) -> None:
    page.emulate_media(forced_colors="active")
    page.goto(kind(name).path)
    for thing in page.locator(":is(.button, .badge, .card, .kern-btn, .kern-badge, .kern-card):visible").all()[:12]:
        assert thing.evaluate("node => parseFloat(getComputedStyle(node).borderTopWidth)") >= 1
    page.keyboard.press("Tab")
    assert page.locator(":focus").evaluate(FOCUS)["ring"]


@pytest.mark.parametrize("name", NEW)
def test_text_of_twice_the_size_is_whole(page: Page, name: str) -> None:
    page.goto(kind(name).path)
    before = page.locator("main p").first.evaluate("node => parseFloat(getComputedStyle(node).fontSize)")
    page.evaluate(TWICE)
    after = page.locator("main p").first.evaluate("node => parseFloat(getComputedStyle(node).fontSize)")
    assert after == pytest.approx(2 * before, rel=0.1)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert not page.locator("body *").evaluate_all(CUT)
    assert not page.locator("body :is(a, button, label, h1, h2, h3)").evaluate_all(OVERLAPPING)


def test_the_texts_of_each_county_stand_in_a_column_of_their_own(page: Page) -> None:
    """A map on another page once had the same class, and its style took the columns apart."""
    page.goto(kind("side-by-side-five").path)
    for table in page.locator("table.beside").all():
        assert table.evaluate("node => getComputedStyle(node).display") == "table"
        widths = table.locator("thead th").evaluate_all("nodes => nodes.map(node => node.offsetWidth)")
        assert len(widths) == 5 and max(widths) - min(widths) <= 2


@pytest.mark.parametrize("path", [MATRIX, SIDE_BY_SIDE, GAPS], ids=["matrix", "side-by-side", "gaps"])
def test_the_printed_comparison_is_whole(page: Page, path: str) -> None:
    page.goto(path)
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size(PRINTED)  # type: ignore[arg-type]
    assert not page.locator(".top .nav, .foot nav, .skip, form, .queries").filter(visible=True).count()
    assert not page.locator("main :is(h1, h2, h3, p, table, th, td, blockquote)").evaluate_all(TOO_WIDE)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    for table in page.locator(".matrix, .beside").all():
        width, room = table.evaluate("node => [node.scrollWidth, node.closest('.scroll').clientWidth]")
        assert width <= room
    assert page.locator("body").evaluate("node => getComputedStyle(node).backgroundColor") == "rgb(255, 255, 255)"


@pytest.mark.parametrize("path", [MATRIX, SIDE_BY_SIDE], ids=["matrix", "side-by-side"])
def test_the_comparison_as_pdf_lies_across_the_page(page: Page, path: str) -> None:
    page.goto(path)
    pdf = page.pdf(prefer_css_page_size=True, print_background=False)
    sizes = [tuple(map(float, found)) for found in re.findall(rb"/MediaBox ?\[ ?0 0 ([\d.]+) ([\d.]+)", pdf)]
    assert pdf.startswith(b"%PDF-")
    assert sizes
    assert all(width == pytest.approx(842, abs=2) and height == pytest.approx(595, abs=2) for width, height in sizes)


@pytest.mark.parametrize("path", ["/", MATRIX, SIDE_BY_SIDE, GAPS])
def test_pages_can_be_used_without_the_vendors_style_sheet(page: Page, path: str) -> None:
    page.route("**/vendor/**", lambda route: route.abort())
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(path)
    for hidden in page.locator(".sr-only").all()[:10]:
        assert hidden.evaluate("node => node.offsetWidth") <= 1
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert not accessible(page)
