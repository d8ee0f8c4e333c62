"""How does an engine spend its day?

`turn(now)` does everything that is due at an instant, once, and returns; `run` does it for ever. Deciding never
leaves the database; sending has a thread of its own, so that a mail server that hangs delays no clock. (architecture,
Storage)
"""

from __future__ import annotations

import os
import socket
import threading
from datetime import UTC, datetime
from time import monotonic

import structlog
from django.db import Error as DatabaseError
from django.db import connection, connections

from tocsin.engine import deliveries, heartbeats, intake, tickets
from tocsin.engine.done import Turn

POLL_S = 0.2
MAKE_ROOM_S = 0.01
TROUBLE_S = 2.0
WORKS_AT_A_STRETCH_S = 1.0
BREATH_S = 0.12  # SQLite's writers do not queue: each looks again every 0.1 s whether it is free
ROUNDS = 10_000

log = structlog.get_logger(__name__)


def now() -> datetime:
    """This instant: the shared database's, whose clock is the only one, else the machine's. (semantics 10)"""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            at: datetime = cursor.fetchone()[0]
            return at.astimezone(UTC)
    return datetime.now(UTC)


def turn(at: datetime) -> Turn:
    """Everything that is due at this instant has been done: alerts read, tickets decided, letters tried."""
    total = Turn()
    for _ in range(ROUNDS):
        busy = decide(at, total)
        sent = deliveries.turn(lambda: at)
        total.sent += sent.sent
        total.dead += sent.dead
        if not busy and not sent.any:
            return total
    raise RuntimeError(f"an engine's turn at {at.isoformat()} found no end")


def decide(at: datetime, total: Turn) -> bool:
    """One batch of alerts and one of tickets; whether there was anything to do."""
    read = intake.turn(at)
    done = tickets.turn(at)
    total.alerts += read
    total.tickets += done.tickets
    total.obligations += done.obligations
    total.failed += done.failed
    total.lateness += done.lateness
    return bool(read or done.tickets or done.failed)


class Engine:
    """One engine process: two threads of work and a heartbeat, until it is told to stop."""

    def __init__(self) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self.stopping = threading.Event()
        self.total = Turn()
        self.lock = threading.Lock()
        self.rested_at = monotonic()

    def run(self) -> None:
        """Work until `stop`; what is in hand is finished first."""
        heartbeats.start(self.name, now())
        sender = threading.Thread(target=self._watch_over, args=("sending", self._send), name="sending")
        sender.start()
        try:
            self._watch_over("deciding", self._decide)
        finally:
            self.stopping.set()
            sender.join()
            heartbeats.stop(self.name, now())
            connections.close_all()

    def stop(self) -> None:
        self.stopping.set()

    def _watch_over(self, duty: str, work: object) -> None:
        """Do the duty again and again; a database that is away is waited for, anything else is said and survived."""
        while not self.stopping.is_set():
            try:
                idle = not work()  # type: ignore[operator]
            except DatabaseError as error:
                log.warning("database trouble", duty=duty, error=str(error).strip())
                connections.close_all()
                self.stopping.wait(TROUBLE_S)
            except Exception as error:  # the loop goes on, whatever happens in it; the error is said
                log.error("duty raised", duty=duty, exc_info=error)
                self.stopping.wait(TROUBLE_S)
            else:
                # Even a busy duty makes room for the other one, which may wait for SQLite's only lock.
                self.stopping.wait(POLL_S if idle else MAKE_ROOM_S)
        connections.close_all()

    def _decide(self) -> bool:
        at = now()
        if not heartbeats.may_work(self.name, at):
            self.stopping.wait(1)
            return False
        total = Turn()
        busy = decide(at, total)
        heartbeats.beat(self.name, at, total)
        if not busy:
            self.rested_at = monotonic()
        elif connection.vendor == "sqlite" and monotonic() - self.rested_at > WORKS_AT_A_STRETCH_S:
            self.stopping.wait(BREATH_S)  # or the web and the sender would find it locked for as long as there is work
            self.rested_at = monotonic()
        return busy

    def _send(self) -> bool:
        return deliveries.turn(now).any
