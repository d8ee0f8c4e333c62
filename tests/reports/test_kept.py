"""Is each promise counted once, in the month of its verdict, with the ticket behind it?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test.utils import CaptureQueriesContext

from tests.conftest import tamper
from tests.world import World
from tocsin.desk import corrections, tickets
from tocsin.desk.ticket import Ticket
from tocsin.reports.kept import Figure, figures, periods

pytestmark = pytest.mark.django_db
RESPONSE, UPDATES, RESOLUTION = ("response", "target"), ("next_update", "target"), ("resolution", "guarantee")


def numbers(world: World, *, zone: str = "UTC", now: datetime | None = None):
    """Clock and kind → period → kept, broken, running."""
    now = now or world.now
    found = figures(Ticket.objects.all(), periods(zone, now), now=now)
    return {
        line: {name: (each.kept, each.broken, each.running) for name, each in by_name.items()}
        for line, by_name in found.items()
    }


@pytest.fixture
def world(db: None) -> World:
    return World()


def test_kept_broken_and_running_are_counted_each_with_its_tickets(world: World):
    kept, broken, running = (world.opens(priority="P2") for _ in range(3))
    world.responds(kept)
    world.forward(minutes=31)
    world.responds(broken)
    new = world.opens(priority="P2")

    found = figures(Ticket.objects.all(), periods("UTC", world.now), now=world.now)[RESPONSE]["this-month"]

    assert (found.kept, found.broken, found.running, found.attainment) == (1, 2, 1, "33.3 %")
    assert found.tickets == {"kept": {kept.pk: 1}, "broken": {broken.pk: 1, running.pk: 1}, "running": {new.pk: 1}}


def test_without_a_verdict_it_is_no_data_and_never_all_kept(world: World):
    world.opens(priority="P2")

    found = figures(Ticket.objects.all(), periods("UTC", world.now), now=world.now)[RESPONSE]

    assert [each.attainment for each in found.values()] == ["no data"] * 3
    assert Figure().attainment == "no data"


def test_each_says_whether_it_is_a_target_or_a_guarantee(world: World):
    world.opens(priority="P2")

    assert {RESPONSE, RESOLUTION} <= numbers(world).keys()


def test_the_month_is_that_of_the_verdict_on_the_clients_wall(world: World):
    world.now = datetime(2026, 11, 30, 12, 40, tzinfo=UTC)
    ticket = world.opens(priority="P1")
    world.forward(minutes=10)
    world.responds(ticket)  # 30 November in London, 1 December in Auckland
    now = datetime(2026, 12, 1, 12, tzinfo=UTC)

    assert numbers(world, zone="Europe/London", now=now)[RESPONSE] == {
        "this-month": (0, 0, 0),
        "last-month": (1, 0, 0),
        "90-days": (1, 0, 0),
    }
    assert numbers(world, zone="Pacific/Auckland", now=now)[RESPONSE]["this-month"] == (1, 0, 0)


def test_what_runs_runs_now_and_not_last_month(world: World):
    world.now = datetime(2026, 11, 30, 12, tzinfo=UTC)
    world.opens(priority="P4")

    now = world.now + timedelta(days=1)
    assert {name: each[2] for name, each in numbers(world, now=now)[RESOLUTION].items()} == {
        "this-month": 1,
        "last-month": 0,
        "90-days": 1,
    }


def test_what_broke_while_no_engine_ran_is_broken(world: World):
    ticket = tickets.open(client=world.acme, title="Mail is down", priority="P1", by=world.lena, now=world.now)
    at = world.now + timedelta(hours=6)

    found = numbers(world, now=at)

    assert found[RESOLUTION]["this-month"] == found[RESPONSE]["this-month"] == (0, 1, 0)
    world.now = at
    world.turn()
    ticket.refresh_from_db()
    assert numbers(world) == found


def test_what_an_import_left_open_runs_in_no_figure(world: World):
    ticket = world.opens(priority="P1")
    Ticket.objects.filter(pk=ticket.pk).update(imported=True)

    assert numbers(world) == {}
    assert numbers(world, now=world.now + timedelta(days=9)) == {}


def test_laps_on_both_sides_of_a_months_end_are_told_apart_by_the_log(world: World):
    world.now = datetime(2026, 11, 30, 23, 0, tzinfo=UTC)
    ticket = world.opens(priority="P1")
    for _ in range(8):  # every half an hour an update is promised
        world.updates(ticket)
        world.forward(minutes=20)

    found = numbers(world)[UPDATES]

    assert found["last-month"][0] + found["this-month"][0] == found["90-days"][0] == 8
    assert (found["last-month"], found["this-month"]) == ((3, 0, 0), (5, 0, 1))


def test_laps_that_lie_in_one_month_are_counted_without_the_log(world: World, django_assert_max_num_queries):
    ticket = world.opens(priority="P1")
    for _ in range(4):
        world.updates(ticket)
        world.forward(minutes=20)

    with django_assert_max_num_queries(1):
        assert numbers(world)[UPDATES]["this-month"] == (4, 0, 1)


def test_a_hundred_tickets_cost_no_more_queries_than_one(world: World):
    from django.db import connection

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            numbers(world, now=world.now + timedelta(days=16))
        return len(asked)

    def talks() -> None:
        ticket = world.opens(priority="P1")
        world.updates(ticket)
        world.updates(ticket)

    talks()
    one = queries()
    for _ in range(5):
        talks()

    assert queries() == one <= 3


def test_an_approved_correction_moves_the_figure(world: World):
    ticket = world.opens(priority="P2")
    world.forward(minutes=40)
    world.calls(ticket, "Told.", at=world.at("10:05"), late_because="on the road", by="tara")
    assert numbers(world)[RESPONSE]["this-month"] == (0, 1, 0)

    (waiting,) = corrections.waiting(ticket)
    corrections.approve(ticket, of=waiting.place, by=world.mona, now=world.now)

    assert numbers(world)[RESPONSE]["this-month"] == (1, 0, 0)


def test_drills_and_what_ended_void_are_in_no_figure_but_its_breach_stays(world: World):
    cancelled, broken, drill = (world.opens(priority="P2") for _ in range(3))
    world.cancels(cancelled)
    Ticket.objects.filter(pk=drill.pk).update(kind="drill")
    world.forward(minutes=31)
    world.cancels(broken)

    assert numbers(world)[RESPONSE]["this-month"] == (0, 1, 0)


def test_what_was_over_before_the_first_period_is_not_read(world: World):
    world.solves(world.opens(priority="P2"))
    world.forward(hours=30)

    assert numbers(world, now=world.now + timedelta(days=120)) == {}


def test_a_ticket_whose_log_is_gone_hides_no_other(world: World):
    gone, other = world.opens(priority="P2"), world.opens(priority="P2")
    tamper("DELETE FROM tocsin_event WHERE stream = %s", gone.stream_name)

    at = world.now + timedelta(hours=1)
    found = figures(Ticket.objects.all(), periods("UTC", at), now=at)

    assert found[RESPONSE]["this-month"].tickets["broken"] == {other.pk: 1}
