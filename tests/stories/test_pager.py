"""Does a page reach the pager page of whoever carries it, and their next way where it does not?"""

from __future__ import annotations

import pytest

from tocsin.channels.pager import Pager
from tocsin.desk import escalations, tickets
from tocsin.outbox import lease, pagers
from tocsin.outbox.pager import Call


class Silent(Pager):
    """A pager of which the world reads nothing: what it fetched stands in the database."""

    letters = ()


@pytest.fixture
def world(world):
    """Omar is on call and carries a pager; a letter waits for no poll, for in a story nobody polls meanwhile."""
    world.edges["pager"] = Silent(pagers.Polls(), patience=0)
    pagers.arm(world.omar, now=world.now)
    return world


def opened(world):
    """A critical ticket, for which Omar is paged; the engine has decided so and has sent nothing yet."""
    ticket = tickets.open(client=world.acme, title="Ransomware", priority="P1", by=world.lena, now=world.now)
    world.turns_deciding()
    return ticket


def primary(world, ticket) -> str:
    return world.event(ticket, f"delivered/step/page@1/primary/{world.omar.actor}").data["channel"]


def test_a_page_that_a_poll_has_fetched_is_handed_over_and_goes_no_other_way(world):
    ticket = opened(world)

    pagers.poll(world.omar, now=world.now)
    world.turn()

    world.phone("omar").is_silent()
    delivered = world.event(ticket, f"delivered/step/page@1/primary/{world.omar.actor}")
    assert delivered.data["channel"] == "pager"
    assert delivered.data["receipt"] == "fetched by the pager page at 2026-11-16 10:00:00 UTC"
    assert delivered.data["possible_duplicate"] is False


def test_when_nobody_has_polled_for_half_a_minute_the_next_way_has_it_at_the_same_instant(world):
    world.now = world.at("10:00:31")
    ticket = world.opens("Ransomware", priority="P1")

    world.phone("omar").gets_one("Ransomware")
    delivered = world.event(ticket, f"delivered/step/page@1/primary/{world.omar.actor}")
    assert (delivered.data["channel"], delivered.effective_at) == ("phone", world.at("10:00:31"))


def test_who_disarmed_is_reached_as_before(world):
    pagers.disarm(world.omar)
    world.omar.refresh_from_db()

    ticket = world.opens("Ransomware", priority="P1")

    assert primary(world, ticket) == "phone"
    assert world.omar.ways == [["phone", "omar"], ["email", "omar@msp.example"]]


def test_a_page_under_way_when_its_reader_disarms_goes_the_next_way(world):
    ticket = opened(world)
    pagers.disarm(world.omar)

    assert pagers.poll(world.omar, now=world.now) is False
    world.turn()

    assert primary(world, ticket) == "phone"


def test_two_devices_fetch_a_page_once_and_both_show_it(world):
    opened(world)

    for _ in range(2):
        pagers.poll(world.omar, now=world.now)
        assert len(pagers.calls(world.omar, now=world.now)) == 1

    assert Call.objects.count() == 1


def test_a_sender_that_died_after_the_poll_is_followed_by_one_that_sends_nothing_again(world):
    ticket = opened(world)
    (delivery,) = [each for each in lease.claim(world.now, 10) if each.channel == "pager"]
    lease.hold(delivery, world.now)
    pagers.poll(world.omar, now=world.now)

    world.forward(minutes=4, seconds=59)
    world.phone("omar").is_silent()
    assert not any(key.startswith("delivered/step/page@1/primary") for key in world.all_keys(ticket))
    world.forward(seconds=1)

    world.phone("omar").is_silent()
    assert primary(world, ticket) == "pager"


def test_a_page_that_went_another_way_is_not_fetched_any_more(world):
    world.now = world.at("10:01")
    world.opens("Ransomware", priority="P1")

    pagers.poll(world.omar, now=world.now)

    assert pagers.calls(world.omar, now=world.now) == []


def test_who_has_nothing_but_a_pager_gets_the_page_with_the_first_poll_that_comes(world):
    world.omar.ways = [["pager", str(world.omar.pk)]]
    world.omar.save()
    world.now = world.at("10:01")
    ticket = world.opens("Ransomware", priority="P1")
    world.forward(minutes=1)

    pagers.poll(world.omar, now=world.now)
    assert len(pagers.calls(world.omar, now=world.now)) == 1
    world.forward(minutes=2)

    assert primary(world, ticket) == "pager"


def test_acknowledged_by_somebody_it_says_who_has_it(world):
    ticket = opened(world)
    of = "step/page@1/primary"
    pagers.poll(world.omar, now=world.now)
    world.turn()
    assert escalations.answer(ticket, of) is None

    world.acknowledges(ticket, of, by="nils")

    answer = escalations.answer(ticket, of)
    assert answer is not None
    assert answer.actor == world.nils.actor


def test_arming_twice_adds_one_way(world):
    pagers.arm(world.omar, now=world.now)
    world.omar.refresh_from_db()

    assert world.omar.ways == [["pager", str(world.omar.pk)], ["phone", "omar"], ["email", "omar@msp.example"]]


def test_who_was_reached_by_their_mail_address_alone_still_is(world):
    world.sam.ways, world.sam.email = [], "sam@msp.example"
    world.sam.save()

    pagers.arm(world.sam, now=world.now)
    assert world.sam.ways == [["pager", str(world.sam.pk)], ["email", "sam@msp.example"]]
    pagers.disarm(world.sam)

    assert world.sam.ways == []
    assert world.sam.how_to_reach() == [("email", "sam@msp.example")]
