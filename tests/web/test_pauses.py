"""Does a client's page list the waits that somebody should look at again?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client as Browser

from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    world = World()
    world.now = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=3)
    return world


@pytest.fixture
def ann(browser) -> Browser:
    return browser("Ann")


def test_a_wait_of_which_the_client_read_nothing_is_listed_with_who_began_it_and_why(world: World, ann: Browser):
    silent, asked = world.opens("VPN drops", priority="P2"), world.opens("Mail is slow", priority="P2")
    world.updates(asked, "Which mailbox is it?")
    for ticket in (silent, asked):
        world.waits(ticket)

    page = ann.get("/clients/acme/waits").content.decode()

    assert "VPN drops" in page and "Mail is slow" not in page
    assert "Waiting for the client: the client was told nothing, from an hour before it began until now." in page
    assert "Lena: “we need an answer”" in page


def test_the_clients_page_loads_the_card_and_links_to_it_without_scripts(world: World, ann: Browser):
    page = ann.get("/clients/acme").content.decode()
    card = ann.get("/clients/acme/waits", headers={"HX-Request": "true"}).content.decode()

    assert 'hx-get="/clients/acme/waits"' in page and 'href="/clients/acme/waits"' in page
    assert card.startswith("{# ") is False and "<html" not in card
    assert "None in 30 days: every wait began in good time" in card
