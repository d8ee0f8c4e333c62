"""Can a program ask who is on call?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.caller import Caller
from tests.world import World
from tocsin.core.rota import Override
from tocsin.directory import rosters
from tocsin.directory.api_key import ALERT

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    return World()


@pytest.fixture
def now():
    return datetime.now(UTC)


@pytest.fixture
def monday(now):
    """Nine o'clock on the last Monday, as a clock on the wall in UTC shows it."""
    day = now - timedelta(days=now.weekday(), weeks=now.weekday() == 0 and now.hour < 9)
    return day.replace(hour=9, minute=0, second=0, microsecond=0, tzinfo=None)


def test_it_says_who_is_on_duty_by_role_and_until_when(world: World, monday):
    world.roster("on-call-primary", "tara", "sam", starts=monday)

    (duty,) = Caller(world.lena).get("/on-call").json()["on_call"]

    tara, omar = ({"id": world.people[name].pk, "name": name.title()} for name in ("tara", "omar"))
    assert duty == {
        "role": "on-call-primary",
        "client": None,
        "roster": "on-call-primary weekly",
        "on_duty": [tara],
        "until": (monday + timedelta(weeks=1)).isoformat() + "Z",
        "wanted": True,
        "asked": [tara, omar],
    }


def test_in_a_hole_nobody_is_on_duty_and_the_fallback_is_asked_first(world: World, monday, now):
    roster = world.roster("on-call-primary", "tara", starts=monday, fallback="tom")
    off = Override("remove", now - timedelta(hours=1), now + timedelta(hours=2), (world.tara.actor,))
    rosters.override(roster, off, reason="ill", by=world.tara, now=now - timedelta(hours=1))

    (duty,) = Caller(world.lena).get("/on-call").json()["on_call"]

    assert (duty["on_duty"], duty["wanted"]) == ([], True)
    assert [who["name"] for who in duty["asked"]] == ["Tom", "Omar"]
    assert datetime.fromisoformat(duty["until"]) == off.end


def test_a_key_sees_the_rosters_of_its_client_and_those_for_all(world: World, monday):
    globex = world.client("Globex")
    world.roster("on-call-primary", "tara", starts=monday)
    world.roster("on-call-primary", "sam", starts=monday, client=world.acme)
    world.roster("on-call-primary", "nils", starts=monday, client=globex)

    found = Caller(world.lena, client=world.acme).get("/on-call").json()["on_call"]

    assert [(each["client"], each["asked"][0]["name"]) for each in found] == [(None, "Tara"), ("acme", "Sam")]


def test_a_key_that_was_not_made_to_read_is_told_nothing(world: World):
    assert Caller(world.lena, scopes=[ALERT]).get("/on-call").status_code == 403


def test_it_costs_no_query_more_for_each_roster(world: World, monday):
    caller = Caller(world.lena)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert caller.get("/on-call").status_code == 200
        return len(queries)

    world.roster("L2", "tara", "sam", starts=monday)
    cost()  # the first call notes that the key is used
    one = cost()
    for place in range(5):
        world.roster(f"role-{place}", "tara", "sam", starts=monday)

    assert cost() == one
