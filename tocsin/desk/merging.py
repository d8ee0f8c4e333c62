"""How do two tickets become one, without anybody gaining time?"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tocsin.core.clock import fold
from tocsin.core.event import Merged
from tocsin.desk import alerts, stopped
from tocsin.desk.refusal import Refusal
from tocsin.desk.ticket import Ticket
from tocsin.desk.tickets import live
from tocsin.desk.timeline import Act, lock
from tocsin.directory.reach import Reachable, actor


def merge(ticket: Ticket, *, into: Ticket, reason: str, by: Reachable | str, now: datetime) -> None:
    """`ticket` has gone into `into`: its clocks end void, the survivor takes their promises over.

    (semantics 2, R8.9)
    """
    if ticket.pk == into.pk:
        raise Refusal(f"{ticket.number} cannot be merged into itself.")
    if ticket.client_id != into.client_id:
        raise Refusal("Two tickets of different clients are never merged: each sees only its own.")
    with transaction.atomic():
        alerts.hold(ticket.client_id)
        # Always in the same order, so that two merges at once cannot wait for each other.
        locked = {pk: lock(pk) for pk in sorted((ticket.pk, into.pk))}
        gone = Act(locked[ticket.pk], by=actor(by), now=now)
        kept = Act(locked[into.pk], by=actor(by), now=now)
        live(gone)
        live(kept)
        stopped.hold(gone, "merged away")
        promises = tuple(
            promise for clock in gone.terms.clocks.values() for promise in fold(gone.story, clock, gone.now).promises
        )
        gone.record(Merged(gone.now, into=kept.ticket.number), reason=reason)
        kept.record(Merged(kept.now, promises=promises), taken=gone.ticket.number, reason=reason)
        gone.write()
        kept.write()
        alerts.move(gone.ticket, into=kept.ticket)
    ticket.refresh_from_db()
    into.refresh_from_db()
