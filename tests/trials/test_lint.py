"""Is what this desk cannot keep found, each in its place and with what to do about it?

Every story begins at a desk that can keep field-guide: each role has a backup, everybody can be reached in two ways,
and the client has its contacts. Then one thing changes, and that is found, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.world import CONTACTS, STAFF, World
from tocsin.core.fitting.kinds import KINDS as OF_THE_DOCUMENT
from tocsin.core.hours import Calendar
from tocsin.core.policy import Policy, load
from tocsin.directory.client import Client
from tocsin.directory.contact import Contact
from tocsin.directory.person import Holding, Person
from tocsin.standard import presets
from tocsin.standard.adopt import adopt
from tocsin.trials.found import KINDS, Found
from tocsin.trials.lint import lint_desk

PAGE = (Path(__file__).parents[2] / "docs" / "policy.md").read_text()
WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
OFFICE = Calendar("UTC", {day: [("09:00", "17:00")] for day in WORKDAYS})
BUT_FRIDAY = {"turns": {"windows": {day: [["09:00", "17:00"]] for day in WORKDAYS if day != "fri"}}}

Said = tuple[str, str, str]  # kind, place, sentence
STORIES: dict[str, Callable[[World], list[Said]]] = {}


def story(kind: str) -> Callable[[Callable[[World], list[Said]]], Callable[[World], list[Said]]]:
    def told(tell: Callable[[World], list[Said]]) -> Callable[[World], list[Said]]:
        STORIES[kind] = tell
        return tell

    return told


@pytest.fixture
def world(db: None) -> World:
    """Bo stands in for everybody."""
    made = World()
    bo = Person.objects.create(name="Bo", ways=[["phone", "bo"], ["email", "bo@msp.example"]])
    roles = {role for _, held in STAFF.values() for role in held}
    Holding.objects.bulk_create(Holding(role=role, person=bo, rank=1) for role in sorted(roles))
    made.people["bo"] = bo
    return made


def held(world: World, policy: Policy | None = None, *clients: Client) -> list[Found]:
    policy = policy or presets.read("field-guide")
    return [*lint_desk(policy, now=world.now, clients=[client.pk for client in clients] or None).found]


def said(found: list[Found]) -> list[Said]:
    return [(each.kind, each.where.rsplit(": ", 1)[-1], each.sentence) for each in found]


def birch(world: World, **contract: object) -> Client:
    """A second client, which has its contacts."""
    client = world.client("Birch", **contract)  # type: ignore[arg-type]
    for name, role in CONTACTS.items():
        Contact.objects.create(
            client=client, name=name.title(), role=role, email=f"{name}@birch.example", phone="+61 2 5550 0200"
        )
    return client


def test_a_desk_that_has_what_the_standard_needs_has_nothing_to_be_said(world):
    birch(world)

    assert held(world) == []


@story("unfit-contract")
def a_contract_names_a_priority_that_the_standard_does_not_have(world):
    birch(world, overrides={"targets": {"resolution": {"P9": "1h"}}})
    return [
        (
            "unfit-contract",
            "contract of Birch from 2026-01-01",
            "overrides: targets.resolution.P9: The priority 'P9' is not declared: it is one of P1, P2, P3, P4, "
            "complaint. Revise the contract, or say it in the standard.",
        )
    ]


@story("empty-role")
def the_team_lead_and_their_backup_are_gone(world):
    Holding.objects.filter(role="team-lead").delete()
    return [
        (
            "empty-role",
            "ladders.management.steps[1].to",
            "Nobody holds team-lead for Acme: give it to somebody, and to a backup.",
        )
    ]


@story("lone-role")
def the_director_has_no_backup(world):
    Holding.objects.filter(role="director", person=world.bo).delete()
    return [
        ("lone-role", "ladders.management.steps[4].to", "Only Viktor holds director for Acme: name a backup."),
    ]


@story("no-contact")
def the_sponsor_has_left_the_client(world):
    world.eva.delete()
    return [
        (
            "no-contact",
            "ladders.client.steps[3].to",
            "Acme has no executive-sponsor, whom the client ladder tells: add a contact with that role.",
        )
    ]


@story("no-phone")
def the_primary_contact_has_no_number(world):
    Contact.objects.filter(pk=world.carla.pk).update(phone="")
    return [
        (
            "no-phone",
            "ladders.client.steps[1].to",
            "Carla, primary-contact of Acme, is to be called and has no phone number: add one.",
        )
    ]


@story("unreachable")
def nobody_knows_an_address_of_tom_or_of_ivan(world):
    world.unreachable("tom")
    Contact.objects.filter(pk=world.ivan.pk).update(email="")
    return [
        (
            "unreachable",
            "ladders.client.steps[2].to",
            "No address of Ivan, it-manager of Acme, is known: add a mail address.",
        ),
        (
            "unreachable",
            "ladders.management.steps[1].to",
            "No address of Tom, who holds team-lead, is known: add one.",
        ),
    ]


@story("one-way")
def omar_has_a_phone_and_nothing_else(world):
    Person.objects.filter(pk=world.omar.pk).update(ways=[["phone", "omar"]])
    return [
        (
            "one-way",
            "ladders.page.steps[1].to",
            "Omar, who is paged as on-call-primary, can be reached by phone only: add a second way.",
        )
    ]


@story("paged-twice")
def omar_is_first_and_second(world):
    Holding.objects.filter(role="on-call-secondary", person=world.nils).update(person=world.omar)
    return [
        (
            "paged-twice",
            "ladders.page.steps[2].to",
            "Omar is paged as on-call-primary and again as on-call-secondary: name somebody else for one of them.",
        )
    ]


@story("hole")
def on_fridays_nobody_is_on_duty(world):
    world.roster("on-call-primary", "tara", hours=OFFICE, **BUT_FRIDAY)
    return [
        (
            "hole",
            "roster on-call-primary weekly",
            "Nobody is on duty as on-call-primary from Fri 20 Nov 2026 09:00 to Fri 20 Nov 2026 17:00 UTC, and 1 time "
            "more: take it over, or give the turn to somebody.",
        )
    ]


@story("uncovered-hours")
def at_night_no_roster_wants_anybody(world):
    Holding.objects.filter(role="on-call-primary").delete()
    world.roster("on-call-primary", "tara", hours=OFFICE)
    return [
        ("lone-role", "ladders.page.steps[1].to", "Only Tara holds on-call-primary for Acme: name a backup."),
        (
            "uncovered-hours",
            "roster on-call-primary weekly",
            "P1 is answered Mon 17:00 UTC too, and nobody has to be on duty as on-call-primary then: widen its hours, "
            "or name a fallback.",
        ),
    ]


WEEKEND = '\n[calendars.weekend]\ntitle = "Weekend"\nweek = { sat = ["09:00-17:00"] }\n\n[waits]\n'


def with_a_weekend() -> Policy:
    return load(presets.text("field-guide").replace("\n[waits]\n", WEEKEND, 1), name="desk.toml")


@story("apart-hours")
def a_calendar_opens_only_when_support_is_closed(world):
    return [
        (
            "apart-hours",
            "calendars.weekend",
            "weekend and the support hours are never open together: what counts on the one stands still in the other. "
            "Give the calendar other hours, or count on support.",
        )
    ]


@story("crowded")
def twelve_came_in_an_hour_for_two_people_and_none_was_answered_in_time(world):
    for number in range(12):
        world.opens(f"Printer {number}", priority="P3")
    world.jump(hours=3)
    answered = world.opens("Scanner", priority="P3")
    world.responds(answered)
    return [
        (
            "crowded",
            "level L1",
            "In the last 28 days 13 tickets came, at most 12 in an hour (Mon 16 Nov 10:00 UTC), and 2 people work at "
            "L1 then; in 1 hour more came than there were people: 12 of the 12 that came then were answered late, and "
            "0 of the other 1. Put more people there in those hours, or promise less.",
        )
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_found_in_its_place_with_a_remedy_and_nothing_else_is(world, kind):
    policy = with_a_weekend() if kind == "apart-hours" else None

    expected = STORIES[kind](world)

    assert said(held(world, policy)) == expected
    assert {each.level for each in held(world, policy) if each.kind == kind} == {KINDS[kind].level}


def test_every_kind_of_finding_has_a_story_and_the_page_lists_it():
    table = PAGE.split("\n## Lint\n", 1)[1].split("\n## ", 1)[0]

    listed = re.findall(r"^\| `([a-z-]+)` \| (.+) \| (error|warning) \|$", table, flags=re.MULTILINE)

    assert set(STORIES) == set(KINDS)
    assert [row for row in listed if row[0] not in OF_THE_DOCUMENT] == [
        (name, kind.says, kind.level) for name, kind in KINDS.items()
    ]


def test_what_a_contract_makes_of_the_standard_is_said_of_the_contract(world):
    birch(world, overrides={"targets": {"resolution": {"P1": "2h"}}, "services": {"files": {"targets": {}}}})

    (finding, *_) = found = held(world)

    assert (finding.kind, finding.level, finding.clients) == ("late-level", "error", ("Birch",))
    assert finding.where.startswith("contract of Birch: ")
    assert finding.sentence == "P1: L3 gets it after 30m + 2h at the earliest, and resolution is due in 2h."
    assert len(said(found)) == len(set(said(found)))


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
    world.opens("Printer", priority="P3", client=birch(world, policy="sla-guard"))  # L1 is there for everybody

    told = lint_desk(presets.read("field-guide"), now=world.now)

    assert told.found == ()
    assert told.arrivals is not None
    assert told.arrivals.says == (
        "In the last 28 days 1 ticket came, at most 1 in an hour (Mon 16 Nov 10:00 UTC), and 2 people work at L1 then; "
        "in no hour did more come than there were people."
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
