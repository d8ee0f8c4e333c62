"""What does a clock's bar show?

Working time from left to right: what is used, the thresholds as ticks, a hatched mark where it stood still.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from tocsin.core.dial import Reading
from tocsin.core.explain import headline, name_of

WARN, FULL = 50, 100
MARK = 5  # percent of the bar that a pause takes


@dataclass(frozen=True, slots=True)
class Bar:
    """Percents of the bar's width: `used`, `ticks`, where it was `paused`. `note` is a word beside the name."""

    name: str
    says: str
    used: int
    tone: str
    ticks: tuple[int, ...]
    paused: tuple[int, ...]
    note: str

    @property
    def mark(self) -> int:
        return MARK


def bar_of(reading: Reading, thresholds: tuple[int, ...] = ()) -> Bar:
    """The reading, to be looked at."""
    used = min(FULL, round(reading.used * 100))
    broken = reading.verdict == "breached" or reading.overdue_since is not None
    tone = "late" if broken else "warn" if used >= WARN and reading.verdict != "met" else ""
    ticks = tuple(percent for percent in sorted({*reading.thresholds, *reading.pending, *thresholds}) if percent < FULL)
    note = "met" if reading.verdict == "met" else "paused" if reading.state == "paused" else "broken" if broken else ""
    return Bar(name_of(reading.name), headline(reading), used, tone, ticks, _pauses(reading), note)


def _pauses(reading: Reading) -> tuple[int, ...]:
    """How much was used when each pause began."""
    if not reading.used or reading.binding is None:
        return ()
    found: list[int] = []
    so_far = timedelta(0)
    for entry in reading.ledger:
        if entry.kind == "paused":
            found.append(min(FULL - MARK, round(so_far / reading.binding.budget * 100)))
        so_far += entry.counted
    return tuple(dict.fromkeys(found))
