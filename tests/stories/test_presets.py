"""Who is told when under each standard that ships, if nobody does anything; and what is kept at the last instant?

Monday 10:00, support hours Mon–Fri 08:00–18:00. A time is that of the calendar the priority counts on: round the clock,
or support hours. "Levels" are those that are asked to take it, each of which does not accept.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from tests.world import World
from tocsin.core.duration import parse
from tocsin.desk import approvals
from tocsin.desk.approved import requests_of
from tocsin.desk.refusal import Refusal
from tocsin.desk.ticket import Ticket
from tocsin.directory.client import Client
from tocsin.log.event import Event
from tocsin.standard import presets
from tocsin.standard.adopt import adopt

P1 = {
    "page": "0m omar, 5m nils, 10m mona",
    "levels": "30m sam, 40m tara, 50m mona",
    "management": "15m tom, 30m dora, 1h olga, 2h viktor, 4h viktor",
    "client": "15m pia, 30m ina, 1h eli, 2h alma",
    "response": "15m mona",
    "client_notified": "15m mona",
    "resolution": "2h lena, 3h lena, 3h36m dora, 4h mona",
}
P2 = {
    "levels": "30m sam, 1h tara, 1h30m mona",
    "management": "30m dora, 1h olga, 2h viktor",
    "client": "30m ina",
    "response": "30m mona",
    "client_notified": "30m mona",
    "resolution": "4h lena, 6h lena, 7h12m dora, 8h mona",
}
P2_BY_AGE = {  # at four hours it is a P1
    **P2,
    "raised": "4h lena",
    "page": "4h omar, 4h5m nils, 4h10m mona",
    "management": "30m dora, 1h olga, 2h viktor, 4h tom, 4h viktor",
    "client": "30m ina, 4h pia, 4h eli, 4h alma",
}
P3 = {
    "levels": "2h sam, 4h tara, 6h mona",
    "response": "2h mona",
    "client_notified": "2h mona",
    "resolution": "12h lena, 18h lena, 21h36m dora, 24h mona",
}
P4 = {"levels": "37h30m tara", "response": "8h mona", "resolution": "25h lena, 37h30m lena, 45h dora, 50h mona"}

STORIES = {
    ("field-guide", "P1"): P1,
    ("field-guide", "P2"): P2_BY_AGE,
    ("field-guide", "P3"): P3,
    ("field-guide", "P4"): P4,
    # What is critical skips the first line.
    ("severity-tiers", "S1"): {**P1, "levels": "0m sam, 10m tara, 20m mona"},
    ("severity-tiers", "S2"): P2,
    ("severity-tiers", "S3"): P3,
    ("severity-tiers", "S4"): P4,
    ("operating-standard", "P1"): P1,
    ("operating-standard", "P2"): P2_BY_AGE,
    ("operating-standard", "P3"): P3,
    ("operating-standard", "P4"): P4,
    # Nobody goes to a client because time is up: after tier 3 the decision point is asked.
    ("three-tier", "P1"): {
        **P1,
        "management": "15m tom, 30m dora, 1h olga, 2h viktor",
        "response": "30m mona",
        "resolution": "1h lena, 1h30m lena, 1h48m dora, 2h mona",
    },
    ("three-tier", "P2"): {
        **P2,
        "levels": "1h sam, 1h30m tara, 2h mona",
        "resolution": "2h lena, 3h lena, 3h36m dora, 4h mona",
    },
    ("three-tier", "P3"): {
        **P3,
        "levels": "2h sam, 3h tara, 4h mona",
        "response": "30m mona",
        "resolution": "4h lena, 6h lena, 7h12m dora, 8h mona",
    },
    # Three quarters bring a senior, nine tenths management.
    ("sla-guard", "P1"): {**P1, "levels": "30m sam, 3h tara, 3h36m mona"},
    ("sla-guard", "P2"): {**P2, "levels": "30m sam, 6h tara, 7h12m mona", "response": "1h mona"},
    ("sla-guard", "P3"): {**P3, "levels": "2h sam, 18h tara, 21h36m mona", "response": "4h mona"},
    ("sla-guard", "P4"): {
        "levels": "54h tara, 64h48m mona",
        "response": "8h mona",
        "resolution": "36h lena, 54h lena, 64h48m dora, 72h mona",
    },
}


def client_on(world: World, name: str) -> Client:
    """A client whose contract names this standard, with somebody in each role."""
    adopt(presets.text(name), by="test", now=world.now - timedelta(days=20))
    bolt = world.client("Bolt", policy=name)
    for who, role in (("pia", "primary-contact"), ("ina", "it-manager"), ("eli", "executive-sponsor")):
        world.contact(bolt, who, role=role)
    return bolt


def promised(name: str, clock: str, priority: str) -> str:
    """What the document promises, as it is written there."""
    return str(presets.read(name).document.content["clocks"][clock]["targets"][priority])


def round_the_clock(name: str, priority: str) -> bool:
    return next(each.calendar for each in presets.read(name).priorities if each.name == priority) == "always"


def passed(start: datetime, end: datetime, *, always: bool) -> str:
    """How long it is from one to the other: 3h36m, round the clock or in support hours."""
    if always:
        minutes = int((end - start).total_seconds()) // 60
    else:
        days = [start.replace(hour=0) + timedelta(days=day) for day in range((end.date() - start.date()).days + 1)]
        shifts = [(day.replace(hour=8), day.replace(hour=18)) for day in days if day.weekday() < 5]
        open_for = [min(end, closes) - max(start, opens) for opens, closes in shifts]
        minutes = sum(int(each.total_seconds()) // 60 for each in open_for if each > timedelta())
    hours, rest = divmod(minutes, 60)
    return (f"{hours}h" if hours else "") + (f"{rest}m" if rest or not hours else "")


def about(event: Event) -> str:
    """Which clock, ladder or rule told somebody; "" where it tells nobody anew."""
    kind, _, rest = str(event.key).partition("/")
    if kind == "ask":
        return "levels"
    if kind == "raise":
        return "raised"
    found = re.match(r"[\w-]+", rest)
    assert found is not None
    told_once = kind in ("breach", "threshold") or (kind == "step" and found[0] != "functional")
    return found[0] if told_once else ""


def told(world: World, ticket: Ticket, start: datetime, *, always: bool) -> dict[str, str]:
    """Who heard what when, until the resolution was broken."""
    actors = {person.actor: name for name, person in {**world.people, **world.contacts}.items()}
    heard: dict[str, list[str]] = {}
    for event in world.log(ticket):
        what = about(event) if event.key and event.kind not in ("delivered", "undelivered") else ""
        if what and what != "next_update":
            (who,) = event.data["told"]
            heard.setdefault(what, []).append(f"{passed(start, event.effective_at, always=always)} {actors[who]}")
        if event.key == "breach/resolution@1":
            return {what: ", ".join(each) for what, each in heard.items()}
    raise AssertionError("the resolution was never broken")


@pytest.mark.parametrize(("name", "priority"), STORIES)
def test_if_nobody_does_anything_each_hears_of_it_in_time(world, name, priority):
    bolt, start, always = client_on(world, name), world.now, round_the_clock(name, priority)

    ticket = world.opens("The order system", priority=priority, client=bolt)
    while not any(key == "breach/resolution@1" for key in world.keys(ticket, "breach/resolution")):
        world.forward(hours=2 if always else 24)

    assert told(world, ticket, start, always=always) == STORIES[name, priority]


@pytest.mark.parametrize(("name", "priority"), STORIES)
def test_what_is_answered_and_solved_at_the_last_instant_is_kept(world, name, priority):
    calendar = world.office()
    bolt, start = client_on(world, name), world.now
    if round_the_clock(name, priority):
        calendar = type(calendar).always("UTC")
    ticket = world.opens("The order system", priority=priority, client=bolt)

    world.forward(to=calendar.due(start, parse(promised(name, "response", priority))))
    world.responds(ticket)
    world.forward(to=calendar.due(start, parse(promised(name, "resolution", priority))))
    world.solves(ticket, bypass="what the stages ask for is another story")

    assert [world.reading(ticket, clock).verdict for clock in ("response", "resolution")] == ["met", "met"]
    assert world.keys(ticket, "breach/res") == []


def test_every_priority_of_every_standard_that_ships_has_its_story():
    assert set(STORIES) == {(name, each.name) for name in presets.NAMES for each in presets.read(name).priorities}


@pytest.mark.parametrize(
    ("name", "waits", "priority"),
    [
        ("field-guide", {"client"}, "P1"),
        ("severity-tiers", {"client"}, "S1"),
        ("operating-standard", {"client"}, "P1"),
        ("three-tier", {"client", "vendor", "parts"}, "P1"),
        ("sla-guard", {"client", "vendor"}, "P1"),
    ],
)
def test_the_promise_waits_for_those_for_whom_its_practice_waits(world, name, waits, priority):
    ticket = world.opens("The order system", priority=priority, client=client_on(world, name))

    for on in ("client", "vendor", "parts"):
        used = world.reading(ticket).used
        world.waits(ticket, on)
        world.forward(minutes=10)
        stood_still = world.reading(ticket).used == used
        world.resumes(ticket, reason="the answer is here")
        assert stood_still == (on in waits), on


def test_somebody_goes_to_the_client_only_when_a_person_asks_for_it_and_it_is_approved(world):
    world.people["kit"] = type(world.lena).objects.create(name="Kit", level="on-site", ways=[["phone", "kit"]])
    world.holds("kit", "on-site")
    ticket = world.opens("The switch", priority="P1", client=client_on(world, "three-tier"))
    world.forward(hours=2)
    world.phone("kit").is_silent()

    other = world.opens("The other switch", priority="P1", client=ticket.client)
    with pytest.raises(Refusal, match="needs Visit on site first, which Service desk manager"):
        world.escalates(other, "on-site")
    approvals.ask(other, "on-site", "swap the switch", by=world.lena, now=world.now)
    (asked,) = requests_of(other)
    approvals.give(other, of=asked.place, by=world.mona, now=world.now)
    world.escalates(other, "on-site")

    world.phone("kit").gets("is escalated to on-site")
