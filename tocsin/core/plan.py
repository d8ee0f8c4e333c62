"""What is due on this ticket, and when must we look again?

Pure: (story, terms, now) in, obligations out. What is on record (an event with the obligation's key) is not due again,
whoever computes it. (semantics 10)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import zip_longest

from tocsin.core.cadence import told_of
from tocsin.core.clock import Clock, Reading, Target, fold_all
from tocsin.core.course import Stretch, by_effect, course
from tocsin.core.event import (
    Accepted,
    Acknowledged,
    Done,
    Escalated,
    Event,
    LineStopped,
    Moved,
    Opened,
    SentBack,
    by_staff,
    in_order,
    utc,
)
from tocsin.core.ladder import Ladder, Rung, Step, climb
from tocsin.core.lasting import lasts_since, raised_in
from tocsin.core.levels import Climb, works
from tocsin.core.obligation import Coming, Obligation, Plan
from tocsin.core.terms import RaiseRule, Terms

ZERO = timedelta(0)
GRAIN = timedelta(microseconds=1)
MOVES = (Escalated, Accepted, SentBack, Moved)
ANSWERS = (Acknowledged, Done, LineStopped, Moved)
TIMES = {"client_notified": "time to tell the client", "next_update": "time of the next update"}


def due(story: Iterable[Event], terms: Terms, *, now: datetime) -> Plan:
    """What is due on a ticket with this story under these terms, and when something else will be.

    `look_at` is the earliest instant at which, if nothing else happens, something falls due that is not on record; it
    is past only while something is due. Events recorded after `now` are not known yet. (semantics 10)
    """
    now = utc(now)
    events = [event for event in in_order(story) if event.recorded_at <= now]
    if not events:
        return Plan((), None, {})
    return Planner(events, terms, now).plan()


class Planner:
    """One planning: what is due and what is ahead, gathered duty by duty."""

    def __init__(self, events: list[Event], terms: Terms, now: datetime) -> None:
        self.events = events
        self.terms = terms
        self.now = now
        self.ordered = by_effect(events)
        self.recorded = {event.key for event in events if event.key is not None}
        self.moves = [event for event in self.ordered if type(event) in MOVES]
        self.answers = [event for event in self.ordered if type(event) in ANSWERS]
        self.eras = (*terms.earlier, terms)  # before each move to another version, and as they are
        self.course = course(self.ordered, now, moves=len(terms.earlier))
        self.stretches = self.course.stretches
        self.last = self.stretches[-1]
        self.due: list[Obligation] = []
        self.ahead: list[Coming] = []

    def plan(self) -> Plan:
        readings = fold_all(self.events, self.terms.clocks, self.now)
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
        self._acknowledgements()
        self._close()
        found = sorted(self.due, key=lambda obligation: obligation.effective_at)
        return Plan(
            tuple(found),
            self._look_at(found),
            readings,
            standing,
            self.last.priority,
            self.last.on or "",
            min((coming.at for coming in self.ahead), default=None),
            self.now,
            tuple(self.ahead),
            tuple(self._undone(found)),
        )

    def _look_at(self, found: list[Obligation]) -> datetime | None:
        past = [o.effective_at + GRAIN if o.kind == "breach" else o.effective_at for o in found]
        return min((*past, *(coming.at for coming in self.ahead)), default=None)

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
        wait = self.course.wait
        if wait is not None and wait.until is not None:
            self.ahead.append(Coming(wait.until, f"wait@{wait.seq}", "wait", wait.on))
        for wait in self.course.timed_out:
            assert wait.until is not None
            moot = not self.last.live or self.last.on is not None
            why = f"the wait for {wait.on} ended by its own deadline"
            self._add(f"wait@{wait.seq}", max(wait.until, wait.at), "wait", why, subject=wait.on, moot=moot)

    # -- clocks

    def _clock(self, name: str, clock: Clock, reading: Reading) -> None:
        for lap in (*reading.laps, reading):
            if not lap.anchor:
                continue
            for percent, at in lap.thresholds.items():
                key = f"threshold/{name}@{lap.anchor}/{percent}"
                if key not in self.recorded:
                    moot = lap is not reading or lap.state != "running"
                    why = f"{percent} % of the {time_of(name)} is used"
                    self._add(key, at, "threshold", why, subject=name, moot=moot, anchor=lap.anchor, percent=percent)
            if lap.breached_at is not None:
                self._breach(name, lap, lap.breached_at, repeats=clock.repeats)
        kept_until = reading.kept_until
        if clock.repeats and reading.breached_at is not None:
            kept_until = self._missed_next(name, clock, reading)
        if kept_until is not None:
            self.ahead.append(Coming(kept_until + GRAIN, f"breach/{name}@{reading.anchor}", "breach", name))
        for percent in reading.pending:
            key = f"threshold/{name}@{reading.anchor}/{percent}"
            if key not in self.recorded:
                if (reached := reading.reaches(percent)) is not None:
                    self.ahead.append(Coming(reached, key, "threshold", name, percent=percent))
                break  # the others come later

    def _missed_next(self, name: str, clock: Clock, reading: Reading) -> datetime | None:
        """Until when the client may yet be told, of a lap that began anew under misses which stand.

        An act dated back can leave more misses on record than there were; the first that is not counts.
        """
        if reading.state != "running":
            return None
        known = self.recorded | {obligation.key for obligation in self.due}
        left = [promise for promise in reading.promises if promise.remaining >= ZERO]
        kept = min((p.calendar.kept_until(self.now, p.remaining) for p in left), default=None)
        target = clock.targets.get(self.last.priority)
        index = reading.index
        while kept is not None and f"breach/{name}@{reading.anchor}/{index}" in known:
            if target is None:
                return None
            duration, calendar = target
            kept, index = calendar.kept_until(kept, calendar.budget(kept, duration)), index + 1
        return kept

    def _breach(self, name: str, lap: Reading, at: datetime, *, repeats: bool) -> None:
        key = f"breach/{name}@{lap.anchor}" + (f"/{lap.index}" if repeats else "")
        if key in self.recorded:
            return
        self._add(
            key,
            at,
            "breach",
            f"the {time_of(name)} is used up, and the promise is not kept",
            subject=name,
            to=(told_of(lap.index, self.terms.update_misses_told) or "") if repeats else "",
            moot=not self.last.live,
            anchor=lap.anchor,
            interval=lap.index,
        )

    # -- rules that raise

    def _raise(self, rule: RaiseRule, readings: dict[str, Reading]) -> None:
        reading, clock = readings.get("resolution"), self.terms.clocks.get("resolution")
        if reading is None or clock is None:
            return
        rules = self._rules(rule)
        if all(stretch.priority != rules[stretch.era][0] for stretch in self.stretches):
            return
        clocks = (*clock.earlier, clock)
        for lap in (*reading.laps, reading):
            key = f"raise/{rule.name}@{lap.anchor}"
            if not lap.anchor or key in self.recorded:
                continue
            reached = raised_in(lap, rules, self.stretches, clocks)
            if reached is None:
                continue
            if not reached.fell_due:
                self.ahead.append(Coming(reached.at, key, "raise", rule.name, to=rule.to))
                continue
            moot = lap is not reading or not self.last.live or self.last.priority != rule.frm
            why = f"{rule.frm} for {rule.after[0]} of the resolution clock's time without a solution"
            self._add(key, reached.at, "raise", why, subject=rule.name, to=rule.to, moot=moot, anchor=lap.anchor)

    def _rules(self, rule: RaiseRule) -> list[tuple[str, RaiseRule | None]]:
        """The rule under each version in turn, and what its priority is called there."""
        frm, found = rule.frm, [(rule.frm, rule)]
        if not self.terms.earlier:
            return found  # type: ignore[return-value]  # of one version, which has it
        back = [{new: old for old, new in event.priorities} for event in self.moves if type(event) is Moved]
        before: list[tuple[str, RaiseRule | None]] = []
        for era, terms in reversed(list(enumerate(self.terms.earlier))):
            frm = back[era].get(frm, frm) if era < len(back) else frm
            known = next((each for each in terms.raises if each.name == rule.name and each.frm == frm), None)
            before.insert(0, (frm, known))
        return [*before, *found]

    # -- ladders

    def _ladder(self, ladder: Ladder) -> None:
        fallen, ahead = climb(ladder, self.stretches, self.answers, self.recorded)
        for rung in fallen:
            self._rung(ladder, rung)
        self.ahead += [self._coming(ladder, rung) for rung in ahead]

    def _level_ladder(self, ladder: Ladder) -> Climb:
        opened = self.ordered[0]
        assert isinstance(opened, Opened)
        standing = works(ladder, opened, self.stretches, self.moves, self.now)
        for rung in standing.rungs:
            if rung.key not in self.recorded:
                self._rung(ladder, rung)
        self.ahead += [self._coming(ladder, rung) for rung in standing.ahead if rung.key not in self.recorded]
        return standing

    def _coming(self, ladder: Ladder, rung: Rung) -> Coming:
        return Coming(rung.at, rung.key, rung.kind, ladder.name, rung.step, rung.step.to)

    def _undone(self, found: list[Obligation]) -> Iterator[Coming]:
        """The acts of steps that were missed since it was opened or reopened, and were not done after all."""
        if not self.last.live:
            return
        missed = [(event.key, event.at) for event in self.events if event.key and event.key.startswith("missed/")]
        missed += [(due.key, due.effective_at) for due in found if due.kind == "missed" and not due.moot]
        if not missed:
            return
        anchor = max((stretch.anchor for stretch in self.stretches if stretch.opens), default=0)
        done = {event.of for event in self.answers if type(event) is Done}
        for key, at in missed:
            ladder, _, place = key.partition("/")[2].partition("@")
            asked = f"step/{ladder}@{place}"
            step = self._step_of(asked)
            if step is not None and asked not in done and int(place.partition("/")[0]) >= anchor:
                yield Coming(at, key, "missed", ladder, step, step.to)

    def _rung(self, ladder: Ladder, rung: Rung) -> None:
        self._add(
            rung.key,
            rung.at,
            rung.kind,
            rung.why or self._since(rung, ladder),
            subject=ladder.name,
            step=rung.step,
            to=ladder.owner if rung.kind == "exhausted" else rung.step.name if rung.kind == "ask" else rung.step.to,
            moot=rung.moot,
            anchor=rung.anchor,
        )

    def _since(self, rung: Rung, ladder: Ladder) -> str:
        """Why the step asks now, as a clause that can follow a name."""
        step, priority = rung.step, self._priority_at(rung.at)
        whom = self.terms.titles.get(step.to, step.to)
        if step.title and step.title != whom:
            whom = f"{whom} ({step.title})"
        if rung.kind == "missed":
            return f"nobody recorded by then what the {ladder.name} ladder asked: {whom}"
        wait = step.after.get(priority)
        if wait is None:
            return f"the {ladder.name} ladder came to the {whom} while its priority was another"
        when = f"{wait[0]} after it began" if wait[0].amount else "at once"
        return f"the {ladder.name} ladder asks the {whom} {when} for {priority}"

    def _priority_at(self, at: datetime) -> str:
        """Of which priority the ticket is as far as what fell due then is asked."""
        return self.last.priority

    # -- acknowledgements

    def _acknowledgements(self) -> None:
        """Whoever has a page acts in time, while the resolution clock runs, or is paged again. (R15.9)"""
        acts = (
            [event for event in self.ordered if by_staff(event)]
            if any(each.acknowledgement_lasts for each in self.eras)
            else []
        )
        for act, following in zip_longest(acts, acts[1:]):
            if type(act) is Acknowledged:
                self._acknowledged(act, following.at if following else None)

    def _acknowledged(self, act: Acknowledged, until: datetime | None) -> None:
        """A page path has run out when the page that is sent again is not answered either, as after its last page."""
        name = act.of.partition("/")[2].partition("@")[0]
        step, ladder = self._step_of(act.of), self.terms.ladders.get(name)
        again, out = f"again/{name}@{act.seq}", f"exhausted/{name}@{act.seq}"
        path = ladder if ladder is not None and ladder.until_acknowledged else None
        if again in self.recorded and (path is None or out in self.recorded):
            return
        clock = self.terms.clocks.get("resolution")
        held_by = [each.paused_by for each in (*clock.earlier, clock)] if clock else [()] * len(self.eras)
        moot = until is not None or not self.last.live or self.last.on in held_by[self.last.era]

        def lasted(
            key: str, kind: str, start: datetime, lasts: Sequence[Mapping[str, Target]], why: str, to: str
        ) -> datetime | None:
            reached = lasts_since(start, until, self.stretches, lasts, held_by)
            if reached is None:
                return None
            if not reached.fell_due:
                if key not in self.recorded:
                    self.ahead.append(Coming(reached.at, key, kind, name, step, to))
                return None
            self._add(key, reached.at, kind, why, subject=name, step=step, to=to, moot=moot, anchor=act.seq)
            return reached.at

        why = "acknowledged a while ago, and nothing has been done since"
        to = step.to if step else ""
        at = lasted(again, "again", act.at, [terms.acknowledgement_lasts for terms in self.eras], why, to)
        if at is not None and path is not None and step is not None:
            why = "whoever acknowledged was paged again, and did not answer"
            lasted(out, "exhausted", at, [step.waited_for] * len(self.eras), why, path.owner)

    def _step_of(self, key: str) -> Step | None:
        """The step which the key of a page or a question names."""
        kind, _, rest = key.partition("/")
        name, _, place = rest.partition("@")
        ladder = self.terms.ladders.get(name)
        anchor, _, wanted = place.partition("/")
        if kind in ("again", "ask", "resend"):
            begun = next((event for event in self.events if str(event.seq) == anchor), None)
            if isinstance(begun, Acknowledged):
                return self._step_of(begun.of)
            wanted = begun.to if isinstance(begun, Escalated) else ""
        return ladder.find(wanted) if ladder else None

    # -- closing

    def _close(self) -> None:
        if self.terms.solved_period is None:
            return
        duration, calendar = self.terms.solved_period
        for solved, until in self.course.solved:
            at = calendar.due(solved.at, duration)
            if until is not None and until <= at:
                continue
            if at <= self.now:
                moot = until is not None
                self._add(f"close@{solved.seq}", at, "close", f"solved for {duration}", moot=moot, anchor=solved.seq)
            else:
                self.ahead.append(Coming(at, f"close@{solved.seq}", "close"))


def time_of(clock: str) -> str:
    """What a clock measures, as people say it after "the": the response time, the time to tell the client."""
    return TIMES.get(clock) or f"{clock.replace('_', ' ')} time"


__all__ = ["Coming", "Obligation", "Plan", "Stretch", "due", "time_of"]
