"""What would another version of a standard change for the tickets that are open now?

Every open ticket that works by the standard is read by its own story, once as it is and once as if it were moved now.
Nothing is stored. (R16.3)
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from tocsin.core.clock import fold_all
from tocsin.core.difference import Difference, differences
from tocsin.core.event import Event, Moved
from tocsin.core.hours import Calendar
from tocsin.core.moving import after
from tocsin.core.policy import BadPolicy, Policy
from tocsin.core.terms import Terms
from tocsin.desk.board import LIVE
from tocsin.desk.stories import stories_of
from tocsin.desk.ticket import Ticket
from tocsin.standard.fits import signed
from tocsin.standard.terms import terms_of

BATCH = 500


@dataclass(frozen=True, slots=True)
class Touched:
    """A difference, how many open tickets it is about, and how many it would make overdue now, by number of ticket."""

    difference: Difference
    tickets: int
    overdue: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """P2 resolution 8h → 6h, affects 41 open tickets, 3 would be overdue now."""
        if not self.tickets:
            return f"{self.difference.sentence}, affects no open ticket"
        said = f"{self.difference.sentence}, affects {_many(self.tickets)}"
        return f"{said}, {len(self.overdue)} would be overdue now" if self.overdue else said


@dataclass(frozen=True, slots=True)
class Effects:
    """What differs, what it touches, which tickets would be overdue now in all, and which could not be read so."""

    touched: tuple[Touched, ...]
    tickets: int
    overdue: tuple[str, ...]
    unread: dict[str, str]


def effects(old: Policy, new: Policy, *, now: datetime, clients: Iterable[int] | None = None) -> Effects:
    """What differs between the two, with the open tickets each difference is about.

    Those of every client, or of these, that work by a standard of the old one's name. `unread` says of a ticket why it
    could not be moved there as it is: a priority the new one does not know, a contract that does not fit it.
    """
    found = differences(old, new)
    tickets = Ticket.objects.filter(status__in=LIVE, imported=False, policy_version__policy__name=old.name)
    if clients is not None:
        tickets = tickets.filter(client__in=list(clients))
    counts = [0] * len(found)
    overdue: list[list[str]] = [[] for _ in found]
    all_overdue, unread, many = [], {}, 0
    reader = _Reader(new, now)
    numbers = list(tickets.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(numbers), BATCH):
        pks = numbers[start : start + BATCH]
        batch = list(Ticket.objects.filter(pk__in=pks).select_related("client", "service").order_by("pk"))
        stories = stories_of(batch)
        for ticket in batch:
            many += 1
            try:
                broken = reader.broken(ticket, stories[ticket.stream_name])
            except (BadPolicy, ValueError) as error:
                unread[ticket.number], broken = str(error), frozenset()
            if broken:
                all_overdue.append(ticket.number)
            for place, difference in enumerate(found):
                if not difference.priorities or ticket.priority in difference.priorities:
                    counts[place] += 1
                    if _breaks(difference, broken):
                        overdue[place].append(ticket.number)
    touched = tuple(Touched(difference, counts[place], tuple(overdue[place])) for place, difference in enumerate(found))
    return Effects(touched, many, tuple(all_overdue), unread)


class _Reader:
    """Open tickets as they would read if they were moved now; equal contracts share their terms."""

    def __init__(self, new: Policy, now: datetime) -> None:
        self.new = new
        self.now = now
        self.contracts = {pk: each.now for pk, each in signed(now).items()}
        self.known: dict[tuple[int, str | None], Terms] = {}

    def broken(self, ticket: Ticket, story: list[Event]) -> frozenset[str]:
        """The clocks that are kept so far, and would be broken by the move."""
        before, new = terms_of(ticket), self._terms(ticket)
        if ticket.priority not in new.titles:
            raise ValueError(f"{self.new.name} knows no priority {ticket.priority}: it must be said which it becomes")
        at = max(self.now, ticket.head_at or self.now)
        moved = Moved(at, seq=ticket.head_seq + 1, recorded_at=at)
        terms = after(before, new)
        were = fold_all(story, before.clocks, at)
        are = fold_all([*story, moved], terms.clocks, at)
        return frozenset(
            name
            for name, reading in are.items()
            if reading.verdict == "breached" and (name not in were or were[name].verdict != "breached")
        )

    def _terms(self, ticket: Ticket) -> Terms:
        contract = self.contracts[ticket.client_id]
        service = ticket.service.slug if ticket.service else None
        own = service if service in contract.overrides.get("services", ()) else None
        key = ticket.client_id, own
        if key not in self.known:
            hours = Calendar.from_spec(contract.hours)
            self.known[key] = self.new.terms(
                hours=hours, service=own, overrides=contract.overrides, version="as proposed"
            )
        return self.known[key]


def _breaks(difference: Difference, broken: Collection[str]) -> bool:
    """Whether it may be what breaks these clocks: a target breaks its own, the hours that are counted break any.

    What stops a clock, who is told and when changes nothing of what is used by now.
    """
    section, _, rest = difference.path.partition(".")
    if section == "clocks":
        clock, _, what = rest.partition(".")
        return clock in broken and (not what or what.startswith("targets"))
    return bool(broken) and (section == "calendars" or (section == "priorities" and rest.endswith(".calendar")))


def _many(tickets: int) -> str:
    return f"{tickets} open ticket{'' if tickets == 1 else 's'}"
