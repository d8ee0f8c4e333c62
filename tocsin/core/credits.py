"""What share of a month's fee does a ticket cost us whose guarantee was broken?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from tocsin.core.dial import Reading
from tocsin.core.terms import Terms


class Credit(NamedTuple):
    """`percent` of the month's fee, earned when the guarantee of `clock` for the `priority` was broken."""

    percent: Decimal
    at: datetime
    clock: str
    priority: str


def earned(readings: Mapping[str, Reading], terms: Terms) -> Credit | None:
    """The credit a ticket earns the client under its standard, None where it earns none.

    Only a guarantee earns one, by the priority for which it was made: a ticket that is raised or lowered afterwards
    owes no other. A ticket is one event and earns one credit however many of its guarantees were broken: the greatest,
    of equal ones the first. (R2.15)
    """
    agreed = terms.practice.credits
    if agreed is None:
        return None
    found = []
    for name, by_priority in agreed.by_clock.items():
        if name not in terms.clocks or terms.clocks[name].kind != "guarantee" or name not in readings:
            continue
        for lap in (*readings[name].laps, readings[name]):
            if lap.breached_at is not None and lap.broken is not None and by_priority.get(lap.broken.priority):
                priority = lap.broken.priority
                found.append(Credit(by_priority[priority], lap.breached_at, name, priority))
    return min(found, key=lambda credit: (-credit.percent, credit.at), default=None)


def owed(percents: Iterable[Decimal], cap: Decimal) -> Decimal:
    """What a client's credits of one month come to, in percent of that month's fee: no more than the cap."""
    return min(sum(percents, Decimal(0)), cap)


def shown(percent: Decimal) -> str:
    """As a person writes it: "12.5 %", without zeros that say nothing."""
    return f"{percent.normalize():f} %"
