"""Who knows and decides, while it lasts?"""

from datetime import timedelta

import pytest

P1_CLIMBS = [("tom", "10:15"), ("dora", "10:30"), ("olga", "11:00"), ("viktor", "12:00")]


@pytest.mark.parametrize(("who", "clock"), P1_CLIMBS)
def test_a_critical_ticket_reaches_each_manager_at_their_own_time(world, who, clock):
    world.opens("Ransomware on the file server", priority="P1")

    world.forward(to=world.at(clock) - timedelta(seconds=1))
    world.phone(who).is_silent()
    world.forward(seconds=1)

    letter = world.phone(who).gets_one("you are told of INC-1.")
    assert "It stays with Lena" in letter.text


def test_after_four_hours_the_director_is_asked_to_hold_a_briefing_and_told_by_when(world):
    world.opens(priority="P1")
    world.forward(hours=3, minutes=59)
    world.phone("viktor").puts_away()

    world.forward(minutes=1)

    letter = world.phone("viktor").gets_one("Hold a briefing on INC-1")
    assert "by Mon 16 Nov 2026 16:00 UTC" in letter.text


def test_a_briefing_nobody_recorded_is_missed_by_name_and_the_ladder_has_run_out(world):
    ticket = world.opens(priority="P1")
    world.forward(to=world.at("15:59:59"))
    world.phone("mona").puts_away()

    world.forward(seconds=1)

    letter = world.phone("mona").gets_one("Executive briefing")
    assert "Executive briefing (Viktor, Director)" in letter.text
    assert "Also due by now:\n- the management ladder has run out: the last step was missed" in letter.text
    missed = world.event(ticket, "missed/management@1/executive-briefing")
    assert missed.data["asked"] == [world.viktor.actor]
    assert world.keys(ticket, "exhausted/management") == ["exhausted/management@1"]


def test_a_briefing_that_was_recorded_is_missed_by_nobody(world):
    ticket = world.opens(priority="P1")
    world.forward(hours=5)

    world.records(ticket, "step/management@1/executive-briefing", result="held; restore goes on", by="viktor")
    world.forward(hours=3)

    assert world.keys(ticket, "missed/management") == []
    assert world.keys(ticket, "exhausted/management") == []


def test_the_ladder_informs_and_does_not_move_the_ticket(world):
    ticket = world.opens(priority="P1")
    world.escalates(ticket, "L2")
    world.accepts(ticket, by="sam")

    world.forward(hours=1, minutes=30)

    ticket.refresh_from_db()
    assert (ticket.level, ticket.worker.name, ticket.owner.name) == ("L2", "Sam", "Lena")
    assert len(world.keys(ticket, "step/management@1")) == 3


def test_a_high_ticket_joins_at_half_an_hour_and_climbs_no_briefing(world):
    ticket = world.opens(priority="P2")

    world.forward(to=world.at("10:29"))
    for who in ("tom", "dora"):
        world.phone(who).is_silent()
    world.forward(hours=2)

    assert world.keys(ticket, "step/management") == [
        "step/management@1/service-delivery-manager",
        "step/management@1/operations-manager",
        "step/management@1/director",
    ]
    world.phone("tom").is_silent()


def test_medium_and_low_tickets_climb_no_management_ladder(world):
    medium = world.opens(priority="P3")
    low = world.opens(priority="P4")

    world.forward(days=3)

    assert world.keys(medium, "step/management") == world.keys(low, "step/management") == []


def test_waiting_for_the_client_holds_the_ladder_and_waiting_for_a_vendor_does_not(world):
    held = world.opens("Held", priority="P1")
    goes_on = world.opens("Goes on", priority="P1")
    world.forward(minutes=10)

    world.waits(held, "client")
    world.waits(goes_on, "vendor")
    world.forward(minutes=20)
    world.phone("tom").gets_one("Goes on")
    world.resumes(held)
    world.forward(minutes=5)

    world.phone("tom").gets_one("Held")


def test_a_ladder_counts_from_the_raise_that_first_made_it_apply(world):
    ticket = world.opens(priority="P3")
    world.forward(hours=1, minutes=30)

    world.makes_it(ticket, "P1")
    raised = world.last(ticket, "priority_changed").seq
    world.forward(minutes=14, seconds=59)
    world.phone("tom").is_silent()
    world.forward(seconds=1)

    world.phone("tom").gets_one("as Team lead")
    assert world.keys(ticket, "step/management") == [f"step/management@{raised}/team-lead"]


def test_a_raise_from_high_gets_the_steps_of_critical_that_are_already_due(world):
    ticket = world.opens(priority="P2")
    world.forward(hours=1, minutes=30)
    before = world.keys(ticket, "step/management")

    world.makes_it(ticket, "P1")

    assert before == ["step/management@1/service-delivery-manager", "step/management@1/operations-manager"]
    assert world.keys(ticket, "step/management") == [*before, "step/management@1/team-lead"]
    world.phone("tom").gets_one("as Team lead")
    world.phone("viktor").is_silent()


def test_a_lowering_leaves_out_what_is_not_yet_done(world):
    ticket = world.opens(priority="P1")
    world.forward(minutes=20)

    world.makes_it(ticket, "P3", reason="only one user after all")
    world.forward(hours=4)

    assert world.keys(ticket, "step/management") == ["step/management@1/team-lead"]


def test_solving_stops_it_and_reopening_starts_it_again_from_the_first_step(world):
    ticket = world.opens(priority="P1")
    world.forward(minutes=20)
    world.solves(ticket)
    world.forward(hours=1)
    world.phone("dora").is_silent()
    world.phone("tom").puts_away()

    world.reopens(ticket)
    again = world.last(ticket, "reopened").seq
    world.forward(minutes=15)

    world.phone("tom").gets_one("as Team lead")
    assert f"step/management@{again}/team-lead" in world.keys(ticket)


def test_whoever_is_told_can_ask_why_me(world):
    ticket = world.opens(priority="P1")
    world.forward(minutes=15)

    why = world.phone("tom").gets("as Team lead").text.partition("Why you: ")[2]
    assert why.startswith("the management ladder asks the Team lead 15m after it began for P1 (field-guide 1")
    assert world.event(ticket, "step/management@1/team-lead").data["standard"] == "field-guide 1"
