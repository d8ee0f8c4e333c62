"""What can be seen from outside of an engine's work in the database, and how does the time of its leases pass?

Both stores answer the same questions, by SQL of their own. Nothing here goes through Tocsin.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg

PATIENCE_S = 60


class Sqlite:
    """A file. One engine at a time, which holds every lease and every lock there is."""

    engines = 1

    def __init__(self, path: Path) -> None:
        self.path = path

    def url(self, engine: str) -> str:
        return f"sqlite://{self.path}"

    def watch(self) -> None:
        """Nothing to be set up: there is only one to be seen."""

    def is_ready(self, engine: str, pid: int) -> bool:
        return bool(self.rows("SELECT 1 FROM tocsin_beat WHERE name LIKE ?", f"%:{pid}"))

    def has_open_work(self, engine: str) -> bool:
        """Whether the engine, which is frozen, is inside a transaction that writes."""
        with _connected(self.path, timeout=0) as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return True
            connection.execute("ROLLBACK")
            return False

    def settle(self, engine: str) -> None:
        """A killed process holds no lock of SQLite's any more."""

    def let_leases_end(self, engine: str) -> None:
        """For what the engine holds, its lease's minutes have gone by."""
        self._execute("UPDATE tocsin_delivery SET lease_until = '2000-01-01 00:00:00' WHERE state = 'sending'")

    def in_hand(self, engine: str) -> set[tuple[int, str]]:
        """The letters that the engine may have handed over and has no answer for: (ticket, key)."""
        found = self.rows("SELECT ticket_id, key FROM tocsin_delivery WHERE state = 'sending' AND handed_at NOT NULL")
        return {(ticket, key) for ticket, key in found}

    def rows(self, query: str, *values: Any) -> list[Sequence[Any]]:
        with _connected(self.path, timeout=20) as connection:
            return connection.execute(query, values).fetchall()

    def instant(self, value: Any) -> datetime:
        return datetime.fromisoformat(value).replace(tzinfo=UTC)

    def _execute(self, statement: str) -> None:
        with _connected(self.path, timeout=20) as connection:
            connection.execute(statement)


@contextmanager
def _connected(path: Path, timeout: float) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path, timeout=timeout, isolation_level=None)
    try:
        yield connection
    finally:
        connection.close()


class Postgres:
    """A server. Two engines at a time, told apart by the name they give it (application_name)."""

    engines = 2

    def __init__(self, url: str) -> None:
        self._url = url
        self.connection = psycopg.connect(url, autocommit=True)

    def url(self, engine: str) -> str:
        joined = "&" if "?" in self._url else "?"
        return f"{self._url}{joined}{urlencode({'application_name': engine})}"

    def watch(self) -> None:
        """From here on the database notes who claims which letter. Tocsin does not know of it."""
        self.connection.execute(
            """
            CREATE TABLE seen_claim (delivery bigint, token bigint, engine text);
            CREATE INDEX ON seen_claim (engine);
            CREATE FUNCTION see_claim() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                INSERT INTO seen_claim VALUES (NEW.id, NEW.token, current_setting('application_name'));
                RETURN NULL;
            END $$;
            CREATE TRIGGER seen AFTER UPDATE ON tocsin_delivery FOR EACH ROW
                WHEN (NEW.token <> OLD.token) EXECUTE FUNCTION see_claim();
            """
        )

    def is_ready(self, engine: str, pid: int) -> bool:
        return bool(self.rows("SELECT 1 FROM pg_stat_activity WHERE application_name = %s", engine))

    def has_open_work(self, engine: str) -> bool:
        """Whether the engine, which is frozen, has locked or written rows that it has not committed."""
        return bool(
            self.rows(
                "SELECT 1 FROM pg_stat_activity WHERE application_name = %s"
                " AND backend_xid IS NOT NULL AND query NOT ILIKE 'commit%%'",
                engine,
            )
        )

    def settle(self, engine: str) -> None:
        """The server has noticed that the engine, which was killed, is gone, and what it had open is rolled back."""
        _until(lambda: not self.is_ready(engine, 0), f"the server still serves {engine}")

    def let_leases_end(self, engine: str) -> None:
        """For what the engine holds, its lease's minutes have gone by."""
        self.connection.execute(
            "UPDATE tocsin_delivery SET lease_until = '2000-01-01Z' WHERE id IN ("
            f"SELECT id {self._HELD} AND lease_until IS NOT NULL FOR UPDATE OF d SKIP LOCKED)",
            [engine],
        )

    def in_hand(self, engine: str) -> set[tuple[int, str]]:
        """The letters that the engine, which is frozen, may have handed over and has no answer for: (ticket, key)."""
        # What it asked for before it froze may still be at work. A COPY waits for its client, and a receipt for the
        # ticket that the engine's other thread has in hand: those go on when it does.
        busy = (
            "SELECT 1 FROM pg_stat_activity WHERE application_name = %s"
            " AND state = 'active' AND coalesce(wait_event_type, '') NOT IN ('Client', 'Lock')"
        )
        _until(lambda: not self.rows(busy, engine), f"{engine} is still at work")
        return set(self.rows(f"SELECT ticket_id, key {self._HELD} AND handed_at IS NOT NULL", engine))

    _HELD = (
        "FROM tocsin_delivery d JOIN seen_claim c ON c.delivery = d.id AND c.token = d.token"
        " WHERE c.engine = %s AND d.state = 'sending'"
    )

    def rows(self, query: str, *values: Any) -> list[Any]:
        return self.connection.execute(query.encode(), values or None).fetchall()

    def instant(self, value: Any) -> datetime:
        return value.astimezone(UTC)


def _until(true: Any, otherwise: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.005)
