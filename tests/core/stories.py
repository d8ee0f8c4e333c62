"""What stories can happen to a ticket, on the nights when clocks change too?

Strategies for hypothesis. Every story is on whole minutes, begins with Opened, is valid at each stage of its record,
and its `recorded_at` never goes back; an act may hold several events and may be dated back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from tocsin.core.clock import Clock
from tocsin.core.duration import parse
from tocsin.core.event import (
    Cancelled,
    Closed,
    Escalated,
    Event,
    Merged,
    Noted,
    Opened,
    Paused,
    PriorityChanged,
    Reopened,
    Responded,
    Resumed,
    Solved,
    Updated,
)
from tocsin.core.hours import Calendar
from tocsin.core.promise import Promise

MINUTE = timedelta(minutes=1)
ALWAYS = Calendar.always()
WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
DAYS = (*WORKDAYS, "sat", "sun")


@dataclass(frozen=True)
class Place:
    """A zone, the local midnights around which its clocks change, and what people work there."""

    nights: tuple[str, ...]
    calendars: tuple[Calendar, ...]


def _place(zone: str, *nights: str) -> Place:
    office = {day: [("09:00", "17:00")] for day in WORKDAYS}
    nightly = {day: [("00:00", "06:00"), ("22:00", "24:00")] for day in DAYS}
    split = {day: [("00:00", "01:15"), ("01:45", "12:30"), ("13:30", "23:30")] for day in DAYS}
    [first, *_] = nights
    return Place(
        nights,
        (
            Calendar(zone, office),
            Calendar(zone, nightly),
            Calendar(zone, split, breaks={first: [("00:30", "02:30")]}),
            Calendar(zone, office, closed=[first], replaced={nights[-1]: [("01:00", "03:30"), ("10:00", "12:00")]}),
        ),
    )


# Changes by an hour, by half an hour, at local midnight, and zones half an hour or a quarter off.
PLACES = (
    _place("Europe/London", "2026-03-29", "2026-10-25"),
    _place("Australia/Sydney", "2026-04-05", "2026-10-04"),
    _place("Australia/Lord_Howe", "2026-04-05", "2026-10-04"),
    _place("America/Havana", "2026-03-08", "2026-11-01"),
    _place("Africa/Cairo", "2026-04-24", "2026-10-30"),
    _place("America/Santiago", "2026-04-05", "2026-09-06"),
    _place("Asia/Beirut", "2026-03-29", "2026-10-25"),
    _place("America/St_Johns", "2026-03-08", "2026-11-01"),
    _place("Asia/Kathmandu", "2026-03-29"),
)

GAPS = st.one_of(
    st.sampled_from((0, 0, 1, 15, 30, 60, 120, 240, 480)),
    st.integers(0, 90),
    st.integers(0, 1500),
).map(lambda minutes: minutes * MINUTE)


@st.composite
def places(draw):
    """A place and the instant of a midnight near one of its changes of the clocks, give or take two days."""
    place = draw(st.sampled_from(PLACES))
    midnight = datetime.fromisoformat(draw(st.sampled_from(place.nights))).replace(tzinfo=UTC)
    return place, midnight + draw(st.integers(-48 * 60, 24 * 60)) * MINUTE


@st.composite
def clocks(draw, place, **fixed):
    """A resolution clock; P1 to P3 mostly have targets, P4 mostly none."""
    hours = st.sampled_from(("20m", "45m", "1h", "2h", "4h", "7h", "8h", "16h", "1bd", "2bd"))

    def target(priority):
        if draw(st.integers(0, 9)) >= (8 if priority != "P4" else 3):
            return None
        duration = parse(draw(hours))
        calendars = place.calendars if duration.is_days else (*place.calendars, ALWAYS, ALWAYS)
        return duration, draw(st.sampled_from(calendars))

    rules = {
        "targets": {priority: target(priority) for priority in ("P1", "P2", "P3", "P4")},
        "paused_by": draw(st.sampled_from(((), ("client",), ("client", "vendor")))),
        "on_raise": draw(st.sampled_from(("earlier_of", "earlier_of", "carry", "recalculate", "restart"))),
        "on_lower": draw(st.sampled_from(("recalculate", "recalculate", "keep"))),
        "on_reopen": draw(st.sampled_from(("continue", "continue", "restart"))),
        "thresholds": (50, 75, 90),
    }
    return Clock(**{**rules, **fixed})


@dataclass
class Status:
    """What a ticket's status allows next, in the order in which things were so."""

    priority: str = ""
    waiting: bool = False
    waited: bool = False
    solved: bool = False
    over: bool = False

    def takes(self, event: Event) -> bool:
        """Whether the event can happen now; if so it has."""
        if self.over:
            return False
        match event:
            case Opened():
                self.priority = event.priority
            case Paused():
                self.waiting = self.waited = True
                return not self.solved
            case Resumed(key=str()):
                return self.waited
            case Resumed():
                was, self.waiting = self.waiting, False
                return was
            case Solved():
                was, self.solved, self.waiting = self.solved, True, False
                return not was
            case Reopened():
                was, self.solved = self.solved, False
                return was
            case PriorityChanged():
                was, self.priority = self.priority, event.to
                return was != event.to
            case Responded() | Updated():
                return not self.solved
            case Closed():
                self.over = True
                return self.solved
            case Cancelled():
                self.over = True
                return not self.solved
            case Merged():
                self.over = event.into is not None
                return not self.solved
        return True


def can_happen(story: list[Event]) -> bool:
    """Whether the events follow from one another when told in the order in which they were so."""
    start = story[0].at
    status = Status()
    timeline = sorted(enumerate(story), key=lambda pair: (max(pair[1].at, start), pair[0]))
    return all(status.takes(event) for _, event in timeline)


@st.composite
def stories(draw, place, start, clock, *, most=8, backdated=True, merged=True):
    """A story of up to `most` acts that begins at `start`."""
    priorities = st.sampled_from(("P1", "P2", "P3", "P4"))

    def proposed(at):
        likely = _LIKELY.get(type(story[-1]), ()) if draw(st.booleans()) else ()
        kind = draw(st.sampled_from(likely or (_KINDS if merged else _ALONE)))
        if kind is Paused:
            until = draw(st.one_of(st.none(), GAPS))
            return Paused(at, on=draw(st.sampled_from(("client", "client", "vendor", "parts"))),
                          until=None if until is None else at + until)  # fmt: skip
        if kind is PriorityChanged:
            return PriorityChanged(at, to=draw(priorities))
        if kind is Solved:
            return Solved(at, answers=draw(st.integers(0, 4)) > 0)
        if kind is Updated:
            promised = draw(st.one_of(st.none(), st.none(), GAPS))
            return Updated(at, promised=None if promised is None else at + MINUTE + promised)
        if kind is Merged:
            return Merged(at, promises=(draw(_promises(place, clock, at)),))
        if kind == "deadline on record":
            wait = draw(st.integers(1, len(story)))
            return Resumed(at, key=f"wait@{wait}")
        if kind == "merged away":
            return Merged(at, into="another")
        return Escalated(at, to="L2") if kind is Escalated else kind(at)

    late = draw(GAPS) if draw(st.integers(0, 3)) == 0 else timedelta(0)
    recorded_at = start + late
    story = [Opened(start, priority=draw(priorities), recorded_at=recorded_at)]
    for _ in range(draw(st.integers(0, most))):
        if draw(st.integers(0, 4)):  # else the same act goes on
            recorded_at += draw(GAPS)
        back = draw(GAPS) if backdated and draw(st.integers(0, 4)) == 0 else timedelta(0)
        event = replace(proposed(recorded_at - back), recorded_at=recorded_at)
        if can_happen([*story, event]):
            story.append(event)
    return story


_ALONE = (Paused, Paused, Resumed, Resumed, PriorityChanged, PriorityChanged, PriorityChanged, Solved, Solved, Reopened,
          Reopened, Responded, Updated, Escalated, Noted, Closed, Cancelled,
          "deadline on record")  # fmt: skip
_LIKELY = {
    Solved: (Reopened, Reopened, PriorityChanged, Closed),
    Paused: (Resumed, Solved, Paused, PriorityChanged),
    Reopened: (Solved, Paused, PriorityChanged),
    PriorityChanged: (Paused, Solved, PriorityChanged),
}
_KINDS = (*_ALONE, Merged, "merged away")


@st.composite
def _promises(draw, place, clock, at):
    calendar = draw(st.sampled_from((*place.calendars, ALWAYS)))
    hours = st.integers(0, 600).map(lambda minutes: minutes * MINUTE)
    budget, since, used = MINUTE + draw(hours), at - draw(hours), draw(hours)
    return Promise(clock.name, "P2", budget, calendar, since, consumed=used, origin="merged")


@st.composite
def told(draw, *, most=8, backdated=True, merged=True, whole=False, **fixed):
    """A story, a clock and a now that is not before the opening was put on record; now may lie between minutes.

    `whole`: now is not before anything was put on record.
    """
    place, start = draw(places())
    clock = draw(clocks(place, **fixed))
    story = draw(stories(place, start, clock, most=most, backdated=backdated, merged=merged))
    base = story[-1].recorded_at if whole else draw(st.sampled_from([event.recorded_at for event in story]))
    grain = draw(st.sampled_from((0, 0, 0, 1, 30_000_000)))
    return story, clock, base + draw(GAPS) + timedelta(microseconds=grain)
