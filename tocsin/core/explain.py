"""Why does a clock show what it shows?

The words that screens, API and reports share, so that the same clock is explained the same way everywhere. (R2.11)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from tocsin.core.dial import Entry, Reading
from tocsin.core.terms import Terms

TITLES = {
    "response": "First response",
    "resolution": "Resolution",
    "client_notified": "Client told",
    "next_update": "Next client update",
}
ZERO = timedelta(0)


@dataclass(frozen=True, slots=True)
class Span:
    """One line of a clock's explanation: from `start` to `end` (UTC), why, and how much of it counted."""

    start: datetime
    end: datetime
    why: str
    counted: timedelta


def name_of(clock: str) -> str:
    """What people call a clock."""
    return TITLES.get(clock) or clock.replace("_", " ").capitalize()


def headline(reading: Reading) -> str:
    """How it stands, in a few words: 3:36:12 left, met in 3 min, broken by 10 min, paused."""
    if reading.state == "void" or reading.binding is None:
        return "nothing promised"
    if reading.verdict == "met":
        return f"met in {spoken(reading.consumed)}"
    if reading.state == "paused":
        return f"paused, {_left(reading)}"
    if reading.verdict == "breached" and reading.state == "stopped":
        return f"broken by {spoken(-reading.remaining)}" if reading.remaining < ZERO else "broken"
    return _left(reading)


def _left(reading: Reading) -> str:
    left = reading.remaining
    if reading.overdue_since is not None:
        return f"missed {len(reading.missed)} ×, {length(left)} until the next is counted"
    return f"{length(left)} left" if left >= ZERO else f"{length(-left)} over"


def length(span: timedelta) -> str:
    """3:36:12; from a hundred hours on without the seconds."""
    seconds = int(span.total_seconds())
    hours, minutes = seconds // 3600, seconds % 3600 // 60
    return f"{hours}:{minutes:02} h" if hours >= 100 else f"{hours}:{minutes:02}:{seconds % 60:02}"


def spoken(span: timedelta) -> str:
    """42 s, 3 min, 6 min 12 s, 2 h 05 min: exact to the second; days are hours here, as clocks count."""
    seconds = int(span.total_seconds())
    hours, minutes, rest = seconds // 3600, seconds % 3600 // 60, seconds % 60
    if hours:
        return f"{hours} h {minutes:02} min" + (f" {rest:02} s" if rest else "")
    return " ".join(
        part for part in (f"{minutes} min" if minutes else "", f"{rest} s" if rest or not minutes else "") if part
    )


def promised(reading: Reading, terms: Terms) -> str:
    """What was promised, and by what: 4h for P1 round the clock, by field-guide 3."""
    promise, clock = reading.binding, terms.clocks[reading.name]
    source = f"by {terms.policy} {terms.version}"
    if promise is None:
        return f"nothing, {source}"
    hours = "round the clock" if promise.calendar.is_always else f"on {promise.calendar.name or promise.calendar.zone}"
    target = clock.targets.get(promise.priority)
    much = str(target[0]) if target is not None and target[1] == promise.calendar else length(promise.budget)
    return f"{'every ' if clock.repeats else ''}{much} for {promise.priority} {hours}, {source}"


def spans(reading: Reading) -> Iterator[Span]:
    """Every span of the lap and why it counted or not; what counted adds up to what is used.

    Before it the intervals of the same silence that were missed: none of their time counts on.
    """
    for lap in reading.missed:
        if lap.started_at is not None and lap.breached_at is not None:
            yield Span(lap.started_at, lap.breached_at, _missed(lap), ZERO)
    for entry in reading.ledger:
        yield Span(entry.start, entry.end, _why(entry), entry.counted)


def _missed(lap: Reading) -> str:
    promise = lap.binding
    return f"missed: {length(promise.budget)} for {promise.priority}, counted anew from there" if promise else "missed"


def _why(entry: Entry) -> str:
    if entry.kind == "paused":
        return f"paused: waiting for {entry.reason}" if entry.reason != "paused" else "paused"
    if entry.kind == "solved":
        return "solved, not counted"
    return entry.reason
