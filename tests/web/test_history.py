"""Can whoever answers for a standard see its versions, try one, roll it out and roll it back?"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client as Browser

from tests.world import FIELD_GUIDE, World
from tocsin.directory import clients
from tocsin.directory.person import ASSIGNED, READ_ONLY, Person
from tocsin.standard import life
from tocsin.standard.adopt import adopt
from tocsin.standard.history import places
from tocsin.standard.standing import Standing
from tocsin.standard.terms import version_for

pytestmark = pytest.mark.django_db
AT = "/standard/field-guide"


@pytest.fixture
def world(db: None) -> World:
    """Acme and Birch on the field guide, whose second version is adopted and in force nowhere."""
    world = World()
    world.birch = world.client("Birch")
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


def read(browser: Browser, path: str, **said) -> str:
    answer = browser.post(path, said, follow=True) if said else browser.get(path)
    page = re.sub(r'<span class="sr">.*?</span>', "", answer.content.decode())
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def numbers(world: World) -> list[int]:
    """The versions that Acme and Birch work by now."""
    return [version_for(client).number for client in (world.acme, world.birch)]


def test_it_counts_the_open_tickets_that_each_difference_touches(world: World, mona: Browser):
    world.now = datetime.now(UTC) - timedelta(hours=7)
    ticket = world.opens(priority="P2")
    world.opens(priority="P3")

    plain = read(mona, f"{AT}/history?from=1&to=2")
    counted = read(mona, f"{AT}/history?from=1&to=2&tickets=1")

    assert "affects" not in plain
    assert "P2 resolution 8h → 6h, affects 1 open ticket, 1 would be overdue now" in counted
    assert "2 open tickets of field-guide" in counted and "They keep their version" in counted
    assert ticket.number in counted, "six hours are over, eight are not"


def test_it_says_where_each_version_is_in_force_who_adopted_it_and_what_differs(world: World, mona: Browser):
    page = read(mona, f"{AT}/history")

    assert "Version 2 Adopted Mon 16 Nov 2026 10:00 UTC by Mona: P2 reviewed" in page
    assert "Version 1 in force" in page and "Acme by its contract Birch by its contract" in page
    assert "8h → 6h" in page
    assert "field-guide 2 adopted in force nowhere yet" in page
    assert mona.get("/standard/nonsense/history").status_code == 404
    assert mona.get(f"{AT}/history?from=1&to=7").status_code == 404


def test_a_pilot_is_looked_at_begun_and_rolled_back_in_one_step_each(world: World, mona: Browser):
    said = {"version": "2", "client": "acme", "until": "2099-12-31", "why": "can we keep it?"}

    looked = read(mona, f"{AT}/pilot", look="", **said)
    assert "What it would change Acme field-guide 1 → field-guide 2 , on trial until" in looked
    assert numbers(world) == [1, 1]

    done = read(mona, f"{AT}/pilot", do="1", **said)
    assert "On trial: what is opened there from now on goes by it." in done
    assert "field-guide 2 put on trial at Acme" in done and "can we keep it?" in done
    assert numbers(world) == [2, 1]

    step = life.last_step("field-guide")
    back = read(mona, f"{AT}/roll-back", batch=step, why="too tight", do="1")
    assert f"Step {step} rolled back at Acme" in back and "too tight" in back
    assert numbers(world) == [1, 1]


def test_what_is_done_is_what_was_looked_at(world: World, mona: Browser):
    said = {"version": "2", "until": "2099-12-31", "why": "can we keep it?"}
    page = mona.post(f"{AT}/pilot", {"client": "acme", "look": "", **said}).content.decode()
    looked = re.findall(r'name="looked" value="(\w+)"', page)
    assert len(looked) == 1

    other = read(mona, f"{AT}/pilot", client="birch", do="1", looked=looked[0], **said)
    assert "This is not what you looked at" in other and "Birch field-guide 1 → field-guide 2" in other
    assert numbers(world) == [1, 1]

    read(mona, f"{AT}/pilot", client="acme", do="1", looked=looked[0], **(said | {"why": "in better words"}))
    assert numbers(world) == [2, 1]


def test_the_last_day_of_a_trial_is_the_clients_day_as_in_the_shell(world: World, mona: Browser):
    world.birch.zone = "Australia/Sydney"
    world.birch.save()

    read(mona, f"{AT}/pilot", version="2", client="birch", until="2099-12-31", why="try", do="1")

    end = Standing.objects.get(client=world.birch).until
    assert end == datetime(2099, 12, 31, 13, tzinfo=UTC)


def test_it_is_rolled_out_to_chosen_clients_or_everywhere(world: World, mona: Browser):
    nobody = read(mona, f"{AT}/roll-out", version="2", where="chosen", why="now", look="")
    assert "Choose at least one client, or everywhere." in nobody

    read(mona, f"{AT}/roll-out", version="2", where="chosen", at="birch", why="Birch asked", do="1")
    assert numbers(world) == [1, 2]

    read(mona, f"{AT}/roll-out", version="2", where="everywhere", why="it works", do="1")
    assert numbers(world) == [2, 2]
    again = read(mona, f"{AT}/roll-out", version="2", where="everywhere", why="it works", do="1")
    assert "there is nothing to roll out" in again


def test_a_trial_ends_when_its_last_day_is_over_where_the_client_is(world: World, mona: Browser):
    clients.change(world.acme, zone="Australia/Brisbane", by="test", now=world.now)
    said = {"version": "2", "client": "acme", "why": "can we keep it?"}

    beyond = read(mona, f"{AT}/pilot", until="9999-12-31", do="1", **said)
    assert "9999-12-31 is no day that anybody decides on: give a nearer one." in beyond and numbers(world) == [1, 1]
    assert mona.post(f"{AT}/pilot", {**said, "version": "9" * 5000, "until": "2099-12-31"}).status_code == 404

    read(mona, f"{AT}/pilot", until="2099-12-31", do="1", **said)
    (trial,) = [place for place in places(world.now + timedelta(days=9000)) if place.until]
    assert trial.until == datetime(2099, 12, 31, 14, tzinfo=UTC)


def test_a_step_without_a_reason_is_none(world: World, mona: Browser):
    answer = mona.post(f"{AT}/roll-out", {"version": "2", "where": "everywhere", "do": "1"})

    assert answer.status_code == 422 and "Say why" in answer.content.decode()
    assert numbers(world) == [1, 1]
    assert mona.get(f"{AT}/abolish").status_code == 404


def test_open_tickets_keep_their_version_and_the_preview_says_how_many(world: World, mona: Browser):
    world.opens()

    page = read(mona, f"{AT}/roll-out", version="2", where="everywhere", why="it works", look="")

    assert "1 open ticket keeps the version it was opened under." in page


def test_a_trial_that_is_over_waits_for_a_decision(world: World, mona: Browser):
    began = world.now - timedelta(days=20)
    life.pilot(world.second, world.acme, until=began + timedelta(days=7), by=world.mona, why="try", now=began)

    page = read(mona, f"{AT}/history")

    assert "The trial of field-guide 2 at Acme was to end" in page


def test_who_may_not_change_it_reads_it_and_only_of_their_own_clients(world: World, browser):
    life.pilot(
        world.second, world.acme, until=world.now + timedelta(days=9000), by=world.mona, why="try", now=world.now
    )
    technician = browser("Boris", access=ASSIGNED)
    Person.objects.get(name="Boris").clients.add(world.birch)

    theirs = read(technician, f"{AT}/history")

    assert "Acme" not in theirs and "put on trial at 1 more" in theirs and "Birch" in theirs
    for reader in (technician, browser("Audrey", access=READ_ONLY)):
        page = read(reader, f"{AT}/history")
        assert "Roll it out" not in page and "Start a draft" not in page
        assert reader.post(f"{AT}/roll-out", {"version": "2", "where": "everywhere", "do": "1"}).status_code == 403
    assert numbers(world) == [2, 1]
