"""Results of earlier runs, by the hash of everything they depend on: unchanged parts are not validated again."""

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from publisher.core.messages import FOLDER
from publisher.quality.findings import Finding, Result

_CODE = Path(__file__).parent
_TEXTS = ("errors", "phrases", "rules")
_KEPT = 8


class Cache:
    """A folder of JSON files, one a result; a file that cannot be read counts as absent."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "validation"

    def get(self, part: str, key: str) -> Result | None:
        """The result stored for ``part`` under ``key``."""
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

    def _store(self, result: Result, key: str) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        target = self._folder / f"{result.part}-{key}.json"
        aside = target.with_suffix(f".{os.getpid()}")
        aside.write_text(json.dumps([asdict(f) for f in result.findings], ensure_ascii=False), encoding="utf-8")
        aside.replace(target)
        stored = sorted(self._folder.glob(f"{result.part}-*.json"), key=lambda path: path.stat().st_mtime)
        for old in stored[:-_KEPT]:
            old.unlink(missing_ok=True)


def key(*parts: bytes) -> str:
    """A hash over ``parts`` and over the code of this package and its messages, so that a changed check runs again."""
    digest = hashlib.sha256(_code())
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()[:32]


def _code() -> bytes:
    files = (*sorted(_CODE.glob("*.py")), *(FOLDER / f"{name}.toml" for name in _TEXTS))
    return b"".join(hashlib.sha256(path.read_bytes()).digest() for path in files)
