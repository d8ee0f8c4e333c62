"""Does a client's page say which promises were kept, and lead to the tickets behind each number?"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    world = World()
    world.now = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=40)
    return world


@pytest.fixture
def ann(browser) -> Browser:
    return browser("Ann")


def links(page: str) -> list[tuple[str, int, str]]:
    """Address, number and verdict of each number that leads on."""
    found = re.findall(r'<a href="(/clients/acme/promises[^"]*)">(\d+) (\w+)</a>', page)
    return [(address.replace("&amp;", "&"), int(number), verdict) for address, number, verdict in found]


def test_each_number_leads_to_just_so_many_tickets(world: World, ann: Browser):
    kept, _broken = world.opens("VPN drops", priority="P2"), world.opens("Mail is slow", priority="P2")
    world.responds(kept)
    world.forward(minutes=35)

    page = ann.get("/clients/acme/kept").content.decode()

    assert "50.0 %" in page and "no data" in page
    assert '<span class="badge plain">guarantee</span>' in page and '<span class="badge plain">target</span>' in page
    found = links(page)
    assert {verdict for _, _, verdict in found} == {"kept", "broken", "running"}
    for address, number, verdict in found:
        listed = ann.get(address).content.decode()
        assert listed.count('class="open"') == number, address
        assert f"{number} {verdict}" in listed
    response = next(address for address, _, verdict in found if verdict == "broken" and "clock=response" in address)
    assert "Mail is slow" in (listed := ann.get(response).content.decode()) and "VPN drops" not in listed


def test_the_clients_page_loads_the_card_once_it_is_shown_and_links_to_it_without_scripts(world: World, ann: Browser):
    world.opens("VPN drops", priority="P2")

    page = ann.get("/clients/acme").content.decode()
    card = ann.get("/clients/acme/kept", headers={"HX-Request": "true"}).content.decode()
    alone = ann.get("/clients/acme/kept").content.decode()

    assert 'hx-get="/clients/acme/kept" hx-trigger="load"' in page and '<a href="/clients/acme/kept">' in page
    assert "1 running" in card and "<html" not in card and 'aria-labelledby="kept"' in card
    assert "1 running" in alone and '<a href="/clients/acme">Acme</a>' in alone


def test_the_clients_page_reads_no_clock_however_many_are_open(world: World, ann: Browser):
    world.opens("VPN drops", priority="P2")

    with CaptureQueriesContext(connection) as asked:
        assert ann.get("/clients/acme").status_code == 200

    assert not [query["sql"] for query in asked if '"reading"' in query["sql"] and "LIMIT 50" not in query["sql"]]


def test_a_client_without_a_ticket_has_no_data_rather_than_all_kept(world: World, ann: Browser):
    page = ann.get("/clients/acme/kept").content.decode()

    assert page.count("no data") == 12 and "100.0 %" not in page


@pytest.mark.parametrize("asked", ["", "?period=this-month", "?period=last-year&verdict=kept", "?verdict=kept"])
def test_a_figure_that_there_is_not_is_not_there(world: World, ann: Browser, asked: str):
    assert ann.get(f"/clients/acme/promises{asked}").status_code == 404


def test_a_number_that_has_become_none_says_so(world: World, ann: Browser):
    page = ann.get("/clients/acme/promises?clock=response&kind=target&period=this-month&verdict=kept")

    assert page.status_code == 200 and "No ticket is behind this number." in page.content.decode()
