"""Does a letter stay with whoever has it in hand, and with nobody else?"""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from tocsin.outbox import lease
from tocsin.outbox.delivery import Delivery
from tocsin.outbox.queue import Letter, queue

pytestmark = pytest.mark.django_db
TEN = datetime(2026, 11, 20, 10, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def a_letter():
    ways = [("terminal", "ann"), ("email", "ann@msp.example")]
    with transaction.atomic():
        queue([Letter(3, 17, "step@1", "person/1", ways, "[P1] Acme", "The mail server is down.", TEN)])


def test_a_letter_that_was_claimed_is_nobody_elses_until_the_claim_is_over():
    (mine,) = lease.claim(TEN, 10)

    assert (mine.token, mine.handed_at) == (1, None)
    assert lease.claim(TEN + lease.CLAIMED_FOR - SECOND, 10) == []
    (theirs,) = lease.claim(TEN + lease.CLAIMED_FOR, 10)
    assert (theirs.token, theirs.handed_at) == (2, None)


def test_whoever_finds_a_letter_that_was_held_knows_that_it_may_have_left():
    (mine,) = lease.claim(TEN, 10)
    lease.hold(mine, TEN + SECOND)

    (theirs,) = lease.claim(TEN + SECOND + lease.HELD_FOR, 10)

    assert theirs.handed_at == TEN + SECOND


def test_whoever_has_lost_a_letter_can_neither_hold_it_nor_put_it_back_nor_record_what_came_of_it():
    (late,) = lease.claim(TEN, 10)
    (theirs,) = lease.claim(TEN + lease.CLAIMED_FOR, 10)
    before = Delivery.objects.values().get()

    assert not lease.hold(late, TEN + 11 * SECOND)
    assert not lease.put_back(late, not_before=TEN, attempts=1, error="no answer")
    assert not lease.keep(late, state="sent", sent_at=TEN, receipt="taken", lease_until=None)

    assert Delivery.objects.values().get() == before
    assert lease.hold(theirs, TEN + 12 * SECOND)
    assert lease.keep(theirs, state="sent", sent_at=TEN + 13 * SECOND, receipt="taken", lease_until=None)


def test_what_is_kept_is_read_back_as_it_was_given():
    (mine,) = lease.claim(TEN, 10)
    ways = [["email", "änn@msp.example", 2]]
    at = TEN + timedelta(microseconds=1)

    lease.put_back(mine, channel="pager", alternatives=ways, not_before=at, duplicate_possible=True, error="'%s")

    stored = Delivery.objects.get()
    assert (stored.state, stored.lease_until, stored.handed_at) == ("queued", None, None)
    assert (stored.channel, stored.alternatives, stored.not_before) == ("pager", ways, at)
    assert (stored.duplicate_possible, stored.error) == (True, "'%s")
