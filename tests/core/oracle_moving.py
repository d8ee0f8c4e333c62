"""What does a clock say of a ticket that was moved, if one walks through its story minute by minute?

Written from semantics 2 alone: at the move each promise is asked anew of the other version, with what was counted of
it until then, and counting goes on by that version.
"""

from __future__ import annotations

from tests.core.oracle_clock import Count, Walk, budget


class MovedWalk(Walk):
    """The ticket as it is at one minute, under the version it has then."""

    def __init__(self, clock):
        self.versions = [*clock.earlier, clock]
        super().__init__(self.versions.pop(0))

    def hear(self, event, at):
        super().hear(event, at)
        for lap in self.laps:
            for count in lap.counts:
                if not hasattr(count, "priority"):
                    count.priority = self.priority

    def on_reopened(self, event, at):
        super().on_reopened(event, at)
        if self.lap is not None and self.lap.state in ("running", "paused"):
            self.settle(at)  # what a move brought about while it was solved

    def on_moved(self, event, at):
        promised = self.target() is not None
        self.clock = self.versions.pop(0)
        lap = self.lap
        if self.fulfilled:
            return
        if lap is None or lap.gone:
            if not self.solved:
                self.begin(event.seq, at)
            return
        lap.clock = self.clock
        if promised and self.target() is None:
            if not self.solved:
                self.no_longer(at)
            return
        before, lap.counts = lap.counts, []
        for count in before:
            lap.counts += self.under(count, at)
        if not lap.counts and self.target() is not None:
            lap.counts = [self.anew(before, at)]
        if not lap.counts:
            if not self.solved:
                self.no_longer(at)
            return
        if lap.state in ("running", "paused"):
            self.settle(at)
            self.go(at)

    def under(self, count, at):
        target = self.clock.targets.get(count.priority)
        if target is None:
            return []
        duration, calendar = target
        much = budget(calendar, count.since, duration)
        if (much, calendar) == (count.budget, count.calendar):
            return [count]
        return [self.counted(Count(much, calendar, count.since, count.consumed), count, at)]

    def anew(self, before, at):
        lap, (duration, calendar) = self.lap, self.target()
        lap.counts = before
        bound, _ = lap.shown or lap.binding(at)
        return self.counted(Count(budget(calendar, lap.started_at, duration), calendar, lap.started_at, bound.consumed),
                            None, at)  # fmt: skip

    def counted(self, count, was, at):
        count.priority = was.priority if was else self.priority
        overdue = was is not None and was.consumed > was.budget and count.consumed > count.budget
        if overdue:
            count.due = was.due
        elif self.lap.state == "running":
            count.resume(at)
        elif count.consumed > count.budget:
            count.due = at
        return count
