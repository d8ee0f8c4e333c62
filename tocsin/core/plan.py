"""What is due on this ticket, and when must we look again?

Pure: (story, terms, now) in, obligations out. What is on record (an event with the obligation's key) is not due again,
whoever computes it. (semantics 10)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tocsin.core.cadence import told_of
from tocsin.core.clock import Clock, Reading, fold
from tocsin.core.course import Stint, Stretch, by_effect, course
from tocsin.core.event import Acknowledged, Event, Fired, Solved, in_order
from tocsin.core.ladder import Ladder, Rung, Step, climb
from tocsin.core.levels import Climb, works
from tocsin.core.terms import RaiseRule, Terms

GRAIN = timedelta(microseconds=1)


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


@dataclass(frozen=True, slots=True)
class Plan:
    """What is due, in order of `effective_at`, and the instant to look again (None: nothing can fall due by itself).

    `next_at` is the instant to look once all of that is on record, as long as none of it changes what the plan rests
    on.
    """

    obligations: tuple[Obligation, ...]
    look_at: datetime | None
    readings: dict[str, Reading]
    standing: Climb | None = None
    priority: str = ""
    waits_on: str = ""
    next_at: datetime | None = None


def due(story: Iterable[Event], terms: Terms, *, now: datetime) -> Plan:
    """What is due on a ticket with this story under these terms, and when something else will be.

    `look_at` is the earliest instant at which, if nothing else happens, something falls due that is not on record; it
    is past only while something is due. Events recorded after `now` are not known yet. (semantics 10)
    """
    events = [event for event in in_order(story) if event.recorded_at <= now]
    if not events:
        return Plan((), None, {})
    return _Planner(events, terms, now).plan()


class _Planner:
    """One planning: what is due and what is ahead, gathered duty by duty."""

    def __init__(self, events: list[Event], terms: Terms, now: datetime) -> None:
        self.events = events
        self.terms = terms
        self.now = now
        self.ordered = by_effect(events)
        self.recorded = {event.key for event in events if event.key is not None}
        self.stretches, self.timed_out = course(self.ordered, now)
        self.last = self.stretches[-1]
        self.due: list[Obligation] = []
        self.ahead: list[datetime] = []

    def plan(self) -> Plan:
        readings = {name: fold(self.events, clock, self.now) for name, clock in self.terms.clocks.items()}
        self._waits()
        for name, reading in readings.items():
            self._clock(name, self.terms.clocks[name], reading)
        for rule in self.terms.raises:
            self._raise(rule, readings)
        standing = None
        for ladder in self.terms.ladders.values():
            if ladder.counts_from == "level":
                standing = self._level_ladder(ladder)
            else:
                self._ladder(ladder)
        self._acknowledgements(readings)
        self._close()
        found = sorted(self.due, key=lambda obligation: obligation.effective_at)
        return Plan(
            tuple(found),
            self._look_at(found),
            readings,
            standing,
            self.last.priority,
            self.last.on or "",
            min(self.ahead, default=None),
        )

    def _look_at(self, found: list[Obligation]) -> datetime | None:
        past = [o.effective_at + GRAIN if o.kind == "breach" else o.effective_at for o in found]
        return min((*past, *self.ahead), default=None)

    def _add(
        self,
        key: str,
        at: datetime,
        kind: str,
        reason: str,
        *,
        subject: str = "",
        step: Step | None = None,
        to: str = "",
        moot: bool = False,
        anchor: int = 0,
        interval: int = 1,
        percent: int = 0,
    ) -> None:
        if key not in self.recorded:
            self.due.append(Obligation(key, at, kind, reason, subject, step, to, moot, anchor, interval, percent))

    # -- waits

    def _waits(self) -> None:
        for wait in self.timed_out:
            assert wait.until is not None
            at = max(wait.until, wait.at)
            self._add(
                f"wait@{wait.seq}", at, "wait", f"the wait for {wait.on} ended by its own deadline", subject=wait.on
            )
        if self.last.on is not None:
            wait = next(e for e in reversed(self.ordered) if e.seq == self.last.anchor or _waits_on(e, self.last.on))  # type: ignore[assignment]
            until = getattr(wait, "until", None)
            if until is not None and until > self.now:
                self.ahead.append(until)

    # -- clocks

    def _clock(self, name: str, clock: Clock, reading: Reading) -> None:
        for lap in (*reading.laps, reading):
            if not lap.anchor:
                continue
            current = lap is reading
            for percent, at in lap.thresholds.items():
                moot = not current or lap.state != "running"
                why = f"{percent} % of the {name} time is used"
                key = f"threshold/{name}@{lap.anchor}/{percent}"
                self._add(key, at, "threshold", why, subject=name, moot=moot, anchor=lap.anchor, percent=percent)
            if lap.breached_at is not None:
                key = f"breach/{name}@{lap.anchor}" + (f"/{lap.index}" if clock.repeats else "")
                told = told_of(lap.index) if clock.repeats else ""
                why = f"the {name} time was used up at {lap.breached_at:%Y-%m-%d %H:%M:%S}Z"
                moot = not self.last.live
                self._add(
                    key,
                    lap.breached_at,
                    "breach",
                    why,
                    subject=name,
                    to=told or "",
                    moot=moot,
                    anchor=lap.anchor,
                    interval=lap.index,
                )
        kept_until = reading.kept_until
        if kept_until is not None:
            self.ahead.append(kept_until + GRAIN)
        self.ahead.extend(reading.ahead.values())

    # -- rules that raise

    def _raise(self, rule: RaiseRule, readings: dict[str, Reading]) -> None:
        """Once a lap of the resolution clock, after so much of its time at the rule's priority. (R1.15)"""
        reading = readings.get("resolution")
        clock = self.terms.clocks.get("resolution")
        if reading is None or clock is None or all(s.priority != rule.frm for s in self.stretches):
            return
        for lap in (*reading.laps, reading):
            if lap.anchor and lap.started_at is not None:
                self._raise_in(rule, lap, clock, current=lap is reading)

    def _raise_in(self, rule: RaiseRule, lap: Reading, clock: Clock, *, current: bool) -> None:
        key = f"raise/{rule.name}@{lap.anchor}"
        if key in self.recorded:
            return
        assert lap.started_at is not None
        duration, calendar = rule.after
        stint: Stint | None = None
        for stretch in self.stretches:
            if stretch.end < lap.started_at or (lap.stopped_at is not None and stretch.start >= lap.stopped_at):
                continue
            if stretch.priority != rule.frm:
                stint = None
                continue
            if stint is None:
                stint = Stint(stretch.anchor, stretch.start)
            if not stretch.live or stretch.on in clock.paused_by:
                stint.hold(stretch.start)
                continue
            stint.go(stretch.start)
            at = stint.reach(calendar, calendar.budget(stint.start, duration))
            if at is None:
                continue
            if at < stretch.end or (stretch.kept and at == stretch.end):
                moot = not (current and self.last.live and self.last.priority == rule.frm)
                why = f"{rule.frm} for {duration} of the resolution clock's time without a solution"
                self._add(key, at, "raise", why, subject=rule.name, to=rule.to, moot=moot, anchor=lap.anchor)
                return
            if stretch is self.last:
                self.ahead.append(at)

    # -- ladders

    def _ladder(self, ladder: Ladder) -> None:
        rungs, ahead = climb(ladder, self.stretches, self.ordered, self.now)
        for rung in rungs:
            self._rung(ladder, rung)
        self.ahead.extend(ahead)

    def _level_ladder(self, ladder: Ladder) -> Climb:
        standing = works(ladder, self.stretches, self.ordered, self.now)
        for rung in standing.rungs:
            self._rung(ladder, rung)
        self.ahead.extend(standing.ahead)
        asked = standing.standing.question
        if asked is not None and self.last.live:
            key = f"ask/{ladder.name}@{asked.anchor}"
            why = f"{asked.frm} has escalated it to {asked.to}"
            self._add(
                key,
                asked.at,
                "ask",
                why,
                subject=ladder.name,
                step=_step(ladder, asked.to),
                to=asked.to,
                anchor=asked.anchor,
            )
        return standing

    def _rung(self, ladder: Ladder, rung: Rung) -> None:
        why = rung.why or _since(rung, ladder, self.last.priority)
        self._add(
            rung.key(ladder.name),
            rung.at,
            rung.kind,
            why,
            subject=ladder.name,
            step=rung.step,
            to=ladder.owner if rung.kind == "exhausted" else rung.step.to,
            moot=rung.moot,
            anchor=rung.anchor,
        )

    # -- acknowledgements

    def _acknowledgements(self, readings: dict[str, Reading]) -> None:
        """Who has a page shows a person's act in time, while the resolution clock runs, or is paged again. (R15.9)"""
        if not self.terms.acknowledgement_lasts or not self.last.live:
            return
        lasts = self.terms.acknowledgement_lasts.get(self.last.priority)
        clock = self.terms.clocks.get("resolution")
        held_by = clock.paused_by if clock else ()
        acts = [event for event in self.ordered if event.key is None and type(event) is not Fired]
        if lasts is None or not acts or type(acts[-1]) is not Acknowledged or self.last.on in held_by:
            return
        acknowledged = acts[-1]
        duration, calendar = lasts
        stint = Stint(acknowledged.seq, acknowledged.at)
        for stretch in self.stretches:
            if stretch.end >= acknowledged.at:
                at = max(stretch.start, acknowledged.at)
                if stretch.live and stretch.on not in held_by:
                    stint.go(at)
                else:
                    stint.hold(at)
        at_or_none = stint.reach(calendar, calendar.budget(acknowledged.at, duration))
        if at_or_none is None:
            return
        if at_or_none > self.now:
            self.ahead.append(at_or_none)
            return
        of = acknowledged.of
        ladder, step = self._step_of(of)
        why = f"acknowledged {duration} ago, and nothing has been done since"
        self._add(
            f"again/{ladder}@{acknowledged.seq}",
            at_or_none,
            "again",
            why,
            subject=ladder,
            step=step,
            to=step.to if step else "",
            anchor=acknowledged.seq,
        )

    def _step_of(self, key: str) -> tuple[str, Step | None]:
        """The ladder and step which the key of a page names."""
        ladder_name = key.partition("/")[2].partition("@")[0]
        ladder = self.terms.ladders.get(ladder_name)
        name = key.rpartition("/")[2]
        return ladder_name, next((step for step in ladder.steps if step.name == name), None) if ladder else None

    # -- closing

    def _close(self) -> None:
        if self.last.live or self.terms.solved_period is None:
            return
        ended = next((event for event in reversed(self.ordered) if event.seq == self.last.anchor), None)
        if not isinstance(ended, Solved) or any(type(event).__name__ == "Closed" for event in self.ordered):
            return
        duration, calendar = self.terms.solved_period
        at = calendar.due(ended.at, duration)
        if at <= self.now:
            self._add(f"close@{ended.seq}", at, "close", f"solved for {duration}", anchor=ended.seq)
        else:
            self.ahead.append(at)


def _waits_on(event: Event, on: str) -> bool:
    return getattr(event, "on", None) == on


def _step(ladder: Ladder, level: str) -> Step | None:
    return next((step for step in ladder.steps if step.name == level), None)


def _since(rung: Rung, ladder: Ladder, priority: str) -> str:
    wait = rung.step.after.get(priority)
    after = f"{wait[0]} after it began to climb" if wait else "when its priority was another"
    return f"the {ladder.name} ladder asks {rung.step.title or rung.step.to} for {priority} {after}"


__all__ = ["Obligation", "Plan", "Stretch", "due"]
