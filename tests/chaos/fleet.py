"""How are the shipped engines started, frozen and killed?"""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos.sink import Sink
from tests.chaos.stores import PATIENCE_S, Postgres, Sqlite

ROOT = Path(__file__).parents[2]
ONLY_LATE = re.compile(r'text="Tocsin is not well\\n- [\d,]+ letters? (is|are) due and not sent, [^\\"]*"$')


@dataclass(slots=True)
class Tally:
    """What the interruptions interrupted."""

    kills: int = 0
    open_work: int = 0
    unanswered: int = 0
    either: int = 0
    sleeps: int = 0
    slept_on: set[tuple[int, str]] = field(default_factory=set)

    def __str__(self) -> str:
        return (
            f"{self.kills} kills, {self.either} of them interrupted something: {self.open_work} an open batch, "
            f"{self.unanswered} an unanswered send; {self.sleeps} engines slept through their lease"
        )


class Fleet:
    """Engines of one database, one behind each door of the sink; who is killed is replaced at once."""

    def __init__(self, home: Path, store: Sqlite | Postgres, sink: Sink, dice: random.Random) -> None:
        self.home = home
        self.store = store
        self.sink = sink
        self.dice = dice
        self.tally = Tally()
        self.started = 0
        self.said = home / "said"
        self.engines: list[Engine] = []

    def environment(self, engine: str = "test", door: int = 0) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "TOCSIN_HOME": str(self.home / "desk"),
            "TOCSIN_DATABASE_URL": self.store.url(engine),
            "TOCSIN_SMTP_URL": f"smtp://127.0.0.1:{self.sink.ports[door]}",
            "TOCSIN_MAIL_FROM": "Desk <desk@msp.example>",
            "TOCSIN_LOG_LEVEL": "warning",
        }

    def run(self, *command: str) -> str:
        """What `python -m …` prints in the surroundings of the engines; it must succeed."""
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{' '.join(command)} said:\n{done.stdout[-5000:]}\n{done.stderr[-5000:]}"
        return done.stdout

    def start(self) -> None:
        self.engines = [self._new(door) for door in range(self.store.engines)]

    def _new(self, door: int) -> Engine:
        self.started += 1
        name = f"engine-{self.started}"
        with self.said.open("ab") as said:
            process = subprocess.Popen(
                [sys.executable, "-m", "tocsin", "engine"],
                cwd=ROOT,
                env=self.environment(name, door),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        return Engine(name, door, process)

    def wait(self, engine: Engine) -> None:
        """The engine has begun its work."""
        deadline = time.monotonic() + PATIENCE_S
        while not self.store.is_ready(engine.name, engine.process.pid):
            assert engine.process.poll() is None, f"{engine.name} stopped by itself: {self.complaints()}"
            assert time.monotonic() < deadline, f"{engine.name} never began: {self.complaints()}"
            time.sleep(0.01)

    def kill_one(self) -> None:
        """At a random moment of its life an engine is gone, and another has its place."""
        engine = self.dice.choice(self.engines)
        if self.dice.random() < 0.85:
            self.wait(engine)
            self._wait_for_work(engine)
            longest = 1.5 if self.dice.random() < 0.2 else 0.3  # now and then it gets somewhere
            time.sleep(self.dice.uniform(0, longest))
        else:
            time.sleep(self.dice.uniform(0, 1))  # while it still starts, perhaps
        # Frozen first: what it is in the middle of then, it will never get out of.
        engine.freeze()
        sending = self.sink.unanswered[engine.door] > 0
        working = self.store.has_open_work(engine.name)
        engine.kill()
        self.tally.kills += 1
        self.tally.unanswered += sending
        self.tally.open_work += working
        self.tally.either += sending or working
        self.settle(engine)
        self.store.let_leases_end(engine.name)
        self.engines[self.engines.index(engine)] = self._new(engine.door)

    def _wait_for_work(self, engine: Engine) -> None:
        """The engine has something in hand, or has found nothing to do for a while."""
        deadline = time.monotonic() + 2
        while time.monotonic() < deadline:
            if self.sink.unanswered[engine.door] or self.store.has_open_work(engine.name):
                return
            time.sleep(0.01)

    def settle(self, engine: Engine) -> None:
        """The far sides have noticed, so that whatever it handed over last is written down before any second copy."""
        self.store.settle(engine.name)
        deadline = time.monotonic() + PATIENCE_S
        while self.sink.inside[engine.door]:
            assert time.monotonic() < deadline, "a letter's conversation does not end"
            time.sleep(0.002)

    def let_one_sleep(self) -> None:
        """An engine stands still until its leases are over and another has its letters; then it goes on."""
        for engine in self.engines:
            self.wait(engine)
        engine = self.dice.choice(self.engines)
        if self.dice.random() < 0.5:
            self._wait_for_work(engine)  # it has a ticket, while another may come to the same
        else:
            time.sleep(self.dice.uniform(0.1, 0.6))
        engine.freeze()
        try:
            self.tally.slept_on |= self.store.in_hand(engine.name)
            self.store.let_leases_end(engine.name)
            before, deadline = self.sink.count, time.monotonic() + 3
            while self.sink.count < before + 3 and time.monotonic() < deadline:
                time.sleep(0.01)
        finally:
            engine.thaw()
        self.tally.sleeps += 1

    def stop(self) -> None:
        """All have stopped by themselves, when asked."""
        for engine in self.engines:
            engine.process.send_signal(signal.SIGTERM)
        for engine in self.engines:
            assert engine.process.wait(PATIENCE_S) == 0, self.complaints()

    def end(self) -> None:
        """Whatever happened, nothing of it is left."""
        for engine in self.engines:
            if engine.process.poll() is None:
                engine.kill()

    def errors(self) -> list[str]:
        """What went wrong; not that letters are late, which the audit says with reason: this mail server dawdles."""
        lines = [line for line in self.complaints().splitlines() if "level=error" in line]
        return [line for line in lines if not ONLY_LATE.search(line)]

    def complaints(self) -> str:
        return self.said.read_text(encoding="utf-8")[-5000:] if self.said.exists() else ""


@dataclass(slots=True)
class Engine:
    """One process of `tocsin engine`, its name in the database and its door in the sink."""

    name: str
    door: int
    process: subprocess.Popen[bytes]

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)
        told = os.waitid(os.P_PID, self.process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
        assert told is not None and told.si_code == os.CLD_STOPPED, f"{self.name} had stopped by itself"

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
