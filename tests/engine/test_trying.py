"""Does the engine's process for backtests find what the command finds, and does it end when it is told to, or dies?"""

from __future__ import annotations

import io
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import DEVNULL, Popen
from urllib.parse import urlsplit

import psutil
import pytest
from django.core.management import call_command
from django.db import connection

from tests.world import FIELD_GUIDE, World
from tocsin.engine.trying import Trying
from tocsin.trials import backtest
from tocsin.trials.backtest import Backtest

DRAFT = FIELD_GUIDE.read_text().replace('P1 = "4h", P2 = "8h",', 'P1 = "4h", P2 = "2h",')
SLICE = Path(__file__).parents[1] / "imports" / "uci498_slice.csv"
PATIENCE_S = 90.0
MANY = f"""
import django

django.setup()

from datetime import UTC, datetime
from itertools import repeat
from pathlib import Path
from tocsin.imports import uci498
from tocsin.standard import presets
from tocsin.trials import running
from tocsin.trials.export import of_export
from tocsin.trials.side import Side

if __name__ == "__main__":
    rows, _ = uci498.incidents(uci498.read(Path({str(SLICE)!r})))
    past = of_export("1", "1", uci498.history(next(iter(rows.values()))))
    side = Side("field-guide", presets.text("field-guide"))
    running.run(repeat(past), [side], until=datetime(2017, 6, 1, tzinfo=UTC), zone="UTC", processes=2)
"""


@pytest.fixture
def world(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    """What is so in it is so for other processes too: they know its database."""
    name = str(connection.settings_dict["NAME"])
    url = f"sqlite:///{name}"
    if connection.vendor == "postgresql":
        url = urlsplit(os.environ["TOCSIN_DATABASE_URL"])._replace(path=f"/{name}").geturl()
    monkeypatch.setenv("TOCSIN_DATABASE_URL", url)
    return World()


@pytest.fixture
def trying(world: World) -> Iterator[Trying]:
    trying = Trying(lambda: world.now)
    yield trying
    trying.stop()


def wait(so: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not so():
        assert time.monotonic() < end, "it never was so"
        time.sleep(0.05)


def asked(world: World) -> Backtest:
    ticket = world.opens(priority="P2")
    world.responds(ticket)
    world.forward(hours=3)
    world.solves(ticket)
    return backtest.ask("draft.toml", DRAFT, zone="UTC", by=world.mona, now=world.now)


def begun(trying: Trying) -> Popen[bytes]:
    assert trying.turn()
    assert trying.child is not None
    return trying.child


def looked_after(trying: Trying) -> None:
    """The engine turns until there is no process to look after."""
    wait(lambda: trying.turn() or trying.child is None)
    assert trying.child is None


def test_its_process_finds_what_the_command_finds(world: World, trying: Trying, tmp_path: Path) -> None:
    row = asked(world)
    child = begun(trying)
    assert Backtest.objects.get().state == "running"

    looked_after(trying)

    row.refresh_from_db()
    assert (row.state, row.done, row.why, child.returncode) == ("done", 1, "", 0)
    (tmp_path / "draft.toml").write_text(DRAFT)
    out = io.StringIO()
    flips = tmp_path / "flips.csv"
    words = (tmp_path / "draft.toml", "--zone", "UTC", "--json", "--csv", flips)
    call_command("policy", "backtest", *map(str, words), stdout=out)
    said = json.loads(out.getvalue())
    assert said["flips"]["to_breached"] == 1, "nothing to compare"
    assert {**said, "until": ""} == {**row.result, "until": ""}
    assert row.flips == flips.read_text()
    assert not trying.turn(), "and there is nothing more to do"


def test_one_that_is_stopped_while_its_process_runs_ends_and_the_next_has_its_turn(world: World, trying: Trying):
    row, following = asked(world), asked(world)
    child = begun(trying)

    assert backtest.cancel(row.pk, now=world.now)
    looked_after(trying)

    row.refresh_from_db()
    assert (row.state, row.result, row.flips, child.returncode) == ("cancelled", None, "", 0)
    assert not psutil.pid_exists(child.pid)
    begun(trying)
    following.refresh_from_db()
    assert following.state == "running"


def test_one_whose_process_dies_has_failed_with_a_sentence(world: World, trying: Trying) -> None:
    row = asked(world)
    child = begun(trying)

    child.kill()
    looked_after(trying)

    row.refresh_from_db()
    assert (row.state, row.result) == ("failed", None)
    assert row.why == "Its process was ended by SIGKILL: the machine may have been short of memory."
    assert not psutil.pid_exists(child.pid)


def test_an_engine_that_stops_leaves_no_process_behind(world: World, trying: Trying) -> None:
    asked(world)
    child = begun(trying)

    trying.stop()

    assert child.returncode is not None
    assert not psutil.pid_exists(child.pid)


def test_those_that_share_the_work_end_with_the_process_that_shared_it_out(tmp_path: Path) -> None:
    """However it dies: nobody else would ever tell them."""
    (tmp_path / "many.py").write_text(MANY)
    here = str(Path(__file__).parents[2])
    environment = os.environ | {"PYTHONPATH": here, "DJANGO_SETTINGS_MODULE": "tocsin.settings"}
    sharing = Popen([sys.executable, str(tmp_path / "many.py")], env=environment, stdout=DEVNULL, stderr=DEVNULL)
    shared: list[psutil.Process] = []
    try:
        wait(lambda: len(workers(sharing.pid)) == 2)
        shared = psutil.Process(sharing.pid).children(recursive=True)

        sharing.send_signal(signal.SIGKILL)
        sharing.wait(PATIENCE_S)

        _, left = psutil.wait_procs(shared, timeout=PATIENCE_S)
        assert left == []
    finally:
        sharing.kill()
        for each in shared:
            if each.is_running():
                each.kill()


def workers(pid: int) -> list[psutil.Process]:
    """Those that are at work: more than begun."""
    found = psutil.Process(pid).children(recursive=True)
    return [each for each in found if "spawn_main" in " ".join(each.cmdline()) and each.cpu_times().user > 0.3]
