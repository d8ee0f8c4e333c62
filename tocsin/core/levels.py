"""Who works on it, and when must they ask for help?

The functional ladder: each step names the level that gets the ticket after so long at the level before. (semantics 3,
R4)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tocsin.core.course import Stint, Stretch
from tocsin.core.event import Accepted, BrokenStory, Escalated, Event, Opened, SentBack
from tocsin.core.ladder import Ladder, Rung, Step, Wait


@dataclass(slots=True)
class Question:
    """An escalation that waits to be accepted: from level `frm`, asked by the event `anchor` at `at`."""

    frm: str
    to: str
    anchor: int
    at: datetime
    stint: Stint


@dataclass(slots=True)
class Standing:
    """Where a ticket stands on its functional ladder."""

    level: str
    stint: Stint
    left: timedelta | None = None
    question: Question | None = None
    sent_back: int = 0


class Climb:
    """A functional ladder while the story is told."""

    def __init__(self, ladder: Ladder, opened: Opened) -> None:
        self.ladder = ladder
        self.names = [step.name for step in ladder.steps]
        self.standing = Standing(opened.level, Stint(opened.seq, opened.at))
        self.from_levels: list[tuple[str, timedelta | None]] = []
        self.rungs: list[Rung] = []
        self.ahead: list[datetime] = []
        self.priority = opened.priority
        self.changed_at = opened.at
        self.live = True
        self.held = False

    def told(self, stretches: list[Stretch], events: list[Event], now: datetime) -> Climb:
        """The story is told up to `now`: `rungs` have fallen due, the instants in `ahead` will."""
        start = stretches[0].start
        moves = [event for event in events if type(event) in (Escalated, Accepted, SentBack)]
        moves = [event for event in moves if event.at <= now]
        turns: list[tuple[datetime, int, int, Stretch | Event]] = [
            *((stretch.start, 0, stretch.anchor, stretch) for stretch in stretches),
            *((max(event.at, start), 1, event.seq, event) for event in moves),
        ]
        turns.sort(key=lambda turn: turn[:3])
        for at, _, _, what in turns:
            if isinstance(what, Stretch):
                self._enter(what, at)
            elif self.live:
                self._move(what, at)
        self._fall_due(now, inclusive=True, final=True)
        self.rungs.sort(key=lambda rung: rung.at)
        return self

    # -- stretches

    def _enter(self, stretch: Stretch, at: datetime) -> None:
        first = stretch.opens and stretch.anchor == self.standing.stint.anchor
        if not first and self.live:
            self._fall_due(at, inclusive=stretch.live and stretch.priority == self.priority)
        if stretch.priority != self.priority:
            self.priority, self.changed_at = stretch.priority, at
        if stretch.opens and not first:
            self.standing = Standing(self.standing.level, Stint(stretch.anchor, at))
        self.live = stretch.live
        self.held = not stretch.live or stretch.on in self.ladder.paused_by
        stints = [self.standing.stint] if self.standing.question is None else [self.standing.question.stint]
        for stint in stints:
            if self.held:
                stint.hold(at)
            else:
                stint.go(at)
        if not stretch.live:
            self.standing.question = None

    # -- moves

    def _move(self, event: Event, at: datetime) -> None:
        if isinstance(event, Escalated):
            self._escalated(event, at)
        elif isinstance(event, Accepted):
            self._accepted(event, at)
        elif isinstance(event, SentBack):
            self._sent_back(event, at)

    def _escalated(self, event: Escalated, at: datetime) -> None:
        asked = self.standing.question
        have = asked.to if asked else self.standing.level
        if event.to == have or self._index(event.to) < self._index(have):
            return
        self._fall_due(at, inclusive=True, by=event)
        standing = self.standing
        standing.stint.hold(at)
        step = self._step(event.to)
        if step is not None and step.accept is not None and self.priority in step.accept:
            stint = Stint(event.seq, at)
            if not self.held:
                stint.go(at)
            frm = asked.frm if asked else standing.level
            standing.question = Question(frm, event.to, event.seq, at, stint)
        else:
            self._take(event.to, event.seq, at)

    def _accepted(self, event: Accepted, at: datetime) -> None:
        asked = self.standing.question
        if asked is None:
            return
        self._fall_due(at, inclusive=False)
        self._take(asked.to, event.seq, at)

    def _take(self, level: str, anchor: int, at: datetime) -> None:
        self.from_levels.append((self.standing.level, self._left(at)))
        self.standing = Standing(level, self._stint(anchor, at), sent_back=self.standing.sent_back)

    def _sent_back(self, event: SentBack, at: datetime) -> None:
        standing = self.standing
        if standing.question is not None:
            self._fall_due(at, inclusive=False)
            level, left = standing.level, self._left(at)
        elif self.from_levels:
            self._fall_due(at, inclusive=False)
            level, left = self.from_levels.pop()
        else:
            raise BrokenStory(f"event {event.seq} sends back what nobody escalated")
        self.standing = Standing(level, self._stint(event.seq, at), left, sent_back=standing.sent_back + 1)

    def _stint(self, anchor: int, at: datetime) -> Stint:
        stint = Stint(anchor, at)
        if not self.held:
            stint.go(at)
        return stint

    # -- time

    def _next(self, level: str) -> Step | None:
        """The step after `level` for this priority."""
        index = self._index(level)
        return next((step for step in self.ladder.steps[index + 1 :] if self.priority in step.after), None)

    def _index(self, level: str) -> int:
        return self.names.index(level) if level in self.names else -1

    def _step(self, level: str) -> Step | None:
        return self.ladder.steps[self._index(level)] if level in self.names else None

    def _left(self, at: datetime) -> timedelta | None:
        """What a level that had the ticket gets when it comes back: what was left, or a quarter, whichever is more."""
        step = self._next(self.standing.level)
        if step is None:
            return None
        duration, calendar = step.after[self.priority]
        whole = calendar.budget(self.standing.stint.start, duration)
        mine = self.standing.left if self.standing.left is not None else whole
        return max(mine - self.standing.stint.used(calendar, at), whole / 4)

    def _due(self) -> tuple[datetime, Step] | None:
        """When the level that has the ticket must have passed it on, as things stand, and to whom."""
        step = self._next(self.standing.level)
        if step is None:
            return None
        duration, calendar = step.after[self.priority]
        stint = self.standing.stint
        budget = self.standing.left if self.standing.left is not None else calendar.budget(stint.start, duration)
        at = stint.reach(calendar, budget)
        return (max(at, self.changed_at) if at > stint.start else at, step) if at is not None else None

    def _fall_due(self, to: datetime, *, inclusive: bool, final: bool = False, by: Event | None = None) -> None:
        """What time alone has brought about by `to`, before something happens there, is among the rungs."""
        asked = self.standing.question
        if asked is not None:
            self._ask_again(asked, to, inclusive=inclusive, final=final, by=by)
            return
        due = self._due()
        if due is None or not self.live:
            return
        at, step = due
        if at < to or (inclusive and at == to):
            moot = not final or self.held
            taken = by is not None and by.key == f"step/{self.ladder.name}@{self.standing.stint.anchor}/{step.name}"
            why = f"{self.standing.level} has had it for its whole time"
            self.rungs.append(Rung("step", at, self.standing.stint.anchor, step, moot and not taken, why))
        elif final and not self.held:
            self.ahead.append(at)

    def _ask_again(self, asked: Question, to: datetime, *, inclusive: bool, final: bool, by: Event | None) -> None:
        step = self._step(asked.to)
        wait: Wait | None = step.accept if step else None
        if step is None or wait is None or self.priority not in wait:
            return
        duration, calendar = wait[self.priority]
        budget = calendar.budget(asked.at, duration)
        nxt = self._next(asked.to)
        for kind, share in (("resend", budget), ("unaccepted" if nxt else "exhausted", 2 * budget)):
            at = asked.stint.reach(calendar, share)
            if at is None:
                return
            if at < to or (inclusive and at == to):
                moot = (not final or self.held) and not (
                    by is not None and by.key == f"{kind}/{self.ladder.name}@{asked.anchor}"
                )
                why = f"{asked.to} has not accepted it within {duration}" + (
                    " of being asked again" if kind != "resend" else ""
                )
                self.rungs.append(
                    Rung(kind, at, asked.anchor, nxt if kind == "unaccepted" and nxt else step, moot, why)
                )
            elif final and not self.held:
                self.ahead.append(at)
                return


def works(ladder: Ladder, stretches: list[Stretch], events: list[Event], now: datetime) -> Climb:
    """The functional ladder at the end of a story; `events` are in the order of what was so."""
    opened = events[0]
    if not isinstance(opened, Opened):
        raise BrokenStory("a story begins with Opened")
    return Climb(ladder, opened).told(stretches, events, now)
