"""Who works on it, and when must they ask for help?

The functional ladder: each step names the level that gets the ticket after so long at the one before. (semantics 3, R4)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from tocsin.core.course import Stint, Stretch
from tocsin.core.duration import Duration
from tocsin.core.event import Accepted, BrokenStory, Escalated, Event, Moved, Opened, SentBack
from tocsin.core.hours import Calendar
from tocsin.core.ladder import Ladder, Rung, Step, renamed, rung_key


class Turns:
    """The turns a level had at the ticket before it came back, this one the latest.

    What they used together is worked out once a calendar, however often it came back.
    """

    __slots__ = ("_used", "earlier", "start", "stint")

    def __init__(self, earlier: Turns | None, stint: Stint) -> None:
        self.earlier = earlier
        self.stint = stint
        self.start: datetime = earlier.start if earlier is not None else stint.start
        self._used: dict[Calendar, timedelta] = {}

    def used(self, calendar: Calendar) -> timedelta:
        """The working time of all of them; each must be over."""
        uncounted: list[Turns] = []
        turn: Turns | None = self
        while turn is not None and calendar not in turn._used:
            uncounted.append(turn)
            turn = turn.earlier
        used = turn._used[calendar] if turn is not None else timedelta(0)
        for turn in reversed(uncounted):
            used += turn.stint.used(calendar)
            turn._used[calendar] = used
        return used


@dataclass(slots=True)
class Question:
    """An escalation that waits to be accepted: from level `frm`, asked by the event `anchor` at `at`.

    `resent_at`: when it was due to be sent again; `over`: which of unaccepted and exhausted came after that.
    """

    frm: str
    to: str
    anchor: int
    at: datetime
    stint: Stint
    resent_at: datetime | None = None
    over: Literal["", "unaccepted", "exhausted"] = ""


@dataclass(slots=True)
class Standing:
    """Where a ticket stands on its functional ladder: which level has it, and who is asked to take it.

    `stint` is the time the level has had it, `before` what it had before it was sent back to it. `passed` are the steps
    that have fallen due since, each once; `gone` those whose time had gone by, for a priority, when the ticket was
    moved to the version that has them.
    """

    level: str
    stint: Stint
    before: Turns | None = None
    question: Question | None = None
    sent_back: int = 0
    passed: set[str] = field(default_factory=set)
    gone: set[tuple[str, str]] = field(default_factory=set)


class Climb:
    """A functional ladder while the story is told."""

    def __init__(self, ladder: Ladder, opened: Opened) -> None:
        self.eras = (*ladder.earlier, ladder)
        self.era = 0
        self.moved: list[Moved] = []
        self.ladder = self.eras[0]
        self.standing = Standing(opened.level, Stint(opened.seq, opened.at))
        self.lower: list[tuple[str, Turns]] = []
        self.rungs: list[Rung] = []
        self.of: list[Standing | Question] = []
        self.by_time: set[int] = set()
        self.ahead: list[Rung] = []
        self.stretch: Stretch | None = None
        self.priority = opened.priority
        self.live = True
        self.since: datetime | None = None  # from when on it climbs, None while it is held
        self.had_since = opened.at  # when it got the priority it has

    def told(self, stretches: Sequence[Stretch], moves: Sequence[Event], now: datetime) -> Climb:
        """The story is told up to `now`: `rungs` have fallen due, those in `ahead` will next if nothing else happens.

        Of what happens at one instant, `moves` (in order) come after the turns of the course.
        """
        start, told = stretches[0].start, 0
        self.moved = [event for event in moves if isinstance(event, Moved)]
        for stretch in stretches:
            while told < len(moves) and max(moves[told].at, start) < stretch.start:
                self._move(moves[told], max(moves[told].at, start))
                told += 1
            self._enter(stretch)
        for event in moves[told:]:
            if event.at <= now:
                self._move(event, max(event.at, start))
        if self.since is not None:
            self._fall_due(now, final=True)
        for rung, of in zip(self.rungs, self.of, strict=True):
            rung.moot = self._moot(rung, of)
        self.rungs.sort(key=lambda rung: rung.at)
        return self

    # -- stretches

    def _enter(self, stretch: Stretch) -> None:
        at = stretch.start
        if self.stretch is not None:
            self._fall_due(at, inclusive=self.stretch.kept)
        before, priority = self.era, self.priority
        while self.era < min(stretch.era, len(self.eras) - 1):
            priority = self._rebase(priority)
        if priority != stretch.priority or stretch.opens:
            self.had_since = at
        self.stretch, self.priority, self.live = stretch, stretch.priority, stretch.live
        standing = self.standing
        if stretch.opens and stretch.anchor != standing.stint.anchor:
            standing = self.standing = Standing(standing.level, Stint(stretch.anchor, at), sent_back=standing.sent_back)
        elif not stretch.live:
            standing.question = None
        held = not stretch.live or stretch.on in self.ladder.paused_by
        self.since = None if held else at
        stint = standing.question.stint if standing.question is not None else standing.stint
        if held:
            stint.hold(at)
        else:
            stint.go(at)
        asked = standing.question
        if asked is not None and not self._asks(asked.to):
            self._take(asked.to, asked.anchor, at)
        elif asked is None and self.era != before:
            self._leave_out(at)

    def _rebase(self, priority: str) -> str:
        """It is the next version's ladder from here on; returns what the priority is called there."""
        move = self.moved[self.era]
        names, levels = dict(move.priorities), dict(move.levels)
        self.era += 1
        self.ladder = self.eras[self.era]
        for rung in self.rungs:
            rung.step = renamed(rung.step, names)
        standing = self.standing
        standing.level = levels.get(standing.level, standing.level)
        standing.passed = {levels.get(level, level) for level in standing.passed}
        standing.gone = {(levels.get(level, level), names.get(each, each)) for level, each in standing.gone}
        if (asked := standing.question) is not None:
            asked.frm, asked.to = levels.get(asked.frm, asked.frm), levels.get(asked.to, asked.to)
        self.lower = [(levels.get(level, level), turns) for level, turns in self.lower]
        return names.get(priority, priority)

    def _leave_out(self, at: datetime) -> None:
        """A step of the new version whose time had gone by at the move is not fired. (semantics 3)"""
        standing, step = self.standing, self._next(self.standing.level)
        if step is not None and step.name not in standing.passed:
            up = self._time_is_up(standing, *step.after[self.priority])
            if up is not None and max(up, self.had_since) < at:
                standing.gone.add((step.name, self.priority))

    # -- moves

    def _move(self, event: Event, at: datetime) -> None:
        if not self.live:
            return
        if isinstance(event, Escalated):
            self._escalated(event, at)
        elif isinstance(event, Accepted):
            self._accepted(event, at)
        elif isinstance(event, SentBack):
            self._sent_back(event, at)

    def _escalated(self, event: Escalated, at: datetime) -> None:
        standing, asked = self.standing, self.standing.question
        have = asked.to if asked else standing.level
        if event.to == have or self._index(event.to) < self._index(have):
            return
        self._fall_due(at)
        standing.stint.hold(at)
        if self._asks(event.to):
            frm = asked.frm if asked else standing.level
            standing.question = Question(frm, event.to, event.seq, at, self._stint(event.seq, at))
        else:
            self._take(event.to, event.seq, at)
        step = self._step(event.to)
        if step is not None:
            if event.key is not None:
                self.by_time.add(event.seq)
            why = f"{asked.frm if asked else have} has escalated it to {event.to}"
            self.rungs.append(Rung(rung_key("ask", self.ladder, event.seq), "ask", at, event.seq, step, why=why))
            self.of.append(self.standing.question or self.standing)

    def _accepted(self, event: Accepted, at: datetime) -> None:
        asked = self.standing.question
        if asked is not None:
            self._fall_due(at)
            self._take(asked.to, event.seq, at)

    def _take(self, level: str, anchor: int, at: datetime) -> None:
        standing = self.standing
        self.lower.append((standing.level, Turns(standing.before, standing.stint)))
        self.standing = Standing(level, self._stint(anchor, at), sent_back=standing.sent_back)

    def _sent_back(self, event: SentBack, at: datetime) -> None:
        standing = self.standing
        if standing.question is None and not self.lower:
            raise BrokenStory(f"event {event.seq} sends back what nobody escalated")
        self._fall_due(at)
        if standing.question is not None:
            level, before = standing.level, Turns(standing.before, standing.stint)
        else:
            level, before = self.lower.pop()
        self.standing = Standing(level, self._stint(event.seq, at), before, sent_back=standing.sent_back + 1)

    def _stint(self, anchor: int, at: datetime) -> Stint:
        stint = Stint(anchor, at)
        if self.since is not None:
            stint.go(at)
        return stint

    # -- time

    def _next(self, level: str) -> Step | None:
        """The step after `level` for this priority."""
        return self.ladder.above(level, self.priority)

    def _index(self, level: str) -> int:
        return self.ladder.places.get(level, -1)

    def _step(self, level: str) -> Step | None:
        place = self._index(level)
        return self.ladder.steps[place] if place >= 0 else None

    def _asks(self, level: str) -> bool:
        """Whether the level must accept it first; one that is passed through at once is not asked."""
        step, after = self._step(level), self._next(level)
        through = after is not None and not after.after[self.priority][0].amount
        return step is not None and step.accept is not None and self.priority in step.accept and not through

    def _fall_due(self, to: datetime, *, inclusive: bool = True, final: bool = False) -> None:
        """What time alone has brought about by `to`, before something happens there, is among the rungs."""
        if self.since is None:
            return
        if self.standing.question is not None:
            self._wait_on(self.standing.question, to, inclusive=inclusive, final=final)
            return
        standing, step = self.standing, self._next(self.standing.level)
        if step is None or step.name in standing.passed or (step.name, self.priority) in standing.gone:
            return
        at = self._time_is_up(standing, *step.after[self.priority])
        why = f"{standing.level} has had it for its whole time"
        if self._falls_due("step", at, standing, step, why, to, inclusive=inclusive, final=final):
            standing.passed.add(step.name)

    def _time_is_up(self, standing: Standing, duration: Duration, calendar: Calendar) -> datetime | None:
        """When the level has had all its time; sent back, what was left of it or a quarter, whichever is more."""
        before, stint = standing.before, standing.stint
        if before is None:
            return stint.reach(calendar, calendar.budget(stint.start, duration))
        whole = calendar.budget(before.start, duration)
        return stint.reach(calendar, max(whole - before.used(calendar), whole / 4))

    def _wait_on(self, asked: Question, to: datetime, *, inclusive: bool, final: bool) -> None:
        """Not accepted in time, it is sent again; not accepted in as long again, it goes further, or nowhere."""
        step = self._step(asked.to)
        assert step is not None and step.accept is not None
        duration, calendar = step.accept[self.priority]
        budget = calendar.budget(asked.at, duration)
        why = f"{asked.to} has not accepted it in {duration}"
        if asked.resent_at is None:
            at = asked.stint.reach(calendar, budget)
            asked.resent_at = self._falls_due("resend", at, asked, step, why, to, inclusive=inclusive, final=final)
            if asked.resent_at is None:
                return
        if not asked.over:
            after = self._next(asked.to)
            kind: Literal["unaccepted", "exhausted"] = "unaccepted" if after else "exhausted"
            at = asked.stint.reach(calendar, budget, asked.resent_at)
            why += " of being asked again"
            if self._falls_due(kind, at, asked, after or step, why, to, inclusive=inclusive, final=final):
                asked.over = kind

    def _falls_due(
        self,
        kind: str,
        at: datetime | None,
        of: Standing | Question,
        step: Step,
        why: str,
        to: datetime,
        *,
        inclusive: bool,
        final: bool,
    ) -> datetime | None:
        """The instant, if it has fallen due by `to`; if not, and nothing else happens, it is ahead.

        What a change or the end of a wait brings about is not before it.
        """
        assert at is not None and self.since is not None, "a stint that goes on reaches everything"
        at = max(at, self.since)
        due = at < to or (inclusive and at == to)
        if due or final:
            anchor = of.anchor if isinstance(of, Question) else of.stint.anchor
            key = rung_key(kind, self.ladder, anchor, step if kind == "step" else None)
            (self.rungs if due else self.ahead).append(Rung(key, kind, at, anchor, step, why=why))
        if due:
            self.of.append(of)
        return at if due else None

    def _moot(self, rung: Rung, of: Standing | Question) -> bool:
        """Whether it came too late; a wait that has begun since silences what only tells, and stops no escalation."""
        now = self.standing.question or self.standing
        if not self.live:
            return True
        if rung.kind == "ask":
            anchor = now.anchor if isinstance(now, Question) else now.stint.anchor
            silenced = self.since is None and rung.anchor in self.by_time
            return rung.anchor != anchor or silenced or bool(self.standing.passed and now is self.standing)
        if of is not now:
            return True
        if rung.kind == "step":
            return self.priority not in rung.step.after
        if rung.kind == "resend":
            return self.since is None or (isinstance(of, Question) and of.over == "unaccepted")
        return self.since is None and rung.kind == "exhausted"


def works(ladder: Ladder, opened: Opened, stretches: Sequence[Stretch], moves: Sequence[Event], now: datetime) -> Climb:
    """The functional ladder at the end of a story whose escalations, acceptances and returns are `moves`, in order."""
    return Climb(ladder, opened).told(stretches, moves, now)
