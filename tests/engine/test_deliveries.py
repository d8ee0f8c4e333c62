"""Does one way that does not work leave the others alone?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from tests.world import World
from tocsin.channels.base import Receipt, Unreachable
from tocsin.engine import deliveries, ways
from tocsin.outbox.delivery import Delivery

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


def test_a_channel_that_hangs_is_waited_for_once_a_turn_and_holds_up_no_other(world: World):
    letters = asked(world, tickets=4)
    Delivery.objects.filter(pk=letters[-1].pk).update(channel="other")
    at = [world.now]

    def passes() -> None:
        at[0] += timedelta(seconds=30)

    def clock() -> datetime:
        return at[0]

    hanging, other = Slow("email", passes), Slow("other", lambda: None, fails=False)
    with ways.using(email=hanging, phone=hanging, other=other):
        done = deliveries.turn(clock)

    assert (hanging.tried, other.tried) == (1, 1)
    assert (done.sent, done.put_off) == (1, len(letters) - 1)
    put_off = Delivery.objects.filter(state="queued")
    assert {letter.attempts for letter in put_off} == {1}
    assert {letter.handed_at for letter in put_off} == {None}
    assert all(letter.not_before == at[0] + timedelta(seconds=5) for letter in put_off)


def test_a_channel_that_fails_at_once_is_tried_for_each_letter(world: World):
    letters = asked(world, tickets=3)

    down = Slow("email", lambda: None)
    with ways.using(email=down, phone=down):
        deliveries.turn(lambda: world.now)

    assert down.tried == len(letters)
