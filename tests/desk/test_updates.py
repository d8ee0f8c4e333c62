"""What is on record when the client is told something, or says something?"""

import pytest

from tests.desk.refusing import refused
from tocsin.desk import updates
from tocsin.desk.message import Message
from tocsin.outbox.delivery import Delivery


def test_a_response_is_kept_sent_and_on_record_with_its_fingerprint(world):
    ticket = world.opens("Mail arrives late", priority="P2")

    updates.respond(ticket, " We are looking into it. ", by=world.lena, now=world.now)

    kept = Message.objects.get()
    assert (kept.audience, kept.body) == ("client", "We are looking into it.")
    assert kept.subject == "[P2] [Acme] - [Mail arrives late] - OUTAGE"
    assert [event.kind for event in world.log(ticket)][-2:] == ["responded", "updated"]
    assert world.last(ticket, "responded").data["sha256"] == kept.sha256
    queued = Delivery.objects.get()
    assert (queued.person, queued.address, queued.body) == (world.carla.actor, "carla@acme.example", kept.body)
    assert queued.key == f"updated@{ticket.head_seq}/{world.carla.actor}"


def test_updates_are_numbered_after_the_first_word(world):
    ticket = world.opens("Mail arrives late", priority="P2")

    for text in ("first", "second", "third"):
        world.updates(ticket, text)

    assert [letter.subject.rpartition(" - ")[2] for letter in world.phone("carla").letters] == [
        "OUTAGE",
        "UPDATE 1",
        "UPDATE 2",
    ]


def test_a_first_update_is_the_response_and_a_later_one_is_not(world):
    ticket = world.opens(priority="P2")

    world.updates(ticket, "first")
    world.updates(ticket, "second")

    assert [event.kind for event in world.log(ticket) if event.kind in ("responded", "updated")] == [
        "responded",
        "updated",
        "updated",
    ]


def test_a_ticket_with_a_contact_of_its_own_is_told_to_that_one(world):
    ticket = world.opens(priority="P2", contact=world.ivan)

    world.responds(ticket, "We are looking into it.")

    world.phone("ivan").gets_one("We are looking into it.")
    world.phone("carla").is_silent()


def test_of_two_who_hold_the_role_the_first_is_told(world):
    world.contact(world.acme, "cleo", role="primary-contact")
    ticket = world.opens(priority="P2")

    world.responds(ticket, "We are looking into it.")

    world.phone("carla").gets_one("We are looking into it.")
    world.phone("cleo").is_silent()


def test_a_promise_is_on_record_in_the_update(world):
    ticket = world.opens(priority="P1")

    world.updates(ticket, "You hear from us at noon.", promised=world.at("12:00"))

    assert world.last(ticket, "updated").data["promised"] == "2026-11-16T12:00:00.000000Z"


def test_a_promise_of_the_past_is_refused(world):
    ticket = world.opens(priority="P1")

    with refused("The next update was promised for 2026-11-16 10:00Z, which is past: promise a later one."):
        updates.update(ticket, "x", promised=world.now, by=world.lena, now=world.now)


@pytest.mark.parametrize("verb", [updates.respond, updates.update])
def test_nothing_is_sent_to_the_client_when_nothing_was_written(world, verb):
    ticket = world.opens(priority="P1")

    with refused("There is nothing in it: write what was done or seen."):
        verb(ticket, "   ", by=world.lena, now=world.now)


@pytest.mark.parametrize("verb", [updates.respond, updates.update])
def test_a_solved_ticket_is_reopened_before_the_client_is_told_more(world, verb):
    ticket = world.opens(priority="P1")
    world.solves(ticket)

    with refused("INC-1 is solved: reopen it first."):
        verb(ticket, "x", by=world.lena, now=world.now)


def test_a_call_is_a_response_and_sends_nothing(world):
    ticket = world.opens(priority="P2")

    updates.called(ticket, result="Carla restarts her mail program.", by=world.lena, now=world.now)

    assert world.last(ticket, "responded").data["means"] == "phone"
    assert Message.objects.get().body == "Carla restarts her mail program."
    assert Delivery.objects.count() == 0


def test_what_the_client_writes_is_kept_and_whoever_works_on_it_hears_of_it(world):
    ticket = world.opens(priority="P2")

    world.replies(ticket, "It is the left one.")

    kept = Message.objects.get()
    assert (kept.author, kept.audience, kept.body) == (world.carla.actor, "client", "It is the left one.")
    assert world.last(ticket, "client_wrote").data["sha256"] == kept.sha256
    letter = world.phone("lena").gets_one("Carla has answered on INC-1")
    assert "It is the left one." in letter.text


def test_what_the_client_writes_is_no_response_of_ours(world):
    ticket = world.opens(priority="P2")

    world.replies(ticket, "Hello?")

    assert world.reading(ticket, "response").verdict == "open"
    assert world.reading(ticket, "next_update").anchor == 1


def test_what_the_client_writes_after_the_end_is_kept_and_changes_nothing(world):
    ticket = world.opens(priority="P2")
    world.solves(ticket)

    world.replies(ticket, "Thank you!")

    assert ticket.status == "solved"
    world.phone("lena").gets("Thank you!")


def test_a_draft_is_the_standards_text_with_what_is_on_record(world):
    ticket = world.opens(
        "Mail is down", priority="P1", impact="nobody in the office gets mail", service=world.acme_files
    )

    subject, body = updates.draft(ticket, now=world.now)

    assert subject == "[P1] [Acme] - [Mail is down] - OUTAGE"
    for line in (
        "Hello Carla,",
        "Severity:           P1 Critical",
        "Status:             investigating",
        "Service:            Files",
        "Who is hit:         nobody in the office gets mail",
        "Since:              Mon 16 Nov 2026 10:00 UTC",
        "Engineer:           Lena",
        "Next update:        Mon 16 Nov 2026 10:30 UTC",
    ):
        assert line in body.splitlines()
    assert Message.objects.count() == 0


def test_after_the_first_word_a_draft_is_an_update_with_its_number(world):
    ticket = world.opens("Mail is down", priority="P1")
    world.responds(ticket, "The mail server is being restarted.")

    subject, body = updates.draft(ticket, now=world.now)

    assert subject == "[P1] [Acme] - [Mail is down] - UPDATE 1"
    assert "here is update 1 on Mail is down." in body
    assert "Done so far:        The mail server is being restarted." in body


def test_a_draft_of_what_promises_no_update_says_so(world):
    ticket = world.opens("One user cannot print", priority="P3")

    _, body = updates.draft(ticket, now=world.now)

    assert "Next update:        when it is resolved" in body
