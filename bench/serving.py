"""How does a benchmark serve a desk over HTTP, and what stands beside it?"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def tocsin(surroundings: dict[str, str]) -> Iterator[int]:
    """The desk's web server runs in these surroundings; its port."""
    port = _free_port()
    with _served(["-m", "tocsin", "web"], {**surroundings, "TOCSIN_BIND": f"127.0.0.1:{port}"}, port):
        yield port


@contextmanager
def bare(surroundings: dict[str, str]) -> Iterator[int]:
    """The bare door stands open, with as many processes and threads; its port."""
    port = _free_port()
    options = {"interface": "wsgi", "port": str(port), "workers": "2", "blocking-threads": "2", "log-level": "warning"}
    arguments = [word for name, value in options.items() for word in (f"--{name}", value)]
    with _served(["-m", "granian", *arguments, "--no-ws", "bench.bare_door:application"], surroundings, port):
        yield port


@contextmanager
def _served(arguments: list[str], surroundings: dict[str, str], port: int) -> Iterator[None]:
    process = subprocess.Popen([sys.executable, *arguments], env=_environment(surroundings))
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
        time.sleep(1)  # until all its processes have warmed up
        yield
    finally:
        process.terminate()
        process.wait(30)


def said(arguments: list[str], surroundings: dict[str, str]) -> str:
    """What Python says, run with these arguments in these surroundings."""
    done = subprocess.run(
        [sys.executable, *arguments], env=_environment(surroundings), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)}: {done.stderr.strip()[-2000:]}")
    return done.stdout


def _environment(more: dict[str, str]) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("TOCSIN_")}
    return {**plain, "DJANGO_SETTINGS_MODULE": "tocsin.settings", **more}


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
