"""Messages in German and English, from the tables in ``publisher/locale``: what people read outside of the pages."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

FOLDER = Path(__file__).parent.parent / "locale"


@dataclass(frozen=True)
class Message:
    """A text in both languages; what is in braces is filled with the facts of a case."""

    de: str
    en: str

    def __add__(self, other: "Message") -> "Message":
        return Message(self.de + other.de, self.en + other.en)

    def text(self, language: str) -> str:
        """The text in ``language`` ("de" or "en")."""
        return self.de if language == "de" else self.en

    def filled(self, **facts: object) -> Self:
        """The message with ``facts``; one that is a message itself is put in in the language of the text around it."""
        return type(self)(_filled(self.de, "de", facts), _filled(self.en, "en", facts))


def _filled(text: str, language: str, facts: Mapping[str, object]) -> str:
    return text.format(**{name: f.text(language) if isinstance(f, Message) else f for name, f in facts.items()})


@cache
def messages(table: str) -> Mapping[str, Message]:
    """The messages of ``locale/{table}.toml`` by name."""
    text = (FOLDER / f"{table}.toml").read_text(encoding="utf-8")
    return {name: Message(**entry) for name, entry in tomllib.loads(text).items()}


# Read as soon as there is the program: a process that runs visitors' queries may open no file when it has to say why
# it does not.
_PHRASES = messages("phrases")


def phrase(name: str, **facts: object) -> Message:
    """The phrase ``name`` of ``locale/phrases.toml``, filled with ``facts``."""
    return _PHRASES[name].filled(**facts)
