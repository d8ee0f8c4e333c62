"""Are the obligations of a backtest those of the real engine, key by key?

Five hundred seeded stories, a hundred under each standard that ships, are told to a desk whose engine turns at every
instant at which it is to be looked at; then each is replayed from what its people did.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from random import Random

import pytest
from django.db import connection
from django.db.models import Min

from tests.world import World
from tocsin.core.event import (
    Accepted,
    Acknowledged,
    Done,
    Escalated,
    Event,
    LineStopped,
    Noted,
    Paused,
    PriorityChanged,
    Reopened,
    Responded,
    Resumed,
    SentBack,
    Solved,
    Updated,
)
from tocsin.core.replay import replay
from tocsin.desk import tickets
from tocsin.desk.refusal import Refusal
from tocsin.desk.ticket import Ticket
from tocsin.desk.timeline import act, story_of
from tocsin.engine import loop
from tocsin.log.event import Event as Row
from tocsin.standard import presets
from tocsin.standard.adopt import adopt
from tocsin.standard.terms import terms_of
from tocsin.trials.tickets import of_desk

GRID = timedelta(minutes=30)
SLOTS = 48
SEED = 20261121


def lived(world: World, each: int) -> list[Ticket]:
    """So many tickets under each standard have lived, the engine turning whenever one of them is to be looked at."""
    chance = Random(SEED)
    opened = _open(world, each, chance)
    begun = world.now
    diary = sorted(
        (begun + chance.randrange(1, SLOTS) * GRID, place, chance.random())
        for place in range(len(opened))
        for _ in range(chance.randrange(7))
    )
    for at, entries in groupby(diary, key=itemgetter(0)):
        _turn(world, until=at)
        for _, place, luck in entries:
            _act(opened[place], Random(luck), at)
        loop.decide(at, loop.Turn())
    _turn(world, until=begun + SLOTS * GRID + timedelta(hours=20))
    loop.decide(world.now, loop.Turn())
    return opened


def _open(world: World, each: int, chance: Random) -> list[Ticket]:
    opened = []
    for name in presets.NAMES:
        if name != "field-guide":
            adopt(presets.text(name), by="test", now=world.now - timedelta(days=30))
        client = world.client(f"Client of {name}", policy=name)
        priorities = [priority.name for priority in presets.read(name).priorities]
        for number in range(each):
            opened.append(
                tickets.open(
                    client=client,
                    title=f"Story {number}",
                    priority=chance.choice(priorities),
                    differs_because="so it was told",
                    reported_at=world.now - chance.choice((0, 0, 0, 7)) * timedelta(minutes=1),
                    by=world.lena,
                    now=world.now,
                )
            )
    loop.decide(world.now, loop.Turn())
    return opened


def _turn(world: World, *, until: datetime) -> None:
    """It is `until`, and the engine has turned at every instant before that at which a ticket was to be looked at."""
    while (first := Ticket.objects.aggregate(first=Min("look_at"))["first"]) is not None and first < until:
        world.now = max(world.now, first)
        loop.decide(world.now, loop.Turn())
    world.now = until


def _act(ticket: Ticket, luck: Random, at: datetime) -> None:
    """Somebody does something to it, as far as that can be: what is refused is not on record."""
    ticket.refresh_from_db()
    story = story_of(ticket)
    keys = [event.key for event in story if event.key and event.key.startswith(("step/", "ask/", "again/"))]
    terms = terms_of(ticket)
    event: Event
    match luck.choice(AFTERWARDS if ticket.status == "solved" else MEANWHILE):
        case "pause":
            until = luck.choice((None, None, at + luck.randrange(1, 40) * GRID))
            event = Paused(at, on=luck.choice(list(terms.waits)), until=until)
        case "resume":
            event = Resumed(at, by_reply=luck.random() < 0.5)
        case "priority":
            event = PriorityChanged(at, luck.choice(terms.priorities))
        case "escalate":
            event = Escalated(at, luck.choice(list(terms.practice.levels)))
        case "acknowledge" if keys:
            event = Acknowledged(at, of=luck.choice(keys))
        case "do" if keys:
            event = Done(at, of=luck.choice(keys))
        case "back":
            event = Noted(at - luck.randrange(1, 12) * timedelta(minutes=1))
        case kind:
            event = PLAIN.get(kind, Noted)(at)
    with suppress(Refusal), act(ticket, by="person/1", now=at) as done:
        done.record(event)


PLAIN = {
    "respond": Responded,
    "update": Updated,
    "accept": Accepted,
    "return": SentBack,
    "solve": Solved,
    "reopen": Reopened,
    "stop": LineStopped,
}
MEANWHILE = (
    *("respond", "update", "pause", "resume", "priority", "escalate", "accept", "return"),
    *("solve", "solve", "acknowledge", "do", "stop", "note", "back"),
)
AFTERWARDS = ("reopen", "reopen", "note", "priority")


@pytest.mark.django_db
def test_five_hundred_stories_have_the_same_obligations_by_backtest_and_by_the_engine():
    """On PostgreSQL sixty: what they differ in is not in the rules."""
    world = World()
    found = lived(world, 100 if connection.vendor == "sqlite" else 12)

    compared = 0
    for ticket, past in zip(found, of_desk(found), strict=True):
        terms = terms_of(ticket)
        outcome = replay(past.story, terms, until=world.now)

        on_record = [row for row in rows(ticket) if row.key and row.actor == "engine"]
        assert [str(event) for event in outcome.story if event.key] == [
            str(event) for event in story_of(ticket) if event.key
        ], ticket.number
        silent = {one.key for one in outcome.obligations if one.moot}
        assert silent == {row.key for row in on_record if row.data.get("moot")}, ticket.number
        assert {one.key for one in outcome.obligations} == {
            row.key for row in on_record if not row.key.startswith("escalate/")
        }
        assert outcome.left_out == ()
        compared += len(on_record)
    assert compared > 15 * len(found), "hardly anything was due: this compares nothing"


def rows(ticket: Ticket) -> list[Row]:
    return list(Row.objects.filter(stream=ticket.stream_name).order_by("seq"))
