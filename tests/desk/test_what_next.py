"""Has an open ticket a next step, whose, until when, whoever has said so or nobody?"""

from __future__ import annotations

from tests.desk.refusing import refused
from tests.desk.test_stopping import pulled
from tocsin.core import plan
from tocsin.desk import escalations, next_steps, tickets
from tocsin.desk.chronicle import chronicle
from tocsin.desk.timeline import story_of
from tocsin.desk.what_next import NextStep, agreed, next_step
from tocsin.standard.terms import terms_of

ASKED = {"to": "L2", "reason": "skill limit", "tried": "restarted it", "next_step": "read the dump"}


def following(world, ticket):
    ticket.refresh_from_db()
    planned = plan.due(story_of(ticket), terms_of(ticket), now=world.now)
    return next_step(ticket, planned, agreed(ticket))


def agrees(world, ticket, step="Look", *, who="lena", due="14:20"):
    next_steps.agree(ticket, step, who=world.people[who], due_at=world.at(due), by=world.lena, now=world.now)


def test_a_new_ticket_is_to_be_triaged_by_its_level_until_the_response_is_due(world):
    ticket = tickets.open(client=world.acme, title="Mail is slow", priority="P2", by=world.lena, now=world.now)
    assert following(world, ticket) == NextStep("Triage it", None, world.at("10:30"), "L1", default=True)

    tickets.assign(ticket, worker=world.sam, by=world.lena, now=world.now)
    assert following(world, ticket) == NextStep("Say what happens next", world.sam.pk, world.at("10:30"), default=True)


def test_what_is_agreed_stands_until_the_ticket_is_handed_over(world):
    ticket = world.opens(priority="P2")
    world.responds(ticket)
    agrees(world, ticket)
    assert following(world, ticket) == NextStep("Look", world.lena.pk, world.at("14:20"))

    tickets.assign(ticket, worker=world.sam, by=world.lena, now=world.now)

    found = following(world, ticket)
    assert (found.step, found.who, found.default) == ("Say what happens next", world.sam.pk, True)
    assert found.due_at is not None
    agrees(world, ticket, "Read the log", who="sam")
    assert following(world, ticket).step == "Read the log"


def test_stopping_the_line_accepting_and_sending_back_leave_a_next_step_to_be_said(world):
    ticket = world.opens(priority="P2")
    world.responds(ticket)
    agrees(world, ticket)
    pulled(world, ticket)
    assert following(world, ticket).step == "Say what happens next"

    world.escalates(ticket, "L2")
    world.accepts(ticket, by="sam")
    assert (following(world, ticket).step, following(world, ticket).who) == ("Say what happens next", world.sam.pk)

    agrees(world, ticket)
    world.sends_back(ticket, by="sam")
    found = following(world, ticket)
    assert (found.step, found.who, found.default) == ("Say what happens next", world.lena.pk, True)


def test_an_escalation_by_rule_is_to_be_accepted_by_the_level_that_is_asked(world):
    ticket = world.opens(priority="P2")
    agrees(world, ticket)

    world.forward(minutes=30)

    assert following(world, ticket) == NextStep(
        "Accept it, or send it back", None, world.at("10:45"), "L2", default=True
    )


def test_what_an_escalation_says_is_next_is_the_levels_until_it_must_accept(world):
    ticket = world.opens(priority="P2")
    escalations.escalate(ticket, **ASKED, by=world.lena, now=world.now)
    world.turn()

    assert following(world, ticket) == NextStep("read the dump", None, world.at("10:15"), "L2")


def test_an_escalation_may_say_whose_the_next_step_is_and_until_when(world):
    ticket = world.opens(priority="P2")
    with refused("The next step would be due in the past: give a later time."):
        escalations.escalate(ticket, **ASKED, next_due=world.now, by=world.lena, now=world.now)

    said = {"next_who": world.nils, "next_due": world.at("11:00")}
    escalations.escalate(ticket, **ASKED, **said, by=world.lena, now=world.now)

    assert following(world, ticket) == NextStep("read the dump", world.nils.pk, world.at("11:00"))
    line = chronicle(ticket, terms_of(ticket))[-1]
    assert "read the dump, by Nils, due 2026-11-16 11:00 UTC" in line.detail


def test_the_timeline_says_whose_it_is_and_until_when(world):
    ticket = world.opens(priority="P2")
    agrees(world, ticket, "look")

    said = chronicle(ticket, terms_of(ticket))[-1].said

    assert said == "agreed the next step: look, by Lena, due 2026-11-16 14:20 UTC"


def test_nothing_is_next_on_what_is_solved(world):
    ticket = world.opens(priority="P2")
    agrees(world, ticket)
    world.solves(ticket)

    assert following(world, ticket) is None


def test_letters_say_what_is_next_and_never_that_nothing_is_on_record(world):
    world.opens(priority="P2")
    world.forward(minutes=30)
    assert "Next:     Accept it, or send it back" in world.phone("sam").gets("is escalated to L2").text

    agreed_one = world.opens(priority="P2")
    agrees(world, agreed_one, "Call the vendor")
    tickets.assign(agreed_one, owner=world.tara, worker=world.tara, by=world.lena, now=world.now)
    world.turn()

    assert "Next:     Call the vendor" in world.phone("tara").gets(f"{agreed_one.number} is yours").text
