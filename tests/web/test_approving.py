"""Is something asked for, approved and refused on a ticket's page, and does whoever decides see that it waits?"""

from __future__ import annotations

import html
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from django.test import Client as Browser

from tests.approving import with_approvals
from tests.web.test_stopping import signed_in
from tests.web.test_ticket import sends
from tests.world import World
from tocsin.desk import approvals
from tocsin.desk.approved import requests_of
from tocsin.desk.ticket import Ticket
from tocsin.desk.timeline import terms_of
from tocsin.log.event import Event
from tocsin.web.approving import card

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(browser) -> Browser:
    return browser("Ann")


def words(browser: Browser, path: str) -> str:
    return html.unescape(" ".join(browser.get(path).content.decode().split()))


def asked(world: World, ann: Browser, **more: str) -> tuple[Ticket, int]:
    ticket = with_approvals(world).opens("Mail is slow")
    said = {"approval": "change", "what": "Restart the mail server", "risk": "ten minutes without mail", **more}
    assert sends(ann, ticket, "ask-approval", **said).status_code == 302
    return ticket, requests_of(ticket)[0].place


def test_a_standard_without_approvals_shows_none(world: World, ann: Browser):
    ticket = world.opens()

    assert 'id="approvals"' not in words(ann, f"/tickets/{ticket.number}")


def test_what_is_asked_for_shows_everybody_what_it_is_and_its_buttons_to_who_decides(world: World, ann: Browser):
    ticket, _ = asked(world, ann)

    seen = {
        who: words(browser, f"/tickets/{ticket.number}")
        for who, browser in (("Ann", ann), ("Dora", signed_in(world.dora)))
    }

    for page in seen.values():
        assert "Restart the mail server" in page and "ten minutes without mail" in page
        assert "Service delivery manager, or Director in their place decides" in page
    assert "?do=approve-request" in seen["Dora"] and "?do=approve-request" not in seen["Ann"]
    assert "?do=withdraw-request" in seen["Ann"] and "?do=withdraw-request" not in seen["Dora"]


def test_it_waits_on_now_for_who_decides_until_they_have(world: World, ann: Browser):
    ticket, place = asked(world, ann)
    dora = signed_in(world.dora)

    before = words(dora, "/")
    assert sends(dora, ticket, "approve-request", of=place, comment="After six.").status_code == 302
    after, page = words(dora, "/"), words(ann, f"/tickets/{ticket.number}")

    assert "Waits for your approval" in before and f"{ticket.number} Sensitive change: Restart" in before
    assert "Waits for your approval" not in after and "Waits for your approval" not in words(ann, "/")
    assert "approved" in page and "Dora: After six." in page


def test_what_has_expired_may_be_withdrawn_by_whoever_asked(world: World):
    ticket = with_approvals(world).opens()
    world._do(approvals.ask, ticket, "change", "Restart it")
    late = world.now + timedelta(hours=4)
    rows = list(Event.objects.filter(stream=ticket.stream_name).order_by("seq"))

    pages = {}
    for who in (world.lena, world.dora):
        shown = card(ticket, terms_of(ticket), rows, who, late)
        context = {"approvals": shown, "writes": True, "request": SimpleNamespace(at=late)}
        pages[who.name] = render_to_string("ticket/_approvals.html", context)

    assert "expired" in pages["Lena"] and "?do=withdraw-request" in pages["Lena"]
    assert "?do=" not in pages["Dora"].partition("Restart it")[2], "nobody decides on it any more"


def test_a_refusal_without_a_reason_stands_above_the_form(world: World, ann: Browser):
    ticket, place = asked(world, ann)
    dora = signed_in(world.dora)

    assert sends(dora, ticket, "refuse-request", of=place, comment="").status_code == 422
    own = sends(ann, ticket, "approve-request", of=place)

    assert own.status_code == 422 and "asked for it: somebody else decides" in own.content.decode()
    assert requests_of(ticket)[0].state == "open"


def test_a_clients_word_is_put_on_record_by_name(world: World, ann: Browser):
    ticket, place = asked(world, ann, approval="spending", what="A new disk")

    form = words(ann, f"/tickets/{ticket.number}?do=approve-request&of={place}")
    chosen = {"of": place, "contact": world.ivan.pk, "comment": "On the phone, 10:05"}
    answer = sends(ann, ticket, "approve-request", **chosen)

    assert "Ivan, it-manager" in form
    assert answer.status_code == 302
    assert "Ivan: On the phone, 10:05" in words(ann, f"/tickets/{ticket.number}")
