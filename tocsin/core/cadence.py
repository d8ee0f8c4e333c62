"""When is the client owed the next update, and who is told of a silence?

The clock `next_update` is a clock of many laps (`repeats`); what is its own is who hears of which miss. (semantics 4)
"""

from __future__ import annotations

from collections.abc import Sequence

from tocsin.core.clock import Clock, Target


def cadence(
    targets: dict[str, Target | None],
    *,
    paused_by: tuple[str, ...] = ("client",),
    warn: int = 20,
    priorities: tuple[str, ...] = (),
) -> Clock:
    """The clock of the update cadence, warning when the last `warn` percent of an interval begin."""
    return Clock(
        targets,
        paused_by,
        thresholds=(100 - warn,),
        name="next_update",
        met_by=("updated",),
        repeats=True,
        priorities=priorities,
    )


def told_of(interval: int, roles: Sequence[str] = ("comms-lead", "incident-manager")) -> str | None:
    """Which role hears that the `interval`-th interval of silence in a row has passed; the rest are only counted."""
    return roles[interval - 1] if interval <= len(roles) else None
