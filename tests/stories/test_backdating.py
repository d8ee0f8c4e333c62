"""What may be said about earlier times, and what can no longer be undone?"""

from datetime import timedelta

import pytest

from tocsin.desk.refusal import Refusal


def test_a_call_recorded_late_counts_when_it_was_made(world):
    ticket = world.opens(priority="P2")
    world.forward(minutes=25)

    world.responds(ticket, "As I said on the phone: we are on it.", at=world.at("10:05"))

    assert world.reading(ticket, "response").met_at == world.at("10:05")
    responded = world.last(ticket, "responded")
    assert (responded.effective_at, responded.recorded_at) == (world.at("10:05"), world.at("10:25"))


def test_a_breach_that_stood_when_the_act_was_dated_back_still_stands(world):
    ticket = world.opens(priority="P2")
    world.forward(minutes=40)
    assert world.keys(ticket, "breach/response") == ["breach/response@1"]

    world.responds(ticket, at=world.at("10:05"))

    assert world.reading(ticket, "response").verdict == "breached"
    assert world.reading(ticket, "response").breached_at == world.at("10:30")


def test_it_stands_even_if_no_engine_had_come_round_to_record_it(world):
    ticket = world.opens(priority="P2")
    world.now += timedelta(minutes=40)

    world.responds(ticket, at=world.at("10:05"))

    assert world.reading(ticket, "response").verdict == "breached"
    assert world.event(ticket, "breach/response@1").effective_at == world.at("10:30")


def test_a_wait_dated_back_gives_its_time_back(world):
    ticket = world.opens(priority="P2")
    world.responds(ticket)
    world.forward(hours=2)

    world.waits(ticket, at=world.at("11:00"))
    world.forward(hours=1)
    world.resumes(ticket)

    assert world.reading(ticket).consumed == timedelta(hours=1)


def test_a_wait_dated_back_before_the_breach_leaves_the_breach(world):
    ticket = world.opens(priority="P1")
    world.forward(hours=4, minutes=10)

    world.waits(ticket, at=world.at("13:00"))

    assert world.reading(ticket).verdict == "breached"


def test_a_solution_dated_back_is_closed_a_day_after_it_was_so(world):
    ticket = world.opens(priority="P3")
    world.forward(hours=3)

    world.solves(ticket, at=world.at("11:00"))
    world.forward(to=world.at("11:00", day=17))

    ticket.refresh_from_db()
    assert ticket.status == "closed"


def test_nothing_is_dated_ahead(world):
    ticket = world.opens(priority="P2")

    with pytest.raises(Refusal, match=r"2026-11-16 10:30Z is yet to come: an act is dated now or back\."):
        world.responds(ticket, at=world.at("10:30"))

    assert world.reading(ticket, "response").verdict == "open"


def test_what_is_dated_before_the_ticket_counts_from_its_start(world):
    ticket = world.opens(priority="P2")
    world.forward(minutes=10)

    world.responds(ticket, at=world.at("08:00"))

    assert world.reading(ticket, "response").met_at == world.at("10:00")


def test_a_clock_that_went_back_takes_the_last_events_instant(world):
    ticket = world.opens(priority="P2")
    world.forward(minutes=10)
    world.notes(ticket)

    world.now -= timedelta(minutes=5)
    world.responds(ticket)
    world.forward(minutes=10)

    assert world.last(ticket, "responded").recorded_at == world.at("10:10")
    assert world.reading(ticket, "response").met_at == world.at("10:10")
