"""Ten tasks of a new visitor: the steps from the start page to each answer, which tests and pictures share.

A visitor has a keyboard only and reads the page as it is shown; no step knows an address.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from browser_keys import Keys
from playwright.sync_api import Locator, Page

HOME, LEER, GERMERSHEIM = "Spree-Neiße", "Landkreis Leer", "Landkreis Germersheim"
KINDS = {
    "Ziel": "Ziel",
    "Ziele": "Ziel",
    "Empfehlung": "Handlungsempfehlung",
    "Empfehlungen": "Handlungsempfehlung",
    "Maßnahme": "Maßnahme",
    "Maßnahmen": "Maßnahme",
    "Leitlinie": "Leitlinie",
    "Leitlinien": "Leitlinie",
    "Aufgabe": "Aufgabe",
    "Aufgaben": "Aufgabe",
}
"""The kinds of texts as they are counted in a cell, and as the query names them."""


@dataclass(frozen=True)
class Words:
    """What the things on the way are called in one language."""

    start: str
    county: str
    concept: str
    compare: str
    gaps: str
    who: str
    coverage: str
    volunteers: str
    roles: str
    narrower: str
    diversity: str
    groups: str
    workbook: str
    query: str


WORDS = {
    "de": Words(
        *("/", "Mein Landkreis", "Konzept erfasst", "Vergleichen", "Was sprechen andere an, das wir nicht ansprechen?"),
        *("Wer koordiniert, und mit welchen Aufgaben?", "Was die Quelle enthält und was nicht"),
        *("Ehrenamt und bürgerschaftliches Engagement", "Als Feld, Thema oder Leitlinie", "3 engere Felder"),
        *("Antidiskriminierung und Vielfalt", "Zielgruppen", "Excel-Arbeitsmappe", "SPARQL dazu"),
    ),
    "en": Words(
        *("/en/", "My county", "concept recorded", "Compare", "What do others address that we do not?"),
        *("Who coordinates, and with which tasks?", "What the source contains and what it does not"),
        *("Volunteering and civic engagement", "As field, theme or principle", "3 narrower fields"),
        *("Anti-discrimination and diversity", "Target groups", "Excel workbook", "The SPARQL behind it"),
    ),
}


@dataclass
class Walk:
    """One visitor on the way; ``steps`` says what was done so far, ``address`` what is noted to be sent to others."""

    keys: Keys
    words: Words
    steps: list[str] = field(default_factory=list)

    @property
    def page(self) -> Page:
        """The page that is open."""
        return self.keys.page

    def start(self) -> None:
        """Opens the start page, as somebody does who knows nothing else."""
        self.page.goto(self.words.start)

    def write(self, label: str, text: str) -> None:
        """Writes ``text`` into the field with this label and presses Enter."""
        self.keys.to(label)
        self.page.keyboard.type(text)
        self._enter()
        self.steps.append(f"write “{text}” into “{label}”, press Enter")

    def follow(self, *words: str) -> None:
        """Goes to the link with all ``words`` in its name and presses Enter."""
        self.keys.to(*words)
        self._enter()
        self.steps.append(f"follow “{', '.join(words)}”")

    def take(self, folder: Path, *words: str) -> Path:
        """Follows the link to a file; returns where the file was put."""
        self.keys.to(*words)
        with self.page.expect_download() as waiting:
            self.page.keyboard.press("Enter")
        path = folder / waiting.value.suggested_filename
        waiting.value.save_as(path)
        self.steps.append(f"follow “{', '.join(words)}”: the file {path.name} is saved")
        return path

    def _enter(self) -> None:
        with self.page.expect_navigation(wait_until="load"):
            self.page.keyboard.press("Enter")


def neighbours(walk: Walk) -> list[str]:
    """The neighbours of my county and which of them have a concept."""
    walk.start()
    walk.write(walk.words.county, HOME)
    return _texts(walk.page, ".neighbours li")


def only_rotenburg_on_education(walk: Walk) -> list[str]:
    """What Rotenburg says on education in narrower fields to which the source of Spree-Neiße says nothing."""
    walk.start()
    walk.write(walk.words.county, HOME)
    walk.follow(walk.words.gaps)
    gaps = walk.page.locator("section:has(> #feiner-F02) .gap")
    return [": ".join(_texts(gap, "h4, .example-county, blockquote")) for gap in gaps.all()]


def coordination_in_leer(walk: Walk) -> list[str]:
    """Who coordinates in Leer, each followed by the tasks."""
    walk.start()
    walk.follow(LEER)
    walk.follow(walk.words.who)
    working = walk.page.locator(".profile:has(h5 + ol blockquote)").all()
    return [f"{_texts(one, 'h4')[0]}: {' · '.join(_texts(one, 'h5:first-of-type + ol blockquote'))}" for one in working]


def volunteers_side_by_side(walk: Walk) -> list[str]:
    """What five counties say on volunteering, by county."""
    _to_the_comparison(walk)
    walk.follow(HOME, walk.words.volunteers)
    said = [texts for rows in walk.page.locator("table.beside").all() for texts in _by_column(rows)]
    return sorted(set(said))


def antidiscrimination_as(walk: Walk) -> list[str]:
    """As what each county names anti-discrimination: the heads of the columns, then the cells of the row."""
    _to_the_comparison(walk)
    walk.follow(walk.words.roles)
    walk.follow(walk.words.narrower, walk.words.diversity)
    heads = _texts(walk.page, ".matrix thead th:not(.corner) > a:first-child")
    cells = walk.page.locator("[id='thema-F12.1'] td .cell-value").all()
    said = [", ".join(_texts(cell, ".kinds > span")) or " ".join(cell.inner_text().split()) for cell in cells]
    return [f"{head}: {text.partition(' – ')[0]}" for head, text in zip(heads, said, strict=True)]


def unknown_about_germersheim(walk: Walk) -> list[str]:
    """What the source of Germersheim shows and what it does not, list by list, with the reason."""
    walk.start()
    walk.follow(GERMERSHEIM)
    walk.follow(walk.words.coverage)
    rows = walk.page.locator("section:has(> #umfang) tbody tr").all()
    return [" – ".join(_texts(row, "th, td")) for row in rows]


def workbook(walk: Walk, folder: Path) -> Path:
    """The comparison as an Excel workbook."""
    _to_the_comparison(walk)
    return walk.take(folder, walk.words.workbook)


def printed(walk: Walk) -> bytes:
    """The comparison as PDF, as the print dialogue makes it."""
    _to_the_comparison(walk)
    walk.steps.append("print (Ctrl+P) into a PDF")
    return walk.page.pdf(prefer_css_page_size=True)


def printed_texts(walk: Walk) -> bytes:
    """The texts on volunteering side by side as PDF."""
    _to_the_comparison(walk)
    walk.follow(HOME, walk.words.volunteers)
    walk.steps.append("print (Ctrl+P) into a PDF")
    return walk.page.pdf(prefer_css_page_size=True)


def address_to_send(walk: Walk) -> str:
    """The address of the target groups of all counties, as it is shown for copying."""
    _to_the_comparison(walk)
    walk.follow(walk.words.groups)
    walk.steps.append("copy the address shown under “Mitnehmen”")
    return walk.page.locator(".takeaway .address").inner_text()


def query_of_the_table(walk: Walk) -> None:
    """The query behind the comparison, run."""
    _to_the_comparison(walk)
    walk.follow(walk.words.query)


def table(page: Page) -> list[list[str]]:
    """The comparison as it is read: for each row what stands in its cells."""
    return [_texts(row, "th, td") for row in page.locator("table.matrix tr").all()]


def column_heads(page: Page) -> list[str]:
    """The counties whose texts stand side by side."""
    return _texts(page.locator("table.beside").first, "thead th")


def cells(page: Page) -> dict[tuple[str, str], tuple[str, dict[str, int]]]:
    """The cells of the comparison by county and topic: what stands there, and the number of each kind of text."""
    heads = _texts(page, ".matrix thead th:not(.corner) > a:first-child")
    found = {}
    for row in page.locator(".matrix tbody tr").all():
        topic = _texts(row, "th > a:first-child")[0]
        for head, cell in zip(heads, row.locator("td .cell-value").all(), strict=True):
            counts = (text.split(" ", 1) for text in _texts(cell, ".kinds > span"))
            value = " ".join(cell.inner_text().split())
            found[head, topic] = value, {KINDS[kind]: int(number) for number, kind in counts}
    return found


def counts(page: Page) -> dict[tuple[str, str], dict[str, int]]:
    """The rows that a query about the comparison gave, by county and topic: the number of each kind of text."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    said = "row => [...row.querySelectorAll('td')].map(cell => (cell.querySelector('a') || cell).innerText.trim())"
    for row in page.locator("section:has(> #ergebnis) tbody tr").all():
        county, topic, kind, number = row.evaluate(said)[:4]
        found.setdefault((county.removeprefix("Landkreis "), topic), {})[kind] = int(number)
    return found


def _by_column(rows: Locator) -> Iterator[str]:
    """Each text of a table with the county over its column; a text that only one county has names it in its cell."""
    heads = _texts(rows, "thead th")
    for cell in rows.locator("td:has(blockquote)").all():
        alone = _texts(cell, ".only-county")
        county = alone[0].split(" ", 1)[1] if alone else heads[int(cell.evaluate("cell => cell.cellIndex"))]
        yield from (f"{county}: {text}" for text in _texts(cell, "blockquote"))


def _to_the_comparison(walk: Walk) -> None:
    walk.start()
    walk.follow(walk.words.compare)


def _texts(place: Page | Locator, selector: str) -> list[str]:
    return [" ".join(text.split()) for text in place.locator(selector).all_inner_texts()]
