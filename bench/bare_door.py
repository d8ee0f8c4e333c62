"""What is the least that takes an alert in and keeps it? A WSGI application with one upsert and nothing else.

Durable as Tocsin is: a commit that has reached the disk, on PostgreSQL as it ships and SQLite with WAL and full sync.
"""

import json
import os
import sqlite3
import threading
from typing import Any

import psycopg

URL = os.environ.get("BENCH_DATABASE_URL", "")
TABLE = "CREATE TABLE IF NOT EXISTS bare (uid TEXT PRIMARY KEY, body {}, count INTEGER NOT NULL)"
UPSERT = "INSERT INTO bare VALUES ({0}, {0}, 1) ON CONFLICT (uid) DO UPDATE SET count = bare.count + 1"
SQLITE = URL.startswith("sqlite:")
SAID = UPSERT.format("?" if SQLITE else "%s")

own = threading.local()


def connection() -> Any:
    """This thread's connection, made when it is first asked for."""
    if not hasattr(own, "connection"):
        if SQLITE:
            own.connection = sqlite3.connect(URL.removeprefix("sqlite://"), timeout=20, isolation_level=None)
            own.connection.execute("PRAGMA journal_mode=WAL")
            own.connection.execute("PRAGMA synchronous=FULL")
        else:
            own.connection = psycopg.connect(URL, autocommit=True)
    return own.connection


def prepare() -> None:
    """The table is there."""
    connection().execute(TABLE.format("BLOB" if SQLITE else "BYTEA"))


def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    body = environ["wsgi.input"].read()
    connection().execute(SAID, (json.loads(body)["alert_uid"], body))
    start_response("202 Accepted", [("Content-Type", "application/json"), ("Content-Length", "17")])
    return [b'{"accepted":true}']


if __name__ == "__main__":
    prepare()
