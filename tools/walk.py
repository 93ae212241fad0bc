"""Writes docs/walk.md: ten tasks of a new visitor on a running site, with the steps, a picture and the answer of each.

Run it as ``python tools/walk.py http://127.0.0.1:8000``. Needs Chromium, LibreOffice (soffice), pdftoppm and Pillow.
The steps are those of the browser tests; nothing in the answers is written by hand.
"""

import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import browser_site  # noqa: E402
import walk_steps  # noqa: E402
from browser_keys import Keys  # noqa: E402
from walk_steps import WORDS, Walk  # noqa: E402

TALLEST, COLOURS = 1400, 64
PHONE, DESK = 390, 1280


@dataclass(frozen=True)
class Task:
    """A question, the steps that answer it, and the part of the last page that shows the answer: ``first`` to ``last``.

    ``answer`` gives the lines that the visitor reads; the picture is of the page unless ``answer`` gives a file.
    """

    question: str
    answer: Callable[[Walk, Path], list[str]]
    first: str = "main"
    last: str = ""
    width: int = DESK


def _workbook(walk: Walk, folder: Path) -> list[str]:
    path = walk_steps.workbook(walk, folder)
    subprocess.run(["soffice", "--headless", "--convert-to", "pdf", "--outdir", folder, path], check=True, timeout=180)
    return ["A workbook with the table, all texts with quotation and permanent address, and a sheet on the source."]


def _printed(walk: Walk, folder: Path) -> list[str]:
    (folder / "print.pdf").write_bytes(walk_steps.printed(walk))
    return ["A4 across, the whole table on the first sheet, the address and the source notes at the end."]


def _address(walk: Walk, _: Path) -> list[str]:
    return [f"`{walk_steps.address_to_send(walk)}`"]


def _query(walk: Walk, _: Path) -> list[str]:
    walk_steps.query_of_the_table(walk)
    rows = sum(map(len, walk_steps.counts(walk.page).values()))
    return [f"{rows} rows: every number of the table, and those of the narrower fields."]


def _read(steps: Callable[[Walk], list[str]]) -> Callable[[Walk, Path], list[str]]:
    return lambda walk, _: steps(walk)


TASKS = (
    Task(
        "Which counties are my neighbours, and which of them have a concept?",
        _read(walk_steps.neighbours),
        *("h2#nachbarn", "section:has(#nachbarn)", PHONE),
    ),
    Task(
        "What does Rotenburg say on education that Spree-Neiße does not?",
        _read(walk_steps.only_rotenburg_on_education),
        *("#feiner", "section:has(> #feiner-F02)"),
    ),
    Task(
        "Who coordinates in Leer, and with what tasks?",
        _read(walk_steps.coordination_in_leer),
        *("#aufgaben", ".profile:nth-of-type(2)", PHONE),
    ),
    Task(
        "What do five counties say on volunteers, side by side?",
        _read(walk_steps.volunteers_side_by_side),
        *("#texte", "#allein"),
    ),
    Task(
        "Which counties name anti-discrimination: as field, as theme, as principle?",
        _read(walk_steps.antidiscrimination_as),
        *(".matrix-box", "[id='thema-F12.3']"),
    ),
    Task(
        "What is not known about Germersheim, and why?",
        _read(walk_steps.unknown_about_germersheim),
        *("#umfang", "section:has(> #umfang)"),
    ),
    Task("How do I take the comparison along as an Excel file?", _workbook),
    Task("How do I print it or make a PDF of it?", _printed),
    Task("How do I send a link that shows others the same?", _address, ".takeaway", ".takeaway"),
    Task(
        "Which query is behind the table, and what does it give?",
        _query,
        *("#ergebnis", "section:has(> #ergebnis)"),
    ),
)


def main() -> None:
    """Walks through all tasks on the site given, and writes the page and its pictures."""
    site, docs = sys.argv[1].rstrip("/"), ROOT / "docs"
    (docs / "walk").mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_site.chromium(), args=list(browser_site.ARGS))
        parts = [_task(browser, site, number, task, docs) for number, task in enumerate(TASKS, 1)]
        browser.close()
    (docs / "walk.md").write_text("\n\n".join([_HEAD, *parts]) + "\n", encoding="utf-8")


_HEAD = """# Ten tasks of a new visitor

Each begins on the start page, with the keyboard only and without scripts. `tests/test_browser_walk.py` walks the same
steps and checks the answers; `tools/walk.py` takes the pictures and writes this page. The answers are read from the
pages, which are in German here; five of the tasks are also tested in English."""


def _task(browser: Browser, site: str, number: int, task: Task, docs: Path) -> str:
    context = browser.new_context(
        base_url=site, viewport={"width": task.width, "height": 900}, java_script_enabled=False
    )
    walk = Walk(Keys(context.new_page()), WORDS["de"])
    picture = docs / "walk" / f"{number:02}.png"
    with tempfile.TemporaryDirectory() as folder:
        lines = task.answer(walk, Path(folder))
        made = next(Path(folder).glob("*.pdf"), None)
        image = _sheet(made) if made else _part(walk.page, task, Path(folder))
    image.quantize(COLOURS).save(picture, optimize=True)
    context.close()
    steps = "\n".join(f"{place}. {step}" for place, step in enumerate(["open the start page", *walk.steps], 1))
    answer = "\n".join(f"- {line}" for line in lines)
    shown = f"![{task.question}](walk/{picture.name})"
    return f"## {number}. {task.question}\n\n{steps}\n\nAnswer found:\n\n{answer}\n\n{shown}"


def _part(page: Page, task: Task, folder: Path) -> Image.Image:
    first, last = page.locator(task.first).first, page.locator(task.last or task.first).first
    page.screenshot(path=folder / "page.png", full_page=True)
    top, end = first.bounding_box(), last.bounding_box()
    if not top or not end:
        raise ValueError(f"Not shown: {task.first} or {task.last}")
    scrolled = page.evaluate("scrollY")
    start = int(max(top["y"] + scrolled - 16, 0))
    stop = int(end["y"] + scrolled + end["height"] + 16)
    with Image.open(folder / "page.png") as whole:
        return whole.convert("RGB").crop((0, start, whole.width, min(stop, start + TALLEST, whole.height)))


def _sheet(document: Path) -> Image.Image:
    """The first sheets of a document below each other."""
    subprocess.run(["pdftoppm", "-r", "80", "-l", "2", "-png", document, document.with_suffix("")], check=True)
    sheets = [Image.open(path).convert("RGB") for path in sorted(document.parent.glob(f"{document.stem}-*.png"))]
    gap = 12
    whole = Image.new(
        "RGB", (max(sheet.width for sheet in sheets), sum(sheet.height + gap for sheet in sheets)), "#888"
    )
    top = 0
    for sheet in sheets:
        whole.paste(sheet, (0, top))
        top += sheet.height + gap
    return whole


if __name__ == "__main__":
    main()
