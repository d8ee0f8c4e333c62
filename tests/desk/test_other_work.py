"""Which tickets wait because their people respond to a major incident, and who takes them?"""

from __future__ import annotations

from tests.desk.refusing import refused
from tests.desk.test_stopping import pulled
from tocsin.desk import other_work, tickets
from tocsin.desk.ticket import Ticket


def others(world, ticket):
    return other_work.other_work(ticket, Ticket.objects.all(), now=world.now)


def test_the_other_open_tickets_of_all_who_respond_are_listed_by_what_falls_due_first(world):
    ticket = pulled(world)  # Lena owns it, works on it and is comms lead; Tara is incident manager
    medium, high = world.opens("A printer", priority="P3"), world.opens("The CRM", priority="P2")
    taras = world.opens("A report")
    tickets.assign(taras, owner=world.sam, worker=world.tara, by=world.sam, now=world.now)
    sams = world.opens("Toner")
    tickets.assign(sams, owner=world.sam, worker=world.sam, by=world.sam, now=world.now)
    world.solves(world.opens("Done"))

    found = others(world, ticket)

    assert found[0].ticket == high
    assert {each.ticket for each in found} == {medium, high, taras}
    assert found[0].row.at == world.at("10:30")
    assert {each.ticket: each.whose for each in found}[taras] == [(world.tara, "works on it")]
    assert found[0].whose == [(world.lena, "owns it and works on it")]


def test_one_handed_on_is_theirs_and_its_clocks_have_run_on(world):
    ticket = pulled(world)
    other = world.opens("The CRM", priority="P2")
    before = world.reading(other).due_at
    world.forward(minutes=5)

    other_work.hand_on(other, to=world.sam, because_of=ticket, by=world.tom, now=world.now)
    world.turn()

    assert (other.owner, other.worker) == (world.sam, world.sam)
    assert world.reading(other).due_at == before and world.reading(other).state == "running"
    assert world.last(other, "assigned").data["reason"] == "other work stops for INC-1"
    world.phone("sam").gets("INC-2 is yours")
    assert other not in {each.ticket for each in others(world, ticket)}


def test_who_does_not_respond_keeps_the_part_they_have(world):
    ticket = pulled(world)
    other = world.opens("The CRM", priority="P2")
    tickets.assign(other, worker=world.nils, by=world.lena, now=world.now)

    other_work.hand_on(other, to=world.sam, because_of=ticket, by=world.tom, now=world.now)

    assert (other.owner, other.worker) == (world.sam, world.nils)


def test_nothing_is_handed_to_somebody_who_responds_nor_what_is_nobodys_of_theirs(world):
    ticket = pulled(world)
    other, sams = world.opens("The CRM"), world.opens("Toner")
    tickets.assign(sams, owner=world.sam, worker=world.sam, by=world.sam, now=world.now)

    with refused("Tara responds to INC-1, too: give INC-2 to somebody who is free."):
        other_work.hand_on(other, to=world.tara, because_of=ticket, by=world.tom, now=world.now)
    with refused("INC-3 is nobody's who responds to INC-1: it stays where it is."):
        other_work.hand_on(sams, to=world.nils, because_of=ticket, by=world.tom, now=world.now)


def test_leads_respond_only_while_the_line_is_stopped(world):
    ticket = pulled(world)
    taras = world.opens("A report")
    tickets.assign(taras, owner=world.tara, worker=world.tara, by=world.tara, now=world.now)
    assert [each.ticket for each in others(world, ticket)] == [taras]

    world.solves(ticket)

    assert others(world, ticket) == []


def test_no_work_stops_for_a_drill_and_a_drill_stops_for_what_is_real(world):
    drill = world.opens("A drill", priority="P1", kind="drill")
    crm = world.opens("The CRM", priority="P2")
    assert others(world, drill) == []
    with refused("DRL-1 is a drill: no work stops for it."):
        other_work.hand_on(crm, to=world.sam, because_of=drill, by=world.tom, now=world.now)

    real = pulled(world)

    assert {each.ticket for each in others(world, real)} == {drill, crm}


def test_what_comes_before_other_work_itself_is_nobodys_other_work(world):
    ticket, equal = pulled(world), world.opens("Mail is down", priority="P1")
    crm = world.opens("The CRM", priority="P2")

    assert [each.ticket for each in others(world, ticket)] == [crm]
    assert [each.ticket for each in others(world, equal)] == [crm]
    with refused(f"{equal.number} comes before other work, too: it stays with those who respond to it."):
        other_work.hand_on(equal, to=world.sam, because_of=ticket, by=world.tom, now=world.now)


def test_whoever_responds_to_another_that_comes_first_is_busy_and_whoever_drills_is_free(world):
    ticket, equal = pulled(world), world.opens("Mail is down", priority="P1")
    tickets.assign(equal, owner=world.sam, worker=world.sam, by=world.sam, now=world.now)
    drill = world.opens("A drill", priority="P1", kind="drill")
    tickets.assign(drill, owner=world.nils, worker=world.nils, by=world.nils, now=world.now)

    assert set(other_work.busy(ticket, Ticket.objects.all())) == {world.lena, world.tara, world.sam}


def test_the_most_urgent_are_listed_first_however_many_there_are_and_all_are_counted(world, monkeypatch):
    monkeypatch.setattr(other_work, "MOST", 3)
    ticket = pulled(world)
    for number in range(4):
        world.opens(f"Toner {number}", priority="P4")
    urgent = world.opens("The CRM", priority="P2")

    found = others(world, ticket)

    assert (found[0].ticket, len(found), other_work.how_many(ticket, Ticket.objects.all())) == (urgent, 3, 5)


def test_it_is_not_taken_from_whoever_has_it_by_now(world):
    ticket = pulled(world)
    other = world.opens("The CRM")
    as_listed = Ticket.objects.get(pk=other.pk)
    tickets.assign(other, owner=world.alma, worker=world.alma, by=world.alma, now=world.now)

    with refused("INC-2 is nobody's who responds to INC-1: it stays where it is."):
        other_work.hand_on(as_listed, to=world.nils, because_of=ticket, by=world.mona, now=world.now)

    other.refresh_from_db()
    assert (other.owner, other.worker) == (world.alma, world.alma)
