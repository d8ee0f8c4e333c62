"""What are the rules of one promise to the client?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from tocsin.core.duration import Duration
from tocsin.core.hours import Calendar

Target = tuple[Duration, Calendar]
_NUMBERED = re.compile(r"\D*(\d+)\Z")


class BadClock(ValueError):
    """A clock that could not be kept: the sentence says which part and why."""


@dataclass(frozen=True, eq=False)
class Clock:
    """The rules of one promise to the client, for every priority.

    `targets` maps a priority to (Duration, Calendar), most severe first unless `priorities` gives the order; a
    priority that is missing or None is promised nothing. `paused_by` lists the parties whose wait stops it,
    `thresholds` percents of a budget (0.5 is read as 50), `met_by` what fulfils it, the first being its own act: a
    clock met by `solved` alone goes on when the ticket is reopened. `repeats` makes each fulfilment begin the next lap
    (semantics 4). `kind` is target or guarantee. `earlier`: what it was before each time the ticket was moved to
    another version. (semantics 2)
    """

    targets: Mapping[str, Target | None]
    paused_by: tuple[str, ...] = ()
    on_raise: Literal["earlier_of", "carry", "recalculate", "restart"] = "earlier_of"
    on_lower: Literal["recalculate", "keep"] = "recalculate"
    on_reopen: Literal["continue", "restart"] = "continue"
    thresholds: tuple[int, ...] = ()
    name: str = field(default="resolution", kw_only=True)
    met_by: tuple[str, ...] = field(default=("solved",), kw_only=True)
    repeats: bool = field(default=False, kw_only=True)
    priorities: tuple[str, ...] = field(default=(), kw_only=True)
    kind: Literal["target", "guarantee"] = field(default="target", kw_only=True)
    earlier: tuple[Clock, ...] = field(default=(), kw_only=True, repr=False)  # before each move, the first first

    def __post_init__(self) -> None:
        targets = {priority: _target(priority, target) for priority, target in self.targets.items()}
        object.__setattr__(self, "targets", targets)
        for what in ("paused_by", "met_by", "priorities"):
            if isinstance(getattr(self, what), str):
                raise BadClock(f"{what} is the text {getattr(self, what)!r}: list it, as in ({getattr(self, what)!r},)")
        object.__setattr__(self, "paused_by", frozenset(self.paused_by))
        object.__setattr__(self, "thresholds", tuple(sorted({_percent(share) for share in self.thresholds})))
        _one_of("on_raise", self.on_raise, ("earlier_of", "carry", "recalculate", "restart"))
        _one_of("on_lower", self.on_lower, ("recalculate", "keep"))
        _one_of("on_reopen", self.on_reopen, ("continue", "restart"))

    def severity(self, priority: str) -> tuple[int, int]:
        """Where the priority stands: the lower, the more severe."""
        if priority in self.priorities:
            return (0, self.priorities.index(priority))
        numbered = _NUMBERED.match(priority)
        if numbered:
            return (0, int(numbered[1]))
        known = list(self.targets)
        return (0, known.index(priority)) if priority in known else (1, 0)


def _percent(share: float) -> int:
    """The percent meant by 75, 75.0 or 0.75, so that its key is the same however it was written."""
    percent = round(share * 100 if share < 1 or (share == 1.0 and isinstance(share, float)) else share, 6)
    if percent <= 0:
        raise BadClock(f"a threshold is {share!r}: it is a percent above zero, such as 75")
    return int(percent) if percent == int(percent) else percent  # type: ignore[return-value]  # 33.3 is one too


def _target(priority: str, target: Target | None) -> Target | None:
    if target is None:
        return None
    duration, calendar = target
    if duration.amount <= 0:
        raise BadClock(f"the target for {priority} is {duration}: a target is above zero; promise nothing with None")
    if duration.is_days and calendar.is_always:
        raise BadClock(f"the target for {priority} counts business days round the clock: use hours, or a calendar")
    return duration, calendar


def _one_of(what: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise BadClock(f"{what} is {value!r}: it is one of {', '.join(allowed)}")
