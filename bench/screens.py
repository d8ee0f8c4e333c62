"""Do the screens stay as fast when the desk grows?"""

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from bench.measure import verdict
from bench.timers import desk

TITLE = "Now and a ticket's page at 1,000, 10,000 and 100,000 open tickets: server time and queries"
COUNTS = (1_000, 10_000, 100_000)
AIM = 2.0  # times the smallest desk


def run(out: Callable[[str], None]) -> None:
    out("Median server time of a whole page, as a signed-in person, on the same database; beside it the smallest desk.")
    for kind in ("sqlite", "postgres"):
        smallest: dict[str, Any] = {}
        for count in COUNTS:
            with desk(kind) as (environment, _):
                told = looked(environment, count)
            smallest = smallest or told
            for page, said in told.items():
                times = said["ms"] / smallest[page]["ms"]
                out(
                    f"  {kind:<9} {page:<7} {count:>7,} tickets: {said['ms']:7.1f} ms, {said['queries']:3} queries; "
                    f"{times:4.1f} × the smallest (aim {AIM:.0f} ×: {verdict(times <= AIM)})"
                )


def looked(environment: dict[str, str], count: int) -> dict[str, Any]:
    """What `bench.look` says of a desk with so many tickets."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.look", str(count)], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    told: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return told
