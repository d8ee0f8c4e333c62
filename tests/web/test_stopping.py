"""Can the line be stopped, led, talked over and stood down on the screens, and does everybody see whose work stops?"""

from __future__ import annotations

import html
from datetime import UTC, datetime

import pytest
from django.test import Client as Browser

from tests.web.test_ticket import person, sends
from tests.world import World
from tocsin.desk import answers, bridges, stopping, tickets
from tocsin.desk.ticket import Ticket
from tocsin.directory import accounts
from tocsin.directory.person import READ_ONLY, Person
from tocsin.web.stopping import href

pytestmark = pytest.mark.django_db
DATA = "Data is being lost, or has been"


@pytest.fixture
def ann(browser) -> Browser:
    return browser("Ann")


def signed_in(who: Person) -> Browser:
    browser = Browser(headers={"accept": "text/html"})
    email = f"{who.name.lower()}@msp.example"
    browser.force_login(accounts.add(email, password="a heron on the weir", person=who, now=datetime.now(UTC)))
    return browser


def words(browser: Browser, path: str) -> str:
    return html.unescape(" ".join(browser.get(path, follow=True).content.decode().split()))


def pulled(world: World, title: str = "Files are renamed", **more) -> Ticket:
    ticket = world.opens(title)
    world._do(stopping.stop, ticket, conditions=[DATA], by="sam", **more)
    return ticket


def test_a_new_ticket_is_stopped_with_a_condition_and_whoever_is_on_call_is_paged(world: World, ann: Browser):
    said = {"client": world.acme.pk, "title": "Files are being encrypted"}

    asked = words(ann, "/tickets/new?stop=1&client=acme")
    refused = ann.post("/tickets/new?stop=1", said)
    stopped = ann.post("/tickets/new?stop=1", {**said, "conditions": [DATA], "bridge": "room 1"})

    assert DATA in asked and "Tara (holds the role)" in asked and "Lena (holds the role)" in asked
    assert "Tick at least one" in refused.content.decode()
    ticket = Ticket.objects.get()
    assert (stopped["Location"], ticket.priority) == (f"/tickets/{ticket.number}", "P1")
    assert (ticket.incident_manager, ticket.comms_lead) == (world.tara, world.lena)
    world.now = datetime.now(UTC)
    world.turn()
    assert "Bridge:   room 1" in world.phone("omar").gets("Files are being encrypted").text


def test_a_line_to_be_stopped_is_offered_on_the_open_ticket_that_looks_alike_first(world: World, ann: Browser):
    ticket = world.opens("Files are being encrypted")
    said = {"client": world.acme.pk, "title": "Files are being encrypted", "conditions": [DATA]}

    page = ann.post("/tickets/new?stop=1", said).content.decode()

    assert f"Stop the line on {ticket.number} instead" in page and "Stop the line on a new ticket" in page
    assert f'href="/tickets/{ticket.number}?do=stop-line#composer"' in page
    assert "Open it all the same" not in page and Ticket.objects.count() == 1
    plain = ann.post("/tickets/new", {**said, "kind": "incident", "priority": "P3"}).content.decode()
    assert "instead" not in plain and "Open it all the same" in plain


def test_what_was_begun_as_an_ordinary_ticket_is_no_draft_of_a_stopped_line(world: World, ann: Browser):
    plain, stop = (ann.get(f"/tickets/new?client=acme{more}").content.decode() for more in ("", "&stop=1"))

    assert 'data-draft="new/title"' in plain and 'data-draft="new-stop/title"' in stop
    assert 'data-draft="new/' not in stop


def test_a_stopped_line_without_a_bridge_says_so_with_the_act_beside_it(world: World, ann: Browser, browser):
    ticket = pulled(world)

    page = words(ann, f"/tickets/{ticket.number}")

    assert 'No bridge is open</span> · <a href="?do=open-bridge#composer">Open one</a>' in page
    assert "Open one" not in words(browser("Audrey", access=READ_ONLY), f"/tickets/{ticket.number}")


def test_an_open_ticket_is_stopped_and_its_page_says_who_leads_and_where_they_talk(world: World, ann: Browser):
    ticket = world.opens("Files are renamed")
    page = words(ann, f"/tickets/{ticket.number}?do=stop-line")
    assert "Only the incident manager stands the line down" in page

    said = {"conditions": [DATA], "incident_manager": world.mona.pk, "bridge": "+61 2 5550 0111", "reason": "I see it"}
    assert sends(ann, ticket, "stop-line", **said).status_code == 302

    page = words(ann, f"/tickets/{ticket.number}")
    for shown in (
        "Major incident: the line is stopped", DATA, "“I see it”", "<dd>Mona</dd>", "<dd>Lena</dd>",
        'href="tel:+61255500111"', "Hand on what else they have", "stopped the line: it is a major incident",
        "incident manager is Mona, comms lead is Lena", "opened a bridge: +61 2 5550 0111",
    ):  # fmt: skip
        assert shown in page, shown
    assert "?do=stop-line" not in page


def test_the_line_is_stopped_though_somebody_wrote_a_note_meanwhile_and_a_bridge_is_open(world: World, ann: Browser):
    ticket = world.opens("Files are renamed")
    seen = ticket.head_seq
    bridges.open_bridge(ticket, "room 1", by=world.lena, now=world.now)
    tickets.note(ticket, "It spreads.", by=world.lena, now=world.now)

    said = {"conditions": DATA, "bridge": "room 2", "seen": seen}
    answer = ann.post(f"/tickets/{ticket.number}/stop-line", said)

    ticket.refresh_from_db()
    assert (answer.status_code, ticket.stopped_at is not None) == (302, True)
    assert "room 2 was not opened" in words(ann, f"/tickets/{ticket.number}")


def test_a_stopped_ticket_proposes_no_lowering_that_would_be_refused(world: World, ann: Browser):
    facts = {"users": "one", "impact": "minor"}
    ticket = tickets.open(client=world.acme, title="Files are renamed", facts=facts, by=world.lena, now=world.now)
    stopping.stop(ticket, conditions=[DATA], by=world.tara, now=world.now)
    assert "it would be" not in words(ann, f"/tickets/{ticket.number}")

    answers.answer(ticket, {"users": "a-few"}, by=world.lena, now=world.now)
    assert "proposes" not in world.last(ticket, "facts_answered").data
    assert "it would be" not in words(ann, f"/tickets/{ticket.number}")

    stopping.stand_down(ticket, reason="contained", by=world.tara, now=world.now)
    assert "it would be" in words(ann, f"/tickets/{ticket.number}")


def test_a_refusal_names_who_stands_it_down_and_keeps_what_was_written(world: World, ann: Browser):
    ticket = pulled(world)

    refused = html.unescape(sends(ann, ticket, "cancel", reason="It was nothing").content.decode())
    down = sends(ann, ticket, "stand-down", reason="contained", next_step="x", next_due="30", next_who=person().pk)

    assert "before it is cancelled, the incident manager stands it down (Tara)" in refused
    assert "It was nothing" in refused
    assert down.status_code == 422
    assert "Only the incident manager stands the line down" in down.content.decode()
    assert "?do=stand-down" not in words(ann, f"/tickets/{ticket.number}")


def test_the_incident_manager_stands_it_down_and_the_page_says_why(world: World):
    ticket = pulled(world)
    tara = signed_in(world.tara)
    assert "?do=stand-down" in words(tara, f"/tickets/{ticket.number}")

    said = {"reason": "the host is off", "next_step": "Restore", "next_due": "30", "next_who": world.tara.pk}
    assert sends(tara, ticket, "stand-down", **said).status_code == 302

    page = words(tara, f"/tickets/{ticket.number}")
    assert "Major incident: the line is stood down" in page and "the host is off" in page


def test_the_bridge_is_opened_joined_and_closed_from_the_page(world: World, ann: Browser):
    ticket = world.opens("Mail is down", priority="P1")

    assert sends(ann, ticket, "open-bridge", where="https://meet.msp.example/1").status_code == 302
    seen = ticket.head_seq
    bridges.join(ticket, by=world.tara, now=datetime.now(UTC))
    joined = ann.post(f"/tickets/{ticket.number}/join-bridge", {"seen": seen})
    assert sends(ann, ticket, "join-bridge", guest="Ravi of the provider").status_code == 302
    page = words(ann, f"/tickets/{ticket.number}")

    assert joined.status_code == 302, "who joins does not ask whether somebody else has joined meanwhile"
    assert 'href="https://meet.msp.example/1"' in page
    assert all(who in page for who in ("had Ravi of the provider on the bridge", "On it: Tara"))
    sends(ann, ticket, "close-bridge", note="Rerouted.")
    page = words(ann, f"/tickets/{ticket.number}")
    assert "Closed by Ann" in page and "Rerouted." in page and "?do=open-bridge" in page


@pytest.mark.parametrize(
    ("where", "leads"),
    [
        ("https://meet.msp.example/a?b=1", "https://meet.msp.example/a?b=1"),
        ("+61 2 5550 0111, code 7", "tel:+61255500111"),
        ("the war room", ""),
        ("javascript:alert(1)", ""),
        ("https://a b", ""),
    ],
)
def test_a_press_on_the_bridge_leads_where_it_says_and_runs_nothing(where: str, leads: str):
    assert href(where) == leads


def test_now_says_on_top_where_the_line_is_stopped_who_leads_and_whose_work_stops(world: World, ann: Browser):
    pulled(world, bridge="room 1")
    world.opens("Newer, and critical too", priority="P1")
    world.opens("The CRM", priority="P2")

    mine, anns = words(signed_in(world.lena), "/"), words(ann, "/")

    assert anns.index("Files are renamed") < anns.index("Newer, and critical too")
    for shown in ("the line is stopped", "led by Tara", "their other work stops", "bridge room 1"):
        assert shown in anns, shown
    assert "your other work stops" in mine
    assert "stops for INC-1; the clock runs on" in mine


def test_a_drill_stands_below_what_is_real_in_another_dress_and_stops_no_work(world: World, ann: Browser):
    real = world.opens("Ransomware", priority="P1")
    drill = world.opens("Exercise", priority="P1", kind="drill")
    tickets.assign(drill, owner=world.sam, worker=world.sam, by=world.sam, now=world.now)
    crm = world.opens("The CRM", priority="P2")
    tickets.assign(crm, owner=world.sam, worker=world.sam, by=world.sam, now=world.now)

    page = words(ann, "/")

    assert page.index("Acme — Ransomware") < page.index("DRILL P1") < page.index("Acme — Exercise")
    assert page.count('class="banner p1"') == page.count('class="banner drill"') == 1
    assert "Sam: no work stops for a drill" in page and "stops for DRL-1" not in page
    assert "Nobody's other work stops for a drill." in words(ann, f"/tickets/{drill.number}/other-work")
    of_drill = words(ann, f"/tickets/{drill.number}")
    assert "P1: a drill" in of_drill and "Other work stops" not in of_drill
    assert "P1: other work stops" in words(ann, f"/tickets/{real.number}")


def test_of_two_that_come_first_neither_stops_for_the_other_and_nobody_of_theirs_is_free(world: World, ann: Browser):
    ticket = pulled(world)
    world.opens("Mail is down", priority="P1")
    third = world.opens("The site is down", priority="P1")
    tickets.assign(third, owner=world.sam, worker=world.sam, by=world.sam, now=world.now)
    assert "stops for" not in words(ann, "/")

    world.opens("The CRM", priority="P2")

    assert "stops for INC-1; the clock runs on" in words(ann, "/")
    page = words(ann, f"/tickets/{ticket.number}/other-work")
    assert "The CRM" in page and "Mail is down" not in page
    assert ">Sam · L2</option>" not in page and ">Nils" in page


def test_from_the_third_on_a_banner_is_one_line(world: World, ann: Browser):
    for name in ("First", "Second", "Third", "Fourth"):
        world.opens(name, priority="P1")

    page = words(ann, "/")

    assert (page.count('class="banner p1"'), page.count('class="banner compact p1"')) == (2, 2)
    assert page.count("Send update 1") == 2


def test_the_other_work_of_the_responders_is_listed_and_handed_on(world: World, ann: Browser):
    ticket = pulled(world)
    other = world.opens("The CRM", priority="P2")
    path = f"/tickets/{ticket.number}/other-work"
    Person.objects.create(name="Audrey", access=READ_ONLY)

    page = words(ann, path)
    assert ">Sam · L2</option>" in page and ">Audrey</option>" not in page
    assert "The clocks of what else they have run on" in page
    assert "The CRM" in page and "First response" in page and "owns it and works on it" in page
    ann.post(f"{path}/{other.number}", {"to": ""})
    assert "Choose who takes it." in words(ann, path)
    ann.post(f"{path}/{other.number}", {"to": world.tara.pk})
    assert "Tara responds to INC-1, too" in words(ann, path)
    ann.post(f"{path}/{other.number}", {"to": world.sam.pk})

    other.refresh_from_db()
    assert (other.owner, other.worker) == (world.sam, world.sam)
    page = words(ann, path)
    assert "INC-2 is with Sam now, who hears of it." in page and "They have no other open ticket." in page


def test_an_auditor_sees_it_all_and_no_button(world: World, browser):
    ticket = pulled(world, bridge="room 1")
    other = world.opens("The CRM", priority="P2")
    audrey = browser("Audrey", access=READ_ONLY)

    pages = words(audrey, f"/tickets/{ticket.number}") + words(audrey, f"/tickets/{ticket.number}/other-work")

    assert "the line is stopped" in pages and other.title in pages
    assert "?do=" not in pages and "I am on the bridge" not in pages and "Hand it on" not in pages


def test_a_ticket_nobody_has_taken_says_so(world: World, ann: Browser):
    ticket = tickets.open(client=world.acme, title="Mail is down", priority="P1", by=world.sam, now=world.now)

    assert "nobody has taken it yet" in words(ann, f"/tickets/{ticket.number}")
    assert "Nobody's other work stops." in words(ann, f"/tickets/{ticket.number}/other-work")
