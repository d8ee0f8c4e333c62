"""What may be said about earlier times, and what can no longer be undone?"""

from datetime import timedelta

import pytest

from tests.desk.refusing import refused
from tocsin.desk.refusal import Refusal

LATE = "on the phone with the client until now"


@pytest.fixture(autouse=True)
def lena_may(request, world):
    """Lena may date back as far as she likes, except where the right is what the story is about."""
    if "right" not in request.node.name:
        world.holds("lena", "incident-manager", rank=1)


def test_a_call_recorded_late_counts_when_it_was_made(world):
    ticket = world.opens(priority="P2")
    world.forward(minutes=25)

    world.responds(ticket, "As I said on the phone: we are on it.", at=world.at("10:05"), late_because=LATE)

    assert world.reading(ticket, "response").met_at == world.at("10:05")
    responded = world.last(ticket, "responded")
    assert (responded.effective_at, responded.recorded_at) == (world.at("10:05"), world.at("10:25"))


def test_a_breach_that_stood_when_the_act_was_dated_back_still_stands(world):
    ticket = world.opens(priority="P2")
    world.forward(minutes=40)
    assert world.keys(ticket, "breach/response") == ["breach/response@1"]

    world.responds(ticket, at=world.at("10:05"), late_because=LATE)

    assert world.reading(ticket, "response").verdict == "breached"
    assert world.reading(ticket, "response").breached_at == world.at("10:30")


def test_it_stands_even_if_no_engine_had_come_round_to_record_it(world):
    ticket = world.opens(priority="P2")
    world.now += timedelta(minutes=40)

    world.responds(ticket, at=world.at("10:05"), late_because=LATE)

    assert world.reading(ticket, "response").verdict == "breached"
    assert world.event(ticket, "breach/response@1").effective_at == world.at("10:30")


def test_a_wait_dated_back_gives_its_time_back(world):
    ticket = world.opens(priority="P2")
    world.responds(ticket)
    world.forward(hours=2)

    world.waits(ticket, at=world.at("11:00"), late_because=LATE)
    world.forward(hours=1)
    world.resumes(ticket)

    assert world.reading(ticket).consumed == timedelta(hours=1)


def test_a_wait_dated_back_before_the_breach_leaves_the_breach(world):
    ticket = world.opens(priority="P1")
    world.forward(hours=4, minutes=10)

    world.waits(ticket, at=world.at("13:00"), late_because=LATE)

    assert world.reading(ticket).verdict == "breached"


def test_a_solution_dated_back_is_closed_a_day_after_it_was_so(world):
    ticket = world.opens(priority="P3")
    world.responds(ticket)
    world.forward(hours=3)

    world.solves(ticket, at=world.at("11:00"), late_because=LATE)
    world.forward(to=world.at("11:00", day=17))

    ticket.refresh_from_db()
    assert ticket.status == "closed"


def test_a_solution_is_not_dated_back_to_when_the_client_had_not_been_told(world):
    ticket = world.opens(priority="P2")
    world.forward(minutes=40)
    says = (
        "By 2026-11-16 10:20Z nobody had told the client of INC-1 anything, as the record has it (response time and "
        "time to tell the client still open): record the call to them first, with its time, or mark it solved as of "
        "now."
    )

    with refused(says):
        world.solves(ticket, at=world.at("10:20"), late_because=LATE)
    world.calls(ticket, "told them it works again", at=world.at("10:25"), late_because=LATE)
    with refused(says):
        world.solves(ticket, at=world.at("10:20"), late_because=LATE)
    world.solves(ticket, at=world.at("10:26"), late_because=LATE)

    assert ticket.status == "solved" and world.reading(ticket, "response").verdict == "breached"
    assert world.reading(ticket).met_at == world.at("10:26")


def test_what_is_promised_to_nobody_hinders_no_solution_dated_back(world):
    ticket = world.opens(priority="P4")  # the client is told of it by no certain time
    world.responds(ticket)
    world.forward(minutes=40)

    world.solves(ticket, at=world.at("10:20"), late_because=LATE)

    assert world.reading(ticket).met_at == world.at("10:20")


def test_nothing_is_dated_ahead(world):
    ticket = world.opens(priority="P2")

    with pytest.raises(Refusal, match=r"2026-11-16 10:30Z is yet to come: an act is dated now or back\."):
        world.responds(ticket, at=world.at("10:30"))

    assert world.reading(ticket, "response").verdict == "open"


def test_what_is_dated_before_the_ticket_counts_from_its_start(world):
    ticket = world.opens(priority="P2")
    world.forward(minutes=10)

    world.responds(ticket, at=world.at("08:00"), late_because=LATE)

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


# -- the right and the reason


def test_it_needs_a_reason_which_is_on_record_beside_the_right(world):
    ticket = world.opens(priority="P2")
    world.forward(minutes=10)

    with pytest.raises(Refusal, match=r"On INC-1 this is dated back to 2026-11-16 10:05Z: say why it comes on record"):
        world.responds(ticket, at=world.at("10:05"), late_because="  ")
    world.responds(ticket, at=world.at("10:05"), late_because=LATE)

    said = world.last(ticket, "responded").data["dated_back"]
    assert said == {"because": LATE, "right": "within 15m on always"}


def test_what_is_not_dated_back_gives_no_reason(world):
    ticket = world.opens(priority="P2")

    world.responds(ticket, at=world.now)

    assert "dated_back" not in world.last(ticket, "responded").data


def test_anybody_has_the_right_to_date_a_quarter_of_an_hour_back_and_no_further(world):
    ticket = world.opens(priority="P3")
    world.forward(minutes=30)

    with pytest.raises(
        Refusal,
        match=r"On INC-1 nobody but Incident manager or Service desk manager may date an act back by more than 15m "
        r"\(field-guide 1, rules\.backdating_by\): ask one of them to record it, or date it later\.",
    ):
        world.responds(ticket, at=world.at("10:14:59"), late_because=LATE)
    world.responds(ticket, at=world.at("10:15"), late_because=LATE)

    assert world.reading(ticket, "response").met_at == world.at("10:15")


def test_who_holds_the_right_dates_back_as_far_as_the_ticket_goes(world):
    ticket = world.opens(priority="P3")
    world.forward(minutes=30)

    world.responds(ticket, at=world.at("10:01"), late_because=LATE, by="mona")

    assert world.last(ticket, "responded").data["dated_back"]["right"] == "as service-desk-manager"


def test_the_right_at_one_client_is_none_at_another(world):
    globex = world.client("Globex")
    world.holds("lena", "incident-manager", client=globex)
    ours, theirs = world.opens(), world.opens(client=globex)
    world.forward(minutes=30)

    with pytest.raises(Refusal, match="may date an act back"):
        world.responds(ours, at=world.at("10:01"), late_because=LATE)
    world.responds(theirs, at=world.at("10:01"), late_because=LATE)

    assert world.reading(theirs, "response").met_at == world.at("10:01")
