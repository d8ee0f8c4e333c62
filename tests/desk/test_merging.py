"""What is on record when two tickets become one?"""

from datetime import timedelta

from tests.desk.refusing import refused
from tocsin.desk import merging


def test_each_of_the_two_says_so(world):
    first, second = world.opens("Mail is slow"), world.opens("Outlook hangs")

    merging.merge(first, into=second, reason="one server", by=world.lena, now=world.now)

    assert (first.status, first.closed_at, first.look_at) == ("merged", world.now, None)
    gone, kept = world.last(first, "merged"), world.last(second, "merged")
    assert (gone.data["into"], gone.data["reason"]) == ("INC-2", "one server")
    assert (kept.data["into"], kept.data["taken"], kept.data["reason"]) == (None, "INC-1", "one server")
    assert [promise["clock"] for promise in kept.data["promises"]] == ["response", "resolution", "client_notified"]


def test_what_was_consumed_goes_along(world):
    first = world.opens("Mail is slow", priority="P1")
    world.forward(minutes=10)
    second = world.opens("Outlook hangs", priority="P3")

    world.merges(first, into=second)

    assert world.reading(second, "response").due_at == world.at("10:15")
    assert world.reading(second, "response").consumed == timedelta(minutes=10)


def test_a_promise_the_survivor_has_kept_is_not_broken_again(world):
    first = world.opens("Mail is slow", priority="P1")
    world.forward(minutes=14)
    second = world.opens("Outlook hangs", priority="P3")
    world.responds(second)

    world.merges(first, into=second)
    world.forward(minutes=5)

    assert world.reading(second, "response").verdict == "met"
    assert world.keys(second, "breach/response") == []


def test_a_ticket_is_not_merged_into_itself(world):
    ticket = world.opens()

    with refused("INC-1 cannot be merged into itself."):
        merging.merge(ticket, into=ticket, reason="x", by=world.lena, now=world.now)


def test_tickets_of_two_clients_are_never_merged(world):
    other = world.client("Umbrella")
    first, second = world.opens(), world.opens(client=other)

    with refused("Two tickets of different clients are never merged: each sees only its own."):
        merging.merge(first, into=second, reason="x", by=world.lena, now=world.now)


def test_what_is_over_is_merged_neither_way(world):
    first, second = world.opens(), world.opens()
    world.solves(second)

    with refused("INC-2 is solved: reopen it first."):
        merging.merge(first, into=second, reason="x", by=world.lena, now=world.now)
    with refused("INC-2 is solved: reopen it first."):
        merging.merge(second, into=first, reason="x", by=world.lena, now=world.now)
