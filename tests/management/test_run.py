"""Does one command start the desk, and does nothing of it outlive the command?"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

import psutil
import pytest

from tests.endtoend.desk import free_port

pytestmark = [pytest.mark.slow, pytest.mark.only_on("sqlite")]


class Desk:
    """`tocsin run` in a home of its own."""

    def __init__(self, home: Path, port: int, words: Sequence[str] = ("run", "--bare")) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.said = home / f"said-{port}"
        with self.said.open("wb") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tocsin", *words],
                env={
                    "PATH": os.environ["PATH"],
                    "HOME": str(home),
                    "TOCSIN_HOME": str(home / "desk"),
                    "TOCSIN_BIND": f"127.0.0.1:{port}",
                },
                stdout=said,
                stderr=said,
                start_new_session=True,
            )

    def ready(self) -> "Desk":
        self.wait(lambda: "Tocsin is running at" in self.said.read_text(), "it never said it was running")
        return self

    def wait(self, done, otherwise: str, within_s: float = 60) -> None:
        deadline = time.monotonic() + within_s
        while not done():
            assert time.monotonic() < deadline, f"{otherwise}; it said: {self.said.read_text()}"
            time.sleep(0.05)

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def all_gone(self, family: list[psutil.Process]) -> None:
        self.wait(lambda: not any(_alive(member) for member in family), "something outlived it", 30)


def _alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path, free_port())
    family: list[psutil.Process] = []
    try:
        yield desk
    finally:
        if desk.process.poll() is None:
            family = desk.family()
            desk.process.kill()
            desk.process.wait()
        for member in family:
            if _alive(member):
                member.kill()


def test_the_first_run_makes_secrets_and_database_answers_and_stops_cleanly(desk: Desk, tmp_path: Path):
    desk.ready()
    family = desk.family()

    with urllib.request.urlopen(f"{desk.url}/healthz") as answer:
        well = json.load(answer)
    desk.process.send_signal(signal.SIGINT)

    assert desk.process.wait(30) == 0
    assert (well["web"], well["database"]) == ("ok", "ok")
    assert (tmp_path / "desk/keys/secret.key").is_file()
    assert desk.url in desk.said.read_text()
    assert desk.said.read_text().rstrip().endswith("Stopped.")
    desk.all_gone(family)


def test_a_port_in_use_is_said_with_the_setting_that_changes_it(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        desk = Desk(tmp_path, port)

        assert desk.process.wait(30) == 1
        assert f"127.0.0.1:{port} is in use" in desk.said.read_text()
        assert "TOCSIN_BIND=" in desk.said.read_text()


def test_a_child_that_dies_is_named_and_ends_the_run(desk: Desk):
    desk.ready()
    family = desk.family()
    web = next(member for member in family if member.cmdline()[-1] == "web" and member.ppid() == desk.process.pid)

    web.kill()

    assert desk.process.wait(30) == 1
    assert "The web was ended by SIGKILL" in desk.said.read_text()
    desk.all_gone(family)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_however_it_is_ended_no_process_is_left(desk: Desk, how: signal.Signals):
    desk.ready()
    family = desk.family()
    assert len(family) >= 3

    desk.process.send_signal(how)

    assert desk.process.wait(30) == (-9 if how == signal.SIGKILL else 0)
    desk.all_gone(family)


@pytest.mark.parametrize("command", ["run", "engine"])
def test_a_second_engine_on_the_same_desk_is_refused_with_who_has_it_and_what_to_do(
    desk: Desk, tmp_path: Path, command: str
):
    desk.ready()

    second = Desk(tmp_path, free_port(), [command])

    assert second.process.wait(60) == 1
    said = second.said.read_text()
    assert f"tocsin run, process {desk.process.pid}, works on {tmp_path}/desk/tocsin.sqlite3" in said
    assert "stop that one first" in said
    assert "TOCSIN_HOME=" in said
    assert "postgres://" in said
    assert desk.process.poll() is None


def test_a_desk_that_was_killed_starts_again_at_once(desk: Desk, tmp_path: Path):
    desk.ready()
    family = desk.family()

    desk.process.kill()
    desk.process.wait()
    again = Desk(tmp_path, free_port())

    try:
        again.ready()
        assert again.process.poll() is None
        desk.all_gone(family)
    finally:
        again.process.terminate()
        again.process.wait(30)


def test_an_engine_that_was_killed_leaves_its_place_to_the_next(desk: Desk, tmp_path: Path):
    desk.ready()
    desk.process.terminate()
    desk.process.wait(30)
    first = Desk(tmp_path, free_port(), ["engine"])
    first.wait(lambda: lock(tmp_path).startswith("tocsin engine"), "it never began")

    first.process.kill()
    first.process.wait()
    second = Desk(tmp_path, free_port(), ["engine"])

    second.wait(lambda: str(second.process.pid) in lock(tmp_path), "it never began")
    second.process.terminate()
    assert second.process.wait(30) == 0
    assert "has this desk" not in second.said.read_text()


def lock(home: Path) -> str:
    return (home / "desk" / "tocsin.sqlite3.lock").read_text()
