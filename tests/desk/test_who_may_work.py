"""Can work be given to somebody who could not do it?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.desk.refusing import refused
from tests.desk.test_stopping import pulled
from tocsin.desk import escalations, next_steps, other_work, stopping, tickets
from tocsin.directory.person import ASSIGNED, READ_ONLY, Person


@pytest.fixture
def audrey(db):
    return Person.objects.create(name="Audrey", access=READ_ONLY)


@pytest.fixture
def boris(db):
    """A technician, of another client than Acme."""
    return Person.objects.create(name="Boris", access=ASSIGNED)


def test_nobody_owns_or_works_on_a_ticket_who_may_not_see_or_change_it(world, audrey, boris):
    ticket = world.opens()

    with refused("Audrey reads here and changes nothing: give INC-1 to somebody who works for Acme."):
        tickets.assign(ticket, owner=audrey, by=world.lena, now=world.now)
    with refused("Boris is not assigned to Acme: give INC-1 to somebody who works for Acme."):
        tickets.assign(ticket, worker=boris, by=world.lena, now=world.now)
    boris.clients.add(world.acme)
    tickets.assign(ticket, worker=boris, by=world.lena, now=world.now)

    assert ticket.worker == boris


def test_nobody_takes_over_or_accepts_what_they_may_not_change(world, audrey, boris):
    ticket = world.opens()
    world.escalates(ticket, "L2")

    with refused("Boris is not assigned to Acme: give INC-1 to somebody who works for Acme."):
        escalations.accept(ticket, by=boris, now=world.now)
    with refused("Audrey reads here and changes nothing: give INC-1 to somebody who works for Acme."):
        tickets.assign(ticket, owner=audrey, worker=audrey, by=audrey, now=world.now)


def test_the_next_step_is_of_somebody_who_can_take_it(world, audrey):
    ticket = world.opens()

    with refused("Audrey reads here and changes nothing: let somebody who works for Acme take the next step."):
        next_steps.agree(
            ticket, "Look", who=audrey, due_at=world.now + timedelta(hours=1), by=world.lena, now=world.now
        )


def test_a_stopped_line_is_led_by_somebody_who_may_work_on_it(world, audrey, boris):
    ticket = world.opens()
    with refused("Audrey reads here and changes nothing: name somebody who may work for this client."):
        pulled(world, ticket, incident_manager=audrey)
    pulled(world, ticket)

    with refused("Boris is not assigned to Acme: name somebody who may work for this client."):
        stopping.name_leads(ticket, comms_lead=boris, by=world.lena, now=world.now)


def test_whoever_holds_the_role_and_may_not_work_on_it_is_passed_over(world):
    world.holds("sam", "incident-manager", rank=1)
    Person.objects.filter(pk=world.tara.pk).update(access=READ_ONLY)

    ticket = pulled(world)

    assert ticket.incident_manager == world.sam


def test_other_work_is_handed_to_somebody_who_can_do_it(world, boris):
    ticket, other = pulled(world), world.opens("The CRM", priority="P2")

    with refused("Boris is not assigned to Acme: give INC-2 to somebody who works for Acme."):
        other_work.hand_on(other, to=boris, because_of=ticket, by=world.tom, now=world.now)


def test_a_priority_is_not_lowered_late_by_the_word_of_somebody_who_only_reads(world, audrey):
    ticket = world.opens(priority="P2")

    with refused("Audrey reads here and changes nothing: ask somebody who works for Acme to approve it."):
        tickets.change_priority(ticket, "P3", reason="it is one user", approved_by=audrey, by=world.lena, now=world.now)
