"""What falls due after a ticket is opened, if nobody does anything but take what is escalated to them?

Nothing of it reads the rules a second time: the story is only that it was opened, and the planner is asked again at
each instant it names, with what it found put on record as the engine would.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby

from tocsin.core import plan
from tocsin.core.agenda import Kind, lower, promise_item, said, title
from tocsin.core.event import Accepted, Escalated, Event, Fired, Opened, PriorityChanged
from tocsin.core.hours import Calendar
from tocsin.core.plan import Coming, Obligation, Plan
from tocsin.core.terms import Terms

A_MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
PROMISES = "promises"
FURTHEST = timedelta(days=60)
ROUNDS = 2000  # far more than any standard that lint accepts asks for


@dataclass(frozen=True, slots=True)
class Due:
    """Something due so long `after` the opening, in the time that its priority is counted in; `at` (UTC) on a calendar.

    `lane` is the ladder it belongs to, or promises; kind is that of an item of the agenda. `what` is a headline, `why`
    what is behind it.
    """

    after: timedelta
    at: datetime
    kind: Kind
    lane: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """What falls due for a priority when it is `opened` (UTC) as its hours begin; `calendar` counts the time after."""

    priority: str
    opened: datetime
    calendar: Calendar
    items: tuple[Due, ...]

    @property
    def moments(self) -> list[tuple[timedelta, datetime, list[Due]]]:
        """The same, by instant."""
        grouped = groupby(self.items, key=lambda due: due.at)
        found = [(at, list(dues)) for at, dues in grouped]
        return [(dues[0].after, at, dues) for at, dues in found]


def outlook(terms: Terms, priority: str) -> Outlook:
    """What falls due after the opening for this priority (or kind of ticket), the earliest first.

    Nobody answers, solves or tells the client anything; a level that is asked accepts at once, so that each level's own
    time shows. Of a promise that repeats, what nobody hears of is left out.
    """
    calendar = _calendar(terms, priority)
    opened = calendar.next_open(A_MONDAY)
    teller = _Teller(terms, opened, calendar)
    found = sorted(teller.tell(priority), key=lambda due: due.at)
    return Outlook(priority, opened, calendar, tuple(dict.fromkeys(found)))


def _calendar(terms: Terms, priority: str) -> Calendar:
    """What most of the priority's promises are counted on: the resolution's, or the first there is."""
    clocks = [terms.clocks["resolution"]] if "resolution" in terms.clocks else []
    targets = [clock.targets.get(priority) for clock in (*clocks, *terms.clocks.values())]
    return next((target[1] for target in targets if target is not None), Calendar.always())


class _Teller:
    """The story as it is told, event by event."""

    def __init__(self, terms: Terms, opened: datetime, calendar: Calendar) -> None:
        self.terms = terms
        self.opened = opened
        self.calendar = calendar
        self.story: list[Event] = []
        self.level = terms.first_level

    def tell(self, priority: str) -> Iterator[Due]:
        self._put(Opened(self.opened, priority, self.level))
        now = self.opened
        promised: set[tuple[str, datetime]] = set()
        for _ in range(ROUNDS):
            planned = plan.due(self.story, self.terms, now=now)
            yield from self._promises(planned, promised)
            if planned.obligations:
                # One at a time, for an effect may make another due or moot; the engine plans anew after it, too.
                yield from self._happens(planned.obligations[0], planned)
                continue
            if planned.next_at is None or planned.next_at > self.opened + FURTHEST or not self._goes_on(planned):
                return
            now = planned.next_at

    def _goes_on(self, planned: Plan) -> bool:
        """Whether anything but silences in a row, of which nobody hears after the first few, is still to come."""
        told = len(self.terms.update_misses_told)
        return any(
            not (coming.subject in self.terms.clocks and self.terms.clocks[coming.subject].repeats)
            or planned.readings[coming.subject].index <= told
            for coming in planned.ahead
        )

    def _promises(self, planned: Plan, promised: set[tuple[str, datetime]]) -> Iterator[Due]:
        for name, reading in planned.readings.items():
            item = promise_item(name, reading, self.terms)
            repeats = self.terms.clocks[name].repeats
            if item is None or (name, item.at) in promised or (repeats and any(name == known for known, _ in promised)):
                continue
            if item.at < (planned.now or self.opened):
                continue
            promised.add((name, item.at))
            rule = self.terms.threshold(name, 100)
            role = self.terms.update_misses_told[0] if repeats and self.terms.update_misses_told else ""
            role = rule.tell if rule and not repeats else role
            late = f"; if it is late, {_whom(role, self.terms)} is told" if role else ""
            yield self._due(item.at, "promise", PROMISES, item.what, f"{item.why}{late}")

    def _happens(self, due: Obligation, planned: Plan) -> Iterator[Due]:
        """It is on record, with what the engine would do about it."""
        if not due.moot:
            yield from self._shown(due, planned)
        ladder = self.terms.ladders.get(due.subject)
        if due.kind in ("step", "unaccepted") and ladder is not None and ladder.counts_from == "level":
            assert due.step is not None
            self._put(Escalated(due.effective_at, due.step.name, key=due.key))
            self._accepted(due.step.name, due.effective_at)
        elif due.kind == "raise" and not due.moot:
            self._put(PriorityChanged(due.effective_at, due.to, key=due.key))
        else:
            self._put(Fired(due.effective_at, key=due.key))
            rule = self.terms.threshold(due.subject, due.percent) if due.kind == "threshold" and not due.moot else None
            if rule is not None and rule.escalate is not None and self._is_above(rule.escalate):
                key = f"escalate/{due.subject}@{due.anchor}/{due.percent}"
                self._put(Escalated(due.effective_at, rule.escalate, key=key))
                self._accepted(rule.escalate, due.effective_at)

    def _shown(self, due: Obligation, planned: Plan) -> Iterator[Due]:
        terms, at = self.terms, due.effective_at
        if due.kind == "breach":
            if due.to and due.interval > 1:  # the first is the promise itself
                what = f"Still no client update: tell the {lower(title(due.to, terms))}"
                yield self._due(at, "promise", PROMISES, what, f"missed {due.interval} times in a row")
            return
        coming = Coming(at, due.key, due.kind, due.subject, due.step, due.to, due.percent)
        words = said(coming, planned, terms)
        if words is None or (due.kind == "threshold" and planned.readings[due.subject].index > 1):
            return
        kind, what, why, _ = words
        what, why = self._more(due, planned, what, why)
        yield self._due(at, kind, due.subject if due.subject in terms.ladders else PROMISES, what, why)

    def _more(self, due: Obligation, planned: Plan, what: str, why: str) -> tuple[str, str]:
        """Headline and reason, where more is to be said beforehand than about a ticket that has come so far."""
        terms, step, ladder = self.terms, due.step, self.terms.ladders.get(due.subject)
        if due.kind == "missed":
            return f"{what}, at the latest", "otherwise it is on record that nobody did"
        if due.kind == "exhausted" and ladder is not None and not ladder.until_acknowledged:
            return f"The {ladder.name} ladder has run out", f"{_whom(ladder.owner, terms)} is told"
        if due.kind == "threshold":
            rule = terms.threshold(due.subject, due.percent)
            if rule is not None and rule.escalate is not None:
                return what, f"{_whom(rule.tell, terms)} is told, and it goes to {rule.escalate} unless it is there"
        if due.kind == "step" and step is not None:
            if step.act and "phone" not in step.by:
                return step.title or what, f"{_whom(step.to, terms)} is asked to hold it: {why}"
            accept = (step.accept or {}).get(planned.priority)
            return what, f"{why}; {step.name} accepts within {accept[0]}" if accept else why
        return what, why

    def _due(self, at: datetime, kind: Kind, lane: str, what: str, why: str) -> Due:
        return Due(self.calendar.elapsed(self.opened, at), at, kind, lane, what, why)

    def _accepted(self, level: str, at: datetime) -> None:
        self.level = level
        ladder = next((each for each in self.terms.ladders.values() if each.counts_from == "level"), None)
        step = next((step for step in ladder.steps if step.name == level), None) if ladder else None
        if step is not None and step.accept:
            self._put(Accepted(at))

    def _is_above(self, level: str) -> bool:
        ladder = self.terms.ladders.get("functional")
        return ladder is not None and ladder.places.get(level, -1) > ladder.places.get(self.level, -1)

    def _put(self, event: Event) -> None:
        self.story.append(event)


def _whom(role: str, terms: Terms) -> str:
    return f"the {lower(title(role, terms))}"
