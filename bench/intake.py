"""How many alerts a second are taken in over HTTP, stored for good before each answer?

8 connections, every alert sent twice. Beside Tocsin stands a bare door: the same server, the same number of processes
and threads, the same durability, and one upsert with neither key nor limits. Rounds take turns; the best
of each counts.
"""

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count, cycle
from pathlib import Path

from bench.knock import Knocked, knock, post
from bench.measure import verdict
from bench.serving import bare, said, tocsin
from tests.postgres import NoPostgres, cluster

TITLE = "alerts in over HTTP"
ROUNDS = 3
ROUND_S = 3.0
READ_S = 6
CLIENTS = 4
ALERTA_PER_S, ALERTA_P50_MS, ALERTMANAGER_PER_S = 140, 57, 23_129

Out = Callable[[str], None]


def run(out: Out) -> None:
    """Measure on PostgreSQL, then on SQLite."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tocsin-bench-")))
        try:
            server = stack.enter_context(cluster())
        except NoPostgres as lack:
            out(f"Not measured on PostgreSQL. {lack}")
        else:
            _measure(out, "PostgreSQL", folder / "pg", server.create("desk"), server.create("bare"), aim=0.5)
        path = folder / "lite"
        _measure(out, "SQLite", path, f"sqlite://{path}/desk.sqlite3", f"sqlite://{path}/bare.sqlite3", aim=None)


def _measure(out: Out, name: str, home: Path, desk: str, beside: str, *, aim: float | None) -> None:
    home.mkdir()
    ours = {"TOCSIN_HOME": str(home / "home"), "TOCSIN_DATABASE_URL": desk}
    theirs = {"BENCH_DATABASE_URL": beside}
    said(["-m", "tocsin", "migrate"], ours)
    keys = said(["-m", "bench.desk", "keys", str(CLIENTS)], ours).split()
    said(["-m", "bench.bare_door"], theirs)
    best: dict[str, Knocked] = {}
    worst_faults = dict.fromkeys(("Tocsin", "bare door"), 0)
    with tocsin(ours) as own, bare(theirs) as bare_door:
        doors = {"Tocsin": own, "bare door": bare_door}
        for number in range(ROUNDS):
            for who, port in doors.items():
                found = knock(port, _alerts(keys, f"round {number}"), seconds=ROUND_S)
                worst_faults[who] += found.faults + found.statuses.total() - found.statuses[202]
                if who not in best or found.per_second > best[who].per_second:
                    best[who] = found
        hundreds = knock(own, _hundreds(keys), seconds=ROUND_S)
    out(f"{name:12}{'alerts/s':>10}{'p50 ms':>9}{'p99 ms':>9}{'not 202':>9}")
    for who, found in best.items():
        out(_row(f"  {who}", found.per_second, found, worst_faults[who]))
    out(_row("  100 a POST", hundreds.per_second * 100, hundreds, hundreds.faults))
    mine = best["Tocsin"]
    ratio = mine.per_second / best["bare door"].per_second
    aimed = f", aim ≥ {aim:.0%}: {verdict(ratio >= aim)}" if aim else ""
    faults = worst_faults["Tocsin"]
    out(f"  {ratio:.0%} of the bare door{aimed}; answers other than 202: {faults}, aim 0: {verdict(not faults)}")
    times = mine.per_second / ALERTA_PER_S
    out(f"  {times:.0f} × Alerta as measured elsewhere, aim ≥ 10 ×: {verdict(times >= 10)}")
    out(f"  p99 below Alerta's p50 of {ALERTA_P50_MS} ms: {verdict(mine.percentile(99) < ALERTA_P50_MS)}")
    times = hundreds.per_second * 100 / ALERTMANAGER_PER_S
    out(f"  100 alerts a POST: {times:.1f} × Alertmanager in memory, aim ≥ 1 ×: {verdict(times >= 1)}")
    read = json.loads(said(["-m", "bench.desk", "read", str(READ_S)], ours))
    out(f"  then one engine reads {read['read'] / read['seconds']:,.0f} bodies/s into {read['tickets']:,} tickets")


def _row(name: str, rate: float, found: Knocked, faults: int) -> str:
    return f"{name:12}{rate:>10,.0f}{found.percentile(50):>9.1f}{found.percentile(99):>9.1f}{faults:>9}"


def _alerts(keys: list[str], run: str) -> Iterator[bytes]:
    """Alert after alert, each of them twice, from one client after the other."""
    for number, key in zip(count(), cycle(keys)):
        for _ in range(2):
            yield post("/in/generic", json.dumps(_alert(f"{run} {number}")).encode(), Authorization=f"Bearer {key}")


def _hundreds(keys: list[str]) -> Iterator[bytes]:
    for number, key in zip(count(), cycle(keys)):
        alerts = [_alert(f"hundred {number} {each // 2}") for each in range(100)]
        yield post("/in/generic", json.dumps(alerts).encode(), Authorization=f"Bearer {key}")


def _alert(uid: str) -> dict[str, str]:
    return {"alert_uid": uid, "title": f"Disk full, {uid}", "state": "alerting", "severity": "warning", "host": "db-1"}
