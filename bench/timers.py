"""How soon is everything done that falls due at one instant?"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.measure import verdict
from tests.postgres import cluster

TITLE = "10,000 tickets of 50 clients due at one instant, done by the shipped engines, durable"
COUNT = 10_000
FILL_S = 60
PATIENCE_S = 120
AIMS = {"sqlite": (2.5, 8.0), "postgres": (2.0, 2.5)}  # seconds, and times the bare claim loop of the same run
ENGINES = {"sqlite": 1, "postgres": 2}


def run(out: Callable[[str], None]) -> None:
    out(f"{COUNT:,} obligations with events, chain and letters; from their instant to the last letter in the outbox,")
    out("as another connection sees it. Beside it: claiming as many bare rows, 100 at a time, and doing nothing.")
    for kind in ("sqlite", "postgres"):
        with desk(kind) as (environment, url):
            took = measured(environment, url, ENGINES[kind])
            bare = claim_loop(url)
        seconds, times = AIMS[kind]
        out(
            f"  {kind:<9} {ENGINES[kind]} engine(s): {took:6.2f} s (aim {seconds} s: {verdict(took <= seconds)}); "
            f"bare claims {bare:5.2f} s, {took / bare:4.1f} × (aim {times} ×: {verdict(took / bare <= times)})"
        )


@contextmanager
def desk(kind: str) -> Iterator[tuple[dict[str, str], str]]:
    """An empty, migrated desk on this database: the environment of its processes, and the database's address."""
    with TemporaryDirectory(prefix="tocsin-bench-") as home:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("TOCSIN_")}
        environment |= {"TOCSIN_HOME": home, "TOCSIN_LOG_LEVEL": "error", "DJANGO_SETTINGS_MODULE": "tocsin.settings"}
        if kind == "sqlite":
            subprocess.run(
                [sys.executable, "-m", "tocsin", "migrate"], env=environment, check=True, capture_output=True
            )
            yield environment, str(Path(home) / "tocsin.sqlite3")
            return
        with cluster() as server:
            url = server.create("bench")
            environment["TOCSIN_DATABASE_URL"] = url
            subprocess.run(
                [sys.executable, "-m", "tocsin", "migrate"], env=environment, check=True, capture_output=True
            )
            yield environment, url


def measured(environment: dict[str, str], url: str, engines: int) -> float:
    """Seconds from the instant at which all fell due to the last of their letters."""
    filled = subprocess.run(
        [sys.executable, "-m", "bench.crowd", str(COUNT), str(FILL_S)],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    due_at = datetime.fromisoformat(filled.stdout.strip().splitlines()[-1])
    running = [
        subprocess.Popen([sys.executable, "-m", "tocsin", "engine"], env=environment, stdout=subprocess.DEVNULL)
        for _ in range(engines)
    ]
    try:
        wait = (due_at - datetime.now(UTC)).total_seconds()
        time.sleep(max(0.0, wait))
        with reader(url) as count:
            while count() < COUNT:
                if (datetime.now(UTC) - due_at).total_seconds() > PATIENCE_S:
                    raise RuntimeError(f"after {PATIENCE_S} s only {count()} letters lie in the outbox")
                time.sleep(0.02)
        return (datetime.now(UTC) - due_at).total_seconds()
    finally:
        for engine in running:
            engine.terminate()
        for engine in running:
            engine.wait()


@contextmanager
def reader(url: str) -> Iterator[Callable[[], int]]:
    """How many letters an outside connection sees."""
    counting = "SELECT count(*) FROM tocsin_delivery"
    if url.startswith("postgres"):
        import psycopg

        with psycopg.connect(url, autocommit=True) as connection:
            yield lambda: connection.execute(counting).fetchone()[0]  # type: ignore[index]
    else:
        import sqlite3

        connection = sqlite3.connect(f"file:{url}?mode=ro", uri=True, timeout=20)
        try:
            yield lambda: connection.execute(counting).fetchone()[0]
        finally:
            connection.close()


def claim_loop(url: str) -> float:
    """Seconds to claim as many bare rows in hundreds, durably, and do nothing about them."""
    if url.startswith("postgres"):
        import psycopg

        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE bare (id bigserial PRIMARY KEY, look_at timestamptz)")
            connection.execute(f"INSERT INTO bare (look_at) SELECT now() FROM generate_series(1, {COUNT})")
            connection.execute("CREATE INDEX ON bare (look_at)")
            begun = time.perf_counter()
            while True:
                with connection.transaction():
                    claimed = connection.execute(
                        "SELECT id FROM bare WHERE look_at <= now() ORDER BY look_at LIMIT 100 FOR UPDATE SKIP LOCKED"
                    ).fetchall()
                    if not claimed:
                        return time.perf_counter() - begun
                    connection.execute(
                        "UPDATE bare SET look_at = NULL WHERE id = ANY(%s)", [[row[0] for row in claimed]]
                    )
    import sqlite3

    lite = sqlite3.connect(url, isolation_level=None, timeout=20)
    lite.execute("PRAGMA journal_mode=WAL")
    lite.execute("PRAGMA synchronous=FULL")
    lite.execute("CREATE TABLE bare (id integer PRIMARY KEY, look_at text)")
    lite.execute("CREATE INDEX bare_look_at ON bare (look_at)")
    lite.execute("BEGIN")
    lite.executemany("INSERT INTO bare (look_at) VALUES (?)", [("2026-01-01",)] * COUNT)
    lite.execute("COMMIT")
    begun = time.perf_counter()
    while True:
        lite.execute("BEGIN IMMEDIATE")
        taken = lite.execute("SELECT id FROM bare WHERE look_at IS NOT NULL ORDER BY look_at LIMIT 100").fetchall()
        lite.executemany("UPDATE bare SET look_at = NULL WHERE id = ?", taken)
        lite.execute("COMMIT")
        if not taken:
            return time.perf_counter() - begun
