"""How many tickets can be planned in a second, beside folding their clocks alone?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import tocsin
from bench.measure import best_of, verdict
from tocsin.core.clock import fold
from tocsin.core.event import (
    Accepted,
    Acknowledged,
    Escalated,
    Event,
    Fired,
    Noted,
    Opened,
    Paused,
    Responded,
    Resumed,
    Updated,
)
from tocsin.core.hours import Calendar
from tocsin.core.plan import due
from tocsin.core.policy import load
from tocsin.core.terms import Terms

TITLE = "what is due on a ticket of 20 events, under field-guide"
AIM = timedelta(microseconds=100)
PRESET = Path(tocsin.__file__).parent / "policies" / "field-guide.toml"
MON_9AM = datetime(2026, 11, 16, 9, tzinfo=UTC)
LATE = timedelta(milliseconds=200)  # as the engine is: no event of its is recorded when it was so

PERSONS: list[tuple[float, Event]] = [
    (2, Acknowledged(MON_9AM, "step/page@1/primary")),
    (6, Responded(MON_9AM)),
    (7, Updated(MON_9AM)),
    (12, Noted(MON_9AM)),
    (25, Noted(MON_9AM)),
    (33, Accepted(MON_9AM)),
    (34, Updated(MON_9AM)),
    (40, Paused(MON_9AM, on="client")),
    (55, Resumed(MON_9AM)),
    (62, Updated(MON_9AM)),
]


def run(out: Callable[[str], None]) -> None:
    """Plan quiet tickets, on which nothing is due, and loud ones, on which all that an engine missed is."""
    terms = _terms()
    quiet, loud = _quiet(terms), _loud()
    now = MON_9AM + timedelta(minutes=70)
    cases = {"quiet": (quiet, now), "loud": (loud, now + timedelta(hours=4))}
    asks = {}
    for name, (story, at) in cases.items():
        asks[name, "plan"] = (lambda story, at: due(story, terms, now=at)), [(story, at)] * 100
        asks[name, "clocks"] = (
            (lambda story, at: [fold(story, c, at) for c in terms.clocks.values()]),
            [(story, at)] * 100,
        )
    speed = best_of(asks)

    out(f"{'':26}{'events':>8}{'due':>6}{'plans/s':>10}{'µs each':>10}{'four clocks alone/s':>21}{'ratio':>8}")
    for name, (story, at) in cases.items():
        plans, clocks = speed[name, "plan"], speed[name, "clocks"]
        found = len(due(story, terms, now=at).obligations)
        figures = f"{len(story):>8}{found:>6}{plans:>10,.0f}{1e6 / plans:>10.0f}{clocks:>21,.0f}{clocks / plans:>8.1f}"
        out(f"{name:26}{figures}")
    each = timedelta(seconds=1 / speed["quiet", "plan"])
    out(f"a quiet ticket takes {each / timedelta(microseconds=1):.0f} µs, aim ≤ 100 µs: {verdict(each <= AIM)}")


def _terms() -> Terms:
    office = {day: [("08:00", "18:00")] for day in ("mon", "tue", "wed", "thu", "fri")}
    return load(PRESET.read_text(), name=PRESET.name).terms(hours=Calendar("Europe/London", office))


def _quiet(terms: Terms) -> list[Event]:
    """A P1 in hand for an hour, its engine 0.2 s late each time, everything on record."""
    story: list[Event] = [Opened(MON_9AM, priority="P1", seq=1)]
    for minute in range(71):
        at = MON_9AM + timedelta(minutes=minute)
        for _, event in (pair for pair in PERSONS if pair[0] == minute):
            story.append(_placed(event, story, at=at, recorded_at=at))
        while found := due(story, terms, now=at + LATE).obligations:
            for one in found:
                kind = {"of": Escalated} if one.kind == "step" and one.subject == "functional" else {}
                made = Escalated(MON_9AM, one.step.name) if kind and one.step else Fired(MON_9AM)
                story.append(_placed(made, story, at=one.effective_at, recorded_at=at + LATE, key=one.key))
    return story


def _loud() -> list[Event]:
    """The same persons, and no engine."""
    story: list[Event] = [Opened(MON_9AM, priority="P1", seq=1)]
    for minute, event in PERSONS:
        at = MON_9AM + timedelta(minutes=minute)
        story.append(_placed(event, story, at=at, recorded_at=at))
    return story


def _placed(event: Event, story: list[Event], **changed: object) -> Event:
    return replace(event, seq=len(story) + 1, **changed)
