"""Does the engine live, is it on time, and are its days sealed?"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Max

from tocsin import __version__
from tocsin.engine.beat import Beat
from tocsin.engine.done import Turn
from tocsin.log.root import Root, seal

EVERY = timedelta(seconds=2)
GONE_AFTER = timedelta(seconds=30)
FORGOTTEN_AFTER = timedelta(days=2)
BOUNDS = (0.5, 1, 2, 5, 15, 60, 300, 3600)

log = structlog.get_logger(__name__)
_pending: dict[str, Any] = {}
_told: dict[str, bool] = {}


def start(name: str, now: datetime) -> None:
    """The engine is on record, with its version; those long gone are forgotten."""
    Beat.objects.filter(last_turn_at__lt=now - FORGOTTEN_AFTER).delete()
    Beat.objects.update_or_create(
        name=name,
        defaults={"version": __version__, "started_at": now, "last_turn_at": now, "stopped_at": None},
    )


def stop(name: str, now: datetime) -> None:
    """The engine is on record as stopped, so that nobody waits for it."""
    Beat.objects.filter(name=name).update(stopped_at=now, last_turn_at=now)


def may_work(name: str, now: datetime) -> bool:
    """False while an engine of another version lives: two versions never do the same duty at once. (semantics 10)"""
    others = Beat.objects.exclude(version=__version__).filter(stopped_at=None, last_turn_at__gt=now - GONE_AFTER)
    last = _pending.get("checked_at")
    if last is not None and now - last < EVERY:
        return bool(_pending.get("may", True))
    elder = others.exclude(name=name).first()
    _pending["checked_at"], _pending["may"] = now, elder is None
    if elder is not None and not _told.get(elder.name):
        log.warning("waiting for an engine of another version to stop", engine=elder.name, version=elder.version)
        _told[elder.name] = True
    return elder is None


def beat(name: str, now: datetime, done: Turn) -> None:
    """What was done is counted, at most every other second on record; once a day the log's heads are sealed."""
    counted = _pending.setdefault("counted", {"performed": 0, "failed": 0, "lateness": []})
    counted["performed"] += done.obligations
    counted["failed"] += done.failed
    counted["lateness"] += done.lateness
    last = _pending.get("beaten_at")
    if last is not None and now - last < EVERY:
        return
    _pending["beaten_at"] = now
    _pending["counted"] = {"performed": 0, "failed": 0, "lateness": []}
    with transaction.atomic():
        mine = Beat.objects.select_for_update().filter(name=name).first()
        if mine is None:
            mine = Beat(name=name, version=__version__, started_at=now, last_turn_at=now)
        mine.last_turn_at = now
        mine.performed += counted["performed"]
        mine.failed += counted["failed"]
        mine.lateness = _counted(mine.lateness, counted["lateness"])
        mine.lateness_sum_s += sum(counted["lateness"])
        mine.worst_s = max([mine.worst_s, *counted["lateness"]])
        mine.save()
    seal_the_day(now)


def seal_the_day(now: datetime) -> None:
    """Every day has a signed root over all heads, made with its first beat."""
    if _pending.get("sealed_on") == now.date():
        return
    newest = Root.objects.aggregate(day=Max("day"))["day"]
    if newest is None or newest < now.date():
        seal(now)
    _pending["sealed_on"] = now.date()


def _counted(lateness: dict[str, int], seconds: list[float]) -> dict[str, int]:
    counted = dict(lateness)
    for late in seconds:
        bound = next((str(bound) for bound in BOUNDS if late <= bound), "inf")
        counted[bound] = counted.get(bound, 0) + 1
    return counted
