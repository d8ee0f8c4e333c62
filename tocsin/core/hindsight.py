"""What falls due between acts that are known already, each thing at its own instant?

One planning of the end, in place of one at every instant: what does not change the story is told as it would have been
on time, and a functional ladder is climbed as its times run out. Where more than that happens at one instant, or a
rule raises, an instant is named at which to look as the engine does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from tocsin.core.course import Stretch
from tocsin.core.dial import Reading
from tocsin.core.event import Closed, Escalated, Event, Fired, Noted, Opened, Resumed
from tocsin.core.ladder import Ladder
from tocsin.core.levels import Climb, works
from tocsin.core.performed import escalation, escalation_key
from tocsin.core.plan import GRAIN, Obligation, Planner
from tocsin.core.terms import Terms

ROOM = 1 << 20  # places between two acts whose own are not known yet
AFTER_THE_END = (Noted, Closed, Fired)


class Line(NamedTuple):
    """An obligation, the instant at which the engine puts it on record, and whether it is moot by then.

    `events` are as what, where that is more than its key.
    """

    at: datetime
    due: Obligation
    moot: bool
    events: tuple[Event, ...]


class Foreseen(NamedTuple):
    """What falls due, in order, before `care`: the first instant that needs a look of its own, None where none does.

    `first` is the place of the first act that was yet to come.
    """

    lines: list[Line]
    care: datetime | None
    first: int
    readings: Mapping[str, Reading]


def foresee(past: Sequence[Event], acts: Sequence[Event], terms: Terms, *, now: datetime) -> Foreseen:
    """What falls due up to `now` on a ticket whose `past` is on record and whose `acts` are known to come."""
    planner = _Hindsight([*past, *acts], terms, now, acts)
    planned = planner.plan()
    lines = planner.lines()
    first = acts[0].seq if acts else 0
    return Foreseen(lines, planner.care, first, planned.readings)


class _Hindsight(Planner):
    """A planning that performs what it finds on its functional ladder, and notes where it must not go on."""

    def __init__(self, events: list[Event], terms: Terms, now: datetime, acts: Sequence[Event]) -> None:
        super().__init__(events, terms, now)
        self.acts = acts
        self.instants = {act.recorded_at for act in acts}
        self.begins = events[0].recorded_at if acts and acts[0] is events[0] else None
        self.care: datetime | None = None
        self.made: dict[str, tuple[Event, ...]] = {}
        self.checked = 0

    def lines(self) -> list[Line]:
        """Everything that falls due before `care`, in the order in which the engine does it."""
        self._check()
        found = [(self._performed_at(due), due.effective_at, place, due) for place, due in enumerate(self.due)]
        found.sort(key=lambda each: each[:3])
        lines = []
        for at, _, _, due in found:
            if self.care is not None and at >= self.care:
                break
            moot = due.kind == "wait" and not self._stretch_at(due.effective_at).live
            lines.append(Line(at, due, moot, self.made.get(due.key) or _record_of(due)))
        return lines

    def _performed_at(self, due: Obligation) -> datetime:
        """When the engine does it: at once, though not before the ticket is there; a breach is true just after it."""
        at = due.effective_at + GRAIN if due.kind == "breach" else due.effective_at
        return self.begins if self.begins is not None and at < self.begins else at

    def _stop_at(self, at: datetime) -> None:
        if self.begins is not None and at < self.begins:
            at = self.begins
        if self.care is None or at < self.care:
            self.care = at

    def _check(self) -> None:
        """What was found since it was last asked is gone through for what needs a look of its own."""
        for due in self.due[self.checked :]:
            at = self._performed_at(due)
            if due.kind == "raise" or at in self.instants or due.effective_at in self.instants:
                self._stop_at(due.effective_at if due.effective_at in self.instants else at)
            elif due.kind == "close" and any(
                act.recorded_at > at and type(act) not in AFTER_THE_END for act in self.acts
            ):
                self._stop_at(at)
        self.checked = len(self.due)

    def _priority_at(self, at: datetime) -> str:
        """It was told on time, so of the priority which the ticket had then."""
        return self._stretch_at(at).priority

    def _stretch_at(self, at: datetime) -> Stretch:
        return next((each for each in reversed(self.stretches) if each.start <= at), self.last)

    # -- the functional ladder, climbed as its times run out

    def _level_ladder(self, ladder: Ladder) -> Climb:
        self._check()
        opened = self.ordered[0]
        assert isinstance(opened, Opened)
        leads = sorted(
            (due for due in self.due if due.kind == "threshold" and self._leads(due)),
            key=lambda due: due.effective_at,
        )
        moves, done = list(self.moves), set(self.recorded)
        last: datetime | None = None
        while True:
            standing = works(ladder, opened, self.stretches, moves, self.now)
            up = next((r for r in standing.rungs if r.kind in ("step", "unaccepted") and r.key not in done), None)
            lead = leads[0] if leads and (up is None or leads[0].effective_at <= up.at) else None
            if lead is not None:
                at = lead.effective_at
            elif up is not None:
                at = up.at
            else:
                break
            more = any(rung.at == at and (lead is not None or rung is not up) for rung in standing.rungs)
            if more or at in self.instants or at == last or (self.begins is not None and at <= self.begins):
                self._stop_at(at)
            if self.care is not None and at >= self.care:
                break
            last = at
            if lead is not None:
                leads.pop(0)
                to = escalation(lead, self.terms, self._standing(ladder, opened, moves, at))
                if to is None:
                    continue
                made = Escalated(at, to, seq=self._room(at), key=escalation_key(lead))
                self.made[lead.key] = (Fired(at, key=lead.key), made)
            else:
                assert up is not None and up.step is not None
                made = Escalated(at, up.step.name, seq=self._room(at), key=up.key)
                self.made[up.key] = (made,)
                done.add(up.key)
            moves.append(made)
            moves.sort(key=lambda move: (max(move.at, opened.at), move.seq))
        for rung in standing.rungs:
            if rung.key not in self.recorded:
                self._rung(ladder, rung)
        return standing

    def _leads(self, due: Obligation) -> bool:
        action = self.terms.threshold(due.subject, due.percent)
        return action is not None and action.escalate is not None

    def _room(self, at: datetime) -> int:
        """A place behind everything that is on record by then."""
        before = [act.seq for act in self.acts if act.recorded_at <= at]
        after = (
            before[-1] if before else self.acts[0].seq - ROOM if self.acts else (len(self.events) // ROOM + 1) * ROOM
        )
        return after + 1 + len(self.made)

    def _standing(self, ladder: Ladder, opened: Opened, moves: Sequence[Event], at: datetime) -> Climb:
        """Where the ticket stood at an instant at which nobody did anything."""
        return works(ladder, opened, _until(self.stretches, at), [move for move in moves if move.at <= at], at)


def _until(stretches: Sequence[Stretch], at: datetime) -> list[Stretch]:
    """The stretches as they were known then."""
    known = [stretch for stretch in stretches if stretch.start <= at]
    return [*known[:-1], replace(known[-1], end=at, kept=True)]


def _record_of(due: Obligation) -> tuple[Event, ...]:
    """As what it is on record where that is more than its key."""
    if due.kind == "wait":
        return (Resumed(due.effective_at, key=due.key),)
    if due.kind == "close":
        return (Closed(due.effective_at, key=due.key),)
    return ()


__all__ = ["ROOM", "Foreseen", "Line", "foresee"]
