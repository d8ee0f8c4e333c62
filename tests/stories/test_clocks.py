"""Is what was promised kept, and who hears when it is not?"""

from datetime import timedelta

import pytest

MICROSECOND = timedelta(microseconds=1)


# -- response


@pytest.mark.parametrize(("priority", "minutes"), [("P1", 15), ("P2", 30), ("P3", 120), ("P4", 480)])
def test_an_answer_at_the_very_instant_it_is_due_keeps_the_promise(world, priority, minutes):
    ticket = world.opens(priority=priority)

    world.forward(minutes=minutes)
    world.responds(ticket)
    world.forward(hours=24)

    assert world.reading(ticket, "response").verdict == "met"
    assert world.keys(ticket, "breach/response") == []


@pytest.mark.parametrize(("priority", "minutes"), [("P1", 15), ("P2", 30), ("P3", 120)])
def test_a_microsecond_later_it_is_broken_and_stays_so(world, priority, minutes):
    ticket = world.opens(priority=priority)

    world.forward(minutes=minutes)
    world.forward(microseconds=1)
    world.responds(ticket)

    breach = world.event(ticket, "breach/response@1")
    assert breach.effective_at == world.now - MICROSECOND
    assert breach.recorded_at == world.now
    assert world.reading(ticket, "response").verdict == "breached"


def test_used_up_at_closing_time_it_is_kept_until_the_next_opening(world):
    world.forward(to=world.at("10:00", day=20))
    ticket = world.opens(priority="P4")

    assert world.reading(ticket, "response").due_at == world.at("18:00", day=20)
    world.forward(to=world.at("08:00", day=23))
    assert world.keys(ticket, "breach/") == []
    world.forward(microseconds=1)

    assert world.keys(ticket, "breach/") == ["breach/response@1"]


def test_the_service_desk_manager_hears_that_nobody_answered(world):
    world.opens("Mail arrives late", priority="P2")

    world.forward(minutes=31)

    letter = world.phone("mona").gets("the promise on INC-1 is broken: response time")
    assert "Mon 16 Nov 2026 10:30 UTC" in letter.text
    assert "the time to tell the client is used up" in letter.text


def test_an_acknowledged_page_a_note_and_an_escalation_answer_no_client(world):
    ticket = world.opens(priority="P1")

    world.acknowledges(ticket, "step/page@1/primary", by="omar")
    world.notes(ticket)
    world.escalates(ticket, "L2")
    world.forward(minutes=16)

    assert world.reading(ticket, "response").verdict == "breached"


def test_a_completed_call_is_an_answer(world):
    ticket = world.opens(priority="P2")

    world.calls(ticket, "Carla knows; she restarts the mail program.")

    assert world.reading(ticket, "response").verdict == "met"
    assert world.reading(ticket, "client_notified").verdict == "met"


def test_waiting_for_the_client_does_not_hold_the_response_clock(world):
    ticket = world.opens(priority="P2", waiting_for="client")

    world.forward(minutes=31)

    assert world.reading(ticket, "response").verdict == "breached"


def test_a_person_who_solves_an_unanswered_ticket_has_answered_it(world):
    ticket = world.opens(priority="P2")

    world.forward(minutes=20)
    world.solves(ticket)

    assert world.reading(ticket, "response").verdict == "met"


def test_what_recovers_by_itself_answers_nobody_and_breaks_nothing(world):
    ticket = world.opens(priority="P2")

    world.forward(minutes=20)
    world.recovers(ticket)
    world.forward(hours=1)

    reading = world.reading(ticket, "response")
    assert (reading.state, reading.verdict) == ("void", "open")
    assert world.reading(ticket, "resolution").verdict == "met"


def test_what_was_reported_before_it_was_logged_counts_from_then(world):
    ticket = world.opens(priority="P2", reported_at=world.at("09:45"))

    assert world.reading(ticket, "response").due_at == world.at("10:15")
    assert ticket.opened_at == world.at("10:00")
    world.forward(to=world.at("10:15"))
    world.forward(microseconds=1)

    assert world.keys(ticket, "breach/response") == ["breach/response@1"]


def test_friday_evening_to_monday_morning_is_twenty_minutes(world):
    sydney = world.client("Koala", zone="Australia/Sydney", hours=world.office("Australia/Sydney", "07:00", "18:00"))
    world.forward(to=world.local("2026-11-20 17:45", "Australia/Sydney"))
    ticket = world.opens(priority="P3", client=sydney)

    world.forward(to=world.local("2026-11-23 07:05", "Australia/Sydney"))
    world.responds(ticket)

    assert world.reading(ticket, "response").consumed == timedelta(minutes=20)


# -- client told


def test_the_client_is_told_by_an_update_as_well_as_by_a_response(world):
    ticket = world.opens(priority="P1")

    world.forward(minutes=14)
    world.updates(ticket, "We have taken the server off the network.")

    assert world.reading(ticket, "client_notified").met_at == world.at("10:14")
    assert world.reading(ticket, "response").met_at == world.at("10:14")


def test_of_a_low_ticket_nobody_promised_to_tell_the_client(world):
    ticket = world.opens(priority="P4")

    world.forward(days=2)

    assert world.keys(ticket, "breach/client_notified") == []
    assert world.reading(ticket, "client_notified").state == "void"


# -- resolution


def test_each_threshold_is_told_once_at_its_own_instant(world):
    ticket = world.opens(priority="P1")
    world.responds(ticket)

    world.forward(hours=4)

    fired = {key: world.event(ticket, key).effective_at for key in world.keys(ticket, "threshold/resolution")}
    assert fired == {
        "threshold/resolution@1/50": world.at("12:00"),
        "threshold/resolution@1/75": world.at("13:00"),
        "threshold/resolution@1/90": world.at("13:36"),
    }
    world.phone("lena").gets("50 % of the time for INC-1 is used")
    world.phone("lena").gets("75 % of the time for INC-1 is used")
    world.phone("dora").gets("90 % of the time for INC-1 is used")
    assert world.keys(ticket, "breach/resolution") == []


def test_a_broken_resolution_is_told_and_the_clock_runs_on(world):
    ticket = world.opens(priority="P1")
    world.forward(hours=4)
    world.phone("mona").puts_away()

    world.forward(microseconds=1)
    world.phone("mona").gets_one("the promise on INC-1 is broken: resolution time")
    world.forward(hours=1)
    world.solves(ticket)

    reading = world.reading(ticket)
    assert (reading.verdict, reading.state) == ("breached", "stopped")
    assert reading.remaining == -timedelta(hours=1, microseconds=1)


def test_waiting_moves_the_thresholds_and_the_due_time(world):
    ticket = world.opens(priority="P2")
    world.responds(ticket)
    world.forward(hours=1)

    world.waits(ticket, until=None)
    world.forward(hours=2, minutes=30)
    world.replies(ticket)

    assert world.reading(ticket).due_at == world.at("20:30")
    world.forward(to=world.at("16:29:59"))
    assert world.keys(ticket, "threshold/resolution") == []
    world.forward(to=world.at("16:30"))
    assert world.keys(ticket, "threshold/resolution") == ["threshold/resolution@1/50"]


def test_five_business_days_end_at_the_same_local_time(world):
    ticket = world.opens(priority="P4")

    assert world.reading(ticket).due_at == world.at("10:00", day=23)
    world.forward(to=world.at("10:00", day=23))
    assert world.keys(ticket, "breach/resolution") == []
    world.forward(microseconds=1)

    assert world.keys(ticket, "breach/resolution") == ["breach/resolution@1"]


def test_what_the_contract_agreed_wins_over_the_standard(world):
    gold = world.client("Gold", overrides={"targets": {"resolution": {"P2": "2h"}}})
    ticket = world.opens(priority="P2", client=gold)

    assert world.reading(ticket).due_at == world.at("12:00")


# -- next update


def test_the_comms_lead_is_warned_when_a_fifth_of_the_interval_is_left(world):
    ticket = world.opens(priority="P1")
    world.responds(ticket)
    world.phone("lena").puts_away()

    world.forward(minutes=23, seconds=59)
    assert world.keys(ticket, "threshold/next_update") == []
    world.forward(seconds=1)

    world.phone("lena").gets("the next update on INC-1 is due Mon 16 Nov 2026 10:30 UTC")


def test_the_first_silence_is_told_to_the_comms_lead_the_second_to_the_incident_manager(world):
    ticket = world.opens(priority="P1")
    world.responds(ticket)
    world.forward(minutes=30)
    world.phone("lena").puts_away()
    world.phone("tara").puts_away()

    world.forward(microseconds=1)
    letter = world.phone("lena").gets("the update on INC-1 was missed")
    assert "was promised word on INC-1 by Mon 16 Nov 2026 10:30 UTC, and had none" in letter.text
    world.forward(minutes=30)
    world.phone("tara").gets("was promised word on INC-1 by Mon 16 Nov 2026 11:00 UTC")
    world.phone("lena").puts_away()
    world.phone("tara").puts_away()
    world.forward(minutes=30)

    responded = world.last(ticket, "updated").seq
    assert world.event(ticket, f"breach/next_update@{responded}/3").data["told"] == []
    assert "the update on INC-1 was missed" not in [x.subject for x in world.phone("lena").unread]


def test_an_update_in_time_begins_the_next_interval(world):
    ticket = world.opens(priority="P1")
    world.responds(ticket)

    for _ in range(4):
        world.forward(minutes=29)
        world.updates(ticket)
    world.forward(minutes=30)

    assert world.keys(ticket, "breach/next_update") == []
    assert world.reading(ticket, "next_update").verdict == "open"


def test_the_time_promised_in_the_message_is_the_time_it_is_due(world):
    ticket = world.opens(priority="P1")
    world.responds(ticket, "We restore the backup; you hear from us at one.", promised=world.at("13:00"))

    assert world.reading(ticket, "next_update").due_at == world.at("13:00")
    world.forward(to=world.at("13:00"))
    assert world.keys(ticket, "breach/next_update") == []
    world.forward(microseconds=1)

    updated = world.last(ticket, "updated").seq
    assert world.keys(ticket, "breach/next_update") == [f"breach/next_update@{updated}/1"]


def test_waiting_for_the_client_leaves_what_was_left_of_the_interval(world):
    ticket = world.opens(priority="P1")
    world.responds(ticket)
    world.forward(minutes=10)

    world.waits(ticket)
    world.forward(hours=3)
    world.replies(ticket)

    assert world.reading(ticket, "next_update").due_at == world.now + timedelta(minutes=20)


def test_a_medium_ticket_promises_the_message_that_it_is_resolved_and_no_other(world):
    ticket = world.opens("One user cannot print", priority="P3", impact="Carla alone")
    world.responds(ticket)
    world.phone("carla").puts_away()
    world.forward(hours=6)
    assert world.reading(ticket, "next_update").state == "void"

    world.solves(ticket, cause="a jammed sheet", actions="took it out", verification="Carla printed a page")

    letter = world.phone("carla").gets_one("this is resolved: One user cannot print.")
    assert letter.subject == "[P3] [Acme] - [One user cannot print] - RESOLVED"
    assert "Who was hit:        Carla alone" in letter.text
    assert "Cause:              a jammed sheet" in letter.text
    assert "Until:              Mon 16 Nov 2026 16:00 UTC (6 h)" in letter.text
    assert "How we checked:     Carla printed a page" in letter.text
    assert "we close the ticket at Tue 17 Nov 2026 16:00 UTC unless we hear from you" in letter.text


def test_solving_ends_the_cadence_without_a_verdict(world):
    ticket = world.opens(priority="P1")
    world.responds(ticket)
    world.forward(minutes=10)
    world.solves(ticket)
    world.forward(hours=2)

    assert world.keys(ticket, "breach/next_update") == []
    assert world.reading(ticket, "next_update").state == "void"
