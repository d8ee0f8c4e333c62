"""What was agreed for this client and service?

Everything the rules need, resolved from a policy version, a contract and its overrides, and frozen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tocsin.core.clock import Clock, Target
from tocsin.core.hours import Calendar
from tocsin.core.ladder import Ladder
from tocsin.core.matrix import Matrix
from tocsin.core.practice import Practice
from tocsin.core.stage import Stage


@dataclass(frozen=True)
class RaiseRule:
    """A ticket that has been `frm` for `after` of working time of the resolution clock becomes `to`. (R1.15)"""

    name: str
    frm: str
    to: str
    after: Target


@dataclass(frozen=True)
class Wait:
    """A party a ticket may wait for: what it is called, whether a client's reply ends it, and the longest it may last.

    A wait without an end of its own ends at its `limit`; a longer one is refused.
    """

    name: str
    title: str
    ended_by_reply: bool = False
    limit: Target | None = None

    @property
    def longest(self) -> str:
        """Its limit in words; nothing where it has none."""
        if self.limit is None:
            return ""
        duration, calendar = self.limit
        return str(duration) if calendar.is_always else f"{duration} on {calendar.name}"


@dataclass(frozen=True)
class Threshold:
    """What is done when `percent` of a clock is used: `tell` a role, and `escalate` to a level unless it has it.

    (R2.5)
    """

    clock: str
    percent: int
    tell: str
    escalate: str | None = None


@dataclass(frozen=True)
class Message:
    """A text of the standard: `subject` and `body` with {placeholders}; `audience` is staff or client. (R14.1)"""

    name: str
    subject: str
    body: str
    audience: str = "staff"


@dataclass(frozen=True)
class Choice:
    """Which target applies: the winner's source in words, and the losers'. (semantics 2: which target applies)"""

    clock: str
    priority: str
    winner: str
    losers: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Terms:
    """The rules in force for one client and service; `priorities` are the most severe first."""

    policy: str
    version: str
    priorities: tuple[str, ...]
    default_priority: str
    clocks: Mapping[str, Clock]
    ladders: Mapping[str, Ladder]
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    raises: tuple[RaiseRule, ...] = ()
    waits: Mapping[str, Wait] = field(default_factory=dict)
    thresholds: tuple[Threshold, ...] = ()
    messages: Mapping[str, Message] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)  # what priorities, roles and levels are called
    client_roles: tuple[str, ...] = ()  # those the client's contacts hold
    first_level: str = "L1"
    solved_period: Target | None = None
    lowering_needs_approval_at: int = 90
    backdating_within: Target | None = None  # how far back anybody of the staff may date an act
    backdating_by: tuple[str, ...] = ()  # the roles that may date further back, and approve what that corrects
    acknowledgement_lasts: Mapping[str, Target] = field(default_factory=dict)
    update_misses_told: tuple[str, ...] = ("comms-lead", "incident-manager")
    alerts_raise: bool = False  # an alert that gets worse raises its ticket
    alerts_lower: bool = False  # one that gets milder lowers it, while no person has decided
    line_stops_when: tuple[str, ...] = ()  # the conditions of which one is enough
    bridge: str = ""  # the link or number opened when it is stopped, unless somebody says another
    line_stopped_by: tuple[str, ...] = ()  # the client's roles that may stop it; our own people always may
    choices: tuple[Choice, ...] = ()
    colours: Mapping[str, str] = field(default_factory=dict)  # priority → #rrggbb
    severities: Mapping[str, str] = field(default_factory=dict)  # an alert's severity → priority
    matrix: Matrix | None = None  # which facts qualify for which priority, where the standard says
    practice: Practice = field(default_factory=Practice)  # how the work is done besides
    stages: tuple[Stage, ...] = ()  # what the work goes through, in order, where the standard says
    earlier: tuple[Terms, ...] = ()  # those before each time the ticket was moved to another version, the first first

    def severity(self, priority: str) -> int:
        """Where the priority stands, 0 being the most severe."""
        return self.priorities.index(priority)

    def threshold(self, clock: str, percent: int) -> Threshold | None:
        """What is done at this percent of the clock, if anything."""
        return next((t for t in self.thresholds if t.clock == clock and t.percent == percent), None)
