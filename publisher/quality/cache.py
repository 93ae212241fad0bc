"""Results of earlier runs, by the hash of everything they depend on: unchanged parts are not validated again."""

import hashlib
import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from publisher.core.hashed import hashed
from publisher.core.memory import Memory
from publisher.core.messages import FOLDER
from publisher.quality.findings import Finding, Result

_CODE = Path(__file__).parent
_TEXTS = ("errors", "phrases", "rules")
_KEPT = 8


class Cache:
    """A folder of JSON files, one a result; a file that cannot be read counts as absent."""

    def __init__(self, folder: Path, memory: Memory) -> None:
        """``folder`` is that of the settings for what can be computed again; what was read is held in ``memory``."""
        self._folder, self._memory = folder / "validation", memory

    def get(self, part: str, key: str) -> Result | None:
        """The result stored for ``part`` under ``key``."""
        return self._memory.get(("result", part, key), lambda: self._read(part, key))

    def _read(self, part: str, key: str) -> Result | None:
        try:
            rows = json.loads((self._folder / f"{part}-{key}.json").read_text(encoding="utf-8"))
            return Result(part, [Finding(**row) for row in rows], cached=True)
        except (OSError, ValueError, TypeError):
            return None

    def put(self, result: Result, key: str) -> None:
        """Store ``result`` under ``key``; only the newest few results of a part are kept.

        Where the folder cannot be written, nothing is stored: the next run checks again.
        """
        with suppress(OSError):
            self._store(result, key)

    def names(self, part: str, contents: bytes, find: Callable[[], list[str]]) -> list[str]:
        """What ``find`` gives of files whose bytes ``contents`` stands for, or gave in an earlier run."""
        name = f"{part}.names-{hashlib.sha256(contents).hexdigest()[:32]}.json"
        return self._memory.get(("names", name), lambda: self._names(part, name, find))

    def _names(self, part: str, name: str, find: Callable[[], list[str]]) -> list[str]:
        try:
            return [str(one) for one in json.loads((self._folder / name).read_text(encoding="utf-8"))]
        except (OSError, ValueError, TypeError):
            found = find()
            with suppress(OSError):
                self._write(f"{part}.names", name, found)
            return found

    def _store(self, result: Result, key: str) -> None:
        self._write(result.part, f"{result.part}-{key}.json", [asdict(f) for f in result.findings])

    def _write(self, part: str, name: str, rows: list[Any]) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        target = self._folder / name
        aside = target.with_suffix(f".{os.getpid()}")
        aside.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
        aside.replace(target)
        stored = sorted(self._folder.glob(f"{part}-*.json"), key=lambda path: path.stat().st_mtime)
        for old in stored[:-_KEPT]:
            old.unlink(missing_ok=True)


def key(*parts: bytes) -> str:
    """A hash over ``parts`` and over the code of this package and its messages, so that a changed check runs again.

    A ``Hash`` among ``parts`` stands for what it is the hash of.
    """
    digest = hashlib.sha256(_code())
    for part in parts:
        digest.update(hashed(part))
    return digest.hexdigest()[:32]


@cache
def _code() -> bytes:
    files = (*sorted(_CODE.glob("*.py")), *(FOLDER / f"{name}.toml" for name in _TEXTS))
    return b"".join(hashlib.sha256(path.read_bytes()).digest() for path in files)
