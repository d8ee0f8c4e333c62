"""For whom do we wait, and what goes on meanwhile?"""

from datetime import timedelta

import pytest


def test_waiting_for_the_client_holds_the_resolution_clock_until_the_client_answers(world):
    ticket = world.opens(priority="P2")
    world.forward(hours=1)

    world.waits(ticket, "client")
    assert (ticket.status, ticket.pending_on) == ("pending", "client")
    assert world.reading(ticket).due_at is None
    world.forward(hours=20)
    world.replies(ticket, "It is the left one.")

    assert (ticket.status, ticket.pending_on) == ("in progress", "")
    assert world.reading(ticket).consumed == timedelta(hours=1)
    world.phone("lena").gets("Carla has answered on INC-1")


@pytest.mark.parametrize("party", ["vendor", "parts"])
def test_waiting_for_others_is_on_record_and_holds_nothing_here(world, party):
    ticket = world.opens(priority="P2")

    world.waits(ticket, party)
    world.forward(hours=3)

    assert (ticket.status, ticket.pending_on) == ("pending", party)
    assert world.reading(ticket).consumed == timedelta(hours=3)


@pytest.mark.parametrize("party", ["vendor", "parts"])
def test_a_reply_of_the_client_ends_no_wait_for_others(world, party):
    ticket = world.opens(priority="P2")
    world.waits(ticket, party)

    world.replies(ticket, "Any news?")

    assert ticket.pending_on == party
    world.resumes(ticket)
    assert ticket.pending_on == ""


def test_a_wait_ends_by_its_own_deadline_and_the_worker_hears_of_it(world):
    ticket = world.opens(priority="P2")
    world.forward(hours=1)
    world.waits(ticket, until=world.at("15:00"))
    paused = world.last(ticket, "paused").seq
    world.phone("lena").puts_away()

    world.forward(to=world.at("14:59:59"))
    assert world.keys(ticket, "wait@") == []
    world.phone("lena").is_silent()
    world.forward(to=world.at("15:00"))

    world.phone("lena").gets_one("the wait on INC-1 is over")
    ended = world.event(ticket, f"wait@{paused}")
    assert (ended.kind, ended.effective_at) == ("resumed", world.at("15:00"))
    ticket.refresh_from_db()
    assert ticket.status == "in progress"
    assert world.reading(ticket).due_at == world.at("22:00")


def test_a_wait_that_was_answered_does_not_end_again(world):
    ticket = world.opens(priority="P2")
    world.waits(ticket, until=world.at("15:00"))

    world.forward(hours=1)
    world.replies(ticket)
    world.forward(hours=6)

    assert world.keys(ticket, "wait@") == []


def test_a_ticket_born_waiting_waits_from_when_it_was_reported(world):
    ticket = world.opens(priority="P2", waiting_for="client", reported_at=world.at("09:00"))

    world.forward(hours=5)
    assert world.reading(ticket).consumed == timedelta(0)
    world.replies(ticket)

    assert world.reading(ticket).due_at == world.at("23:00")


def test_one_wait_follows_another_without_a_gap(world):
    ticket = world.opens(priority="P2")
    world.forward(hours=1)
    world.waits(ticket, "client")
    world.forward(hours=1)

    world.waits(ticket, "vendor")
    world.forward(hours=1)

    assert ticket.pending_on == "vendor"
    assert world.reading(ticket).consumed == timedelta(hours=2)


def test_from_waiting_straight_to_solved_loses_nothing(world):
    ticket = world.opens(priority="P2")
    world.forward(hours=1)
    world.waits(ticket)
    world.forward(hours=9)

    world.solves(ticket)

    reading = world.reading(ticket)
    assert (reading.verdict, reading.consumed) == ("met", timedelta(hours=1))


def test_a_wait_that_timed_out_while_no_engine_ran_ends_at_its_own_instant(world):
    ticket = world.opens(priority="P2")
    world.responds(ticket)
    world.waits(ticket, until=world.at("12:00"))
    paused = world.last(ticket, "paused").seq

    world.jump(to=world.at("13:00"))

    ended = world.event(ticket, f"wait@{paused}")
    assert (ended.effective_at, ended.recorded_at) == (world.at("12:00"), world.at("13:00"))
    assert world.reading(ticket).consumed == timedelta(hours=1)


def test_a_wait_that_timed_out_on_a_ticket_solved_since_is_told_to_nobody(world):
    ticket = world.opens(priority="P2")
    world.responds(ticket)
    world.waits(ticket, until=world.at("12:00"))
    world.phone("lena").puts_away()

    world.now = world.at("13:00")
    world.solves(ticket)

    (wait,) = world.keys(ticket, "wait@")
    assert world.event(ticket, wait).effective_at == world.at("12:00")
    world.phone("lena").is_silent()


def test_a_wait_that_timed_out_on_a_ticket_that_waits_again_since_is_told_to_nobody(world):
    ticket = world.opens(priority="P2")
    world.waits(ticket, until=world.at("15:00"))
    paused = world.last(ticket, "paused").seq
    world.phone("lena").puts_away()

    world.now = world.at("15:30")
    world.waits(ticket, "vendor")

    assert (ticket.status, ticket.pending_on) == ("pending", "vendor")
    assert world.event(ticket, f"wait@{paused}").effective_at == world.at("15:00")
    assert world.event(ticket, f"wait@{paused}").data["told"] == []
    world.phone("lena").is_silent()
