"""Asks the application in process, without a socket."""

import asyncio
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import httpx
from fastapi import FastAPI

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
INLINE = re.compile(r'<script(?! type="application/ld\+json">)|<style| style=')
"""What the policy of our pages forbids: scripts and styles within. Data for search engines never run."""


@dataclass(frozen=True)
class Client:
    """A visitor of ``app``."""

    app: FastAPI

    def ask(self, path: str, accept: str = BROWSER, method: str = "GET", **headers: str) -> httpx.Response:
        """The answer to one request; redirects are not followed. Header names are given with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()} | {"accept": accept}
        return asyncio.run(self._ask(method, path, named))

    async def _ask(self, method: str, path: str, headers: dict[str, str]) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://site") as client:
            return await client.request(method, path, headers=headers)


class Structure(HTMLParser):
    """What a test looks at in a page: its links, ids, language marks, headings and visible text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.tags: list[str] = []
        self.current: list[str] = []
        self.text = ""
        self.title = ""
        self._open = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.append(tag)
        self._open = tag
        self.links += [values["href"] or ""] if tag == "a" and "href" in values else []
        self.ids += [values["id"] or ""] if "id" in values else []
        self.current += [values.get("href") or ""] if "aria-current" in values else []

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._open == "title":
            self.title += data

    def handle_endtag(self, tag: str) -> None:
        self._open = ""


def linked_queries(page: str, *columns: str) -> list[str]:
    """The texts of the queries with all of ``columns`` that ``page`` links to the endpoint, each once."""
    links = (link for link in Structure(page).links if "/sparql?query=" in link)
    texts = dict.fromkeys(parse_qs(urlsplit(link).query)["query"][0] for link in links)
    return [text for text in texts if set(columns) <= set(re.findall(r"\?\w+", text.partition("{")[0]))]
