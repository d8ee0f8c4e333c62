"""Whose turn is it in one layer of a roster, and when is the next handoff?"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from tocsin.core.hours import BadCalendar, Calendar
from tocsin.core.table import LAST
from tocsin.core.written import EXAMPLE
from tocsin.core.zone import instant, named

UNITS: Final = {"hours": timedelta(hours=1), "days": timedelta(days=1), "weeks": timedelta(weeks=1)}
COUNTS: Final = ("time", "occurrence")
_YEARS: Final = range(1900, 2200)


class BadRota(ValueError):
    """A roster nobody can be woken by; the text says what is wrong and what to write instead."""


def group(written: object, whose: str) -> tuple[str, ...]:
    """These people in their order, each once; what is no list of them raises BadRota."""
    if isinstance(written, list | tuple) and all(isinstance(who, str) and who for who in written):
        return tuple(dict.fromkeys(written))
    raise BadRota(f"{whose} lists people, such as ['ann', 'ben'], not {written!r}.")


class Shift(NamedTuple):
    """The instants [start, end) in UTC during which these people are on call, in this order."""

    start: datetime
    end: datetime
    people: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Layer:
    """People who take turns: `people` one after the other, several in one turn where an entry names several.

    A turn is `every` so many `unit` long (hours, days, weeks or months) from `starts`, the local wall time of the first
    handoff, until `ends`, where there is one (exclusive). Days, weeks and months hand off at that wall time whatever
    the clocks do; hours are real ones; a month without that day hands off on its last. A turn that `lasts` shorter
    than that leaves the rest of it to others. Only the weekly `windows` are covered, `{"mon": [["09:00", "17:00"]]}`,
    where there are any. `count` says what passes the turn on: time, or an occurrence, a turn in which a window opens.
    (semantics 6)
    """

    people: Sequence[str | Sequence[str]]
    starts: datetime
    every: int = 1
    unit: str = "weeks"
    ends: datetime | None = None
    lasts: timedelta | None = None
    windows: Mapping[str, Any] = field(default_factory=dict)
    count: str = "time"
    turns: tuple[tuple[str, ...], ...] = field(init=False)

    def __post_init__(self) -> None:
        if not isinstance(self.people, list | tuple):
            raise BadRota(f"A layer lists people who take turns, such as ['ann', 'ben'], not {self.people!r}.")
        turns = tuple(group((turn,) if isinstance(turn, str) else turn, "A turn") for turn in self.people)
        object.__setattr__(self, "turns", turns)
        if not turns or not all(turns):
            raise BadRota("A layer needs people who take turns, and somebody in each turn.")
        if self.unit not in (*UNITS, "months"):
            raise BadRota(f"A turn is counted in {', '.join(UNITS)} or months, not in {self.unit!r}.")
        if type(self.every) is not int or not 1 <= self.every <= 1000:
            raise BadRota(f"A turn is a whole number of {self.unit}, from 1 to 1000, not {self.every!r}.")
        if not isinstance(self.windows, Mapping):
            raise BadRota(f"windows: {self.windows!r} is no week: write days with their spans, {EXAMPLE}.")
        if self.count not in COUNTS:
            raise BadRota(f"Turns are counted by time or by occurrence, not by {self.count!r}.")
        if self.count == "occurrence" and not self.windows:
            raise BadRota("Turns counted by occurrence need windows: without any, every turn occurs.")
        for when in (self.starts, self.ends):
            if when is not None and (when.tzinfo is not None or when.year not in _YEARS):
                raise BadRota(f"{when} is no wall time of a handoff: leave out the zone, which is the roster's.")
            if when is not None and when != when.replace(second=0, microsecond=0):
                raise BadRota(f"{when} is no whole minute: hand off at one.")
        if self.ends is not None and self.ends <= self.starts:
            raise BadRota(f"The layer ends at {self.ends}, before it starts at {self.starts}: end it later.")
        if self.lasts is not None and not timedelta(0) < self.lasts <= self.shortest:
            raise BadRota(f"A turn of every {self.every} {self.unit} cannot last {self.lasts}: up to {self.shortest}.")
        if self.lasts is not None and self.lasts % timedelta(minutes=1):
            raise BadRota(f"A turn lasts whole minutes, not {self.lasts}.")

    @property
    def shortest(self) -> timedelta:
        """What the shortest turn takes by the clocks on the wall."""
        return self.every * UNITS[self.unit] if self.unit in UNITS else timedelta(days=28 * self.every)


class Turns:
    """The turns of a layer in a time zone: who has them at an instant, and one after the other."""

    def __init__(self, layer: Layer, zone: str) -> None:
        self._layer, self._zone, self._there = layer, zone, named(zone)
        try:
            self._windows = Calendar(zone, layer.windows) if layer.windows else None
        except BadCalendar as error:
            raise BadRota(f"windows: {error}") from None
        self._first = instant(zone, layer.starts)
        self._last = instant(zone, layer.ends) if layer.ends else LAST
        # As far as anybody asked, by turn. Who fills them in at the same time writes the same, so threads need no lock.
        self._spans: dict[int, tuple[datetime, datetime]] = {}
        self._occurred = {0: 0}  # how many of the turns before it occurred; no turn is left out

    def at(self, at: datetime) -> tuple[str, ...]:
        """Those whose turn it is at this instant; nobody before the first, after the last and outside the windows."""
        if not self._first <= at < self._last:
            return ()
        turn = self._number(at)
        if at >= self._span(turn)[1] or (self._windows is not None and not self._windows.is_open(at)):
            return ()
        return self._people(turn)

    def between(self, a: datetime, b: datetime) -> Iterator[Shift]:
        """What of the turns lies within [a, b), in order: not merged, so each handoff is between two of them."""
        a, b = max(a, self._first), min(b, self._last)
        turn = self._number(a) if a < b else 0
        while a < b:
            start, end = self._span(turn)
            start, end = max(a, start), min(b, end)
            if start < end:
                spans = [(start, end)] if self._windows is None else self._windows.spans(start, end)
                people = self._people(turn) if spans else ()
                for opens, closes in spans:
                    yield Shift(opens, closes, people)
            turn += 1
            a = max(a, self._span(turn)[0])

    def _people(self, turn: int) -> tuple[str, ...]:
        nth = turn if self._layer.count == "time" else self._occurrences_before(turn)
        return self._layer.turns[nth % len(self._layer.turns)]

    def _number(self, at: datetime) -> int:
        """The number of the turn that has this instant, 0 for the first."""
        layer = self._layer
        if layer.unit == "hours":
            return (at - self._first) // (layer.every * UNITS["hours"])
        wall = at.astimezone(self._there).replace(tzinfo=None)
        if layer.unit == "months":
            turn = ((wall.year - layer.starts.year) * 12 + wall.month - layer.starts.month) // layer.every
        else:
            turn = (wall - layer.starts) // (layer.every * UNITS[layer.unit])
        while self._span(turn)[0] > at:
            turn -= 1
        while self._span(turn + 1)[0] <= at:
            turn += 1
        return turn

    def _handoff(self, turn: int) -> datetime:
        if self._layer.unit == "hours":
            return self._first + turn * self._layer.every * UNITS["hours"]
        return instant(self._zone, self._wall(turn))

    def _span(self, turn: int) -> tuple[datetime, datetime]:
        """When the turn begins, and when it is over: at the next handoff or, where it lasts shorter, before."""
        known = self._spans.get(turn)
        if known is None:
            start, end = self._handoff(turn), self._handoff(turn + 1)
            lasts = self._layer.lasts
            if lasts is not None and self._layer.unit == "hours":
                end = start + lasts
            elif lasts is not None:
                end = instant(self._zone, self._wall(turn) + lasts)
            known = self._spans[turn] = start, end
        return known

    def _wall(self, turn: int) -> datetime:
        layer = self._layer
        if layer.unit != "months":
            return layer.starts + turn * layer.every * UNITS[layer.unit]
        years, month = divmod(layer.starts.month - 1 + turn * layer.every, 12)
        year = layer.starts.year + years
        day = min(layer.starts.day, monthrange(year, month + 1)[1])
        return layer.starts.replace(year=year, month=month + 1, day=day)

    def _occurrences_before(self, turn: int) -> int:
        known = self._occurred
        for each in range(len(known), turn + 1):
            known[each] = known[each - 1] + self._occurs(each - 1)
        return known[turn]

    def _occurs(self, turn: int) -> bool:
        windows = self._windows
        return windows is None or bool(windows.spans(*self._span(turn)))
