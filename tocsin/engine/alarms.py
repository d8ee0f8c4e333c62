"""Who hears of it when somebody cannot be reached?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import structlog

from tocsin.desk.ticket import Ticket
from tocsin.desk.timeline import terms_of
from tocsin.directory.contact import Contact
from tocsin.directory.holders import Holders
from tocsin.directory.person import Person
from tocsin.engine.others import others
from tocsin.outbox.delivery import Delivery
from tocsin.outbox.queue import Letter, queue

ALARM = "alarm/"

log = structlog.get_logger(__name__)


def alarm(delivery: Delivery, why: str, now: datetime) -> None:
    """Somebody else who can be reached hears, once, that this letter does not arrive.

    An alarm that does not arrive raises no further one, and where there is nobody else there is none: both are in the
    engine's log, and the audit finds them. (semantics 10)
    """
    log.error("undeliverable", delivery=delivery.key, person=delivery.person, why=why)
    key = f"{ALARM}{delivery.key}"
    if delivery.key.startswith(ALARM) or Delivery.objects.filter(ticket_id=delivery.ticket_id, key=key).exists():
        return
    other = next(_others(delivery, now), None)
    if other is None:
        log.error("nobody else can be told", delivery=delivery.key, person=delivery.person)
        return
    name = _name(delivery.person)
    queue(
        [
            Letter(
                client_id=delivery.client_id,
                ticket_id=delivery.ticket_id,
                key=key,
                person=other.actor,
                ways=other.how_to_reach(),
                subject=f"Not delivered to {name}: {delivery.subject}",
                body=f"No way to reach {name} worked: {why}\n\nPlease tell them. They were to hear:\n\n{delivery.body}",
                due_at=now,
            )
        ]
    )


def _others(delivery: Delivery, now: datetime) -> Iterator[Person]:
    """Those of our own people who can be told instead, without the one who cannot be reached."""
    roster = Holders.of([delivery.client_id] if delivery.client_id else [], at=now)
    ticket = Ticket.objects.filter(pk=delivery.ticket_id).select_related("owner", "worker").first()
    terms = terms_of(ticket) if ticket is not None else None
    return (who for who in others(roster, delivery.client_id, ticket, terms) if who.actor != delivery.person)


def _name(actor: str) -> str:
    """What somebody whom the log knows as person/5 or contact/12 is called."""
    kind, _, number = actor.partition("/")
    model = {"person": Person, "contact": Contact}.get(kind)
    found = model._base_manager.filter(pk=number).first() if model and number.isdigit() else None
    return str(found) if found else actor
