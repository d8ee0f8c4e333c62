"""Who does what on a ticket, by name, and does an escalation keep the names of its own instant?"""

from datetime import timedelta

import pytest

from tests.world import FIELD_GUIDE, World
from tocsin.desk import stopping
from tocsin.desk.chronicle import recorded
from tocsin.desk.names import Names
from tocsin.desk.raci import Raci, raci_of
from tocsin.desk.ticket import Ticket
from tocsin.desk.timeline import terms_of
from tocsin.standard.adopt import adopt

RACI = """
[raci.restore]
title = "Restore"
responsible = ["L2", "L3"]
accountable = "incident-manager"
consulted = ["it-manager"]
informed = ["service-desk-manager"]
"""


@pytest.fixture
def desk(world: World) -> World:
    adopt(f"{FIELD_GUIDE.read_text()}\n{RACI}", by="test", now=world.now - timedelta(days=1))
    return world


def of(ticket: Ticket, world: World) -> Raci:
    found = raci_of(ticket, terms_of(ticket), recorded(ticket), at=world.now)
    assert found is not None
    return found


def named(raci: Raci) -> dict[str, list[str]]:
    names = Names(raci.actors)
    (line,) = raci.lines
    parts = ("responsible", "accountable", "consulted", "informed")
    return {part: [names(who) for _, held in line.part(part) for who in held] for part in parts}


def test_the_ticket_names_whoever_holds_the_roles_now(desk: World):
    found = of(desk.opens(), desk)

    assert found.place == 0
    assert named(found) == {
        "responsible": ["Sam", "Tara"],
        "accountable": ["Tara"],
        "consulted": ["Ivan"],
        "informed": ["Mona"],
    }


def test_a_standard_without_it_shows_none_and_keeps_none(world: World):
    ticket = world.opens()
    world.escalates(ticket, "L2")

    assert raci_of(ticket, terms_of(ticket), recorded(ticket), at=world.now) is None
    assert "raci" not in world.last(ticket, "escalated").data


def test_an_escalation_keeps_the_names_of_its_instant_whoever_holds_the_roles_later(desk: World):
    ticket = desk.opens()
    desk.escalates(ticket, "L2")

    desk.leaves("mona")
    desk.holds("alma", "service-desk-manager")

    found = of(ticket, desk)
    assert (found.why, found.at) == ("as it was escalated to L2", desk.now)
    assert named(found)["informed"] == ["Mona"]


def test_an_escalation_by_time_keeps_them_too(desk: World):
    ticket = desk.opens(priority="P1")

    desk.forward(minutes=31)

    assert desk.last(ticket, "escalated").actor == "engine"
    assert named(of(ticket, desk))["accountable"] == ["Tara"]


def test_a_stopped_line_keeps_whoever_was_named_to_lead(desk: World):
    ticket = desk.opens()

    desk._do(stopping.stop, ticket, conditions=["Data is being lost, or has been"], incident_manager=desk.mona)

    found = of(ticket, desk)
    assert found.why == "as the line was stopped"
    assert named(found)["accountable"] == ["Mona"]
