"""Which stories can happen on a ticket, whatever standard it was opened under?

Strategies for hypothesis. An act is drawn from what the terms know (priorities, waits, levels, pages asked), and taken
back where it could not have happened.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from tests.core.plans import numbered, settled
from tocsin.core.event import (
    Accepted,
    Acknowledged,
    BrokenStory,
    Cancelled,
    Closed,
    Done,
    Escalated,
    LineStopped,
    Noted,
    Opened,
    Paused,
    PriorityChanged,
    Reopened,
    Responded,
    Resumed,
    SentBack,
    Solved,
    Updated,
)
from tocsin.core.plan import due

MINUTE = timedelta(minutes=1)
STARTS = st.sampled_from((datetime(2026, 3, 6, 16, tzinfo=UTC), datetime(2026, 10, 24, 22, 30, tzinfo=UTC)))
GAPS = st.sampled_from((0, 0, 1, 5, 7, 15, 30, 60, 61, 240, 480, 1440, 4321)).map(lambda minutes: minutes * MINUTE)
BARE = (Responded, Updated, Noted, Accepted, SentBack, Solved, Reopened, Cancelled, Closed, LineStopped)


@st.composite
def lived(draw, terms, *, most=8):
    """A story under these terms with an engine that comes now and then, and an instant that is not before its end."""
    now = start = draw(STARTS)
    level = draw(st.sampled_from((terms.first_level, *_levels(terms))))
    story = numbered([Opened(start, priority=draw(st.sampled_from(_names(terms))), level=level)])
    for _ in range(draw(st.integers(0, most))):
        now += draw(GAPS)
        if draw(st.booleans()):
            story = settled(story, terms, now)[0]
        event = draw(_act(story, terms, now))
        if event is not None and _can_happen([*story, event], terms, now):
            story = numbered([*story, event])
    return story, now + draw(GAPS)


def _names(terms):
    """Priorities, and the kinds of ticket that have times of their own."""
    return tuple(
        dict.fromkeys((*terms.priorities, *(name for clock in terms.clocks.values() for name in clock.targets)))
    )


def _levels(terms):
    return tuple(
        step.name for ladder in terms.ladders.values() if ladder.counts_from == "level" for step in ladder.steps
    )


def _can_happen(story, terms, now):
    try:
        due(story, terms, now=now)
    except BrokenStory:
        return False
    return True


@st.composite
def _act(draw, story, terms, now):
    kind = draw(
        st.sampled_from((*BARE, Updated, Paused, Paused, Resumed, PriorityChanged, Escalated, Acknowledged, Done))
    )
    if kind is Paused:
        until = draw(st.one_of(st.none(), GAPS))
        on = draw(st.sampled_from((*terms.waits, "somebody")))
        return Paused(now, on=on, until=None if until is None else now + until + MINUTE)
    if kind is PriorityChanged:
        return PriorityChanged(now, draw(st.sampled_from(terms.priorities)))
    if kind is Escalated:
        levels = _levels(terms)
        return Escalated(now, draw(st.sampled_from(levels))) if levels else None
    if kind is Updated and draw(st.booleans()):
        return Updated(now, promised=now + draw(GAPS) + MINUTE)
    if kind in (Acknowledged, Done):
        asked = [event.key for event in story if event.key and event.key.startswith(("step/", "ask/", "again/"))]
        return kind(now, draw(st.sampled_from(asked))) if asked else None
    return kind(now)
