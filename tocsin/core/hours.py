"""When is it working time, how much of it lies between two moments, and when is an amount of it used up?"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Any, Final, NoReturn, Self

from tocsin.core import table, written
from tocsin.core.duration import BadDuration, Duration
from tocsin.core.span import Span, cut
from tocsin.core.table import Table
from tocsin.core.written import DAYS, EXAMPLE, BadHours
from tocsin.core.zone import UnknownZone, instant, named

_NO_EDGES: Final = table.EVERYTHING.edges  # round the clock, where there is nothing to search
HORIZON: Final = timedelta(days=7305)  # 20 years
_ZERO: Final = timedelta(0)
_WHOLE_DAY: Final = (Span(_ZERO, timedelta(days=1)),)
_KEYS: Final = ("zone", "week", "closed", "replaced", "breaks", "name")
_FAR: Final = "This is not reached within 20 years: check the calendar's hours and the amount asked for."
_YEARS: Final = "Working time is known for the years 1900 to 2200: check the year."

Search = Callable[[list[timedelta], timedelta], int]


class BadCalendar(ValueError):
    """A calendar nobody can work by; the text names the day or date and the remedy."""


class BeyondHorizon(ValueError):
    """What was asked for is not reached within 20 years, or lies outside the years 1900 to 2200."""


class Calendar:
    """Working time: weekly spans of local wall time in a zone, and the dates that differ.

    week: `mon…sun` to lists of `("09:00", "17:00")`, end exclusive, 24:00 allowed; a day left out is closed.
    closed: dates, or dates to their names. replaced: dates to the spans they have instead of their weekday's.
    breaks: dates to closed spans, cut from whatever that date has. A closed date wins over both. A date is a date
    or ISO text.

    Never changes once made; equal and hashed by content, `name` (for people) left out. Instants go in as aware
    datetimes and come out in UTC, exact to the microsecond; a naive one raises ValueError. What nobody can work by
    raises BadCalendar. (semantics 1)
    """

    __slots__ = ("_content", "_exceptions", "_hash", "_table", "breaks", "closed", "name", "replaced", "week", "zone")
    zone: str
    week: tuple[tuple[Span, ...], ...]
    closed: Mapping[date, str]
    replaced: Mapping[date, tuple[Span, ...]]
    breaks: Mapping[date, tuple[Span, ...]]
    name: str
    _exceptions: dict[date, tuple[Span, ...]]
    _content: tuple[object, ...]
    _hash: int
    _table: Table

    def __init__(
        self,
        zone: str,
        week: Mapping[str, object],
        closed: Iterable[date | str] | Mapping[Any, str] = (),
        replaced: Mapping[Any, object] | None = None,
        breaks: Mapping[Any, object] | None = None,
        name: str = "",
    ) -> None:
        own = object.__setattr__
        try:
            own(self, "zone", named(zone).key)
            own(self, "week", written.week(week))
            own(self, "closed", MappingProxyType(written.closed(closed)))
            own(self, "replaced", MappingProxyType(written.dates(replaced, whose="replaced")))
            own(self, "breaks", MappingProxyType(written.dates(breaks, whose="breaks")))
        except (BadHours, UnknownZone) as error:
            raise BadCalendar(str(error)) from None
        own(self, "name", name)
        own(self, "_exceptions", self._differing())
        content = (self.zone, self.week, *(tuple(m.items()) for m in (self.closed, self.replaced, self.breaks)))
        own(self, "_content", content)
        own(self, "_hash", hash(content))
        own(self, "_table", table.EVERYTHING if self.is_always else table.NOTHING)
        if not any(self.week) and not any(self._exceptions.values()):
            raise BadCalendar(f"This calendar is never open: give a day a span, {EXAMPLE}, or use always.")

    @classmethod
    def always(cls, zone: str = "UTC") -> Self:
        """The 24×7 calendar; the zone is for people only."""
        return cls(zone, dict.fromkeys(DAYS, (("00:00", "24:00"),)), name="always")

    @property
    def is_always(self) -> bool:
        """Whether it is open at every instant."""
        return all(day == _WHOLE_DAY for day in self.week) and not self._exceptions

    def elapsed(self, a: datetime, b: datetime) -> timedelta:
        """The working time in [a, b); zero when b is not after a."""
        if a.tzinfo is not UTC:
            a = _utc(a)
        if b.tzinfo is not UTC:
            b = _utc(b)
        if b <= a:
            return _ZERO
        start, end, edges, origins, totals, _ = self._table
        if a < start or b >= end:
            start, end, edges, origins, totals, _ = self._covering(a, b)
        if edges is _NO_EDGES:
            return b - a
        i, j = bisect_right(edges, a), bisect_right(edges, b)
        return (b - origins[j >> 1] if j & 1 else totals[j >> 1]) - (a - origins[i >> 1] if i & 1 else totals[i >> 1])

    def due(self, a: datetime, budget: timedelta | Duration) -> datetime:
        """The earliest t, not before a, with `elapsed(a, t) == budget`: what is shown. A zero budget is due at a."""
        return self._reach(a, budget, bisect_left)

    def kept_until(self, a: datetime, budget: timedelta | Duration) -> datetime:
        """The latest t with `elapsed(a, t) == budget`: the next opening, where a budget is used up at a closing."""
        return self._reach(a, budget, bisect_right)

    def budget(self, a: datetime, duration: Duration) -> timedelta:
        """The working time a duration stands for when its clock begins at a.

        Business days count from the next open instant to the same local time that many working dates later, rolled
        to the next open instant when that is closed; a working date is a local date with any open instant. On a
        calendar that never closes they raise BadDuration. (semantics 1)
        """
        if duration.length is not None:
            return duration.length
        if self.is_always:
            raise BadDuration(f"{duration} on a calendar that never closes: write {duration.amount * 24}h instead.")
        if not duration.amount:
            return _ZERO
        begun = self.next_open(a)
        wall = begun.astimezone(named(self.zone)).replace(tzinfo=None)
        on = self._working_date(begun, wall.date(), duration.amount)
        # Rolling on to the next opening would add no working time, so it is left out.
        return self.elapsed(begun, _within(begun, instant(self.zone, datetime.combine(on, wall.time()))))

    def is_open(self, at: datetime) -> bool:
        """Whether the clocks on the wall show working time at this instant."""
        at = _utc(at)
        return bisect_right(self._covering(at, at).edges, at) & 1 == 1

    def next_open(self, at: datetime) -> datetime:
        """The first open instant not before at; BeyondHorizon when there is none within 20 years."""
        return self._reach(at, _ZERO, bisect_right)

    def spans(self, a: datetime, b: datetime) -> list[tuple[datetime, datetime]]:
        """The open spans within [a, b), each (from, until) in UTC, in order, none touching the next."""
        a, b = _utc(a), _utc(b)
        if b <= a:
            return []
        edges = self._covering(a, b).edges
        i, j = bisect_right(edges, a), bisect_left(edges, b)
        within = [a] * (i & 1) + edges[i:j] + [b] * (j & 1)
        return list(zip(within[::2], within[1::2], strict=True))

    def closed_name(self, day: date) -> str | None:
        """What a closed date is called, "holiday" if nobody named it; None for a date that is not closed."""
        name = self.closed.get(day)
        return name if name is None else name or "holiday"

    def spec(self) -> dict[str, Any]:
        """The calendar as JSON can hold it; `Calendar.from_spec` makes an equal one of it."""
        return {
            "zone": self.zone,
            "week": {day: _written(spans) for day, spans in zip(DAYS, self.week, strict=True) if spans},
            "closed": {day.isoformat(): name for day, name in self.closed.items()},
            "replaced": {day.isoformat(): _written(spans) for day, spans in self.replaced.items()},
            "breaks": {day.isoformat(): _written(spans) for day, spans in self.breaks.items()},
            "name": self.name,
        }

    @classmethod
    def from_spec(cls, spec: Mapping[str, Any]) -> Self:
        """The calendar a spec describes; zone and week are needed, a key it does not know raises BadCalendar."""
        for key in spec:
            if key not in _KEYS:
                raise BadCalendar(f"A calendar has no {key!r}: its keys are {', '.join(_KEYS)}.")
        for key in _KEYS[:2]:
            if key not in spec:
                raise BadCalendar(f"This calendar has no {key!r}: it needs a time zone and its hours, {EXAMPLE}.")
        return cls(**spec)

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Calendar) and self._content == other._content)

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        return f"Calendar({self.zone!r}, name={self.name!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self).from_spec, (self.spec(),)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"A calendar never changes: make a new one with another {name}.")

    def _reach(self, a: datetime, budget: timedelta | Duration, search: Search) -> datetime:
        if isinstance(budget, Duration):
            budget = self.budget(a, budget)
        if a.tzinfo is not UTC:
            a = _utc(a)
        if budget <= _ZERO:
            if budget:
                raise ValueError(f"A budget is zero or more, not {budget}.")
            if search is bisect_left:
                return a
        found = self._table
        if a < found.start or a >= found.end:
            found = self._covering(a, a)
        if found.edges is _NO_EDGES and budget <= HORIZON and (at := a + budget) < found.end:
            return at
        while True:
            _, _, edges, origins, totals, _ = found
            i = bisect_right(edges, a)
            try:
                target = (a - origins[i >> 1] if i & 1 else totals[i >> 1]) + budget
            except OverflowError:
                raise BeyondHorizon(_FAR) from None
            k = search(totals, target)
            if k < len(totals):
                return _within(a, origins[k - 1] + target)
            found = self._further(found, a)

    def _working_date(self, at: datetime, day: date, amount: int) -> date:
        """The local date that many working dates after `day`, the local date of the open instant `at`."""
        found = self._covering(at, at)
        while True:
            k = bisect_right(found.dates, day) + amount - 1
            if k < len(found.dates):
                return found.dates[k]
            found = self._further(found, at)

    def _covering(self, a: datetime, b: datetime) -> Table:
        """The table over at least [a, b], compiled first if it must be.

        The new one takes the place of the old in one assignment, and who asked uses the one returned, so threads
        need no lock: at worst one compiles what another just did.
        """
        now = self._table
        if now.start <= a and b < now.end:
            return now
        if a < table.FIRST or b >= table.LAST:
            raise BeyondHorizon(_YEARS)
        years = [a.year, b.year]
        if now is not table.NOTHING:
            years += [now.start.year, now.end.year - 1]
        new = table.lay_out(self.zone, self._open_on, min(years), max(years))
        object.__setattr__(self, "_table", new)
        return new

    def _further(self, found: Table, a: datetime) -> Table:
        """A table that reaches further than this one, about twice as far from a; BeyondHorizon past 20 years."""
        if found.end > a + HORIZON:
            raise BeyondHorizon(_FAR)
        return self._covering(a, min(found.end + (found.end - a), a + HORIZON))

    def _open_on(self, day: date) -> tuple[Span, ...]:
        spans = self._exceptions.get(day)
        return self.week[day.weekday()] if spans is None else spans

    def _differing(self) -> dict[date, tuple[Span, ...]]:
        spans = dict(self.replaced)
        for day, breaks in self.breaks.items():
            spans[day] = cut(spans.get(day, self.week[day.weekday()]), breaks)
        return spans | dict.fromkeys(self.closed, ())


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"{at} names no time zone: give it one, as in datetime(2026, 11, 20, 9, tzinfo=timezone.utc).")
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise BeyondHorizon(_YEARS) from None


def _within(a: datetime, t: datetime) -> datetime:
    if t - a > HORIZON:
        raise BeyondHorizon(_FAR)
    return t


def _written(spans: Iterable[Span]) -> list[list[str]]:
    return [one.written() for one in spans]
