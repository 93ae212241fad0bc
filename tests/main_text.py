"""The visible text of the main part of a page, without the digits of what is quoted, dated, named or taken along."""

import re
from html.parser import HTMLParser

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_VOID |= {"circle", "line", "path", "rect", "use"}
_INLINE = {"a", "abbr", "b", "bdi", "em", "i", "small", "span", "strong", "tspan"}
_APART = {"blockquote", "code", "h1", "ins", "del", "mark", "option", "pre", "q", "textarea", "time"}
_APART_CLASSES = {"address", "rdf-table", "source-note", "takeaway", "incoming"}


class MainText(HTMLParser):
    """``text`` is what stands in ``main``; a digit that belongs to a quotation or to the name of a thing is a #.

    Quotations are marked by their language, as they must be; the name of a thing is a link to the page about it.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self._open: list[tuple[str, bool]] = []
        self._parts: list[str] = []
        self.feed(html)
        self.text = " ".join("".join(self._parts).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag not in _INLINE:
            self._parts.append(" ")
        if tag not in _VOID:
            self._open.append((tag, self._is_apart(tag, values)))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if tag not in _INLINE:
            self._parts.append(" ")
        if any(tag == name for name, _ in self._open):
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        if any(name == "main" for name, _ in self._open):
            self._parts.append(re.sub(r"\d", "#", data) if any(apart for _, apart in self._open) else data)

    def _is_apart(self, tag: str, values: dict[str, str]) -> bool:
        return (
            tag in _APART
            or ("lang" in values and tag != "html")
            or bool(_APART_CLASSES & set(values.get("class", "").split()))
            or (tag == "a" and values.get("href", "").startswith("/doc/"))
        )
