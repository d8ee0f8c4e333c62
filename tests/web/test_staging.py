"""Does a ticket's page lead from stage to stage, and say what a gate still asks for?"""

from __future__ import annotations

import html

import pytest
from django.test import Client as Browser

from tests.desk.test_raci import RACI
from tests.staged import with_stages
from tests.web.test_ticket import sends
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(browser) -> Browser:
    return browser("Ann")


def words(browser: Browser, path: str) -> str:
    return html.unescape(" ".join(browser.get(path).content.decode().split()))


def test_a_standard_without_stages_shows_none(world: World, ann: Browser):
    ticket = world.opens()

    page = words(ann, f"/tickets/{ticket.number}")

    assert 'id="stages"' not in page
    assert "what its stages ask for" not in words(ann, f"/tickets/{ticket.number}?do=solve")


def test_the_card_names_what_is_lacking_and_leads_to_the_form_that_puts_it_on_record(world: World, ann: Browser):
    ticket = with_stages(world).opens()
    sends(ann, ticket, "stage", to="diagnose", reason="at once")

    page = words(ann, f"/tickets/{ticket.number}")
    form = words(ann, f"/tickets/{ticket.number}?do=state&fact=cause_known")

    assert "Stage: Diagnose" in page and "2 bypassed" in page
    assert "Diagnose leaves a log behind" in page and "?do=leave&artifact=log#composer" in page
    assert "?do=state&fact=cause_known#composer" in page
    assert "Go on to Recover" not in page
    assert '<option value="cause_known" selected>' in form


def test_one_press_goes_on_once_nothing_is_lacking(world: World, ann: Browser):
    ticket = with_stages(world).opens()
    sends(ann, ticket, "stage", to="diagnose", reason="at once")
    sends(ann, ticket, "leave", artifact="log", where="https://files.msp.example/1", note="line 40", stage="diagnose")
    sends(ann, ticket, "state", fact="cause_known", said="The disk is full")

    page = words(ann, f"/tickets/{ticket.number}")
    sends(ann, ticket, "stage", to="recover")
    ticket.refresh_from_db()

    assert "Nothing is lacking for Recover." in page and "Go on to Recover" in page
    assert "The disk is full" in page and "https://files.msp.example/1" in page
    assert ticket.stage == "recover"


def test_a_refusal_stands_above_the_form_with_what_was_written(world: World, ann: Browser):
    ticket = with_stages(world).opens()

    refused = sends(ann, ticket, "stage", to="diagnose")

    said = html.unescape(refused.content.decode())
    assert refused.status_code == 422
    assert "Diagnose is not open yet" in said and "or say why it goes without" in said


def test_the_owner_solves_past_a_gate_with_a_reason(world: World, ann: Browser):
    ticket = with_stages(world).opens()
    sends(ann, ticket, "take")
    said = {"cause": "Full", "actions": "Emptied", "verification": "Works"}

    assert sends(ann, ticket, "solve", **said).status_code == 422
    assert sends(ann, ticket, "solve", **said, bypass="The wrong tenant").status_code == 302
    ticket.refresh_from_db()
    assert (ticket.status, ticket.stage) == ("solved", "review")


def test_who_does_what_stands_on_the_ticket_by_name(world: World, ann: Browser):
    with_stages(world, RACI)
    ticket = world.opens()

    before = words(ann, f"/tickets/{ticket.number}")
    world.escalates(ticket, "L2")
    after = words(ann, f"/tickets/{ticket.number}")

    assert "Who does what" in before and 'Tara <small class="dim">Incident manager</small>' in before
    assert "as it was escalated to L2" in after and "as it was escalated to L2" not in before
