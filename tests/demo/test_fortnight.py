"""Is the demo's past a real one: the rules' own doing, and as full of life as was wanted?"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tocsin.demo import fortnight
from tocsin.demo.stage import Stage
from tocsin.desk.proof import refold
from tocsin.desk.ticket import Ticket
from tocsin.log.event import Event
from tocsin.log.root import Root
from tocsin.log.verify import verify
from tocsin.outbox.delivery import Delivery

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

NOW = datetime(2026, 11, 19, 14, 7, 33, 123456, tzinfo=UTC)  # a Thursday
OVER = ("solved", "closed", "cancelled", "merged")


@dataclass
class Lived:
    """A fortnight that has been lived through."""

    stage: Stage
    welcome: str


@pytest.fixture(scope="module")
def lived(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Lived]:
    """Lived through once, for it takes long, and gone again with the last of these tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Lived(*fortnight.make(seed=3, now=NOW))
        transaction.set_rollback(True)


def live() -> list[Ticket]:
    return list(Ticket.objects.exclude(status__in=OVER))


def test_the_desk_allowed_every_act_and_the_engine_turned_only_when_something_was_due(lived: Lived):
    assert lived.stage.refused == []
    assert lived.stage.turns < 2000


def test_every_chain_holds_and_every_ticket_shows_what_its_log_says(lived: Lived):
    assert [str(fault) for fault in (*refold(), *verify())] == []


def test_every_day_was_sealed_when_it_began(lived: Lived):
    roots = list(Root.objects.order_by("day"))

    assert [root.day for root in roots] == [(NOW - timedelta(days=14 - day)).date() for day in range(15)]
    assert all((root.sealed_at.hour, root.sealed_at.minute) == (0, 0) for root in roots[1:])


def test_nothing_was_recorded_before_its_time_or_after_now(lived: Lived):
    for event in Event.objects.filter(stream__startswith="ticket/"):
        assert NOW - timedelta(days=14, minutes=10) < event.effective_at <= event.recorded_at <= NOW


def test_there_are_some_two_hundred_tickets_of_each_kind_and_priority(lived: Lived):
    kinds = Counter(Ticket.objects.values_list("kind", flat=True))
    priorities = Counter(Ticket.objects.values_list("priority", flat=True))

    assert 150 <= kinds.total() <= 250
    assert (kinds["request"], kinds["complaint"]) == (26, 3)
    assert priorities["P1"] + priorities["S1"] >= 8
    assert priorities["P2"] + priorities["S2"] >= 25
    assert priorities["P3"] + priorities["S3"] >= 90
    assert priorities["P4"] + priorities["S4"] >= 24


@pytest.mark.parametrize(
    ("kind", "least"),
    [
        ("breach", 15),
        ("threshold", 20),
        ("accepted", 60),
        ("sent_back", 5),
        ("acknowledged", 7),
        ("paused", 25),
        ("reopened", 6),
        ("merged", 8),
        ("cancelled", 4),
        ("alert_fired", 2),
        ("done", 7),
        ("priority_changed", 5),
        ("client_wrote", 15),
    ],
)
def test_everything_that_can_happen_has_happened(lived: Lived, kind: str, least: int):
    assert Event.objects.filter(kind=kind).count() >= least


def test_promises_were_broken_of_every_clock_and_most_were_kept(lived: Lived):
    broken = Counter(key.split("/")[1].split("@")[0] for key in keys("breach"))

    assert set(broken) == {"response", "resolution", "client_notified", "next_update"}
    tickets = Ticket.objects.filter(status="closed", kind="incident")
    kept = [json.loads(ticket.reading)["resolution"]["verdict"] == "met" for ticket in tickets]
    assert 0.85 < sum(kept) / len(kept) < 1


def keys(kind: str) -> list[str]:
    return [key for key in Event.objects.filter(kind=kind).values_list("key", flat=True) if key]


def test_the_board_is_alive_now(lived: Lived):
    states = Counter((ticket.status, ticket.pending_on) for ticket in live())

    assert 15 <= len(live()) <= 20
    assert {waits for status, waits in states if status == "pending"} == {"client", "vendor", "parts"}
    assert states["in progress", ""] >= 6
    assert [ticket.owner for ticket in live() if ticket.status == "new"] == [None]
    assert [ticket.level for ticket in live() if ticket.priority == "P1"] == ["L3"]
    assert any(ticket.asked_level for ticket in live())
    assert {ticket.client.name for ticket in live()} == {firm.name for firm in lived.stage.places}


def test_each_client_has_a_standard_of_its_own_and_tickets_under_it(lived: Lived):
    under = Counter(Ticket.objects.values_list("client__name", "policy_version__policy__name"))

    assert sorted(under) == [
        ("Alder Joinery", "three-tier"),
        ("Beacon Realty", "severity-tiers"),
        ("Harbour & Lane Law", "operating-standard"),
        ("Kestrel Freight", "sla-guard"),
        ("Northgate Dental", "field-guide"),
    ]
    assert min(under.values()) >= 15


def test_under_the_operating_standard_the_work_went_through_its_stages(lived: Lived):
    entered = Event.objects.filter(kind="stage_entered")

    assert entered.count() >= 15
    assert {len(event.data["lacking"]) > 0 for event in entered} == {True, False}


def test_tonights_stopped_line_is_in_hand_and_its_page_answered(lived: Lived):
    stopped = Ticket.objects.exclude(stopped_at=None).get()
    kinds = [event.kind for event in Event.objects.filter(stream=stopped.stream_name).order_by("seq")]

    assert kinds.index("line_stopped") < len(kinds) - 1 - kinds[::-1].index("acknowledged")
    assert "exhausted" not in kinds


def test_some_of_it_is_due_within_minutes(lived: Lived):
    due = [
        datetime.fromisoformat(reading["due_at"]) - NOW
        for ticket in live()
        for reading in json.loads(ticket.reading).values()
        if reading["state"] == "running" and reading["verdict"] == "open" and reading["due_at"]
    ]

    assert len([left for left in due if left < timedelta(minutes=35)]) >= 4
    assert min(due) > timedelta(minutes=3)


def test_nothing_of_it_left_the_desk_and_nothing_waits_to(lived: Lived):
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
    assert all("in the demo's past" in receipt for receipt in Delivery.objects.values_list("receipt", flat=True))
    assert {event.data["receipt"].split(", ")[1] for event in Event.objects.filter(kind="delivered")[:50]} == {
        "in the demo's past"
    }


def test_the_newcomer_is_told_as_whom_to_sign_in_and_given_a_key(lived: Lived):
    assert "tara@tocsin-desk.example     Tara Lind, L3" in lived.welcome
    assert "Authorization: Bearer tocsin_in_" in lived.welcome
    assert str(settings.TOCSIN_BIND[1]) in lived.welcome
