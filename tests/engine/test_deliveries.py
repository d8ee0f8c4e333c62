"""Does one way that does not work leave the others alone?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction

from tests.world import World
from tocsin.channels.base import Receipt, Unreachable
from tocsin.engine import deliveries, ways
from tocsin.outbox import lease
from tocsin.outbox.delivery import Delivery
from tocsin.outbox.queue import Letter, queue

pytestmark = pytest.mark.django_db


class Slow:
    """A far side that lets everybody wait before it fails, or takes what it is given."""

    title, fields = "Slow", ()

    def __init__(self, name: str, wait: Callable[[], None], *, fails: bool = True) -> None:
        self.name, self.wait, self.fails, self.tried = name, wait, fails, 0

    def send(self, letter: object) -> Receipt:
        self.tried += 1
        self.wait()
        if self.fails:
            raise Unreachable("no answer")
        return Receipt("taken")

    def sent(self, key: str) -> None:
        return None


@pytest.fixture
def world() -> World:
    return World()


def asked(world: World, *, tickets: int) -> list[Delivery]:
    """So many people's letters wait to be sent by mail, a ticket each."""
    opened = [world.opens(f"Printer {number}", priority="P3") for number in range(tickets)]
    for ticket in opened:
        world.escalates(ticket, "L2", engine=False)
    world.turns_deciding()
    waiting = list(Delivery.objects.waiting().order_by("pk"))
    assert len(waiting) >= tickets
    return waiting


def test_a_channel_that_hangs_is_waited_for_once_and_holds_up_no_other(world: World):
    letters = asked(world, tickets=4)
    for_sam = Delivery.objects.filter(person=world.sam.actor)
    for_sam.update(alternatives=[["other", "sam"]])
    at = [world.now]

    def passes() -> None:
        at[0] += timedelta(seconds=20)

    hanging, other = Slow("email", passes), Slow("other", lambda: None, fails=False)
    with ways.using(email=hanging, other=other):
        sender = deliveries.Sender(lambda: at[0])
        first, second = sender.turn(batch=2), sender.turn(batch=2)
        third = sender.turn()

    assert for_sam.count() == 4
    assert (first.put_off, second.put_off, third.sent) == (2, 2, 4)
    assert (hanging.tried, other.tried) == (1, len(letters))
    assert at[0] == world.now + timedelta(seconds=20)


def test_a_channel_that_hung_is_tried_again_after_half_a_minute(world: World):
    asked(world, tickets=4)
    Delivery.objects.update(alternatives=[])
    at = [world.now]

    def passes() -> None:
        at[0] += timedelta(seconds=20)

    hanging = Slow("email", passes)
    with ways.using(email=hanging):
        sender = deliveries.Sender(lambda: at[0])
        sender.turn(batch=2)
        at[0] += timedelta(seconds=29)
        sender.turn(batch=1)
        tried = hanging.tried
        at[0] += timedelta(seconds=1)
        sender.turn(batch=1)

    assert (tried, hanging.tried) == (1, 2)


def test_each_channel_has_a_sender_that_leaves_the_letters_of_others_alone(world: World):
    at = [world.now]
    ways_to = {"omar": "phone", "carla": "email", "ivan": "email", "nils": "pager"}
    for who, channel in ways_to.items():
        with transaction.atomic():
            queue([Letter(None, None, f"news/{who}", who, [(channel, who)], "News", "Some.", world.now)])

    def passes() -> None:
        at[0] += timedelta(seconds=20)

    slow, phone = Slow("email", passes, fails=False), Slow("phone", lambda: None, fails=False)
    with ways.using(email=slow, phone=phone):
        senders = deliveries.for_each_channel(lambda: at[0])
        by_phone, by_nothing = senders["phone"].turn(), senders[""].turn()
        before_any_mail = at[0]
        by_mail = senders["email"].turn()

    assert set(senders) == {"email", "phone", ""}
    assert (by_phone.sent, by_nothing.dead, by_mail.sent) == (1, 1, 2)
    assert before_any_mail == world.now


def test_a_channel_that_fails_at_once_is_tried_for_each_letter(world: World):
    letters = asked(world, tickets=3)
    Delivery.objects.update(alternatives=[])

    down = Slow("email", lambda: None)
    with ways.using(email=down):
        deliveries.Sender(lambda: world.now).turn()

    assert down.tried == len(letters)


def test_a_channel_that_raises_when_asked_does_not_know_and_costs_no_other_letter_its_receipt(world: World):
    """The sender of the second letter died while handing it over; the first is handed over in the same batch."""
    for who in (world.lena, world.sam):
        ways = [("phone", who.name.lower())]
        with transaction.atomic():
            queue([Letter(None, None, f"news/{ways[0][1]}", who.actor, ways, "News", "Some.", world.now)])
        world.now += timedelta(seconds=1)
    Delivery.objects.filter(key="news/sam").update(state="sending", handed_at=world.now, lease_until=world.now)

    def away(key: str) -> bool:
        raise ConnectionError("the provider's status page is down")

    world.edges["phone"].sent = away  # type: ignore[method-assign]
    world.turn()

    came = [(letter.to, letter.duplicate) for letter in world.edges["phone"].letters]
    assert came == [("lena", False), ("sam", True)]
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


def test_what_a_sender_hears_after_it_lost_the_letter_is_not_recorded(world: World):
    """It stood still in the middle of handing it over; another found the letter, and has it in hand."""
    asked(world, tickets=1)
    taken_over: list[Delivery] = []

    def stands_still() -> None:
        taken_over.extend(lease.claim(world.now + lease.HELD_FOR, 1))

    with ways.using(email=Slow("email", stands_still, fails=False)):
        done = deliveries.Sender(lambda: world.now).turn()
        (letter,) = taken_over
        between = Delivery.objects.get(pk=letter.pk)
        deliveries.Sender(lambda: world.now + lease.HELD_FOR).send([letter], done)

    assert (between.state, between.receipt, between.token) == ("sending", "", letter.token)
    sent = Delivery.objects.get(pk=letter.pk)
    assert (sent.state, sent.duplicate_possible, done.sent) == ("sent", True, 1)
