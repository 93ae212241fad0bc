"""Every text of the interface has an English one, every English one is used, and no two files disagree."""

from collections import defaultdict
from pathlib import Path

from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

PACKAGE = Path(__file__).parent.parent / "publisher"
FILES = sorted((PACKAGE / "locale").glob("en*.po"))
OPTIONS = {"trimmed": "true", "newstyle_gettext": "true", "extensions": "jinja2.ext.i18n"}
FUNCTIONS = ("_", "gettext", "ngettext")


def said() -> dict[str, str]:
    """German text → the first place where it stands: all stand in templates."""
    found: dict[str, str] = {}
    for template in sorted((PACKAGE / "templates").rglob("*.html")):
        with template.open("rb") as stream:
            for line, _, message, _ in babel_extract(stream, list(FUNCTIONS), [], OPTIONS):
                first = message if isinstance(message, str) or message is None else message[0]
                if first:  # a text chosen by a variable stands where it comes from
                    found.setdefault(first, f"{template.name}:{line}")
    return found


def translated() -> dict[str, list[tuple[str, object]]]:
    """German text → each file with what it says in English."""
    found: dict[str, list[tuple[str, object]]] = defaultdict(list)
    for path in FILES:
        with path.open("rb") as stream:
            for message in read_po(stream, locale="en"):
                if message.id:
                    first = message.id if isinstance(message.id, str) else message.id[0]
                    found[first].append((path.name, message.string))
    return found


def test_every_text_has_an_english_one() -> None:
    known = translated()
    assert {text: place for text, place in said().items() if text not in known} == {}


def test_no_english_text_is_empty_or_unused() -> None:
    used = said()
    for text, entries in translated().items():
        for file, english in entries:
            whole = english if isinstance(english, str) else "".join(english if all(english) else ())  # type: ignore[arg-type]
            assert whole, f"{file}: {text}"
            assert text in used, f"{file}: nobody says {text!r}"


def test_no_text_is_translated_twice() -> None:
    assert {text: [file for file, _ in entries] for text, entries in translated().items() if len(entries) > 1} == {}
