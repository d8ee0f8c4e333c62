"""What would somebody answer who looks at the clock on the wall every minute?

Slow and obvious, and shares no code with `tocsin.core.hours`: it reads the same written hours, steps through UTC a
minute at a time, asks zoneinfo what the clocks show, and looks whether that lies in a span of that date. Right for
spans, clock changes and instants that are whole minutes.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Oracle:
    def __init__(self, zone, week, closed=(), replaced=None, breaks=None):
        self.zone = ZoneInfo(zone)
        self.week = [minutes(week.get(day, ())) for day in DAYS]
        self.closed = {str(day) for day in closed}
        self.replaced = {str(day): minutes(spans) for day, spans in (replaced or {}).items()}
        self.breaks = {str(day): minutes(spans) for day, spans in (breaks or {}).items()}

    def is_open(self, at):
        wall = at.astimezone(self.zone)
        day, minute = wall.date().isoformat(), wall.hour * 60 + wall.minute
        if day in self.closed:
            return False
        if any(opens <= minute < closes for opens, closes in self.breaks.get(day, ())):
            return False
        return any(opens <= minute < closes for opens, closes in self.replaced.get(day, self.week[wall.weekday()]))

    def elapsed(self, a, b):
        open_minutes = 0
        while a < b:
            open_minutes += self.is_open(a)
            a += MINUTE
        return open_minutes * MINUTE

    def due(self, a, budget):
        while budget:
            budget -= self.is_open(a) * MINUTE
            a += MINUTE
        return a

    def kept_until(self, a, budget):
        return self.next_open(self.due(a, budget))

    def next_open(self, at):
        while not self.is_open(at):
            at += MINUTE
        return at

    def business_days(self, a, amount):
        """The working time that so many business days stand for from a."""
        begun = at = self.next_open(a)
        first = begun.astimezone(self.zone)
        working_dates = []
        while len(working_dates) < amount:
            on = at.astimezone(self.zone).date()
            if on > first.date() and on not in working_dates and self.is_open(at):
                working_dates.append(on)
            at += MINUTE
        wall = datetime.combine(working_dates[-1], time(first.hour, first.minute))
        at = begun
        while at.astimezone(self.zone).replace(tzinfo=None) < wall:
            at += MINUTE
        return self.elapsed(begun, self.next_open(at))


def minutes(spans):
    return [(minute(opens), minute(closes)) for opens, closes in spans]


def minute(clock):
    return int(clock[:2]) * 60 + int(clock[3:])
