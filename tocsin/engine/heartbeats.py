"""Does the engine live, is it on time, and are its days sealed?"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Max

from tocsin import __version__
from tocsin.engine.beat import Beat
from tocsin.engine.done import Turn
from tocsin.log.root import Root, seal
from tocsin.log.signature import BadKey

EVERY = timedelta(seconds=2)
GONE_AFTER = timedelta(seconds=30)
YIELDS_AFTER = GONE_AFTER - 2 * EVERY  # an engine steps back before those that wait for it can take it for gone
FORGOTTEN_AFTER = timedelta(days=2)
SEAL_AGAIN_AFTER = timedelta(hours=1)
BOUNDS = (0.5, 1, 2, 5, 15, 60, 300, 3600)

log = structlog.get_logger(__name__)


class Heart:
    """What one engine says of itself, at most every other second on record."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.counted = Turn()
        self.started_at: datetime | None = None
        self.beaten_at: datetime | None = None
        self.sent_at: datetime | None = None  # set by the sending thread, stored with the next beat
        self.looked_at: datetime | None = None
        self.allowed = True
        self.waits_for = ""
        self.seal_at: datetime | None = None
        self.trouble = ""

    def start(self, now: datetime) -> None:
        """The engine is on record, with its version; those long gone are forgotten."""
        Beat.objects.filter(last_turn_at__lt=now - FORGOTTEN_AFTER).delete()
        self.started_at = now
        begun = {"version": __version__, "started_at": now, "last_turn_at": now, "last_send_at": now}
        Beat.objects.update_or_create(name=self.name, defaults={**begun, "stopped_at": None, "trouble": ""})

    def stop(self, now: datetime) -> None:
        """The engine is on record as stopped, so that nobody waits for it."""
        Beat.objects.filter(name=self.name).update(stopped_at=now, last_turn_at=now)

    def may_work(self, now: datetime) -> bool:
        """False while an elder engine of another version lives: two never do the same duty at once. (semantics 10)

        Elder is who started first. One that was silent for so long that others may take it for gone begins anew, as the
        youngest, and looks again before it works: one of them may be at work.
        """
        if self.looked_at is not None and now - self.looked_at < EVERY:
            return self.allowed
        others = Beat.objects.exclude(version=__version__).exclude(name=self.name).filter(stopped_at=None)
        known = list(others.order_by("started_at", "name"))
        if anew := bool(known) and self._was_silent(now):
            self.started_at = now
            Beat.objects.filter(name=self.name).update(started_at=now)
        living = [other for other in known if other.last_turn_at > now - GONE_AFTER]
        elder = next((other for other in living if self._is_younger(other)), None)
        self.allowed, self.looked_at = elder is None and not anew, now
        if elder is not None and self.waits_for != elder.name:
            log.warning("waiting for an engine of another version to stop", engine=elder.name, version=elder.version)
        self.waits_for = elder.name if elder is not None else ""
        return self.allowed

    def _was_silent(self, now: datetime) -> bool:
        last = self.beaten_at or self.started_at
        return last is not None and now - last > YIELDS_AFTER

    def _is_younger(self, other: Beat) -> bool:
        return self.started_at is None or (other.started_at, other.name) < (self.started_at, self.name)

    def beat(self, now: datetime, done: Turn) -> None:
        """What was done is counted, and stored if it is time; then, once a day, the log's heads are sealed.

        An engine that waits for another beats too, so that it is known, and seals nothing.
        """
        self.counted.obligations += done.obligations
        self.counted.failed += done.failed
        self.counted.lateness += done.lateness
        if self.beaten_at is not None and now - self.beaten_at < EVERY:
            return
        self.beaten_at, counted, self.counted = now, self.counted, Turn()
        with transaction.atomic():
            mine = Beat.objects.select_for_update().filter(name=self.name).first()
            if mine is None:
                mine = Beat(name=self.name, version=__version__, started_at=self.started_at or now, last_turn_at=now)
            mine.last_turn_at = now
            mine.last_send_at = self.sent_at or mine.last_send_at
            mine.trouble = self.trouble
            mine.performed += counted.obligations
            mine.failed += counted.failed
            mine.lateness = _counted(mine.lateness, counted.lateness)
            mine.lateness_sum_s += sum(counted.lateness)
            mine.worst_s = max([mine.worst_s, *counted.lateness])
            mine.save()
        if self.allowed:
            self.seal_the_day(now)

    def seal_the_day(self, now: datetime) -> None:
        """Every day has a signed root over all heads, made with its first beat; what hinders it is trouble."""
        if self.seal_at is not None and now < self.seal_at:
            return
        before = self.trouble
        self._seal(now)
        if self.trouble != before:
            Beat.objects.filter(name=self.name).update(trouble=self.trouble)

    def _seal(self, now: datetime) -> None:
        newest = Root.objects.aggregate(day=Max("day"))["day"]
        try:
            if newest is None or newest < now.date():
                seal(now)
        except (BadKey, OSError) as error:
            remedy = BETTER_KEY if isinstance(error, BadKey) else BETTER_FOLDER
            if not self.trouble:
                log.error("the day cannot be sealed", why=str(error), remedy=remedy)
            self.trouble = f"{error}. {remedy}"
            self.seal_at = now + SEAL_AGAIN_AFTER
        else:
            if self.trouble:
                log.info("the day is sealed again")
            self.trouble = ""
            self.seal_at = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


BETTER_KEY = (
    "Bring the file back from a backup, or move it away and the engine makes a new key within the hour: "
    "docs/operate.md, Proof."
)
BETTER_FOLDER = (
    "Let the engine read and write in keys/ of TOCSIN_HOME, and see that its disk is not full; it tries again within "
    "the hour: docs/operate.md, Proof."
)


def _counted(lateness: dict[str, int], seconds: list[float]) -> dict[str, int]:
    counted = dict(lateness)
    for late in seconds:
        bound = next((str(bound) for bound in BOUNDS if late <= bound), "inf")
        counted[bound] = counted.get(bound, 0) + 1
    return counted
