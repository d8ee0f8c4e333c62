"""Does what happened get on record once, in order, together with the head that names it?"""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from tests.conftest import unguarded
from tocsin.directory.client import Client
from tocsin.log.append import AlreadyOnRecord, StaleHead, append, insert
from tocsin.log.chain import Draft
from tocsin.log.event import Event
from tocsin.log.root import seal
from tocsin.log.stream import HEAD
from tocsin.log.verify import verify

pytestmark = pytest.mark.django_db
TEN = datetime(2026, 11, 20, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def acme():
    return Client.objects.create(name="Acme", slug="acme")


def noted(text="", key=None):
    return Draft("noted", TEN, "person/1", {"text": text}, key=key)


def test_events_are_stored_as_they_were_chained_and_the_row_names_the_last(acme):
    append(acme, [noted("one"), noted("two")], now=TEN, client_id=acme.pk)
    entries = append(acme, [noted("three")], now=TEN + MINUTE, client_id=acme.pk)

    stored = list(Event.objects.filter(stream=acme.stream_name).order_by("seq"))
    again = Client.objects.get(pk=acme.pk)
    assert [event.data["text"] for event in stored] == ["one", "two", "three"]
    assert [getattr(stored[2], name) for name in entries[0]._fields] == list(entries[0])
    assert (again.head_seq, again.head_hash, again.head_at) == (3, stored[2].hash, TEN + MINUTE)
    assert (acme.head_seq, acme.head_hash, acme.head_at) == (3, stored[2].hash, TEN + MINUTE)


def test_instants_come_back_to_the_microsecond(acme):
    odd = TEN.replace(microsecond=1)

    append(acme, [Draft("noted", odd, "person/1")], now=odd)

    event = Event.objects.get()
    assert (event.effective_at, event.recorded_at) == (odd, odd)


def test_a_clock_behind_the_last_event_takes_that_events_instant(acme):
    append(acme, [noted()], now=TEN)

    (entry,) = append(acme, [noted()], now=TEN - MINUTE)

    assert entry.recorded_at == TEN


def test_a_key_goes_on_record_once_and_the_transaction_can_go_on(acme):
    append(acme, [noted("first", key="breach/resolution@1")], now=TEN)

    with pytest.raises(AlreadyOnRecord, match=f"{acme.stream_name} has breach/resolution@1"):
        append(acme, [noted("plain"), noted("again", key="breach/resolution@1")], now=TEN)

    append(acme, [noted("next")], now=TEN)
    assert [event.data["text"] for event in Event.objects.order_by("seq")] == ["first", "next"]
    assert list(verify()) == []


def test_a_key_twice_in_one_batch_is_told_by_name(acme):
    with pytest.raises(AlreadyOnRecord, match="close@40"):
        append(acme, [noted(key="close@40"), noted(key="close@40")], now=TEN)


def test_the_same_key_in_another_stream_is_another_thing(acme):
    other = Client.objects.create(name="Globex", slug="globex")

    append(acme, [noted(key="close@40")], now=TEN)
    append(other, [noted(key="close@40")], now=TEN)

    assert Event.objects.filter(key="close@40").count() == 2


def test_a_row_read_before_somebody_else_wrote_is_told_to_be_stale(acme):
    late = Client.objects.get(pk=acme.pk)
    append(acme, [noted("first")], now=TEN)

    with pytest.raises(StaleHead):
        append(late, [noted("second")], now=TEN)

    assert late.head_seq == 0
    assert list(verify()) == []


def test_a_batch_of_many_streams_is_one_statement(acme, django_assert_num_queries):
    rows = [acme, *(Client.objects.create(name=f"Client {n}", slug=f"c{n}") for n in range(9))]

    entries = [entry for row in rows for entry in row.extend([noted("a"), noted("b")], now=TEN, client_id=row.pk)]
    with django_assert_num_queries(3):  # a savepoint, the rows, and its release
        insert(entries)
    Client.objects.bulk_update(rows, HEAD)

    assert Event.objects.count() == 20
    assert list(verify()) == []


def test_nothing_to_say_leaves_everything_as_it_is(acme):
    assert append(acme, [], now=TEN) == []
    insert([])

    assert Event.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_events_go_on_record_only_inside_a_transaction(acme):
    with pytest.raises(transaction.TransactionManagementError):
        insert(acme.extend([noted()], now=TEN))


@pytest.mark.parametrize("table", ["tocsin_event", "tocsin_root", "tocsin_policyversion", "tocsin_standing"])
def test_every_append_only_table_is_guarded_after_the_last_migration(table):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", [table])
        else:
            cursor.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
        (guards,) = cursor.fetchone()

    assert guards == 2


@pytest.mark.parametrize(
    "statement",
    ["UPDATE tocsin_event SET actor = 'nobody'", "DELETE FROM tocsin_event", "UPDATE tocsin_root SET heads = ''"],
)
def test_the_database_itself_refuses_to_change_what_is_on_record(acme, statement):
    append(acme, [noted()], now=TEN)
    seal(TEN)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    with unguarded(connection), connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount == 1
