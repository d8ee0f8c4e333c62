"""Is a standard tried at one client, rolled out and rolled back without anybody else noticing?"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import transaction

from tests.world import World
from tocsin.desk.ticket import Ticket
from tocsin.directory import clients
from tocsin.directory.contract import Contract
from tocsin.log.event import Event
from tocsin.standard import life, presets
from tocsin.standard.adopt import adopt
from tocsin.standard.history import history, places
from tocsin.standard.terms import terms_of, version_for
from tocsin.standard.version import Policy
from tocsin.trials.pilot import Measured, measure

pytestmark = pytest.mark.django_db
FIRMS = ("Acme", "Bolt", "Coda")


class Provider(World):
    """A desk with three clients, where a day goes by: the same every time, but for what is done to the standard."""

    def __init__(self) -> None:
        super().__init__()
        self.firms = {"Acme": self.acme} | {name: self.client(name) for name in FIRMS[1:]}
        self.tickets: dict[str, list[Ticket]] = {name: [] for name in FIRMS}
        self.read: dict[str, list[bytes]] = {name: [] for name in FIRMS}
        self.measured: Measured | None = None

    def hours_go_by(self) -> None:
        """Two tickets come in at each client, one of them is answered, the older ones go on."""
        for name, client in self.firms.items():
            first, second = (self.opens(priority=priority, client=client) for priority in ("P2", "P3"))
            self.tickets[name] += [first, second]
            self.forward(minutes=5)
            self.responds(first)
        self.forward(hours=1)
        self.reads()

    def reads(self) -> None:
        """Every clock of every ticket is read, to the byte."""
        for name, tickets in self.tickets.items():
            read = [repr(self.reading(ticket, clock)) for ticket in tickets for clock in terms_of(ticket).clocks]
            self.read[name].append("\n".join(read).encode())

    def versions(self, name: str) -> list[str]:
        """Under which version each ticket of the client was opened, in their order."""
        return [str(ticket.policy_version) for ticket in self.tickets[name]]

    def told(self, name: str) -> list[tuple[str, str, object]]:
        """What the logs of the client's tickets say happened, and when; whatever number a person has."""
        events = (event for ticket in self.tickets[name] for event in self.log(ticket))
        return [
            (each.kind, re.sub(r"(person|contact)/\d+", r"\1", each.key or ""), each.effective_at) for each in events
        ]


def lived(*, with_pilot: bool) -> Provider:
    """A desk after a day; with the pilot, the roll-out and the rollback of sla-guard, or with none of it."""
    desk = Provider()
    guard = adopt(presets.text("sla-guard"), by=desk.mona, why="management hears too late", now=desk.now)
    desk.hours_go_by()
    if with_pilot:
        until = desk.now + timedelta(days=30)
        life.pilot(guard, desk.acme, until=until, by=desk.mona, why="does a warning at half help?", now=desk.now)
        desk.reads()
    begun = desk.now
    desk.hours_go_by()
    desk.measured = measure(desk.acme, since=begun, now=desk.now)
    if with_pilot:
        chosen = [desk.firms["Acme"], desk.firms["Coda"]]
        rolled_out = life.roll_out(guard, chosen, by=desk.mona, why="it did", now=desk.now)
        desk.reads()
    desk.hours_go_by()
    if with_pilot:
        life.roll_back("sla-guard", rolled_out, by=desk.olga, why="Coda's contract has to be signed", now=desk.now)
        desk.reads()
    desk.hours_go_by()
    desk.is_proven()
    return desk


def test_a_standard_is_piloted_rolled_out_and_rolled_back_and_nobody_else_notices(db: None):
    with transaction.atomic():
        without = lived(with_pilot=False)
        told = without.told("Bolt")
        transaction.set_rollback(True)
    desk = lived(with_pilot=True)

    old, new = 2 * ["field-guide 1"], 2 * ["sla-guard 1"]
    assert desk.versions("Acme") == [*old, *new, *new, *new]  # at the end in its pilot again
    assert desk.versions("Coda") == [*old, *old, *new, *old]
    assert desk.versions("Bolt") == [*old, *old, *old, *old]

    for before, after in ((0, 1), (2, 3), (4, 5)):  # no step moves a reading of what is open
        assert all(desk.read[name][before] == desk.read[name][after] for name in FIRMS)
    assert [desk.read["Bolt"][each] for each in (0, 2, 4, 6)] == without.read["Bolt"]
    assert desk.told("Bolt") == told
    assert desk.read["Acme"][-1] != without.read["Acme"][-1]

    it_is_measured_against_as_long_a_time_before(desk)
    the_log_tells_what_was_tried_where_by_whom_and_why(desk)


def it_is_measured_against_as_long_a_time_before(desk: Provider) -> None:
    assert desk.measured is not None
    before, during = desk.measured.before, desk.measured.during
    assert before.end == during.start and before.end - before.start == during.end - during.start
    assert (before.tickets, during.tickets) == (2, 2)
    answered = [window.acknowledged.figures(working=False) for window in (before, during)]
    assert [(figures.n, figures.median) for figures in answered] == 2 * [(1, timedelta(minutes=5))]
    assert desk.measured.acknowledging.startswith("Too few tickets to tell, ")


def the_log_tells_what_was_tried_where_by_whom_and_why(desk: Provider) -> None:
    mona, olga = desk.mona.actor, desk.olga.actor
    told = [(step.kind, step.by, step.why, [client.name for client in step.clients]) for step in history("sla-guard")]
    assert told[::-1] == [
        ("policy_adopted", mona, "management hears too late", []),
        ("policy_piloted", mona, "does a warning at half help?", ["Acme"]),
        ("policy_rolled_out", mona, "it did", ["Acme", "Coda"]),
        ("policy_rolled_back", olga, "Coda's contract has to be signed", ["Acme", "Coda"]),
    ]
    stream = Event.objects.filter(stream=Policy.objects.get(name="sla-guard").stream_name).order_by("seq")
    assert [(event.kind, event.actor) for event in stream] == [(kind, by) for kind, by, *_ in told[::-1]]

    (acme,) = [place for place in places(desk.now) if place.own]
    assert (acme.client.name, str(acme.version), acme.is_overdue(desk.now)) == ("Acme", "sla-guard 1", False)
    assert acme.is_overdue(desk.now + timedelta(days=30))


def test_a_pilot_that_is_over_stays_in_force_and_whoever_began_it_hears_of_it_once(world: World):
    guard = adopt(presets.text("sla-guard"), by=world.mona, now=world.now)
    end = world.at("17:00")
    step = life.pilot(guard, world.acme, until=end, by=world.mona, now=world.now)

    world.jump(to=end - timedelta(seconds=1))
    world.phone("mona").is_silent()
    world.jump(to=end)

    letter = world.phone("mona").gets_one("The pilot of sla-guard 1 at Acme is over")
    assert "tocsin policy rollout sla-guard --version 1 --client acme" in letter.text
    assert f"tocsin policy rollback sla-guard --step {step}" in letter.text
    assert str(version_for(world.acme, at=world.now)) == "sla-guard 1"
    world.jump(hours=30)
    world.phone("mona").is_silent()


def test_a_pilot_of_somebody_who_has_left_is_told_to_the_service_desk_manager(world: World):
    guard = adopt(presets.text("sla-guard"), by=world.mona, now=world.now)
    life.pilot(guard, world.acme, until=world.at("17:00"), by=world.tom, now=world.now)
    world.leaves("tom")

    world.jump(to=world.at("17:00"))

    world.phone("mona").gets_one("whoever began it works here no more")
    world.phone("tom").is_silent()


def test_a_pilot_that_was_decided_on_is_told_to_nobody(world: World):
    guard = adopt(presets.text("sla-guard"), by=world.mona, now=world.now)
    life.pilot(guard, world.acme, until=world.at("17:00"), by=world.mona, now=world.now)
    life.roll_out(guard, [world.acme], by=world.mona, now=world.now + timedelta(hours=1))

    world.jump(to=world.at("18:00"))

    world.phone("mona").is_silent()


def test_a_pilot_that_is_over_is_told_though_one_of_the_contract_before_was_rolled_back_since(world: World):
    guard, tiers = (adopt(presets.text(name), by=world.mona, now=world.now) for name in ("sla-guard", "three-tier"))
    end = world.at("17:00")
    before = life.pilot(guard, world.acme, until=end, by=world.mona, now=world.now)
    world.forward(minutes=1)
    clients.revise(Contract.objects.get(client=world.acme), policy="three-tier", by="test", now=world.now)
    life.pilot(guard, world.acme, until=end, by=world.mona, now=world.now)
    life.roll_back(guard.name, before, by=world.mona, now=world.now)
    assert str(version_for(world.acme, at=world.now)) == "sla-guard 1" != str(tiers)

    world.jump(to=end)

    world.phone("mona").gets_one("The pilot of sla-guard 1 at Acme is over")
