"""What does a clock say, if one simply walks through the story minute by minute and asks the wall clock?

Slow and obvious, written from semantics 1, 2 and 4 alone. It takes events, parsed durations and the *definition* of a
calendar (zone, week, closed, replaced, breaks) from tocsin.core and no rule: openness is asked of zoneinfo, a minute at
a time, budgets and due times are found by stepping on. Exact for stories on whole minutes; `now` may lie anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
ZERO = timedelta(0)


@dataclass
class Said:
    """What a reading must say."""

    state: str
    verdict: str
    consumed: timedelta | None = None
    remaining: timedelta | None = None
    due_at: datetime | None = None
    breached_at: datetime | None = None
    met_at: datetime | None = None
    stopped_at: datetime | None = None
    started_at: datetime | None = None
    anchor: int | None = None
    thresholds: dict[int, datetime] = field(default_factory=dict)
    laps: list[Said] = field(default_factory=list)


def expect(story, clock, *, now, walker=None) -> Said:
    """What `read(story, clock, now=now)` must say. The order of the log decides: each act is preceded by a look."""
    numbered = [event if event.seq else replace(event, seq=place) for place, event in enumerate(story, start=1)]
    known = sorted((event for event in numbered if event.recorded_at <= now), key=lambda event: event.seq)
    stands: dict[tuple[int, int], tuple[datetime, datetime]] = {}  # lap → when it began, and when it was breached
    for act in sorted({event.recorded_at for event in known}):
        before = [event for event in known if event.recorded_at < act]
        if before:
            _remember(_walk(before, clock, act, walker), stands)
    walk = _walk(known, clock, now, walker)
    for lap in walk.laps:
        if lap.which in stands:
            lap.breached_at, lap.met_at = stands[lap.which][1], None
    there = {lap.which for lap in walk.laps}
    gone = [_corrected(which, *was) for which, was in stands.items() if which not in there]
    gone.sort(key=lambda lap: lap.started_at)
    said = walk.says(now) if walk.laps or not gone else gone.pop()
    for lap in gone:
        later = [place for place, other in enumerate(said.laps) if other.started_at > lap.started_at]
        said.laps.insert(min(later, default=len(said.laps)), lap)
    return said


def _corrected(which, began, at):
    """A lap that was breached by the log, and by what was dated back later never began."""
    return Said("void", "breached", breached_at=at, stopped_at=at, started_at=began, anchor=which[0])


def _remember(walk, stands):
    for lap in walk.laps:
        if lap.breached_at:
            stands.setdefault(lap.which, (lap.started_at, lap.breached_at))


def _walk(events, clock, now, walker=None):
    start = events[0].at
    timeline = sorted((max(event.at, start), event.seq, event) for event in events if max(event.at, start) <= now)
    walk = (walker or Walk)(clock)
    minute = start
    while True:
        walk.wait_out(minute)
        while timeline and timeline[0][0] <= minute:
            walk.hear(timeline.pop(0)[2], minute)
        if minute >= now:
            return walk
        step = min(MINUTE, now - minute)
        walk.pass_time(minute, step)
        minute += step


class Count:
    """One promise and how much of it is used; `due` is when it was used up in this stretch, or for good once broken."""

    def __init__(self, budget, calendar, since, consumed=ZERO):
        self.budget, self.calendar, self.since, self.consumed = budget, calendar, since, consumed
        self.is_open = hours(calendar)
        self.due = None

    def resume(self, at):
        if self.consumed <= self.budget:
            self.due = None
        self.meet_due(at)

    def meet_due(self, at):
        if self.due is None and self.consumed >= self.budget:
            self.due = at

    def add(self, minute, step):
        """Count what is open of this step, which is at most the minute that begins here."""
        if self.is_open(minute):
            self.consumed += step
            self.meet_due(minute + step)

    def due_from(self, at):
        """When it is or was used up if the clock runs on from `at`."""
        if self.due is not None:
            return self.due
        left, minute = self.budget - self.consumed, at
        while left > ZERO:
            step = MINUTE - (minute - minute.replace(second=0, microsecond=0))
            if self.is_open(minute):
                step = min(step, left)
                left -= step
            minute += step
        return minute


class Stretch:
    """Minutes from `start` in which the lap ran, whatever the calendars; kept to replay them."""

    def __init__(self, start):
        self.start, self.end = start, start


class Lap:
    def __init__(self, clock, anchor, ordinal, at):
        self.clock, self.which, self.started_at = clock, (anchor, ordinal), at
        self.counts = []
        self.stretches = []
        self.breached_at = self.met_at = self.stopped_at = None
        self.state = "paused"
        self.thresholds = {}
        self.gone = False  # promised no longer: a later promise is another lap
        self.shown = None

    def run(self, at):
        if self.state != "running":
            self.state = "running"
            self.stretches.append(Stretch(at))
            for count in self.counts:
                count.resume(at)

    def hold(self):
        self.state = "paused"

    def stop(self, at, state):
        """Met (stopped) or without a verdict (void); the fold closes a pause first."""
        self.run(at)
        self.shown = self.binding(at)
        self.state, self.stopped_at = state, at
        self.met_at = at if state == "stopped" and not self.breached_at else None

    def go_on(self, at):
        """Reopened: the same lap goes on, its met verdict was provisional."""
        self.met_at = self.stopped_at = self.shown = None
        self.run(at)

    def settle(self, at):
        """A breach that a change brings about is dated at the change: more was taken than is promised now."""
        if self.overdrawn() and not self.gone:
            self.breach(at)

    def pass_time(self, minute, step):
        if self.state != "running":
            return
        if self.used_up(minute):
            self.breach(minute)
        self.stretches[-1].end = minute + step
        for count in self.counts:
            before = count.consumed
            count.add(minute, step)
            self.cross(count, minute, before)

    def used_up(self, minute):
        """Whether a promise that is used up is about to be exceeded."""
        return any(count.consumed == count.budget and count.is_open(minute) for count in self.counts)

    def overdrawn(self):
        return any(count.consumed > count.budget for count in self.counts)

    def breach(self, at):
        self.breached_at, self.met_at = self.breached_at or at, None

    def cross(self, count, minute, before):
        for percent in self.clock.thresholds if self.which[1] == 1 else ():
            share = count.budget * percent / 100
            if before < share <= count.consumed or (before == count.consumed and share <= count.consumed):
                at = minute + max(ZERO, share - before)
                self.thresholds[percent] = min(at, self.thresholds.get(percent, at))

    def note_shares(self, at):
        for count in self.counts:
            self.cross(count, at, count.consumed)

    def binding(self, at):
        """The promise that is due first if the clock runs on from `at`, and when: of a tie the older."""
        pairs = [(count, count.due_from(at)) for count in self.counts]
        if not pairs:
            return None
        count, due = min(pairs, key=lambda pair: pair[1])
        return Count(count.budget, count.calendar, count.since, count.consumed), due

    def reach_back(self, since):
        if since < self.started_at:
            self.stretches.insert(0, Stretch(since))
            self.stretches[0].end, self.started_at = self.started_at, since

    def replayed(self, budget, calendar):
        """A promise as if it had been this one since the lap began, pauses and all."""
        count = Count(budget, calendar, self.started_at)
        for stretch in self.stretches:
            count.resume(stretch.start)
            minute = stretch.start
            while minute < stretch.end:
                step = min(MINUTE, stretch.end - minute)
                count.add(minute, step)
                minute += step
        return count

    def says(self, now):
        pair = self.shown or self.binding(now)
        count, due = pair if pair else (None, None)
        return Said(
            state=self.state,
            verdict="breached" if self.breached_at else "met" if self.met_at else "open",
            consumed=count and count.consumed,
            remaining=count and count.budget - count.consumed,
            due_at=due if self.state in ("running", "stopped") else None,
            breached_at=self.breached_at,
            met_at=self.met_at,
            stopped_at=self.stopped_at,
            started_at=self.started_at,
            anchor=self.which[0],
            thresholds=self.thresholds,
        )


class Walk:
    """The ticket as it is at one minute of its story, and the laps of its clock."""

    def __init__(self, clock):
        self.clock, self.laps, self.lap = clock, [], None
        self.priority = self.wait = None
        self.solved = self.over = self.fulfilled = False

    def says(self, now):
        if not self.laps:
            return Said("void", "open")
        said = self.laps[-1].says(now)
        said.laps = [lap.says(now) for lap in self.laps[:-1]]
        return said

    # -- time ---------------------------------------------------------------------------------------------------------

    def wait_out(self, minute):
        if self.wait and self.wait.until is not None and self.wait.until <= minute:
            self.wait = None
            self.go(minute)

    def pass_time(self, minute, step):
        lap = self.lap
        if lap is None:
            return
        if self.clock.repeats and lap.state == "running" and lap.used_up(minute):
            self.miss(lap, minute)
            lap = self.lap
        if lap:
            lap.pass_time(minute, step)

    def miss(self, lap, minute):
        """Semantics 4: missed at its instant, once; the next lap runs from there, with the same anchor."""
        lap.breach(minute)
        lap.stop(minute, "stopped")
        lap.met_at = None
        self.lap = None
        self.begin(*lap.which[:1], minute, ordinal=lap.which[1] + 1)

    def paused(self):
        return self.wait is not None and self.wait.on in self.clock.paused_by

    def go(self, at):
        """Let the lap run or wait, as the ticket's status has it."""
        if self.lap and self.lap.state in ("running", "paused"):
            if self.paused():
                self.lap.hold()
            else:
                self.lap.run(at)

    # -- laps ---------------------------------------------------------------------------------------------------------

    def target(self):
        return self.clock.targets.get(self.priority)

    def begin(self, anchor, at, ordinal=1, promised=None):
        target = self.target()
        if target is None and promised is None:
            return
        self.lap = Lap(self.clock, anchor, ordinal, at)
        self.laps.append(self.lap)
        if promised is None:
            self.lap.counts = [self.promise(at)]
        else:
            calendar = target[1] if target else None
            self.lap.counts = [Count(working(calendar, at, promised), calendar, at)]
        self.go(at)
        self.lap.note_shares(at)

    def promise(self, at):
        duration, calendar = self.target()
        return Count(budget(calendar, at, duration), calendar, at)

    def end(self, at, state):
        if self.lap and self.lap.state in ("running", "paused"):
            self.lap.stop(at, state)

    # -- events -------------------------------------------------------------------------------------------------------

    def hear(self, event, at):
        hearing = getattr(self, "on_" + type(event).__name__.lower(), None)
        if hearing and not self.over:
            hearing(event, at)

    def on_opened(self, event, at):
        self.priority = event.priority
        self.begin(event.seq, at)

    def on_paused(self, event, at):
        self.wait = event
        self.go(at)
        self.wait_out(at)

    def on_resumed(self, event, at):
        own = self.wait and f"wait@{self.wait.seq}"
        if event.key in (None, own):  # the record of a deadline ends no wait but its own
            self.wait = None
            self.go(at)

    def on_responded(self, event, at):
        self.meet("responded", at)

    def on_updated(self, event, at):
        self.meet("updated", at)
        if self.clock.repeats and not self.solved:
            self.lap = None
            self.begin(event.seq, at, promised=event.promised)

    def meet(self, how, at):
        if how in self.clock.met_by:
            self.fulfilled = not self.clock.repeats
            self.end(at, "stopped")

    def on_solved(self, event, at):
        self.wait = None
        self.go(at)
        self.solved = True
        alone = self.clock.met_by == ("solved",)
        meets = "solved" in self.clock.met_by and (event.answers or alone)
        self.fulfilled = self.fulfilled or (meets and not alone)
        self.end(at, "stopped" if meets else "void")

    def on_reopened(self, event, at):
        self.solved = False
        if self.clock.repeats or self.clock.on_reopen == "restart":
            self.fulfilled, self.lap = False, None
            self.begin(event.seq, at)
        elif self.fulfilled:
            pass  # being answered is final
        elif self.target() is None:
            self.no_longer(at)
        elif self.lap is None or self.lap.gone:
            self.begin(event.seq, at)
        else:
            self.lap.go_on(at)

    def on_cancelled(self, event, at):
        self.wait = None
        self.end(at, "void")
        self.over = True

    def on_merged(self, event, at):
        if event.into is not None:
            self.on_cancelled(event, at)
            return
        taken = [promise for promise in event.promises if promise.clock == self.clock.name]
        if not taken or self.fulfilled or self.solved:
            return
        if self.lap is None or self.lap.gone:
            self.lap = Lap(self.clock, event.seq, 1, at)
            self.laps.append(self.lap)
            self.go(at)
        for promise in taken:
            self.lap.counts.append(Count(promise.budget, promise.calendar, at, promise.consumed))
            self.lap.counts[-1].resume(at)
            self.lap.reach_back(promise.since)
        self.settle(at)

    def on_prioritychanged(self, event, at):
        was, self.priority = self.priority, event.to
        raised = self.clock.severity(event.to) < self.clock.severity(was)
        if self.fulfilled and not self.clock.repeats:
            return
        if self.lap is None or self.lap.gone:
            if not self.solved:
                self.begin(event.seq, at)
        elif self.clock.repeats and (self.solved or not raised):
            pass  # a lowering waits for the next lap, a solved ticket for its reopening
        elif self.target() is None:
            if not self.solved and not self.clock.repeats:
                self.no_longer(at)
        elif raised and self.clock.on_raise == "restart" and not self.solved:
            self.end(at, "void")
            self.begin(event.seq, at)
        elif raised:
            self.take(self.clock.on_raise, at)
        elif self.clock.on_lower == "recalculate":
            self.take("recalculate", at)

    def settle(self, at):
        """The promises are others now: a breach or a share that this brings about is dated at the change."""
        self.lap.settle(at)
        self.lap.note_shares(at)
        if self.clock.repeats and self.lap.overdrawn():
            self.miss(self.lap, at)

    def no_longer(self, at):
        """To none: the clock ends void."""
        if self.lap and not self.lap.gone:
            self.lap.gone, self.lap.met_at = True, None
            self.end(at, "void")
            self.lap.state = "void"

    def take(self, how, at):
        """Put the present priority's promise into the lap, beside the others or instead of them."""
        lap, (duration, calendar) = self.lap, self.target()
        if how in ("earlier_of", "restart"):  # a lap that is stopped is not restarted
            lap.counts.append(self.promise(at))
        elif how == "carry":
            lap.counts = [Count(budget(calendar, at, duration), calendar, at, lap.binding(at)[0].consumed)]
        else:
            lap.counts = [lap.replayed(budget(calendar, lap.started_at, duration), calendar)]
        if how != "recalculate" and lap.state == "running":
            lap.counts[-1].resume(at)
        self.settle(at)


# -- calendars, from their definition alone ---------------------------------------------------------------------------


@cache
def hours(calendar):
    """A function that says whether the minute which begins at an instant is open, remembering what it was asked."""
    zone = ZoneInfo(calendar.zone) if calendar else None
    known: dict[datetime, bool] = {}

    def is_open(at):
        if zone is None:
            return True
        minute = at.replace(second=0, microsecond=0)
        if minute not in known:
            known[minute] = _open(calendar, minute.astimezone(zone))
        return known[minute]

    return is_open


def _open(calendar, local):
    day = local.date()
    time = timedelta(hours=local.hour, minutes=local.minute)
    if day in calendar.closed:
        return False
    if any(opens <= time < closes for opens, closes in calendar.breaks.get(day, ())):
        return False
    spans = calendar.replaced[day] if day in calendar.replaced else calendar.week[day.weekday()]
    return any(opens <= time < closes for opens, closes in spans)


def working(calendar, start, end):
    """The open time from `start` to `end`, both on whole minutes; no calendar is always open."""
    is_open, minute, total = hours(calendar), start, ZERO
    while minute < end:
        total += MINUTE if is_open(minute) else ZERO
        minute += MINUTE
    return total


def budget(calendar, start, duration):
    """How much working time `duration` is when it begins at `start`."""
    if not duration.is_days:
        return duration.delta
    zone, is_open, minute = ZoneInfo(calendar.zone), hours(calendar), start
    while not is_open(minute):
        minute += MINUTE
    begins = minute.astimezone(zone).replace(tzinfo=None)
    day, days_left = begins.date(), duration.amount
    while days_left:
        day += timedelta(days=1)
        days_left -= 1 if works_on(calendar, day) else 0
    target = begins.replace(year=day.year, month=day.month, day=day.day)
    while minute.astimezone(zone).replace(tzinfo=None) < target or not is_open(minute):
        minute += MINUTE
    return working(calendar, start, minute)


@cache
def works_on(calendar, day):
    """Whether the local date has an open minute."""
    zone = ZoneInfo(calendar.zone)
    minute = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo("UTC")) - timedelta(hours=15)
    while minute.astimezone(zone).date() <= day:
        if minute.astimezone(zone).date() == day and hours(calendar)(minute):
            return True
        minute += MINUTE
    return False
