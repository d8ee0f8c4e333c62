"""Does a ticket's page say what happened, what is promised and who climbs, and can one write on it?"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client as Browser

from tests.world import World
from tocsin.desk import escalations, next_steps, tickets
from tocsin.desk.ticket import Ticket
from tocsin.directory.contact import Contact
from tocsin.directory.person import ASSIGNED, READ_ONLY, Person
from tocsin.log.event import Event

pytestmark = pytest.mark.django_db
NEXT = {"next_step": "Look at the switch", "next_due": "30"}


@pytest.fixture
def ann(browser) -> Browser:
    return browser("Ann")


def person() -> Person:
    return Person.objects.get(name="Ann")


def sends(ann: Browser, ticket: Ticket, verb: str, **said):
    ticket.refresh_from_db()
    fields = {"seen": ticket.head_seq, **({**NEXT, "next_who": person().pk} if verb in LEADS_ON else {}), **said}
    return ann.post(f"/tickets/{ticket.number}/{verb}", fields)


LEADS_ON = ("note", "update", "wait", "resume", "accept", "priority", "reopen", "hand-over", "called")


def kinds(ticket: Ticket) -> list[str]:
    return list(Event.objects.filter(stream=ticket.stream_name).order_by("seq").values_list("kind", flat=True))


def test_the_page_says_what_happened_what_is_promised_and_who_climbs(world: World, ann: Browser):
    ticket = world.opens("VPN drops", priority="P1")
    world.forward(minutes=16)

    page = ann.get(f"/tickets/{ticket.number}").content.decode()

    for words in (
        "opened it as P1 incident",
        "saw the promise broken: first response; told Mona",
        "Who works", "Who manages", "Who is told", "Who is paged",
        "First response", " over", "15m for P1 round the clock, by field-guide 1",
        "P1 on always",
    ):  # fmt: skip
        assert words in page, words


def test_a_note_is_internal_and_what_the_client_reads_looks_different(world: World, ann: Browser):
    ticket = world.opens("VPN drops", priority="P2")

    assert sends(ann, ticket, "note", text="The concentrator is full.").status_code == 302
    assert sends(ann, ticket, "update", text="We are looking at the concentrator.").status_code == 302
    page = ann.get(f"/tickets/{ticket.number}").content.decode()

    assert page.count('class="entry client to') == 1
    assert page.count("The concentrator is full.") == 1
    assert kinds(ticket)[-5:] == ["noted", "next_step", "responded", "updated", "next_step"]


def test_each_act_asks_what_happens_next_and_says_it_on_top(world: World, ann: Browser):
    ticket = world.opens("VPN drops", priority="P2")

    refused = sends(ann, ticket, "note", text="Looked.", next_step="")
    sends(ann, ticket, "note", text="Looked.")
    page = ann.get(f"/tickets/{ticket.number}").content.decode()

    assert refused.status_code == 422
    assert "Looked." in refused.content.decode(), "what was written is still there"
    assert "<b>Next:</b> Look at the switch · Ann" in page
    assert next_steps.agreed(ticket).who == person().pk


def test_a_refusal_leaves_nothing_on_record_and_says_why(world: World, ann: Browser):
    ticket = world.opens("VPN drops", priority="P2")
    before = kinds(ticket)

    answer = sends(ann, ticket, "solve", cause="Full", actions="Emptied", verification="Works")

    assert answer.status_code == 422
    assert "Only the owner may mark INC-1 solved" in answer.content.decode()
    assert kinds(ticket) == before


def test_a_refused_form_goes_on_asking_for_news_and_its_address_leads_to_the_form(world: World, ann: Browser):
    ticket = world.opens("VPN drops", priority="P2")

    refused = sends(ann, ticket, "wait", on="vendor", reason="")
    page = refused.content.decode()
    polled = re.search(r'hx-get="([^"]+)"', page[page.index('id="live"') :])
    again = ann.get(f"/tickets/{ticket.number}/wait")

    assert refused.status_code == 422
    assert polled and polled[1] == f"/tickets/{ticket.number}?seen={ticket.head_seq}"
    assert again["Location"] == f"/tickets/{ticket.number}?do=wait#composer"
    assert ann.get(f"/tickets/{ticket.number}/nope").status_code == 404


def test_whoever_solves_reads_that_the_client_gets_it_and_which_alert_still_fires(world: World, ann: Browser):
    ticket = world.opens("VPN drops", priority="P2")
    sends(ann, ticket, "take")
    quiet = ann.get(f"/tickets/{ticket.number}?do=solve").content.decode()
    seen = {"source": "probe", "dedup_key": "vpn", "first_seen_at": world.now, "last_seen_at": world.now}
    ticket.alerts.create(client=world.acme, summary="Tunnel <down>", **seen)

    page = ann.get(f"/tickets/{ticket.number}?do=solve").content.decode()

    assert "The client reads this: cause, what was done, and how it was verified." in page
    assert "[what was done]" in page and "Carla" in page, "and the text that goes round it"
    assert "A monitor still cries: Tunnel &lt;down&gt;." in page and page.index("still cries") < page.index(
        "Mark it solved"
    )
    assert "still cries" not in quiet


def test_where_nobody_reads_for_the_client_a_solution_is_not_said_to_reach_them(world: World, ann: Browser):
    ticket = world.opens("VPN drops", priority="P2")
    sends(ann, ticket, "take")
    Contact.objects.update(role="")

    assert "The client reads this" not in ann.get(f"/tickets/{ticket.number}?do=solve").content.decode()


def test_who_does_not_own_it_reads_who_can_solve_it_and_how_to(world: World, ann: Browser):
    ticket = world.opens("VPN drops", priority="P2")
    page = ann.get(f"/tickets/{ticket.number}").content.decode()

    assert f"only the owner, {ticket.owner}, can:" in page and "?do=take#composer" in page
    sends(ann, ticket, "take")
    assert "only the owner" not in ann.get(f"/tickets/{ticket.number}").content.decode()


def test_a_next_step_that_is_too_long_is_refused_with_what_fits_and_is_still_there(world: World, ann: Browser):
    ticket = world.opens("VPN drops", priority="P2")

    refused = sends(ann, ticket, "note", text="Looked.", next_step="x" * 3000)
    escalated = sends(ann, ticket, "escalate", to="L2", reason="skill limit", tried="all", next_step="y" * 301)

    assert (refused.status_code, escalated.status_code) == (422, 422)
    assert "The next step is 3000 characters long; 300 fit. Put the rest in a note." in refused.content.decode()
    assert "x" * 3000 in refused.content.decode()
    assert "The next step is 301 characters long; 300 fit." in escalated.content.decode()


def test_the_whole_life_of_a_ticket_can_be_written_on_its_page(world: World, ann: Browser):
    ticket = world.opens("VPN drops", priority="P2")

    sends(ann, ticket, "take")
    sends(ann, ticket, "wait", on="vendor", reason="case 12")
    sends(ann, ticket, "resume", reason="they called back")
    sends(ann, ticket, "escalate", to="L2", reason="skill limit", tried="all", next_step="read the dump")
    sends(ann, ticket, "accept")
    sends(ann, ticket, "send-back", reason="ask the client first")
    sends(ann, ticket, "priority", to="P3", reason="one user only")
    sends(ann, ticket, "solve", cause="Full", actions="Emptied", verification="Ann logged in")
    ticket.refresh_from_db()
    solved = ticket.status
    sends(ann, ticket, "reopen", reason="it is back")
    sends(ann, ticket, "cancel", reason="a drill")
    ticket.refresh_from_db()

    assert (solved, ticket.status, ticket.priority, ticket.owner) == ("solved", "cancelled", "P3", person())
    assert ann.get(f"/tickets/{ticket.number}").status_code == 200


def test_two_at_once_lose_nothing(world: World, ann: Browser):
    ticket = world.opens("VPN drops", priority="P2")
    seen = ticket.head_seq
    tickets.note(ticket, "Lena was here.", by=world.lena, now=datetime.now(UTC))

    refused = sends(ann, ticket, "wait", on="client", reason="a screenshot", seen=seen)
    ticket.refresh_from_db()
    sent = sends(ann, ticket, "wait", on="client", reason="a screenshot")

    assert refused.status_code == 409
    assert "Lena was here." in refused.content.decode()
    assert "a screenshot" in refused.content.decode()
    assert sent.status_code == 302


def test_a_press_too_many_writes_nothing_twice(world: World, ann: Browser):
    ticket = world.opens("VPN drops", priority="P2")
    seen = ticket.head_seq

    for _ in range(2):
        assert sends(ann, ticket, "note", text="Looked.", seen=seen).status_code == 302

    assert kinds(ticket).count("noted") == 1


def test_a_call_that_a_step_asked_for_is_recorded_from_the_ladder(world: World, ann: Browser):
    ticket = world.opens("VPN drops", priority="P1")
    world.forward(minutes=15)
    page = ann.get(f"/tickets/{ticket.number}").content.decode()

    assert "?do=done&amp;of=step/client%401/primary-contact#composer" in page
    sends(ann, ticket, "done", of="step/client@1/primary-contact", result="reached, she tells the staff")

    page = ann.get(f"/tickets/{ticket.number}").content.decode()
    assert "done by Ann" in page
    assert "recorded the call to the primary contact" in page


def test_a_page_is_acknowledged(world: World, ann: Browser):
    ticket = world.opens("VPN drops", priority="P1")

    sends(ann, ticket, "acknowledge", of="step/page@1/primary")

    assert kinds(ticket)[-1] == "acknowledged"
    page = ann.get(f"/tickets/{ticket.number}").content.decode()
    assert "acknowledged by Ann" in page
    assert "acknowledged the page to the on-call engineer" in page


def test_whoever_looks_hears_of_news_and_keeps_what_they_write(world: World, ann: Browser):
    ticket = world.opens("VPN drops", priority="P2")
    address = f"/tickets/{ticket.number}?seen={ticket.head_seq}"
    quiet = ann.get(address, headers={"HX-Request": "true"})
    escalations.escalate(
        ticket, to="L2", reason="impact", tried="-", next_step="-", by=world.lena, now=datetime.now(UTC)
    )

    news = ann.get(address, headers={"HX-Request": "true"}).content.decode()

    assert quiet.status_code == 204
    assert "New on this ticket: Lena escalated it L1 → L2" in news
    assert "<textarea" not in news


def test_markup_in_what_a_monitor_or_a_client_says_is_shown_as_text(world: World, ann: Browser):
    ticket = world.opens("<script>alert(1)</script>", priority="P2")
    tickets.note(ticket, "<img src=x onerror=alert(1)>", by=world.lena, now=world.now)

    page = ann.get(f"/tickets/{ticket.number}").content.decode()

    assert "<script>alert" not in page and "<img src=x" not in page


def test_a_new_ticket_offers_open_ones_alike_and_opens_all_the_same(world: World, ann: Browser):
    world.opens("VPN drops for remote staff", priority="P2")
    said = {"client": world.acme.pk, "title": "VPN drops again", "kind": "incident", "priority": "P2"}

    offered = ann.post("/tickets/new", said)
    opened = ann.post("/tickets/new", {**said, "anyway": "1"})

    assert "INC-1 VPN drops for remote staff" in offered.content.decode()
    assert opened["Location"] == "/tickets/INC-2"
    assert Ticket.objects.get(number="INC-2").priority == "P2"


def test_a_ticket_is_found_by_its_number_and_by_words(world: World, ann: Browser):
    world.opens("VPN drops for remote staff", priority="P2")

    assert ann.get("/tickets?q=inc-1")["Location"] == "/tickets/INC-1"
    assert "VPN drops" in ann.get("/tickets?q=remote+acme").content.decode()
    assert "No ticket has these words." in ann.get("/tickets?q=printer").content.decode()


def test_a_clients_page_shows_contract_contacts_and_what_is_open(world: World, ann: Browser):
    world.opens("VPN drops", priority="P2")

    page = ann.get("/clients/acme").content.decode()

    for words in ("VPN drops", "Mon", "08:00–18:00", "Carla", "Primary contact", "First response", "By field-guide 1"):
        assert words in page, words


def test_whoever_chooses_a_priority_reads_what_qualifies_and_what_it_looks_like(world: World, ann: Browser):
    page = ann.get("/tickets/new?client=acme").content.decode()

    for words in ("P1 Critical", "The whole business is down", "Ransomware is spreading", "P4"):
        assert words in page, words


def test_nobody_is_offered_who_may_not_work_on_the_clients_ticket(world: World, ann: Browser):
    ticket = world.opens()
    for name, access in (("Audrey", READ_ONLY), ("Boris", ASSIGNED)):
        Person.objects.create(name=name, access=access)
    here = f"/tickets/{ticket.number}"

    pages = [ann.get(f"{here}?do={verb}").content.decode() for verb in ("hand-over", "note", "stop-line", "priority")]
    pages.append(ann.get("/tickets/new?stop=1&client=acme").content.decode())

    assert all(">Sam</option>" in page for page in pages)
    assert not any(f">{name}</option>" in page for page in pages for name in ("Audrey", "Boris"))


def test_page_and_board_say_what_is_next_where_nobody_has_said_so(world: World, ann: Browser):
    ticket = tickets.open(client=world.acme, title="VPN drops", priority="P2", by=world.lena, now=world.now)
    world.turn()

    page, board = (ann.get(path).content.decode() for path in (f"/tickets/{ticket.number}", "/"))

    assert "<b>Next:</b> Triage it · L1 · " in page and "nobody has said what is next" in page
    assert "Next: Triage it · L1" in board


def test_the_next_step_is_guessed_to_be_of_whoever_acts_or_gets_the_ticket(world: World, ann: Browser):
    ticket = world.opens("VPN drops", priority="P2")
    soon = datetime.now(UTC) + timedelta(hours=1)
    next_steps.agree(ticket, "Look", who=world.lena, due_at=soon, by=world.lena, now=datetime.now(UTC))

    form = ann.get(f"/tickets/{ticket.number}?do=note").content.decode()
    sends(ann, ticket, "hand-over", worker=world.sam.pk, next_who="")
    handed = next_steps.agreed(ticket)
    sends(ann, ticket, "escalate", to="L2", reason="vendor", tried="all", next_step="ask them", next_due="30")
    ticket.refresh_from_db()
    asked = next_steps.agreed(ticket)

    assert f'value="{person().pk}" selected' in form and f'value="{world.lena.pk}" selected' not in form
    assert handed.who == world.sam.pk
    assert (asked.step, asked.who, asked.level) == ("ask them", None, "L2")
    assert timedelta(minutes=29) < asked.due_at - datetime.now(UTC) <= timedelta(minutes=30)
