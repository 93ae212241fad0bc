"""The description of the interface: OpenAPI 3.1, made from the heads of the queries.

https://spec.openapis.org/oas/v3.1.0
"""

from typing import Any

from publisher import __version__
from publisher.core.messages import messages
from publisher.endpoint.request import Limits
from publisher.views.answered import column
from publisher.views.form import Field, Form, forms
from publisher.views.site import Site
from publisher.web.api import FORMATS, MOST, PATH, ROWS
from publisher.web.links import LANGUAGES, Links

_JSON = {"type": "string"}
_THING = "#/components/schemas/Thing"


def _say(name: str, language: str, **facts: object) -> str:
    return messages("api")[name].filled(**facts).text(language)


def openapi(site: Site, links: Links, language: str) -> dict[str, Any]:
    """The whole document, its texts in ``language``."""
    described = {f"{PATH}/{form.name}": {"get": _operation(form, language)} for form in forms(site)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{site.settings.site_name}: {_say('title', language)}",
            "version": __version__,
            "description": _say("description", language, release=site.release.manifest.version),
            "license": {"name": "CC BY 4.0", "identifier": "CC-BY-4.0"},
        },
        "servers": [{"url": links.whole(links.root) if links.public_url else "/"}],
        "paths": described | _fixed(language),
        "components": {
            "schemas": _schemas(language),
            "responses": _responses(site, language),
            "parameters": _shared(language),
            "headers": {"Release": {"description": _say("release", language), "schema": {"type": "string"}}},
        },
    }


def _operation(form: Form, language: str) -> dict[str, Any]:
    return {
        "operationId": form.name,
        "summary": form.query.title[language],
        "description": form.query.text[language],
        "parameters": [
            *(_parameter(form, field, language) for field in form.fields),
            *({"$ref": f"#/components/parameters/{name}"} for name in ("format", "lang", "limit", "offset")),
        ],
        "responses": {
            "200": {
                "description": _say("answer", language),
                "headers": {"X-Kreisgraph-Release": {"$ref": "#/components/headers/Release"}},
                "content": {
                    FORMATS["json"]: {"schema": {"$ref": "#/components/schemas/Answer"}},
                    FORMATS["srj"]: {"schema": {"type": "object"}},
                    FORMATS["csv"]: {"schema": _JSON},
                    FORMATS["xlsx"]: {"schema": _JSON | {"contentMediaType": FORMATS["xlsx"]}},
                },
            },
            "304": {"description": _say("unchanged", language)},
            **{status: {"$ref": f"#/components/responses/{name}"} for status, name in _PROBLEMS.items()},
        },
    }


_PROBLEMS = {"400": "Wrong", "406": "NoFormat", "413": "TooLarge", "429": "TooMany", "503": "Busy"}


def _parameter(form: Form, field: Field, language: str) -> dict[str, Any]:
    parameter = field.parameter
    one: dict[str, Any] = {"type": "integer", "minimum": 0} if parameter.kind == "number" else {"type": "string"}
    if field.few:
        one["enum"] = [value.key for value in field.values]
    if parameter.default:
        one["default"] = parameter.default
    several = {"style": "form", "explode": False} if parameter.several else {}
    example = form.example.get(field.name)
    return {
        "name": field.name,
        "in": "query",
        "required": not (parameter.optional or parameter.default),
        "description": _described(field, language),
        "schema": {"type": "array", "items": one, "minItems": 1} if parameter.several else one,
        **({"example": example if parameter.several else example[0]} if example else {}),
        **several,
    }


def _described(field: Field, language: str) -> str:
    """What the field is called, and what its values mean or where they are."""
    if field.few:
        values = "; ".join(f"{value.key} = {value.label[language]}" for value in field.values)
        return f"{field.label[language]}. {values}"
    if field.values:
        address = f"{PATH}/values/{field.parameter.kind}"
        return f"{field.label[language]}. {_say('values', language, address=address)}"
    return f"{field.label[language]}."


def _shared(language: str) -> dict[str, Any]:
    def query(name: str, schema: dict[str, Any]) -> dict[str, Any]:
        return {"name": name, "in": "query", "description": _say(name, language), "schema": schema}

    return {
        "format": query("format", {"type": "string", "enum": list(FORMATS)}),
        "lang": query("lang", {"type": "string", "enum": list(LANGUAGES), "default": LANGUAGES[0]}),
        "limit": query("limit", {"type": "integer", "minimum": 1, "maximum": MOST, "default": ROWS}),
        "offset": query("offset", {"type": "integer", "minimum": 0, "maximum": 10 * MOST, "default": 0}),
    }


def _fixed(language: str) -> dict[str, Any]:
    """The lists: of the questions, and of the values of a kind."""

    def listing(name: str, parameters: list[dict[str, Any]]) -> dict[str, Any]:
        text = _say(name, language)
        answers = {"200": {"description": text, "content": {FORMATS["json"]: {"schema": {"type": "object"}}}}}
        missing = {"404": {"$ref": "#/components/responses/Wrong"}} if parameters else {}
        return {"get": {"operationId": name, "summary": text, "parameters": parameters, "responses": answers | missing}}

    text = _say("kind", language)
    kind = {"name": "kind", "in": "path", "required": True, "description": text, "schema": _JSON}
    return {PATH: listing("questions", []), f"{PATH}/values/{{kind}}": listing("values_of_kind", [kind])}


def _responses(site: Site, language: str) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    limits = Limits.of(site.settings)
    facts = {"seconds": f"{limits.seconds:g}", "rows": limits.rows}
    names = {"Wrong": "wrong", "NoFormat": "no_format", "TooLarge": "too_large", "TooMany": "too_many", "Busy": "busy"}
    texts = {name: _say(key, language, **facts) for name, key in names.items()}
    return {name: {"description": text, "content": content} for name, text in texts.items()}


def _schemas(language: str) -> dict[str, Any]:
    texts = {name: {"type": "string"} for name in LANGUAGES}
    value: dict[str, Any] = {"anyOf": [{"$ref": _THING}, {"type": ["string", "integer", "boolean", "null"]}]}
    columns = {"name": _JSON, "label": _JSON | {"examples": [column("quotation", language)]}}
    return {
        "Thing": _object({"iri": {"type": "string", "format": "iri"}, "label": _JSON}),
        "Release": _object({"version": _JSON, "date": {"type": "string", "format": "date"}, "licence": _JSON}),
        "Silence": _object(
            {
                "reason": {"type": "string", "enum": ["not_recorded", "service_page", "excerpt", "silent", "nothing"]},
                "county": _JSON,
                "text": _JSON,
            },
            optional=("county",),
        ),
        "Answer": _object(
            {
                "release": {"$ref": "#/components/schemas/Release"},
                "question": {"type": "object"},
                "columns": {"type": "array", "items": _object(columns)},
                "rows": {"type": "array", "items": {"type": "object", "additionalProperties": value}},
                "complete": {"type": "boolean", "description": _say("complete", language)},
                "silences": {"type": "array", "items": {"$ref": "#/components/schemas/Silence"}},
                "next": {"type": "string", "format": "uri", "description": _say("next", language)},
            },
            optional=("next",),
        ),
        "Problem": _object(
            {
                **dict.fromkeys(("type", "title", "detail", "instance", "parameter"), _JSON),
                "status": {"type": "integer"},
                "details": {"type": "object", "properties": texts},
                "allowed": {"type": "array", "items": _JSON, "description": _say("allowed", language)},
                "allowedCount": {"type": "integer"},
                "limit": {"type": "object", "description": _say("limit_struck", language)},
            },
            optional=("parameter", "allowed", "allowedCount", "limit"),
        ),
    }


def _object(properties: dict[str, Any], optional: tuple[str, ...] = ()) -> dict[str, Any]:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required}
