"""What is a duty of a ticket that has fallen due, one that is ahead, and the plan that names them all?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from tocsin.core.dial import Reading
from tocsin.core.ladder import Step
from tocsin.core.levels import Climb


@dataclass(frozen=True, slots=True)
class Obligation:
    """Something that must be done or put on record, once.

    `key` is unique on its ticket: kind[/subject]@anchor[/step]. `effective_at`: the instant at which it fell due.
    kind: threshold, breach, wait, raise, step, ask, resend, unaccepted, missed, exhausted, again, close. `subject` is
    the clock, ladder or rule, `step` the rung where there is one, `to` the role, level or priority it leads to.
    `moot`: log it, tell nobody. `reason` is a sentence for whoever asks why.
    """

    key: str
    effective_at: datetime
    kind: str
    reason: str
    subject: str = ""
    step: Step | None = None
    to: str = ""
    moot: bool = False
    anchor: int = 0
    interval: int = 1
    percent: int = 0


class Coming(NamedTuple):
    """Something that falls due at `at` if nothing else happens before: an obligation's key, kind, subject and step."""

    at: datetime
    key: str
    kind: str
    subject: str = ""
    step: Step | None = None
    to: str = ""
    percent: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """What is due, in order of `effective_at`, and the instant to look again (None: nothing can fall due by itself).

    `next_at` is the instant to look once all of that is on record, as long as none of it changes what the plan rests
    on. `ahead` is what comes then, in no order; `undone` the acts that were missed and may still be done.
    """

    obligations: tuple[Obligation, ...]
    look_at: datetime | None
    readings: dict[str, Reading]
    standing: Climb | None = None
    priority: str = ""
    waits_on: str = ""
    next_at: datetime | None = None
    now: datetime | None = None
    ahead: tuple[Coming, ...] = ()
    undone: tuple[Coming, ...] = ()
