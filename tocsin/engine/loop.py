"""How does an engine spend its day?

`turn(now)` does everything that is due at an instant, once, and returns; `run` does it for ever. Deciding never
leaves the database; sending has threads of its own, one a channel, so that a slow mail server delays no clock and no
phone; watching has one too, so that it notices when any of them stands still. (architecture, Storage; semantics 10)
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from time import monotonic

import structlog
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection, connections

from tocsin.channels.base import BadField
from tocsin.engine import deliveries, intake, pilots, rosters, tickets, watching
from tocsin.engine.done import Turn
from tocsin.engine.heartbeats import Heart
from tocsin.engine.trying import Trying

POLL_S = 0.2
MAKE_ROOM_S = 0.01
TROUBLE_S = 2.0
WAITS_S = 1.0
WORKS_AT_A_STRETCH_S = 1.0
BREATH_S = 0.12  # SQLite's writers do not queue: each looks again every 0.1 s whether it is free
ROUNDS = 10_000
LOOKS_EVERY_S = 0.5
WATCHER_ENDS_WITHIN_S = 5.0
TRIES_EVERY_S = 1.0

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
    total, sender = Turn(), deliveries.Sender(lambda: at)
    for _ in range(ROUNDS):
        busy = decide(at, total)
        sent = sender.turn()
        total.sent += sent.sent
        total.dead += sent.dead
        if not busy and not sent.any:
            return total
    raise RuntimeError(f"an engine's turn at {at.isoformat()} found no end")


def decide(at: datetime, total: Turn) -> bool:
    """One batch of alerts, of rosters, of pilots that are over and of tickets; whether there was anything to do."""
    read = intake.turn(at)
    looked = rosters.turn(at) + pilots.turn(at)
    done = tickets.turn(at)
    total.alerts += read
    total.tickets += done.tickets
    total.obligations += done.obligations
    total.failed += done.failed
    total.lateness += done.lateness
    return bool(read or looked or done.tickets or done.failed)


class Engine:
    """One engine process: a thread that decides, one a channel that sends and one that watches, until told to stop."""

    def __init__(self) -> None:
        self.heart = Heart(f"{socket.gethostname()}:{os.getpid()}")
        self.sent_at: dict[str, datetime] = {}
        self.stopping = threading.Event()
        self.began_at = monotonic()
        self.rested_at = monotonic()

    def run(self) -> None:
        """Work until `stop`; what is in hand is finished first."""
        self.heart.start(now())
        by_channel = self._senders()
        self.sent_at = dict.fromkeys(by_channel, now())
        senders = [self._thread("sending", partial(self._send, *both)) for both in by_channel.items()]
        watcher = self._thread("watching", self._watch, daemon=True)
        trying = Trying(now)
        trier = self._thread("trying", partial(self._try, trying), daemon=True)
        for thread in (*senders, watcher, trier):
            thread.start()
        try:
            self._watch_over("deciding", self._decide)
        finally:
            self.stopping.set()
            for sender in senders:
                sender.join()
            trying.stop()
            watcher.join(WATCHER_ENDS_WITHIN_S)  # whoever it talks to outside may be slow to answer
            self.heart.stop(now())
            connections.close_all()

    def stop(self) -> None:
        self.stopping.set()

    def _senders(self) -> dict[str, deliveries.Sender]:
        try:
            return deliveries.for_each_channel(now)
        except BadField as error:  # clocks are watched all the same, and one sender says it again and again
            log.error("a channel cannot be set up", why=str(error))
            return {"": deliveries.Sender(now)}

    def _thread(self, duty: str, work: Callable[[], bool], *, daemon: bool = False) -> threading.Thread:
        return threading.Thread(target=self._watch_over, args=(duty, work), name=duty, daemon=daemon)

    def _watch_over(self, duty: str, work: Callable[[], bool]) -> None:
        """Do the duty again and again; a database that is away is waited for, anything else is said and survived."""
        while not self.stopping.is_set():
            try:
                idle = not work()
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
        if not self.heart.may_work(at):
            self.heart.beat(at, Turn())
            self.stopping.wait(WAITS_S)
            return False
        total = Turn()
        busy = decide(at, total)
        self.heart.beat(at, total)
        if not busy:
            self.rested_at = monotonic()
        elif connection.vendor == "sqlite" and monotonic() - self.rested_at > WORKS_AT_A_STRETCH_S:
            self.stopping.wait(BREATH_S)  # or the web and the sender would find it locked for as long as there is work
            self.rested_at = monotonic()
        return busy

    def _send(self, channel: str, sender: deliveries.Sender) -> bool:
        at = now()
        if not self.heart.may_work(at):
            self.stopping.wait(WAITS_S)
            return False
        self.sent_at[channel] = at
        self.heart.sent_at = min(self.sent_at.values())  # the one that stands still longest is what there is to say
        return sender.turn().any

    def _try(self, trying: Trying) -> bool:
        """Backtests are worked on by a process of their own; here it is only looked after."""
        self.stopping.wait(TRIES_EVERY_S)
        return not self.stopping.is_set() and self.heart.may_work(now()) and trying.turn()

    def _watch(self) -> bool:
        # Not at once: an engine that has just begun makes good what it missed first.
        if monotonic() - self.began_at > settings.TOCSIN_AUDIT_EVERY.total_seconds() and self.heart.may_work(now()):
            watching.turn(now)
        self.stopping.wait(LOOKS_EVERY_S)
        return False
