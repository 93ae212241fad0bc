"""The duty pages: the operator's Markdown where there is some, else the templates with visible gaps."""

import logging
import re
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markupsafe import Markup

from publisher.core.settings import PREFIX, Settings
from publisher.web.links import LANGUAGES

SHIPPED = Path(__file__).parent.parent / "texts"
NAMES = (
    "impressum",
    "datenschutz",
    "barrierefreiheit",
    "barriere-melden",
    "leichte-sprache",
    "lizenz",
    "ueber",
    "fehler-melden",
    "mitmachen",
)
_GAP = re.compile(r"\[(?:Bitte ergänzen|Please complete)[^\]]*\]")
_TITLE = re.compile(r"^#\s+(.+)$", re.MULTILINE)
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class DutyText:
    """One duty page: its title, its body as HTML, how many gaps it still has, and whether the operator wrote it."""

    name: str
    title: str
    body: Markup
    gaps: int
    own: bool


def load(settings: Settings, name: str, language: str) -> DutyText:
    """The duty page ``name`` in ``language``."""
    own = settings.texts / language / f"{name}.md" if settings.texts else None
    written = own is not None and own.is_file()
    path = own if own and written else SHIPPED / language / f"{name}.md"
    text = _filled(path.read_text(encoding="utf-8"), settings)
    match = _TITLE.search(text)
    body = text.replace(match[0], "", 1) if match else text
    marked = _GAP.sub(lambda gap: f"***{gap[0]}***", body)
    html = MarkdownIt("commonmark", {"html": False}).enable("table").render(marked)
    return DutyText(name, match[1] if match else name, Markup(html), len(_GAP.findall(text)), written)


def _filled(text: str, settings: Settings) -> str:
    """``text`` with the operator's settings in the places the templates have for them."""
    values = {"operator": settings.operator, "contact": settings.contact, "site_name": settings.site_name}
    for name, value in values.items():
        if value:
            text = re.sub(rf"\{{{{\s*{name}\s*\|([^}}]*)\}}}}", lambda _, value=value: value, text)  # type: ignore[misc]
    return re.sub(r"\{\{\s*\w+\s*\|([^}]*)\}\}", r"\1", text)


def warnings(settings: Settings) -> list[str]:
    """One line for each duty page that the operator has not written or that still has gaps."""
    found = [load(settings, name, language) for language in LANGUAGES for name in NAMES]
    languages = [language for language in LANGUAGES for _ in NAMES]
    return [
        f"texts/{language}/{text.name}.md: {text.gaps} gap(s) to fill in"
        + ("" if text.own else "; copy the template into the folder of the setting KREISGRAPH_TEXTS")
        for language, text in zip(languages, found, strict=True)
        if text.gaps
    ]


def warn(settings: Settings) -> None:
    """Logs which duty pages ``warnings`` names and what the catalogue lacks; called when the server starts."""
    pages = ", ".join(line.partition(".md")[0].removeprefix("texts/") for line in warnings(settings))
    if pages:
        _log.warning(
            "Pflichtseiten mit Lücken (duty pages with gaps): %s. Vorlagen liegen in publisher/texts/; füllen Sie sie "
            "aus und nennen Sie den Ordner in KREISGRAPH_TEXTS.",
            pages,
        )
    if missing := [name for name in ("operator", "contact") if not getattr(settings, name)]:
        _log.warning(
            "Im Katalog für Datenportale fehlen (missing in the catalogue for portals): %s. Er nennt statt des "
            "Betreibers das Projekt und keinen Kontakt; nach dem Ergänzen neu bauen (then build again).",
            ", ".join(PREFIX + name.upper() for name in missing),
        )
