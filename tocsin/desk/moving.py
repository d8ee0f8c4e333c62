"""How is an open ticket worked by another version of a standard from now on?

By hand, by whoever may approve a correction, with a reason, and after looking at what it moves. What was used of each
clock goes along; what is on record stays. Undoing it is moving it back. (semantics 2: what is agreed changes)
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from tocsin.core import plan
from tocsin.core.dial import Reading
from tocsin.core.event import Event, Moved
from tocsin.core.moving import after
from tocsin.core.plan import Plan
from tocsin.core.policy import BadPolicy
from tocsin.core.terms import Terms
from tocsin.desk.backdating import held, may_further
from tocsin.desk.board import LIVE
from tocsin.desk.refusal import Refusal
from tocsin.desk.ticket import Ticket
from tocsin.desk.timeline import act, possible, story_of
from tocsin.directory.person import Person
from tocsin.standard.terms import NothingAgreed, moves_of, terms_for, terms_of
from tocsin.standard.version import PolicyVersion

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """A clock of the ticket as it reads now, and as it would read if the ticket were moved now."""

    clock: str
    before: Reading
    after: Reading

    @property
    def breaks(self) -> bool:
        """Whether it is kept so far, and would be broken by the move."""
        return self.before.verdict != "breached" and self.after.verdict == "breached"

    @property
    def moves(self) -> bool:
        """Whether anything about it would be otherwise."""
        one, other = self.before, self.after
        return (one.due_at, one.state, one.verdict, one.remaining) != (
            other.due_at,
            other.state,
            other.verdict,
            other.remaining,
        )


@dataclass(frozen=True, slots=True)
class Preview:
    """What moving the ticket now would do: each clock before and after, and the steps whose time has gone by.

    `refusal` is why it cannot be moved, with what to do; "" where it can.
    """

    ticket: Ticket
    version: PolicyVersion
    changes: tuple[Change, ...] = ()
    left_out: tuple[str, ...] = ()
    refusal: str = ""

    @property
    def breaks(self) -> bool:
        return any(change.breaks for change in self.changes)


def preview(
    ticket: Ticket,
    version: PolicyVersion,
    *,
    now: datetime,
    priorities: Names | None = None,
    levels: Names | None = None,
) -> Preview:
    """What moving it to the version at this instant would do; nothing is stored."""
    try:
        story, before = story_of(ticket), terms_of(ticket)
        now = max(now, ticket.head_at) if ticket.head_at else now
        with possible(ticket):
            was = plan.due(story, before, now=now)
        new = _fitting(ticket, version, was, now=now, priorities=priorities or {}, levels=levels or {})
        moved = _event(before, new, now, priorities or {}, levels or {})
        terms = after(before, new)
        with possible(ticket):
            will = plan.due([*story, moved], terms, now=now)
    except Refusal as refusal:
        return Preview(ticket, version, refusal=str(refusal))
    nothing = Reading.nothing
    clocks = [Change(name, was.readings.get(name) or nothing(name, now), will.readings[name]) for name in will.readings]
    recorded = {event.key for event in story if event.key}
    return Preview(ticket, version, tuple(clocks), tuple(_left_out(will, terms, recorded)))


def move(
    ticket: Ticket,
    version: PolicyVersion,
    *,
    by: Person | str,
    why: str,
    now: datetime,
    priorities: Names | None = None,
    levels: Names | None = None,
) -> None:
    """The ticket is worked by the version from now on, and its log says who moved it and why.

    `priorities` and `levels` say what those it has are called there, where the names differ. Refusal where the version
    knows no priority or level of that name, where nobody says why, or where the contract does not fit it.
    """
    actor = by if isinstance(by, str) else by.actor
    with act(ticket, by=actor, now=now) as done:
        mine, before = done.ticket, done.terms
        _may(mine, before, by, at=done.now)
        if not why.strip():
            raise Refusal("Say why it is moved: its promises change, and the client may ask.")
        was = plan.due(done.story, before, now=done.now)
        new = _fitting(mine, version, was, now=done.now, priorities=priorities or {}, levels=levels or {})
        moved = _event(before, new, done.now, priorities or {}, levels or {})
        moves = [*json.loads(mine.moves), [mine.policy_version_id, version.pk, done.now.isoformat()]]
        done.record(moved, policy_version=version.pk, from_version=mine.policy_version_id, reason=why.strip())
        done.change(policy_version=version, moves=json.dumps(moves))
        done.terms = terms_of(mine)


def move_back(ticket: Ticket, *, by: Person | str, why: str, now: datetime) -> None:
    """The ticket is worked by the version it had before it was moved the last time, under the names it had there."""
    moves = moves_of(ticket.moves)
    if not moves:
        raise Refusal(f"{ticket.number} was never moved: there is nothing to undo.")
    version = PolicyVersion.objects.get(pk=moves[-1].was)
    priorities, levels = _names_back(story_of(ticket), terms_of(ticket))
    move(ticket, version, by=by, why=why, now=now, priorities=priorities, levels=levels)


def _names_back(story: list[Event], terms: Terms) -> tuple[Names, Names]:
    """What priorities and levels were called before the last move.

    Where several became one it is again what the ticket had; of what it did not have, the most severe and the lowest.
    """
    place = max(place for place, event in enumerate(story) if isinstance(event, Moved))
    last, before = story[place], replace(terms.earlier[-1], earlier=terms.earlier[:-1])
    assert isinstance(last, Moved)
    had = plan.due(story[:place], before, now=last.recorded_at)
    standing = had.standing.standing if had.standing else None
    names, levels = dict(last.priorities), dict(last.levels)
    asked = standing.question.to if standing and standing.question else ""
    return (
        _inverse(names, before.priorities, had.priority),
        _inverse(levels, before.practice.levels, asked, standing.level if standing else ""),
    )


def _inverse(names: Names, order: Iterable[str], *had: str) -> Names:
    """New → old, where several are one the first in the order, but before all others what it had."""
    back = {names.get(old, old): old for old in (*names, *reversed(list(order)), *had)}
    return {new: old for new, old in back.items() if new != old}


def _may(ticket: Ticket, terms: Terms, by: Person | str, *, at: datetime) -> None:
    if isinstance(by, Person) and not held(by, terms, ticket, at=at):
        raise Refusal(
            f"A ticket is moved by the {may_further(terms)} "
            f"({terms.policy} {terms.version}, rules.backdating_by), and {by} is not."
        )


def _fitting(
    ticket: Ticket, version: PolicyVersion, was: Plan, *, now: datetime, priorities: Names, levels: Names
) -> Terms:
    """What the version means under the contract as it is now. Raises Refusal, by name.

    Every level that has the ticket, is asked for it, or would have it again if it were sent back is known there.
    """
    if ticket.imported:
        raise Refusal(f"{ticket.number} is imported history: nobody works on it, so it is not moved.")
    if ticket.status not in LIVE:
        raise Refusal(f"{ticket.number} is {ticket.status}: only what is open is moved.")
    try:
        terms = terms_for(ticket.client, ticket.service, version, at=now)
    except (BadPolicy, NothingAgreed) as error:
        raise Refusal(f"{ticket.number}: {version} does not fit the contract of {ticket.client}: {error}") from error
    known = [*terms.priorities, *(name for clock in terms.clocks.values() for name in clock.targets)]
    _called("priority", ticket.priority, priorities, dict.fromkeys(known), ticket, version)
    ladder = next((each for each in terms.ladders.values() if each.counts_from == "level"), None)
    if ladder is not None:
        steps = dict.fromkeys((terms.first_level, *ladder.places))
        lower = [level for level, _ in was.standing.lower] if was.standing else []
        for level in filter(None, (ticket.level, ticket.asked_level, *lower)):
            _called("level", level, levels, steps, ticket, version)
    return terms


def _called(
    what: str, name: str, names: Names, known: Mapping[str, object], ticket: Ticket, version: PolicyVersion
) -> None:
    called = names.get(name, name)
    if called not in known:
        raise Refusal(
            f"{ticket.number} has the {what} {name}, and {version} has none called {called}: "
            f"say which of {', '.join(known)} it becomes."
        )


def _event(before: Terms, new: Terms, now: datetime, priorities: Names, levels: Names) -> Moved:
    return Moved(
        now,
        version=f"{new.policy} {new.version}",
        was=f"{before.policy} {before.version}",
        priorities=tuple(sorted(priorities.items())),
        levels=tuple(sorted(levels.items())),
    )


def _left_out(will: Plan, terms: Terms, recorded: set[str]) -> Iterator[str]:
    """The steps that the version would have asked before now, and does not ask any more."""
    asked = recorded | {due.key for due in will.obligations} | {coming.key for coming in will.ahead}
    for ladder in terms.ladders.values():
        if will.waits_on in ladder.paused_by or ladder.until_acknowledged or not ladder.steps:
            continue
        steps = ladder.climbed.get(will.priority, ())
        if ladder.counts_from == "level":
            standing = will.standing.standing if will.standing else None
            step = ladder.above(standing.level, will.priority) if standing and not standing.question else None
            steps = (step,) if step else ()
        for step in steps:
            if not any(key.startswith(f"step/{ladder.name}@") and key.endswith(f"/{step.name}") for key in asked):
                whom = terms.titles.get(step.to, step.to)
                yield f"{ladder.name} ladder: {whom}, due {step.after[will.priority][0]} after it began"
