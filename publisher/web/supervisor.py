"""The process that stays: it holds the listening socket, and puts the processes of a new release in place of the old.

It loads nothing and answers nobody. A new release is loaded beside the one that is served; only when its processes
stand at the door do those of the old one stop accepting, finish what they have begun and end.
"""

import logging
import os
import select
import shutil
import signal
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from publisher.core.errors import SettingsError, Unlike
from publisher.core.settings import Settings
from publisher.endpoint.confine import LINUX, adopt
from publisher.release.reader import CURRENT
from publisher.web import logs, notify
from publisher.web.child import Child, fork
from publisher.web.master import Guest, serve_release, wait_for_release

MORE_SECONDS = 10.0
"""How much longer than its visitors a whole generation of processes may take to end."""
_log = logging.getLogger(__name__)


@dataclass
class Supervisor:
    """What serves now, what is being loaded, what is about to end."""

    settings: Settings
    again: Callable[[], Settings]
    """Reads the settings anew; raises SettingsError."""
    doors: socket.socket
    folder: Path
    guests: Sequence[Guest] = ()
    serving: Child | None = None
    loading: Child | None = None
    waiting_room: Child | None = None
    leaving: list[Child] = field(default_factory=list)
    _wanted: bool = False
    _stop: bool = False
    _tried: str = ""
    _born: int = 0
    _wake: tuple[socket.socket, socket.socket] = field(default_factory=socket.socketpair)

    def run(self, ready: Callable[[str], None]) -> None:
        """Serves until SIGTERM or SIGINT; ``ready`` hears the version as soon as the first release is served.

        Raises what stopped the first release from being loaded, or the next one when nothing else is served.
        """
        self._listen()
        # Whoever takes the place of a child is a child of that child first.
        adopt()
        try:
            self._open_waiting_room()
            self._load()
            while not self._stop:
                self._attend(ready)
        finally:
            notify.stopping()
            self._end_all()

    def _listen(self) -> None:
        for sock in self._wake:
            sock.setblocking(False)
        signal.set_wakeup_fd(self._wake[1].fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGHUP, lambda *_: self._want())
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._halt())

    def _want(self) -> None:
        self._wanted = True

    def _halt(self) -> None:
        self._stop = True

    def _attend(self, ready: Callable[[str], None]) -> None:
        """Waits for something to happen, and does what follows from it."""
        pipes = {child.news: child for child in (self.loading, self.serving) if child and child.news >= 0}
        found, _, _ = select.select([self._wake[0].fileno(), *pipes], [], [], self._patience())
        with suppress(BlockingIOError):
            self._wake[0].recv(4096)
        for descriptor in found:
            if descriptor in pipes:
                pipes[descriptor].hear()
        self._reap()
        if self.loading and self.loading.waits:
            self._close_waiting_room()
            self.loading.admit()
        if self.loading and self.loading.release:
            self._switch(ready)
        if self.loading and self.loading.gone:
            self._failed()
        if self.serving and self.serving.gone and not self._stop:
            _log.error("the processes of release %s ended unexpectedly; loading again", self.serving.release)
            self._forget(self.serving)
            self.serving = None
            self._open_waiting_room()
            self._wanted = True
        self._look()
        if self._wanted and not self.loading and not self.leaving and not self._stop:
            self._reload()

    def _patience(self) -> float | None:
        """How long nothing need be looked at."""
        if self.leaving:
            return 0.5
        return self.settings.watch_seconds or None

    def _look(self) -> None:
        """Wants a reload when the link leads elsewhere and what is there has not been tried."""
        if self.settings.watch_seconds and self.serving and not self.loading:
            place = self._place()
            self._wanted = self._wanted or (place not in ("", self.serving.place, self._tried))

    def _place(self) -> str:
        try:
            return os.readlink(self.settings.releases / CURRENT)
        except OSError:
            return ""

    def _reload(self) -> None:
        self._wanted = False
        notify.reloading()
        try:
            self.settings = self.again()
        except SettingsError as error:
            _log.error("the settings stay as they were: %s", error)
        logs.configure(self.settings)
        self._load()

    def _load(self, anew: bool = False) -> None:
        """Begins to load the release in force: in a copy of the processes that serve, or (``anew``) from nothing."""
        self._born += 1
        place = self.folder / str(self._born)
        place.mkdir()
        settings, self._tried = self.settings, self._place()
        if self.serving and not anew and self._may_be_followed(self.serving):
            self.loading = self.serving.succeed(place)
        else:
            life = partial(serve_release, settings, self.doors, place, self.guests)
            self.loading = fork(life, self._own())
        self.loading.place, self.loading.folder, self.loading.settings = self._tried, place, settings

    def _may_be_followed(self, child: Child) -> bool:
        """Whether what ``child`` holds may be made into the next release."""
        settings = self.settings
        return LINUX and not settings.store and child.settings == settings and child.age < settings.follow_releases

    def _open_waiting_room(self) -> None:
        settings = self.settings
        if not settings.waiting_room:
            return
        self.waiting_room = fork(lambda ties: wait_for_release(settings, self.doors), self._own())

    def _close_waiting_room(self) -> None:
        """Ends it; who knocks from now on waits at the door until the site is there, which is a moment."""
        if self.waiting_room:
            self.waiting_room.end()
            self._bury(self.waiting_room)
            self.waiting_room = None

    def _own(self) -> list[int]:
        """The descriptors that no child needs."""
        children = (self.serving, self.loading, self.waiting_room, *self.leaving)
        pipes = [child.news for child in children if child and child.news >= 0]
        orders = [child.orders.fileno() for child in children if child and child.orders]
        return [*pipes, *orders, *(sock.fileno() for sock in self._wake)]

    def _switch(self, ready: Callable[[str], None]) -> None:
        """Lets what was loaded serve, and the old one end."""
        old, self.serving, self.loading = self.serving, self.loading, None
        assert self.serving is not None
        self.serving.close()
        if old:
            old.end()
            old.deadline = time.monotonic() + self.settings.grace_seconds + MORE_SECONDS
            self.leaving.append(old)
            seconds, how = time.monotonic() - self.serving.since, "taken over" if self.serving.age else "loaded"
            _log.info("release %s serves in place of %s, %s in %.1f s", self.serving.release, old.release, how, seconds)
        else:
            ready(self.serving.release)
        notify.ready(f"release {self.serving.release}")

    def _failed(self) -> None:
        """A release that could not be loaded: fatal only when nothing else is served."""
        assert self.loading is not None
        failed, self.loading = self.loading, None
        self._forget(failed)
        error = failed.failure()
        if failed.age:
            level = logging.INFO if isinstance(error, Unlike) else logging.ERROR
            _log.log(level, "what is loaded is not made into the new release; it is loaded anew: %s", error)
            self._load(anew=True)
            return
        if self.serving is None:
            raise error
        _log.error("release %s is served on; the new one cannot be: %s", self.serving.release, error)
        notify.ready(f"release {self.serving.release}; a newer one could not be loaded")

    def _reap(self) -> None:
        """Notes which children have ended, and kills those whose time is over."""
        children = {
            one.pid: one for one in (self.serving, self.loading, self.waiting_room, *self.leaving) if one is not None
        }
        while children:
            try:
                pid, _ = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                break
            if pid == 0:
                break
            if pid in children:
                self._note(children[pid])
            elif self.loading and not self.loading.pid:
                self._recognise(self.loading, pid)
        for child in self.leaving:
            if time.monotonic() > child.deadline:
                child.end(signal.SIGKILL)
        for child in [one for one in self.leaving if one.gone]:
            self.leaving.remove(child)
            self._forget(child)

    def _recognise(self, child: Child, pid: int) -> None:
        """Notes the end of a process that had no time to be known: it told its number before."""
        if child.news >= 0 and select.select([child.news], [], [], 0)[0]:
            child.hear()
        if child.pid == pid:
            self._note(child)

    def _note(self, child: Child) -> None:
        child.gone = True
        while child.news >= 0:
            child.hear()

    def _bury(self, child: Child) -> None:
        with suppress(ChildProcessError):
            os.waitpid(child.pid, 0)
        child.forget()

    def _forget(self, child: Child) -> None:
        child.forget()
        if child.folder:
            shutil.rmtree(child.folder, ignore_errors=True)

    def _end_all(self) -> None:
        """Asks every child to end and waits, then makes it."""
        children = [one for one in (self.serving, self.loading, self.waiting_room, *self.leaving) if one is not None]
        for child in children:
            child.end()
            # Who is not known by number ends with the supervisor.
            child.gone = child.gone or not child.pid
        deadline = time.monotonic() + self.settings.grace_seconds + MORE_SECONDS
        while any(not child.gone for child in children) and time.monotonic() < deadline:
            self._reap()
            time.sleep(0.02)
        for child in children:
            if not child.gone:
                child.end(signal.SIGKILL)
                self._bury(child)
