"""Why a command cannot do what it is asked to, in one line."""

import errno
import sys

from publisher.core.errors import FolderRefused, KreisgraphError
from publisher.core.messages import Message

_REASONS = {
    errno.ENOSPC: "Auf dem Datenträger ist kein Platz mehr",
    errno.EACCES: "Der Zugriff ist nicht erlaubt",
    errno.EROFS: "Der Datenträger ist nur zum Lesen da",
    errno.ENOTDIR: "Im Pfad steht eine Datei, wo ein Ordner sein müsste",
    errno.EEXIST: "An der Stelle des Ordners liegt schon eine Datei",
    errno.ENOENT: "Diesen Pfad gibt es nicht",
}
"""What the operating system says in English, in German."""


def refuse(error: KreisgraphError | OSError, language: str) -> None:
    """Says on standard error what stopped the command."""
    told = error if isinstance(error, KreisgraphError) else _of_system(error)
    print(f"kreisgraph: {told.text(language)}", file=sys.stderr)


def _of_system(error: OSError) -> KreisgraphError:
    reason_en = str(error.strerror or error)
    reason_de = _REASONS.get(error.errno or 0, reason_en)
    return FolderRefused(file=error.filename or "kreisgraph", reason=Message(reason_de, reason_en))
