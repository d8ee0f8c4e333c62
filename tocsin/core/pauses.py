"""Which waits deserve a second look, for what they did to a clock or for whom nobody asked? (R2.12)

Nobody is accused: a wait that begins when a promise is nearly lost may be what it says. It is for a person to see.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from tocsin.core.clock import Clock, fold
from tocsin.core.event import (
    Cancelled,
    Closed,
    Event,
    Merged,
    Paused,
    Responded,
    Resumed,
    Solved,
    Updated,
    in_order,
    utc,
)
from tocsin.core.plan import time_of
from tocsin.core.terms import Terms

NEARLY: Final = 90  # percent of a promise
BEFORE: Final = timedelta(hours=1)  # so long before a wait a message still belongs to it, and so long after its begin
WRITTEN: Final = (Responded, Updated)
ENDS: Final = (Paused, Resumed, Solved, Closed, Cancelled, Merged)


@dataclass(frozen=True, slots=True)
class Suspect:
    """A wait to be looked at: which event began it (`seq`), when, for whom, until when (None: it goes on), and why."""

    seq: int
    at: datetime
    on: str
    until: datetime | None
    why: tuple[str, ...]


def suspects(story: Iterable[Event], terms: Terms, *, now: datetime) -> list[Suspect]:
    """The waits of a ticket that are to be looked at, in their order.

    One that began in the last tenth of the time promised, on a clock which it stops; and one for the client of which
    the client read nothing, from an hour before it began until it ended. A wait for others may be asked for by ways
    that no log sees. What began within the last hour may yet be asked for.
    """
    now = utc(now)
    events = [event for event in in_order(story) if event.recorded_at <= now]
    found = []
    for place, event in enumerate(events):
        if type(event) is Paused and event.at <= now:
            until = _until(event, events[place + 1 :], now)
            why = (*_late(event, events[:place], terms.clocks.values()), *_silent(event, events, terms, until, now))
            if why:
                found.append(Suspect(event.seq, event.at, event.on, until, why))
    return found


def _until(paused: Paused, later: Iterable[Event], now: datetime) -> datetime | None:
    """When the wait was over, by an act or by its own deadline; None while it goes on."""
    ends = [event.at for event in later if type(event) in ENDS]
    if paused.until is not None and paused.until <= now:
        ends.append(paused.until)
    return max(min(ends), paused.at) if ends else None


def _late(paused: Paused, before: list[Event], clocks: Iterable[Clock]) -> Iterator[str]:
    """The clocks that it stopped when nearly all of what was promised was used, and not yet all of it."""
    for clock in clocks:
        if paused.on not in clock.paused_by or not before:
            continue
        reading = fold(before, clock, paused.at)
        whole = reading.consumed + reading.remaining
        if reading.state == "running" and reading.remaining > timedelta(0) and whole * NEARLY <= reading.consumed * 100:
            yield f"it began when {int(reading.consumed / whole * 100)} % of the {time_of(clock.name)} was used"


def _silent(paused: Paused, events: list[Event], terms: Terms, until: datetime | None, now: datetime) -> Iterator[str]:
    """Whether the client is waited for and was told nothing."""
    wait = terms.waits.get(paused.on)
    if wait is None or not wait.ended_by_reply or (until is None and now < paused.at + BEFORE):
        return
    end = now if until is None else until
    if not any(type(event) in WRITTEN and paused.at - BEFORE <= event.at <= end for event in events):
        yield "the client was told nothing, from an hour before it began " + (
            "until it ended" if until else "until now"
        )
