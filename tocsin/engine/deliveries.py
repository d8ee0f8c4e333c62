"""What lies in the outbox, and did it reach its person?

The sending duty, and the only sender. It claims with a lease and a fencing token, hands over outside any transaction,
and only the holder of the token records what came of it: a crash in between is sent again and marked, never lost.
(semantics 6 and 10)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from django.db import connection, transaction
from django.db.models import Q

from tocsin.channels.base import Letter, Receipt, Refused, Uncertain, Unreachable
from tocsin.desk.ticket import Ticket
from tocsin.engine.alarms import alarm
from tocsin.engine.ways import channels
from tocsin.engine.working import ENGINE
from tocsin.log.append import append
from tocsin.log.chain import Draft
from tocsin.log.stream import HEAD
from tocsin.outbox import lease
from tocsin.outbox.delivery import Delivery

BATCH = 20
PATIENCE = timedelta(seconds=5)  # a channel that takes longer to fail
LEFT_ALONE = timedelta(seconds=30)  # is not asked again for so long
BACK_OFF = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2))
THEN_EVERY = timedelta(minutes=5)
ROUNDS = 50  # about four hours

Clock = Callable[[], datetime]
Stuck = dict[str, tuple[str, datetime]]
Settle = Callable[["Sent", datetime], None]
Way = list[Any]  # channel, address, and how often it was out of reach, which is left out where it never was
log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Sent:
    """What one call did: letters handed over, put off, and given up."""

    sent: int = 0
    put_off: int = 0
    dead: int = 0

    @property
    def any(self) -> bool:
        return bool(self.sent or self.put_off or self.dead)


def for_each_channel(clock: Clock) -> dict[str, Sender]:
    """A sender a channel, to work side by side, and one under "" for letters that none of the channels can take.

    So a channel that is slow, whether it fails or works, holds up its own letters and no others; one that goes on by
    another way is the other sender's at once.
    """
    names = sorted(channels())
    senders = {name: Sender(clock, Q(channel=name)) for name in names}
    return senders | {"": Sender(clock, ~Q(channel__in=names))}


class Sender:
    """Sends what is due by a clock, all of it or `which`.

    It remembers which channels let it wait in vain: why, and until when. What came of a letter is recorded right
    after it was handed over, in the transaction that holds the next one.
    """

    def __init__(self, clock: Clock, which: Q = lease.ANY) -> None:
        self.clock = clock
        self.which = which
        self.stuck: Stuck = {}

    def turn(self, *, batch: int = BATCH) -> Sent:
        """Up to `batch` letters whose time has come have been tried.

        While a channel is left alone, its letters count as tried: a mail server that hangs must not keep fifty people
        from their next way one after the other.
        """
        done = Sent()
        self.send(lease.claim(self.clock(), batch, self.which), done)
        return done

    def send(self, deliveries: Iterable[Delivery], done: Sent) -> None:
        """These letters, which the caller has claimed, have been tried, each by the way that has its turn."""
        settle: Settle = _nothing
        for delivery in deliveries:
            answer = self._asked(delivery)
            now = self.clock()
            with transaction.atomic():  # one commit for what came of the letter before and for holding this one
                settle(done, now)
                settle = self._why_not(delivery, answer, now)
                held = settle is _nothing and lease.hold(delivery, now)
            if held:
                settle = self._hand_over(delivery)
        if settle is not _nothing:
            now = self.clock()
            with transaction.atomic():
                settle(done, now)

    def _asked(self, delivery: Delivery) -> bool | None:
        """Whether the other side has a letter whose holder died before it heard the answer; None where nobody knows."""
        if delivery.handed_at is None or delivery.channel not in channels():
            return None
        if self._left_alone(delivery, self.clock()):
            return None
        try:
            return channels()[delivery.channel].sent(_key(delivery))
        except Exception as error:  # whoever cannot be asked does not know; the letter goes out again, marked
            log.error("channel raised", channel=delivery.channel, delivery=delivery.key, exc_info=error)
            return None

    def _left_alone(self, delivery: Delivery, now: datetime) -> str:
        """Why the letter's channel is not asked now; "" if it is."""
        why, until = self.stuck.get(delivery.channel, ("", now))
        return why if now < until else ""

    def _why_not(self, delivery: Delivery, answer: bool | None, now: datetime) -> Settle:
        """What is to be recorded of a letter that need not or cannot be handed over now; nothing, if it can."""
        if answer:
            return partial(self._taken, delivery, Receipt("the other side has it"))
        delivery.duplicate_possible |= delivery.handed_at is not None  # it may have arrived, and nobody can tell
        if why := self._left_alone(delivery, now):
            return partial(self._out_of_reach, delivery, why)
        if delivery.channel not in channels():
            lacking = f"the desk has no channel {delivery.channel!r}" if delivery.channel else "no address is on file"
            return partial(self._refused, delivery, lacking)
        return _nothing

    def _hand_over(self, delivery: Delivery) -> Settle:
        """The letter, which the caller holds, has been handed to its channel; returns what is to be recorded."""
        letter = Letter(
            delivery.address,
            delivery.subject,
            delivery.body,
            _key(delivery),
            duplicate=delivery.duplicate_possible,
            at=delivery.handed_at,
        )
        try:
            receipt = channels()[delivery.channel].send(letter)
        except Refused as refused:
            return partial(self._refused, delivery, str(refused))
        except Unreachable as unreachable:
            return partial(self._out_of_reach, delivery, str(unreachable))
        except Uncertain as uncertain:
            delivery.duplicate_possible = True
            return partial(self._out_of_reach, delivery, str(uncertain))
        except Exception as error:  # a channel's bug must not cost the page: the next way has it
            log.error("channel raised", channel=delivery.channel, delivery=delivery.key, exc_info=error)
            delivery.duplicate_possible = True
            return partial(self._refused, delivery, f"{type(error).__name__}: {error}")
        return partial(self._taken, delivery, receipt)

    def _taken(self, delivery: Delivery, receipt: Receipt, done: Sent, now: datetime) -> None:
        if lease.keep(delivery, state="sent", sent_at=now, receipt=receipt.reference, lease_until=None, error=""):
            _on_record(delivery, "delivered", now, receipt=receipt.reference)
            done.sent += 1

    def _refused(self, delivery: Delivery, why: str, done: Sent, now: datetime) -> None:
        """This way is not tried again."""
        self._go_on(delivery, delivery.alternatives, delivery.attempts, why, done, now)

    def _out_of_reach(self, delivery: Delivery, why: str, done: Sent, now: datetime) -> None:
        """The way gets another turn, after the others."""
        asked = delivery.handed_at is not None and not self._left_alone(delivery, now)
        if asked and now - delivery.handed_at > PATIENCE:
            self.stuck[delivery.channel] = (why, now + LEFT_ALONE)
        failed = delivery.attempts + 1
        ways = [*delivery.alternatives, [delivery.channel, delivery.address, failed]]
        self._go_on(delivery, ways, failed, why, done, now)

    def _go_on(self, delivery: Delivery, ways: list[Way], failed: int, why: str, done: Sent, now: datetime) -> None:
        """The way that failed least often has its turn, at once unless that begins a new round; or it is given up."""
        said = (f"{delivery.channel}: {why}" if delivery.channel else why)[:500]
        log.warning("delivery failed", delivery=delivery.key, person=delivery.person, channel=delivery.channel, why=why)
        way = min(ways, key=_failures, default=None)
        if way is None or _failures(way) >= ROUNDS:
            self._give_up(delivery, why, said, done, now)
            return
        rounds = _failures(way)
        new_round = rounds >= max(1, failed)
        waits = lease.put_back(
            delivery,
            channel=way[0],
            address=way[1],
            alternatives=[other for other in ways if other is not way],
            attempts=rounds,
            not_before=now + _pause(rounds) if new_round else now,
            error=said,
            duplicate_possible=delivery.duplicate_possible,
        )
        if waits and new_round and rounds > len(BACK_OFF):
            alarm(delivery, why, now)
        done.put_off += 1

    def _give_up(self, delivery: Delivery, why: str, said: str, done: Sent, now: datetime) -> None:
        if lease.keep(delivery, state="dead", lease_until=None, error=said):
            _on_record(delivery, "undelivered", now, why=why[:300])
            alarm(delivery, why, now)
            done.dead += 1


def _nothing(done: Sent, now: datetime) -> None:
    """Nothing is to be recorded."""


def _key(delivery: Delivery) -> str:
    return f"{delivery.ticket_id or ''}:{delivery.key}"


def _failures(way: Way) -> int:
    return int(way[2]) if len(way) > 2 else 0


def _pause(rounds: int) -> timedelta:
    return BACK_OFF[rounds - 1] if rounds <= len(BACK_OFF) else THEN_EVERY


def _on_record(delivery: Delivery, kind: str, now: datetime, **data: object) -> None:
    """What came of it is in the ticket's log; it moves no clock, so the ticket's row need not be told anew."""
    if delivery.ticket_id is None:
        return
    tickets = Ticket.objects.only("client_id", *HEAD)
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
