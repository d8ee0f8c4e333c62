"""Does a promise that nobody made show against the client's record?"""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.conftest import tamper
from tocsin.core.hours import Calendar
from tocsin.directory import clients
from tocsin.directory.client import Client
from tocsin.directory.contract import Contract
from tocsin.directory.proof import compare
from tocsin.log.verify import verify

pytestmark = pytest.mark.django_db
TEN = datetime(2026, 7, 20, 10, tzinfo=UTC)
OFFICE = Calendar("Australia/Sydney", {"mon": [("08:00", "18:00")]})


@pytest.fixture
def acme():
    """A client whose contract was revised once: its log has three events."""
    client = clients.add("Acmé", slug="acme", zone="Australia/Sydney", by="test", now=TEN)
    contract = clients.sign(client, hours=OFFICE, starts_on=date(2026, 7, 1), by="test", now=TEN)
    overrides = {"targets": {"resolution": {"P1": "3h"}}}
    clients.revise(contract, overrides=overrides, by="test", now=TEN + timedelta(days=1))
    return client


def told():
    return [str(fault) for fault in compare()]


def test_clients_and_contracts_as_they_were_put_on_record_have_no_fault(acme):
    clients.sign(acme, hours=OFFICE, starts_on=date(2027, 7, 1), by="test", now=TEN)
    clients.change(acme, zone="UTC", ended_on=date(2028, 1, 1), by="test", now=TEN)

    assert told() == []
    assert [*verify()] == []


def test_a_desk_without_clients_has_no_fault():
    assert told() == []


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("policy", "easy-guide", "policy (stored easy-guide, told field-guide)"),
        ("overrides", '{"targets":{"resolution":{"P1":"9000h"}}}', "9000h"),
        ("overrides", "[]", "overrides (stored [], told {"),
        ("overrides", "5", "overrides (stored 5, told {"),
        ("overrides", "null", "overrides (stored null, told {"),
        ("hours", '{"week":{"mon":[["08:00","18:01"]]},"zone":"Australia/Sydney"}', "hours (stored {"),
        ("starts_on", "2026-07-02", "starts_on (stored 2026-07-02, told 2026-07-01)"),
        ("emergency_phone", "+61 2 5550 0199", "emergency_phone (stored +61 2 5550 0199, told"),
        ("revision", 1, "revision (stored 1, told 2)"),
        ("revised_at", None, "revised_at (stored null, told 2026-07-21T10:00:00.000000Z)"),
        ("revised_at", "2026-07-20 10:00:00+00", "revised_at (stored 2026-07-20T10:00:00"),
    ],
)
def test_an_edited_contract_is_named_by_its_last_revision_on_record(acme, column, value, says):
    contract = Contract.objects.get()
    tamper(f"UPDATE tocsin_contract SET {column} = %s", value)

    (fault,) = told()

    assert fault.startswith(f"{acme.stream_name} 3: contract/{contract.pk} shows what the log does not say: {column} (")
    assert says in fault


def test_a_revision_that_is_only_saved_is_on_no_record(acme):
    contract = Contract.objects.get()
    contract.emergency_phone = "+61 2 5550 0199"
    contract.save()

    (fault,) = told()

    assert "emergency_phone" in fault
    assert "revision (stored 3, told 2)" in fault


def test_a_contract_that_nobody_signed_is_named(acme):
    Contract.objects.create(client=acme, hours=OFFICE.spec(), starts_on=date(2026, 7, 5))

    contract = Contract.objects.get(starts_on=date(2026, 7, 5))
    assert told() == [f"{acme.stream_name}: contract/{contract.pk} from 2026-07-05 is on no record of this client"]


def test_a_contract_that_is_gone_is_named_where_it_was_recorded(acme):
    contract = Contract.objects.get()
    Contract.objects.all().delete()

    assert told() == [f"{acme.stream_name} 3: contract/{contract.pk}, which was put on record here, is gone"]


def test_a_contract_moved_to_another_client_is_named_at_both(acme):
    other = clients.add("Globex", by="test", now=TEN)
    Contract.objects.update(client=other)

    assert {fault.split(":")[0] for fault in told()} == {f"{acme.stream_name} 3", other.stream_name}


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("name", "Acme", "name (stored Acme, told Acmé)"),
        ("slug", "acme2", "slug (stored acme2, told acme)"),
        ("zone", "UTC", "zone (stored UTC, told Australia/Sydney)"),
        ("ended_on", "2026-01-01", "ended_on (stored 2026-01-01, told null)"),
        ("name", "a\nb\x1b[2J", 'name (stored "a\\nb\\u001b[2J", told Acmé)'),
    ],
)
def test_an_edited_client_is_named_by_what_was_recorded_of_it(acme, column, value, says):
    tamper(f"UPDATE tocsin_client SET {column} = %s", value)

    assert told() == [f"{acme.stream_name} 1: its row shows what its log does not say: {says}"]


def test_a_client_is_compared_with_its_last_change(acme):
    clients.change(acme, zone="UTC", by="test", now=TEN)
    Client.objects.update(zone="Australia/Sydney")

    assert told() == [
        f"{acme.stream_name} 4: its row shows what its log does not say: zone (stored Australia/Sydney, told UTC)"
    ]


def test_a_client_that_nobody_added_is_named(acme):
    other = Client.objects.create(name="Globex", slug="globex")

    assert told() == [f"{other.stream_name}: it is a client that no record says was added"]


def test_a_record_that_cannot_be_read_leaves_what_it_says_unproven_and_ends_nothing(acme):
    tamper("UPDATE tocsin_event SET body = 'no json' WHERE seq = 3")

    (fault,) = told()

    assert fault.startswith(f"{acme.stream_name} 2: ")


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE tocsin_client SET zone = CAST(x'ff' AS TEXT)",
        "UPDATE tocsin_client SET ended_on = 'yesterday'",
        "UPDATE tocsin_contract SET starts_on = 'yesterday'",
        "UPDATE tocsin_contract SET revised_at = 'yesterday'",
        "UPDATE tocsin_contract SET policy = CAST(x'ff' AS TEXT)",
        "UPDATE tocsin_event SET body = CAST(x'ff' AS TEXT) WHERE seq = 3",
        "UPDATE tocsin_event SET body = x'00' WHERE seq = 3",
    ],
)
def test_what_cannot_even_be_read_is_a_fault_and_no_crash(acme, change):
    tamper(change)

    (fault,) = told()

    assert fault.startswith(acme.stream_name)
    assert fault.encode()
