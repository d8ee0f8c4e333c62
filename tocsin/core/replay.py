"""What would these rules have made of what people did?

The engine's whole life of one ticket, on time to the microsecond, and without an engine: its people act as they did,
and whatever these terms make due is put on record between their acts. What an engine did then is left out.
(semantics 10)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from tocsin.core import plan
from tocsin.core.dial import Reading
from tocsin.core.event import Acknowledged, BrokenStory, Done, Event, Fired, Noted, Opened, in_order, in_place, utc
from tocsin.core.hindsight import ROOM, Foreseen, Line, foresee
from tocsin.core.performed import performed
from tocsin.core.plan import Obligation
from tocsin.core.terms import Terms

ROUNDS = 50


class EndlessReplay(Exception):
    """A ticket whose obligations beget obligations without end under these terms."""


class Bare(NamedTuple):
    """A record of the engine's that changes nothing, before anybody needs the event."""

    at: datetime
    recorded_at: datetime
    key: str


class Carried(NamedTuple):
    """An act on its way to its place in the log, before anybody needs it there."""

    event: Event
    of: str | None


@dataclass(frozen=True)
class Outcome:
    """What became of a ticket.

    `done`: what fell due, in the order in which it was put on record, under the very keys, each with that instant.
    `made`: the engine's own acts (escalations, raises, ends of waits, closings). `left_out`: acts that could not have
    been done to it any more (it would have been closed, or nobody had escalated what was sent back). `readings`: its
    clocks at the end.
    """

    done: tuple[tuple[Obligation, datetime], ...]
    made: tuple[Event, ...]
    readings: Mapping[str, Reading]
    left_out: tuple[Event, ...]
    log: Sequence[Event | Bare | Carried]

    @property
    def obligations(self) -> tuple[Obligation, ...]:
        return tuple(due for due, _ in self.done)

    @cached_property
    def story(self) -> tuple[Event, ...]:
        """Its log by then, acts and what the engine did, each event in its place."""
        return tuple(_event(line, place) for place, line in enumerate(self.log, start=1))


def replay(story: Iterable[Event], terms: Terms, *, until: datetime) -> Outcome:
    """The ticket has been lived through under these terms, to `until`, everything that fell due done on time.

    What stands in the story under a key was an engine's doing and is left out; an event that is on no rule's mind
    (`Fired` without a key) keeps its place. Where something falls due at the very instant of an act, the act is first.
    """
    return _Life(story, terms, utc(until)).lived()


class _Life:
    """A ticket on its way through the years: `story` is what is on record, `acts` are yet to come."""

    def __init__(self, story: Iterable[Event], terms: Terms, until: datetime) -> None:
        self.terms = terms
        self.until = until
        told = in_order(story)
        self.engines = {event.seq: event.key for event in told if event.key is not None}
        self.acts = [event for event in told if event.key is None and event.recorded_at <= until]
        self.barriers = {event.recorded_at for event in self.acts if self._must_be_awaited(event)}
        self.log: list[Event | Bare | Carried] = []
        self.places: dict[int, int] = {}  # where an act stood → where it stands now
        self.done: list[tuple[Obligation, datetime]] = []
        self.made: list[Event] = []
        self.left_out: list[Event] = []
        self.readings: Mapping[str, Reading] = {}
        self.next = 0
        self.seen_to_the_end = False
        self.far: dict[int, int] = {}  # where an act stood → where it is taken to stand while it is yet to come
        self.final: dict[int, int] = {}  # where something was taken to stand → where it stands now
        self.singly = False  # each act by itself: one of them may be impossible

    @property
    def story(self) -> list[Event]:
        """What is on record, as events."""
        for place, line in enumerate(self.log):
            if isinstance(line, Bare | Carried):
                self.log[place] = _event(line, place + 1)
        return self.log  # type: ignore[return-value]  # they are events now

    def lived(self) -> Outcome:
        """It has come to the end."""
        while self.next < len(self.acts):
            self._go_on()
        if self.log and not self.seen_to_the_end:
            self._pass_time(self.until)
        return Outcome(tuple(self.done), tuple(self.made), self.readings, tuple(self.left_out), self.log)

    def _must_be_awaited(self, event: Event) -> bool:
        """Whether nothing is to be foreseen past it: it was dated back, or answers what an engine asked."""
        if event.at != event.recorded_at and type(event) is not Opened:
            return True
        of = _anchor(event.of) if isinstance(event, Acknowledged | Done) else None
        return of is not None and of in self.engines

    # -- what lies ahead, at one glance

    def _go_on(self) -> None:
        """Everything up to the next instant that needs a look of its own is on record, and that look is done."""
        first, last = self.next, self._clear()
        if last == first:
            self._await()
            return
        at = self.acts[last].recorded_at if last < len(self.acts) else None
        acts = self.acts[first:last]
        try:
            seen = foresee(self.story, self._numbered(acts), self.terms, now=at or self.until)
        except BrokenStory:
            self.singly = True
            return
        stop = seen.care if seen.care is not None else at
        self._record(acts, seen, stop)
        if seen.care is not None:
            self._take(seen.care)
            self._look(seen.care)
        elif stop is None:
            self.seen_to_the_end = True
            self._show(seen)

    def _clear(self) -> int:
        """Up to which act nothing is known to need a look of its own; none where each is taken by itself."""
        if self.singly:
            return self.next
        for place in range(self.next, len(self.acts)):
            if self.acts[place].recorded_at in self.barriers:
                return place
        return len(self.acts)

    def _await(self) -> None:
        """The next act has come, and what was due before it is on record."""
        at = self.acts[self.next].recorded_at
        if self.log:
            self._pass_time(at, short=True)
        self._take(at)
        self._look(at)

    def _pass_time(self, to: datetime, *, short: bool = False) -> None:
        """Nobody does anything up to `to`; `short` of it, what falls due at that instant is left to whoever comes."""
        while True:
            seen = foresee(self.story, [], self.terms, now=to)
            stop = seen.care if seen.care is not None else to if short else None
            self._record([], seen, stop)
            if seen.care is None or (short and seen.care >= to):
                self._show(seen)
                return
            self._look(seen.care)

    def _show(self, seen: Foreseen) -> None:
        self.readings = seen.readings
        for reading in seen.readings.values():
            reading.place(self.final)

    def _numbered(self, acts: Sequence[Event]) -> list[Event]:
        """Acts yet to come, in places far behind all others, with room between them."""
        far = (len(self.log) // ROOM + 2) * ROOM
        numbered = []
        self.far = {event.seq: far + place * ROOM for place, event in enumerate(acts)}
        for event in acts:
            numbered.append(self._placed(event, self.far[event.seq]))
        return numbered

    def _placed(self, event: Event, seq: int) -> Event:
        """The event in its place; what it answers is named as it is called here."""
        return _event(Carried(event, self._renamed(event.of) if isinstance(event, Acknowledged | Done) else None), seq)

    def _renamed(self, key: str) -> str | None:
        """How the key of the old log is called in this one; None where nothing of the kind was asked here."""
        old = _anchor(key)
        if old is None:
            return key
        new = self.far.get(old) or self.places.get(old)
        if new is None and old in self.engines:
            known = self._renamed(self.engines[old])
            new = next((event.seq for event in self.story if event.key is not None and event.key == known), None)
        return _with_anchor(key, new) if new is not None else None

    # -- putting on record

    def _record(self, acts: Sequence[Event], seen: Foreseen, stop: datetime | None) -> None:
        """The acts and what was foreseen, as far as it comes before `stop`, are on record in their order."""
        self.far = {}
        self.final = {}
        coming = [line for line in seen.lines if stop is None or line.at < stop]
        done = 0
        for line in coming:
            while done < len(acts) and acts[done].recorded_at <= line.at:
                self._put_act(acts[done], seen.first + done * ROOM)
                done += 1
            self._put(line)
        while done < len(acts) and (stop is None or acts[done].recorded_at < stop):
            self._put_act(acts[done], seen.first + done * ROOM)
            done += 1
        self.next += done

    def _put(self, line: Line) -> None:
        """The obligation and its events are on record, under their final keys."""
        due, final = line.due, self.final
        key = _final_key(due.key, final)
        if key is not due.key or line.moot is not due.moot:
            anchor = final.get(due.anchor, due.anchor)
            due = Obligation(
                key, due.effective_at, due.kind, due.reason, due.subject, due.step, due.to,
                line.moot, anchor, due.interval, due.percent,
            )  # fmt: skip
        self.done.append((due, line.at))
        if not line.events:
            self.log.append(Bare(due.effective_at, line.at, key))
            return
        for event in line.events:
            place = len(self.log) + 1
            if event.seq:
                final[event.seq] = place
            said = event.key and _final_key(event.key, final)
            placed = replace(event, recorded_at=line.at, seq=place, key=said)
            self.log.append(placed)
            if type(placed) is not Fired:
                self.made.append(placed)

    def _put_act(self, event: Event, far: int) -> None:
        place = len(self.log) + 1
        self.final[far] = self.places[event.seq] = place
        self.log.append(Carried(event, self._renamed(event.of) if isinstance(event, Acknowledged | Done) else None))

    # -- one instant, as the engine looks at it

    def _take(self, at: datetime) -> None:
        """The acts of this instant are on record, but those that cannot be done to it any more."""
        self.far = {}
        while self.next < len(self.acts) and self.acts[self.next].recorded_at == at:
            event = self.acts[self.next]
            self.next += 1
            placed = self._placed(event, len(self.log) + 1)
            try:
                plan.due([*self.story, placed], self.terms, now=at)
            except BrokenStory:
                self.left_out.append(event)
            else:
                self.places[event.seq] = placed.seq
                self.log.append(placed)

    def _look(self, now: datetime) -> None:
        """Everything due by then is on record, round by round, as the engine does it. (semantics 10)"""
        for _ in range(ROUNDS):
            planned = plan.due(self.story, self.terms, now=now)
            self.readings = planned.readings
            for due in planned.obligations:
                self.done.append((due, now))
                events, again = performed(due, self.terms, planned.standing, now=now)
                for event in events:
                    placed = replace(event, seq=len(self.log) + 1)
                    self.log.append(placed)
                    if type(placed) is not Fired:
                        self.made.append(placed)
                if again:
                    break
            else:
                return
        raise EndlessReplay(f"something is due after {ROUNDS} rounds at {now.isoformat()}")


def _event(line: Event | Bare | Carried, place: int) -> Event:
    if isinstance(line, Bare):
        return Fired(line.at, recorded_at=line.recorded_at, seq=place, key=line.key)
    if not isinstance(line, Carried):
        return line
    event = line.event
    if event.seq == place and line.of is None and not isinstance(event, Acknowledged | Done):
        return event
    if isinstance(event, Acknowledged | Done):
        if line.of is None:  # nobody asked it here: somebody did something, that is all
            return Noted(event.at, recorded_at=event.recorded_at, seq=place)
        return replace(event, seq=place, of=line.of)
    return in_place(event, place)


def _anchor(key: str) -> int | None:
    """The place in the log which a key names."""
    number = key.partition("@")[2].partition("/")[0]
    return int(number) if number.isdecimal() else None


def _with_anchor(key: str, place: int) -> str:
    head, _, tail = key.partition("@")
    _, slash, step = tail.partition("/")
    return f"{head}@{place}{slash}{step}"


def _final_key(key: str, final: Mapping[int, int]) -> str:
    anchor = _anchor(key)
    return _with_anchor(key, final[anchor]) if anchor is not None and anchor in final else key
