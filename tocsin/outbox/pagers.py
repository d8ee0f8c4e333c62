"""What waits for somebody's pager page, and has it come for it?

The page asks every two seconds. A letter that waits in the outbox for this person's pager is fetched by asking, and is
handed over from then on; the engine, the only sender, finds that out when it comes to the letter (channels/pager.py).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from tocsin.directory import ways
from tocsin.directory.person import Person
from tocsin.outbox.delivery import Delivery
from tocsin.outbox.pager import Call, Pager

CHANNEL = "pager"
NOTED_EVERY = timedelta(seconds=5)  # a poll is a read; only now and then is it worth a write
AT_ONCE = 50
SHOWN_FOR = timedelta(hours=12)


@transaction.atomic
def arm(person: Person, *, now: datetime) -> None:
    """Whatever is to reach this person goes to their pager first."""
    Pager.objects.update_or_create(person=person, defaults={"armed_at": now, "polled_at": now})
    ways.put_first(person, CHANNEL, str(person.pk))


@transaction.atomic
def disarm(person: Person) -> None:
    """On none of their devices does the page listen any more, and they are reached as before."""
    Pager.objects.filter(person=person).update(armed_at=None)
    ways.take_away(person, CHANNEL)


def is_armed(person: Person) -> bool:
    return Pager.objects.filter(person=person, armed_at__isnull=False).exists()


def poll(person: Person, *, now: datetime) -> bool:
    """A device of this person has asked: what waits for it is fetched. Returns whether they are armed at all."""
    pager = Pager.objects.filter(person=person, armed_at__isnull=False).first()
    if pager is None:
        return False
    if now - pager.polled_at >= NOTED_EVERY:
        Pager.objects.filter(person=person, polled_at__lt=now).update(polled_at=now)
    waiting = Delivery.objects.waiting().filter(channel=CHANNEL, address=str(person.pk))
    found = list(waiting.values_list("pk", flat=True)[:AT_ONCE])
    known = set(Call.objects.filter(delivery__in=found).values_list("delivery", flat=True)) if found else set()
    if fresh := [pk for pk in found if pk not in known]:
        calls = [Call(delivery_id=pk, person=person, fetched_at=now) for pk in fresh]
        Call.objects.bulk_create(calls, ignore_conflicts=True)  # two devices may ask at the same moment
    return True


def calls(person: Person, *, now: datetime) -> list[Call]:
    """What has come and was not put away, the oldest first."""
    recent = Call.objects.filter(person=person, put_away_at__isnull=True, fetched_at__gt=now - SHOWN_FOR)
    return list(recent.select_related("delivery").order_by("delivery__due_at", "pk"))


def call(person: Person, pk: int) -> Call | None:
    """One of this person's own."""
    return Call.objects.filter(person=person, pk=pk).select_related("delivery").first()


def put_away(call: Call, *, now: datetime) -> None:
    """It is on the page no more, on none of the devices."""
    Call.objects.filter(pk=call.pk, put_away_at__isnull=True).update(put_away_at=max(now, call.fetched_at))


class Polls:
    """What the channel asks about polls; letters have the keys that their sender gives them: ticket, colon, key."""

    def fetched(self, key: str) -> datetime | None:
        """When a poll fetched this letter."""
        ticket, _, name = key.partition(":")
        letter = {"delivery__ticket_id": int(ticket)} if ticket else {"delivery__ticket_id__isnull": True}
        return Call.objects.filter(delivery__key=name, **letter).values_list("fetched_at", flat=True).first()

    def last(self, to: str) -> datetime | None:
        """When a device of this person last asked; None where the pager is not armed."""
        if not (to.isascii() and to.isdecimal() and len(to) < 19):
            return None
        armed = Pager.objects.filter(person=int(to), person__active=True, armed_at__isnull=False)
        return armed.values_list("polled_at", flat=True).first()
