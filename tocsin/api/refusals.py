"""How are refusals counted without each costing a write?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock
from time import monotonic

import structlog
from django.db import Error as DatabaseError

from tocsin.desk import intake
from tocsin.desk.intake_keys import Held

EVERY_S = 1.0

Refused = tuple[Held | None, str]

log = structlog.get_logger(__name__)


class Refusals:
    """Counts who was refused and why, and stores it: the first of a kind at once, the others together every second."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._counted: Counter[Refused] = Counter()
        self._known: set[Refused] = set()
        self._stored_at = 0.0

    def note(self, held: Held | None, reason: str) -> None:
        """One more was refused for this reason."""
        with self._lock:
            self._counted[held, reason] += 1
            first = (held, reason) not in self._known
            self._known.add((held, reason))
        if first:
            self.store()

    def store_if_due(self) -> None:
        """What was counted is stored, if a second has passed since it last was."""
        if self._counted and self._clock() - self._stored_at >= EVERY_S:
            self.store()

    def store(self) -> None:
        """What was counted is stored; when the database does not answer, it is stored later."""
        with self._lock:
            counted, self._counted = self._counted, Counter()
            self._stored_at = self._clock()
        for (held, reason), count in counted.items():
            try:
                first = intake.refuse(held, reason, count, now=datetime.now(UTC))
            except DatabaseError as error:
                log.warning("a refusal could not be counted yet", reason=reason, error=str(error).strip())
                with self._lock:
                    self._counted[held, reason] += count
            else:
                if first:
                    whose = {"key": held.id, "client": held.client_id} if held else {}
                    log.warning("intake refused", reason=reason, **whose)
