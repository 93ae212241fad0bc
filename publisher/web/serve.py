"""Serving: binds the address and hands it to the supervisor."""

import socket
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from publisher.core.errors import SettingsError
from publisher.core.settings import PREFIX, Settings
from publisher.release.reader import current_folder, read_manifest
from publisher.web import logs
from publisher.web.master import Guest
from publisher.web.supervisor import Supervisor

_BACKLOG = 1024


@dataclass(frozen=True)
class Address:
    """Where the site listens."""

    host: str
    port: int

    def url(self) -> str:
        """The address for a browser."""
        return f"http://[{self.host}]:{self.port}/" if ":" in self.host else f"http://{self.host}:{self.port}/"


def say_now(line: str) -> None:
    """Prints ``line`` at once, also into a file or pipe."""
    print(line, flush=True)


def serve(
    settings: Settings,
    say: Callable[[str], None] = say_now,
    guests: Sequence[Guest] = (),
    again: Callable[[], Settings] | None = None,
) -> None:
    """Serves the release in force, and ``guests`` beside it, until SIGTERM or SIGINT; says a line when it is ready.

    At SIGHUP it goes over to the release in force then, with the settings that ``again`` gives; the address stays.
    Raises NoRelease or DamagedRelease, or SettingsError when it cannot listen at the address.
    """
    logs.configure(settings)
    with listen_at(settings) as doors:
        # What is missing altogether is said before anybody is let in.
        read_manifest(current_folder(settings.releases))
        at = Address(settings.host, doors.getsockname()[1])
        with tempfile.TemporaryDirectory(prefix="kreisgraph-") as folder:
            supervisor = Supervisor(settings, again or (lambda: settings), doors, Path(folder), guests)
            supervisor.run(lambda version: say(f"{at.url()}  Version {version}"))


def listen_at(settings: Settings) -> socket.socket:
    """The socket that takes connections at the address of ``settings``; raises SettingsError when it cannot."""
    address = Address(settings.host, settings.port)
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    doors = socket.socket(family, socket.SOCK_STREAM)
    doors.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        doors.bind((address.host, address.port))
    except OSError as error:
        doors.close()
        allowed = f"{error.strerror}; {PREFIX}HOST, {PREFIX}PORT"
        raise SettingsError(name=f"{PREFIX}PORT", value=address.port, allowed=allowed) from None
    # All page processes, of the old release and of the new, take connections from this one queue.
    if settings.waiting_room:
        doors.listen(_BACKLOG)
    # Otherwise the first process that has loaded does that.
    doors.setblocking(False)
    return doors
