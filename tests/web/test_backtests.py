"""Can whoever writes a standard try it on the past in a browser, watch it, stop it, and read what it found?"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from django.test import Client as Browser

from tests.world import FIELD_GUIDE, World
from tocsin.directory.person import ASSIGNED, READ_ONLY, Person
from tocsin.standard import drafts, presets
from tocsin.trials import backtest, working
from tocsin.trials.backtest import Backtest
from tocsin.web.shares import pair

pytestmark = pytest.mark.django_db
AT = "/standard/backtests"


@pytest.fixture
def world(db: None) -> World:
    return World()


@pytest.fixture
def mona(world: World, browser) -> Browser:
    """Somebody who manages the desk."""
    signed_in = browser("Marta")
    world.people["marta"] = Person.objects.get(name="Marta")
    world.holds("marta", "service-desk-manager", rank=1)
    return signed_in


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def asked(world: World, **more) -> Backtest:
    now = world.now
    return backtest.ask("draft 1 of ours", presets.text("sla-guard"), zone="UTC", by=world.mona, now=now, **more)


def done(row: Backtest) -> Backtest:
    """The process of its own has worked on it."""
    assert backtest.claim(datetime.now(UTC)) == row.pk
    working.work(row.pk, clock=lambda: datetime.now(UTC))
    return Backtest.objects.get(pk=row.pk)


def test_a_draft_is_asked_for_beside_another_on_the_tickets_of_a_client_in_those_months(world: World, mona: Browser):
    draft = drafts.begin(preset="sla-guard", name="ours", by=world.mona, now=world.now)
    said = {"draft": f"draft:{draft.pk}", "against": "field-guide@1", "client": "acme"}
    said |= {"since": "2026-11", "until": "2026-12"}

    answer = mona.post(f"{AT}/ask", said)

    row = Backtest.objects.get()
    assert answer["Location"] == f"{AT}/{row.pk}"
    assert (row.draft, row.against_title, row.client) == (draft.text, "field-guide 1", world.acme)
    assert (row.since, row.until) == (datetime(2026, 11, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))


def test_one_that_nobody_could_work_by_and_a_month_that_is_none_are_told(world: World, mona: Browser):
    draft = drafts.begin(text="title = 3", name="ours", by=world.mona, now=world.now)

    broken = mona.post(f"{AT}/ask", {"draft": f"draft:{draft.pk}"})
    month = mona.post(f"{AT}/ask", {"draft": "ships:sla-guard", "since": "soon"})

    assert broken.status_code == 422 and "Nobody could work by it yet" in broken.content.decode()
    assert month.status_code == 422 and "is no month" in month.content.decode()
    assert not Backtest.objects.exists()


def test_it_says_how_far_it_is_and_can_be_stopped(world: World, mona: Browser):
    row = asked(world)
    assert "Waiting for its turn" in mona.get(f"{AT}/{row.pk}").content.decode()
    backtest.claim(datetime.now(UTC))
    backtest.heard(row.pk, done=30, total=120, now=datetime.now(UTC))

    fragment = mona.get(f"{AT}/{row.pk}", headers={"hx-request": "true"}).content.decode()
    assert "30 of 120 tickets" in fragment and 'max="120" value="30"' in fragment and "<html" not in fragment

    assert "Stopped: nothing of it is kept" in mona.post(f"{AT}/{row.pk}/cancel", follow=True).content.decode()
    over = mona.get(f"{AT}/{row.pk}", headers={"hx-request": "true"})
    assert over["HX-Redirect"] == f"{AT}/{row.pk}"
    assert mona.get(f"{AT}/{row.pk}/flips.csv").status_code == 404


def test_what_it_found_is_drawn_listed_with_ledgers_and_taken_away(world: World, mona: Browser):
    ticket = world.opens(priority="P2")
    world.forward(minutes=40)  # too late for field-guide's 30 minutes, in time for sla-guard's hour
    world.responds(ticket)
    world.solves(ticket)
    row = done(asked(world))

    page = mona.get(f"{AT}/{row.pk}").content.decode()

    assert row.state == "done", row.why
    said = words(page)
    assert "Kept before and broken after: 0 . Broken before and kept after: 1 ." in said
    assert "First response: breached → met" in said and f"Open {ticket.number}" in said
    assert "0.0 % of 1" in said and "100.0 % of 1" in said and "2026-11" in said
    for svg in re.findall(r'<svg class="pair".*?</svg>', page):
        assert ElementTree.fromstring(svg).get("role") == "img"
    csv = mona.get(f"{AT}/{row.pk}/flips.csv")
    assert csv["Content-Disposition"].startswith("attachment") and ticket.number in csv.content.decode()
    assert "draft 1 of ours" in mona.get(AT).content.decode()


def test_credits_owed_stand_by_client_and_month_and_are_taken_away(world: World, mona: Browser):
    ticket = world.opens(priority="P2")
    world.responds(ticket)
    world.forward(hours=9)
    world.solves(ticket)
    draft = FIELD_GUIDE.read_text() + '\n[credits]\ncap = "8%"\nresolution = { P2 = "7.5%" }\n'
    now = datetime.now(UTC)
    row = done(backtest.ask("with credits", draft, zone="UTC", by=world.mona, now=now))
    without = done(asked(world))

    page = words(mona.get(f"{AT}/{row.pk}").content.decode())

    assert f"{world.acme.name} 2026-11 0 % 7.5 %" in page and "fees are not on record here" in page
    csv = mona.get(f"{AT}/{row.pk}/credits.csv")
    assert csv["Content-Disposition"] == f'attachment; filename="backtest-{row.pk}-credits.csv"'
    assert f"{world.acme.name},2026-11,0,0 %,0 %,1,7.5 %,7.5 %" in csv.content.decode()
    assert "no guarantee that earns a credit was broken" in words(mona.get(f"{AT}/{without.pk}").content.decode())


def test_a_pair_of_bars_is_as_long_as_what_was_kept():
    drawn = pair({"met": 3, "breached": 1}, {"open": 2})

    rects = [(each.get("class"), each.get("width")) for each in ElementTree.fromstring(drawn.svg)]
    assert rects == [("all", "100"), ("before", "75"), ("all", "100")]
    assert (drawn.before, drawn.of_before, drawn.of_after) == ("75.0 %", 4, 0)


def test_who_sees_every_client_reads_them_and_an_assigned_technician_only_their_own(world: World, browser):
    asked(world)
    theirs = asked(world, client=world.acme)
    boris = browser("Boris", access=ASSIGNED)
    Person.objects.get(name="Boris").clients.add(world.acme)

    assert set(backtest.seen_by(Person.objects.get(name="Boris"))) == {theirs}
    assert browser("Audrey", access=READ_ONLY).get(AT).content.decode().count('class="open"') == 2
    assert boris.get(AT).content.decode().count('class="open"') == 1
    assert "Start the backtest" not in boris.get(AT).content.decode()


def test_there_is_none_yet(world: World, mona: Browser):
    assert "None yet." in mona.get(AT).content.decode()
