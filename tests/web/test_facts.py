"""Can whoever opens a ticket say what is known, see which priority that gives, and read on its page why it has it?"""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client as Browser

from tests.world import World
from tocsin.desk.ticket import Ticket
from tocsin.directory import clients
from tocsin.log.event import Event

pytestmark = pytest.mark.django_db
MANY = "because impact: a convenience or a single task is impaired (assumed) and users: more than a fifth (answered)"


@pytest.fixture
def ann(browser) -> Browser:
    return browser("Ann")


def text(answer) -> str:
    """What one reads: no tags, entities as characters, blanks as one."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def new(world: World, **said: str) -> dict[str, str]:
    return {"client": str(world.acme.pk), "title": "Nobody can log in", "kind": "incident", **said}


def then(**said: str) -> dict[str, str]:
    return {"next_step": "Look at the switch", "next_who": str(Ticket.objects.get().owner_id), "next_due": "30", **said}


def test_a_new_ticket_asks_each_fact_with_its_scale_and_says_what_is_assumed(world: World, ann: Browser):
    page = text(ann.get("/tickets/new?client=acme"))

    for words in (
        "Who is hit?",
        "more than a fifth",
        "not known (assumed: one)",
        "When is it needed back?",
        "can wait",
    ):
        assert words in page, words
    assert "By what is known : P3 Medium while nothing is" in page


def test_a_plain_ticket_needs_nothing_more_than_before(world: World, ann: Browser):
    opened = ann.post("/tickets/new", new(world, priority="P1"))
    default = ann.post("/tickets/new", new(world, title="A toner is low"))

    assert (opened.status_code, default.status_code) == (302, 302)
    assert [ticket.priority for ticket in Ticket.objects.order_by("pk")] == ["P1", "P3"]
    assert all("facts" not in event.data for event in Event.objects.filter(kind="opened"))


def test_a_ticket_of_which_nothing_was_said_shows_what_was_assumed_of_it(world: World, ann: Browser):
    ann.post("/tickets/new", new(world, title="A toner is low"))

    page = text(ann.get(f"/tickets/{Ticket.objects.get().number}"))

    assert "Assumed of what nobody answered" in page and "users: one" in page


def test_while_somebody_answers_it_says_which_priority_that_gives_and_why(world: World, ann: Browser):
    asked = f"/tickets/new/facts?client={world.acme.pk}"

    assert MANY in text(ann.get(f"{asked}&fact_users=many"))
    assert "Assumed of what nobody answered: impact: a convenience" in text(ann.get(f"{asked}&fact_users=many"))
    assert "Nothing is answered: it is P3 Medium unless you choose." in text(ann.get(asked))
    assert ann.get("/tickets/new/facts?client=nobody").status_code == 404


def test_the_service_that_is_hit_weighs_as_was_agreed(world: World, ann: Browser):
    agreed = {"services": {"files": {"matrix": {"starts_on": "2026-01-01", "assumed": {"service": "core"}}}}}
    bolt = world.client("Bolt", overrides=agreed)
    files = bolt.services.get(slug="files")

    weighed = text(ann.get(f"/tickets/new/facts?client={bolt.pk}&service={files.pk}&fact_impact=down"))

    assert weighed.startswith("P1 because impact:")
    assert "as agreed with the client for files since 2026-01-01" in weighed


def test_it_shows_the_priority_without_scripts_too_and_opens_nothing(world: World, ann: Browser):
    page = ann.post("/tickets/new", new(world, fact_users="many", weigh="1"))

    assert (page.status_code, Ticket.objects.count()) == (200, 0)
    assert MANY in text(page)
    assert 'value="Nobody can log in"' in page.content.decode()
    assert re.search(r'value="many"[^>]*checked', page.content.decode())


def test_facts_open_a_ticket_with_the_priority_they_give_and_its_page_says_why(world: World, ann: Browser):
    opened = ann.post("/tickets/new", new(world, fact_users="many", priority=""))

    ticket = Ticket.objects.get()
    assert (opened["Location"], ticket.priority) == (f"/tickets/{ticket.number}", "P2")
    assert f"P2, {MANY}" in text(ann.get(f"/tickets/{ticket.number}"))


def test_choosing_otherwise_asks_for_a_reason_and_keeps_what_was_answered(world: World, ann: Browser):
    said = new(world, fact_users="many", priority="P4")

    refused = ann.post("/tickets/new", said)
    ann.post("/tickets/new", {**said, "differs_because": "a rehearsal"})

    assert "Say why it is P4 instead" in text(refused)
    assert re.search(r'value="many"[^>]*checked', refused.content.decode())
    page = text(ann.get(f"/tickets/{Ticket.objects.get().number}"))
    assert "P4 and not P2, because a rehearsal." in page
    assert "By what is known now it would be P2, because" in page


def test_a_complaint_keeps_its_own_times_whatever_was_answered(world: World, ann: Browser):
    ann.post("/tickets/new", new(world, kind="complaint", fact_users="all", fact_impact="down"))

    ticket = Ticket.objects.get()
    assert ticket.priority == "complaint"
    assert "Answer what is known" not in text(ann.get(f"/tickets/{ticket.number}"))


def test_facts_are_answered_anew_on_the_tickets_page_and_raise_it(world: World, ann: Browser):
    ticket = world.opens(priority=None, facts={"users": "a-few"})
    where = f"/tickets/{ticket.number}"

    form = ann.get(f"{where}?do=answer").content.decode()
    answer = then(fact_users="all", fact_impact="down", seen=str(ticket.head_seq))
    done = ann.post(f"{where}/answer", answer)

    assert re.search(r'value="a-few"[^>]*checked', form)
    ticket.refresh_from_db()
    assert (done.status_code, ticket.priority) == (302, "P1")
    page = text(ann.get(where))
    assert "P1, because impact: the business, or its core, is down (answered) and users: all (answered)" in page
    assert "Ann answered anew: impact:" in page
    assert "Tocsin changed the priority P3 → P1" in page


def test_an_answer_that_changes_nothing_is_refused_on_the_page(world: World, ann: Browser):
    ticket = world.opens(priority=None, facts={"users": "a-few"})

    refused = ann.post(f"/tickets/{ticket.number}/answer", then(fact_users="a-few", seen=str(ticket.head_seq)))

    assert (refused.status_code, "That is what is known already" in text(refused)) == (422, True)


def test_of_a_client_with_whom_nothing_was_agreed_no_facts_are_weighed(world: World, ann: Browser):
    client = clients.add("Nothing agreed", zone="UTC", by="test", now=world.now)

    answer = ann.get(f"/tickets/new/facts?client={client.pk}")

    assert answer.status_code == 404
