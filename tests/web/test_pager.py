"""Does one's pager page show one's own pages, and can one say from it that one has them?"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.world import World
from tocsin.channels.pager import Pager
from tocsin.desk import escalations, tickets
from tocsin.directory import accounts
from tocsin.directory.person import READ_ONLY
from tocsin.outbox import pagers
from tocsin.outbox.pager import Call
from tocsin.outbox.pager import Pager as Row

pytestmark = pytest.mark.django_db
OF = "step/page@1/primary"


@pytest.fixture
def world(db: None) -> World:
    world = World()
    world.now = datetime.now(UTC)  # as whoever looks at the page has it
    world.edges["pager"] = Pager(pagers.Polls(), patience=0)
    return world


@pytest.fixture
def signed_in(world: World):
    """signed_in("omar"): a browser of theirs."""

    def opened(who: str) -> Browser:
        person = world.people[who]
        account = accounts.add(f"{who}@msp.example", password="a heron on the weir", person=person, now=world.now)
        browser = Browser(headers={"accept": "text/html"})
        browser.force_login(account)
        return browser

    return opened


@pytest.fixture
def omar(world: World, signed_in) -> Browser:
    """Omar is on call, and his pager is armed."""
    browser = signed_in("omar")
    assert browser.post(reverse("pager-arm")).json()["says"].startswith("Armed.")
    world.omar.refresh_from_db()
    return browser


def critical(world: World, title: str = "Ransomware"):
    """A critical ticket has been opened, and its page lies in the outbox."""
    ticket = tickets.open(client=world.acme, title=title, priority="P1", by=world.lena, now=world.now)
    world.turns_deciding()
    return ticket


def polled(browser: Browser) -> list[dict]:
    answer = browser.get(reverse("pager-poll")).json()
    assert answer["armed"]
    return answer["pages"]


def test_arming_puts_the_pager_first_and_disarming_takes_it_away(world: World, omar: Browser):
    assert world.omar.ways == [["pager", str(world.omar.pk)], ["phone", "omar"], ["email", "omar@msp.example"]]

    assert "Disarmed" in omar.post(reverse("pager-disarm")).json()["says"]

    world.omar.refresh_from_db()
    assert world.omar.ways == [["phone", "omar"], ["email", "omar@msp.example"]]
    assert omar.get(reverse("pager-poll")).json() == {"armed": False, "pages": []}


def test_a_poll_fetches_what_waits_and_says_who_is_asked_why(world: World, omar: Browser):
    ticket = critical(world)

    (page,) = polled(omar)

    assert "Ransomware" in page["subject"]
    assert "Why you:" in page["text"]
    assert page["rings"] is True
    assert page["stands"].startswith(f"{ticket.number}. Nobody has it yet. Due since ")
    assert page["ticket"] == f"/tickets/{ticket.number}"
    assert page["escalate"] == f"/tickets/{ticket.number}?do=escalate#composer"
    world.turn()
    assert world.event(ticket, f"delivered/{OF}/{world.omar.actor}").data["channel"] == "pager"


def test_what_rings_is_listed_first_the_oldest_of_it_on_top(world: World, omar: Browser):
    critical(world, "First")
    world.now += timedelta(minutes=1)
    critical(world, "Second")

    pages = polled(omar)
    assert [page["subject"].split()[-1] for page in pages] == ["First", "Second"]

    omar.post(pages[0]["acknowledge"])
    assert [(page["subject"].split()[-1], page["rings"]) for page in polled(omar)] == [
        ("Second", True),
        ("First", False),
    ]


def test_acknowledged_it_rings_no_more_on_any_device_and_says_who_has_it(world: World, omar: Browser):
    ticket = critical(world)
    (page,) = polled(omar)

    answer = omar.post(page["acknowledge"])

    assert answer.status_code == 200
    assert answer.json()["says"].startswith(f"You have {ticket.number}: acknowledged at ")
    (page,) = polled(omar)
    assert (page["rings"], page["stands"].startswith(f"{ticket.number}. Omar has it since")) == (False, True)
    row = escalations.answer(ticket, OF)
    assert row is not None
    assert row.actor == world.omar.actor


def test_somebody_elses_acknowledgement_stops_it_and_a_second_one_is_told_who_was_first(
    world: World, omar: Browser, signed_in
):
    ticket = critical(world)
    (page,) = polled(omar)
    escalations.acknowledge(ticket, of=OF, by=world.nils, now=world.now)

    (now,) = polled(omar)
    assert now["rings"] is False
    answer = omar.post(page["acknowledge"])

    assert answer.json()["says"] == f"Nils has {ticket.number} already. It is on record that you answered too."


def test_a_page_of_a_ticket_that_is_over_rings_no_more_and_cannot_be_acknowledged(world: World, omar: Browser):
    ticket = critical(world)
    (page,) = polled(omar)
    tickets.cancel(ticket, reason="it was a test", by=world.lena, now=world.now)

    (now,) = polled(omar)
    answer = omar.post(page["acknowledge"])

    assert (now["rings"], now["stands"]) == (False, f"{ticket.number}. It is cancelled.")
    assert answer.status_code == 409
    assert "is cancelled" in answer.json()["says"]


def test_what_rings_cannot_be_put_away_and_what_does_not_can(world: World, omar: Browser):
    critical(world)
    (page,) = polled(omar)

    refused = omar.post(page["put_away"])
    assert (refused.status_code, refused.json()["says"]) == (
        409,
        "It rings until somebody has it: acknowledge it first.",
    )
    omar.post(page["acknowledge"])
    assert "Put away" in omar.post(page["put_away"]).json()["says"]

    assert polled(omar) == []


def test_nobody_acknowledges_or_puts_away_anothers_page(world: World, omar: Browser, signed_in):
    ticket = critical(world)
    (page,) = polled(omar)
    nils = signed_in("nils")
    nils.post(reverse("pager-arm"))

    for address in (page["acknowledge"], page["put_away"]):
        assert nils.post(address).status_code == 404
    assert polled(nils) == []
    assert escalations.answer(ticket, OF) is None


def test_looking_acknowledges_nothing_and_an_unknown_verb_is_nothing(world: World, omar: Browser):
    ticket = critical(world)
    (page,) = polled(omar)

    assert omar.get(page["acknowledge"]).status_code == 405
    assert omar.post(page["acknowledge"].replace("acknowledge", "applaud")).status_code == 404
    assert escalations.answer(ticket, OF) is None


def test_a_page_about_a_ticket_one_may_not_see_is_read_and_not_acted_on(world: World, omar: Browser):
    critical(world)
    world.omar.access = "assigned"
    world.omar.save()

    (page,) = polled(omar)

    assert (page["rings"], page["ticket"]) == (False, "")
    assert omar.post(page["acknowledge"]).status_code == 404


def test_a_page_that_is_open_and_not_armed_fetches_nothing(world: World, signed_in):
    browser = signed_in("omar")
    critical(world)

    browser.get(reverse("pager"))
    assert browser.get(reverse("pager-poll")).json() == {"armed": False, "pages": []}

    assert not Call.objects.exists()
    assert not Row.objects.exists()


def test_an_auditor_looks_and_can_arm_nothing(world: World, signed_in):
    world.omar.access = READ_ONLY
    world.omar.save()
    auditor = signed_in("omar")

    assert "nobody pages you" in auditor.get(reverse("pager")).text
    assert auditor.post(reverse("pager-arm")).status_code == 403


def test_polls_are_noted_every_few_seconds_not_every_time(world: World):
    pagers.arm(world.omar, now=world.now)
    for seconds in (2, 4, 6, 8):
        pagers.poll(world.omar, now=world.now + timedelta(seconds=seconds))

    assert Row.objects.get().polled_at == world.now + timedelta(seconds=6)


def test_it_can_be_installed(client: Browser):
    manifest = client.get("/static/pager.webmanifest")

    assert manifest["Content-Type"] == "application/manifest+json"
    said = json.loads(manifest.getvalue())
    manifest.close()
    assert (said["display"], said["start_url"]) == ("standalone", "/pager")
    for icon in said["icons"]:
        answer = client.get(icon["src"])
        assert answer.status_code == 200
        assert answer["Content-Type"] == icon["type"]
        answer.close()
