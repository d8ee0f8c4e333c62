"""Is the database the tests run on as strict as the one in use?"""

import sqlite3
from datetime import UTC, datetime

import django
import pytest
from django.db import IntegrityError, connection

from tests.postgres import cluster
from tocsin.log.event import Event

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_django_is_the_one_we_chose():
    assert django.VERSION[:2] == (5, 2)


@pytest.mark.only_on("sqlite")
@pytest.mark.django_db(transaction=True)
def test_sqlite_waits_writes_through_and_locks_at_once():
    with connection.cursor() as cursor:
        pragmas = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
        }

    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "busy_timeout": 20_000, "foreign_keys": 1}
    assert connection.transaction_mode == "IMMEDIATE"
    assert sqlite3.sqlite_version_info >= (3, 37)


@pytest.mark.only_on("postgresql")
@pytest.mark.django_db
def test_postgres_writes_through():
    with connection.cursor() as cursor:
        cursor.execute("SHOW fsync")
        fsync = cursor.fetchone()
        cursor.execute("SHOW synchronous_commit")
        commit = cursor.fetchone()

    assert (fsync, commit) == (("on",), ("on",))
    assert connection.pg_version >= 150000


@pytest.mark.only_on("postgresql")
def test_a_cluster_gives_out_empty_databases():
    import psycopg

    with cluster() as server:
        url = server.create("drawer")
        with psycopg.connect(url) as first:
            first.execute("CREATE TABLE sock (side TEXT)")

        again = server.create("drawer")

        with psycopg.connect(again) as second:
            assert second.execute("SELECT to_regclass('sock')").fetchone() == (None,)
        with psycopg.connect(server.url, autocommit=True) as clean:
            clean.execute("DROP DATABASE drawer WITH (FORCE)")


@pytest.mark.parametrize("time", ["first", "second"])
@pytest.mark.django_db(transaction=True)
def test_between_tests_that_commit_even_the_log_is_emptied_and_its_guard_is_back(time: str):
    assert Event.objects.count() == 0

    Event.objects.create(
        stream="ticket/1", seq=1, kind=time, effective_at=NOON, recorded_at=NOON, actor="ann", body="{}", hash="0" * 64
    )

    with pytest.raises(IntegrityError):
        Event.objects.all().delete()
