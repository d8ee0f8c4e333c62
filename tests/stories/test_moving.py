"""What happens to an open ticket that is moved to another version of its standard?"""

from __future__ import annotations

import pytest

from tests.world import FIELD_GUIDE
from tocsin.desk.chronicle import chronicle
from tocsin.desk.moving import move, move_back, preview
from tocsin.desk.refusal import Refusal
from tocsin.standard.adopt import adopt
from tocsin.standard.terms import terms_of
from tocsin.standard.version import PolicyVersion

TEXT = FIELD_GUIDE.read_text()
SIX = ('targets = { P1 = "4h", P2 = "8h"', 'targets = { P1 = "4h", P2 = "6h"')


def other(world, *changes: tuple[str, str]) -> PolicyVersion:
    """Another version of the standard, with these texts changed."""
    text = TEXT
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after)
    return adopt(text, by="test", now=world.now)


def moves(world, ticket, version, *, by="maya", why="agreed with Acme on Monday", **more):
    move(ticket, version, by=getattr(world, by), why=why, now=world.now, **more)
    world.turn()
    ticket.refresh_from_db()


def manager(world) -> str:
    world.holds("omar", "service-desk-manager", client=world.acme)
    return "omar"


def test_its_time_used_goes_along_and_it_is_due_by_the_new_version(world):
    ticket, by = world.opens(priority="P2"), manager(world)
    world.responds(ticket)
    world.forward(hours=3)
    six = other(world, SIX)
    assert world.reading(ticket).due_at == world.at("18:00"), "an open ticket keeps its version until it is moved"

    moves(world, ticket, six, by=by)

    assert ticket.policy_version == six
    assert world.reading(ticket).due_at == world.at("16:00")
    assert ticket.next_at is not None


def test_who_moved_it_and_why_stands_on_its_timeline_and_in_the_ledger(world):
    ticket, by = world.opens(priority="P2"), manager(world)
    world.forward(hours=1)
    moves(world, ticket, other(world, SIX), by=by)
    world.forward(hours=1)

    [line] = [line for line in chronicle(ticket, terms_of(ticket)) if line.kind == "moved"]
    assert line.said == "moved it from field-guide 1 to field-guide 2: what was used goes along"
    assert "agreed with Acme on Monday" in line.detail
    assert world.last(ticket, "moved").actor == world.omar.actor
    said = [entry.reason for entry in world.reading(ticket).ledger if entry.kind == "moved"]
    assert said == [
        "moved from field-guide 1 to field-guide 2: 8h for P2 round the clock became 6h for P2 round the clock, "
        "and what was used goes along"
    ]


def test_what_is_on_record_stays_and_is_not_fired_again(world):
    ticket, by = world.opens(priority="P1"), manager(world)
    world.forward(hours=3)
    before = world.keys(ticket)
    moves(world, ticket, other(world, ('P1 = "4h", P2 = "8h"', 'P1 = "5h", P2 = "8h"')), by=by)
    world.forward(hours=3)

    after = world.keys(ticket)
    assert after[: len(before)] == before
    assert len(after) == len(set(after))
    assert world.event(ticket, "breach/resolution@1").effective_at == world.at("15:00")
    moves(world, ticket, other(world, ('P1 = "4h", P2 = "8h"', 'P1 = "40h", P2 = "80h"')), by=by)
    assert world.reading(ticket).verdict == "breached", "more time makes no breach undone"


def test_moved_back_it_is_due_as_it_was(world):
    ticket, by = world.opens(priority="P2"), manager(world)
    world.responds(ticket)
    world.forward(hours=1)
    moves(world, ticket, other(world, SIX), by=by)
    world.forward(minutes=30)

    move_back(ticket, by=world.omar, why="the wrong ticket", now=world.now)

    assert ticket.policy_version.number == 1
    assert world.reading(ticket).due_at == world.at("18:00")
    with pytest.raises(Refusal, match="never moved"):
        move_back(world.opens(), by=world.omar, why="again", now=world.now)


def test_a_preview_says_what_moves_and_stores_nothing(world):
    ticket = world.opens(priority="P2")
    world.responds(ticket)
    world.forward(hours=3)
    rows = world.kinds(ticket)

    shown = preview(ticket, other(world, ('P1 = "4h", P2 = "8h"', 'P1 = "4h", P2 = "2h"')), now=world.now)

    [change] = [change for change in shown.changes if change.moves]
    assert (change.clock, change.before.due_at, change.breaks, shown.breaks) == (
        "resolution",
        world.at("18:00"),
        True,
        True,
    )
    assert world.kinds(ticket) == rows


def test_a_preview_names_the_steps_whose_time_has_gone_by(world):
    ticket = world.opens(priority="P2")
    world.forward(minutes=40)
    sooner = other(world, ('after = { P1 = "1h", P2 = "1h" }', 'after = { P1 = "1h", P2 = "20m" }'))

    assert preview(ticket, sooner, now=world.now).left_out == (
        "management ladder: Operations manager, due 20m after it began",
    )
    moves(world, ticket, sooner, by=manager(world))
    world.forward(hours=1)
    assert "step/management@1/operations-manager" not in world.keys(ticket)


def test_a_priority_or_level_that_the_version_does_not_know_is_refused_by_name_until_it_is_said(world):
    ticket, by = world.opens(priority="P2"), manager(world)
    world.forward(hours=1)
    text = TEXT.replace("P2", "High")
    version = adopt(text, by="test", now=world.now)

    with pytest.raises(Refusal, match=r"INC-1 has the priority P2, and field-guide 2 has none called P2: .*High"):
        moves(world, ticket, version, by=by)
    moves(world, ticket, version, by=by, priorities={"P2": "High"})

    assert ticket.priority == "High"
    assert world.reading(ticket).due_at == world.at("18:00")
    world.forward(hours=3)
    ticket.refresh_from_db()
    assert ticket.priority == "P1", "the rule that raises counts the time it had the same priority under another name"
    move_back(ticket, by=world.omar, why="the names stay", now=world.now)


@pytest.mark.parametrize(("priority", "names"), [("P3", {"P4": "P3"}), ("P4", {"P4": "P3"}), ("P3", {"P3": "P4"})])
def test_moved_back_it_has_the_priority_it_had_where_two_became_one(world, priority, names):
    ticket, by = world.opens(priority=priority), manager(world)
    moves(world, ticket, other(world), by=by, priorities=names)
    assert ticket.priority == names.get(priority, priority)

    move_back(ticket, by="test", why="they did not sign", now=world.now)

    assert ticket.priority == priority


def test_whoever_it_would_go_back_to_is_known_in_the_new_version_too(world):
    ticket, by = world.opens(priority="P2"), manager(world)
    world.holds("omar", "L2")
    world.escalates(ticket, "L2")
    world.accepts(ticket, by="omar")
    text = TEXT.replace('"L1"', '"desk"').replace("[levels.L1]", "[levels.desk]")
    version = adopt(text, by="test", now=world.now)

    with pytest.raises(Refusal, match="has the level L1, and field-guide 2 has none called L1: say which of desk"):
        moves(world, ticket, version, by=by)
    moves(world, ticket, version, by=by, levels={"L1": "desk"})
    world.sends_back(ticket, by="omar")

    assert ticket.level == "desk"


def test_only_whoever_may_approve_corrections_moves_it_and_says_why(world):
    ticket, version = world.opens(), other(world, SIX)

    with pytest.raises(Refusal, match=r"A ticket is moved by the .*and Lena is not"):
        moves(world, ticket, version, by="lena")
    with pytest.raises(Refusal, match="Say why"):
        moves(world, ticket, version, by=manager(world), why=" ")
    world.solves(ticket)
    with pytest.raises(Refusal, match="only what is open is moved"):
        moves(world, ticket, version, by="omar")
