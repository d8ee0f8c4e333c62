"""How does anything get on a ticket's record? Only through here.

In one transaction, under the ticket's row lock: the events, chained; the row that shows what they make of it; the next
instant to look at it. (architecture: how a fact flows)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from tocsin.core import plan
from tocsin.core.event import BrokenStory, Event
from tocsin.core.terms import Terms
from tocsin.desk import record
from tocsin.desk.projection import Projection, project
from tocsin.desk.refusal import Refusal
from tocsin.desk.ticket import Ticket
from tocsin.log.append import insert
from tocsin.log.chain import Draft, Entry
from tocsin.log.event import Event as Row
from tocsin.log.stream import HEAD
from tocsin.standard.terms import terms_of

PROJECTED = tuple(Projection.__dataclass_fields__)
COLUMNS = ("kind", "effective_at", "recorded_at", "seq", "key", "body")


class Act:
    """What one actor does to one ticket at one instant, while its row is locked."""

    def __init__(self, ticket: Ticket, *, by: str, now: datetime, story: list[Event] | None = None) -> None:
        self.ticket = ticket
        self.by = by
        self.now = max(now, ticket.head_at) if ticket.head_at else now
        self.terms: Terms = terms_of(ticket)
        self.story = story if story is not None else story_of(ticket)
        self.drafts: list[Draft] = []
        self.dated_back: dict[str, str] = {}  # why and by which right, where something of it is dated back
        self.conclusions: list[Callable[[Act], None]] = []  # what is drafted last, once all else is
        self.changed: set[str] = set()

    def record(self, event: Event, *, kind: str | None = None, **data: Any) -> None:
        """The event will be on record, with `data` beside it, and why it is dated back, where it is."""
        if self.dated_back and event.at < self.now:
            data["dated_back"] = self.dated_back
        self.drafts.append(record.draft(event, actor=self.by, kind=kind, **data))

    def say(self, kind: str, *, at: datetime | None = None, key: str | None = None, **data: Any) -> None:
        """Something the rules take no notice of will be on record."""
        self.drafts.append(Draft(kind, at or self.now, self.by, data, key))

    def drafted(self) -> list[Event]:
        """What the rules will take notice of, of what will be on record."""
        places = enumerate(self.drafts, start=self.ticket.head_seq + 1)
        events = (
            record.read(each.kind, each.effective_at, self.now, seq, each.key, None, each.data) for seq, each in places
        )
        return [event for event in events if event is not None]

    def change(self, **columns: Any) -> None:
        """Columns that no event decides (a count, a person) will be as given; the event beside them says so."""
        for name, value in columns.items():
            setattr(self.ticket, name, value)
            self.changed.add(name)

    def write(self) -> None:
        """Events, projection and look_at are stored. Raises Refusal where the story could not have happened."""
        for conclude in self.conclusions:
            conclude(self)
        if self.drafts:
            insert(self.told())
            self.ticket.not_before = None  # what could not be decided may be, now that the story goes on
            self.ticket.save(update_fields=[*HEAD, *PROJECTED, "not_before", *self.changed])

    def told(self) -> list[Entry]:
        """The drafts chained to the ticket's log, its row in memory showing what they make of it; nothing is stored."""
        ticket = self.ticket
        news = self.drafted()
        entries = ticket.extend(self.drafts, now=self.now, client_id=ticket.client_id)
        self.story += news
        show(ticket, self.story, self.terms)
        return entries


def show(ticket: Ticket, story: list[Event], terms: Terms) -> None:
    """The ticket in memory shows what its story says, as of its last event."""
    assert ticket.head_at is not None
    with possible(ticket):
        planned = plan.due(story, terms, now=ticket.head_at)
    for name, value in project_columns(story, terms, planned).items():
        setattr(ticket, name, value)
    if ticket.imported:
        ticket.look_at = ticket.next_at = None


@contextmanager
def possible(ticket: Ticket) -> Iterator[None]:
    """A story that could not have happened is a Refusal."""
    try:
        yield
    except BrokenStory as broken:
        raise Refusal(f"{ticket.number}: {broken}") from broken


def project_columns(story: list[Event], terms: Terms, planned: plan.Plan) -> dict[str, Any]:
    projected = project(story, terms, planned=planned)
    return {name: getattr(projected, name) for name in PROJECTED}


@contextmanager
def act(ticket: Ticket, *, by: str, now: datetime) -> Iterator[Act]:
    """Lock the ticket, let the caller record what was done, and store it; the caller's `ticket` shows the result."""
    with transaction.atomic():
        locked = lock(ticket.pk)
        done = Act(locked, by=by, now=now)
        yield done
        done.write()
    # What was stored, without asking for it again; the caller's own row may be of long ago.
    for column in ticket._meta.concrete_fields:
        setattr(ticket, column.attname, getattr(locked, column.attname))


def lock(pk: int) -> Ticket:
    """The ticket, its row locked until the transaction ends (SQLite: the transaction itself is the lock)."""
    tickets = Ticket.objects.select_related("client", "service")
    if connection.vendor != "sqlite":
        tickets = tickets.select_for_update(of=("self",))
    return tickets.get(pk=pk)


def story_of(ticket: Ticket) -> list[Event]:
    """The ticket's story, from its log."""
    return record.tell(Row.objects.filter(stream=ticket.stream_name).order_by("seq").values_list(*COLUMNS))
