"""Settings: one table, read from ``kreisgraph.toml`` and KREISGRAPH_… environment variables."""

import re
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from publisher.core.errors import BrokenSettingsFile, UnknownSetting, ValueNotAllowed
from publisher.core.messages import Message, phrase
from publisher.core.terms import CANONICAL_BASE

PREFIX = "KREISGRAPH_"
FILE = "kreisgraph.toml"

# Phrases of ``locale/phrases.toml``: what a setting may be.
_ALLOWED = {
    "base": "an-address",
    "public_url": "an-address-or-nothing",
    "store": "a-server-or-nothing",
    "store_data": "a-server-or-nothing",
    "store_visitors": "a-server-or-nothing",
    "query_services": "no-services",
    "license": "a-licence",
    "contributor": "a-contributor-or-nothing",
}
# Exactly these are in the list: without a slash at the end, with a full stop in the number.
_LICENSES = re.compile(
    "http://dcat-ap[.]de/def/licenses/"
    "(cc-by/4[.]0|cc-by-sa/4[.]0|cc-zero|dl-by-de/2[.]0|dl-zero-de/2[.]0|officialWork|ccpdm/1[.]0|odbl|odby|odcpddl|other-open)"
)
_TYPES: dict[Any, str] = {bool: "true-or-false", int: "a-whole-number", float: "a-number", str: "text"}
_ELSE = "a-path"
_OF_A_MACHINE = {"releases", "cache", "input", "port", "host", "log_file"} | {
    *("store", "store_kind", "store_data", "store_visitors", "store_seconds")
}
"""Settings that differ from one machine to the next without anybody noticing."""
_BOUNDS = {"ge": "from", "gt": "above", "le": "up-to", "min_length": "at-least"}


class Settings(BaseSettings):
    """Every setting with its default and its meaning; frozen, so it can be handed around."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="forbid", toml_file=FILE, validate_default=True
    )

    base: str = Field(
        CANONICAL_BASE, description="Base of every IRI; ends with a slash. A change changes all IRIs at the next build."
    )
    public_url: str = Field(
        "",
        description="Address under which visitors reach the site, without a slash at the end. Empty: links stay relative.",
    )
    site_name: str = Field(
        "Integrationskonzepte der Landkreise", min_length=1, description="Name of the site in the page head."
    )
    operator: str = Field("", description="Who runs the site; shown in the page foot and the duty pages.")
    contact: str = Field(
        "", description="E-mail address for reporting errors and barriers; empty: the pages say that it is missing."
    )
    public_body: bool = Field(False, description="Only for public bodies: shows the official government bar on top.")
    license: str = Field(
        "http://dcat-ap.de/def/licenses/cc-by/4.0",
        description="Licence of the data in the catalogue for portals: the IRI of an open licence in the list of dcat-ap.de.",
    )
    attribution: str = Field(
        "Kreisgraph, CC BY 4.0; der zitierte Wortlaut gehört den Landkreisen",
        description="How to name the source, for licences that ask for it; portals show this text.",
    )
    publisher_type: Literal["none", "local", "regional", "national", "supranational"] = Field(
        "none", description="Kind of authority that the operator is, for portals; none: it is no authority."
    )
    contributor: str = Field(
        "",
        description="IRI below http://dcat-ap.de/def/contributors/ that GovData gave the operator. Empty: portals fill in their own.",
    )
    input: Path | None = Field(
        None,
        description="Folder that holds ontology/, data/, shapes/ and sparql/. Empty: the checkout, else the installed copy.",
    )
    releases: Path = Field(Path("releases"), description="Folder of the built releases.")
    keep_releases: int = Field(
        0,
        ge=0,
        le=100_000,
        description="How many releases keep all their files, the newest; of older ones the changes and checksums stay. 0: all.",
    )
    cache: Path = Field(Path(".kreisgraph"), description="Folder for results that can be computed again.")
    texts: Path | None = Field(
        None,
        description="Folder with the operator's duty pages as Markdown (de/ and en/). Empty: the templates with gaps.",
    )
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; also read from PORT. 0 takes a free one.")
    waiting_room: bool = Field(
        True,
        description="While the first release is loaded: true tells visitors to come again (503); false takes no connections, so that a proxy asks another machine.",
    )
    page_workers: int = Field(2, ge=1, le=64, description="Processes that serve pages and data.")
    page_cache_mb: int = Field(
        32,
        ge=0,
        le=100_000,
        description="Memory of one page process for pages that were made already, in MiB. 0: none.",
    )
    query_cache_mb: int = Field(
        8, ge=0, le=100_000, description="Memory of one page process for answers to queries by GET, in MiB. 0: none."
    )
    query_workers: int = Field(
        2, ge=1, le=64, description="Processes that run visitors' longer SPARQL (the slow lane)."
    )
    query_quick_workers: int = Field(
        3, ge=1, le=64, description="Processes in which every query gets its first moment (the quick lane)."
    )
    query_quick_seconds: float = Field(
        0.2, gt=0, le=60, description="That moment, in seconds; what needs longer starts again in the slow lane."
    )
    query_waiting: int = Field(200, ge=1, le=1000, description="Most queries that wait for a place in one lane.")
    query_share: int = Field(
        4, ge=1, le=1000, description="Most queries of one client that run or wait in the slow lane at the same time."
    )
    query_seconds: float = Field(10.0, gt=0, le=3600, description="Longest run of one visitor's query, in seconds.")
    query_wait_seconds: float = Field(
        5.0, gt=0, le=600, description="Longest wait for a free query worker, in seconds."
    )
    query_memory_mb: int = Field(1024, ge=64, description="Memory one query may take beyond the loaded data, in MiB.")
    query_rows: int = Field(100_000, ge=1, description="Largest number of result rows or triples.")
    query_bytes: int = Field(50_000_000, ge=1000, description="Largest result, in bytes.")
    query_length: int = Field(100_000, ge=100, description="Longest query text, in characters.")
    query_nesting: int = Field(100, ge=5, description="Deepest nesting of brackets in a query text.")
    query_services: tuple[str, ...] = Field(
        (), description="Addresses that SERVICE may call, each written out in full. Empty: no query calls anybody."
    )
    store: str = Field(
        "",
        description="Query address of a SPARQL server that holds the release (see docs/engines.md). Empty: it is held in memory here.",
    )
    store_kind: Literal["oxigraph", "virtuoso", "graphdb", "stardog", "fuseki", "neptune", "sparql"] = Field(
        "oxigraph", description="Kind of that server; sparql: any other, whose address of loading has to be named."
    )
    store_data: str = Field(
        "",
        description="Its address of loading (Graph Store Protocol). Empty: what servers of its kind have.",
    )
    store_visitors: str = Field(
        "",
        description="Query address of a second server with the same release, for visitors' queries: they then do not slow pages. Empty: the same server.",
    )
    store_seconds: float = Field(
        10.0, gt=0, le=3600, description="How long one of our own queries may take there, in seconds."
    )
    engine: Literal["compiled", "pyrudof", "pyshacl"] = Field(
        "compiled",
        description="SHACL engine: compiled (fast, ours; what it does not know, pyrudof checks), pyrudof, or pyshacl (reference).",
    )
    jobs: int = Field(
        0, ge=0, le=256, description="Counties validated and built at the same time. 0: one per processor."
    )
    watch_seconds: float = Field(
        0.0, ge=0, le=86400, description="How often to look for a new release, in seconds. 0: only when told by SIGHUP."
    )
    follow_releases: int = Field(
        20,
        ge=0,
        le=10_000,
        description="How often in a row what is loaded is made into the next release where few counties changed, before "
        "one is loaded anew, which gives memory back. 0: always loaded anew.",
    )
    grace_seconds: float = Field(
        30.0,
        ge=0,
        le=3600,
        description="How long requests in flight may take to finish at a reload or a stop, in seconds.",
    )
    page_connections: int = Field(
        400, ge=10, le=100_000, description="Most connections that one page process holds; more are answered with 503."
    )
    head_seconds: float = Field(
        10.0, gt=0, le=600, description="How long a visitor may take to send the head of a request, in seconds."
    )
    body_seconds: float = Field(
        30.0, gt=0, le=3600, description="How long a visitor may take to send the body of a request, in seconds."
    )
    unread_seconds: float = Field(
        60.0, gt=0, le=3600, description="How long a visitor may read nothing of an answer, in seconds (Linux)."
    )
    trusted_proxies: str = Field(
        "127.0.0.1,::1",
        description="Addresses of proxies whose X-Forwarded-For is believed, with commas between; * is anybody.",
    )
    metrics: Literal["off", "local", "public"] = Field(
        "off",
        description="Who may read /metrics: off (nobody), local (whoever asks from this machine, not through a proxy), public (everybody).",
    )
    log_format: Literal["none", "text", "json"] = Field(
        "none", description="Log of requests, one line each: none, text or json. Warnings and errors are always logged."
    )
    log_file: Path | None = Field(
        None, description="File the log is appended to, opened anew at each reload. Empty: standard error."
    )
    log_queries: bool = Field(
        False, description="Whether the log of requests holds the texts of queries and searches (else only a hash)."
    )
    log_clients: bool = Field(False, description="Whether the log of requests holds the addresses of visitors.")

    def shown(self) -> str:
        """The settings on which what visitors get may depend: the same on all machines that serve one release."""
        return self.model_dump_json(exclude=_OF_A_MACHINE)

    @field_validator("base")
    @classmethod
    def _base(cls, value: str) -> str:
        if (
            not value.startswith(("http://", "https://"))
            or not value.endswith("/")
            or any(c in value for c in ' <>"{}|^`\\')
        ):
            raise ValueError(value)
        return value

    @field_validator("public_url")
    @classmethod
    def _public_url(cls, value: str) -> str:
        if value and (not value.startswith(("http://", "https://")) or value.endswith("/")):
            raise ValueError(value)
        return value

    @field_validator("store", "store_data", "store_visitors")
    @classmethod
    def _store(cls, value: str) -> str:
        # Credentials come from the environment, and never into a log with the address.
        if value and (not value.startswith(("http://", "https://")) or "@" in value or any(c in value for c in ' <>"')):
            raise ValueError(value)
        return value

    @field_validator("license")
    @classmethod
    def _license(cls, value: str) -> str:
        if not _LICENSES.fullmatch(value):
            raise ValueError(value)
        return value

    @field_validator("contributor")
    @classmethod
    def _contributor(cls, value: str) -> str:
        if value and not re.fullmatch(r"http://dcat-ap\.de/def/contributors/[A-Za-z0-9_-]+", value):
            raise ValueError(value)
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Call arguments before environment before file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load(**overrides: object) -> Settings:
    """The settings in force; ``overrides`` win over environment and file.

    Raises ValueNotAllowed or UnknownSetting for the first bad setting, BrokenSettingsFile for the file.
    """
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        if name not in Settings.model_fields:
            raise UnknownSetting(file=FILE, name=name, known=", ".join(Settings.model_fields)) from None
        setting = PREFIX + name.upper()
        raise ValueNotAllowed(name=setting, value=first["input"], allowed=allowed(name)) from None
    except (OSError, ValueError) as error:
        raise BrokenSettingsFile(file=FILE, detail=error) from None


def allowed(name: str) -> Message:
    """What the setting ``name`` may be."""
    field = Settings.model_fields[name]
    if name in _ALLOWED:
        return phrase(_ALLOWED[name])
    if choices := [choice for choice in get_args(field.annotation) if isinstance(choice, str)]:
        return Message(phrase("or").de.join(choices), phrase("or").en.join(choices))
    said = phrase(_TYPES.get(field.annotation, _ELSE))
    for bound, name_of_bound in _BOUNDS.items():
        for value in (getattr(rule, bound) for rule in field.metadata if hasattr(rule, bound)):
            said += phrase(name_of_bound, bound=value)
    return said
