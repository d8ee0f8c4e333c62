"""What happens to promises and people when a ticket turns out worse, or less bad, than it seemed?"""

from datetime import timedelta

import pytest

from tocsin.desk.refusal import Refusal


def test_a_raise_adds_a_promise_and_never_grants_time(world):
    ticket = world.opens(priority="P2")
    world.forward(hours=1)

    world.makes_it(ticket, "P1")

    assert world.reading(ticket).due_at == world.at("15:00")


def test_a_raise_late_in_the_day_leaves_the_older_promise_binding(world):
    ticket = world.opens(priority="P2")
    world.waits(ticket, "vendor")
    world.forward(hours=3, minutes=59)
    world.makes_it(ticket, "P1")
    world.forward(minutes=1)

    assert world.reading(ticket).due_at == world.at("17:59")
    assert world.keys(ticket, "breach/resolution") == []


def test_a_high_ticket_is_critical_after_four_hours_by_age(world):
    ticket = world.opens(priority="P2")
    world.responds(ticket)
    world.phone("lena").puts_away()
    world.phone("omar").puts_away()

    world.forward(to=world.at("13:59:59"))
    assert ticket.priority == "P2"
    world.forward(to=world.at("14:00"))

    ticket.refresh_from_db()
    assert ticket.priority == "P1"
    raised = world.event(ticket, "raise/P2-P1@1")
    assert (raised.kind, raised.actor, raised.data["by_age"]) == ("priority_changed", "engine", True)
    assert world.phone("lena").gets("INC-1").subject
    world.phone("omar").gets_one("Disk full on db-1")


def test_the_age_rule_waits_while_the_client_is_waited_for(world):
    ticket = world.opens(priority="P2")
    world.responds(ticket)
    world.forward(hours=3)
    world.waits(ticket)
    world.forward(hours=10)
    world.replies(ticket)

    world.forward(minutes=59)
    ticket.refresh_from_db()
    assert ticket.priority == "P2"
    world.forward(minutes=1)

    ticket.refresh_from_db()
    assert ticket.priority == "P1"


def test_the_age_rule_fires_once_a_lap_whatever_people_do_after(world):
    ticket = world.opens(priority="P2")
    world.responds(ticket)
    world.forward(hours=4)
    ticket.refresh_from_db()

    world.makes_it(ticket, "P2", reason="two users have mail again")
    world.forward(hours=4)

    ticket.refresh_from_db()
    assert ticket.priority == "P2"
    assert world.keys(ticket, "raise/") == ["raise/P2-P1@1"]


def test_a_lowering_is_as_if_it_had_been_so_since_the_start(world):
    ticket = world.opens(priority="P2")
    world.forward(hours=1)

    world.makes_it(ticket, "P3", reason="one user after all")

    assert world.reading(ticket).due_at == world.at("14:00", day=18)
    assert world.reading(ticket).consumed == timedelta(hours=1)


def test_a_lowering_late_in_the_promise_needs_another_persons_approval(world):
    ticket = world.opens(priority="P1")
    world.forward(to=world.at("13:36"))
    before = world.kinds(ticket)

    with pytest.raises(Refusal, match=r"90 % of the promise is used: lowering .* needs another person's approval"):
        world.makes_it(ticket, "P3", reason="one user after all")
    with pytest.raises(Refusal, match="another person's approval"):
        world.makes_it(ticket, "P3", reason="one user after all", approved_by=world.lena)
    assert world.kinds(ticket) == before

    world.makes_it(ticket, "P3", reason="one user after all", approved_by=world.mona)
    assert ticket.priority == "P3"
    assert world.last(ticket, "priority_changed").data["approved_by"] == world.mona.pk


def test_a_moment_before_ninety_percent_a_lowering_needs_no_approval(world):
    ticket = world.opens(priority="P1")
    world.forward(to=world.at("13:35:59"))

    world.makes_it(ticket, "P3", reason="one user after all")

    assert ticket.priority == "P3"


def test_a_lowering_after_the_breach_leaves_the_breach(world):
    ticket = world.opens(priority="P1")
    world.forward(hours=4, minutes=1)

    world.makes_it(ticket, "P3", reason="one user after all", approved_by=world.mona)

    assert world.reading(ticket).verdict == "breached"
    assert world.keys(ticket, "breach/resolution") == ["breach/resolution@1"]


def test_a_lowering_after_the_breach_needs_approval_too(world):
    ticket = world.opens(priority="P1")
    world.forward(hours=4, minutes=1)

    with pytest.raises(Refusal, match="another person's approval"):
        world.makes_it(ticket, "P3", reason="one user after all")

    assert ticket.priority == "P1"


def test_a_raise_needs_no_approval_however_late(world):
    ticket = world.opens(priority="P2")
    world.responds(ticket)
    world.waits(ticket, "vendor")
    world.forward(hours=4)
    world.makes_it(ticket, "P2", reason="two users have mail again")
    world.forward(hours=3, minutes=30)

    world.makes_it(ticket, "P1")

    assert ticket.priority == "P1"


def test_raised_while_waiting_the_new_promise_counts_from_the_resume(world):
    ticket = world.opens(priority="P2")
    world.forward(hours=1)
    world.waits(ticket)
    world.forward(hours=1)
    world.makes_it(ticket, "P1")
    world.forward(minutes=90)

    world.replies(ticket)

    assert world.reading(ticket).due_at == world.at("17:30")
