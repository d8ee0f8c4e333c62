"""Can an act be dated back on a ticket's page, and a correction be decided on by whom the rules name?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client as Browser

from tests.world import World
from tocsin.desk import corrections
from tocsin.desk.ticket import Ticket
from tocsin.directory import accounts
from tocsin.directory.account import Account
from tocsin.directory.person import Holding, Person

pytestmark = pytest.mark.django_db
LATE = "on the road until now"


@pytest.fixture
def world(db: None) -> World:
    world = World()
    world.now = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=50)
    return world


def signed_in(person: Person) -> Browser:
    browser = Browser(headers={"accept": "text/html"})
    email = f"{person.name.lower()}@msp.example"
    known = Account.objects.filter(email=email).first()
    browser.force_login(
        known or accounts.add(email, password="a heron on the weir", person=person, now=datetime.now(UTC))
    )
    return browser


def called(browser: Browser, ticket: Ticket, at: datetime, because: str = LATE):
    ticket.refresh_from_db()
    said = {
        "seen": ticket.head_seq,
        "result": "Carla was told",
        "at": at.strftime("%Y-%m-%dT%H:%M"),
        "late_because": because,
        "next_step": "Look",
        "next_who": ticket.owner_id,
        "next_due": "30",
    }
    return browser.post(f"/tickets/{ticket.number}/called", said)


@pytest.fixture
def late(world: World) -> Ticket:
    """A P2 answered in time, which Tara put on record when its response was broken."""
    ticket = world.opens("VPN drops", priority="P2")
    began = world.now
    world.forward(minutes=45)
    assert called(signed_in(world.tara), ticket, began + timedelta(minutes=5)).status_code == 302
    ticket.refresh_from_db()
    return ticket


def page(browser: Browser, ticket: Ticket) -> str:
    return browser.get(f"/tickets/{ticket.number}").content.decode()


def test_an_act_that_can_be_dated_back_asks_when_it_was_and_says_how_far_back(world: World):
    ticket = world.opens(priority="P2")
    lena = signed_in(world.lena)

    for verb, can in (("called", True), ("wait", True), ("solve", True), ("note", False), ("update", False)):
        said = lena.get(f"/tickets/{ticket.number}?do={verb}").content.decode()
        assert ("When it really was" in said) == can, verb
        assert ("Incident manager or Service desk manager may date it back further" in said) == can, verb


def test_dated_back_it_is_so_from_then_on_and_says_why(world: World):
    ticket = world.opens(priority="P2")
    world.forward(minutes=49)
    at = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=10)

    assert called(signed_in(world.lena), ticket, at).status_code == 302

    event = world.last(ticket, "responded")
    assert (event.effective_at, event.data["dated_back"]["because"]) == (at, LATE)
    assert "dated back; recorded" in page(signed_in(world.sam), ticket)


def test_without_a_reason_or_too_far_back_it_is_refused_and_nothing_is_lost(world: World):
    ticket = world.opens(priority="P2")
    began = world.now
    world.forward(minutes=45)
    lena = signed_in(world.lena)

    unsaid = called(lena, ticket, began + timedelta(minutes=44), because="")
    far = called(lena, ticket, began + timedelta(minutes=5))

    assert "say why it comes on record only now" in unsaid.content.decode()
    assert "nobody but Incident manager or Service desk manager may date an act back" in far.content.decode()
    for answer in (unsaid, far):
        assert answer.status_code == 422
        assert "Carla was told" in answer.content.decode()
        assert '<details class="late-entry" open>' in answer.content.decode()
    assert "responded" not in world.kinds(ticket)


def test_a_correction_shows_both_figures_to_everybody_and_its_buttons_to_who_may_decide(world: World, late: Ticket):
    mona, lena, olga = (signed_in(each) for each in (world.mona, world.lena, world.olga))
    Holding.objects.create(role="incident-manager", person=world.olga)

    for browser, decides in ((mona, True), (lena, False), (olga, True)):
        said = page(browser, late)
        for words in ("Tara</b> dated an act back", LATE, "broken</span>", "met</span>"):
            assert words in said, words
        assert ("A correction waits for you" in said) == ("Approve the correction" in said) == decides
    assert "never for whoever dated the act back" in page(lena, late)


def test_approved_the_corrected_figure_counts_and_what_was_recorded_stays(world: World, late: Ticket):
    mona = signed_in(world.mona)
    (waiting,) = corrections.waiting(late)

    answer = mona.post(f"/tickets/{late.number}/corrections/{waiting.place}/approve")

    assert answer.status_code == 302
    said = page(mona, late)
    assert "As corrected: met in 5 min" in said
    assert "A correction waits" not in said and "approved a correction of the figures" in said
    world.is_proven()


def test_refused_it_says_why_and_without_a_reason_nothing_is_decided(world: World, late: Ticket):
    mona = signed_in(world.mona)
    (waiting,) = corrections.waiting(late)
    address = f"/tickets/{late.number}/corrections/{waiting.place}/refuse"

    silent = mona.post(address, {"reason": " "}, follow=True).content.decode()
    said = mona.post(address, {"reason": "Carla had no call."}, follow=True).content.decode()

    assert "Say why it is refused" in silent and "A correction waits for you" in silent
    assert "refused a correction: the figures stand" in said and "Carla had no call." in said
    world.is_proven()


def test_nobody_decides_on_their_own_nor_without_the_right(world: World, late: Ticket):
    (waiting,) = corrections.waiting(late)

    for who, why in ((world.tara, "Tara dated the act back"), (world.lena, "and Lena is not")):
        said = signed_in(who).post(f"/tickets/{late.number}/corrections/{waiting.place}/approve", follow=True)
        assert why in said.content.decode()
    assert len(corrections.waiting(late)) == 1


def test_now_shows_it_to_who_may_decide_and_to_nobody_else(world: World, late: Ticket):
    mona, lena = signed_in(world.mona), signed_in(world.lena)
    words = "Corrections for you to decide"

    shown = mona.get("/", headers={"HX-Request": "true"})
    assert words in shown.content.decode() and words not in lena.get("/").content.decode()

    (waiting,) = corrections.waiting(late)
    corrections.approve(late, of=waiting.place, by=world.mona, now=datetime.now(UTC))
    after = mona.get("/", headers={"HX-Request": "true", "If-None-Match": shown["ETag"]})
    assert after.status_code == 200 and words not in after.content.decode()


def test_a_second_correction_waits_on_when_the_first_is_decided(world: World):
    ticket = world.opens("VPN drops", priority="P1")
    world.responds(ticket)
    world.forward(minutes=48)
    for place in (1, 2):
        ticket.refresh_from_db()
        corrections_before = len(corrections.waiting(ticket))
        world.calls(ticket, "Told.", at=world.now - timedelta(minutes=48 - place * 14), late_because=LATE, by="tara")
        assert len(corrections.waiting(ticket)) >= corrections_before
    first, *rest = corrections.waiting(ticket)
    assert ticket.correction_since == first.at

    corrections.refuse(ticket, of=first.place, reason="no", by=world.mona, now=world.now)

    assert ticket.correction_since == (rest[0].at if rest else None)
    world.is_proven()


def test_a_solution_dated_back_to_when_nobody_had_told_the_client_is_refused_with_what_to_do(world: World):
    ticket = world.opens(priority="P2")
    world.forward(minutes=45)
    said = dict.fromkeys(("cause", "actions", "verification"), "done")
    at = (datetime.now(UTC) - timedelta(minutes=10)).strftime("%Y-%m-%dT%H:%M")
    ticket.refresh_from_db()

    answer = signed_in(world.lena).post(
        f"/tickets/{ticket.number}/solve", {**said, "seen": ticket.head_seq, "at": at, "late_because": LATE}
    )

    assert answer.status_code == 422
    assert "record the call to them first, with its time" in answer.content.decode()
