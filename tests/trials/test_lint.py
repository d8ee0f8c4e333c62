"""Is what this desk cannot keep found, each in its place and with what to do about it?

Every story begins at a desk that can keep field-guide: each role has a backup, everybody can be reached in two ways,
and the client has its contacts. Then one thing changes, and that is found, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.trials.sound_desk import OFFICE, WORKDAYS, Said, birch, held, said, sound
from tests.world import World
from tocsin.core.fitting.kinds import KINDS as OF_THE_DOCUMENT
from tocsin.core.policy import Policy, load
from tocsin.directory.contact import Contact
from tocsin.directory.person import Holding, Person
from tocsin.standard import presets
from tocsin.trials.found import KINDS

PAGE = (Path(__file__).parents[2] / "docs" / "policy.md").read_text()
BUT_FRIDAY = {"turns": {"windows": {day: [["09:00", "17:00"]] for day in WORKDAYS if day != "fri"}}}

STORIES: dict[str, Callable[[World], list[Said]]] = {}


def story(kind: str) -> Callable[[Callable[[World], list[Said]]], Callable[[World], list[Said]]]:
    def told(tell: Callable[[World], list[Said]]) -> Callable[[World], list[Said]]:
        STORIES[kind] = tell
        return tell

    return told


@pytest.fixture
def world(db: None) -> World:
    return sound()


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
