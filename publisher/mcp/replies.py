"""What a tool answers: rows with their proof, or none and the reason. Only a query that fails is an error."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import anyio
from mcp_types import CallToolResult, TextContent

from publisher.core.refusals import BadRequest, QueryRefused, UnknownParameter
from publisher.endpoint.client import Endpoint
from publisher.endpoint.request import TABLE, QueryRequest
from publisher.mcp.tools import LANGUAGES, MOST, PASSAGE, ROWS, SEARCH
from publisher.views.answered import answered, plain, release
from publisher.views.cited import hits, passage, reason
from publisher.views.form import ask, form, forms
from publisher.views.search import Request
from publisher.views.site import Site
from publisher.views.values import find

Arguments = Mapping[str, Any]
_OTHERS = ("limit", "offset", "lang")
_WITHIN = ("county", "field")
"""What a search may be confined to."""


@dataclass(frozen=True)
class Call:
    """One call of the tool ``name``: where it is answered, with what, for whom, in which language."""

    site: Site
    endpoint: Endpoint
    name: str
    arguments: Arguments
    client: str
    language: str


async def reply(call: Call) -> CallToolResult:
    """The answer to ``call``; raises NotFound when there is no tool of that name."""
    wanted = str(call.arguments.get("lang", ""))
    call = replace(call, language=wanted) if wanted in LANGUAGES else call
    try:
        return _result(await _ANSWERS.get(call.name, _question)(call))
    except BadRequest as problem:
        return _result(_refused(call, problem))
    except QueryRefused as error:
        return CallToolResult(content=[TextContent(text=error.text(call.language))], is_error=True)


async def _passage(call: Call) -> dict[str, Any]:
    _only(call.arguments, ("entry", "lang"))
    entry = str(call.arguments.get("entry", "")).strip()[:1000]
    whole = entry.startswith(("http:", "https:"))
    iri = entry if whole else call.site.id(entry.strip("/").removeprefix("id/"))
    return await anyio.to_thread.run_sync(passage, call.site, iri, call.language)


async def _search(call: Call) -> dict[str, Any]:
    _only(call.arguments, ("words", *_WITHIN, *_OTHERS))
    request = _request(call.site, call.arguments)
    most, first = _number(call.arguments, "limit", ROWS), _number(call.arguments, "offset", 0)
    return await anyio.to_thread.run_sync(hits, call.site, request, call.language, most, first)


async def _question(call: Call) -> dict[str, Any]:
    found = form(call.site, call.name)
    _only(call.arguments, (*(field.name for field in found.fields), *_OTHERS))
    asked = ask(call.site, found, {field.name: _texts(call.arguments.get(field.name)) for field in found.fields})
    most, first = _number(call.arguments, "limit", ROWS), _number(call.arguments, "offset", 0)
    table = await call.endpoint.table(QueryRequest(asked.text, TABLE, head=first + most), call.client)
    answer = answered(call.site, asked, table.variables, table.rows, table.more, first)
    return await anyio.to_thread.run_sync(plain, call.site, answer, call.language)


_ANSWERS = {PASSAGE: _passage, SEARCH: _search}


def _request(site: Site, arguments: Arguments) -> Request:
    """Raises BadRequest for a value that there is not."""
    fields = {field.name: field for one in forms(site) for field in one.fields}
    within = dict.fromkeys(_WITHIN, "")
    for name in _WITHIN:
        for text in _texts(arguments.get(name))[:1]:
            within[name] = find(site, fields[name].parameter, text, fields[name].label).iri
    return Request(" ".join(_texts(arguments.get("words")))[:200], within["county"], within["field"])


def _texts(value: object) -> list[str]:
    """What was written: agents give one value or several, as texts or numbers."""
    if value is None:
        return []
    several = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    return [str(one) for one in several if str(one).strip()]


def _number(arguments: Arguments, name: str, usual: int) -> int:
    value = arguments.get(name, usual)
    least, most = (1, MOST) if name == "limit" else (0, 100 * MOST)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise BadRequest(name=name, value=str(value)[:100], allowed=f"{least}–{most}")
    return value


def _only(arguments: Arguments, allowed: Sequence[str]) -> None:
    for name in arguments:
        if name not in allowed:
            raise UnknownParameter(name=name[:100], allowed=", ".join(allowed))


def _refused(call: Call, problem: BadRequest) -> dict[str, Any]:
    """No rows, since what was asked for is not among the values; the possible ones are named."""
    why: dict[str, Any] = reason(call.site, "not_a_value", call.language, problem=problem.message)
    if "keys" in problem.facts:
        why |= {"allowed": problem.facts["keys"], "allowedCount": problem.facts["count"]}
    question = {"name": call.name, "parameter": problem.facts["name"]}
    return {"release": release(call.site), "question": question, "rows": [], "complete": True, "silences": [why]}


def _result(answer: dict[str, Any]) -> CallToolResult:
    text = json.dumps(answer, ensure_ascii=False)
    return CallToolResult(content=[TextContent(text=text)], structured_content=answer)
