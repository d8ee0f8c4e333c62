"""How many events of a real year are put on record a second?

`tocsin import` as it is shipped, from the file to the last commit, every incident folded and every event chained.
Beside it, in the same run, the floor under any import: the very same rows into a bare table of the same columns and
unique keys, with the bare driver, in as many transactions, and nothing thought about any of them.
"""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import psycopg

from bench.measure import verdict
from tests.postgres import NoPostgres, cluster

TITLE = "a real year of incidents put on record"
YEAR = Path(__file__).parents[1] / "examples" / "uci498" / "incident_event_log.csv.gz"
BATCH = 500  # incidents a transaction, as `tocsin.imports.load` has it
AIM_S = 60
COLUMNS = "stream, seq, client_id, kind, effective_at, recorded_at, key, actor, body, hash"
TYPES = "stream text, seq int, client_id bigint, kind text, effective_at {at}, recorded_at {at}, key text, actor text, "
TABLE = f"CREATE TABLE bare (id {{id}}, {TYPES}body text, hash text, UNIQUE (stream, seq))"
KEYS = "CREATE UNIQUE INDEX bare_key ON bare (stream, key) WHERE key IS NOT NULL"

Out = Callable[[str], None]


def run(out: Out) -> None:
    """Measure on SQLite, then on PostgreSQL."""
    out(f"{'':12}{'events':>9}{'seconds':>9}{'events/s':>10}")
    for kind in ("SQLite", "PostgreSQL"):
        try:
            with desk(kind) as (environment, url):
                _measure(out, kind, environment, url)
        except NoPostgres as lack:
            out(f"Not measured on PostgreSQL. {lack}")


def _measure(out: Out, kind: str, environment: dict[str, str], url: str) -> None:
    reading = _timed(environment, "import", "uci498", str(YEAR), "--dry-run")
    took = _timed(environment, "import", "uci498", str(YEAR))
    batches = _as_imported(url)
    count = sum(len(batch) for batch in batches)
    bare = _bare_sqlite(batches, url) if kind == "SQLite" else _bare_postgres(batches, url)
    out(f"{kind}")
    for name, seconds in (("  Tocsin", took), ("  bare insert", bare)):
        out(f"{name:13}{count:>8,}{seconds:>9.1f}{count / seconds:>10,.0f}")
    out(
        f"  {took / bare:.1f} × the bare insert, {reading:.1f} s of it reading the file; "
        f"aim under {AIM_S} s: {verdict(took < AIM_S)}"
    )


@contextmanager
def desk(kind: str) -> Iterator[tuple[dict[str, str], str]]:
    """An empty, migrated desk: the environment of its processes, and where its database is."""
    with TemporaryDirectory(prefix="tocsin-bench-") as home:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("TOCSIN_")}
        environment["TOCSIN_HOME"] = home
        if kind == "SQLite":
            _timed(environment, "migrate")
            yield environment, str(Path(home) / "tocsin.sqlite3")
            return
        with cluster() as server:
            url = server.create("bench_imports")
            environment["TOCSIN_DATABASE_URL"] = url
            _timed(environment, "migrate")
            yield environment, url


def _timed(environment: dict[str, str], *words: str) -> float:
    """Seconds the command took, from its start to its end."""
    begun = perf_counter()
    subprocess.run([sys.executable, "-m", "tocsin", *words], env=environment, check=True, capture_output=True)
    return perf_counter() - begun


def _as_imported(url: str) -> list[list[tuple[Any, ...]]]:
    """The rows that were put on record, a list for each transaction, in their order."""
    asked = f"SELECT {COLUMNS} FROM tocsin_event WHERE stream LIKE 'ticket/%' ORDER BY id"
    if url.startswith("postgres"):
        with psycopg.connect(url) as connection:
            rows = connection.execute(asked).fetchall()
    else:
        with closing(sqlite3.connect(url)) as lite:
            rows = lite.execute(asked).fetchall()
    batches: list[list[tuple[Any, ...]]] = [[]]
    incidents: set[str] = set()
    for row in rows:
        if row[0] not in incidents and len(incidents) == BATCH:
            batches.append([])
            incidents.clear()
        incidents.add(row[0])
        batches[-1].append(row)
    return batches


def _bare_sqlite(batches: list[list[tuple[Any, ...]]], url: str) -> float:
    with closing(sqlite3.connect(f"{url}.bare", isolation_level=None)) as lite:
        lite.execute("PRAGMA journal_mode=WAL")
        lite.execute("PRAGMA synchronous=FULL")
        lite.execute(TABLE.format(id="integer PRIMARY KEY AUTOINCREMENT", at="text"))
        lite.execute(KEYS)
        marks = ", ".join("?" * (COLUMNS.count(",") + 1))
        begun = perf_counter()
        for batch in batches:
            lite.execute("BEGIN IMMEDIATE")
            lite.executemany(f"INSERT INTO bare ({COLUMNS}) VALUES ({marks})", batch)
            lite.execute("COMMIT")
        return perf_counter() - begun


def _bare_postgres(batches: list[list[tuple[Any, ...]]], url: str) -> float:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(TABLE.format(id="bigserial PRIMARY KEY", at="timestamptz"))
        connection.execute(KEYS)
        begun = perf_counter()
        for batch in batches:
            with connection.transaction(), connection.cursor().copy(f"COPY bare ({COLUMNS}) FROM STDIN") as copy:
                for row in batch:
                    copy.write_row(row)
        return perf_counter() - begun
