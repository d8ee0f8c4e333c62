"""Does a wait last no longer than the standard lets it?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.desk.refusing import refused
from tests.world import FIELD_GUIDE, World
from tocsin.desk import tickets
from tocsin.standard.adopt import adopt

LIMITED = FIELD_GUIDE.read_text().replace(
    'parts = { title = "Waiting for parts" }', 'parts = { title = "Waiting for parts", limit = "2bd on support" }'
)


@pytest.fixture
def limited(world: World) -> World:
    """The world, whose standard has parts waited for by two business days: it is Monday, ten o'clock."""
    adopt(LIMITED, by="test", now=world.now)
    return world


def test_without_an_end_of_its_own_it_ends_at_the_limit_and_goes_on(limited: World):
    ticket = limited.opens()

    tickets.wait(ticket, on="parts", reason="a disk", by=limited.lena, now=limited.now)

    assert limited.last(ticket, "paused").data["until"] == "2026-11-18T10:00:00.000000Z"
    limited.forward(days=2, minutes=1)
    ticket.refresh_from_db()
    assert ticket.pending_on == ""
    [over] = limited.keys(ticket, "wait@")
    assert limited.event(ticket, over).effective_at == limited.at("10:00") + timedelta(days=2)


def test_an_earlier_end_is_kept(limited: World):
    ticket = limited.opens()

    tickets.wait(ticket, on="parts", reason="x", until=limited.at("15:00"), by=limited.lena, now=limited.now)

    assert limited.last(ticket, "paused").data["until"] == "2026-11-16T15:00:00.000000Z"


def test_a_longer_one_is_refused_with_the_limit(limited: World):
    ticket = limited.opens()
    late = limited.now + timedelta(days=3)

    with refused(
        "Waiting for parts: this may last 2bd on support hours, so until 2026-11-18 10:00Z at most: "
        "give an earlier time, or none."
    ):
        tickets.wait(ticket, on="parts", reason="x", until=late, by=limited.lena, now=limited.now)

    assert "paused" not in limited.kinds(ticket)


def test_a_wait_dated_back_counts_from_when_it_began(limited: World):
    ticket = limited.opens()
    began = limited.now
    limited.forward(minutes=10)

    tickets.wait(
        ticket, on="parts", reason="x", by=limited.lena, now=limited.now, at=began, late_because="on the phone"
    )

    assert limited.last(ticket, "paused").data["until"] == "2026-11-18T10:00:00.000000Z"


def test_a_wait_that_has_no_limit_ends_when_somebody_says_so(limited: World):
    ticket = limited.opens()

    tickets.wait(ticket, on="vendor", reason="x", by=limited.lena, now=limited.now)

    assert limited.last(ticket, "paused").data["until"] is None


def test_what_is_opened_waiting_ends_at_the_limit_too(limited: World):
    ticket = tickets.open(client=limited.acme, title="Disk", waiting_for="parts", by=limited.lena, now=limited.now)

    assert limited.last(ticket, "paused").data["until"] == "2026-11-18T10:00:00.000000Z"


def test_a_ticket_opened_before_keeps_the_waits_of_its_version(world: World):
    ticket = world.opens()
    adopt(LIMITED, by="test", now=world.now)

    tickets.wait(ticket, on="parts", reason="x", by=world.lena, now=world.now)

    assert world.last(ticket, "paused").data["until"] is None
