"""How many tickets a second are opened through the API, on a desk that has many?

8 connections, each ticket with its clocks started and its event chained, stored for good before the answer. Beside it
the bare door of `bench.intake`: the same server, the same durability, one upsert and nothing else.
"""

import json
from collections.abc import Callable, Iterator
from itertools import count, cycle
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.knock import Knocked, knock, post
from bench.measure import verdict
from bench.serving import bare, said, tocsin
from tests.postgres import NoPostgres, cluster

TITLE = "tickets opened through the API, on a desk of 1,000 and of 100,000"
COUNTS = (1_000, 100_000)
ROUNDS = 3
ROUND_S = 3.0
CONNECTIONS = 8
HELPDESK_PER_S = 45  # django-helpdesk 2.6 with 100,000 tickets, measured on two cores like these
REQUEST_TRACKER_PER_S = 4.3

Out = Callable[[str], None]


def run(out: Out) -> None:
    """Measure on SQLite, then on PostgreSQL."""
    out(f"{'':12}{'tickets':>10}{'opened/s':>10}{'p50 ms':>9}{'p99 ms':>9}{'not 201':>9}{'bare door/s':>13}")
    for kind in ("sqlite", "postgres"):
        first = 0.0
        for there in COUNTS:
            with TemporaryDirectory(prefix="tocsin-bench-") as folder:
                if kind == "sqlite":
                    urls = f"sqlite://{folder}/desk.sqlite3", f"sqlite://{folder}/bare.sqlite3"
                    first = _measure(out, kind, Path(folder), *urls, there, first)
                    continue
                try:
                    with cluster() as server:
                        first = _measure(
                            out, kind, Path(folder), server.create("desk"), server.create("bare"), there, first
                        )
                except NoPostgres as lack:
                    out(f"Not measured on PostgreSQL. {lack}")
                    return


def _measure(out: Out, name: str, home: Path, desk: str, beside: str, there: int, first: float) -> float:
    """How many a second, told beside `first`, which is how many the smallest desk opened."""
    ours = {"TOCSIN_HOME": str(home / "home"), "TOCSIN_DATABASE_URL": desk, "TOCSIN_LOG_LEVEL": "error"}
    theirs = {"BENCH_DATABASE_URL": beside}
    said(["-m", "tocsin", "migrate"], ours)
    said(["-m", "bench.crowd", str(there), "7200"], ours)
    writers = [line.split() for line in said(["-m", "bench.desk", "writers", str(CONNECTIONS)], ours).splitlines()]
    said(["-m", "bench.bare_door"], theirs)
    best: dict[str, Knocked] = {}
    refused = 0
    with tocsin(ours) as own, bare(theirs) as bare_door:
        for number in range(ROUNDS):
            opened = knock(own, _tickets(writers, f"round {number}"), connections=CONNECTIONS, seconds=ROUND_S)
            refused += opened.statuses.total() - opened.statuses[201]
            upserted = knock(bare_door, _bodies(f"round {number}"), connections=CONNECTIONS, seconds=ROUND_S)
            for who, found in (("own", opened), ("bare", upserted)):
                if who not in best or found.per_second > best[who].per_second:
                    best[who] = found
    found, ceiling = best["own"], best["bare"].per_second
    out(
        f"{name:12}{there:>10,}{found.per_second:>10,.0f}{found.percentile(50):>9.1f}{found.percentile(99):>9.1f}"
        f"{refused:>9}{ceiling:>13,.0f}"
    )
    times = found.per_second / HELPDESK_PER_S
    out(
        f"  {found.per_second / ceiling:.0%} of the bare door; {times:.0f} × django-helpdesk and "
        f"{found.per_second / REQUEST_TRACKER_PER_S:.0f} × Request Tracker as measured elsewhere, "
        f"aim ≥ 10 × django-helpdesk: {verdict(times >= 10)}"
    )
    if first:
        out(f"  {found.per_second / first:.2f} of what the smallest desk opens")
    return first or found.per_second


def _tickets(writers: list[list[str]], run: str) -> Iterator[bytes]:
    for number, (key, client) in zip(count(), cycle(writers)):
        body = {"client": client, "title": f"VPN drops, {run} {number}", "priority": "P2"}
        headers = {"Authorization": f"Bearer {key}", "Content_Type": "application/json"}
        yield post("/api/v1/tickets", json.dumps(body).encode(), **headers)


def _bodies(run: str) -> Iterator[bytes]:
    for number in count():
        yield post("/", json.dumps({"alert_uid": f"{run} {number}", "title": "VPN drops"}).encode())
