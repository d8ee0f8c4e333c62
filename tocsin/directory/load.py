"""How many hours of each person's duty lie in the night and at weekends? (R15.11)"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from tocsin.core.hours import Calendar
from tocsin.core.rota import Shift

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NIGHT = ("22:00", "06:00")


@dataclass(slots=True)
class Load:
    """How long somebody is on duty in a span: in all, at night, and at weekends (a weekend's night is both)."""

    who: str
    all: timedelta = timedelta(0)
    night: timedelta = timedelta(0)
    weekend: timedelta = timedelta(0)


def loads(shifts: Iterable[Shift], zone: str) -> list[Load]:
    """Each person's, who has most of the nights first; night and weekend are those of the zone."""
    found: dict[str, Load] = {}
    for start, end, people in shifts:
        for who in people:
            load = found.setdefault(who, Load(who))
            load.all += end - start
            load.night += _within(_night(zone), start, end)
            load.weekend += _within(_weekend(zone), start, end)
    return sorted(found.values(), key=lambda load: (-load.night, -load.weekend, load.who))


def _within(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    return sum((b - a for a, b in calendar.spans(start, end)), timedelta(0))


@lru_cache(maxsize=256)
def _night(zone: str) -> Calendar:
    begins, ends = NIGHT
    return Calendar(zone, {day: [("00:00", ends), (begins, "24:00")] for day in DAYS})


@lru_cache(maxsize=256)
def _weekend(zone: str) -> Calendar:
    return Calendar(zone, {day: [("00:00", "24:00")] for day in DAYS[5:]})
