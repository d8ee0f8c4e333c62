"""May the desk listen where it was told to, and where does it?"""

import errno
import os
import socket
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError


def free_or_say(host: str, port: int, command: str) -> None:
    """Nothing listens there; else CommandError names the setting and the remedy, for whoever typed this command.

    The web server itself would share the port with whoever else does, and each would get some of the requests.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            why = "is in use, perhaps by another Tocsin. Stop that one, or choose another port"
        else:
            reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
            why = f"cannot be listened at ({reason}). Choose another address"
        raise CommandError(f"{host}:{port} {why}:\n  TOCSIN_BIND=127.0.0.1:{port % 65535 + 1} {command}") from error


def listens() -> None:
    """The desk's home says where it listens, for whoever asks from another shell."""
    with suppress(OSError):
        _kept().write_text(url_of(*settings.TOCSIN_BIND) + "\n")


def desk_url() -> str:
    """Where the desk is: at TOCSIN_BIND where that is set here, else where it listened when it last started."""
    if not os.environ.get("TOCSIN_BIND"):
        with suppress(OSError):
            if said := _kept().read_text().strip():
                return said
    return url_of(*settings.TOCSIN_BIND)


def url_of(host: str, port: int) -> str:
    """http://127.0.0.1:8000; an address that means all of them is reached at this machine's own."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _kept() -> Path:
    return Path(settings.TOCSIN_HOME) / "address"
