"""Can a person see how a trial goes, and move open tickets after looking at what that does?"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client as Browser

from tests.world import FIELD_GUIDE, World
from tocsin.directory.person import READ_ONLY, Person
from tocsin.standard import life
from tocsin.standard.adopt import adopt

pytestmark = pytest.mark.django_db
AT = "/standard/field-guide"


@pytest.fixture
def world(world: World) -> World:
    """Twenty minutes ago a version with 6 hours in place of 8 for P2 was adopted."""
    text = FIELD_GUIDE.read_text().replace('P2 = "8h"', 'P2 = "6h"', 1)
    world.second = adopt(text, by=world.mona, why="P2 reviewed", now=world.now, in_force=False)
    return world


@pytest.fixture
def mona(world: World, browser) -> Browser:
    """Somebody who manages the desk."""
    signed_in = browser("Marta")
    world.people["marta"] = Person.objects.get(name="Marta")
    world.holds("marta", "service-desk-manager", rank=1)
    return signed_in


def read(answer) -> str:
    page = re.sub(r'<span class="sr">.*?</span>', "", answer.content.decode())
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def tries(world: World, *, ends: datetime) -> None:
    life.pilot(world.second, world.acme, until=ends, by=world.mona, why="try", now=world.now)


def test_a_trial_is_measured_beside_as_long_a_time_before_it(world: World, mona: Browser):
    world.now -= timedelta(minutes=10)
    before = world.opens(priority="P2")
    world.now += timedelta(minutes=10)
    tries(world, ends=datetime.now(UTC) + timedelta(days=7))
    world.now += timedelta(minutes=2)
    world.responds(world.opens(priority="P2"))

    page = read(mona.get(f"{AT}/trials/acme"))

    assert before.policy_version.number == 1
    assert "field-guide 2 on trial at Acme" in page
    assert "Tickets 1 1" in page
    assert "Nothing can be said of the time to acknowledge: 0 tickets before, 1 during the pilot." in page
    assert "Roll it out Roll it back" in page
    assert "How it goes" in read(mona.get(f"{AT}/history"))


def test_one_whose_end_has_come_waits_for_a_decision_and_an_auditor_takes_none(world: World, browser):
    tries(world, ends=world.now + timedelta(minutes=5))

    page = read(browser("Audrey", access=READ_ONLY).get(f"{AT}/trials/acme"))

    assert "It was to end" in page and "Roll it out" not in page


def test_where_no_trial_goes_on_there_is_none_to_measure(world: World, mona: Browser):
    assert mona.get(f"{AT}/trials/acme").status_code == 404
    assert mona.get(f"{AT}/trials/nobody").status_code == 404


def test_open_tickets_are_moved_after_looking_at_each_clock(world: World, mona: Browser):
    ticket = world.opens(priority="P2")
    said = {"version": "2", "client": "acme", "why": "agreed with Acme"}

    looked = read(mona.post(f"{AT}/move", said | {"look": ""}))

    assert f"{ticket.number} P2" in looked and "Resolution: due" in looked and "Move 1 ticket" in looked
    ticket.refresh_from_db()
    assert ticket.policy_version.number == 1

    moved = read(mona.post(f"{AT}/move", said | {"do": "1"}, follow=True))

    assert f"Moved to field-guide 2: {ticket.number}." in moved
    ticket.refresh_from_db()
    assert ticket.policy_version.number == 2
    assert "Nothing to move." in read(mona.post(f"{AT}/move", said | {"look": ""}))


def test_a_ticket_nobody_looked_at_is_not_moved_with_those_that_were(world: World, mona: Browser):
    world.opens(priority="P2")
    said = {"version": "2", "client": "acme", "why": "agreed with Acme"}
    page = mona.post(f"{AT}/move", said | {"look": ""}).content.decode()
    looked = re.findall(r'name="looked" value="(\w+)"', page)
    late = world.opens(priority="P3")

    again = mona.post(f"{AT}/move", said | {"do": "1", "looked": looked[0]})

    assert again.status_code == 422 and "This is not what you looked at" in again.content.decode()
    late.refresh_from_db()
    assert late.policy_version.number == 1
    looked = re.findall(r'name="looked" value="(\w+)"', again.content.decode())
    mona.post(f"{AT}/move", said | {"do": "1", "looked": looked[0]})
    late.refresh_from_db()
    assert late.policy_version.number == 2


def test_names_that_cannot_be_read_and_a_move_without_a_reason_are_told(world: World, mona: Browser):
    ticket = world.opens(priority="P2")

    names = mona.post(f"{AT}/move", {"client": "acme", "why": "so", "priorities": "P2 to S2", "do": "1"})
    reason = mona.post(f"{AT}/move", {"client": "acme", "do": "1"})

    assert names.status_code == 422 and "write what it is and what it becomes" in names.content.decode()
    assert reason.status_code == 422 and "Say why" in reason.content.decode()
    ticket.refresh_from_db()
    assert ticket.policy_version.number == 1
