"""Every error, rule and phrase says the same in German and English, and none stands there for nobody."""

import importlib
import pkgutil
import re
import string

import pytest

import publisher
from publisher.core import settings
from publisher.core.errors import KreisgraphError
from publisher.core.messages import FOLDER, Message, messages, phrase
from publisher.core.refusals import QueryTooLarge
from publisher.quality import rules

CODE = "".join(path.read_text(encoding="utf-8") for path in FOLDER.parent.rglob("*.py"))
TABLES = sorted(path.stem for path in FOLDER.glob("*.toml"))


def _classes(error: type[KreisgraphError]) -> set[str]:
    return {error.__name__}.union(*(_classes(narrower) for narrower in error.__subclasses__()))


def test_every_error_has_its_message_and_every_message_its_error() -> None:
    for module in pkgutil.walk_packages(publisher.__path__, "publisher."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    assert _classes(KreisgraphError) == set(messages("errors"))


def test_every_rule_has_its_message_and_every_message_its_rule() -> None:
    assert {rule.name for rule in vars(rules).values() if isinstance(rule, rules.Rule)} == set(messages("rules"))


def test_every_phrase_that_is_said_is_there_and_none_that_is_not() -> None:
    said = set(re.findall(r'\bphrase\("([^"]+)"', CODE))
    said |= {*settings._ALLOWED.values(), *settings._TYPES.values(), *settings._BOUNDS.values(), settings._ELSE}
    assert said == set(messages("phrases"))


@pytest.mark.parametrize("table", TABLES)
def test_both_languages_say_the_same_of_a_case(table: str) -> None:
    for name, message in messages(table).items():
        assert message.de.strip() and message.en.strip(), name
        assert _fields(message.de) == _fields(message.en), name


def _fields(text: str) -> set[tuple[str, str | None, str | None]]:
    return {(name, form, sign) for _, name, form, sign in string.Formatter().parse(text) if name is not None}


def test_a_message_within_a_message_is_said_in_its_language() -> None:
    error = QueryTooLarge(what=phrase("brackets", number=7), allowed="{5}")
    assert "mehr als 7 ineinander geschachtelte Klammern (erlaubt: {5})" in error.text("de")
    assert "more than 7 nested brackets (allowed: {5})" in str(error)
    assert (Message("a", "b") + Message("c", "d")).text("en") == "bd"


@pytest.mark.parametrize("name", settings.Settings.model_fields)
def test_what_a_setting_may_be_is_said_in_both_languages(name: str) -> None:
    said = settings.allowed(name)
    assert said.de and said.en and "{" not in said.de + said.en
