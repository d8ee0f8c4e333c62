"""How fast is working time counted, and how often is it counted wrong?

Beside Tocsin stand a bare `bisect` on the very same arrays (the ceiling of plain Python) and the libraries one would
pick instead. Speed is taken on 60-day intervals of Mon–Fri 09:00–17:00 in London with 12 holidays. Wrong answers are
counted against the tests' oracle, which looks at the clock on the wall every minute: on the same intervals, and on
intervals of night shifts that each hold a clock change. A rival's due time is right at closing and at the next
opening alike.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

from bench.measure import best_of, verdict
from tests.core.oracle_hours import Oracle
from tocsin.core.hours import Calendar

TITLE = "working time between two moments, and the moment an amount is used up"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
HOLIDAYS = ["01-01", "04-03", "04-06", "05-04", "05-25", "06-19", "08-31", "10-12", "11-11", "11-26", "12-25", "12-28"]
CHANGES = {
    "Europe/London": ("2026-03-29T01:00", "2026-10-25T01:00"),
    "America/Chicago": ("2026-03-08T08:00", "2026-11-01T07:00"),
    "Australia/Sydney": ("2026-04-04T16:00", "2026-10-03T16:00"),
}


@dataclass(frozen=True, slots=True)
class Hours:
    """One span on some days of the week, which is all that every rival can express; days from 0, Monday."""

    zone: str
    days: tuple[int, ...]
    opens: str
    closes: str
    holidays: tuple[date, ...] = ()

    @property
    def written(self) -> dict[str, Any]:
        names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
        week = {names[day]: [(self.opens, self.closes)] for day in self.days}
        return {"zone": self.zone, "week": week, "closed": self.holidays}


@dataclass(frozen=True, slots=True)
class Case:
    hours: Hours
    a: datetime
    b: datetime
    budget: timedelta


OFFICE = Hours(
    "Europe/London", (0, 1, 2, 3, 4), "09:00", "17:00", tuple(date.fromisoformat(f"2026-{day}") for day in HOLIDAYS)
)
NIGHTS = {zone: Hours(zone, (0, 1, 2, 3, 4, 5, 6), "00:00", "06:00") for zone in CHANGES}


class Tocsin:
    name = "Tocsin"

    def __init__(self, hours: Hours) -> None:
        calendar = Calendar(**hours.written)
        self.elapsed, self.due = calendar.elapsed, calendar.due

    def instant(self, at: datetime) -> datetime:
        return at


class BareBisect(Tocsin):
    """The searches alone on Tocsin's own arrays: no check, no zone, no horizon, no year compiled when asked for."""

    name = "bare bisect"

    def __init__(self, hours: Hours) -> None:
        calendar = Calendar(**hours.written)
        calendar.spans(datetime(2025, 1, 1, tzinfo=UTC), datetime(2027, 6, 1, tzinfo=UTC))
        _, _, edges, origins, totals, _ = calendar._table

        def worked(at: datetime) -> timedelta:
            i = bisect_right(edges, at)
            return at - origins[i >> 1] if i & 1 else totals[i >> 1]

        def due(a: datetime, budget: timedelta) -> datetime:
            target = worked(a) + budget
            return origins[bisect_left(totals, target) - 1] + target

        self.elapsed = lambda a, b: worked(b) - worked(a)
        self.due = due


class BusinessTimeDelta:
    name = "businesstimedelta"

    def __init__(self, hours: Hours) -> None:
        import businesstimedelta as rival
        import pytz

        zone = pytz.timezone(hours.zone)
        work = rival.WorkDayRule(
            start_time=time.fromisoformat(hours.opens),
            end_time=time.fromisoformat(hours.closes),
            working_days=list(hours.days),
            tz=zone,
        )
        rules = rival.Rules([work, rival.HolidayRule(list(hours.holidays), tz=zone)] if hours.holidays else [work])
        self.elapsed = lambda a, b: rules.difference(a, b).timedelta
        self.due = lambda a, budget: a + rival.BusinessTimeDelta(rules, timedelta=budget)

    def instant(self, at: datetime) -> datetime:
        return at


class BusinessDuration:
    """Counts wall time between naive moments; it cannot tell when an amount is used up."""

    name = "business-duration"
    due = None

    def __init__(self, hours: Hours) -> None:
        from business_duration import businessDuration

        self.zone = ZoneInfo(hours.zone)
        terms = {
            "starttime": time.fromisoformat(hours.opens),
            "endtime": time.fromisoformat(hours.closes),
            "weekendlist": [day for day in range(7) if day not in hours.days],
            "holidaylist": dict.fromkeys(hours.holidays, "holiday"),
            "unit": "sec",
        }
        self.elapsed = lambda a, b: timedelta(seconds=float(businessDuration(a, b, **terms)))

    def instant(self, at: datetime) -> datetime:
        return at.astimezone(self.zone).replace(tzinfo=None)


class PandasHours:
    """Adds whole business hours; it cannot tell the working time between two moments."""

    name = "pandas CustomBusinessHour"
    elapsed = None

    def __init__(self, hours: Hours) -> None:
        import pandas as pd

        self.zone, self.stamp = hours.zone, pd.Timestamp
        weekmask = "".join("1" if day in hours.days else "0" for day in range(7))
        hour = pd.offsets.CustomBusinessHour(
            start=hours.opens, end=hours.closes, weekmask=weekmask, holidays=list(hours.holidays)
        )
        self.due = lambda a, budget: a + hour * (budget // HOUR)

    def instant(self, at: datetime) -> Any:
        return self.stamp(at).tz_convert(self.zone)


WHO = (Tocsin, BareBisect, BusinessTimeDelta, BusinessDuration, PandasHours)


def run(out: Callable[[str], None]) -> None:
    """Measure speed on the office's intervals, count wrong answers on those and on nights of clock changes."""
    office = [who(OFFICE) for who in _installed(out)]
    cases = list(_office_cases(4000))
    asks = {
        (one.name, what): (getattr(one, what), [_asked(one, what, case) for case in cases])
        for one in office
        for what in ("elapsed", "due")
        if getattr(one, what)
    }
    speed = best_of(asks)
    checked = (cases[:40], list(_night_cases(40)))
    answers = [[_answers(case) for case in some] for some in checked]
    wrong = {
        one.name: [
            sum(_wrong(type(one)(case.hours), case, right) for case, right in zip(some, rights, strict=True))
            for some, rights in zip(checked, answers, strict=True)
        ]
        for one in office
    }

    out(f"{'':26}{'elapsed/s':>12}{'due/s':>12}{'wrong of ' + str(len(checked[0])):>14}{'wrong on nights':>18}")
    for one in office:
        rates = [f"{speed[one.name, what]:,.0f}" if getattr(one, what) else "cannot" for what in ("elapsed", "due")]
        of_nights = f"{wrong[one.name][1]} of {len(checked[1])}"
        out(f"{one.name:26}{rates[0]:>12}{rates[1]:>12}{wrong[one.name][0]:>14}{of_nights:>18}")
    for rival, what, times in (("businesstimedelta", "elapsed", 1000), ("businesstimedelta", "due", 500)):
        if (rival, what) in speed:
            ratio = speed["Tocsin", what] / speed[rival, what]
            out(f"{what}: {ratio:,.0f} × {rival}, aim ≥ {times:,} ×: {verdict(ratio >= times)}")
    for what in ("elapsed", "due"):
        ratio = speed["bare bisect", what] / speed["Tocsin", what]
        out(f"{what}: bare bisect is {ratio:.2f} × Tocsin, aim ≤ 3 ×: {verdict(ratio <= 3)}")
    out(f"wrong answers of Tocsin: {sum(wrong['Tocsin'])}, aim 0: {verdict(not any(wrong['Tocsin']))}")
    out(f"first question of a calendar, its year compiled: {_first_question() * 1000:.1f} ms")


def _installed(out: Callable[[str], None]) -> Iterator[Any]:
    for who in WHO:
        try:
            who(OFFICE)
        except ImportError:
            out(f"{who.name} is not installed: make bench installs it")
        else:
            yield who


def _office_cases(number: int) -> Iterator[Case]:
    random = Random(2026)
    for _ in range(number):
        # All end before the last holiday: businesstimedelta raises once it knows of no later one.
        a = datetime(2026, 1, 1, tzinfo=UTC) + random.randrange(290 * 24 * 60) * MINUTE
        yield Case(OFFICE, a, a + 60 * DAY, random.randint(1, 80) * HOUR)


def _night_cases(each: int) -> Iterator[Case]:
    random = Random(2026)
    for zone, changes in CHANGES.items():
        for changed in changes:
            for _ in range(each):
                around = datetime.fromisoformat(changed).replace(tzinfo=UTC)
                a, b = (around + sign * random.randrange(1, 30 * 60) * MINUTE for sign in (-1, 1))
                yield Case(NIGHTS[zone], a, b, random.randint(1, 12) * HOUR)


def _asked(one: Any, what: str, case: Case) -> tuple[Any, Any]:
    return one.instant(case.a), one.instant(case.b) if what == "elapsed" else case.budget


def _answers(case: Case) -> tuple[timedelta, datetime, datetime]:
    oracle = Oracle(**case.hours.written)
    due = oracle.due(case.a, case.budget)
    return oracle.elapsed(case.a, case.b), due, oracle.next_open(due)


def _wrong(one: Any, case: Case, right: tuple[timedelta, datetime, datetime]) -> bool:
    """Whether any answer differs from the oracle's; an exception is no answer."""
    elapsed, due, kept_until = right
    accepted = (due,) if isinstance(one, Tocsin) else (due, kept_until)
    with suppress(Exception):
        good_elapsed = one.elapsed is None or one.elapsed(*_asked(one, "elapsed", case)) == elapsed
        good_due = one.due is None or one.due(*_asked(one, "due", case)) in accepted
        return not (good_elapsed and good_due)
    return True


def _first_question() -> float:
    """The best of ten, in seconds; the zone's clock changes are known by then, as they are in a running desk."""
    taken = []
    for _ in range(10):
        calendar = Calendar(**OFFICE.written)
        begun = perf_counter()
        calendar.is_open(datetime(2026, 6, 1, tzinfo=UTC))
        taken.append(perf_counter() - begun)
    return min(taken)
