"""Is the promise kept, and until when can it be?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from tocsin.core.backdating import Heard, prevented, told
from tocsin.core.commitment import BadClock, Clock, Target
from tocsin.core.dial import Reading
from tocsin.core.event import Corrected, Event, in_order, utc

__all__ = ["BadClock", "Clock", "Reading", "Target", "as_corrected", "fold", "fold_all", "prevented", "read"]


def read(story: Iterable[Event], clock: Clock, *, now: datetime) -> Reading:
    """Read the clock at the end of a story of events, as the log stood at `now`.

    The reading is that of the current lap, `laps` holds those before. Consumed and remaining are working time
    (timedelta); due_at is an aware UTC instant, or None while paused. Nothing is stored: tell the same story twice and
    the clock reads the same. Events recorded after `now` are not known yet, those effective after it not yet so.
    A story that resumes what was never paused raises BrokenStory. (semantics 2)
    """
    now = utc(now)
    events = [event for event in in_order(story) if event.recorded_at <= now]
    if not events:
        return Reading.nothing(clock.name, now)
    return told(events, clock, now).reading(now)


def fold(events: list[Event], clock: Clock, now: datetime) -> Reading:
    """`read`, for a story that is known to be in order and on record by `now`."""
    return told(events, clock, now).reading(now)


def fold_all(events: list[Event], clocks: Mapping[str, Clock], now: datetime) -> dict[str, Reading]:
    """`fold`, for several clocks by name."""
    heard = Heard(events)
    return {name: heard.by(clock, now).reading(now) for name, clock in clocks.items()}


def as_corrected(events: list[Event], clock: Clock, now: datetime) -> Reading | None:
    """`fold`, with the approved corrections made: the figure that counts. None where none touches this clock."""
    laps = {
        (anchor, index)
        for event in events
        if type(event) is Corrected
        for name, anchor, index in event.laps
        if name == clock.name
    }
    return told(events, clock, now, put_right=laps).reading(now) if laps else None
