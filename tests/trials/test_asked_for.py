"""What becomes of a backtest that somebody asks for on a screen?"""

from datetime import timedelta

import pytest

from tests.world import FIELD_GUIDE, World
from tocsin.core.policy import BadPolicy
from tocsin.trials import backtest, working
from tocsin.trials.backtest import Backtest

DRAFT = FIELD_GUIDE.read_text().replace('P1 = "4h", P2 = "8h",', 'P1 = "4h", P2 = "2h",')
pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World()


def asked(world, **more):
    return backtest.ask("a stricter P2", DRAFT, zone="UTC", by=world.mona, now=world.now, **more)


def broken_by_the_draft(world):
    ticket = world.opens(priority="P2")
    world.forward(hours=3)
    world.solves(ticket)
    return ticket


def test_it_is_worked_on_and_what_it_found_is_kept(world):
    ticket = broken_by_the_draft(world)
    row = asked(world)

    assert backtest.claim(world.now) == row.pk
    working.work(row.pk, clock=lambda: world.now, processes=1)

    row.refresh_from_db()
    assert (row.state, row.done, row.total, row.by) == ("done", 1, 1, world.mona.actor)
    assert [flip["number"] for flip in row.result["flips"]["kept"]] == [ticket.number]
    assert ticket.number in row.flips
    assert backtest.claim(world.now) is None


def test_one_is_worked_on_at_a_time_the_oldest_first(world):
    first, second = asked(world), asked(world)

    assert [backtest.claim(world.now), backtest.claim(world.now)] == [first.pk, None]
    assert backtest.cancel(first.pk, now=world.now)
    assert backtest.claim(world.now) == second.pk


def test_one_that_is_stopped_keeps_nothing(world):
    broken_by_the_draft(world)
    row = asked(world)
    backtest.claim(world.now)

    backtest.cancel(row.pk, now=world.now)
    working.work(row.pk, clock=lambda: world.now, processes=1)

    row.refresh_from_db()
    assert (row.state, row.result, row.flips) == ("cancelled", None, "")
    assert not backtest.cancel(row.pk, now=world.now), "it is over"


def test_one_whose_process_is_gone_has_its_turn_again(world):
    row = asked(world)
    backtest.claim(world.now)
    backtest.heard(row.pk, done=3, total=9, now=world.now)

    assert backtest.claim(world.now + timedelta(seconds=90)) is None
    assert backtest.claim(world.now + timedelta(seconds=150)) == row.pk


def test_one_that_cannot_be_done_says_why(world):
    broken_by_the_draft(world)
    row = asked(world)
    backtest.claim(world.now)
    Backtest.objects.filter(pk=row.pk).update(zone="Mars/Base")

    with pytest.raises(LookupError):
        working.work(row.pk, clock=lambda: world.now, processes=1)

    row.refresh_from_db()
    assert row.state == "failed"
    assert "Mars/Base" in row.why


def test_a_text_nobody_could_work_by_is_not_asked_for(world):
    with pytest.raises(BadPolicy):
        backtest.ask("broken", "[standard]", zone="UTC", by=world.mona, now=world.now)
