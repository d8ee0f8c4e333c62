"""How does a roster look over the days to come? Figures for a template to draw, and the same in words.

One lane a person, one more for nobody; a mark for each midnight of the viewer's zone, and one for now.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from tocsin.core.rota import Shift
from tocsin.directory.duty import Hole

WIDTH, LEFT, RIGHT, TOP = 880, 132, 8, 26
LANE, BAR = 28, 16
LONGEST = 17
EVERY_DAY = timedelta(days=15)  # in a longer picture only Mondays have their name
NOBODY = "Nobody"


@dataclass(frozen=True, slots=True)
class Bar:
    """Somebody's shift, or a hole: from x on so wide, and in words."""

    x: float
    width: float
    says: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One person's, or nobody's."""

    title: str
    name: str
    y: int
    bars: tuple[Bar, ...]
    hole: bool

    @property
    def middle(self) -> int:
        return self.y + LANE // 2 + 4

    @property
    def top(self) -> int:
        return self.y + (LANE - BAR) // 2


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that is drawn, in the units of its viewBox."""

    height: int
    ticks: tuple[tuple[float, str], ...]
    lanes: tuple[Lane, ...]
    now: float | None
    width: int = WIDTH
    left: int = LEFT
    bar: int = BAR
    lane: int = LANE


@dataclass(frozen=True, slots=True)
class Line:
    """A shift or a hole in words: from when (None: now) until when (None: further than is shown), and who.

    `names` is empty in a hole.
    """

    start: datetime | None
    end: datetime | None
    names: str


def span(now: datetime, days: int) -> tuple[datetime, datetime]:
    """From the last midnight of the viewer's zone, so many days of its calendar."""
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    midnights = [_midnight(today, day) for day in (0, days)]
    return midnights[0], midnights[1]


def picture(
    shifts: Sequence[Shift], holes: Sequence[Hole], names: Mapping[str, str], a: datetime, b: datetime, now: datetime
) -> Picture:
    """Who is on duty when within [a, b); `names` says what each is called."""

    def x(at: datetime) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * ((min(max(at, a), b) - a) / (b - a)), 1)

    def bar(start: datetime, end: datetime, who: str) -> Bar:
        return Bar(x(start), max(1.5, round(x(end) - x(start), 1)), f"{who}: {said(start)} to {said(end)}")

    found: dict[str, list[Bar]] = {}
    for start, end, people in shifts:
        for who in people:
            found.setdefault(who, []).append(bar(start, end, names.get(who, who)))
    lanes = [(names.get(who, who), tuple(bars), False) for who, bars in found.items()]
    if holes:
        lanes.append((NOBODY, tuple(bar(*hole, NOBODY) for hole in holes), True))
    drawn = tuple(
        Lane(name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…", name, TOP + LANE * place, bars, hole)
        for place, (name, bars, hole) in enumerate(lanes)
    )
    ticks, day = [], 0
    while (midnight := _midnight(timezone.localtime(a), day)) < b:
        there = timezone.localtime(midnight)
        named = (b - a) <= EVERY_DAY or there.weekday() == 0
        ticks.append((x(midnight), there.strftime("%a %-d" if (b - a) <= EVERY_DAY else "%a %-d %b") if named else ""))
        day += 1
    return Picture(TOP + LANE * max(1, len(drawn)) + 4, tuple(ticks), drawn, x(now) if a <= now < b else None)


def lines(
    shifts: Sequence[Shift], holes: Sequence[Hole], names: Mapping[str, str], b: datetime, now: datetime
) -> list[Line]:
    """The same in words, in the order of time, from now to b."""
    found = [(start, end, called(people, names)) for start, end, people in shifts if end > now]
    found += [(*hole, "") for hole in holes]
    return [
        Line(start if start > now else None, end if end < b else None, who)
        for start, end, who in sorted(found, key=lambda each: each[0])
    ]


def called(people: Collection[str], names: Mapping[str, str]) -> str:
    """Tara Lind and Sam Okoye."""
    return " and ".join(names.get(who, who) for who in people)


def _midnight(today: datetime, days: int) -> datetime:
    day = today.date() + timedelta(days=days)
    return datetime(day.year, day.month, day.day, tzinfo=timezone.get_current_timezone())


def said(at: datetime) -> str:
    """Mon 23 Nov 09:00, in the viewer's zone."""
    return timezone.localtime(at).strftime("%a %-d %b %H:%M")
