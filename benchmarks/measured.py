"""The files of results together: what was measured of whom, by figure and size."""

from typing import Any

from benchmarks.results import Found
from benchmarks.servers import kinds


class Measured:
    """All that was measured."""

    def __init__(self, held: list[dict[str, Any]]) -> None:
        self._held = {(one["figure"], one["counties"]): one for one in held}
        self._order = [kind.name for kind in kinds()]
        self.sizes = sorted({one["counties"] for one in held})

    @property
    def dates(self) -> str:
        """The day, or the first and the last."""
        days = sorted({said["date"] for one in self._held.values() for said in one["servers"].values()})
        return days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"

    def triples(self, size: int) -> int:
        """How many statements the data of ``size`` counties have."""
        return max(int(one["triples"]) for (_, counties), one in self._held.items() if counties == size)

    def servers(self, figure: str, size: int) -> dict[str, Found]:
        """What was found of each server, in the order of the table of servers; {} where nothing was measured."""
        found: dict[str, Found] = self._held.get((figure, size), {}).get("servers", {})
        place = {name: number for number, name in enumerate(self._order)}
        return dict(sorted(found.items(), key=lambda item: place.get(item[0], len(place))))

    def named(self, name: str) -> list[Found]:
        """What was found of one server in any figure."""
        return [one["servers"][name] for one in self._held.values() if name in one["servers"]]

    def title(self, name: str) -> str:
        """What a server is called."""
        return next((str(said["title"]) for said in self.named(name) if "title" in said), name)

    def rows(self, figure: str, size: int, name: str) -> dict[tuple[Any, ...], Found]:
        """The rows of a server by query and, where there are any, number of clients."""
        rows = self.servers(figure, size).get(name, {}).get("rows", ())
        return {tuple(row[key] for key in ("query", "clients") if key in row): row for row in rows}

    def row(self, said: Found, query: str, clients: int | None = None) -> Found:
        """The row of a query, at a number of clients where one is named; what happened to the whole where it failed."""
        for row in said.get("rows", ()):
            if row.get("query") == query and clients in (None, row.get("clients", clients)):
                return dict(row)
        return {"failed": said["failed"]} if "failed" in said else {}
