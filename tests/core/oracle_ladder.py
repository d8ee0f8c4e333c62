"""What is due on a ticket, if one simply lives through its story minute by minute and looks at the clock on the wall?

Slow and obvious, written from semantics 3, 4 and 10. It takes events, durations and the *definitions* of ladders and
calendars from tocsin.core and no rule: a counter is a number of open minutes, asked of zoneinfo one after another.
Exact for stories on whole minutes and ladders whose quarters are whole minutes; `now` may lie anywhere.

At every minute: what was so until now may fall due, unless something at this minute stops it or changes the priority;
then conditions turn (priority, waits, solved); what is so now may fall due; then come escalations and answers.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache

from tests.core import oracle_clock
from tests.core.oracle_clock import hours
from tocsin.core.duration import parse
from tocsin.core.event import (
    Accepted,
    Acknowledged,
    Cancelled,
    Closed,
    Done,
    Escalated,
    Fired,
    LineStopped,
    Merged,
    Opened,
    Paused,
    PriorityChanged,
    Reopened,
    Resumed,
    SentBack,
    Solved,
)

MINUTE = timedelta(minutes=1)
GRAIN = timedelta(microseconds=1)
CONDITIONS = (Opened, PriorityChanged, Paused, Resumed, Solved, Reopened, Closed, Cancelled, Merged, LineStopped)


budget = cache(oracle_clock.budget)


@dataclass
class Due:
    """`found`: key → (instant, moot) of what is due by now and not on record; `ahead`: when more will be, if ever."""

    found: dict[str, tuple[datetime, bool]]
    ahead: datetime | None


def expect(story, terms, *, now, horizon=timedelta(days=3)) -> Due:
    """What is due now, and the first instant after now, within the horizon, at which something else will be."""
    events = [event if event.seq else replace(event, seq=place) for place, event in enumerate(story, start=1)]
    ticket = Ticket(events, terms, now)
    ticket.live_through(horizon)
    found = {key: due for key, due in ticket.snapshot.items() if key not in ticket.recorded}
    clocks = list(_clocks(events, terms, ticket, now, now + horizon))
    known = {key: (at, moot) for key, at, seen, moot in clocks if seen <= now}
    found |= {key: due for key, due in known.items() if key not in ticket.recorded}
    ahead = [seen for key, _, seen, _ in clocks if seen > now and key not in known]
    ahead += [ticket.first_after] if ticket.first_after else []
    return Due(found, min(ahead, default=None))


def _clocks(events, terms, ticket, now, until):
    """Key, instant, first instant at which it is true, moot: of thresholds and breaches, and those ahead by `until`."""
    for name, clock in terms.clocks.items():
        said = oracle_clock.expect(events, clock, now=now)
        running = said.state == "running"
        yield from _instants(name, clock, [*said.laps, said], running, ticket)
        ahead = oracle_clock._walk(events, clock, until).says(until)
        for due in _instants(name, clock, [*ahead.laps, ahead], running, ticket):
            if due[2] > now:
                yield due


def _instants(name, clock, laps, running, ticket):
    silences = Counter()
    for lap in laps:
        silences[lap.anchor] += 1
        if not clock.repeats or silences[lap.anchor] == 1:
            for percent, at in lap.thresholds.items():
                yield f"threshold/{name}@{lap.anchor}/{percent}", at, at, not (running and lap is laps[-1])
        if lap.breached_at is not None:
            interval = f"/{silences[lap.anchor]}" if clock.repeats else ""
            yield (
                f"breach/{name}@{lap.anchor}{interval}",
                lap.breached_at,
                lap.breached_at + GRAIN,
                not ticket.live_at_now,
            )


class Count:
    """How many open minutes have passed, on each calendar."""

    def __init__(self, calendars, start):
        self.start = start
        self.minutes = dict.fromkeys(calendars, 0)

    def tick(self, minute):
        for calendar in self.minutes:
            self.minutes[calendar] += hours(calendar)(minute)

    def has(self, wait, since=None, less=timedelta(0)):
        """Whether as much time has passed as a step asks for, its length being that from `since`."""
        duration, calendar = wait
        return self.minutes[calendar] * MINUTE >= budget(calendar, since or self.start, duration) - less


class Ticket:
    """The ticket as it is at one minute of its story."""

    def __init__(self, events, terms, now):
        start = events[0].at
        self.timeline = sorted((max(event.at, start), event.seq, event) for event in events)
        self.terms, self.now, self.minute = terms, now, start
        self.recorded = {event.key for event in events}
        self.priority, self.wait, self.live, self.ended = "", None, False, None
        self.calendars = _calendars(terms)
        self.parts = [
            *(Levels(self, x) if x.counts_from == "level" else Climbing(self, x) for x in terms.ladders.values())
        ]
        self.parts += [Raising(self, rule, events) for rule in terms.raises]
        self.parts += [Expiring(self, events), Closing(self)]
        self.waits = {}
        self.snapshot = None
        self.first_after = None
        self.live_at_now = None

    @property
    def on(self):
        return self.wait.on if self.wait else None

    def live_through(self, horizon):
        until, known = self.now + horizon, 0
        while self.minute <= until:
            if self.minute > self.now and self.snapshot is None:
                self._remember()
            self._now()
            if self.minute > self.now and self._count() > known:
                self.first_after = self.minute
                break
            known = self._count()
            if self.live:
                for part in self.parts:
                    part.pass_minute(self.minute)
            self.minute += MINUTE
        if self.snapshot is None:
            self._remember()

    def _count(self):
        """How much has fallen due so far that is not on record."""
        return sum(
            key not in self.recorded for found in (self.waits, *(p.found() for p in self.parts)) for key in found
        )

    def _remember(self):
        """What is due now; those that come later are ahead."""
        self.live_at_now = self.live
        moot = not self.live or self.wait is not None
        self.snapshot = {key: (at, moot) for key, at in self.waits.items()}
        for part in self.parts:
            self.snapshot |= part.found()

    def _now(self):
        """Everything that happens at this minute."""
        at = self.minute
        happening = [event for when, _, event in self.timeline if when == at and when <= self.now]
        turning = [event for event in happening if isinstance(event, CONDITIONS)]
        if self.live and not self._stops_or_changes(turning):
            for part in self.parts:
                part.look(at, happening)
        if self.wait and self.wait.until is not None and self.wait.until <= at:
            self.waits[f"wait@{self.wait.seq}"] = max(self.wait.until, self.wait.at)
            self.wait = None
        for event in turning:
            self._turn(event)
        if self.live:
            for part in self.parts:
                part.look(at, happening)
        for event in happening:
            for part in self.parts:
                part.hear(event, at)
                if self.live and isinstance(event, Escalated | Accepted | SentBack):
                    part.look(at, happening)

    def _stops_or_changes(self, events):
        priority = self.priority
        for event in events:
            if isinstance(event, Solved | Cancelled | Closed) or (isinstance(event, Merged) and event.into):
                return True
            if isinstance(event, PriorityChanged) and event.to != priority:
                return True
        return False

    def _turn(self, event):
        match event:
            case Opened():
                self.priority, self.live = event.priority, True
            case PriorityChanged():
                self.priority = event.to
            case Paused():
                self.wait = event
            case Resumed():
                if self.wait and event.key in (None, f"wait@{self.wait.seq}"):
                    self.wait = None
            case Reopened():
                self.live, self.ended, self.wait = True, None, None
            case Solved():
                self.ended = event if self.live else self.ended
                self.live, self.wait = False, None
            case Merged(into=None):
                return
            case LineStopped():
                pass
            case _:
                self.ended, self.live, self.wait = event, False, None
        for part in self.parts:
            part.turned(event)
        if self.wait is not None and isinstance(event, Paused) and event.until is not None and event.until <= event.at:
            self.waits[f"wait@{event.seq}"], self.wait = event.at, None


class Climbing:
    """A ladder that counts from the incident."""

    def __init__(self, ticket, ladder):
        self.ticket, self.ladder = ticket, ladder
        self.runs, self.run = [], None
        self.answers = {}

    def turned(self, event):
        ticket = self.ticket
        if not ticket.live:
            self.run = None
        climbs = ticket.live and any(ticket.priority in step.after for step in self.ladder.steps)
        stopped = isinstance(event, LineStopped) and self.ladder.until_acknowledged
        if climbs and stopped and self.run is not None and self.run.count.start < ticket.minute:
            self.run = None
        if climbs and self.run is None:
            self.run = Run(event.seq, Count(ticket.calendars, ticket.minute))
            self.runs.append(self.run)

    @property
    def held(self):
        return self.ticket.on in self.ladder.paused_by

    def pass_minute(self, minute):
        if self.run and not self.held:
            for count in (self.run.count, *self.run.since.values()):
                count.tick(minute)

    def hear(self, event, at):
        if isinstance(event, Done) or (isinstance(event, Acknowledged) and self.ladder.until_acknowledged):
            self.answers.setdefault(event.of, at)

    def look(self, at, happening):
        run, priority = self.run, self.ticket.priority
        if run is None or self.held:
            return
        for event in happening:
            self.hear(event, at)
        pages = [f"step/{self.ladder.name}@{run.anchor}/{step.name}" for step in self.ladder.steps]
        heard = [self.answers[key] for key in pages if key in self.answers and self.ladder.until_acknowledged]
        for step in self.ladder.steps:
            if step.name in run.fired or priority not in step.after or any(when < at for when in heard):
                continue
            if run.count.has(step.after[priority]):
                run.fired[step.name] = at
                run.since[step.name] = Count(self.ticket.calendars, at)
        for place, step in enumerate(self.ladder.steps):
            done = pages[place] in self.answers or bool(heard)
            if not step.act or step.name not in run.fired or step.name in run.missed or done:
                continue
            if step.within and priority in step.within:
                late = run.since[step.name].has(step.within[priority])
            else:
                late = any(when > run.fired[step.name] for when in run.fired.values())
            if late:
                run.missed[step.name] = at
                if run.out is None and not any(priority in later.after for later in self.ladder.steps[place + 1 :]):
                    run.out = at
        if self.ladder.until_acknowledged and run.out is None and not heard:
            self.look_for_anybody(at)

    def look_for_anybody(self, at):
        """A page path has run out when nobody acknowledged for as long as its last page is waited for."""
        run, priority = self.run, self.ticket.priority
        paged = [step for step in self.ladder.steps if priority in step.after]
        if not paged or paged[-1].name not in run.fired:
            return
        last = paged[-1]
        said = last.within and last.within.get(priority)
        if run.since[last.name].has(said or (parse("5m"), last.after[priority][1])):
            run.out = at

    def found(self):
        found = {}
        for run in self.runs:
            moot = run is not self.run or self.held
            of = f"{self.ladder.name}@{run.anchor}"
            for name, at in run.fired.items():
                found[f"step/{of}/{name}"] = at, moot or self.ticket.priority not in self.ladder.step(name).after
            for name, at in run.missed.items():
                found[f"missed/{of}/{name}"] = at, moot
            if run.out:
                found[f"exhausted/{of}"] = run.out, moot
        return found


@dataclass
class Run:
    anchor: int
    count: Count
    fired: dict = field(default_factory=dict)
    since: dict = field(default_factory=dict)
    missed: dict = field(default_factory=dict)
    out: datetime | None = None


@dataclass
class Asked:
    """An escalation that waits to be accepted."""

    to: str
    seq: int
    count: Count
    resent: Count | None = None
    over: str = ""


class Levels:
    """The functional ladder: who has the ticket, since when, and who is asked."""

    def __init__(self, ticket, ladder):
        self.ticket, self.ladder = ticket, ladder
        self.names = [step.name for step in ladder.steps]
        self.had = []  # the levels that passed it on, each with its times, as a stack
        self.level, self.anchor, self.times, self.asked, self.passed = "", 0, [], None, set()
        self.fell = []  # kind, key, at, the state it belongs to, step
        self.tokens = 0

    def turned(self, event):
        ticket = self.ticket
        if isinstance(event, Opened | Reopened):
            self.level = event.level if isinstance(event, Opened) else self.level
            self.take(self.level, event.seq, [])
        elif not ticket.live:
            self.asked = None
        if ticket.live and self.asked and not self.must_accept(self.asked.to):
            self.give(self.asked.to, self.asked.seq)

    def take(self, level, anchor, times):
        self.level, self.anchor, self.asked, self.passed = level, anchor, None, set()
        self.times = [*times, Count(self.ticket.calendars, self.ticket.minute)]

    def give(self, level, anchor):
        self.had.append((self.level, self.times))
        self.take(level, anchor, [])

    @property
    def held(self):
        return self.ticket.on in self.ladder.paused_by

    def pass_minute(self, minute):
        if self.held:
            return
        if self.asked is None:
            self.times[-1].tick(minute)
            return
        self.asked.count.tick(minute)
        if self.asked.resent:
            self.asked.resent.tick(minute)

    def place(self, level):
        return self.names.index(level) if level in self.names else -1

    def after(self, level):
        for step in self.ladder.steps[self.place(level) + 1 :]:
            if self.ticket.priority in step.after:
                return step
        return None

    def must_accept(self, level):
        if level not in self.names:
            return False
        accept, after = self.ladder.step(level).accept, self.after(level)
        at_once = after is not None and after.after[self.ticket.priority][0].amount == 0
        return bool(accept) and self.ticket.priority in accept and not at_once

    def whole_time_is_up(self, wait):
        duration, calendar = wait
        whole = mine = budget(calendar, self.times[0].start, duration)
        for count in self.times[:-1]:
            mine = max(mine - count.minutes[calendar] * MINUTE, whole / 4)
        return self.times[-1].minutes[calendar] * MINUTE >= mine

    def look(self, at, happening):
        if self.held:
            return
        if self.asked:
            self.look_at_question(at)
            return
        step = self.after(self.level)
        if step and step.name not in self.passed and self.whole_time_is_up(step.after[self.ticket.priority]):
            self.passed.add(step.name)
            self.fall("step", f"step/{self.ladder.name}@{self.anchor}/{step.name}", at, ("level", self.anchor), step)

    def look_at_question(self, at):
        asked, of = self.asked, f"{self.ladder.name}@{self.asked.seq}"
        step = self.ladder.step(asked.to)
        wait = step.accept[self.ticket.priority]
        if asked.resent is None and asked.count.has(wait):
            asked.resent = Count(self.ticket.calendars, at)
            self.fall("resend", f"resend/{of}", at, ("asked", asked.seq), step)
        if asked.resent and not asked.over and asked.resent.has(wait, since=asked.count.start):
            after = self.after(asked.to)
            asked.over = "unaccepted" if after else "exhausted"
            self.fall(asked.over, f"{asked.over}/{of}", at, ("asked", asked.seq), after or step)

    def fall(self, kind, key, at, of, step, timed=False):
        self.fell.append((kind, key, at, of, step, timed))

    def hear(self, event, at):
        if not self.ticket.live:
            return
        if isinstance(event, Escalated):
            have = self.asked.to if self.asked else self.level
            if event.to == have or self.place(event.to) < self.place(have):
                return
            if self.must_accept(event.to):
                self.asked = Asked(event.to, event.seq, Count(self.ticket.calendars, at))
            else:
                self.give(event.to, event.seq)
            if event.to in self.names:
                step = self.ladder.step(event.to)
                self.fall("ask", f"ask/{self.ladder.name}@{event.seq}", at, event.seq, step, event.key is not None)
        elif isinstance(event, Accepted) and self.asked:
            self.give(self.asked.to, event.seq)
        elif isinstance(event, SentBack):
            level, times = (self.level, self.times) if self.asked else self.had.pop()
            self.take(level, event.seq, times)

    def found(self):
        return {key: (at, self.moot(*rest)) for rest in self.fell for key, at in [rest[1:3]]}

    def moot(self, kind, key, at, of, step, timed):
        if not self.ticket.live:
            return True
        now = ("asked", self.asked.seq) if self.asked else ("level", self.anchor)
        if kind == "ask":
            return now[1] != of or (timed and self.held) or (now[0] == "level" and bool(self.passed))
        if of != now:
            return True
        if kind == "step":
            return self.ticket.priority not in step.after
        if kind == "resend":
            return self.held or self.asked.over == "unaccepted"
        return kind == "exhausted" and self.held


class Raising:
    """A rule that raises: once a lap of the resolution clock."""

    def __init__(self, ticket, rule, events):
        self.ticket, self.rule = ticket, rule
        self.clock = ticket.terms.clocks.get("resolution")
        self.laps = list(oracle_clock._walk(events, self.clock, ticket.now).laps) if self.clock else []
        self.current = self.laps[-1] if self.laps else None
        self.count, self.count_of, self.raised = None, None, {}

    def lap(self):
        """The lap that runs at this minute; a later one that begins at the same instant is the one."""
        at, found = self.ticket.minute, None
        for lap in self.laps:
            if lap.started_at <= at and (lap.stopped_at is None or at < lap.stopped_at):
                found = lap
        return found

    def turned(self, event):
        if self.ticket.priority != self.rule.frm:
            self.count = None

    @property
    def held(self):
        return self.ticket.on in self.clock.paused_by

    def pass_minute(self, minute):
        if self.count and not self.held:
            self.count.tick(minute)

    def look(self, at, happening):
        lap = self.lap()
        if lap is None or self.ticket.priority != self.rule.frm:
            self.count = None
            return
        if self.count is None or self.count_of != lap.which[0]:
            self.count, self.count_of = Count(self.ticket.calendars, at), lap.which[0]
        if not self.held and lap.which[0] not in self.raised and self.count.has(self.rule.after):
            self.raised[lap.which[0]] = at

    def hear(self, event, at):
        pass

    def found(self):
        live = self.ticket.live and self.ticket.priority == self.rule.frm
        return {
            f"raise/{self.rule.name}@{anchor}": (at, not (live and anchor == self.current.which[0]))
            for anchor, at in self.raised.items()
        }


class Expiring:
    """Acknowledgements which no person's act followed in time."""

    def __init__(self, ticket, events):
        self.ticket, self.events = ticket, {event.seq: event for event in events}
        self.count, self.ack, self.expired = None, None, {}
        self.silence, self.unheard = None, {}

    def turned(self, event):
        if not self.ticket.live:
            self.count = self.silence = None

    @property
    def held(self):
        clock = self.ticket.terms.clocks.get("resolution")
        return bool(clock) and self.ticket.on in clock.paused_by

    def pass_minute(self, minute):
        for count in (self.count, self.silence):
            if count and not self.held:
                count.tick(minute)

    def look(self, at, happening):
        if self.held or any(self.is_ours(event) for event in happening):
            return
        lasts = self.ticket.terms.acknowledgement_lasts.get(self.ticket.priority)
        if self.count and lasts and self.count.has(lasts):
            self.expired[self.ack.seq] = at, self.ack
            self.count = None
            if self.path():
                self.silence = Count(self.ticket.calendars, at)
        if self.silence and (waited := self.waited_for()) and self.silence.has(waited):
            self.unheard[self.ack.seq] = at, self.ack
            self.silence = None

    def path(self):
        """The page path that was acknowledged, if it was one."""
        ladder = self.ticket.terms.ladders.get(self.ladder_of(self.ack.of))
        return ladder if ladder and ladder.until_acknowledged else None

    def waited_for(self):
        """How long the page that is sent again is waited for: as long as the page of its step, were it the last."""
        of = self.ack.of
        while of.startswith("again/"):
            of = self.events[int(of.rpartition("@")[2])].of
        step = next((step for step in self.path().steps if step.name == of.rpartition("/")[2]), None)
        if step is None or self.ticket.priority not in step.after:
            return None
        said = step.within and step.within.get(self.ticket.priority)
        return said or (parse("5m"), step.after[self.ticket.priority][1])

    def hear(self, event, at):
        if not self.is_ours(event):
            return
        self.count = self.silence = self.ack = None
        if isinstance(event, Acknowledged):
            self.ack = event
            if self.ticket.live:
                self.count = Count(self.ticket.calendars, at)

    def is_ours(self, event):
        """Whether somebody on the staff did it: the engine's records have keys, and a client may reply."""
        engine = event.key is not None or isinstance(event, Fired | LineStopped)
        by_itself = isinstance(event, Solved) and not event.answers
        return not (engine or by_itself or (isinstance(event, Resumed) and event.by_reply))

    def ladder_of(self, key):
        kind, _, rest = key.partition("/")
        if kind == "again":
            return self.ladder_of(self.events[int(rest.rpartition("@")[2])].of)
        return rest.partition("@")[0]

    def found(self):
        return {
            f"{kind}/{self.ladder_of(ack.of)}@{seq}": (at, ack is not self.ack or not self.ticket.live or self.held)
            for kind, gone in (("again", self.expired), ("exhausted", self.unheard))
            for seq, (at, ack) in gone.items()
        }


class Closing:
    """The end of the solved period."""

    def __init__(self, ticket):
        self.ticket, self.solved, self.due_at, self.closed = ticket, None, None, {}

    def turned(self, event):
        ticket, period = self.ticket, self.ticket.terms.solved_period
        if ticket.ended is not self.solved:
            self.pass_by(ticket.minute - GRAIN)
            self.solved = ticket.ended if isinstance(ticket.ended, Solved) else None
            if self.solved and period:
                length = budget(period[1], event.at, period[0])
                self.due_at = oracle_clock.Count(length, period[1], event.at).due_from(event.at)

    def pass_by(self, at):
        if self.solved and self.due_at and self.due_at <= at:
            self.closed[f"close@{self.solved.seq}"] = self.due_at, self.solved

    def pass_minute(self, minute):
        pass

    def look(self, at, happening):
        pass

    def hear(self, event, at):
        pass

    def found(self):
        self.pass_by(self.ticket.minute)
        return {key: (at, solved is not self.ticket.ended) for key, (at, solved) in self.closed.items()}


def _calendars(terms):
    """Every calendar on which anything but a clock is counted."""
    waits = [rule.after for rule in terms.raises] + list(terms.acknowledgement_lasts.values())
    for ladder in terms.ladders.values():
        for step in ladder.steps:
            for table in (step.after, step.accept, step.within):
                waits += (table or {}).values()
    return {calendar for _, calendar in waits}
