"""May the desk listen where it was told to?"""

import errno
import os
import socket

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
