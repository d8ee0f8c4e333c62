"""Which open tickets would feel another version of the standard, by their own stories?"""

from __future__ import annotations

import pytest

from tests.world import FIELD_GUIDE, World
from tocsin.core.policy import load
from tocsin.standard.adopt import adopt
from tocsin.trials.diff import effects
from tocsin.trials.moving import move_all, previews

GUIDE = FIELD_GUIDE.read_text()


@pytest.fixture
def world(db: None) -> World:
    return World()


def proposed(*changes: tuple[str, str]):
    text = GUIDE
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return load(text)


SHORTER = ('targets = { P1 = "4h", P2 = "8h"', 'targets = { P1 = "4h", P2 = "2h"')


def test_a_shorter_target_affects_the_open_tickets_of_its_priority_and_some_would_be_overdue(world: World):
    old, _, solved = world.opens(priority="P2"), world.opens(priority="P3"), world.opens(priority="P2")
    world.solves(solved)
    world.forward(hours=2, minutes=30)
    world.opens(priority="P2")

    felt = effects(load(GUIDE), proposed(SHORTER), now=world.now)

    [touched] = felt.touched
    assert touched.sentence == "P2 resolution 8h → 2h, affects 2 open tickets, 1 would be overdue now"
    assert (touched.overdue, felt.overdue, felt.tickets, felt.unread) == ((old.number,), (old.number,), 3, {})


def test_only_what_can_break_a_promise_is_said_to(world: World):
    world.opens(priority="P2")
    world.forward(hours=2, minutes=30)
    told = ('kind = "guarantee"\n', "")

    felt = effects(load(GUIDE), proposed(SHORTER, told), now=world.now)

    assert {touched.difference.path: len(touched.overdue) for touched in felt.touched} == {
        "clocks.resolution.kind": 0,
        "clocks.resolution.targets.P2": 1,
    }
    assert len(felt.overdue) == 1


def test_time_spent_waiting_is_not_held_against_a_ticket(world: World):
    ticket = world.opens(priority="P2")
    world.waits(ticket)
    world.forward(hours=5)
    assert not effects(load(GUIDE), proposed(SHORTER), now=world.now).overdue


def test_what_a_client_agreed_for_itself_is_not_touched_by_the_standards_target(world: World):
    own = world.client("Bolt", overrides={"targets": {"resolution": {"P2": "9h"}}})
    world.opens(priority="P2", client=own)
    world.forward(hours=3)
    assert not effects(load(GUIDE), proposed(SHORTER), now=world.now).overdue


def test_a_priority_that_the_other_does_not_know_is_said_with_the_ticket(world: World):
    ticket = world.opens(priority="P2")
    felt = effects(load(GUIDE), load(GUIDE.replace("P2", "High")), now=world.now)
    assert felt.unread == {ticket.number: "field-guide knows no priority P2: it must be said which it becomes"}


def test_many_tickets_are_looked_at_and_then_moved_each_by_an_event_of_its_own(world: World):
    first, second, solved = (world.opens(priority="P2") for _ in range(3))
    world.solves(solved)
    world.forward(hours=2, minutes=30)
    version = adopt(GUIDE.replace(*SHORTER), by="test", now=world.now)

    shown = previews([first, second, solved], version, now=world.now)
    moved, refused = move_all([first, second, solved], version, by=world.mona, why="agreed", now=world.now)

    assert [(each.ticket, bool(each.refusal), each.breaks) for each in shown] == [
        (first, False, True),
        (second, False, True),
        (solved, True, False),
    ]
    assert (moved, list(refused)) == ([first, second], [solved.number])
    assert world.last(first, "moved").data["reason"] == "agreed"
    world.is_proven()
