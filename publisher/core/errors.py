"""The one exception tree. Knows no HTTP: the edges translate it into a status or an exit code.

KreisgraphError
├── SettingsError            a setting has a value that is not allowed
│   ├── ValueNotAllowed
│   ├── UnknownSetting
│   └── BrokenSettingsFile
├── SourceError              an input file cannot be used (file, line)
│   ├── MissingSource
│   ├── UnreadableSource
│   ├── WrongEncoding
│   ├── ByteOrderMark
│   ├── BrokenSyntax
│   ├── BrokenRdf            another format than Turtle
│   ├── BrokenShapes         the engine cannot use the shapes
│   ├── NoFiles              a folder without a file that can be read
│   └── NoShapes             files without a shape
├── QueryFileError           a .rq file of ours is not usable
├── FolderRefused            a folder we write to cannot be used
├── ExportError              the site cannot be written as files
│   ├── ForeignFolder, ExportRunning, UnsafeName
│   └── BrokenLinks          a page leads to a file that is not there
├── ReleaseError             a release cannot be built or opened
│   ├── InvalidCommon
│   ├── NoDate
│   ├── BuildRunning
│   ├── NoRelease
│   ├── DamagedRelease
│   ├── Unlike               a loaded release had better not be made into it
│   ├── LostState
│   ├── UnknownRelease
│   ├── RemovedRelease       its files were removed
│   ├── StoreIncomplete      the server that should hold it does not
│   ├── StoreSilent          … does not answer
│   └── StoreRefuses         … does not take what is loaded
└── PatchError               a patch cannot be applied
    ├── BrokenPatch
    └── PatchMisfit

What visitors are refused stands in ``core/refusals.py``.
"""

from collections.abc import Callable

from publisher.core.messages import Message, messages

_MESSAGES = messages("errors")


def _again(kind: "type[KreisgraphError]", facts: dict[str, object]) -> "KreisgraphError":
    return kind(**facts)


class KreisgraphError(Exception):
    """Base of all errors: the message of its class in ``locale/errors.toml``, filled with the facts of the case."""

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.text("en"))

    def __reduce__(self) -> tuple[Callable[..., "KreisgraphError"], tuple[type["KreisgraphError"], dict[str, object]]]:
        """How it is sent from one process to another."""
        return _again, (type(self), self.facts)

    @property
    def message(self) -> Message:
        """What happened, where, and what to do next, in German and English."""
        return self._said(self.facts)

    def text(self, language: str) -> str:
        """The message in ``language`` ("de" or "en")."""
        return self.message.text(language)

    def _said(self, facts: dict[str, object]) -> Message:
        return _MESSAGES[type(self).__name__].filled(**facts)


class SettingsError(KreisgraphError):
    """A setting has a value that is not allowed."""


class ValueNotAllowed(SettingsError):
    """The value of one setting."""


class UnknownSetting(SettingsError):
    """A name in the file of settings that is no setting."""


class BrokenSettingsFile(SettingsError):
    """The file of settings is no TOML."""


class SourceError(KreisgraphError):
    """An input file cannot be used."""

    def about(self, file: str) -> Message:
        """The message with ``file`` as the reader knows it, for the rules that pass it on."""
        return self._said({**self.facts, "file": file})


class MissingSource(SourceError):
    """It is not there."""


class UnreadableSource(SourceError):
    """The system does not let us read it."""


class WrongEncoding(SourceError):
    """It is not UTF-8."""


class ByteOrderMark(SourceError):
    """It starts with a byte order mark."""


class BrokenSyntax(SourceError):
    """It is not Turtle."""


class BrokenRdf(SourceError):
    """It is not in the RDF format that its ending says."""


class BrokenShapes(SourceError):
    """The engine cannot use the shapes."""


class NoFiles(SourceError):
    """The folder has no file that could be read."""


class NoShapes(SourceError):
    """The files have no shape."""


class QueryFileError(KreisgraphError):
    """A query file of ours is not usable."""


class FolderRefused(KreisgraphError):
    """A folder we write to cannot be used."""


class ReleaseError(KreisgraphError):
    """A release cannot be built or opened."""


class InvalidCommon(ReleaseError):
    """The common data have violations."""


class SavedMeanwhile(ReleaseError):
    """Files of a county were saved between their check and their use."""


class NoDate(ReleaseError):
    """No graph states its date."""


class BuildRunning(ReleaseError):
    """Another build is running."""


class NoRelease(ReleaseError):
    """There is none."""


class DamagedRelease(ReleaseError):
    """A file is not what the manifest says."""


class Unlike(ReleaseError):
    """The loaded release had better not be made into the release ``release``, for ``reason``: it is loaded anew."""


class LostState(ReleaseError):
    """A county's last valid state cannot be read."""


class UnknownRelease(ReleaseError):
    """There is no release of that name."""


class RemovedRelease(ReleaseError):
    """The files of a release were removed."""


class StoreIncomplete(ReleaseError):
    """The server ``store`` does not hold the release ``release``, or not all of it."""


class StoreSilent(ReleaseError):
    """The server ``store`` does not answer."""


class StoreRefuses(ReleaseError):
    """The server ``store`` does not take what is loaded: its ``status`` and ``reason``."""


class PatchError(KreisgraphError):
    """A patch cannot be applied."""


class BrokenPatch(PatchError):
    """It is no RDF Patch."""


class PatchMisfit(PatchError):
    """It is for another file."""


class ExportError(KreisgraphError):
    """The site cannot be written as files."""


class ForeignFolder(ExportError):
    """``folder`` holds files that no export wrote."""


class ExportRunning(ExportError):
    """Another export is writing into ``folder``."""


class UnsafeName(ExportError):
    """An address cannot be the name of the file ``file``."""


class BrokenLinks(ExportError):
    """``number`` links lead to no file; ``some`` names the first of them."""
