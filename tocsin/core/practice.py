"""What does a standard say of how the work is done, besides its times?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tocsin.core.clock import Target
from tocsin.core.duration import Duration
from tocsin.core.stage import Stage


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of ticket that has times of its own: what it is, and what it looks like. (R1.9)"""

    name: str
    title: str
    calendar: str
    summary: str = ""
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Level:
    """Somebody who works on tickets: duties, skills, what they may do without asking and what they may not.

    `approval` is what an escalation to it needs, where it needs one; `decides` says that a decision is taken there.
    (R4.1, R4.13, R4.14)
    """

    name: str
    title: str
    duties: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    may_not: tuple[str, ...] = ()
    approval: str = ""
    decides: bool = False


@dataclass(frozen=True, slots=True)
class Service:
    """A service and its weight: the answer assumed to the input `matrix.weighed_by`, unless a contract says another."""

    name: str
    title: str
    weight: str = ""


@dataclass(frozen=True, slots=True)
class Approval:
    """What needs approval (`when`), which roles give it or give it in their place, and how long it can be asked for.

    In an emergency of these priorities those of `emergency_by` act first and are approved afterwards. Nobody approves
    what they asked for themselves, whatever they hold.
    """

    name: str
    title: str
    when: tuple[str, ...]
    by: tuple[str, ...]
    delegates: tuple[str, ...] = ()
    expires: Target | None = None
    emergency_by: tuple[str, ...] = ()
    emergency_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Activity:
    """Which roles or levels do it, which one answers for it, which are asked before and told after. (R17.1)"""

    name: str
    title: str
    responsible: tuple[str, ...]
    accountable: str
    consulted: tuple[str, ...] = ()
    informed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """Something decided by a role of ours or a level, who is asked at the client, and what is waited for. (R4.8)"""

    name: str
    title: str
    to: str
    examples: tuple[str, ...] = ()
    asks: str = ""
    waits: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """How long after the solution a ticket is reviewed, and how deep: full or short. (R9.5)"""

    within: Target
    depth: str = "full"


@dataclass(frozen=True, slots=True)
class Rating:
    """What the client is asked when it is over, from 1 to `scale`, and how long after it was closed. (R8.5)"""

    question: str
    scale: int
    asked_after: Target


@dataclass(frozen=True, slots=True)
class Credits:
    """What a broken guarantee costs of the month's fee, in percent, and the most that a month's come to. (R2.15)

    by_clock: clock → priority → percent.
    """

    cap: Decimal
    by_clock: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)
    uptime: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Uptime:
    """How much of a month or year services are up, from when on, and what does not count as down. (R3.1)"""

    percent: Decimal
    period: str
    kind: str = "target"
    includes: tuple[str, ...] = ()
    exclusions: tuple[str, ...] = ()
    applies_after: Target | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """An amount an hour in the currency, or percent of what the person earns in an ordinary hour."""

    amount: Decimal
    of_ordinary: bool = False


@dataclass(frozen=True, slots=True)
class PayRule:
    """What an hour is paid, by day; the least that is paid, by phone too; where the rule stands, seen when. (R15.10)"""

    ordinary: Rate
    weekend: Rate
    holiday: Rate
    source: str
    as_of: date
    minimum: Duration | None = None
    by_phone: Duration | None = None


@dataclass(frozen=True, slots=True)
class Overtime:
    """From how many hours a week they are flagged, and what those above are paid."""

    limit: Duration
    rate: Rate
    source: str
    as_of: date


@dataclass(frozen=True, slots=True)
class Pay:
    """What being on call is paid: `standby` an hour of being ready, `call_in` an hour of work. (R15.5, semantics 7)"""

    currency: str
    standby: PayRule | None = None
    call_in: PayRule | None = None
    overtime: Overtime | None = None
    time_in_lieu: bool = False


@dataclass(frozen=True, slots=True)
class Drills:
    """How often it is rehearsed, and whether people know beforehand. (R20.1)"""

    every: str
    announced: bool = True


@dataclass(frozen=True, slots=True)
class Practice:
    """All of it; what the document does not say is empty or None.

    closing: kind of record → what has to be on record. reviews: by priority. documentation: what counts how much, 100
    together.
    """

    kinds: Mapping[str, Kind] = field(default_factory=dict)
    levels: Mapping[str, Level] = field(default_factory=dict)
    services: Mapping[str, Service] = field(default_factory=dict)
    stages: tuple[Stage, ...] = ()
    raci: Mapping[str, Activity] = field(default_factory=dict)
    approvals: Mapping[str, Approval] = field(default_factory=dict)
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    closing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reviews: Mapping[str, Review] = field(default_factory=dict)
    rating: Rating | None = None
    credits: Credits | None = None
    uptime: Uptime | None = None
    documentation: Mapping[str, int] = field(default_factory=dict)
    pay: Pay | None = None
    drills: Drills | None = None
