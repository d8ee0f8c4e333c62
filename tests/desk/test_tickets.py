"""What is on record after each verb of a ticket's life, and what is refused?"""

import json
from datetime import timedelta

import pytest

from tests.desk.refusing import refused
from tests.world import FIELD_GUIDE
from tocsin.desk import tickets
from tocsin.desk.message import Message
from tocsin.desk.ticket import Ticket
from tocsin.standard.adopt import adopt

# -- open


def test_opening_puts_a_ticket_on_record_with_its_clocks_running(world):
    ticket = tickets.open(client=world.acme, title="  Disk full on db-1 ", priority="P2", by=world.lena, now=world.now)

    assert (ticket.number, ticket.title) == ("INC-1", "Disk full on db-1")
    assert (ticket.kind, ticket.status) == ("incident", "new")
    assert (ticket.priority, ticket.level, ticket.owner, ticket.worker) == ("P2", "L1", None, None)
    assert ticket.reported_at == ticket.opened_at == world.now
    (opened,) = world.log(ticket)
    assert (opened.kind, opened.actor, opened.client_id) == ("opened", world.lena.actor, world.acme.pk)
    assert opened.data["title"] == "Disk full on db-1"
    assert json.loads(ticket.reading)["resolution"]["due_at"] == "2026-11-16T18:00:00+00:00"


def test_a_ticket_wants_to_be_looked_at_when_the_first_thing_falls_due(world):
    critical = tickets.open(client=world.acme, title="Down", priority="P1", by=world.lena, now=world.now)
    low = tickets.open(client=world.acme, title="A colour", priority="P4", by=world.lena, now=world.now)

    assert critical.look_at == world.now
    assert low.look_at == world.at("18:00") + timedelta(hours=14, microseconds=1)


def test_without_a_priority_it_has_the_standards_default(world):
    ticket = tickets.open(client=world.acme, title="Disk full", by=world.lena, now=world.now)

    assert ticket.priority == "P3"


def test_numbers_are_counted_by_kind(world):
    for kind in ("incident", "incident", "request", "drill"):
        tickets.open(client=world.acme, title="x", kind=kind, by=world.lena, now=world.now)

    assert list(Ticket.objects.order_by("pk").values_list("number", flat=True)) == ["INC-1", "INC-2", "REQ-1", "DRL-1"]


def test_what_else_is_known_is_on_record_beside_it(world):
    ticket = tickets.open(
        client=world.acme,
        title="Disk full",
        by="monitor/test",
        now=world.now,
        impact="accounts cannot save",
        contact=world.ivan,
        service=world.acme_files,
    )

    assert next(world.log(ticket)).data["impact"] == "accounts cannot save"
    assert (ticket.contact, ticket.service) == (world.ivan, world.acme_files)


def test_born_waiting_it_waits_from_the_start(world):
    ticket = tickets.open(client=world.acme, title="x", waiting_for="parts", by=world.lena, now=world.now)

    assert (ticket.status, ticket.pending_on) == ("pending", "parts")
    assert world.kinds(ticket) == ["opened", "paused"]


def test_a_complaint_has_times_of_its_own(world):
    ticket = tickets.open(client=world.acme, title="x", kind="complaint", by=world.carla, now=world.now)

    assert (ticket.number, ticket.priority) == ("CMP-1", "complaint")
    with refused("A complaint has times of its own, and no priority."):
        tickets.open(client=world.acme, title="x", kind="complaint", priority="P1", by=world.carla, now=world.now)
    with refused("CMP-1 is a complaint: it has times of its own, and no priority to change."):
        tickets.change_priority(ticket, "P1", reason="loud", by=world.lena, now=world.now)


def test_a_ticket_keeps_the_version_of_the_standard_it_was_opened_under(world):
    before = tickets.open(client=world.acme, title="x", by=world.lena, now=world.now)
    text = FIELD_GUIDE.read_text().replace('P1 = "4h", P2 = "8h"', 'P1 = "4h", P2 = "6h"')
    world.forward(minutes=1)
    adopt(text, by="test", now=world.now)
    world.forward(minutes=1)

    after = tickets.open(client=world.acme, title="y", priority="P2", by=world.lena, now=world.now)
    world.makes_it(before, "P2")

    assert (before.policy_version.number, after.policy_version.number) == (1, 2)
    assert world.reading(after).binding.budget == timedelta(hours=6)
    assert world.reading(before).binding.budget == timedelta(hours=8)


def test_a_ticket_is_not_opened_without_a_title(world):
    with refused("A ticket needs a title: say in a few words what does not work."):
        tickets.open(client=world.acme, title="  ", by=world.lena, now=world.now)


def test_a_ticket_is_not_opened_in_the_future(world):
    with refused("It cannot have been reported at 2026-11-16 10:01Z, which is yet to come."):
        tickets.open(
            client=world.acme,
            title="x",
            reported_at=world.now + timedelta(minutes=1),
            by=world.lena,
            now=world.now,
        )


def test_a_ticket_is_not_opened_on_another_clients_service(world):
    other = world.client("Umbrella")

    with refused("Files is not a service of Umbrella."):
        tickets.open(client=other, title="x", service=world.acme_files, by=world.lena, now=world.now)


def test_a_ticket_is_not_opened_with_a_priority_nobody_knows(world):
    with refused("There is no priority 'P0' in this standard: it is one of P1, P2, P3, P4."):
        tickets.open(client=world.acme, title="x", priority="P0", by=world.lena, now=world.now)


def test_a_ticket_is_not_opened_waiting_for_somebody_unknown(world):
    with refused("This standard knows no wait for 'godot': it is one of client, vendor, parts."):
        tickets.open(client=world.acme, title="x", waiting_for="godot", by=world.lena, now=world.now)


# -- note, assign


def test_a_note_is_kept_beside_the_log_which_has_its_fingerprint(world):
    ticket = world.opens()

    world.notes(ticket, "The password was on a sticker.")

    kept = Message.objects.get()
    noted = world.last(ticket, "noted")
    assert (kept.audience, kept.body, kept.author) == ("staff", "The password was on a sticker.", world.lena.actor)
    assert (noted.data["message"], noted.data["sha256"]) == (kept.pk, kept.sha256)
    assert "sticker" not in noted.body
    assert world.phone("carla").letters == []


def test_an_empty_note_is_refused(world):
    ticket = world.opens()

    with refused("There is nothing in it: write what was done or seen."):
        tickets.note(ticket, "  \n", by=world.lena, now=world.now)


def test_a_note_that_is_too_long_is_refused(world):
    ticket = world.opens()

    with refused("It is 50001 characters long; 50000 fit. Attach the rest as a file."):
        tickets.note(ticket, "x" * 50_001, by=world.lena, now=world.now)


def test_owner_and_worker_are_two_and_what_is_not_named_stays(world):
    ticket = world.opens()

    tickets.assign(ticket, worker=world.sam, by=world.lena, now=world.now)

    assert (ticket.owner, ticket.worker) == (world.lena, world.sam)
    assigned = world.last(ticket, "assigned")
    assert assigned.data == {"reason": "", "worker": world.sam.pk}


def test_to_assign_nobody_is_refused(world):
    ticket = world.opens()

    with refused("Say who owns it, who works on it, or both."):
        tickets.assign(ticket, by=world.lena, now=world.now)


# -- wait, resume


def test_a_wait_says_for_whom_why_and_until_when(world):
    ticket = world.opens()

    tickets.wait(
        ticket, on="vendor", reason="the part is ordered", until=world.at("15:00"), by=world.lena, now=world.now
    )

    paused = world.last(ticket, "paused")
    assert paused.data == {"on": "vendor", "until": "2026-11-16T15:00:00.000000Z", "reason": "the part is ordered"}
    assert (ticket.status, ticket.pending_on) == ("pending", "vendor")


def test_a_wait_that_would_be_over_already_is_refused(world):
    ticket = world.opens()

    with refused("The wait would end at 2026-11-16 10:00Z, which is past: give a later time, or none."):
        tickets.wait(ticket, on="client", reason="x", until=world.now, by=world.lena, now=world.now)


def test_a_wait_for_somebody_unknown_is_refused(world):
    ticket = world.opens()

    with refused("This standard knows no wait for 'godot': it is one of client, vendor, parts."):
        tickets.wait(ticket, on="godot", reason="x", by=world.lena, now=world.now)


def test_what_waits_for_nobody_is_not_resumed(world):
    ticket = world.opens()

    with refused("INC-1 waits for nobody."):
        tickets.resume(ticket, by=world.lena, now=world.now)


# -- priority


def test_a_change_of_priority_says_who_why_and_what_it_was(world):
    ticket = world.opens(priority="P3")

    tickets.change_priority(ticket, "P2", reason="the whole office", by=world.lena, now=world.now)

    changed = world.last(ticket, "priority_changed")
    assert (changed.actor, changed.data) == (world.lena.actor, {"to": "P2", "was": "P3", "reason": "the whole office"})
    assert ticket.priority == "P2"


@pytest.mark.parametrize(
    ("to", "reason", "sentence"),
    [
        ("P9", "x", "There is no priority 'P9' in this standard: it is one of P1, P2, P3, P4."),
        ("P3", "x", "INC-1 is P3 already."),
        ("P2", "  ", "A change of priority needs a reason: who asked for it, or what has been found?"),
    ],
)
def test_a_change_of_priority_that_makes_no_sense_is_refused(world, to, reason, sentence):
    ticket = world.opens(priority="P3")

    with refused(sentence):
        tickets.change_priority(ticket, to, reason=reason, by=world.lena, now=world.now)


# -- solve, reopen, close, cancel


def test_solving_says_why_it_failed_what_was_done_and_how_it_was_checked_and_tells_the_client(world):
    ticket = world.opens()

    world.solves(ticket)

    solved = world.last(ticket, "solved")
    assert (solved.data["cause"], solved.data["actions"]) == ("the disk was full", "cleared the logs")
    assert solved.data["verification"] == "Carla can save again"
    assert (ticket.status, ticket.solved_at) == ("solved", world.now)
    kept = Message.objects.get(pk=solved.data["message"])
    assert (kept.audience, kept.sha256) == ("client", solved.data["sha256"])
    assert world.phone("carla").gets_one("RESOLVED").text == kept.body


def test_without_anybody_to_read_it_a_solution_is_told_to_nobody(world):
    other = world.client("Umbrella")
    ticket = world.opens(client=other)

    world.solves(ticket)

    assert ticket.status == "solved"
    assert "message" not in world.last(ticket, "solved").data


def test_only_the_owner_solves(world):
    ticket = world.opens()
    unowned = tickets.open(client=world.acme, title="x", by=world.lena, now=world.now)

    with refused("Only the owner may mark INC-1 solved, and Lena owns it: take it over first."):
        tickets.solve(ticket, cause="c", actions="a", verification="v", by=world.sam, now=world.now)
    with refused("Only the owner may mark INC-2 solved, and nobody owns it yet: take it over first."):
        tickets.solve(unowned, cause="c", actions="a", verification="v", by=world.sam, now=world.now)


@pytest.mark.parametrize(
    ("lacking", "sentence"),
    [
        ({"cause": " "}, "Before it is solved, record its cause."),
        ({"actions": ""}, "Before it is solved, record its actions."),
        ({"cause": "", "verification": ""}, "Before it is solved, record its cause and verification."),
    ],
)
def test_a_ticket_is_not_solved_without_what_closing_will_need(world, lacking, sentence):
    ticket = world.opens()

    with refused(sentence):
        tickets.solve(
            ticket, **{"cause": "c", "actions": "a", "verification": "v", **lacking}, by=world.lena, now=world.now
        )


def test_a_request_has_no_cause(world):
    ticket = world.opens(kind="request")

    world.solves(ticket, cause="")

    assert ticket.status == "solved"


def test_reopening_says_why_and_solving_is_undone(world):
    ticket = world.opens()
    world.solves(ticket)

    world.reopens(ticket, reason="it is full again")

    assert (ticket.status, ticket.solved_at) == ("in progress", None)
    assert world.last(ticket, "reopened").data == {"reason": "it is full again"}


def test_what_is_not_solved_is_not_reopened(world):
    ticket = world.opens()

    with refused("INC-1 is in progress: there is nothing to reopen."):
        tickets.reopen(ticket, reason="x", by=world.lena, now=world.now)


def test_a_closed_ticket_is_not_reopened(world):
    ticket = world.opens()
    world.solves(ticket)
    tickets.close(ticket, by=world.lena, now=world.now)

    assert ticket.closed_at == world.now
    with refused("INC-1 is closed: open a new one that follows it up."):
        tickets.reopen(ticket, reason="x", by=world.lena, now=world.now)


@pytest.mark.parametrize("end", ["cancelled", "merged"])
def test_nor_is_one_that_is_none_any_more(world, end):
    ticket = world.opens()
    _ends(world, ticket, end)

    with refused(OVER[end]):
        tickets.reopen(ticket, reason="it is back", by=world.lena, now=world.now)


def test_what_is_not_solved_is_not_closed(world):
    ticket = world.opens()

    with refused("INC-1 is in progress: it is closed once it is solved."):
        tickets.close(ticket, by=world.lena, now=world.now)


def test_a_ticket_is_cancelled_with_a_reason_only(world):
    ticket = world.opens()

    with refused("Say why it is cancelled: the client may ask."):
        tickets.cancel(ticket, reason="", by=world.lena, now=world.now)
    tickets.cancel(ticket, reason="opened twice", by=world.lena, now=world.now)

    assert (ticket.status, ticket.closed_at, ticket.look_at) == ("cancelled", world.now, None)


def test_what_recovers_by_itself_is_solved_by_nobody(world):
    ticket = world.opens()

    tickets.recover(ticket, reason="three probes are green", by="monitor/test", now=world.now)

    solved = world.last(ticket, "solved")
    assert (solved.actor, solved.data["answers"]) == ("monitor/test", False)
    assert solved.data["cause"] == "recovered by itself"
    assert Message.objects.count() == 0


OVER = {
    "solved": "INC-1 is solved: reopen it first.",
    "closed": "INC-1 is closed: open a new one that follows it up.",
    "cancelled": "INC-1 is cancelled: open a new one that follows it up.",
    "merged": "INC-1 is merged: open a new one that follows it up.",
}


@pytest.mark.parametrize("end", OVER)
@pytest.mark.parametrize("verb", ["assign", "wait", "change_priority", "solve", "cancel", "recover"])
def test_what_is_over_is_left_alone(world, end, verb):
    ticket = world.opens()
    _ends(world, ticket, end)
    said = {
        "assign": {"owner": world.sam},
        "wait": {"on": "client", "reason": "x"},
        "change_priority": {"to": "P1", "reason": "x"},
        "solve": {"cause": "c", "actions": "a", "verification": "v"},
        "cancel": {"reason": "x"},
        "recover": {"reason": "x"},
    }[verb]

    with refused(OVER[end]):
        getattr(tickets, verb)(ticket, **said, by=world.lena, now=world.now)


def _ends(world, ticket, how):
    if how in ("solved", "closed"):
        world.solves(ticket)
    if how == "closed":
        tickets.close(ticket, by=world.lena, now=world.now)
    if how == "cancelled":
        world.cancels(ticket)
    if how == "merged":
        world.merges(ticket, into=world.opens("Another"))


# -- dating back


def test_only_a_person_dates_back(world):
    ticket = world.opens()
    world.forward(minutes=10)

    with refused("Only a person may date an act back."):
        tickets.wait(ticket, on="client", reason="x", at=world.at("10:05"), by="rule/quiet", now=world.now)


def test_who_is_made_the_worker_by_another_hears_of_it_and_of_what_is_on_record(world):
    ticket = world.opens("Mail is slow", priority="P2")

    tickets.assign(ticket, worker=world.sam, by=world.lena, now=world.now, reason="you know the mail server")
    world.turn()

    letter = world.phone("sam").gets_one("P2 Acme: INC-1 is yours: Mail is slow")
    assert "Sam, from now on you work on INC-1: you know the mail server" in letter.text
    assert "Due:      a solution by Mon 16 Nov 2026 18:00 UTC" in letter.text
    assert "Why you: Lena has assigned it to you." in letter.text
    world.phone("lena").is_silent()


def test_who_takes_a_ticket_is_not_told_of_it(world):
    ticket = world.opens()

    tickets.assign(ticket, owner=world.sam, worker=world.sam, by=world.sam, now=world.now)
    world.turn()

    world.phone("sam").is_silent()


def test_owner_and_worker_at_once_get_one_letter(world):
    ticket = world.opens()

    tickets.assign(ticket, owner=world.sam, worker=world.sam, by="rule/dispatch", now=world.now)
    world.turn()

    letter = world.phone("sam").gets_one("is yours")
    assert "you own and work on INC-1." in letter.text
