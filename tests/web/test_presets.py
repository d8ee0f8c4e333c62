"""Do the screens show every standard that ships, and tickets whose priorities have other names?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client as Browser

from tests.web.test_standard import words
from tests.world import World
from tocsin.standard import presets
from tocsin.standard.adopt import adopt
from tocsin.web.colours import mark

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    return World()


@pytest.fixture
def ann(world: World, browser) -> Browser:
    for name in presets.NAMES:
        adopt(presets.text(name), by="test", now=world.now - timedelta(days=1))
    return browser("Ann")


@pytest.mark.parametrize("name", presets.NAMES)
def test_a_standard_that_ships_can_be_read(ann: Browser, name):
    policy = presets.read(name)

    for priority in policy.priorities:
        page = words(ann.get("/standard", {"name": name, "priority": priority.name}).content.decode())
        assert policy.title in page
        assert f"{priority.name} {priority.title}" in page


@pytest.mark.parametrize(
    ("name", "priority", "minutes"),
    [("severity-tiers", "S1", 15), ("severity-tiers", "S4", 240), ("three-tier", "P3", 120)],
)
def test_a_ticket_whose_priority_has_another_name_is_shown_and_worked_on(
    world: World, ann: Browser, name, priority, minutes
):
    client = world.client("Bolt", policy=name)
    ticket = world.opens("The order system", priority=priority, client=client)
    tone = mark(next(each.colour for each in presets.read(name).priorities if each.name == priority))

    for address in ("/", "/tickets", f"/tickets/{ticket.number}"):
        assert f'<span class="badge {tone}">{priority}</span>' in ann.get(address).content.decode(), address
    form = ann.get(f"/tickets/{ticket.number}?do=note").content.decode()
    assert f'<option value="{minutes}" selected>' in form
