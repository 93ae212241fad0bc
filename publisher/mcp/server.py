"""The server: lists the tools, answers their calls, hands out what agents may read. Knows no transport."""

import json
from typing import Any

from mcp import MCPError
from mcp.server import Server, ServerRequestContext
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListResourcesResult,
    ListToolsResult,
    PaginatedRequestParams,
    ReadResourceRequestParams,
    ReadResourceResult,
    Resource,
    TextResourceContents,
)

from publisher import __version__
from publisher.core.refusals import NotFound
from publisher.endpoint.client import Endpoint
from publisher.graph.formats import TURTLE
from publisher.graph.write import write
from publisher.mcp.replies import Call, reply
from publisher.mcp.tools import RESOURCES, address_of, say, tools
from publisher.views import held
from publisher.views.answered import release
from publisher.views.form import Field, forms
from publisher.views.silence import reason
from publisher.views.site import Site
from publisher.views.vocabulary import statements

ABOUT, VOCABULARY = RESOURCES + "about", RESOURCES + "vocabulary"
NAME = "kreisgraph"

Context = ServerRequestContext[Any, Any]


def server(site: Site, endpoint: Endpoint, language: str) -> Server[Any]:
    """The server of ``site``, which runs queries at ``endpoint`` and speaks ``language`` unless asked otherwise."""

    async def list_tools(context: Context, params: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=tools(site, language))

    async def call_tool(context: Context, params: CallToolRequestParams) -> CallToolResult:
        try:
            return await reply(Call(site, endpoint, params.name, params.arguments or {}, _client(context), language))
        except NotFound as error:
            raise MCPError(INVALID_PARAMS, error.text(language)) from None

    async def list_resources(context: Context, params: PaginatedRequestParams | None) -> ListResourcesResult:
        return ListResourcesResult(resources=_resources(site, language))

    async def read_resource(context: Context, params: ReadResourceRequestParams) -> ReadResourceResult:
        return ReadResourceResult(contents=[_contents(site, params.uri, language)])

    return Server(
        NAME,
        version=__version__,
        title=site.settings.site_name,
        instructions=say("instructions", language, release=site.release.manifest.version),
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_read_resource=read_resource,
    )


def _client(context: Context) -> str:
    """Whose call this is, for a fair share of the workers; "" over a pipe, where there is but one."""
    address = getattr(context.request, "client", None)
    return str(address.host) if address else ""


def _lists(site: Site) -> dict[str, Field]:
    """The fields whose values come from a list, by the address of that list."""
    return {address_of(field): field for form in forms(site) for field in form.fields if field.values}


def _resources(site: Site, language: str) -> list[Resource]:
    plain = "application/json"
    fixed = [
        Resource(uri=ABOUT, name="about", title=say("about", language), mime_type=plain),
        Resource(uri=VOCABULARY, name="vocabulary", title=say("vocabulary", language), mime_type=TURTLE.media),
    ]
    lists = [
        Resource(uri=uri, name=uri.removeprefix(RESOURCES), title=title, mime_type=plain)
        for uri, field in _lists(site).items()
        for title in [say("values", language, kind=field.label[language])]
    ]
    return fixed + lists


def _contents(site: Site, uri: str, language: str) -> TextResourceContents:
    if uri == VOCABULARY:
        document = write(statements(site), TURTLE, site.dataset.prefixes)
        return TextResourceContents(uri=uri, mime_type=TURTLE.media, text=document.decode())
    if uri == ABOUT:
        return _json(uri, _about(site, language))
    field = _lists(site).get(uri)
    if field is None:
        raise MCPError(INVALID_PARAMS, NotFound(what=uri).text(language))
    values = [{"key": value.key, "label": value.label[language], "iri": value.iri} for value in field.values]
    return _json(uri, {"release": release(site), "values": values})


def _about(site: Site, language: str) -> dict[str, Any]:
    counties = [
        {"iri": iri, "label": site.label(iri, language).value, "if_silent": reason(site, iri)}
        for iri in sorted(held.held(site))
    ]
    text = say("instructions", language, release=site.release.manifest.version)
    return {"release": release(site), "text": text, "recorded": counties}


def _json(uri: str, body: dict[str, Any]) -> TextResourceContents:
    text = json.dumps(body, ensure_ascii=False)
    return TextResourceContents(uri=uri, mime_type="application/json", text=text)
