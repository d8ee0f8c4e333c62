"""What does the desk let through from stage to stage, and what is on record of it?"""

import pytest

from tests.desk.refusing import refused
from tests.staged import with_stages
from tests.world import World
from tocsin.desk import stages, tickets
from tocsin.desk.chronicle import chronicle
from tocsin.desk.facts import facts_of
from tocsin.desk.phrases import status
from tocsin.desk.staged import place_of
from tocsin.desk.ticket import Ticket
from tocsin.desk.timeline import terms_of


@pytest.fixture
def staged(world: World) -> World:
    return with_stages(world)


def enters(world: World, ticket: Ticket, to: str, reason: str = "") -> None:
    world._do(stages.enter, ticket, to, reason=reason)


def states(world: World, ticket: Ticket, fact: str, said: str) -> None:
    world._do(stages.state, ticket, fact, said)


def leaves(world: World, ticket: Ticket, kind: str, where: str = "https://files.msp.example/log") -> None:
    world._do(stages.leave, ticket, kind, where)


def told(ticket: Ticket) -> str:
    return chronicle(ticket, terms_of(ticket))[-1].said


def test_a_ticket_begins_in_the_first_stage_of_its_priority(staged: World):
    ticket = staged.opens()

    assert ticket.stage == "triage"


def test_without_stages_nothing_is_asked_and_nothing_shown(world: World):
    ticket = world.opens()

    world.solves(ticket)

    assert (ticket.stage, ticket.status) == ("", "solved")
    assert place_of(ticket, terms_of(ticket)) is None
    with refused("INC-1 is solved: reopen it first."):
        tickets.solve(ticket, cause="c", actions="a", verification="v", by=world.lena, now=world.now)


def test_what_is_lacking_is_named_with_the_stage_that_asks_for_it(staged: World):
    ticket = staged.opens()

    with refused(
        "Diagnose is not open yet: Triage ends only when its service and category are said; "
        "Diagnose begins only when the client has been told. Record it, or say why it goes without."
    ):
        stages.enter(ticket, "diagnose", by=staged.lena, now=staged.now)


def test_the_record_tells_what_nobody_needs_to_state(staged: World):
    ticket = staged.opens(service=staged.acme_files)
    staged.responds(ticket)

    enters(staged, ticket, "diagnose")

    assert ticket.stage == "diagnose"
    assert told(ticket) == "went to the stage Diagnose"


def test_a_reason_goes_without_and_the_timeline_keeps_both(staged: World):
    ticket = staged.opens()

    enters(staged, ticket, "diagnose", "The caller hung up")

    entered = staged.last(ticket, "stage_entered")
    assert (entered.data["bypassed"], entered.data["reason"]) == (["categorised", "client_told"], "The caller hung up")
    line = chronicle(ticket, terms_of(ticket))[-1]
    assert line.said == (
        "went to the stage Diagnose, although this was lacking: Triage ends only when its service and category are "
        "said; Diagnose begins only when the client has been told"
    )
    assert line.detail == "The caller hung up"
    assert place_of(ticket, terms_of(ticket)).walked.bypasses == 2


def test_facts_and_artifacts_are_put_on_record_and_open_the_gate(staged: World):
    ticket = staged.opens()
    enters(staged, ticket, "diagnose", "at once")

    leaves(staged, ticket, "log")
    assert told(ticket) == "left a log for Diagnose: https://files.msp.example/log"
    states(staged, ticket, "cause_known", "The disk is full")
    assert told(ticket) == "put on record that the root cause, or the top suspicion, is recorded"

    enters(staged, ticket, "recover")
    assert ticket.stage == "recover"


def test_whoever_finds_the_priority_right_as_it_is_says_so(staged: World):
    ticket = staged.opens(service=staged.acme_files)
    opened = tickets.open(client=staged.acme, title="Mail is slow", by=staged.carla, now=staged.now)

    def lacks(each: Ticket) -> bool:
        place = place_of(each, terms_of(each))
        return "prioritised" in [lack.word for lack in place.gate.lacking]

    assert not lacks(ticket) and lacks(opened)
    states(staged, opened, "prioritised", "One mailbox, and there is another way in")
    assert not lacks(opened)


def test_going_back_asks_why(staged: World):
    ticket = staged.opens()
    enters(staged, ticket, "diagnose", "at once")

    with refused("Go back to Triage? Say why: the timeline keeps it."):
        stages.enter(ticket, "triage", by=staged.lena, now=staged.now)
    enters(staged, ticket, "triage", "Another service is hit")

    assert ticket.stage == "triage"


@pytest.mark.parametrize(
    ("to", "sentence"),
    [
        ("dignose", "P3 has no stage 'dignose': did you mean 'diagnose'?"),
        ("review", "Mark INC-1 solved: that enters Review."),
    ],
)
def test_a_stage_that_cannot_be_entered_so_is_refused(staged: World, to: str, sentence: str):
    ticket = staged.opens()

    with refused(sentence):
        stages.enter(ticket, to, reason="now", by=staged.lena, now=staged.now)


def test_solving_enters_the_resolved_stage_by_its_gate(staged: World):
    ticket = staged.opens(service=staged.acme_files)
    staged.responds(ticket)
    enters(staged, ticket, "diagnose")

    with refused("Review is not open yet: Diagnose leaves a log behind. Record it, or say why it goes without."):
        tickets.solve(
            ticket, cause="full disk", actions="cleared", verification="Carla saves", by=staged.lena, now=staged.now
        )
    leaves(staged, ticket, "log")
    staged.solves(ticket)

    assert (ticket.status, ticket.stage) == ("solved", "review")


def test_a_reason_solves_without_what_is_lacking_and_is_on_record(staged: World):
    ticket = staged.opens()

    staged.solves(ticket, bypass="It was the wrong tenant")

    assert (ticket.status, ticket.stage) == ("solved", "review")
    assert staged.last(ticket, "stage_entered").data["reason"] == "It was the wrong tenant"


def test_reopening_goes_back_and_what_was_verified_is_so_no_more(staged: World):
    ticket = staged.opens()
    enters(staged, ticket, "recover", "at once")
    staged.solves(ticket)

    staged.reopens(ticket)

    assert ticket.stage == "recover"
    known = place_of(ticket, terms_of(ticket)).known.facts
    assert "verified" not in known and known["cause_known"] == "the disk was full"


def test_what_recovers_by_itself_stands_in_the_resolved_stage(staged: World):
    ticket = staged.opens()

    staged.recovers(ticket)

    assert (ticket.status, ticket.stage) == ("solved", "review")


def test_a_review_is_held_after_it_is_solved(staged: World):
    ticket = staged.opens()
    staged.solves(ticket, bypass="late")

    states(staged, ticket, "reviewed", "Tara and Lena, Monday")

    with refused("INC-1 is solved: reopen it, and the work goes on."):
        stages.enter(ticket, "diagnose", reason="again", by=staged.lena, now=staged.now)


def test_a_change_of_priority_keeps_the_place(staged: World):
    ticket = staged.opens(priority="P1")
    enters(staged, ticket, "diagnose", "at once")

    staged.makes_it(ticket, "P2")
    assert ticket.stage == "diagnose"


def test_the_clients_word_is_the_stages(staged: World):
    ticket = staged.opens()

    def word() -> str:
        return status(ticket, terms_of(ticket), facts_of([ticket])[ticket.pk])

    assert word() == "investigating"
    states(staged, ticket, "cause_known", "The disk is full")
    assert word() == "identified"
    enters(staged, ticket, "recover", "at once")
    assert word() == "monitoring"
    staged.solves(ticket)
    assert word() == "resolved"


@pytest.mark.parametrize(
    ("verb", "said", "sentence"),
    [
        (stages.state, ("fixd", "yes"), "'fixd' is nothing to state: did you mean 'fixed'?"),
        (stages.state, ("owned", "yes"), "Nobody states that it has an owner: the record tells it by itself."),
        (stages.state, ("fixed", "  "), "Say in a sentence how the fix is recorded, as a workaround or a solution."),
        (stages.leave, ("logg", "x"), "'logg' is no kind of artifact: did you mean 'log'?"),
        (stages.leave, ("log", " "), "Say where a log is: a link, or the place it is kept at."),
    ],
    ids=["mistyped", "told-by-the-record", "blank", "no-kind", "nowhere"],
)
def test_what_makes_no_sense_is_refused_with_the_remedy(staged: World, verb, said, sentence):
    ticket = staged.opens()

    with refused(sentence):
        verb(ticket, *said, by=staged.lena, now=staged.now)


def test_nothing_is_filed_on_a_ticket_that_is_over(staged: World):
    ticket = staged.opens()
    staged.cancels(ticket)

    with refused("INC-1 is cancelled: open a new one that follows it up."):
        stages.leave(ticket, "log", "x", by=staged.lena, now=staged.now)
