"""Which hours and which times might a desk have promised?

What desks usually promise costs nothing to suppose, what they seldom do costs as much as so many tickets that disagree:
else the oddest hours would always explain a few tickets more, by chance.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Final

from tocsin.core.hours import Calendar
from tocsin.core.written import DAYS

DAY: Final = 86400
HOUR: Final = 3600
ON_DAYS: Final = {"Mon–Fri": 5, "Mon–Sat": 6, "every day": 7}
HOURS_COST, ODD_HOURS_COST = 2.0, 3.0  # of supposing opening hours at all
WAIT_COST: Final = 0.5  # of supposing that a wait pauses
USUAL, SELDOM, ODD = 0.0, 0.5, 3.0  # of supposing a target

_USUAL: Final = (
    *(15 * 60, 30 * 60, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 12 * HOUR, 24 * HOUR, 48 * HOUR, 72 * HOUR, 120 * HOUR),
)
_SELDOM: Final = (
    *(600, 1200, 45 * 60, 90 * 60, 3 * HOUR, 5 * HOUR, 6 * HOUR, 10 * HOUR, 16 * HOUR, 20 * HOUR, 36 * HOUR),
    *(days * DAY for days in (4, 6, 7, 8, 9, 10, 14, 20, 21, 28, 30)),
)
_BUSINESS_DAYS: Final = {1: USUAL, 2: USUAL, 3: USUAL, 5: USUAL, 10: USUAL} | dict.fromkeys(
    (4, 6, 7, 8, 9, 15, 20, 25, 30), SELDOM
)


@dataclass(frozen=True, slots=True)
class Target:
    """A time that may have been promised: `text` as a standard writes it, `seconds` of working time, what it costs."""

    seconds: int
    text: str
    cost: float

    @property
    def length(self) -> timedelta:
        return timedelta(seconds=self.seconds)


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours that may have counted: one span a day, or round the clock."""

    calendar: Calendar
    days: int = 7
    opens: int = 0  # minutes since 00:00
    closes: int = 24 * 60
    cost: float = 0.0

    @property
    def title(self) -> str:
        if self.calendar.is_always:
            return "round the clock"
        days = next(title for title, count in ON_DAYS.items() if count == self.days)
        return f"{days} {_clock(self.opens)}–{_clock(self.closes)}"

    @property
    def day(self) -> int:
        """How many seconds a business day has."""
        return (self.closes - self.opens) * 60

    def near(self) -> Iterator[Hours]:
        """The hours that open or close half an hour sooner or later, on each set of days."""
        if self.calendar.is_always or self.day == DAY:
            return
        for days in ON_DAYS.values():
            for opens in (self.opens - 30, self.opens, self.opens + 30):
                for closes in (self.closes - 30, self.closes, self.closes + 30):
                    if (opens, closes) != (self.opens, self.closes):
                        yield open_hours(self.calendar.zone, days, opens, closes)


def always(zone: str) -> Hours:
    return Hours(Calendar.always(zone))


@lru_cache(maxsize=1024)
def open_hours(zone: str, days: int, opens: int, closes: int) -> Hours:
    """These hours, in minutes since 00:00, on the first `days` days of the week."""
    odd = days != 5 or opens % 60 or closes % 60
    week = {day: [(_clock(opens), _clock(closes))] for day in DAYS[:days]}
    return Hours(Calendar(zone, week), days, opens, closes, ODD_HOURS_COST if odd else HOURS_COST)


def hours(zone: str) -> list[Hours]:
    """Round the clock; whole days; opening from 06:00 to 10:00 and closing from 16:00 to 20:00, by the hour."""
    found = [always(zone), open_hours(zone, 5, 0, 24 * 60), open_hours(zone, 6, 0, 24 * 60)]
    for days in ON_DAYS.values():
        for opens in range(6, 11):
            found += [open_hours(zone, days, opens * 60, closes * 60) for closes in range(16, 21)]
    return found


def half_hours(zone: str) -> list[Hours]:
    """The same by the half hour, Monday to Friday."""
    steps = range(6 * 60, 10 * 60 + 1, 30)
    return [open_hours(zone, 5, opens, closes + 10 * 60) for opens in steps for closes in steps]


def targets(hours: Hours) -> tuple[Target, ...]:
    """The times that may have been promised on these hours, the shortest first, no two as long."""
    return _targets(0 if hours.calendar.is_always else hours.day)


@lru_cache(maxsize=64)
def _targets(day: int) -> tuple[Target, ...]:
    found: dict[int, Target] = {}
    for seconds in _odd():
        found[seconds] = Target(seconds, written(seconds), ODD)
    if day:
        for days, cost in _BUSINESS_DAYS.items():
            found[days * day] = Target(days * day, f"{days}bd", cost)
    for cost, lengths in ((SELDOM, _SELDOM), (USUAL, _USUAL)):
        for seconds in lengths:
            if seconds not in found or found[seconds].cost > cost or seconds <= 8 * HOUR:
                found[seconds] = Target(seconds, written(seconds), cost)
    return tuple(found[seconds] for seconds in sorted(found))


def _odd() -> Iterator[int]:
    """What nobody writes into a contract, in steps of about a twentieth."""
    yield from range(300, HOUR, 300)
    yield from range(HOUR, 4 * HOUR, 900)
    yield from range(4 * HOUR, 10 * HOUR, HOUR // 2)
    yield from range(10 * HOUR, 30 * HOUR, HOUR)
    yield from range(30 * HOUR, 80 * HOUR, 2 * HOUR)
    yield from range(80 * HOUR, 10 * DAY, 4 * HOUR)
    yield from range(10 * DAY, 40 * DAY, 12 * HOUR)


def written(seconds: int) -> str:
    """The length as a standard writes it: 90m, 4h."""
    return f"{seconds // HOUR}h" if seconds % HOUR == 0 else f"{seconds // 60}m"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
