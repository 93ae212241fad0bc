"""The log: one line for each request where configured, and every warning and error in the same form.

Of visitors it says nothing unless configured: no address, no text of a query or a search.
"""

import fcntl
import json
import logging
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from publisher.core.settings import Settings
from publisher.web.records import Record, Write

TEXT_LENGTH = 2000
"""So much of the text of a query goes into the log."""
_ERROR_OUTPUT, _HIGH = 2, 64


def configure(settings: Settings) -> int:
    """Lets warnings and errors of this process, and what ``publisher`` tells, go to the log; its file descriptor."""
    descriptor = _ERROR_OUTPUT
    if settings.log_file:
        opened = os.open(settings.log_file, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o640)
        # A number so high is never taken again in a query worker, which closes all it does not know.
        descriptor = fcntl.fcntl(opened, fcntl.F_DUPFD_CLOEXEC, _HIGH)
        os.close(opened)
    handler = _Handler(descriptor)
    handler.setFormatter(_Json() if settings.log_format == "json" else _Text())
    root = logging.getLogger()
    for old in [one for one in root.handlers if isinstance(one, _Handler)]:
        root.removeHandler(old)
        old.close()
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger("publisher").setLevel(logging.INFO)
    return descriptor


def writer(settings: Settings, release: str, descriptor: int) -> Write | None:
    """What writes the line of a request; None when the settings want none."""
    if settings.log_format == "none":
        return None
    form: Callable[[dict[str, Any]], str] = _json if settings.log_format == "json" else _pairs

    def write(record: Record) -> None:
        _put(descriptor, form(line(record, settings, release)))

    return write


def line(record: Record, settings: Settings, release: str) -> dict[str, Any]:
    """The fields of the line about ``record``."""
    fields: dict[str, Any] = {
        "time": _now(),
        "event": "request",
        "method": record.method,
        "path": record.path,
        "kind": record.kind,
        "status": record.status,
        "bytes": record.size,
        "seconds": round(record.seconds, 6),
        "release": release,
    }
    if not record.whole:
        fields["broken_off"] = True
    if settings.log_clients:
        fields["client"] = record.client
    if settings.log_queries and record.query:
        fields["query_string"] = record.query[:TEXT_LENGTH]
    if record.courses:
        fields["queries"] = [
            {"outcome": one.outcome, "lane": one.lane, "waited": round(one.waited, 6), "query": one.key}
            | ({"text": one.text[:TEXT_LENGTH]} if settings.log_queries else {})
            for one in record.courses
        ]
    return fields


class _Handler(logging.Handler):
    """Writes each line at once and in one piece, so that lines of several processes do not mix."""

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self._descriptor = descriptor

    def emit(self, record: logging.LogRecord) -> None:
        _put(self._descriptor, self.format(record))

    def close(self) -> None:
        if self._descriptor != _ERROR_OUTPUT:
            os.close(self._descriptor)
        super().close()


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return f"{_now()} {record.levelname.lower()} {super().format(record)}"


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        event = {"time": _now(), "event": record.levelname.lower(), "logger": record.name}
        trace = {"trace": self.formatException(record.exc_info)} if record.exc_info else {}
        return _json(event | {"message": record.getMessage()} | trace)


def _put(descriptor: int, text: str) -> None:
    # A full disk or a closed pipe must not cost a visitor the answer.
    with suppress(OSError):
        os.write(descriptor, text.encode("utf-8", "backslashreplace") + b"\n")


def _json(fields: dict[str, Any]) -> str:
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def _pairs(fields: dict[str, Any]) -> str:
    queries = fields.pop("queries", [])
    found = fields | {name: value for one in queries[:1] for name, value in one.items()}
    moment, _ = found.pop("time"), found.pop("event")
    return f"{moment} " + " ".join(f"{name}={_quoted(value)}" for name, value in found.items())


def _quoted(value: object) -> str:
    text = str(value)
    return text if text.isprintable() and " " not in text and '"' not in text else json.dumps(text)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
