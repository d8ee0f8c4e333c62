"""What does a ticket's row show, given its story?

Pure, so that `tocsin verify` can ask again: the same story and terms give the same row.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tocsin.core import plan
from tocsin.core.agenda import must_by
from tocsin.core.clock import as_corrected
from tocsin.core.dial import Reading
from tocsin.core.event import (
    Acknowledged,
    Cancelled,
    Closed,
    Corrected,
    Event,
    Merged,
    Opened,
    Reopened,
    Solved,
    by_staff,
)
from tocsin.core.plan import Plan
from tocsin.core.stage import walk
from tocsin.core.terms import Terms

MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Projection:
    """The columns of a ticket that its story decides; `reading` is JSON text."""

    priority: str
    status: str
    pending_on: str
    level: str
    asked_level: str
    stage: str
    solved_at: datetime | None
    closed_at: datetime | None
    look_at: datetime | None
    next_at: datetime | None
    reading: str


def project(story: list[Event], terms: Terms, *, planned: Plan) -> Projection:
    """The row of a ticket whose story was planned (`planned`) as of its last event."""
    status, pending_on, solved_at, closed_at = _status(story)
    standing = planned.standing.standing if planned.standing else None
    opened = story[0]
    level = standing.level if standing else opened.level if isinstance(opened, Opened) else ""
    return Projection(
        planned.priority,
        status if status != "open" else ("pending" if planned.waits_on else _touched(story)),
        planned.waits_on or pending_on,
        level,
        standing.question.to if standing and standing.question else "",
        walk(terms.stages, story).at if terms.stages else "",
        solved_at,
        closed_at,
        planned.look_at,
        must_by(planned),
        said(planned.readings, _corrected(story, terms, planned.now)),
    )


def at_last_event(story: list[Event], terms: Terms, *, head_at: datetime) -> Projection:
    """The row as it is stored: taken at the instant at which the last event was recorded. (semantics 2)"""
    return project(story, terms, planned=plan.due(story, terms, now=head_at))


def _status(story: list[Event]) -> tuple[str, str, datetime | None, datetime | None]:
    status, solved_at, closed_at = "open", None, None
    for event in story:
        kind = type(event)
        if kind is Solved:
            if status == "open":
                status, solved_at = "solved", event.at
        elif kind is Reopened:
            status, solved_at = "open", None
        elif kind is Closed:
            status, closed_at = "closed", event.at
        elif kind is Cancelled:
            status, closed_at = "cancelled", event.at
        elif kind is Merged and event.into is not None:  # type: ignore[attr-defined]
            status, closed_at = "merged", event.at
    return status, "", solved_at, closed_at


def _touched(story: list[Event]) -> str:
    """New until somebody of ours has done something on it."""
    acts = (event for event in story[1:] if by_staff(event) and type(event) is not Acknowledged)
    return "in progress" if next(acts, None) is not None else "new"


def _corrected(story: list[Event], terms: Terms, now: datetime | None) -> dict[str, Reading]:
    """The readings that approved corrections have moved, by clock."""
    if now is None or not any(type(event) is Corrected for event in story):
        return {}
    moved = {name: as_corrected(story, clock, now) for name, clock in terms.clocks.items()}
    return {name: reading for name, reading in moved.items() if reading is not None}


def said(readings: dict[str, Reading], corrected: dict[str, Reading]) -> str:
    """The readings as JSON text: instants ISO, working time in microseconds, earlier laps by verdict.

    Where an approved correction has moved one, "corrected" stands in it: the reading that counts. (semantics 9)
    """
    told = {name: _said(reading) for name, reading in readings.items()}
    for name, reading in corrected.items():
        told[name]["corrected"] = _said(reading)
    return json.dumps(told, sort_keys=True, separators=(",", ":"))


def _said(reading: Reading) -> dict[str, Any]:
    laps: dict[str, int] = {}
    for lap in reading.laps:
        laps[lap.verdict] = laps.get(lap.verdict, 0) + 1
    return {
        "state": reading.state,
        "verdict": reading.verdict,
        "consumed_us": reading.consumed // MICROSECOND,
        "remaining_us": reading.remaining // MICROSECOND,
        "started_at": _iso(reading.started_at),
        "due_at": _iso(reading.due_at),
        "breached_at": _iso(reading.breached_at),
        "met_at": _iso(reading.met_at),
        "stopped_at": _iso(reading.stopped_at),
        "anchor": reading.anchor,
        "laps": laps,
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
