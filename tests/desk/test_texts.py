"""Does an edited message, or an edited body of a monitor's, show against the log?"""

import pytest

from tests.conftest import tamper
from tests.monitor import Monitor
from tests.world import World
from tocsin.desk.intake_item import IntakeItem
from tocsin.desk.message import Message
from tocsin.desk.texts import compare
from tocsin.log.append import append
from tocsin.log.chain import Draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World()


@pytest.fixture
def noted(world):
    """A ticket whose third event is a note."""
    ticket = world.opens()
    world.notes(ticket, "The password is hunter2 — änder es")
    return ticket


@pytest.fixture
def monitor(world):
    """Three times the same alert: the first opened a ticket, the second is on its log, the third is not."""
    monitor = Monitor(world)
    for _ in range(3):
        monitor.says()
        world.turn()
    return monitor


def told():
    return [str(fault) for fault in compare()]


def test_messages_and_bodies_as_they_came_have_no_fault(world, noted, monitor):
    world.responds(noted)
    world.replies(noted)

    assert told() == []


def test_an_edited_message_is_named_by_the_event_that_speaks_of_it(noted):
    Message.objects.update(body="All is well")

    (message,) = Message.objects.all()
    assert told() == [
        f"{noted.stream_name} 3: message {message.pk}, which it speaks of, has another text than the one recorded"
    ]


def test_a_message_edited_with_its_own_fingerprint_is_named_all_the_same(noted):
    Message.objects.update(body="", sha256="e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")

    assert len(told()) == 1


def test_a_deleted_message_is_named(noted):
    (message,) = Message.objects.all()
    Message.objects.all().delete()

    assert told() == [f"{noted.stream_name} 3: message {message.pk}, which it speaks of, is gone"]


def test_a_message_moved_to_another_ticket_is_named(world, noted):
    other = world.opens()
    (message,) = Message.objects.all()
    Message.objects.update(ticket=other)

    assert told() == [f"{noted.stream_name} 3: message {message.pk}, which it speaks of, stands on {other.stream_name}"]


def test_a_message_blacked_out_off_the_record_is_named(world, noted):
    Message.objects.update(body="█", blacked_out_at=world.now)

    (message,) = Message.objects.all()
    assert told() == [
        f"{noted.stream_name} 3: message {message.pk}, which it speaks of, is blacked out, and no record says by whom"
    ]


def test_a_message_blacked_out_on_the_record_is_not_compared(world, noted):
    Message.objects.update(body="█", blacked_out_at=world.now)
    data = {"message": Message.objects.get().pk, "reason": "a password"}
    append(noted, [Draft("message_blacked_out", world.now, "person/1", data)], now=world.now)

    assert told() == []


def test_two_events_that_speak_of_one_message_name_it_once(world):
    ticket = world.opens()
    world.responds(ticket)
    Message.objects.update(body="All is well")

    assert len(told()) == 1


def test_an_edited_body_is_named_by_the_event_that_speaks_of_it(monitor):
    (ticket,) = monitor.tickets
    first, second, _ = IntakeItem.objects.order_by("pk")
    IntakeItem.objects.filter(pk__in=[first.pk, second.pk]).update(body=b"{}", digest="abc")

    assert told() == [
        f"{ticket.stream_name} {seq}: item {item.pk}, which it speaks of, has another text than the one recorded"
        for seq, item in ((1, first), (2, second))
    ]


def test_a_deleted_body_is_named(monitor):
    (ticket,) = monitor.tickets
    first = IntakeItem.objects.earliest("pk")
    IntakeItem.objects.all().delete()

    assert f"{ticket.stream_name} 1: item {first.pk}, which it speaks of, is gone" in told()


def test_a_body_that_no_event_speaks_of_is_beside_the_proof(monitor):
    IntakeItem.objects.filter(pk=IntakeItem.objects.latest("pk").pk).update(body=b"{}")

    assert told() == []


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("value", ["CAST(x'ff' AS TEXT)", "x'ff00'", "9000000000000"])
def test_what_cannot_even_be_read_is_a_fault_and_no_crash(noted, monitor, value):
    tamper(f"UPDATE tocsin_message SET body = {value}")
    tamper(f"UPDATE tocsin_intakeitem SET body = {value}")

    assert len(told()) == 3
