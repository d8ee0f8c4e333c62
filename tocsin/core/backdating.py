"""What stood already when an act was dated back?

The clocks are read at an act's `recorded_at` before it is folded: a breach true by then stands, even if the act would
have prevented it. So the order of the log decides, never how quick the engine was. (semantics 2)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from datetime import datetime
from itertools import groupby

from tocsin.core.commitment import Clock
from tocsin.core.dial import Reading
from tocsin.core.event import Event
from tocsin.core.fold import TELL, Fold, Which
from tocsin.core.lap import Lap

NOTHING: frozenset[Which] = frozenset()


class Heard:
    """What clocks hear of a log, sorted out once for all of them; `events` are in its order.

    What moves no clock (the engine's own records, above all) may have been recorded as late as it pleases.
    """

    def __init__(self, events: list[Event]) -> None:
        self.log = [event for event in events if type(event) in TELL]
        self.start = self.log[0].at
        self.tidy = _tidy(self.log)
        self.story = self.log if self.tidy else _by_effect(self.log, self.start)

    def by(self, clock: Clock, now: datetime, *, put_right: Set[Which] = NOTHING) -> Fold:
        """The clock once it has heard the story up to `now`.

        On the laps `put_right` no breach stands: they are as the acts dated back make them.
        """
        fold = Fold(clock)
        if not self.tidy:
            stood = _standing(self.log, clock, self.start)
            fold.standing = {which: lap for which, lap in stood.items() if which not in put_right}
        fold.tell(self.story, now)
        return fold


def told(events: list[Event], clock: Clock, now: datetime, *, put_right: Set[Which] = NOTHING) -> Fold:
    """The clock once it has heard the story up to `now`; `events` are in the order of their log."""
    return Heard(events).by(clock, now, put_right=put_right)


def prevented(events: list[Event], clock: Clock, now: datetime) -> dict[Which, tuple[Reading, Reading | None]]:
    """The laps whose breach stands although acts dated back would have prevented it.

    Each with its reading as recorded, and as it would have been: None, when there would have been no such lap.
    """
    heard = Heard(events)
    recorded = heard.by(clock, now)
    if not recorded.standing:
        return {}
    would = _by_lap(heard.by(clock, now, put_right=recorded.standing.keys()).reading(now))
    return {
        which: (reading, would.get(which))
        for which, reading in _by_lap(recorded.reading(now)).items()
        if reading.verdict == "breached" and (which not in would or would[which].verdict != "breached")
    }


def _by_lap(reading: Reading) -> dict[Which, Reading]:
    return {(lap.anchor, lap.index): lap for lap in (*reading.laps, reading) if lap.anchor}


def _standing(events: list[Event], clock: Clock, start: datetime) -> dict[Which, Lap]:
    """The laps of which a breach was true before an act was dated back, whatever the act makes of it, as they were."""
    standing: dict[Which, Lap] = {}
    known: list[Event] = []
    followed = _Followed(clock, start)
    for recorded_at, act in _acts(events):
        if known and any(event.at < recorded_at for event in act):
            for lap in followed.laps_at(recorded_at, known):
                if lap.breached_at is not None:
                    standing.setdefault((lap.anchor, lap.index), lap)
        known += act
    return standing


class _Followed:
    """A log followed act by act, so that a thousand acts dated back need no thousand readings from the beginning."""

    def __init__(self, clock: Clock, start: datetime) -> None:
        self.clock = clock
        self.start = start
        self._begin()

    def _begin(self) -> None:
        self.fold = Fold(self.clock)
        self.heard = self.given = 0
        self.last = self.start

    def laps_at(self, recorded_at: datetime, known: list[Event]) -> list[Lap]:
        """The laps as of then, when `known` was all that was known; those given before are not given again."""
        news = _by_effect(known[self.heard :], self.start)
        if news and max(news[0].at, self.start) < self.last:
            self._begin()
            news = _by_effect(known, self.start)
        if max(news[-1].at if news else self.last, self.last) > recorded_at:  # what is known lies partly ahead of then
            self._begin()
            fold = Fold(self.clock)
            fold.tell(_by_effect(known, self.start), recorded_at)
            return fold.laps()
        for event in news:
            self.last = max(event.at, self.start)
            self.fold.hear(event, self.last)
        self.heard = len(known)
        past = self.fold.past[self.given :]
        self.given = len(self.fold.past)
        ahead = self.fold.apart()
        ahead.pass_time(recorded_at)
        return [*past, *ahead.laps()]


def _tidy(events: list[Event]) -> bool:
    """Whether every event was recorded when it was so, in order; the opening may have been recorded later."""
    last = events[0].at
    for event in events[1:]:
        if event.at < last or event.at < event.recorded_at:
            return False
        last = event.at
    return True


def _acts(events: Iterable[Event]) -> Iterator[tuple[datetime, list[Event]]]:
    for recorded_at, act in groupby(events, key=lambda event: event.recorded_at):
        yield recorded_at, list(act)


def _by_effect(events: list[Event], start: datetime) -> list[Event]:
    return sorted(events, key=lambda event: (max(event.at, start), event.seq))
