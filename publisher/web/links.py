"""IRI ↔ path, both ways. The only place that builds links."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from urllib.parse import quote, quote_plus, urlencode, urlsplit

DEFAULT_LANGUAGE = "de"
LANGUAGES = (DEFAULT_LANGUAGE, "en")

_SAFE = "/:@!$&'()*+,;=~%-._"


@lru_cache(1 << 14)
def _quoted(path: str) -> str:
    """``path`` as it stands in an address; pages lead to the same few thousand again and again."""
    return quote(path, safe=_SAFE)


@lru_cache(1 << 14)
def _line(text: str) -> str:
    """One line of a value as it stands in a query string; the lines of our queries come again on every page."""
    return quote_plus(text, safe=",/")


def _value(value: object) -> str:
    return "%0A".join(map(_line, str(value).split("\n")))


def _query(values: Mapping[str, str | Sequence[str]]) -> str:
    """``values`` as a query string: a list as the same name again and again."""
    several = ((name, value if isinstance(value, list | tuple) else [value]) for name, value in values.items())
    return "&".join(f"{_line(name)}={_value(one)}" for name, found in several for one in found)


@dataclass(frozen=True)
class Links:
    """Builds every address of the site.

    ``base`` is the base of the IRIs, ``public_url`` the address visitors use ("" when links stay relative).
    """

    base: str
    public_url: str = ""

    @cached_property
    def root(self) -> str:
        """The path below which the site hangs; "" for the top of a host."""
        return urlsplit(self.public_url).path

    def href(self, path: str, language: str = DEFAULT_LANGUAGE, **query: str | Sequence[str]) -> str:
        """The address of the page ``path`` in ``language``, with a query string when there is one.

        A parameter with several values is given as a list of them.
        """
        prefix = "" if language == DEFAULT_LANGUAGE else f"/{language}"
        # A start page has no slash twice: "/" in German, "/en/" in English.
        address = self.root + prefix + _quoted(path)
        return f"{address}?{_query(query)}" if query else address

    def absolute(self, path: str) -> str:
        """``path`` (as built by the other methods) as a full address where the site's own is known."""
        site = urlsplit(self.public_url)
        return f"{site.scheme}://{site.netloc}{path}" if self.public_url else path

    def whole(self, path: str) -> str:
        """``path`` as a full address: where visitors reach the site, else below the base of the IRIs."""
        return self.absolute(path) if self.public_url else self.base.rstrip("/") + path

    def is_own(self, iri: str) -> bool:
        """Whether we answer for ``iri``."""
        return iri.startswith((self.base + "id/", self.base + "ns"))

    def name(self, iri: str) -> str:
        """The part of ``iri`` after ``…/id/``; "" for anything else."""
        return iri.removeprefix(self.base + "id/") if iri.startswith(self.base + "id/") else ""

    def iri(self, name: str) -> str:
        """The IRI of the thing ``name``: the other direction of ``name``."""
        return f"{self.base}id/{name}"

    def thing(self, iri: str) -> str:
        """The path at which ``iri`` itself is asked for; it answers 303."""
        return self.root + quote(iri.removeprefix(self.base.rstrip("/")), safe=_SAFE + "#")

    def document(self, iri: str, ending: str = "html", language: str = DEFAULT_LANGUAGE) -> str:
        """The path of the document about ``iri`` in the format ``ending``; html has one per language."""
        language = language if ending == "html" else DEFAULT_LANGUAGE
        if not self.name(iri):
            _, _, term = iri.partition("#")
            return self.href(f"/ns.{ending}", language) + (f"#{quote(term)}" if term else "")
        return self.href(f"/doc/{self.name(iri)}.{ending}", language)

    def profiled(self, path: str, token: str) -> str:
        """The address of the document at ``path`` (as built by the other methods) in the profile ``token``."""
        return f"{path}?{urlencode({'_profile': token})}"

    def page(self, iri: str, language: str) -> str:
        """Where a reader of ``language`` finds ``iri``: our page, or the foreign address itself when it is one."""
        if self.is_own(iri):
            return self.document(iri, "html", language)
        return iri if iri.startswith(("http://", "https://", "mailto:")) else ""

    def asking(self, pieces: Iterable[str], language: str) -> str:
        """The address at which a query can be run that is given in pieces, of which most come again and again."""
        return f"{self.href('/sparql', language)}?query={''.join(map(_line, pieces))}"

    def query(self, name: str) -> str:
        """The path of the query file ``name``."""
        return self.href(f"/abfragen/{name}.rq")
