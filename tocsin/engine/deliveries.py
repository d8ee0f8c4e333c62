"""What lies in the outbox, and did it reach its person?

The sending duty, and the only sender. It claims with a lease and a fencing token, hands over outside any transaction,
and only the holder of the token records what came of it: a crash in between is sent again and marked, never lost.
(semantics 6)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from django.db import connection, transaction

from tocsin.channels.base import Letter, Receipt, Refused, Uncertain, Unreachable
from tocsin.desk.ticket import Ticket
from tocsin.directory.contact import Contact
from tocsin.directory.holders import holders
from tocsin.directory.person import Person
from tocsin.engine.ways import channels
from tocsin.engine.working import ENGINE
from tocsin.log.append import append
from tocsin.log.chain import Draft
from tocsin.outbox import queue as outbox
from tocsin.outbox.delivery import Delivery

BATCH = 20
LEASE = timedelta(minutes=5)  # a slow mail server may take half a minute for each of its answers
PATIENCE = timedelta(seconds=5)  # a channel that takes longer to fail is not asked again in the same turn
BACK_OFF = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2))
ALARM_ROLE = "service-desk-manager"

Clock = Callable[[], datetime]
log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Sent:
    """What one call did: letters handed over, put off, and given up; and why which channels let it wait in vain."""

    sent: int = 0
    put_off: int = 0
    dead: int = 0
    stuck: dict[str, str] = field(default_factory=dict)

    @property
    def any(self) -> bool:
        return bool(self.sent or self.put_off or self.dead)


def turn(clock: Clock, *, batch: int = BATCH) -> Sent:
    """Up to `batch` letters whose time has come have been tried.

    When a channel lets one of them wait in vain, its others count as tried too: a mail server that hangs must neither
    hold up those who are reached another way, nor keep fifty people from their next way one after the other.
    """
    done = Sent()
    for delivery in claim(clock(), batch):
        if delivery.channel in done.stuck and delivery.state == "sending":
            _mine(delivery, attempts=delivery.attempts + 1)
            _again(delivery, done.stuck[delivery.channel], clock(), done)
        else:
            _try(delivery, clock, done)
    return done


def claim(now: datetime, limit: int) -> list[Delivery]:
    """The letters to be tried now, each leased to the caller; a lease that ran out makes the token before it void."""
    with transaction.atomic():
        found = Delivery.objects.due(now)
        if connection.features.has_select_for_update_skip_locked:
            found = found.select_for_update(skip_locked=True)
        claimed = list(found[:limit])
        for delivery in claimed:
            delivery.token += 1
            delivery.lease_until = now + LEASE
            if delivery.state == "sending" and delivery.handed_at is not None:
                delivery.state = "uncertain"  # its sender died between handing over and the answer
            else:
                delivery.state = "sending"
        Delivery.objects.bulk_update(claimed, ["token", "lease_until"])
        Delivery.objects.filter(pk__in=[delivery.pk for delivery in claimed]).update(state="sending")
    return claimed


def _try(delivery: Delivery, clock: Clock, done: Sent) -> None:
    now = clock()
    channel = channels().get(delivery.channel)
    key = f"{delivery.ticket_id or ''}:{delivery.key}"
    if delivery.state == "uncertain":
        if channel is not None and channel.sent(key):
            _record_sent(delivery, Receipt("the other side has it"), now, done)
            return
        delivery.duplicate_possible = True
    if channel is None:
        lacking = f"the desk has no channel {delivery.channel!r}" if delivery.channel else "no address is on file"
        _next_way(delivery, lacking, now, done)
        return
    # Durable before the handing over: whoever finds this row after a crash knows that it may have arrived.
    if not _mine(
        delivery,
        handed_at=now,
        lease_until=now + LEASE,
        attempts=delivery.attempts + 1,
        duplicate_possible=delivery.duplicate_possible,
    ):
        return
    letter = Letter(delivery.address, delivery.subject, delivery.body, key, delivery.duplicate_possible)
    try:
        receipt = channel.send(letter)
    except Refused as refused:
        _next_way(delivery, str(refused), clock(), done)
    except Unreachable as unreachable:
        _again(delivery, str(unreachable), clock(), done)
    except Uncertain as uncertain:
        delivery.duplicate_possible = True
        _again(delivery, str(uncertain), clock(), done)
    except Exception as error:  # a channel's bug must not cost the page: the next way has it
        log.error("channel raised", channel=delivery.channel, delivery=delivery.key, exc_info=error)
        delivery.duplicate_possible = True
        _next_way(delivery, f"{type(error).__name__}: {error}", clock(), done)
    else:
        _record_sent(delivery, receipt, clock(), done)


def _mine(delivery: Delivery, **columns: object) -> bool:
    """Store the columns if the caller still holds the token; a late worker does nothing."""
    for name, value in columns.items():
        setattr(delivery, name, value)
    held = Delivery.objects.filter(pk=delivery.pk, token=delivery.token, state="sending")
    return held.update(**columns) == 1


def _record_sent(delivery: Delivery, receipt: Receipt, now: datetime, done: Sent) -> None:
    with transaction.atomic():
        if not _mine(delivery, state="sent", sent_at=now, receipt=receipt.reference, lease_until=None, error=""):
            return
        _on_record(delivery, "delivered", now, receipt=receipt.reference)
    done.sent += 1


def _again(delivery: Delivery, why: str, now: datetime, done: Sent) -> None:
    """Tried again after a while, then by the person's next way."""
    if delivery.handed_at is not None and now - delivery.handed_at > PATIENCE:
        done.stuck[delivery.channel] = why
    if delivery.attempts > len(BACK_OFF):
        _next_way(delivery, why, now, done)
        return
    wait = BACK_OFF[delivery.attempts - 1]
    log.warning(
        "delivery put off",
        delivery=delivery.key,
        person=delivery.person,
        channel=delivery.channel,
        seconds=wait.seconds,
        why=why,
    )
    _mine(
        delivery,
        state="queued",
        not_before=now + wait,
        lease_until=None,
        handed_at=None,
        error=why[:500],
        duplicate_possible=delivery.duplicate_possible,
    )
    done.put_off += 1


def _next_way(delivery: Delivery, why: str, now: datetime, done: Sent) -> None:
    """The person's next way has it; without one it is dead, which is an alarm of its own."""
    log.warning("delivery failed", delivery=delivery.key, person=delivery.person, channel=delivery.channel, why=why)
    if delivery.alternatives:
        (channel, address), *others = delivery.alternatives
        _mine(
            delivery,
            state="queued",
            channel=channel,
            address=address,
            alternatives=others,
            attempts=0,
            not_before=now,
            lease_until=None,
            handed_at=None,
            error=_failed(delivery, why),
            duplicate_possible=delivery.duplicate_possible,
        )
        done.put_off += 1
        return
    with transaction.atomic():
        if _mine(delivery, state="dead", lease_until=None, error=_failed(delivery, why)):
            _on_record(delivery, "undelivered", now, why=why[:300])
            alarm(delivery, why, now)
            done.dead += 1


def _name(actor: str) -> str:
    """What somebody whom the log knows as person/5 or contact/12 is called."""
    kind, _, number = actor.partition("/")
    model = {"person": Person, "contact": Contact}.get(kind)
    found = model._base_manager.filter(pk=number).first() if model and number.isdigit() else None
    return str(found) if found else actor


def _failed(delivery: Delivery, why: str) -> str:
    return (f"{delivery.channel}: {why}" if delivery.channel else why)[:500]


def alarm(delivery: Delivery, why: str, now: datetime) -> None:
    """Somebody else hears that a letter could not be delivered; an alarm that cannot be is only logged."""
    log.error("undeliverable", delivery=delivery.key, person=delivery.person, why=why)
    if delivery.key.startswith("alarm/"):
        return
    others = [who for who in holders(ALARM_ROLE, None) if who.actor != delivery.person]
    name = _name(delivery.person)
    outbox.queue(
        outbox.Letter(
            client_id=delivery.client_id,
            ticket_id=delivery.ticket_id,
            key=f"alarm/{delivery.key}",
            person=who.actor,
            ways=who.how_to_reach(),
            subject=f"Not delivered to {name}: {delivery.subject}",
            body=f"No way to reach {name} worked: {why}\n\nPlease tell them. They were to hear:\n\n{delivery.body}",
            due_at=now,
        )
        for who in others[:1]
    )


def _on_record(delivery: Delivery, kind: str, now: datetime, **data: object) -> None:
    """What came of it is in the ticket's log; it moves no clock, so the ticket's row need not be told anew."""
    if delivery.ticket_id is None:
        return
    tickets = Ticket.objects.all()
    if connection.vendor != "sqlite":
        tickets = tickets.select_for_update(of=("self",))
    ticket = tickets.get(pk=delivery.ticket_id)
    fields = {
        "delivery": delivery.key,
        "person": delivery.person,
        "channel": delivery.channel,
        "possible_duplicate": delivery.duplicate_possible,
        **data,
    }
    append(ticket, [Draft(kind, now, ENGINE, fields, f"{kind}/{delivery.key}")], now=now, client_id=ticket.client_id)
