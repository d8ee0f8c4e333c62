"""What is on record when somebody asks for help, takes it, or gives it back?"""

import pytest

from tests.desk.refusing import refused
from tocsin.desk import escalations, tickets
from tocsin.desk.chronicle import chronicle
from tocsin.desk.proof import refold
from tocsin.desk.ticket import Ticket
from tocsin.standard.terms import terms_of

ASKED = {"reason": "skill limit", "tried": "restarted it", "next_step": "read the dump"}


def nobodys(world, priority="P1"):
    """A ticket that a monitor might open: nobody owns it, and nobody works on it."""
    ticket = tickets.open(client=world.acme, title="Ransomware", priority=priority, by=world.lena, now=world.now)
    world.turn()
    ticket.refresh_from_db()
    return ticket


def test_an_escalation_says_from_whom_to_whom_why_what_was_tried_and_what_is_next(world):
    ticket = world.opens(priority="P2")

    escalations.escalate(ticket, to="L2", **ASKED, by=world.lena, now=world.now)

    asked = world.last(ticket, "escalated")
    assert asked.data == {
        "to": "L2",
        "frm": "L1",
        "reason": "skill limit",
        "tried": "restarted it",
        "next_step": "read the dump",
        "trigger": "by hand",
        "owner": world.lena.pk,
        "worker": world.lena.pk,
    }
    assert (ticket.level, ticket.asked_level, ticket.worker) == ("L1", "L2", world.lena)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"to": "L9"}, "This standard has no level 'L9' above the first: it is one of L2, L3, management."),
        ({"to": "L1"}, "This standard has no level 'L1' above the first: it is one of L2, L3, management."),
        (
            {"reason": "lunch"},
            "'lunch' is no reason this desk counts: it is one of skill limit, permission or security, time exceeded, "
            "about to exceed, scope approval, vendor, client satisfaction, recurring, impact.",
        ),
    ],
)
def test_an_escalation_that_makes_no_sense_is_refused(world, changed, sentence):
    ticket = world.opens(priority="P2")

    with refused(sentence):
        escalations.escalate(ticket, **{"to": "L2", **ASKED, **changed}, by=world.lena, now=world.now)


def test_a_level_that_was_asked_is_not_asked_again(world):
    ticket = world.opens(priority="P2")
    world.escalates(ticket, "L2")

    with refused("L2 has been asked to take INC-1 already."):
        escalations.escalate(ticket, to="L2", **ASKED, by=world.lena, now=world.now)


def test_a_level_that_has_it_is_not_asked_again(world):
    ticket = world.opens(priority="P2")
    world.escalates(ticket, "L2")
    world.accepts(ticket, by="sam")

    with refused("L2 has INC-1 already."):
        escalations.escalate(ticket, to="L2", **ASKED, by=world.lena, now=world.now)


def test_a_level_below_the_one_that_has_it_is_not_asked(world):
    ticket = world.opens(priority="P2")
    world.escalates(ticket, "L3")
    world.accepts(ticket, by="tara")

    with refused("L3 has INC-1, which is above L2: send it back instead."):
        escalations.escalate(ticket, to="L2", **ASKED, by=world.lena, now=world.now)


def test_accepting_makes_the_level_and_the_worker_new_and_keeps_the_owner(world):
    ticket = world.opens(priority="P2")
    world.escalates(ticket, "L2")

    escalations.accept(ticket, by=world.sam, now=world.now)

    assert (ticket.level, ticket.asked_level, ticket.worker, ticket.owner) == ("L2", "", world.sam, world.lena)
    assert world.last(ticket, "accepted").data == {
        "level": "L2",
        "owner": world.lena.pk,
        "was": world.lena.pk,
        "worker": world.sam.pk,
    }


def test_what_nobody_escalated_is_not_accepted(world):
    ticket = world.opens(priority="P2")

    with refused("INC-1 waits for nobody's acceptance."):
        escalations.accept(ticket, by=world.sam, now=world.now)


def test_sent_back_twice_it_comes_down_the_way_it_went_up(world):
    ticket = world.opens(priority="P2")
    world.escalates(ticket, "L2")
    world.accepts(ticket, by="sam")
    world.escalates(ticket, "L3")
    world.accepts(ticket, by="tara")

    world.sends_back(ticket, by="tara")
    assert (ticket.level, ticket.worker) == ("L2", world.sam)
    world.sends_back(ticket, by="sam")
    assert (ticket.level, ticket.worker) == ("L1", world.lena)


def test_sent_back_before_it_was_accepted_the_worker_is_who_it_was(world):
    ticket = world.opens(priority="P2")
    world.escalates(ticket, "L2")

    world.sends_back(ticket, by="sam", reason="no log attached")

    assert (ticket.level, ticket.asked_level, ticket.worker) == ("L1", "", world.lena)
    assert world.last(ticket, "sent_back").data == {
        "frm": "L2",
        "reason": "no log attached",
        "returns": None,
        "owner": world.lena.pk,
        "was": world.lena.pk,
        "worker": world.lena.pk,
    }

    world.phone("lena").gets_one("Sam has sent INC-1 back: no log attached")


def test_giving_back_names_the_worker_before_and_after(world):
    ticket = world.opens(priority="P2")
    world.escalates(ticket, "L2")
    world.accepts(ticket, by="sam")

    world.sends_back(ticket, by="sam")

    said = world.last(ticket, "sent_back").data
    assert (said["owner"], said["was"], said["worker"]) == (world.lena.pk, world.sam.pk, world.lena.pk)


def test_the_engines_escalation_names_owner_and_worker_too(world):
    ticket = world.opens(priority="P2")
    tickets.assign(ticket, worker=world.omar, by=world.omar, now=world.now)

    world.forward(minutes=31)

    said = world.last(ticket, "escalated")
    assert (said.actor, said.data["owner"], said.data["worker"]) == ("engine", world.lena.pk, world.omar.pk)


def test_whoever_sends_it_back_to_themselves_is_not_told(world):
    ticket = world.opens(priority="P2")
    world.escalates(ticket, "L2")

    world.sends_back(ticket, by="lena")

    world.phone("lena").is_silent()


def test_nothing_is_sent_back_without_a_reason(world):
    ticket = world.opens(priority="P2")
    world.escalates(ticket, "L2")

    with refused("Say why it goes back: whoever gets it must know what to do differently."):
        escalations.send_back(ticket, reason=" ", by=world.sam, now=world.now)


def test_what_was_never_escalated_is_not_sent_back(world):
    ticket = world.opens(priority="P2")

    with refused("INC-1 was not escalated: there is no level to send it back to."):
        escalations.send_back(ticket, reason="x", by=world.sam, now=world.now)


def test_an_acknowledgement_names_the_page_and_who_has_it(world):
    ticket = world.opens(priority="P1")

    assert escalations.acknowledge(ticket, of="step/page@1/primary", by=world.omar, now=world.now) is True

    heard = world.last(ticket, "acknowledged")
    assert (heard.actor, heard.data) == (world.omar.actor, {"of": "step/page@1/primary"})


def test_whoever_acknowledges_the_page_of_a_ticket_that_nobody_has_works_on_it_and_owns_it(world):
    ticket = nobodys(world)
    before = world.reading(ticket, "response").state

    world.acknowledges(ticket, "step/page@1/primary", by="omar")

    ticket.refresh_from_db()
    assert (ticket.owner, ticket.worker) == (world.omar, world.omar)
    assert (ticket.status, world.reading(ticket, "response").state) == ("new", before) == ("new", "running")
    assert world.kinds(ticket)[-1] == "acknowledged"
    assert (
        chronicle(ticket, terms_of(ticket))[-1].said == "acknowledged the page to the on-call engineer, and has it now"
    )
    assert list(refold()) == []


def test_an_acknowledgement_takes_a_ticket_from_nobody_who_has_it(world):
    ticket = world.opens(priority="P1")
    world.acknowledges(ticket, "step/page@1/primary", by="omar")
    half = nobodys(world)
    tickets.assign(half, worker=world.sam, by=world.sam, now=world.now)
    world.acknowledges(half, "step/page@1/primary", by="omar")

    assert (ticket.owner, ticket.worker) == (world.lena, world.lena)
    assert (half.owner, half.worker) == (world.omar, world.sam)
    assert chronicle(half, terms_of(half))[-1].said.endswith(", and owns it now")
    assert list(refold()) == []


def test_a_page_of_a_ladder_that_goes_on_gives_the_ticket_to_nobody(world):
    ticket = nobodys(world, "P2")
    world.escalates(ticket, "L2")
    (asked,) = world.keys(ticket, "ask/")

    world.acknowledges(ticket, asked, by="sam")

    assert (ticket.owner, ticket.worker) == (None, None)


def test_having_it_by_an_acknowledgement_is_no_act_that_keeps_it_quiet(world):
    ticket = nobodys(world)
    world.acknowledges(ticket, "step/page@1/primary", by="omar")

    world.forward(minutes=16)

    assert world.keys(ticket, "again/")


def test_a_stored_worker_that_is_not_the_one_who_acknowledged_is_found(world):
    ticket = nobodys(world)
    world.acknowledges(ticket, "step/page@1/primary", by="omar")
    Ticket.objects.filter(pk=ticket.pk).update(worker=world.sam)

    [fault] = refold()

    assert f"worker (stored {world.sam.pk}, told {world.omar.pk})" in fault.what
    Ticket.objects.filter(pk=ticket.pk).update(worker=world.omar)


def test_a_second_acknowledgement_is_on_record_and_changes_nothing(world):
    ticket = world.opens(priority="P1")
    world.acknowledges(ticket, "step/page@1/primary", by="omar")

    assert escalations.acknowledge(ticket, of="step/page@1/primary", by=world.nils, now=world.now) is False

    assert world.kinds(ticket)[-1] == "acknowledged_again"


def test_a_page_there_never_was_is_not_acknowledged(world):
    ticket = world.opens(priority="P1")

    with refused("INC-1 has no page 'step/page@1/manager'."):
        escalations.acknowledge(ticket, of="step/page@1/manager", by=world.omar, now=world.now)


def test_what_pages_nobody_is_not_acknowledged(world):
    ticket = world.opens(priority="P2")
    world.forward(minutes=31)

    with refused("INC-1 has no page 'breach/response@1'."):
        escalations.acknowledge(ticket, of="breach/response@1", by=world.omar, now=world.now)


def test_an_escalation_can_be_acknowledged_before_it_is_accepted(world):
    ticket = world.opens(priority="P2")
    world.escalates(ticket, "L2")
    (asked,) = world.keys(ticket, "ask/")

    assert escalations.acknowledge(ticket, of=asked, by=world.sam, now=world.now) is True
    assert ticket.asked_level == "L2"


def test_an_act_is_on_record_with_what_came_of_it(world):
    ticket = world.opens(priority="P1")
    world.forward(minutes=15)

    escalations.record_act(ticket, of="step/client@1/primary-contact", result="reached", by=world.lena, now=world.now)

    assert world.last(ticket, "done").data == {"of": "step/client@1/primary-contact", "result": "reached"}


@pytest.mark.parametrize(
    ("of", "result", "sentence"),
    [
        ("step/client@1/nobody", "reached", "INC-1 has no step 'step/client@1/nobody'."),
        ("step/page@1/primary", "reached", "The step 'step/page@1/primary' of INC-1 asks for no call and no briefing."),
        ("step/client@1/primary-contact", " ", "Say what came of it: reached, voicemail, call back at …"),
    ],
)
def test_an_act_that_makes_no_sense_is_refused(world, of, result, sentence):
    ticket = world.opens(priority="P1")
    world.forward(minutes=15)

    with refused(sentence):
        escalations.record_act(ticket, of=of, result=result, by=world.lena, now=world.now)


@pytest.mark.parametrize("verb", ["escalate", "accept", "send_back", "acknowledge"])
def test_what_is_over_is_left_alone(world, verb):
    ticket = world.opens(priority="P1")
    world.solves(ticket)
    tickets.close(ticket, by=world.lena, now=world.now)
    said = {
        "escalate": {"to": "L2", **ASKED},
        "accept": {},
        "send_back": {"reason": "x"},
        "acknowledge": {"of": "step/page@1/primary"},
    }[verb]

    with refused("INC-1 is closed: open a new one that follows it up."):
        getattr(escalations, verb)(ticket, **said, by=world.lena, now=world.now)


def test_one_press_escalates_early_with_what_is_on_record(world):
    ticket = world.opens()
    world.updates(ticket, "We have restarted the array.")

    escalations.escalate_early(ticket, by=world.lena, now=world.now)

    said = world.last(ticket, "escalated").data
    assert (said["to"], said["reason"], said["looks_lost"]) == ("L2", "about to exceed", True)
    assert said["tried"] == "We have restarted the array."


def test_at_the_last_level_there_is_nobody_to_escalate_to(world):
    ticket = world.opens()
    for level, who in (("L2", "sam"), ("L3", "tara"), ("management", "mona")):
        world.escalates(ticket, level)
        world.accepts(ticket, by=who)

    with refused("No level comes after management for INC-1: call the team lead."):
        escalations.escalate_early(ticket, by=world.lena, now=world.now)
