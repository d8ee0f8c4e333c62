"""Is what was agreed with a client kept, and on record?"""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from tocsin.core.hours import BadCalendar, Calendar
from tocsin.directory import clients
from tocsin.directory.client import Client, Service
from tocsin.directory.contract import Contract
from tocsin.directory.person import Person
from tocsin.log.event import Event
from tocsin.log.verify import verify

pytestmark = pytest.mark.django_db
TEN = datetime(2026, 11, 20, 10, tzinfo=UTC)
OFFICE = Calendar("Australia/Sydney", {"mon": [("07:00", "18:00")]}, closed={"2026-12-25": "Christmas Day"})


@pytest.fixture
def ann():
    return Person.objects.create(name="Ann")


@pytest.fixture
def acme(ann):
    return clients.add("Acme Ltd", zone="Australia/Sydney", by=ann, now=TEN)


@pytest.fixture
def contract(acme, ann):
    return clients.sign(acme, hours=OFFICE, starts_on=date(2026, 7, 1), by=ann, now=TEN)


def test_a_client_is_on_record_from_its_first_moment(acme, ann):
    event = Event.objects.get(stream=acme.stream_name)

    assert (event.kind, event.actor, event.recorded_at) == ("client_added", f"person/{ann.pk}", TEN)
    assert event.data == {"name": "Acme Ltd", "slug": "acme-ltd", "zone": "Australia/Sydney", "ended_on": None}
    assert list(verify()) == []


def test_hours_come_back_as_they_were_agreed(contract):
    again = Contract.objects.get(pk=contract.pk)

    assert Calendar.from_spec(again.hours) == OFFICE


def test_each_revision_of_a_contract_stays_on_the_clients_record(contract, ann):
    clients.revise(contract, hours=Calendar.always(), policy="sla-guard", by=ann, now=TEN + timedelta(days=1))

    first, second = clients.revisions(contract)
    assert (first.number, first.recorded_at, first.content["policy"]) == (1, TEN, "field-guide")
    assert (second.number, second.recorded_at, second.content["policy"]) == (2, TEN + timedelta(days=1), "sla-guard")
    assert Calendar.from_spec(first.content["hours"]) == OFFICE
    assert Contract.objects.get(pk=contract.pk).revision == 2
    assert list(verify()) == []


def test_a_contract_has_only_what_contracts_have(contract, ann):
    with pytest.raises(TypeError, match="a contract has no colour"):
        clients.revise(contract, colour="red", by=ann, now=TEN)


def test_every_save_makes_a_revision_even_of_one_field(contract):
    contract.emergency_phone = "+61 2 5550 0100"
    contract.save(update_fields=["emergency_phone"])

    assert contract.revision == Contract.objects.get(pk=contract.pk).revision == 2


def test_two_who_save_at_once_make_two_revisions(contract):
    one, other = (Contract.objects.get(pk=contract.pk) for _ in range(2))

    one.save()
    other.save()

    assert (one.revision, other.revision) == (2, 3)


def test_hours_nobody_can_work_by_are_refused(acme):
    with pytest.raises(BadCalendar), transaction.atomic():
        Contract.objects.create(client=acme, hours={"zone": "UTC", "week": {}}, starts_on=date(2026, 7, 1))


def test_a_client_has_one_contract_from_a_day(acme, ann, contract):
    with pytest.raises(IntegrityError), transaction.atomic():
        clients.sign(acme, hours=OFFICE, starts_on=date(2026, 7, 1), by=ann, now=TEN)


@pytest.mark.parametrize(("name", "slug"), [("", "acme"), ("Acme", ""), ("", "")])
def test_a_client_without_a_name_or_a_slug_is_refused(name, slug):
    with pytest.raises(IntegrityError), transaction.atomic():
        Client.objects.create(name=name, slug=slug)


def test_a_client_has_a_service_once(acme):
    Service.objects.create(client=acme, name="Mail", slug="mail")

    with pytest.raises(IntegrityError), transaction.atomic():
        Service.objects.create(client=acme, name="Mail again", slug="mail")


def test_a_change_of_a_client_is_on_its_record(acme, ann):
    clients.change(acme, name="Acme Pty", ended_on=date(2027, 1, 1), by=ann, now=TEN)

    acme.refresh_from_db()
    said = Event.objects.filter(stream=acme.stream_name).latest("seq")
    assert (acme.name, acme.ended_on) == ("Acme Pty", date(2027, 1, 1))
    assert (said.kind, said.data) == (
        "client_changed",
        {"name": "Acme Pty", "slug": "acme-ltd", "zone": "Australia/Sydney", "ended_on": "2027-01-01"},
    )


def test_a_client_has_only_what_clients_have(acme, ann):
    with pytest.raises(TypeError, match="a client has no colour"):
        clients.change(acme, colour="red", by=ann, now=TEN)
