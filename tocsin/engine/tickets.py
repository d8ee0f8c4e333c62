"""Which tickets need a look now, and what is done about them?

The deciding duty: take a batch whose instant has come, read their stories in one query, plan and perform in memory,
write with one statement a table, commit. It never leaves the database; a crash rolls everything back. (semantics 10)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from django.db import connection, transaction
from django.db.models import Q

from tocsin.core import plan
from tocsin.desk.projection import project
from tocsin.desk.stories import stories_of
from tocsin.desk.ticket import Ticket
from tocsin.desk.timeline import PROJECTED, terms_of
from tocsin.directory.holders import Holders
from tocsin.engine.letters import letters
from tocsin.engine.performing import perform
from tocsin.engine.working import ENGINE, Known, Working
from tocsin.engine.writing import save_all
from tocsin.log.append import AlreadyOnRecord, StaleHead, insert
from tocsin.log.chain import Draft, Entry
from tocsin.log.event import Event
from tocsin.outbox.queue import AlreadyQueued, Letter, queue

BATCH = 400
ROUNDS = 50
PUT_OFF = timedelta(minutes=5)  # twice as long after each further time, up to
LONGEST = timedelta(hours=1)
CLASHES = (AlreadyOnRecord, StaleHead, AlreadyQueued)  # somebody else has been there

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Done:
    """What one call did: tickets looked at, obligations put on record, seconds late of each, tickets that raised."""

    tickets: int = 0
    obligations: int = 0
    failed: int = 0
    lateness: list[float] = field(default_factory=list)

    def add(self, other: Done) -> None:
        self.tickets += other.tickets
        self.obligations += other.obligations
        self.failed += other.failed
        self.lateness += other.lateness


class EndlessPlan(Exception):
    """A ticket whose obligations beget obligations without end, or that would be looked at again and again."""


def turn(now: datetime, *, batch: int = BATCH) -> Done:
    """Up to `batch` tickets whose instant has come have what is due on them performed, in one transaction."""
    done = Done()
    try:
        with transaction.atomic():
            _decide(take(now, batch), now, done)
    except CLASHES:
        # One row of the batch clashes with what is on record: find it by going one by one.
        done = Done()
        for pk in _whose_time_has_come(now).values_list("pk", flat=True)[:batch]:
            _alone(pk, now, done)
    return done


def _alone(pk: int, now: datetime, done: Done) -> None:
    tried = Done()
    try:
        with transaction.atomic():
            _decide(take(now, 1, pk=pk), now, tried)
    except CLASHES as error:
        with transaction.atomic():
            for ticket in take(now, 1, pk=pk):
                _put_off(ticket, error, now, done)
    else:
        done.add(tried)


def _whose_time_has_come(now: datetime):  # type: ignore[no-untyped-def]  # a queryset of tickets
    return (
        Ticket.objects.filter(look_at__lte=now).filter(Q(not_before=None) | Q(not_before__lte=now)).order_by("look_at")
    )


def take(now: datetime, limit: int, *, pk: int | None = None) -> list[Ticket]:
    """The tickets whose instant has come, their rows locked; those another engine has in hand are left to it."""
    # Prefetched, not joined: a batch shares its clients and people, and need not make them anew for every row.
    tickets = _whose_time_has_come(now).prefetch_related("client", "service", "contact", "owner", "worker")
    if connection.features.has_select_for_update_skip_locked:
        tickets = tickets.select_for_update(skip_locked=True, of=("self",))
    if pk is not None:
        tickets = tickets.filter(pk=pk)
    return list(tickets[:limit])


def _decide(tickets: Sequence[Ticket], now: datetime, done: Done) -> None:
    if not tickets:
        return
    stories = stories_of(tickets)
    roster = Holders.of({ticket.client_id for ticket in tickets}, at=now)
    known = Known(tickets)
    entries: list[Entry] = []
    outgoing: list[Letter] = []
    settled: list[Ticket] = []
    for ticket in tickets:
        at = max(now, ticket.head_at) if ticket.head_at else now
        before = ticket.__dict__.copy()
        try:
            work = Working(ticket, terms_of(ticket), stories[ticket.stream_name], at, roster, known)
            decide(work)
            told = list(letters(work))
            drafted = ticket.extend(work.drafts, now=at, client_id=ticket.client_id)
        except Exception as error:  # a ticket that raises is put on record and off; the others go on (semantics 10)
            ticket.__dict__.update(before)
            _put_off(ticket, error, now, done)
            continue
        entries += drafted
        outgoing += told
        settled.append(ticket)
        done.tickets += 1
        done.obligations += len(work.lateness)
        done.lateness += work.lateness
    insert(entries)
    queue(outgoing)
    save_all(settled)


def decide(work: Working) -> None:
    """Everything due on the ticket is drafted, in order, until nothing is; its row in memory shows the result.

    An effect can make another thing due or moot, so after one that the plan rests on it is planned again.
    """
    for _ in range(ROUNDS):
        planned = plan.due(work.story, work.terms, now=work.now)
        work.readings = planned.readings
        work.standing = planned.standing
        if not any(perform(due, work) for due in planned.obligations):
            if work.drafts:
                _show(work, planned)
            if planned.next_at is not None and planned.next_at <= work.now:
                raise EndlessPlan(f"{work.ticket.number} is to be looked at again at {planned.next_at}, which is past")
            work.ticket.look_at = planned.next_at
            work.ticket.not_before = None
            return
        _show(work, planned)
    raise EndlessPlan(f"{work.ticket.number} has something due after {ROUNDS} rounds")


def _show(work: Working, planned: plan.Plan) -> None:
    projected = project(work.story, work.terms, planned=planned)
    for name in PROJECTED:
        setattr(work.ticket, name, getattr(projected, name))


def _put_off(ticket: Ticket, error: Exception, now: datetime, done: Done) -> None:
    """The error is on the ticket's record, and the engine looks at it again in a while, longer each time it raises."""
    log.error("ticket raised", ticket=ticket.number, error=repr(error), exc_info=error)
    ticket.not_before = now + min(LONGEST, 2 * _put_off_for(ticket) or PUT_OFF)
    draft = Draft("engine_error", now, ENGINE, {"error": f"{type(error).__name__}: {error}"[:500]})
    insert(ticket.extend([draft], now=now, client_id=ticket.client_id))
    save_all([ticket])
    done.failed += 1


def _put_off_for(ticket: Ticket) -> timedelta:
    """For how long it was put off the last time; zero where it has not raised since it was last decided."""
    if ticket.not_before is None:
        return timedelta(0)
    errors = Event.objects.filter(stream=ticket.stream_name, kind="engine_error")
    last = errors.order_by("-seq").values_list("effective_at", flat=True).first()
    return ticket.not_before - last if last else timedelta(0)
