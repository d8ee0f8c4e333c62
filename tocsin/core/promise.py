"""What was promised, and how much of it is used?"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tocsin.core.hours import Calendar


class Promise(NamedTuple):
    """`budget` of working time on `calendar`, counted since `since`, of which `consumed` is used.

    `clock` and `priority` say whose target it was, `origin` what made it: opened, raised, merged and so on.
    (semantics 2: a lap holds one or more promises)
    """

    clock: str
    priority: str
    budget: timedelta
    calendar: Calendar
    since: datetime
    consumed: timedelta = timedelta(0)
    origin: str = "opened"

    @property
    def remaining(self) -> timedelta:
        return self.budget - self.consumed
