"""In which words is it told how well something is explained?"""

from __future__ import annotations

from datetime import timedelta

from tocsin.core.infer.doubts import Fit, Range
from tocsin.core.infer.search import Promise, Supposed


def span(length: timedelta) -> str:
    """The length in hours and minutes, rounded down to the minute: 3h 51m."""
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    return f"{hours}h {minutes:02}m" if hours else f"{minutes}m"


def between(bounds: Range) -> str:
    """The targets within the bounds, in words."""
    low, high = bounds
    if low is None or high is None:
        known = f"from {span(low)}" if low is not None else f"below {span(high)}" if high is not None else "at all"
        return f"any {known}"
    return f"any from {span(low)} to below {span(high)}"


def promised(promise: Promise) -> str:
    """The target and what it counts on: 5bd, Mon–Fri 08:00–18:00."""
    return f"{promise.target.text if promise.target else 'nothing promised'}, {promise.hours.title}"


def percent(part: int, whole: int) -> str:
    """The share, cut (never rounded up) to a tenth."""
    return f"{part * 1000 // whole / 10:.1f} %" if whole else "no data"


def waits(supposed: Supposed) -> str:
    """Which waits hold the clock."""
    return ", ".join(sorted(supposed.waits)) or "none"


def fitted(fit: Fit) -> list[str]:
    """How a priority is explained and what cannot be told of it, a sentence each."""
    found = [
        f"{fit.right:,} of {fit.count:,} answers explained ({percent(fit.right, fit.count)}); "
        f"always the commoner answer: {percent(fit.majority, fit.count)}."
    ]
    if fit.promise.target is not None:
        found.append(f"As good: {between(fit.same)}. Cannot be refused: {between(fit.possible)}.")
    if fit.as_good:
        others = "; ".join(promised(other) for other in fit.as_good[:3])
        more = f"; and {len(fit.as_good) - 3} more" if len(fit.as_good) > 3 else ""
        found.append(f"Not told apart from: {others}{more}.")
    return [*found, *fit.doubts]
