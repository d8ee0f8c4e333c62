"""What do many clocks come to, in one figure?

Every figure of nothing is None, which is shown as "no data": never as 100 %, and never as zero. (semantics 9)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from fractions import Fraction

NO_DATA = "no data"


def attainment(met: int, breached: int) -> Fraction | None:
    """The part of the promises that was kept in time: met / (met + breached), exactly."""
    decided = met + breached
    return Fraction(met, decided) if decided else None


def percent(part: Fraction | None) -> str:
    """The part as "97.3 %", cut, not rounded: one breach among ten thousand is not 100 %."""
    if part is None:
        return NO_DATA
    tenths = part.numerator * 1000 // part.denominator
    return f"{tenths // 10}.{tenths % 10} %"


def mean(times: Sequence[timedelta]) -> timedelta | None:
    """The arithmetic mean."""
    return sum(times, timedelta()) / len(times) if times else None


def median(times: Iterable[timedelta]) -> timedelta | None:
    """The middle one in order of length; of an even number, the mean of the middle two."""
    ordered = sorted(times)
    if not ordered:
        return None
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def percentile(times: Iterable[timedelta], share: int) -> timedelta | None:
    """The shortest of the times that at least `share` percent of them do not exceed (nearest rank); p90 is share 90."""
    if not 0 < share <= 100:
        raise ValueError(f"a percentile is above 0 and at most 100, not {share}")
    ordered = sorted(times)
    rank = -(-share * len(ordered) // 100)
    return ordered[rank - 1] if ordered else None


def hours(time: timedelta | None) -> str:
    """The time as "13.6 h", below an hour as "48 min"."""
    if time is None:
        return NO_DATA
    if abs(time) < timedelta(hours=1):
        return f"{round(time / timedelta(minutes=1))} min"
    return f"{time / timedelta(hours=1):.1f} h"
