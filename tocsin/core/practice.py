"""What does a standard say of how the work is done, besides its times?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tocsin.core.clock import Target
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
class Practice:
    """All of it."""

    kinds: Mapping[str, Kind] = field(default_factory=dict)
    levels: Mapping[str, Level] = field(default_factory=dict)
    services: Mapping[str, Service] = field(default_factory=dict)
    stages: tuple[Stage, ...] = ()
    approvals: Mapping[str, Approval] = field(default_factory=dict)
