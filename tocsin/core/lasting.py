"""When has something lasted too long?

A priority, until a rule raises it (R1.15); an acknowledgement, until the page is sent again (R15.9), and the silence
after that. All count only while the resolution clock runs. (semantics 2 and 3)
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from tocsin.core.commitment import Clock, Target
from tocsin.core.course import Stint, Stretch
from tocsin.core.dial import Reading
from tocsin.core.ladder import falls_within
from tocsin.core.terms import RaiseRule


class Reached(NamedTuple):
    """The instant at which it is too long, and whether that has come or will if nothing else happens."""

    at: datetime
    fell_due: bool


def raised_in(
    lap: Reading, rules: Sequence[tuple[str, RaiseRule | None]], stretches: Sequence[Stretch], clocks: Sequence[Clock]
) -> Reached | None:
    """When the rule raises in this lap of the resolution clock; None if it never does, as things stand.

    It counts from when the ticket last became the rule's priority within the lap. `rules` and `clocks` are those of
    each version in turn, a rule with what it raises from; where a version has no such rule, None, time counts all the
    same and nothing falls due. (semantics 2)
    """
    assert lap.started_at is not None, "a lap has begun"
    stint: Stint | None = None
    for stretch in stretches:
        if stretch.end <= lap.started_at and stretch is not stretches[-1]:
            continue
        if lap.stopped_at is not None and stretch.start >= lap.stopped_at:
            break
        frm, rule = rules[stretch.era]
        if stretch.priority != frm:
            stint = None
            continue
        if stint is None:
            stint = Stint(stretch.anchor, stretch.start)
        if not stretch.live or stretch.on in clocks[stretch.era].paused_by:
            stint.hold(stretch.start)
            continue
        stint.go(stretch.start)
        if rule is None:
            continue
        at = _reached(stint, rule.after, stretch.start)
        if falls_within(stretch, at) or stretch is stretches[-1]:
            return Reached(at, falls_within(stretch, at))
    return None


def lasts_since(
    start: datetime,
    until: datetime | None,
    stretches: Sequence[Stretch],
    lasts: Sequence[Mapping[str, Target]],
    held_by: Sequence[Collection[str]],
) -> Reached | None:
    """When what began at `start` has lasted too long; None if a person's act at `until` or a solution comes before.

    It has the time of the priority the ticket has meanwhile; a change that makes it shorter takes effect at once.
    `lasts` and `held_by` are those of each version in turn.
    """
    stint = Stint(0, start)
    for stretch in stretches:
        since = max(stretch.start, start)
        last = stretch is stretches[-1]
        if stretch.end < since or (stretch.end == since and not last):
            continue
        if not stretch.live or (until is not None and until <= since):
            break
        if stretch.on in held_by[stretch.era]:
            stint.hold(since)
            continue
        stint.go(since)
        wait = lasts[stretch.era].get(stretch.priority)
        if wait is None:
            continue
        at = _reached(stint, wait, since)
        if until is not None and until <= at:
            continue
        if falls_within(stretch, at) or last:
            return Reached(at, falls_within(stretch, at))
    return None


def _reached(stint: Stint, wait: Target, since: datetime) -> datetime:
    """When so much has passed; what a change brings about is not before the change."""
    duration, calendar = wait
    at = stint.reach(calendar, calendar.budget(stint.start, duration))
    assert at is not None, "a stint that goes on reaches everything"
    return max(at, since)
