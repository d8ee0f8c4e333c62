"""Where on a line does each moment stand, so that five minutes and four hours can both be read?

The picture of a standard's outlook, as figures for a template to draw: a logarithmic axis, a band for each lane, and
words that do not lie on each other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from math import log

from tocsin.core.outlook import Due, Outlook

WIDTH, LEFT, RIGHT = 880, 122, 16
LINE, PAD, TOP = 19, 8, 30
LETTER = 6.6  # how wide a letter of a label is, about
APART = timedelta(minutes=5)
TICKS = tuple(timedelta(minutes=m) for m in (0, 5, 15, 30, 60, 120, 240, 480, 1440, 2880, 7200))
TONES = {"promise": "promise", "threshold": "threshold", "raise": "raise"}


@dataclass(frozen=True, slots=True)
class Point:
    """One thing due: its mark at (x, y) and its words from `text_x` on, or up to there."""

    x: float
    y: float
    label: str
    text_x: float
    anchor: str
    tone: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One band of the picture."""

    title: str
    y: float
    height: float
    points: tuple[Point, ...]

    @property
    def middle(self) -> float:
        return self.y + PAD + LINE / 2 + 4


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that is drawn, in the units of its viewBox."""

    width: int
    height: float
    left: int
    end: int
    ticks: tuple[tuple[float, str], ...]
    lanes: tuple[Lane, ...]


def picture(outlook: Outlook, titles: dict[str, str]) -> Picture:
    """The outlook on an axis; `titles` are the lanes that are known, in their order, and what each is called."""
    last = max((due.after for due in outlook.items), default=APART)
    ticks = [tick for tick in TICKS if tick <= last]

    def x(after: timedelta) -> float:
        room = WIDTH - LEFT - RIGHT
        return round(LEFT + room * _share(after) / (_share(last) or 1), 1)

    lanes: list[Lane] = []
    y = float(TOP)
    found = {due.lane for due in outlook.items}
    for name in [*(name for name in titles if name in found), *sorted(found - set(titles))]:
        points, rows = _placed([due for due in outlook.items if due.lane == name], x, y)
        height = rows * LINE + 2 * PAD
        lanes.append(Lane(titles.get(name, name.capitalize()), y, height, tuple(points)))
        y += height
    marked = tuple((x(tick), words(tick)) for tick in ticks)
    return Picture(WIDTH, y + 4, LEFT, WIDTH - RIGHT, marked, tuple(lanes))


def words(after: timedelta) -> str:
    """At once, 5 min, 1 h, 2 h 30, 50 h: how long after the opening."""
    minutes = round(after / timedelta(minutes=1))
    if minutes <= 0:
        return "at once"
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest:02}" if rest else f"{hours} h"


def _share(after: timedelta) -> float:
    return log(1 + after / APART)


def _placed(dues: Iterable[Due], x, y: float) -> tuple[list[Point], int]:  # type: ignore[no-untyped-def]
    """Each on the first line where its words have room."""
    taken: list[float] = []  # how far to the right each line is written
    points = []
    for due in dues:
        at, wide = x(due.after), len(due.what) * LETTER
        before = at + 10 + wide > WIDTH - 4
        start, end = (at - 10 - wide, at + 8) if before else (at - 6, at + 10 + wide)
        if due.kind == "promise":  # a line runs up to it from the opening on
            start = LEFT - 6
        row = next((row for row, until in enumerate(taken) if until + 6 <= start), len(taken))
        taken[row : row + 1] = [end]
        middle = y + PAD + row * LINE + LINE / 2
        tone = "late" if due.kind == "answer" else TONES.get(due.kind, "step")
        points.append(Point(at, middle, due.what, at - 9 if before else at + 9, "end" if before else "start", tone))
    return points, max(1, len(taken))
