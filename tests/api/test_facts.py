"""Can a program say what is known of a fault, and read why a ticket has its priority?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.api.caller import Caller
from tests.world import World
from tocsin.desk.ticket import Ticket
from tocsin.log.event import Event

pytestmark = pytest.mark.django_db
NEW = {"client": "acme", "title": "Nobody can log in"}


@pytest.fixture
def lena(db: None) -> Caller:
    world = World()
    world.now = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=20)
    return Caller(world.lena)


def answer(lena: Caller, ticket: dict, **facts: str | None):
    following = {"step": "Look at the switch", "due_at": (datetime.now(UTC) + timedelta(minutes=30)).isoformat()}
    return lena.post(f"/tickets/{ticket['number']}/answer", {"facts": facts, "next": following})


def test_facts_give_the_priority_and_the_ticket_says_why(lena: Caller):
    opened = lena.post("/tickets", {**NEW, "facts": {"users": "all", "impact": "down"}})

    assert (opened.status_code, opened.json()["priority"]) == (201, "P1")
    severity = opened.json()["severity"]
    assert severity["facts"] == {"impact": "down", "users": "all"}
    assert (severity["gives"], severity["decided_by"]) == ("P1", ["impact", "users"])
    assert severity["assumed"]["workaround"] == "none"
    assert severity["because"][0].startswith("P1, because impact: ")


def test_another_priority_than_the_facts_give_needs_a_reason(lena: Caller):
    said = {**NEW, "facts": {"impact": "major"}, "priority": "P4"}

    refused = lena.post("/tickets", said)
    opened = lena.post("/tickets", {**said, "differs_because": "it is a rehearsal"})

    assert (refused.status_code, "Say why it is P4" in refused.json()["detail"]) == (409, True)
    assert opened.json()["severity"]["because"] == ["P4 and not P2, because it is a rehearsal"]


def test_a_fact_that_is_none_opens_nothing(lena: Caller):
    refused = lena.post("/tickets", {**NEW, "facts": {"usres": "all"}})

    assert (refused.status_code, "did you mean 'users'" in refused.json()["detail"]) == (409, True)
    assert not Ticket.objects.exists()


def test_facts_answered_anew_raise_by_rule(lena: Caller):
    ticket = lena.post("/tickets", {**NEW, "facts": {"users": "a-few"}}).json()

    worse = answer(lena, ticket, users="all", impact="down")
    milder = answer(lena, ticket, users=None)

    assert (ticket["priority"], worse.json()["priority"], milder.json()["priority"]) == ("P3", "P1", "P1")
    assert (milder.json()["severity"]["gives"], milder.json()["severity"]["facts"]) == ("P2", {"impact": "down"})
    assert Event.objects.get(kind="priority_changed").actor == "rule/matrix"
    assert answer(lena, ticket).status_code == 422
    assert answer(lena, ticket, impact="down").status_code == 409


def test_a_ticket_without_facts_says_that_it_was_opened_so(lena: Caller):
    severity = lena.post("/tickets", NEW).json()["severity"]

    assert severity.pop("assumed")["users"] == "one"
    assert severity == {"because": ["P3, as it was opened"], "facts": {}, "decided_by": [], "gives": None}
