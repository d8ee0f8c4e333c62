"""What does a test from end to end run? The shipped commands, as processes, with a home and ports of their own."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil

PATIENCE_S = 90.0  # for a machine that has much else to do; nothing waits longer than it must
APART = 16


class Desk:
    """`tocsin run` and what else one types beside it; `said` is the file its console goes to.

    It begins without a past, which would take half a minute, unless `past` asks for one.
    """

    def __init__(self, home: Path, *, past: bool = False, **settings: str) -> None:
        self.patience_s = (5 if past else 1) * PATIENCE_S
        self.words = [sys.executable, "-m", "tocsin", "run", *([] if past else ["--bare"])]
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.said = home / "console"
        self.environment = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(home),
            "TOCSIN_HOME": str(home / "desk"),
            "TOCSIN_BIND": f"127.0.0.1:{self.port}",
            **settings,
        }

    @property
    def console(self) -> str:
        return self.said.read_text("utf-8")

    @contextmanager
    def running(self) -> Iterator[None]:
        """It has said that it runs; afterwards it was asked to stop, did so, and left nothing behind."""
        with process(self.words, self.environment, self.said) as run:
            running = "Tocsin is running at"
            wait(lambda: running in self.console, self._why_not(run), seconds=self.patience_s)
            yield
            run.send_signal(signal.SIGINT)
            assert run.wait(PATIENCE_S) == 0, self.console

    def types(self, *words: str) -> str:
        """What the command printed; it must have done what it was asked."""
        done = subprocess.run(
            [sys.executable, "-m", "tocsin", *words], env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"tocsin {words[0]}: {done.stdout}{done.stderr}"
        return done.stdout

    def _why_not(self, run: subprocess.Popen[bytes]) -> Callable[[], str]:
        def why() -> str:
            assert run.poll() is None, f"it ended with {run.returncode}: {self.console}"
            return f"it never said it was running, only: {self.console}"

        return why


@contextmanager
def process(words: list[str], environment: dict[str, str], said: Path) -> Iterator[subprocess.Popen[bytes]]:
    """It runs inside the block; afterwards neither it nor anything it started does."""
    with said.open("wb") as console:
        started = subprocess.Popen(words, env=environment, stdout=console, stderr=console, start_new_session=True)
    try:
        yield started
    finally:
        family = []
        with suppress(psutil.NoSuchProcess):
            family = psutil.Process(started.pid).children(recursive=True)
        if started.poll() is None:
            started.kill()
            started.wait()
        for member in family:
            with suppress(psutil.NoSuchProcess):
                member.kill()


def wait(ready: Callable[[], Any], otherwise: Callable[[], str] | str, *, seconds: float = PATIENCE_S) -> Any:
    """What `ready` says, once that is something."""
    deadline = time.monotonic() + seconds
    while not (found := ready()):
        why = otherwise if isinstance(otherwise, str) else otherwise()
        assert time.monotonic() < deadline, why
        time.sleep(0.05)
    return found


def answers(url: str) -> bool:
    with suppress(OSError), urllib.request.urlopen(url, timeout=2) as answer:
        return bool(answer.status == 200)
    return False


def free_port() -> int:
    """A port on which nothing listens, below those the system gives out by itself.

    Sessions side by side choose from numbers of their own, or one could give away what another has just chosen.
    """
    while True:
        port = random.randrange(20_000 + os.getpid() % APART, 32_000, APART)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)) as probe:
            return int(probe.getsockname()[1])


def database(name: str) -> dict[str, str]:
    """The setting that gives a desk an empty database of the kind under test; none for SQLite, which makes its own."""
    if os.environ.get("TOCSIN_TEST_DATABASE") != "postgres":
        return {}
    from tests.postgres import Cluster

    return {"TOCSIN_DATABASE_URL": Cluster(os.environ["TOCSIN_DATABASE_URL"]).create(name)}
