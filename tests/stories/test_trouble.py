"""What if a ticket cannot be worked out?"""

from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from tocsin.core import plan
from tocsin.engine import tickets as engine


@pytest.fixture
def poison(monkeypatch):
    """Planning raises for tickets whose title has the word."""
    real = engine.decide

    def decide(work):
        if "poison" in work.ticket.title:
            raise ValueError("a rule that nobody foresaw")
        real(work)

    monkeypatch.setattr(engine, "decide", decide)
    monkeypatch.real = real
    return monkeypatch


def test_a_ticket_that_raises_is_put_off_with_the_error_on_record_and_the_others_go_on(world, poison):
    world.now = world.at("10:00")
    bad = world.opens("poison", priority="P1")
    good = world.opens("Disk full on db-1", priority="P1")

    world.phone("omar").gets_one("Disk full on db-1")
    bad.refresh_from_db()
    assert bad.not_before == world.at("10:05")
    assert bad.look_at == world.at("10:00")
    assert world.last(bad, "engine_error").data["error"] == "ValueError: a rule that nobody foresaw"
    assert world.keys(bad) == []
    assert world.keys(good) == ["step/page@1/primary"]


def test_it_is_tried_again_and_what_it_missed_is_made_good(world, poison):
    bad = world.opens("poison", priority="P1")
    world.forward(minutes=4)
    assert world.keys(bad) == []

    poison.undo()
    world.forward(minutes=1)

    assert world.event(bad, "step/page@1/primary").effective_at == world.at("10:00")
    world.phone("omar").gets_one("poison")
    bad.refresh_from_db()
    assert bad.not_before is None


def test_a_ticket_that_raises_again_and_again_is_looked_at_ever_more_seldom(world, poison):
    bad = world.opens("poison", priority="P1")

    world.forward(hours=4, minutes=5)

    errors = [event.effective_at for event in world.log(bad) if event.kind == "engine_error"]
    assert [at - world.at("10:00") for at in errors] == [
        timedelta(minutes=minutes) for minutes in (0, 5, 15, 35, 75, 135, 195)
    ]


def test_one_that_was_decided_in_between_begins_at_five_minutes_again(world, poison):
    bad = world.opens("poison", priority="P1")
    world.forward(minutes=6)
    with poison.context() as healed:
        healed.setattr(engine, "decide", poison.real)
        world.forward(to=world.at("10:16"))

    world.jump(minutes=30)

    bad.refresh_from_db()
    assert bad.not_before == world.now + timedelta(minutes=5)


def test_what_somebody_does_on_a_ticket_that_was_put_off_is_seen_at_once(world, poison):
    bad = world.opens("poison", priority="P1")
    world.forward(minutes=6)
    world.phone("omar").is_silent()

    poison.setattr(engine, "decide", poison.real)
    world.notes(bad)

    world.phone("omar").gets("poison")


def test_people_can_still_work_on_a_ticket_that_raises(world, poison):
    bad = world.opens("poison", priority="P1")

    world.responds(bad)

    assert world.reading(bad, "response").verdict == "met"


@pytest.fixture
def without_words(monkeypatch):
    """Pages and the client's steps have texts with a field that nobody fills."""

    def terms_of(ticket):
        terms = real(ticket)
        texts = {name: replace(terms.messages[name], body="{mood}") for name in ("page", "client-step")}
        return replace(terms, messages={**terms.messages, **texts})

    real = engine.terms_of
    monkeypatch.setattr(engine, "terms_of", terms_of)


def test_a_text_that_cannot_be_filled_goes_out_in_plain_words_and_stops_no_clock(world, without_words):
    with capture_logs() as logged:
        ticket = world.opens("Disk full on db-1", priority="P1")

    page = world.phone("omar").gets_one("Omar, please look at INC-1: Disk full on db-1.")
    assert "The text 'page' of field-guide 1 cannot be filled" in page.text
    assert "Why you: the page ladder asks the On-call engineer at once for P1 (step/page@1/primary)" in page.text
    [said] = [line for line in logged if line["log_level"] == "error"]
    assert (said["ticket"], said["key"], said["message"]) == ("INC-1", "step/page@1/primary", "page")
    world.forward(hours=4, minutes=1)
    assert "breach/resolution@1" in world.keys(ticket)
    assert "engine_error" not in world.kinds(ticket)


def test_a_client_reads_nothing_of_what_is_wrong_with_a_text(world, without_words):
    world.opens("Disk full on db-1", priority="P1")

    world.forward(minutes=15)

    letter = world.phone("carla").gets_one("please ask us where INC-1 stands: Disk full on db-1.")
    assert "field-guide" not in letter.text


def test_a_plan_without_end_is_an_error_on_record_and_not_a_loop(world, monkeypatch):
    ticket = world.opens(priority="P3")
    real = plan.due

    def endless(story, terms, *, now):
        planned = real(story, terms, now=now)
        again = plan.Obligation(f"raise/again@{len(story)}", now, "raise", "over and over", subject="again", to="P3")
        return plan.Plan((again,), now, planned.readings, planned.standing, planned.priority, "", now)

    with monkeypatch.context() as patched:
        patched.setattr(plan, "due", endless)
        world.jump(hours=2)

    ticket.refresh_from_db()
    assert "has something due after 50 rounds" in world.last(ticket, "engine_error").data["error"]
    assert world.keys(ticket, "raise/again") == []
    world.forward(minutes=5)
    assert "breach/response@1" in world.keys(ticket)
