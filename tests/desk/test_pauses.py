"""Is a wait that deserves a second look found on the record, with who began it and what they said?"""

from __future__ import annotations

import pytest

from tests.world import World
from tocsin.desk.pauses import to_review
from tocsin.desk.ticket import Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    return World()


def found(world: World) -> list[tuple[str, str, str, tuple[str, ...]]]:
    return [
        (each.ticket.title, each.on, each.by, each.wait.why) for each in to_review(Ticket.objects.all(), now=world.now)
    ]


def test_a_wait_that_began_when_the_promise_was_nearly_lost_and_without_a_word_is_found(world):
    ticket = world.opens("Mail is slow", priority="P3")
    world.responds(ticket)
    world.jump(to=world.at("12:00", day=18))  # 22 of 24 hours of support
    world.waits(ticket, by="tara")
    world.jump(hours=2)

    (pause,) = to_review(Ticket.objects.all(), now=world.now)

    assert (pause.ticket.title, pause.on, pause.by) == ("Mail is slow", "Waiting for the client", "Tara")
    assert pause.reason == "we need an answer"
    assert pause.wait.until is None
    assert pause.wait.why == (
        "it began when 91 % of the resolution time was used",
        "the client was told nothing, from an hour before it began until now",
    )


def test_a_wait_that_the_client_was_told_of_is_not(world):
    ticket = world.opens("Mail is slow", priority="P3")
    world.updates(ticket, "Which mailbox is it?")
    world.waits(ticket)
    world.jump(hours=3)
    world.replies(ticket)

    assert found(world) == []


def test_the_latest_comes_first_and_what_is_long_over_is_not_shown(world):
    for title in ("First", "Second"):
        ticket = world.opens(title, priority="P4")
        world.waits(ticket)
        world.jump(hours=2)
    assert [title for title, *_ in found(world)] == ["Second", "First"]

    world.jump(days=31)

    assert found(world) == []


def test_many_tickets_ask_the_database_no_more_than_one(world, django_assert_max_num_queries):
    for number in range(6):
        world.waits(world.opens(f"Printer {number}", priority="P4"))
    world.jump(hours=2)
    found(world)

    with django_assert_max_num_queries(6):
        assert len(found(world)) == 6
