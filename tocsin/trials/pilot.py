"""Is a client better served during a pilot than in as long a time before it?

The same figures as in reports, for the tickets reported in each of the two windows; how sure one can be is said with
them. (R16.3, semantics 9)
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction

from tocsin.core import metrics
from tocsin.core.event import Event, Reopened, Responded, Solved, Updated
from tocsin.core.hours import Calendar
from tocsin.core.terms import Terms
from tocsin.desk.stories import stories_of
from tocsin.desk.ticket import Ticket
from tocsin.directory.client import Client
from tocsin.log.event import Event as Row
from tocsin.standard.terms import terms_of

FEW = 20  # below that many tickets on either side a median moves with every single one of them
BATCH = 500


@dataclass(slots=True)
class Times:
    """How long something took, ticket by ticket: on the clock on the wall, and in working time."""

    elapsed: list[timedelta] = field(default_factory=list)
    working: list[timedelta] = field(default_factory=list)

    @property
    def n(self) -> int:
        return len(self.elapsed)

    def figures(self, *, working: bool) -> Figures:
        times = self.working if working else self.elapsed
        return Figures(len(times), metrics.median(times), metrics.mean(times), metrics.percentile(times, 90))


@dataclass(frozen=True, slots=True)
class Figures:
    """Of `n` tickets; None, where there are none, is "no data"."""

    n: int
    median: timedelta | None
    mean: timedelta | None
    p90: timedelta | None


@dataclass(slots=True)
class Window:
    """What was reported from `start` until `end` (half-open), and what came of it by now.

    `pages`: who (an actor of the log) was paged how often. `met`, `breached`: laps of each clock with that verdict.
    """

    start: datetime
    end: datetime
    tickets: int = 0
    acknowledged: Times = field(default_factory=Times)
    resolved: Times = field(default_factory=Times)
    met: Counter[str] = field(default_factory=Counter)
    breached: Counter[str] = field(default_factory=Counter)
    pages: Counter[str] = field(default_factory=Counter)

    def attainment(self, clock: str) -> Fraction | None:
        return metrics.attainment(self.met[clock], self.breached[clock])


@dataclass(frozen=True, slots=True)
class Measured:
    """A pilot at a client, and as long a time before it."""

    client: Client
    before: Window
    during: Window

    @property
    def acknowledging(self) -> str:
        """What can be said of the time to acknowledge, in a sentence."""
        return _verdict("acknowledge", self.before.acknowledged, self.during.acknowledged)

    @property
    def resolving(self) -> str:
        """What can be said of the time to resolve, in a sentence."""
        return _verdict("resolve", self.before.resolved, self.during.resolved)


def measure(client: Client, *, since: datetime, until: datetime | None = None, now: datetime) -> Measured:
    """A pilot that began `since` and ends, or ended, `until`, held against as long a time before it.

    Of a pilot that goes on as much counts as there is of it. Drills and imported history are in no figure.
    """
    end = min(until or now, now)
    length = max(end - since, timedelta())
    before, during = (_window(client, start, start + length, now) for start in (since - length, since))
    return Measured(client, before, during)


def _window(client: Client, start: datetime, end: datetime, now: datetime) -> Window:
    window = Window(start, end)
    found = Ticket.objects.filter(client=client, reported_at__gte=start, reported_at__lt=end, imported=False)
    numbers = list(found.exclude(kind="drill").order_by("pk").values_list("pk", flat=True))
    for place in range(0, len(numbers), BATCH):
        pks = numbers[place : place + BATCH]
        batch = list(Ticket.objects.filter(pk__in=pks).select_related("client", "service").order_by("pk"))
        stories = stories_of(batch)
        for ticket in batch:
            terms = terms_of(ticket)
            window.tickets += 1
            _times(window, ticket, stories[ticket.stream_name], terms)
            _verdicts(window, ticket.reading)
        _pages(window, {ticket.stream_name: terms_of(ticket) for ticket in batch})
    return window


def _times(window: Window, ticket: Ticket, story: list[Event], terms: Terms) -> None:
    answered = min((event.at for event in story if _answers(event)), default=None)
    for at, times, clock in (
        (answered, window.acknowledged, "response"),
        (_solved(story), window.resolved, "resolution"),
    ):
        if at is not None:
            start, calendar = ticket.reported_at, _calendar(terms, clock, ticket.priority)
            times.elapsed.append(max(at - start, timedelta()))
            times.working.append(calendar.elapsed(start, at))


def _answers(event: Event) -> bool:
    """Whether it is a person's answer to the client: the first of them is the acknowledgement. (semantics 9)"""
    return isinstance(event, Responded | Updated) or (isinstance(event, Solved) and event.answers)


def _solved(story: list[Event]) -> datetime | None:
    """When it was solved for good, as far as is known now."""
    last = next((event for event in reversed(story) if isinstance(event, Solved | Reopened)), None)
    return last.at if isinstance(last, Solved) else None


def _calendar(terms: Terms, clock: str, priority: str) -> Calendar:
    known = terms.clocks.get(clock)
    target = known.targets.get(priority) if known is not None else None
    return target[1] if target is not None else terms.calendars.get("support") or Calendar.always()


def _verdicts(window: Window, reading: str) -> None:
    for clock, recorded in json.loads(reading).items():
        said = recorded.get("corrected", recorded)
        for verdict, count in (*said["laps"].items(), (said["verdict"], 1)):
            if verdict == "met":
                window.met[clock] += count
            elif verdict == "breached":
                window.breached[clock] += count


def _pages(window: Window, known: dict[str, Terms]) -> None:
    """Who was paged by a page path, or again by an acknowledgement that expired, and how often."""
    rows = Row.objects.filter(stream__in=list(known), kind__in=("step", "again")).order_by("seq")
    for row in rows.iterator(chunk_size=2000):
        ladder = known[row.stream].ladders.get(str(row.key).partition("/")[2].partition("@")[0])
        if ladder is not None and ladder.until_acknowledged and not row.data.get("moot"):
            window.pages.update(row.data.get("told") or ())


def _verdict(what: str, before: Times, during: Times) -> str:
    few = min(before.n, during.n)
    were, are = before.figures(working=True).median, during.figures(working=True).median
    if were is None or are is None:
        return f"Nothing can be said of the time to {what}: {before.n} tickets before, {during.n} during the pilot."
    was, now = f"{metrics.hours(were)} before (n = {before.n})", f"{metrics.hours(are)} during (n = {during.n})"
    said = f"median time to {what} {was}, {now}"
    if few < FEW:
        return f"Too few tickets to tell, {FEW} on either side are wanted: {said}, in working time."
    return f"{said[:1].upper()}{said[1:]}, in working time."
