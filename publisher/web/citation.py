"""How to cite a result: the query, the release it was asked of, its date; as text, BibTeX and CSL-JSON."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date as day_of

LICENSE = "https://creativecommons.org/licenses/by/4.0/"


@dataclass(frozen=True)
class Citation:
    """What a reader needs to find the same result again."""

    title: str
    """What was asked; "" for a query without a name."""
    site: str
    publisher: str
    version: str
    date: str
    """Of the data: YYYY-MM-DD."""
    address: str
    language: str
    query: str

    @property
    def key(self) -> str:
        """A key for bibliographies, the same for the same query of the same release."""
        digest = hashlib.sha256(f"{self.query}\n{self.version}".encode()).hexdigest()
        return f"kreisgraph-{self.date}-{digest[:8]}"

    @property
    def day(self) -> day_of:
        """The date of the data."""
        return day_of.fromisoformat(self.date)

    def csl(self, title: str, kind: str) -> str:
        """CSL-JSON; ``title`` and ``kind`` are words of the page.

        https://docs.citationstyles.org/en/stable/specification.html
        """
        item = {
            "id": self.key,
            "type": "dataset",
            "title": title,
            "genre": kind,
            "container-title": self.site,
            "publisher": self.publisher,
            "issued": {"date-parts": [[self.day.year, self.day.month, self.day.day]]},
            "version": self.version,
            "URL": self.address,
            "license": LICENSE,
            "language": self.language,
        }
        lines = (f"  {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in item.items())
        return "[{\n" + ",\n".join(lines) + "\n}]"
