"""Which tools there are, and what they take: one for each question, the search, a passage."""

from typing import Any

from mcp_types import Tool, ToolAnnotations

from publisher.core.messages import messages
from publisher.views.form import Field, Form, forms
from publisher.views.silence import recorded
from publisher.views.site import Site

SEARCH, PASSAGE = "search", "passage"
ROWS, MOST = 50, 200
"""How many rows an answer has, and how many may be asked for."""
RESOURCES = "kreisgraph://"
LANGUAGES = ("de", "en")
_HINTS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
_TEXT = {"type": "string"}


def say(name: str, language: str, **facts: object) -> str:
    """A text for agents."""
    return messages("agents")[name].filled(**facts).text(language)


def tools(site: Site, language: str) -> list[Tool]:
    """All tools, described in ``language``."""
    return [*(_question(site, form, language) for form in forms(site)), _search(site, language), _passage(language)]


def _question(site: Site, form: Form, language: str) -> Tool:
    fields = {field.name: _field(site, field, language) for field in form.fields}
    needed = [f.name for f in form.fields if not (f.parameter.optional or f.parameter.default)]
    return _tool(form.name, form.query.title[language], form.query.text[language], fields, needed, language)


def _search(site: Site, language: str) -> Tool:
    fields = {field.name: field for form in forms(site) for field in form.fields}
    taken = {name: _one(site, fields[name], language) for name in ("county", "field")}
    words = {"words": _TEXT | {"description": say("words", language)}}
    return _tool(SEARCH, say(SEARCH, language), say("search-text", language), words | taken, ["words"], language)


def _passage(language: str) -> Tool:
    entry = _TEXT | {"description": say("entry", language)}
    schema = _schema({"entry": entry, "lang": _lang(language)}, ["entry"])
    title, text = say(PASSAGE, language), say("passage-text", language)
    return Tool(name=PASSAGE, title=title, description=f"{title}. {text}", input_schema=schema, annotations=_HINTS)


def _tool(name: str, title: str, text: str, fields: dict[str, Any], needed: list[str], language: str) -> Tool:
    numbers = {
        "limit": {"type": "integer", "minimum": 1, "maximum": MOST, "default": ROWS},
        "offset": {"type": "integer", "minimum": 0, "default": 0},
    }
    described = {key: {**schema, "description": say(key, language)} for key, schema in numbers.items()}
    schema = _schema({**fields, **described, "lang": _lang(language)}, needed)
    return Tool(name=name, title=title, description=f"{title} {text}", input_schema=schema, annotations=_HINTS)


def _schema(properties: dict[str, Any], needed: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": needed, "additionalProperties": False}


def _lang(language: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(LANGUAGES), "default": language, "description": say("lang", language)}


def _field(site: Site, field: Field, language: str) -> dict[str, Any]:
    one = _one(site, field, language)
    if not field.parameter.several:
        return one
    return {"type": "array", "items": {"type": "string"}, "minItems": 1, "description": one["description"]}


def _one(site: Site, field: Field, language: str) -> dict[str, Any]:
    kind = "integer" if field.parameter.kind == "number" else "string"
    return {"type": kind, "description": f"{field.label[language]}. {_values(site, field, language)}".strip()}


def _values(site: Site, field: Field, language: str) -> str:
    """The values themselves where they are few, else what is recorded and where all of them are."""
    if field.few:
        return say("keys", language, values="; ".join(f"{v.key} = {v.label[language]}" for v in field.values))
    if not field.values:
        return ""
    return say("many", language, recorded=recorded(site, language), address=address_of(field))


def address_of(field: Field) -> str:
    """The address of the resource that lists the values of ``field``."""
    return f"{RESOURCES}values/{field.parameter.kind.replace(':', '/')}"
