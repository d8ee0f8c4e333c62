"""What is agreed at the small desk that these tests watch, and how is a minute there written?"""

from datetime import UTC, datetime, timedelta

from tests.core.offices import weekdays
from tocsin.core.duration import parse
from tocsin.core.hours import Calendar
from tocsin.core.ladder import Ladder, Step
from tocsin.core.plan import due
from tocsin.core.terms import Terms

NINE = datetime(2026, 11, 16, 9, tzinfo=UTC)  # a Monday
ALWAYS = Calendar.always()
OFFICE = weekdays("UTC", "09:00", "17:00")
TICK = timedelta(microseconds=1)


class Counted(Calendar):
    """A calendar that counts how often it is asked for the time between two instants."""

    asked = 0

    def elapsed(self, a, b):
        Counted.asked += 1
        return super().elapsed(a, b)


def at(minutes, seconds=0):
    """So many minutes after nine."""
    return NINE + timedelta(minutes=minutes, seconds=seconds)


def on(calendar, **waits):
    """Priority → so long on the calendar."""
    return {priority: (parse(text), calendar) for priority, text in waits.items()}


def always(**waits):
    return on(ALWAYS, **waits)


def step(name, *, to="", act=False, within=None, accept=None, calendar=ALWAYS, **after):
    """A step that tells whoever is called like it, unless `to` says otherwise."""
    return Step(name, on(calendar, **after), to or name, act=act, within=within, accept=accept)


def agreed(*ladders, clocks=(), **more):
    """Terms with these ladders and clocks, and nothing else unless it is given."""
    return Terms(
        "small",
        "1",
        ("P1", "P2", "P3", "P4"),
        "P3",
        {clock.name: clock for clock in clocks},
        {ladder.name: ladder for ladder in ladders},
        **more,
    )


def told(story, terms, now):
    """What is due, in order: key → minutes after nine."""
    return {o.key: (o.effective_at - NINE) / timedelta(minutes=1) for o in due(story, terms, now=now).obligations}


def silenced(story, terms, now):
    """The keys of what is due and told to nobody."""
    return [o.key for o in due(story, terms, now=now).obligations if o.moot]


def one(story, terms, now, key):
    """The obligation with this key."""
    [found] = [o for o in due(story, terms, now=now).obligations if o.key == key]
    return found


MANAGEMENT = Ladder(
    "management",
    (
        step("team-lead", P1="15m"),
        step("delivery-manager", P1="30m", P2="30m"),
        step("director", P1="2h", P2="2h"),
    ),
    paused_by=("client",),
)
