"""Can a ticket be moved from any standard that ships to any other, and worked there to its end?"""

from __future__ import annotations

from pathlib import Path

import pytest

from tocsin.core.policy import load
from tocsin.desk.moving import move, move_back
from tocsin.standard import life, presets
from tocsin.standard.adopt import adopt
from tocsin.standard.terms import terms_of

PRESETS = [Path(f"tocsin/policies/{name}.toml") for name in presets.NAMES]
PAIRS = [(PRESETS[place - 2], each) for place, each in enumerate(PRESETS)]


@pytest.mark.parametrize(("frm", "to"), PAIRS, ids=lambda path: path.stem)
def test_a_ticket_that_changes_its_standard_is_worked_to_its_end_and_proven(world, frm: Path, to: Path):
    versions = [adopt(path.read_text(), by="test", now=world.now) for path in (frm, to)]
    before, after = (load(path.read_text()) for path in (frm, to))
    if frm.stem != "field-guide":
        life.roll_out(versions[0], [world.acme], by="test", now=world.now)
    ticket = world.opens(priority=before.priorities[1].name)
    world.forward(minutes=50)
    names = {old.name: after.priorities[min(place, len(after.priorities) - 1)].name
             for place, old in enumerate(before.priorities)}  # fmt: skip
    levels = dict(zip(before.levels, (*after.levels, *[list(after.levels)[-1]] * len(before.levels)), strict=False))
    keys = world.keys(ticket)

    ticket.refresh_from_db()
    move(ticket, versions[1], by="test", why="Acme signed anew", now=world.now, priorities=names, levels=levels)
    world.turn()
    world.forward(hours=5)
    ticket.refresh_from_db()
    assert terms_of(ticket).policy == to.stem
    assert world.keys(ticket)[: len(keys)] == keys
    assert len(set(world.keys(ticket))) == len(world.keys(ticket))
    if len(set(names.values())) == len(names) and len(set(levels.values())) == len(levels):
        move_back(ticket, by="test", why="they did not", now=world.now)
        world.turn()
    world.forward(hours=1)
    world.cancels(ticket)
