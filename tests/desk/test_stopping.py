"""What is on record when the line is stopped, who may do it, and who stands it down?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.desk.refusing import refused
from tests.world import FIELD_GUIDE
from tocsin.desk import bridges, merging, stopped, stopping, tickets
from tocsin.desk.chronicle import chronicle
from tocsin.desk.proof import refold
from tocsin.desk.ticket import Ticket
from tocsin.directory import clients
from tocsin.directory.contract import Contract
from tocsin.directory.person import Holding
from tocsin.standard.adopt import adopt
from tocsin.standard.terms import terms_of

ATTACK = "An attack is going on, or a system has been broken into"
DATA = "Data is being lost, or has been"


def pulled(world, ticket=None, **more):
    ticket = ticket or world.opens("Files are renamed")
    stopping.stop(ticket, **{"conditions": [ATTACK], "by": world.sam, "now": world.now, **more})
    return ticket


def test_pulling_it_is_one_act_with_top_priority_conditions_and_people(world):
    ticket = pulled(world, reason="I see it happen", bridge="+61 2 5550 0111")

    assert world.kinds(ticket)[-3:] == ["priority_changed", "line_stopped", "bridge_opened"]
    raised, said = world.last(ticket, "priority_changed").data, world.last(ticket, "line_stopped")
    assert (raised["was"], raised["to"], raised["reason"]) == ("P3", "P1", f"the line is stopped: {ATTACK}")
    assert (said.actor, said.data["conditions"], said.data["reason"]) == (world.sam.actor, [ATTACK], "I see it happen")
    assert (ticket.priority, ticket.stopped_at) == ("P1", world.now)
    assert (ticket.incident_manager, ticket.comms_lead) == (world.tara, world.lena)  # those who hold the roles
    assert world.last(ticket, "bridge_opened").data["where"] == "+61 2 5550 0111"


def test_the_bridge_that_the_standard_names_is_opened_in_the_same_act_unless_another_is(world):
    text = FIELD_GUIDE.read_text().replace("[rules]\n", '[rules]\nbridge = "https://meet.msp.example/line"\n', 1)
    version = adopt(text, by="test", now=world.now)
    ours, theirs, known = (world.opens(title, version=version) for title in ("A", "B", "C"))
    bridges.open_bridge(known, "room 2", by=world.sam, now=world.now)

    pulled(world, ours)
    pulled(world, theirs, bridge="room 1")
    pulled(world, known)

    assert [bridges.where_of(each) for each in (ours, theirs, known)] == [
        "https://meet.msp.example/line", "room 1", "room 2",
    ]  # fmt: skip
    assert world.last(ours, "bridge_opened").actor == world.sam.actor
    world.turn()
    assert "Bridge:   https://meet.msp.example/line" in world.phone("tara").gets("A").text


def test_a_new_ticket_is_stopped_as_it_is_opened(world):
    ticket = stopping.open_stopped(
        client=world.acme, title="Ransom note", impact="one machine", conditions=[ATTACK, DATA, ATTACK],
        by=world.sam, now=world.now,
    )  # fmt: skip

    assert world.kinds(ticket) == ["opened", "line_stopped"]
    assert (ticket.priority, ticket.status) == ("P1", "new")
    assert world.last(ticket, "line_stopped").data["conditions"] == [ATTACK, DATA]


def test_whoever_is_named_leads_and_nobody_where_nobody_holds_the_role(world):
    named = pulled(world, incident_manager=world.mona, comms_lead=world.alma)
    Holding.objects.filter(role__in=("incident-manager", "comms-lead")).delete()
    nobodys = pulled(world)

    assert (named.incident_manager, named.comms_lead) == (world.mona, world.alma)
    assert (nobodys.incident_manager, nobodys.comms_lead) == (None, None)
    assert world.last(nobodys, "line_stopped").data["incident_manager"] is None


def test_what_cannot_be_pulled_is_refused(world):
    ticket = world.opens()
    known = "; ".join(stopping.terms_for(world.acme).line_stops_when)

    with refused("Say what is the matter: one condition of the standard is enough to stop the line."):
        pulled(world, ticket, conditions=[" "])
    with refused(f"The standard does not stop the line for 'It is Monday'. Its conditions are: {known}."):
        pulled(world, ticket, conditions=["It is Monday"])
    world.leaves("mona")
    world.mona.refresh_from_db()
    with refused("Mona has left: name somebody who may work for this client."):
        pulled(world, ticket, incident_manager=world.mona)
    pulled(world, ticket)
    with refused("The line is stopped on INC-1 already, since 10:00Z."):
        pulled(world, ticket)
    world.solves(ticket)
    with refused("INC-1 is solved: reopen it first."):
        pulled(world, ticket)
    complaint = world.complains()
    with refused(f"{complaint.number} is a complaint: open an incident, and stop the line on that."):
        pulled(world, complaint)


def test_of_the_clients_people_those_may_whose_role_the_contract_names(world):
    ticket = world.opens()
    with refused(
        "Ivan may not stop the line: by the contract of Acme nobody there may. "
        "Call the service desk: anybody there can."
    ):
        pulled(world, ticket, by=world.ivan)

    contract = Contract.objects.get(client=world.acme)
    clients.revise(contract, overrides={"line_stopped_by": ["it-manager"]}, by="test", now=world.now)
    world.now += timedelta(seconds=1)
    later = world.opens()
    with refused(
        "Carla may not stop the line: by the contract of Acme its IT manager may. "
        "Call the service desk: anybody there can."
    ):
        pulled(world, later, by=world.carla)
    stranger = world.contact(world.client("Umbrella"), "zoe", role="it-manager")
    with refused(
        "Zoe may not stop the line: by the contract of Acme its IT manager may. "
        "Call the service desk: anybody there can."
    ):
        pulled(world, later, by=stranger)
    pulled(world, later, by=world.ivan)

    assert later.stopped_at == world.now
    assert world.last(later, "line_stopped").actor == world.ivan.actor


@pytest.mark.parametrize("what", ["cancelled", "lowered", "merged away", "solved by itself"])
def test_it_is_not_undone_behind_the_incident_managers_back(world, what):
    ticket, other = pulled(world), world.opens("Another", priority="P1")
    who = {"by": world.lena, "now": world.now}
    does = {
        "cancelled": lambda: tickets.cancel(ticket, reason="x", **who),
        "lowered": lambda: tickets.change_priority(ticket, "P2", reason="x", **who),
        "merged away": lambda: merging.merge(ticket, into=other, reason="x", **who),
        "solved by itself": lambda: tickets.recover(ticket, reason="x", by="monitor/test", now=world.now),
    }[what]

    with refused(f"The line is stopped on INC-1: before it is {what}, the incident manager stands it down (Tara)."):
        does()
    stopping.stand_down(ticket, reason="it was a test of the backup", by=world.tara, now=world.now)
    does()


def test_another_ticket_may_be_merged_into_one_whose_line_is_stopped(world):
    ticket, other = pulled(world), world.opens("The same")

    world.merges(other, into=ticket)

    assert ticket.stopped_at == world.now


def test_it_is_stood_down_by_the_incident_manager_with_a_reason(world):
    ticket = pulled(world, incident_manager=world.mona)

    with refused("Only the incident manager stands the line down on INC-1 (Mona, or else Tara), and Lena is not."):
        stopping.stand_down(ticket, reason="contained", by=world.lena, now=world.now)
    with refused("Say why the line is stood down: what has been contained, and how that is known?"):
        stopping.stand_down(ticket, reason=" ", by=world.mona, now=world.now)
    stopping.stand_down(ticket, reason="contained", by=world.tara, now=world.now)

    said = world.last(ticket, "line_stood_down")
    assert (said.actor, said.data["reason"]) == (world.tara.actor, "contained")
    assert (ticket.stopped_at, ticket.priority, ticket.status) == (None, "P1", "in progress")
    with refused("The line is not stopped on INC-1."):
        stopping.stand_down(ticket, reason="contained", by=world.tara, now=world.now)


def test_where_nobody_is_incident_manager_somebody_is_named_first(world):
    Holding.objects.filter(role="incident-manager").delete()
    ticket = pulled(world)

    with refused(
        "Only the incident manager stands the line down on INC-1 (nobody is: name one first), and Lena is not."
    ):
        stopping.stand_down(ticket, reason="contained", by=world.lena, now=world.now)
    stopping.name_leads(ticket, incident_manager=world.lena, by=world.sam, now=world.now)
    stopping.stand_down(ticket, reason="contained", by=world.lena, now=world.now)

    assert ticket.stopped_at is None


def test_the_lead_is_passed_on_by_whoever_has_it(world):
    ticket = pulled(world)

    with refused("Only the incident manager passes that on, on INC-1 (Tara), and Lena is not."):
        stopping.name_leads(ticket, incident_manager=world.lena, by=world.lena, now=world.now)
    with refused("Say who is incident manager, who is comms lead, or both."):
        stopping.name_leads(ticket, by=world.tara, now=world.now)
    stopping.name_leads(ticket, incident_manager=world.mona, reason="my shift ends", by=world.tara, now=world.now)
    stopping.name_leads(ticket, comms_lead=world.alma, by=world.lena, now=world.now)

    assert (ticket.incident_manager, ticket.comms_lead) == (world.mona, world.alma)
    world.turn()
    world.phone("mona").gets("you are incident manager")
    world.phone("alma").gets("you are communications lead")


def test_solving_it_stands_the_line_down_and_says_so(world):
    ticket = pulled(world)
    world.solves(ticket)

    assert world.kinds(ticket)[-2:] == ["solved", "line_stood_down"]
    assert (ticket.stopped_at, world.last(ticket, "line_stood_down").data["by_solving"]) == (None, True)
    world.reopens(ticket)
    assert ticket.stopped_at is None, "reopened, it is stopped only when somebody pulls it again"
    pulled(world, ticket)
    assert ticket.stopped_at == world.now


def test_all_who_respond_hear_what_they_are_and_whoever_pulled_it_does_not(world):
    ticket = world.opens()
    tickets.assign(ticket, worker=world.nils, by=world.lena, now=world.now)
    world.turn()
    for who in ("nils", "tara", "lena"):
        world.phone(who).puts_away()

    pulled(world, ticket, by=world.nils, bridge="https://meet.msp.example/1")
    world.turn()

    letter = world.phone("tara").gets("the line is stopped on INC-1")
    assert "you are incident manager" in letter.text and "Bridge:   https://meet.msp.example/1" in letter.text
    assert "you are communications lead and owner" in world.phone("lena").gets("the line is stopped").text
    assert not [each for each in world.phone("nils").unread if "the line is stopped" in each.subject]


def test_what_was_changed_behind_the_logs_back_is_found(world):
    ticket = pulled(world)
    rows = Ticket.objects.filter(pk=ticket.pk)

    for wrong in ({"stopped_at": None}, {"incident_manager": world.lena}, {"comms_lead": None}):
        rows.update(**wrong)
        (fault,) = refold()
        assert next(iter(wrong)) in str(fault)
        rows.update(stopped_at=ticket.stopped_at, incident_manager=world.tara, comms_lead=world.lena)


def test_a_bridge_keeps_who_opened_it_who_joined_and_what_came_of_it(world):
    ticket = world.opens()
    bridges.open_bridge(ticket, " +61 2 5550 0111, \n code 77 ", by=world.lena, now=world.now)
    world.forward(minutes=3)
    bridges.join(ticket, by=world.tara, now=world.now)
    bridges.join(ticket, by=world.tara, now=world.now, guest="Ravi of the provider")
    world.forward(minutes=30)
    bridges.close(ticket, note="The line is rerouted.", by=world.lena, now=world.now)

    (bridge,) = stopped.standing_of([ticket])[ticket.pk].bridges
    assert (bridge.where, bridge.opened_by, bridge.opened_at) == (
        "+61 2 5550 0111, code 77", world.lena.actor, world.at("10:00")
    )  # fmt: skip
    assert bridge.joined == ((world.tara.actor, world.at("10:03")), ("Ravi of the provider", world.at("10:03")))
    assert (bridge.note, bridge.closed_at) == ("The line is rerouted.", world.at("10:33"))


def test_pulled_where_a_bridge_is_open_that_one_stays_and_the_record_says_so(world):
    ticket = world.opens()
    bridges.open_bridge(ticket, "room 1", by=world.lena, now=world.now)

    pulled(world, ticket, bridge="room 2")
    world.turn()

    assert ticket.stopped_at == world.now
    assert [each.where for each in stopped.standing_of([ticket])[ticket.pk].bridges] == ["room 1"]
    said = chronicle(ticket, terms_of(ticket), rows=[world.last(ticket, "line_stopped")])
    assert "the bridge stays at room 1, for it was open: room 2 was not opened" in said[0].detail
    assert "Bridge:   room 1" in world.phone("tara").gets("the line is stopped on INC-1").text


def test_what_makes_no_sense_of_a_bridge_is_refused(world):
    ticket = world.opens()
    who = {"by": world.lena, "now": world.now}

    with refused("INC-1 has no bridge open: open one, with its link or number."):
        bridges.join(ticket, **who)
    with refused("Say where the bridge is: a link, or a number to call."):
        bridges.open_bridge(ticket, " ", **who)
    bridges.open_bridge(ticket, "room 1", **who)
    with refused("INC-1 has a bridge open already, at room 1: join that one, or close it first."):
        bridges.open_bridge(ticket, "room 2", **who)
    bridges.join(ticket, **who)
    with refused("Lena has joined the bridge of INC-1 already."):
        bridges.join(ticket, **who)
    with refused("Say what came of the bridge: what was decided, and who does what now?"):
        bridges.close(ticket, note="", **who)
    world.solves(ticket)
    bridges.close(ticket, note="All is well.", **who)
    with refused("INC-1 is solved: reopen it first."):
        bridges.open_bridge(ticket, "room 3", **who)


def test_facts_that_give_less_do_not_keep_the_line_from_being_stopped(world):
    ticket = stopping.open_stopped(
        client=world.acme, title="Ransom note", facts={"users": "one"}, conditions=[ATTACK],
        by=world.sam, now=world.now,
    )  # fmt: skip

    assert (ticket.priority, ticket.stopped_at) == ("P1", world.now)
    assert world.last(ticket, "opened").data["differs_because"] == f"the line is stopped: {ATTACK}"
