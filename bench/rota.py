"""How fast is a year of on-call found, beside somebody who looks at the clock on the wall every minute of it?

A desk in London: a week each round the clock, nights of ten hours above that, weekends counted by occurrence on top,
and fifty overrides. Beside Tocsin stands the tests' oracle, which lives through the year minute by minute and is the
only other way known here to be right on every night; each answer is compared with its answer, too.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from time import perf_counter
from typing import Any

from bench.measure import best_of, verdict
from tests.core.oracle_rota import Oracle
from tocsin.core.rota import Rota

TITLE = "a roster's year: three layers and 50 overrides"
YEAR = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
AIM = 1000
STAFF = ("ann", "ben", "cleo", "dora", "emil", "finn")
WHOLE = [["00:00", "24:00"]]


def run(out: Callable[[str], None]) -> None:
    """Ask for the year's shifts, and who is on call at instants of it, each time of a roster that was asked before."""
    spec = _spec()
    rota = Rota.from_spec(spec)
    begun = perf_counter()
    watched = [people for _, people in Oracle(spec).walk(*YEAR)]
    walked = perf_counter() - begun

    instants = [YEAR[0] + n * MINUTE for n in Random(2026).sample(range(len(watched)), 20_000)]
    speed = best_of({"shifts": (rota.shifts, [YEAR]), "on_call": (rota.on_call, [(at,) for at in instants])})
    begun = perf_counter()
    Rota.from_spec(spec).shifts(*YEAR)
    first = perf_counter() - begun

    found = rota.shifts(*YEAR)
    wrong = len(watched) - sum(_agreeing(shift, watched) for shift in found)
    wrong -= sum(not people for people in watched)
    wrong += sum(rota.on_call(at) != watched[(at - YEAR[0]) // MINUTE] for at in instants)
    ratio = walked * speed["shifts"]
    # To know of one instant, the walk has to come there: through half of the year, on an average.
    asked = walked / 2 * speed["on_call"]
    out(f"the year watched minute by minute: {walked:.2f} s; its {len(found)} shifts: {1000 / speed['shifts']:.2f} ms")
    out(f"shifts of the year: {ratio:,.0f} × the walk, aim ≥ {AIM:,} ×: {verdict(ratio >= AIM)}")
    out(f"on_call: {speed['on_call']:,.0f}/s, {1e6 / speed['on_call']:.1f} µs each: {asked:,.0f} × the walk to there")
    out(f"wrong answers of the year's minutes and {len(instants):,} instants: {wrong}, aim 0: {verdict(not wrong)}")
    out(f"the year of a roster that nobody asked before: {first * 1000:.1f} ms")


def _agreeing(shift: Any, watched: list[tuple[str, ...]]) -> int:
    first, last = ((edge - YEAR[0]) // MINUTE for edge in shift[:2])
    return sum(people == shift.people for people in watched[first:last])


def _spec() -> dict[str, Any]:
    weekly = {"people": [*STAFF], "starts": "2025-12-29T09:00"}
    nights = {"people": [*STAFF[::-1]], "starts": "2025-12-29T21:30", "unit": "days", "lasts": "600m"}
    weekends = {
        "people": [list(STAFF[:2]), list(STAFF[2:4]), STAFF[4]],
        "starts": "2025-12-26T18:00",
        "unit": "days",
        "windows": {"sat": WHOLE, "sun": WHOLE},
        "count": "occurrence",
    }
    layers = [_layer(**each) for each in (weekly, nights, weekends)]
    return {"zone": "Europe/London", "layers": layers, "overrides": [*_overrides(50)]}


def _layer(**given: Any) -> dict[str, Any]:
    usual = {"every": 1, "unit": "weeks", "ends": None, "lasts": None, "windows": {}, "count": "time"}
    return usual | given


def _overrides(number: int) -> Any:
    random = Random(2026)
    for _ in range(number):
        start = YEAR[0] + random.randrange(360 * 24) * HOUR
        kind = random.choice(("add", "remove", "replace"))
        people, of = random.sample(STAFF, 2)
        end = start + random.randint(1, 72) * HOUR
        yield {
            "kind": kind,
            "start": start.isoformat(),
            "end": end.isoformat(),
            "people": [people],
            "of": [of] if kind == "replace" else [],
        }
