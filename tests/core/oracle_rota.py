"""Who would be on call, if somebody looked at the clock on the wall every minute and handed the phone on?

Slow and obvious, written from semantics 1 and 6 alone, and shares no code with `tocsin.core`: it reads the same written
roster, steps through UTC a minute at a time and asks zoneinfo what the clocks show. A moment written as wall time has
come at the first minute at which they show it or a later one. Right for rosters and clock changes on whole minutes.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Oracle:
    """The roster of a spec, lived through."""

    def __init__(self, spec):
        self.zone = ZoneInfo(spec["zone"])
        self.layers = spec["layers"]
        self.overrides = [
            (datetime.fromisoformat(each["start"]), datetime.fromisoformat(each["end"]), each)
            for each in spec["overrides"]
        ]

    def walk(self, a, b):
        """Every minute from a until b with those on call then; a and b are whole minutes."""
        layers = [Turning(layer) for layer in self.layers]
        starts = [layer.starts.replace(tzinfo=UTC) - timedelta(days=2) for layer in layers]
        at = min([a, *starts])
        while at < b:
            wall = at.astimezone(self.zone).replace(tzinfo=None)
            people = []
            for layer in layers:
                people = layer.live(at, wall) or people
            if at >= a:
                yield at, tuple(self.overridden(at, people))
            at += MINUTE

    def overridden(self, at, people):
        for start, end, override in self.overrides:
            if start <= at < end:
                people = override_one(override["kind"], people, override["people"], override["of"])
        return people


def override_one(kind, people, named, of):
    if kind == "remove":
        return [who for who in people if who not in named]
    if kind == "add":
        return unique([*people, *named])
    if not of:
        return unique(named)
    if not any(who in of for who in people):
        return people
    first = [who in of for who in people].index(True)
    return unique([*people[:first], *named, *(who for who in people[first:] if who not in of)])


def unique(people):
    return [who for place, who in enumerate(people) if who not in people[:place]]


class Turning:
    """One layer at one minute: whose turn it is, since when, and whether that has had its time."""

    def __init__(self, layer):
        self.people = [[each] if isinstance(each, str) else each for each in layer["people"]]
        self.starts = datetime.fromisoformat(layer["starts"])
        self.ends = layer["ends"] and datetime.fromisoformat(layer["ends"])
        self.every, self.unit = layer["every"], layer["unit"]
        self.lasts = layer["lasts"] and int(layer["lasts"].removesuffix("m")) * MINUTE
        self.windows = [
            [(minute(opens), minute(closes)) for opens, closes in layer["windows"].get(d, ())] for d in DAYS
        ]
        self.by_occurrence = layer["count"] == "occurrence"
        self.turn = None  # before the first
        self.nth = 0  # how often the turn was passed on to somebody else
        self.over = False

    def live(self, at, wall):
        """Those on call during this minute by this layer; to be asked minute after minute."""
        if self.ends and wall >= self.ends:
            self.over = True
        if self.turn is None and wall >= self.starts:
            self.take(0, at)
        if self.turn is None or self.over:
            return []
        while self.next_has_come(at, wall):
            self.nth += 1 if self.occurred or not self.by_occurrence else 0
            self.take(self.turn + 1, at)
        if self.lasts and self.lasted(at, wall):
            self.had_its_time = True
        if self.had_its_time or not self.in_window(wall):
            return []
        self.occurred = True
        return unique(self.people[self.nth % len(self.people)])

    def next_has_come(self, at, wall):
        if self.unit == "hours":
            return at - self.since >= timedelta(hours=self.every)
        return wall >= self.until

    def take(self, turn, at):
        self.turn, self.since = turn, at
        self.had_its_time = self.occurred = False
        if self.unit != "hours":
            self.written, self.until = self.handoff(turn), self.handoff(turn + 1)

    def lasted(self, at, wall):
        """By the clocks on the wall, except where hours are real ones."""
        if self.unit == "hours":
            return at - self.since >= self.lasts
        return wall >= self.written + self.lasts

    def handoff(self, turn):
        """The wall time at which this turn begins."""
        if self.unit in ("days", "weeks"):
            return self.starts + timedelta(**{self.unit: turn * self.every})
        month, left = self.starts.replace(day=1), turn * self.every
        while left:
            month, left = month_after(month), left - 1
        days = (month_after(month) - month).days
        return month + timedelta(days=min(self.starts.day, days) - 1)

    def in_window(self, wall):
        if not any(self.windows):
            return True
        shown = wall.hour * 60 + wall.minute
        return any(opens <= shown < closes for opens, closes in self.windows[wall.weekday()])


def minute(clock):
    return int(clock[:2]) * 60 + int(clock[3:])


def month_after(month):
    return month.replace(year=month.year + 1, month=1) if month.month == 12 else month.replace(month=month.month + 1)
