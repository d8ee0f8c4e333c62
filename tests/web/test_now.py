"""Does Now show what must happen next, and who must do it?"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.world import World
from tocsin.core.rota import Override
from tocsin.desk import board, tickets, updates
from tocsin.desk.ticket import Ticket
from tocsin.directory import rosters
from tocsin.directory.person import ASSIGNED

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    """The small world, an hour ago: what a browser asks for is asked now."""
    world = World()
    world.now = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    return world


def rows(page: str) -> list[str]:
    """What stands in each row, as one reads it."""
    found = re.findall(r'<li class="row">\s*<p class="when">(.*?)</li>', page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in found]


def test_what_is_due_stands_in_the_order_of_its_instants_whatever_it_is(world: World, browser):
    world.opens("VPN drops", priority="P2")
    world.opens("Toner is low", priority="P4")

    found = rows(browser("Ann").get("/").content.decode())

    assert "First response" in found[0] and "VPN drops" in found[0] and "Lena · L1" in found[0]
    instants = [row.at for row in board.due(Ticket.objects.all(), now=datetime.now(UTC)).rows]
    assert len(instants) == len(found) > 4
    assert instants == sorted(instants)


def test_what_is_late_comes_first_with_a_minus_sign(world: World, browser):
    world.opens("VPN drops", priority="P2")
    world.forward(minutes=45)

    found = rows(browser("Ann").get("/").content.decode())

    assert found[0].startswith("−")
    assert "overdue since" in found[0]


def test_the_most_severe_ticket_stands_above_all_other_work(world: World, browser):
    world.opens("Ransomware", priority="P1")
    world.opens("Toner is low", priority="P4")

    page = browser("Ann").get("/").content.decode()

    assert page.count('class="banner p1"') == 1
    assert "Acme — Ransomware" in page
    assert "Send update 1" in page


def banner_of(page: str) -> str:
    """What stands in the first banner, as one reads it."""
    said = page.partition('<section class="banner')[2].partition(">")[2].partition("</section>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", said).split())


def test_the_banner_shows_what_the_client_was_promised_first(world: World, browser):
    ticket = world.opens("Ransomware", priority="P1")
    ann = browser("Ann")

    before = banner_of(ann.get("/").content.decode())
    updates.update(ticket, "We are on it.", by=world.lena, now=world.now)
    after = banner_of(ann.get("/").content.decode())

    assert "Tell the client" in before and "Client update" not in before
    assert "Client update" in after and "Tell the client" not in after


def test_whoever_acknowledged_the_page_has_the_ticket_on_now_and_on_its_ladder(world: World, browser):
    ticket = tickets.open(client=world.acme, title="Ransomware", priority="P1", by=world.lena, now=world.now)
    world.turn()
    ann = browser("Ann")
    assert "nobody has taken it yet" in banner_of(ann.get("/").content.decode())

    world.acknowledges(ticket, "step/page@1/primary", by="omar")

    page = ann.get("/").content.decode()
    assert "Omar: their other work stops" in banner_of(page)
    assert re.search(r'Unassigned <span class="count">0<', page)
    assert "Omar has it" in ann.get(f"/tickets/{ticket.number}").content.decode()


def test_a_missed_update_stays_late_on_now_on_the_ticket_and_in_the_row_though_the_next_interval_runs(
    world: World, browser
):
    ticket = world.opens("Ransomware", priority="P1")
    world.forward(minutes=5)
    updates.update(ticket, "We are on it.", by=world.lena, now=world.now)
    told_at = world.now
    world.forward(minutes=40)
    ann = browser("Ann")

    page = ann.get("/").content.decode()
    of_ticket = ann.get(f"/tickets/{ticket.number}").content.decode()

    [row] = [row for row in rows(page) if "Client update not sent" in row]
    assert row.startswith("−") and "promised for P1, missed 1 ×; the next is counted at" in row
    assert re.search(r"−[\d:]+ overdue since [^−]* Client update not sent", banner_of(page))
    assert re.search(r'<span class="late">missed 1 ×, the next is counted at', of_ticket)
    assert "missed: 0:30:00 for P1, counted anew from there" in of_ticket
    ticket.refresh_from_db()
    assert ticket.next_at <= told_at + timedelta(minutes=30)


def test_a_page_that_has_not_changed_is_not_sent_again(world: World, browser):
    world.opens("VPN drops", priority="P2")
    ann = browser("Ann")
    tag = ann.get("/", headers={"HX-Request": "true"})["ETag"]

    again = ann.get("/", headers={"HX-Request": "true", "If-None-Match": tag})
    world.opens("Mail late", priority="P3")
    changed = ann.get("/", headers={"HX-Request": "true", "If-None-Match": tag})

    assert (again.status_code, changed.status_code) == (304, 200)
    assert again["ETag"] == tag
    assert "Mail late" in changed.content.decode()


def test_it_is_sent_again_when_somebody_else_is_on_call_or_a_hole_opens_ahead(world: World, browser):
    now = datetime.now(UTC)
    roster = world.roster(
        "on-call-primary",
        "tara",
        starts=now.replace(year=now.year - 1, month=1, day=1, hour=9, minute=0, second=0, microsecond=0, tzinfo=None),
    )
    ann = browser("Ann")

    def asked(tag: str = "") -> tuple[int, str, str]:
        answer = ann.get("/", headers={"HX-Request": "true", "If-None-Match": tag})
        return answer.status_code, answer["ETag"], answer.content.decode()

    _, before, page = asked()
    assert "Tara" in page and "Lena" not in page and asked(before)[0] == 304

    theirs = Override("replace", now - timedelta(hours=1), now + timedelta(hours=1), (world.lena.actor,))
    roster = rosters.override(roster, theirs, reason="Tara is ill", by=world.lena, now=now)
    status, taken, page = asked(before)
    assert status == 200 and "Lena" in page and asked(taken)[0] == 304

    nobody = Override("remove", now + timedelta(hours=3), now + timedelta(hours=5), (world.tara.actor,))
    rosters.override(roster, nobody, reason="a train", by=world.tara, now=now)
    status, hole, page = asked(taken)
    assert status == 200 and "obody is on duty" in page and asked(hole)[0] == 304


@pytest.mark.parametrize(
    ("show", "titles"),
    [
        ("waiting", {"CRM waits"}),
        ("unassigned", set()),
        ("mine", {"VPN drops", "CRM waits"}),
        ("promises", {"VPN drops", "CRM waits"}),
        ("nonsense", {"VPN drops", "CRM waits"}),
    ],
)
def test_it_can_be_narrowed(world: World, browser, show: str, titles: set[str]):
    world.opens("VPN drops", priority="P2")
    waiting = world.opens("CRM waits", priority="P2")
    world.waits(waiting)
    ann = browser("Ann")
    Ticket.objects.update(owner=ann.get("/").wsgi_request.user.person)

    page = ann.get(f"/?show={show}").content.decode()

    assert {title for title in ("VPN drops", "CRM waits") if title in page} == titles


def test_what_waits_without_an_end_is_listed_though_nothing_falls_due_on_it(world: World, browser):
    ticket = world.opens("Toner is low", priority="P4")
    updates.respond(ticket, "It is ordered.", by=world.lena, now=world.now)
    world.waits(ticket)

    page = browser("Ann").get("/").content.decode()

    assert "Nothing falls due by itself on these" in page
    assert "waits for client" in page


def test_nobody_sees_the_tickets_of_a_client_they_are_not_assigned_to(world: World, browser):
    world.opens("VPN drops", priority="P1")

    page = browser("Ann", access=ASSIGNED).get("/").content.decode()

    assert "VPN drops" not in page
    assert "Nothing is due." in page


def test_a_page_of_many_shows_all_that_is_due_until_an_instant_and_leads_on(world: World, browser):
    for number in range(7):
        world.opens(f"Disk {number}", priority="P3")
        world.forward(minutes=1)
    whole = board.due(Ticket.objects.all(), now=world.now, size=40)

    part = board.due(Ticket.objects.all(), now=world.now, size=3)

    assert whole.until is None and part.until is not None
    told = [(row.at, row.ticket.number, row.item.what) for row in whole.rows]
    assert [(row.at, row.ticket.number, row.item.what) for row in part.rows] == [
        row for row in told if row[0] < part.until
    ]
