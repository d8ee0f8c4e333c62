"""How are refusals counted without each costing a write?"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from threading import Lock
from time import monotonic

import structlog
from django.db import Error as DatabaseError
from django.db import connection

from tocsin.desk import intake
from tocsin.desk.intake_keys import Held

EVERY_S = 1.0

Refused = tuple[Held | None, str, date]  # whose key, why, and on which day (UTC)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Noted:
    """So many, from the first to the last."""

    count: int
    first_at: datetime
    last_at: datetime

    def __add__(self, other: Noted) -> Noted:
        first_at, last_at = min(self.first_at, other.first_at), max(self.last_at, other.last_at)
        return Noted(self.count + other.count, first_at, last_at)


class Refusals:
    """Counts who was refused, why and when, and stores it: the first of a kind at once, the others every second.

    It has no clock that ticks: whoever answers requests calls `store_if_due` while something is `waiting`.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._noted: dict[Refused, Noted] = {}
        self._known: set[tuple[Held | None, str]] = set()
        self._stored_at = 0.0

    @property
    def waiting(self) -> bool:
        """Whether anything was counted that is not stored yet."""
        return bool(self._noted)

    def note(self, held: Held | None, reason: str, *, now: datetime) -> None:
        """One more was refused for this reason."""
        self._add((held, reason, now.astimezone(UTC).date()), Noted(1, now, now))
        with self._lock:
            first = (held, reason) not in self._known
            self._known.add((held, reason))
        if first:
            self.store()

    def store_if_due(self) -> None:
        """What was counted is stored, if a second has passed since it last was."""
        if self.waiting and self._clock() - self._stored_at >= EVERY_S:
            self.store()

    def store(self) -> None:
        """What was counted is stored, with its own instants; when the database does not answer, it is stored later."""
        with self._lock:
            noted, self._noted = self._noted, {}
            self._stored_at = self._clock()
        while noted:
            (held, reason, day), found = refused = noted.popitem()
            try:
                first = intake.refuse(held, reason, found.count, first_at=found.first_at, last_at=found.last_at)
            except Exception as error:  # counting must never cost an answer; it is said, and tried again
                log.warning("a refusal could not be counted yet", reason=reason, error=str(error).strip())
                _hang_up()
                for what, more in [refused, *noted.items()]:
                    self._add(what, more)
                return
            if first:
                whose = {"key": held.id, "client": held.client_id} if held else {}
                log.warning("intake refused", reason=reason, day=str(day), **whose)

    def _add(self, refused: Refused, noted: Noted) -> None:
        with self._lock:
            known = self._noted.get(refused)
            self._noted[refused] = known + noted if known else noted


def _hang_up() -> None:
    """The next try is over a fresh connection, for this one may have been cut."""
    if not connection.in_atomic_block:
        with suppress(DatabaseError):
            connection.close()
