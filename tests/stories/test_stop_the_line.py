"""What happens when somebody stops the line: who is paged, what runs, and what do the letters say?"""

from __future__ import annotations

from tocsin.desk import bridges, stopping

ATTACK = "An attack is going on, or a system has been broken into"


def test_pulled_on_a_medium_ticket_it_pages_and_ladders_and_updates_begin(world):
    ticket = world.opens("Files are renamed")
    world.forward(minutes=20)
    world.phone("omar").is_silent()

    world._do(stopping.stop, ticket, conditions=[ATTACK], bridge="+61 2 5550 0111", by="sam")

    page = world.phone("omar").gets("Files are renamed")
    assert "Bridge:   +61 2 5550 0111" in page.text
    assert world.reading(ticket, "next_update").due_at == world.at("10:50")
    world.forward(minutes=30)
    assert [key for key in world.keys(ticket, "step/") if key.startswith(("step/client", "step/management"))]


def test_pulled_on_a_ticket_somebody_has_acknowledged_it_pages_again_until_somebody_answers(world):
    ticket = world.opens("Files are renamed", priority="P1")
    world.acknowledges(ticket, "step/page@1/primary", by="omar")
    world.forward(minutes=10)
    for who in ("omar", "nils"):
        world.phone(who).puts_away()

    world._do(stopping.stop, ticket, conditions=[ATTACK], by="sam")
    pull = world.last(ticket, "line_stopped").seq

    world.phone("omar").gets_one("Files are renamed")
    world.forward(minutes=5)
    world.phone("nils").gets_one("Files are renamed")
    world.acknowledges(ticket, f"step/page@{pull}/secondary", by="nils")
    world.forward(minutes=20)
    pages = [key for key in world.keys(ticket, "step/page") if f"@{pull}/" in key]
    assert pages == [f"step/page@{pull}/primary", f"step/page@{pull}/secondary"]
    world.is_proven()


def test_pulled_while_it_waits_whoever_is_on_call_is_paged(world):
    ticket = world.opens("Files are renamed", priority="P2")
    world.waits(ticket, "client")
    world.phone("omar").puts_away()

    world._do(stopping.stop, ticket, conditions=[ATTACK], by="sam")

    world.phone("omar").gets_one("Files are renamed")


def test_pulled_as_a_ticket_is_opened_the_page_names_the_bridge(world):
    stopping.open_stopped(
        client=world.acme, title="Ransom note", conditions=[ATTACK], bridge="https://meet.msp.example/1",
        by=world.sam, now=world.now,
    )  # fmt: skip
    world.turn()

    assert "Bridge:   https://meet.msp.example/1" in world.phone("omar").gets("Acknowledge it").text
    world.phone("tara").gets("you are incident manager")


def test_a_page_names_no_bridge_once_it_is_closed(world):
    ticket = world.opens("Ransom note", priority="P1")
    world.phone("omar").puts_away()
    bridges.open_bridge(ticket, "room 1", by=world.lena, now=world.now)
    bridges.close(ticket, note="Nobody came.", by=world.lena, now=world.now)

    world.forward(minutes=6)

    assert "Bridge:   none is open" in world.phone("nils").gets("Ransom note").text


def test_a_stopped_line_holds_through_the_night_and_goes_back_to_normal_by_the_incident_manager(world):
    ticket = world.opens("Files are renamed", priority="P1")
    world._do(stopping.stop, ticket, conditions=[ATTACK], by="sam")

    world.forward(hours=12)
    assert ticket.stopped_at == world.at("10:00")
    world._do(stopping.stand_down, ticket, reason="the host is off the network", by="tara")
    world.makes_it(ticket, "P2", reason="contained", approved_by=world.mona)

    ticket.refresh_from_db()
    assert (ticket.stopped_at, ticket.priority) == (None, "P2")
    world.phone("lena").gets("the line is stood down on INC-1")
    world.is_proven()
