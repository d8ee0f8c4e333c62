"""Is a ticket that was moved, or has taken over another's promises, lived through again as it was?"""

from __future__ import annotations

import pytest

from tests.world import FIELD_GUIDE, World
from tocsin.desk.merging import merge
from tocsin.desk.moving import move
from tocsin.standard.adopt import adopt
from tocsin.trials import tried
from tocsin.trials.figures import measured
from tocsin.trials.side import Side
from tocsin.trials.tickets import of_desk

TEXT = FIELD_GUIDE.read_text()
RESOLUTION = 'targets = { P1 = "4h", P2 = "8h", P3 = "24h", P4 = "5bd" }'
LETTERS = ("delivered", "undelivered")


@pytest.fixture
def world(db: None) -> World:
    return World()


def draft(**hours: int) -> str:
    """The standard with these hours until a solution."""
    said = {"P1": 4, "P2": 8, "P3": 24, **hours}
    targets = ", ".join(f'{name} = "{count}h"' for name, count in said.items())
    return TEXT.replace(RESOLUTION, f'targets = {{ {targets}, P4 = "5bd" }}')


def moved(world, text, **names):
    """A P2 opened at nine and moved at eleven."""
    ticket = world.opens(priority="P2")
    world.responds(ticket)
    world.forward(hours=2)
    version = adopt(text, by="test", now=world.now)
    ticket.refresh_from_db()
    move(ticket, version, by="test", why="agreed with Acme", now=world.now, **names)
    world.turn()
    return ticket


def lived(world, tickets, *sides):
    return measured(of_desk(tickets), sides, until=world.now, zone="UTC")


def verdicts(figures, clock="resolution"):
    return {verdict: count for (_, name, _, verdict), count in figures.laps.items() if name == clock}


@pytest.mark.parametrize("called", ["P2", "High"])
def test_before_is_the_standard_it_was_opened_under_and_from_the_move_on_the_other(world, called):
    text = draft(P2=5).replace('"P2"', f'"{called}"').replace("P2 =", f"{called} =").replace("s.P2", f"s.{called}")
    ticket = moved(world, text, priorities={"P2": called})
    world.forward(hours=7)
    world.solves(ticket)

    share = lived(world, [ticket], tried.own())

    [figures] = share.sides
    engines = [event for event in world.log(ticket) if event.actor == "engine" and event.kind not in LETTERS]
    assert figures.obligations == len(engines)
    assert verdicts(figures) == {"breached": 1}, "five hours since nine, and it took nine"
    assert {priority for priority, *_ in figures.laps} <= {ticket.priority, "P1", called}


def test_under_a_draft_it_has_the_priorities_that_each_of_its_standards_meant(world):
    text = TEXT.replace("P2", "High").replace("P1", "Top")
    ticket = moved(world, text, priorities={"P2": "High", "P1": "Top"})
    world.forward(hours=3)
    world.solves(ticket)

    kept, broken = (lived(world, [ticket], tried.own(), Side("", draft(P2=hours))) for hours in (6, 4))

    assert verdicts(kept.sides[-1]) == {"met": 1}
    assert verdicts(broken.sides[-1]) == {"breached": 1}
    assert [(flip.clock, flip.before["verdict"], flip.to) for flip in broken.flips] == [
        ("resolution", "met", "breached")
    ]


def test_a_promise_taken_over_is_what_the_draft_would_have_promised_on_the_other(world):
    gone, kept = world.opens(priority="P2"), world.opens(priority="P2")
    world.responds(kept)
    world.forward(hours=1)
    merge(gone, into=kept, reason="the same disk", by=world.lena, now=world.now)
    world.forward(hours=2)
    world.solves(kept)

    longer, shorter = (lived(world, [gone, kept], tried.own(), Side("", draft(P2=hours))) for hours in (12, 2))

    assert verdicts(longer.sides[0]) == verdicts(longer.sides[-1]) == {"met": 1}
    assert verdicts(shorter.sides[-1])["breached"] == 1
    assert lived(world, [kept], Side("", TEXT)).sides == lived(world, [kept], tried.own()).sides


def test_a_longer_draft_is_not_held_to_the_time_that_was_taken_over(world):
    gone, kept = world.opens(priority="P2"), world.opens(priority="P2")
    world.responds(kept)
    world.forward(hours=1)
    merge(gone, into=kept, reason="the same disk", by=world.lena, now=world.now)
    world.forward(hours=9)
    world.solves(kept)

    share = lived(world, [kept], tried.own(), Side("", draft(P1=12, P2=12)))

    assert [verdicts(figures) for figures in share.sides] == [{"breached": 1}, {"met": 1}]


def test_a_contract_that_does_not_fit_the_draft_is_said_with_its_ticket(world):
    own = world.client("Bolt", overrides={"targets": {"resolution": {"P4": "9h"}}})
    odd, plain = world.opens(priority="P2", client=own), world.opens(priority="P2")
    world.forward(hours=1)

    share = lived(world, [odd, plain], tried.own(), tried.side("three-tier"))

    [failed] = share.failed
    assert failed.startswith(f"{odd.number}: ")
    assert share.sides[-1].laps
