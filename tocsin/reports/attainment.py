"""How many promises were kept, by priority and clock, and how long did it take?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from tocsin.core import metrics

NOT_RECORDED = "not recorded"
NOTE = (
    "Attainment is met / (met + breached), cut to a tenth; what runs or waits is in neither. Median and p90 (nearest"
    " rank): elapsed time from reporting to the act that met the clock."
)
_HEAD = ("priority", "clock", "met", "breached", "running", "attainment", "median", "p90")


@dataclass(frozen=True, slots=True)
class Line:
    """The laps of one clock at one priority.

    `running` counts those without a verdict yet, paused ones too; void ones are in no figure. `times` holds how long
    each ticket took that the clock was met or broken on, once it was stopped. `recorded` is false where no ticket tells
    what would stop the clock, as with the first response of imported ones: no figure is made of that. (semantics 9)
    """

    priority: str
    clock: str
    met: int = 0
    breached: int = 0
    running: int = 0
    times: Sequence[timedelta] = ()
    recorded: bool = True


def cells(line: Line) -> tuple[str, ...]:
    """The line as it is shown, in the order of the table's head."""
    if not line.recorded:
        return (line.priority, line.clock, NOT_RECORDED, "", "", "", "", "")
    return (
        line.priority,
        line.clock,
        f"{line.met:,}",
        f"{line.breached:,}",
        f"{line.running:,}",
        metrics.percent(metrics.attainment(line.met, line.breached)),
        metrics.hours(metrics.median(line.times)),
        metrics.hours(metrics.percentile(line.times, 90)),
    )


def table(lines: Iterable[Line]) -> str:
    """The lines under their head as text in columns, words to the left, figures to the right; then what they mean."""
    rows = [_HEAD, *(cells(line) for line in lines)]
    if len(rows) == 1:
        return metrics.NO_DATA
    # What is not recorded is a sentence that runs on over the columns it has no figures for.
    widths = [max(len(row[column]) for row in rows if row[column] != NOT_RECORDED) for column in range(len(_HEAD))]
    return "\n".join([*(_aligned(row, widths) for row in rows), "", NOTE])


def _aligned(row: tuple[str, ...], widths: Sequence[int]) -> str:
    words = [cell.ljust(width) for cell, width in zip(row[:2], widths[:2], strict=True)]
    figures = [cell.rjust(width) for cell, width in zip(row[2:], widths[2:], strict=True)]
    return "  ".join([*words, NOT_RECORDED] if NOT_RECORDED in row else [*words, *figures]).rstrip()
