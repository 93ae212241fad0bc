"""Tells systemd how the service is doing, where it asked to be told.

https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html
"""

import os
import socket
import time
from contextlib import suppress

_VARIABLE = "NOTIFY_SOCKET"


def ready(status: str) -> None:
    """The service is there (again)."""
    _tell(f"READY=1\nSTATUS={status}")


def reloading() -> None:
    """The service loads a new release and goes on serving the old one."""
    _tell(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}")


def stopping() -> None:
    """The service is about to end."""
    _tell("STOPPING=1")


def _tell(text: str) -> None:
    address = os.environ.get(_VARIABLE, "")
    if not address:
        return
    # An @ stands for the zero byte of an address without a file.
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sock:
        sock.sendto(text.encode(), "\0" + address[1:] if address.startswith("@") else address)
