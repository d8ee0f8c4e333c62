"""What does a pilot measure, before and during, at the client that tries it?"""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest

from tests.world import World
from tocsin.trials import pilot


@pytest.fixture
def world(db: None) -> World:
    return World()


def answered(world: World, *, after: float, solved: float, priority: str = "P2", **more):
    """A ticket that is answered and solved so many minutes after it is opened."""
    ticket = world.opens(priority=priority, **more)
    world.forward(minutes=after)
    world.responds(ticket)
    world.forward(minutes=solved - after)
    world.solves(ticket)
    return ticket


def test_times_before_and_during_are_those_of_what_was_reported_then(world: World):
    answered(world, after=20, solved=100)
    answered(world, after=40, solved=60)
    since = world.now
    answered(world, after=10, solved=50)
    open_one = world.opens(priority="P2")
    world.forward(minutes=5)
    world.responds(open_one)
    world.forward(minutes=105)

    measured = pilot.measure(world.acme, since=since, now=world.now)

    before, during = measured.before, measured.during
    assert (before.start, before.end, during.end) == (since - timedelta(minutes=160), since, world.now)
    assert (before.tickets, during.tickets) == (2, 2)
    assert before.acknowledged.elapsed == [timedelta(minutes=20), timedelta(minutes=40)]
    assert during.acknowledged.figures(working=False).median == timedelta(minutes=7, seconds=30)
    assert (before.resolved.n, during.resolved.n) == (2, 1)
    assert during.resolved.figures(working=True) == pilot.Figures(1, *[timedelta(minutes=50)] * 3)


def test_a_kept_promise_and_a_broken_one_are_counted_as_reports_count_them(world: World):
    since = world.now
    answered(world, after=10, solved=50)
    answered(world, after=45, solved=60)
    during = pilot.measure(world.acme, since=since, now=world.now).during
    assert (during.attainment("response"), during.attainment("resolution")) == (Fraction(1, 2), Fraction(1))
    assert during.attainment("nothing") is None


def test_working_time_leaves_out_the_night_and_the_time_elapsed_does_not(world: World):
    since = world.now
    ticket = world.opens(priority="P3")
    world.forward(to=world.at("9:00", day=17))
    world.responds(ticket)
    during = pilot.measure(world.acme, since=since, now=world.now + timedelta(minutes=1)).during
    assert during.acknowledged.elapsed == [timedelta(hours=23)]
    assert during.acknowledged.working == [timedelta(hours=9)]


def test_who_was_paged_how_often_is_counted_by_person(world: World):
    since = world.now
    world.opens(priority="P1")
    world.forward(minutes=6)
    during = pilot.measure(world.acme, since=since, now=world.now).during
    assert during.pages == {world.omar.actor: 1, world.nils.actor: 1}


def test_too_few_tickets_are_said_to_be_too_few(world: World):
    since = world.now
    nothing = pilot.measure(world.acme, since=since, now=world.now)
    assert nothing.resolving == "Nothing can be said of the time to resolve: 0 tickets before, 0 during the pilot."
    answered(world, after=20, solved=100)
    since = world.now
    answered(world, after=10, solved=100)
    assert pilot.measure(world.acme, since=since, now=world.now).acknowledging == (
        "Too few tickets to tell, 20 on either side are wanted: median time to acknowledge 20 min before (n = 1), "
        "10 min during (n = 1), in working time."
    )


def test_a_pilot_that_is_over_counts_to_its_end_and_other_clients_not_at_all(world: World):
    bolt = world.client("Bolt")
    since = world.now
    answered(world, after=10, solved=50)
    ends = world.now
    answered(world, after=10, solved=50)
    answered(world, after=1, solved=2, client=bolt)
    measured = pilot.measure(world.acme, since=since, until=ends, now=world.now)
    assert (measured.during.tickets, measured.during.end) == (1, ends)
