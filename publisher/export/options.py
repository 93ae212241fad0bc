"""What an export is asked to do, and what its pages must know of it."""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from publisher.web.frame import Page

Parts = Literal["auto", "all", "none"]
MOST_THINGS = 20_000
"""Up to so many things, quotations and other parts of things get files of their own unless told not to."""


@dataclass(frozen=True)
class Options:
    """``url`` is where the folder will be reached, ``server`` where a running site answers what files cannot.

    Both are whole addresses without a slash at the end, "" where there is none. ``parts`` says whether quotations,
    mappings and other parts of things get files of their own; ``fresh`` makes every file anew; ``jobs`` is the number
    of processes, 0 for one a processor.
    """

    url: str = ""
    server: str = ""
    parts: Parts = "auto"
    fresh: bool = False
    jobs: int = 0


@dataclass(frozen=True)
class Exported:
    """What templates read as ``exported``."""

    server: str
    parts: bool
    """Whether parts of things have pages."""

    def policy(self, page: Page) -> str:
        """The content policy of ``page``: there may be no server that sends one."""
        scripts = "; script-src 'self'; connect-src 'self'" if page.template == "export/search.html" else ""
        address = urlsplit(self.server)
        elsewhere = f" {address.scheme}://{address.netloc}" if self.server else ""
        return (
            "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
            f"form-action 'self'{elsewhere}; base-uri 'none'{scripts}"
        )
