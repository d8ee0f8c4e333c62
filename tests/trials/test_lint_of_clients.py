"""For which clients is a standard held against the desk, and of whom is it said what is found?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.trials.sound_desk import OFFICE, birch, held, said, sound
from tests.world import World
from tocsin.core.hours import Calendar
from tocsin.core.policy import load
from tocsin.directory.client import Client
from tocsin.directory.contact import Contact
from tocsin.directory.person import Holding, Person
from tocsin.standard import presets
from tocsin.standard.adopt import adopt
from tocsin.standard.life import pilot
from tocsin.trials.lint import lint_desk


@pytest.fixture
def world(db: None) -> World:
    return sound()


def test_what_a_contract_makes_of_the_standard_is_said_of_the_contract(world):
    birch(world, overrides={"targets": {"resolution": {"P1": "2h"}}, "services": {"files": {"targets": {}}}})

    (finding, *_) = found = held(world)

    assert (finding.kind, finding.level, finding.clients) == ("late-level", "error", ("Birch",))
    assert finding.where.startswith("contract of Birch: ")
    assert finding.sentence == "P1: L3 gets it after 30m + 2h at the earliest, and resolution is due in 2h."
    assert len(said(found)) == len(set(said(found)))


def test_what_a_service_makes_of_it_is_said_of_the_service(world):
    birch(world, overrides={"services": {"files": {"targets": {"resolution": {"P1": "2h"}}}}})

    (finding, *_) = held(world)

    assert (finding.kind, finding.clients) == ("late-level", ("Birch",))
    assert finding.where.startswith("contract of Birch, for files: ")


def test_a_client_at_which_it_is_piloted_is_on_it_and_on_nothing_else(world):
    guard = adopt(presets.text("sla-guard"), by="test", now=world.now - timedelta(days=1))
    pilot(guard, world.acme, until=world.now + timedelta(days=30), by="test", why="to see", now=world.now)

    on = {name: lint_desk(presets.read(name), now=world.now).clients for name in ("sla-guard", "field-guide")}

    assert on == {"sla-guard": ("Acme",), "field-guide": ()}


def test_a_fallback_answers_when_no_roster_wants_anybody(world):
    Holding.objects.filter(role="on-call-primary").delete()
    world.roster("on-call-primary", "tara", hours=OFFICE, fallback="tom")

    assert held(world) == []


def test_the_hour_between_the_end_of_a_turn_and_the_end_of_support_is_seen(world):
    Holding.objects.filter(role="on-call-primary").delete()
    world.roster("on-call-primary", "tara", hours=OFFICE)
    text = presets.text("field-guide").replace('targets = { P1 = "15m"', 'targets = { P1 = "15m on support"')

    assert [each.sentence for each in held(world, load(text)) if each.kind == "uncovered-hours"] == [
        "P1 is answered Mon 17:00 UTC too, and nobody has to be on duty as on-call-primary then: widen its hours, or "
        "name a fallback."
    ]


def test_what_holds_for_every_client_names_none_and_what_holds_for_some_names_them(world):
    for name in ("Birch", "Cedar"):
        world.client(name)
    Contact.objects.all().delete()
    Holding.objects.filter(role="director").delete()
    world.holds("viktor", "director", client=world.acme)
    world.holds("bo", "director", client=world.acme, rank=1)
    Holding.objects.filter(role="leadership").delete()

    sentences = [each.sentence for each in held(world)]

    assert "Nobody holds leadership: give it to somebody, and to a backup." in sentences
    assert "Nobody holds director for Birch and Cedar: give it to somebody, and to a backup." in sentences
    assert sum("has no executive-sponsor" in sentence for sentence in sentences) == 3


def test_whoever_may_not_see_the_client_holds_nothing_for_it(world):
    Person.objects.filter(pk=world.tom.pk).update(access="assigned")

    assert said(held(world)) == [
        ("lone-role", "ladders.management.steps[1].to", "Only Bo holds team-lead for Acme: name a backup.")
    ]


def test_two_turns_of_one_person_at_once_are_told_with_the_first_time(world):
    world.roster("on-call-primary", "tara", "omar")
    world.roster("on-call-secondary", "tara", "nils")

    assert said(held(world)) == [
        (
            "paged-twice",
            "ladders.page.steps[2].to",
            "Tara is paged as on-call-primary and again as on-call-secondary: name somebody else for one of them.",
        ),
        (
            "paged-twice",
            "rosters on-call-primary weekly and on-call-secondary weekly",
            "Tara is on duty by both from Mon 16 Nov 2026 10:00 to Mon 23 Nov 2026 09:00 UTC, and 1 time more: "
            "give one of the turns to somebody else.",
        ),
    ]


def test_whoever_has_a_turn_next_week_is_looked_at_today(world):
    Person.objects.filter(pk=world.sam.pk).update(ways=[])
    Holding.objects.filter(person=world.sam).delete()
    world.roster("on-call-primary", "tara", "sam")

    assert "No address of Sam, who holds on-call-primary, is known: add one." in [e.sentence for e in held(world)]


def test_a_client_that_is_to_work_by_it_is_looked_at_before_it_does(world):
    client = birch(world, policy="three-tier")
    draft = presets.read("field-guide")

    assert held(world, draft, client) == []
    Contact.objects.filter(client=client).delete()
    assert held(world, draft) == []
    assert {each.clients for each in held(world, draft, client)} == {("Birch",)}


def test_a_client_that_has_left_is_not_looked_at(world):
    client = world.client("Birch")
    assert held(world) != []

    Client.objects.filter(pk=client.pk).update(ended_on=(world.now - timedelta(days=1)).date())

    assert held(world) == []


def test_what_the_standard_cannot_keep_anyway_is_not_said_again_of_a_contract(world):
    birch(world, hours=Calendar.always())  # a business day is 24 hours there, and the decision as late as everywhere

    assert {each.sentence.split(":")[0] for each in held(world)} == {"P3"}


def test_two_late_answers_in_a_crowded_hour_are_too_few_to_make_a_share_of(world):
    answered, *_ = [world.opens(f"Printer {number}", priority="P3") for number in range(3)]
    world.responds(answered)
    world.jump(hours=3)

    told = lint_desk(presets.read("field-guide"), now=world.now)

    assert told.arrivals is not None
    assert (told.arrivals.hours, told.arrivals.crowd, told.arrivals.late) == (1, 3, 2)
    assert told.found == ()


def test_where_as_many_came_as_could_be_answered_that_is_a_figure_and_no_finding(world):
    adopt(presets.text("sla-guard"), by="test", now=world.now - timedelta(days=1))
    for client in (world.acme, birch(world, policy="sla-guard")):  # L1 is there for everybody
        world.opens("Printer", priority="P3", client=client)

    told = lint_desk(presets.read("field-guide"), now=world.now)

    assert told.found == ()
    assert told.arrivals is not None
    assert told.arrivals.says == (
        "In the last 28 days 2 tickets came, at most 2 in an hour (Mon 16 Nov 10:00 UTC), and 2 people work at L1 "
        "then; in no hour did more come than there were people."
    )


def test_it_asks_the_database_no_more_for_more_clients(world):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            held(world)
        return len(queries)

    one = asked()
    for name in ("Birch", "Cedar", "Dell"):
        world.client(name)

    assert asked() == one
