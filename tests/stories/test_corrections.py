"""How is a breach put right that should never have been one?"""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tocsin.desk import corrections
from tocsin.desk.refusal import Refusal
from tocsin.desk.ticket import Ticket
from tocsin.reports.attainment import gather

LATE = "the call was written up after the shift"


@pytest.fixture
def late(world):
    """A P2 that Tara answered in time and wrote down ten minutes after the response was breached."""
    ticket = world.opens(priority="P2")
    world.forward(minutes=40)
    world.phone("mona").puts_away()
    world.calls(ticket, "Told Carla that we are on it.", at=world.at("10:05"), late_because=LATE, by="tara")
    return ticket


def figures(ticket, clock):
    """What counts for the clock, and what was recorded."""
    ticket.refresh_from_db()
    stored = json.loads(ticket.reading)[clock]
    return stored.get("corrected", stored)["verdict"], stored["verdict"]


def test_an_act_that_would_have_prevented_a_breach_drafts_both_figures(world, late):
    drafted = world.last(late, "correction_drafted")

    assert (drafted.actor, drafted.data["because"]) == (world.tara.actor, LATE)
    assert drafted.data["state"] == "drafted, waits for approval"
    response, told = drafted.data["laps"]
    assert (response["clock"], response["lap"], response["index"]) == ("response", 1, 1)
    assert response["recorded"] == {
        "verdict": "breached",
        "due_at": "2026-11-16T10:30:00.000000Z",
        "breached_at": "2026-11-16T10:30:00.000000Z",
    }
    assert response["would"] == {
        "verdict": "met",
        "due_at": "2026-11-16T10:30:00.000000Z",
        "met_at": "2026-11-16T10:05:00.000000Z",
    }
    assert told["clock"] == "client_notified"


def test_who_may_approve_it_is_asked_to_and_reads_both_figures(world, late):
    letter = world.phone("mona").gets_one("a correction on INC-1 waits for you")

    assert "response time: breached 2026-11-16 10:30Z; it would be met 2026-11-16 10:05Z" in letter.text
    assert LATE in letter.text


def test_until_it_is_approved_the_breach_counts(world, late):
    assert figures(late, "response") == ("breached", "breached")


def test_approved_it_moves_the_figure_and_shows_what_it_was(world, late):
    (waiting,) = corrections.waiting(late)

    corrections.approve(late, of=waiting.place, by=world.mona, now=world.now)

    assert corrections.waiting(late) == []
    assert figures(late, "response") == ("met", "breached")
    approved = world.last(late, "correction_approved")
    assert (approved.actor, approved.data["author"], approved.data["of"]) == (
        world.mona.actor,
        world.tara.actor,
        waiting.place,
    )
    line = next(line for line in gather() if (line.priority, line.clock) == ("P2", "response"))
    assert (line.met, line.breached) == (1, 0)
    assert (line.recorded_met, line.recorded_breached) == (0, 1)
    world.is_proven()


def test_what_happens_later_counts_on_the_corrected_clock(world):
    ticket = world.opens(priority="P1")
    world.responds(ticket)
    world.forward(hours=4, minutes=10)
    world.waits(ticket, at=world.at("13:00"), late_because=LATE, by="tara")
    (waiting,) = corrections.waiting(ticket)
    corrections.approve(ticket, of=waiting.place, by=world.mona, now=world.now)
    assert figures(ticket, "resolution") == ("open", "breached")

    world.resumes(ticket)
    world.forward(hours=1, minutes=5)
    world.notes(ticket)

    assert figures(ticket, "resolution") == ("breached", "breached")
    world.is_proven()


def test_silences_that_never_were_are_put_right_one_by_one(world):
    ticket = world.opens(priority="P1")
    world.forward(minutes=70)

    world.calls(ticket, "Told Carla that we are on it.", at=world.at("10:05"), late_because=LATE, by="tara")

    (waiting,) = corrections.waiting(ticket)
    silences = [lap for lap in waiting.laps if lap["clock"] == "next_update"]
    assert [(lap["lap"], lap["index"], lap["would"]["verdict"]) for lap in silences] == [(1, 1, "met"), (1, 2, "none")]
    corrections.approve(ticket, of=waiting.place, by=world.mona, now=world.now)
    ticket.refresh_from_db()
    said = json.loads(ticket.reading)["next_update"]
    assert said["laps"] == {"breached": 4}
    assert said["corrected"]["laps"] == {"met": 1, "breached": 2}


def test_nobody_approves_their_own(world, late):
    (waiting,) = corrections.waiting(late)

    with pytest.raises(Refusal, match="Tara dated the act back: somebody else decides on the correction"):
        corrections.approve(late, of=waiting.place, by=world.tara, now=world.now)

    assert figures(late, "response") == ("breached", "breached")


def test_it_needs_the_right(world, late):
    (waiting,) = corrections.waiting(late)

    with pytest.raises(
        Refusal,
        match=r"approved by the Incident manager or Service desk manager \(field-guide 1, rules\.backdating_by\), "
        "and Lena is not",
    ):
        corrections.approve(late, of=waiting.place, by=world.lena, now=world.now)

    assert figures(late, "response") == ("breached", "breached")


def test_refused_with_a_reason_the_breach_stands_and_the_author_hears_why(world, late):
    (waiting,) = corrections.waiting(late)

    with pytest.raises(Refusal, match="Say why it is refused"):
        corrections.refuse(late, of=waiting.place, reason=" ", by=world.mona, now=world.now)
    corrections.refuse(late, of=waiting.place, reason="Carla had no call.", by=world.mona, now=world.now)
    world.turn()

    assert figures(late, "response") == ("breached", "breached")
    world.phone("tara").gets("your correction on INC-1 is refused")
    with pytest.raises(Refusal, match=f"INC-1 has no correction {waiting.place} that waits for approval"):
        corrections.approve(late, of=waiting.place, by=world.mona, now=world.now)


def test_approved_the_author_hears_by_whom(world, late):
    (waiting,) = corrections.waiting(late)

    corrections.approve(late, of=waiting.place, by=world.mona, now=world.now)
    world.turn()

    letter = world.phone("tara").gets_one("your correction on INC-1 is approved")
    assert "Mona has approved it: the corrected figures count" in letter.text


def test_it_may_be_approved_after_the_ticket_is_closed(world, late):
    world.solves(late)
    world.forward(hours=25)
    (waiting,) = corrections.waiting(late)

    corrections.approve(late, of=waiting.place, by=world.mona, now=world.now)

    assert figures(late, "response") == ("met", "breached")
    world.is_proven()


def test_an_act_that_changes_no_verdict_drafts_nothing(world):
    ticket = world.opens(priority="P2")
    world.forward(minutes=10)

    world.responds(ticket, at=world.at("10:05"), late_because=LATE)

    assert "correction_drafted" not in world.kinds(ticket)


def test_a_breach_is_put_in_question_once(world, late):
    world.responds(late, at=world.at("10:35"), late_because=LATE)

    assert world.kinds(late).count("correction_drafted") == 1


def writes_up_late(world, *, by, minutes=10):
    ticket = world.opens(priority="P1")
    world.forward(minutes=30 + minutes)
    at = world.now - timedelta(minutes=25 + minutes)
    world.calls(ticket, "Told Carla that we are on it.", at=at, late_because=LATE, by=by)
    return ticket


def test_whoever_may_decide_sees_it_however_many_wait_that_they_may_not(world, monkeypatch):
    monkeypatch.setattr(corrections, "MOST", 2)
    monkeypatch.setattr(corrections, "BATCH", 2)
    for _ in range(5):
        writes_up_late(world, by="tara")
    other = writes_up_late(world, by="mona")

    assert corrections.for_them(Ticket.objects.all(), who=world.tara, now=world.now) == [other]
    assert len(corrections.for_them(Ticket.objects.all(), who=world.mona, now=world.now)) == 2


def test_nine_more_that_wait_cost_no_more_queries(world):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert corrections.for_them(Ticket.objects.all(), who=world.tara, now=world.now)
        return len(asked)

    writes_up_late(world, by="mona")
    one = queries()
    for _ in range(9):
        writes_up_late(world, by="mona")

    assert queries() == one


def test_of_two_that_wait_on_one_ticket_the_other_waits_on_when_one_is_decided(world):
    ticket = world.opens(priority="P1")
    world.forward(minutes=40)
    world.calls(ticket, "Told Carla.", at=world.at("10:20"), late_because=LATE, by="tara")
    world.forward(minutes=5)
    world.calls(ticket, "Told her before, too.", at=world.at("10:05"), late_because=LATE, by="tara")
    first, second = corrections.waiting(ticket)
    assert ticket.correction_since == first.at
    world.is_proven()

    corrections.refuse(ticket, of=first.place, reason="the log says otherwise", by=world.mona, now=world.now)

    assert (corrections.waiting(ticket), ticket.correction_since) == ([second], second.at)
    world.is_proven()
    corrections.approve(ticket, of=second.place, by=world.mona, now=world.now)
    assert ticket.correction_since is None
    world.is_proven()
