"""The real application in processes of its own, and the Chromium that visits it."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from publisher.core.settings import Settings

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
ARGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    # What would be made ready for the next page costs more than it saves.
    *("--disable-threaded-animation", "--disable-features=RenderDocument,SpareRendererForSitePerProcess"),
)
START_SECONDS = 120


def chromium() -> str:
    """The path of a Chromium; raises FileNotFoundError saying how to get one."""
    named = os.environ.get("KREISGRAPH_CHROMIUM")
    found = [path for path in (named, *map(shutil.which, NAMES), MAC) if path and shutil.which(path)]
    if named and found[:1] != [named]:
        raise FileNotFoundError(f"KREISGRAPH_CHROMIUM={named} is not a program.")
    if not found:
        raise FileNotFoundError("The browser tests need Chromium: run tools/chromium.sh, or set KREISGRAPH_CHROMIUM.")
    return found[0]


@contextmanager
def running(settings: Settings, log: Path) -> Iterator[str]:
    """The address of `kreisgraph serve` on a free port, without a slash at the end; stopped afterwards."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KREISGRAPH_")}
    environment |= {
        "KREISGRAPH_INPUT": str(settings.input),
        "KREISGRAPH_RELEASES": str(settings.releases),
        "KREISGRAPH_CACHE": str(settings.cache),
        "KREISGRAPH_PORT": "0",
        "PORT": "0",
    }
    command = [sys.executable, "-u", "-m", "publisher", "serve"]
    with log.open("w", encoding="utf-8") as out:
        server = subprocess.Popen(command, cwd=log.parent, env=environment, stdout=out, stderr=subprocess.STDOUT)
        try:
            yield _address(server, log)
        finally:
            server.terminate()
            server.wait(30)


def _address(server: "subprocess.Popen[bytes]", log: Path) -> str:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        said = [line.split()[0] for line in log.read_text(encoding="utf-8").splitlines() if line.startswith("http://")]
        if said:
            return said[0].rstrip("/")
        time.sleep(0.1)
    raise AssertionError(f"kreisgraph serve is not ready: {log.read_text(encoding='utf-8')}")
