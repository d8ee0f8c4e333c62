"""What would these rules have made of what people did?

The engine's whole life of one ticket, on time to the microsecond, and without an engine: its people act as they did,
and whatever these terms make due is put on record between their acts. What an engine did then is left out.
(semantics 10)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tocsin.core import plan
from tocsin.core.dial import Reading
from tocsin.core.event import Acknowledged, BrokenStory, Done, Event, Noted, Opened, in_order, utc
from tocsin.core.hindsight import ROOM, Foreseen, foresee
from tocsin.core.performed import performed
from tocsin.core.plan import Obligation
from tocsin.core.terms import Terms

ROUNDS = 50


class EndlessReplay(Exception):
    """A ticket whose obligations beget obligations without end under these terms."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a ticket.

    `story`: its log by then, acts and what the engine did, each event in its place. `obligations`: what fell due, in
    the order in which it was put on record, under the very keys. `left_out`: acts that could not have been done to it
    any more (it would have been closed, or nobody had escalated what was sent back). `readings`: its clocks at the end.
    """

    story: tuple[Event, ...]
    obligations: tuple[Obligation, ...]
    readings: Mapping[str, Reading]
    left_out: tuple[Event, ...] = ()


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
        self.story: list[Event] = []
        self.places: dict[int, int] = {}  # where an act stood → where it stands now
        self.obligations: list[Obligation] = []
        self.left_out: list[Event] = []
        self.readings: Mapping[str, Reading] = {}
        self.next = 0
        self.seen_to_the_end = False
        self.far: dict[int, int] = {}  # where an act stood → where it is taken to stand while it is yet to come
        self.final: dict[int, int] = {}  # where something was taken to stand → where it stands now
        self.singly = False  # each act by itself: one of them may be impossible

    def lived(self) -> Outcome:
        """It has come to the end."""
        while self.next < len(self.acts):
            self._go_on()
        if self.story and not self.seen_to_the_end:
            self._pass_time(self.until)
        return Outcome(tuple(self.story), tuple(self.obligations), self.readings, tuple(self.left_out))

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
        if self.story:
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
        far = (len(self.story) // ROOM + 2) * ROOM
        numbered = []
        self.far = {event.seq: far + place * ROOM for place, event in enumerate(acts)}
        for event in acts:
            numbered.append(self._placed(event, self.far[event.seq]))
        return numbered

    def _placed(self, event: Event, seq: int) -> Event:
        """The event in its place; what it answers is named as it is called here."""
        if isinstance(event, Acknowledged | Done):
            of = self._renamed(event.of)
            if of is None:
                return Noted(event.at, recorded_at=event.recorded_at, seq=seq)
            return replace(event, seq=seq, of=of)
        return replace(event, seq=seq)

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
            due = line.due
            key = _final_key(due.key, self.final)
            anchor = self.final.get(due.anchor, due.anchor)
            self.obligations.append(
                Obligation(
                    key, due.effective_at, due.kind, due.reason, due.subject, due.step, due.to,
                    line.moot, anchor, due.interval, due.percent,
                )
            )  # fmt: skip
            for event in line.events:
                place = len(self.story) + 1
                if event.seq:
                    self.final[event.seq] = place
                said = event.key and _final_key(event.key, self.final)
                self.story.append(replace(event, recorded_at=line.at, seq=place, key=said))
        while done < len(acts) and (stop is None or acts[done].recorded_at < stop):
            self._put_act(acts[done], seen.first + done * ROOM)
            done += 1
        self.next += done

    def _put_act(self, event: Event, far: int) -> None:
        place = len(self.story) + 1
        self.final[far] = self.places[event.seq] = place
        self.story.append(self._placed(event, place))

    # -- one instant, as the engine looks at it

    def _take(self, at: datetime) -> None:
        """The acts of this instant are on record, but those that cannot be done to it any more."""
        self.far = {}
        while self.next < len(self.acts) and self.acts[self.next].recorded_at == at:
            event = self.acts[self.next]
            self.next += 1
            placed = self._placed(event, len(self.story) + 1)
            try:
                plan.due([*self.story, placed], self.terms, now=at)
            except BrokenStory:
                self.left_out.append(event)
            else:
                self.places[event.seq] = placed.seq
                self.story.append(placed)

    def _look(self, now: datetime) -> None:
        """Everything due by then is on record, round by round, as the engine does it. (semantics 10)"""
        for _ in range(ROUNDS):
            planned = plan.due(self.story, self.terms, now=now)
            self.readings = planned.readings
            for due in planned.obligations:
                self.obligations.append(due)
                events, again = performed(due, self.terms, planned.standing, now=now)
                for event in events:
                    self.story.append(replace(event, seq=len(self.story) + 1))
                if again:
                    break
            else:
                return
        raise EndlessReplay(f"something is due after {ROUNDS} rounds at {now.isoformat()}")


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
