"""The shipped web server, beside a test and on its database."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from tests.endtoend.desk import free_port


def database_url() -> str:
    """The test database, for another process."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite://{settings['NAME']}"
    password = f":{settings['PASSWORD']}" if settings["PASSWORD"] else ""
    port = f"&port={settings['PORT']}" if settings["PORT"] else ""
    return f"postgres://{settings['USER']}{password}@/{settings['NAME']}?host={settings['HOST']}{port}"


@contextmanager
def web(home: Path, **settings: str) -> Iterator[int]:
    """`tocsin web` beside this test, on the same database; yields its port."""
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "TOCSIN_HOME": str(home),
        "TOCSIN_BIND": f"127.0.0.1:{port}",
        "TOCSIN_DATABASE_URL": database_url(),
        **settings,
    }
    process = subprocess.Popen([sys.executable, "-m", "tocsin", "web"], env=environment)
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                assert process.poll() is None and time.monotonic() < deadline, "the web did not start"
                time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(30)
