"""How fast does the past live again, beside somebody who asks every minute what is due?

Incidents of a real log under `field-guide`: replayed, and beside it, in the same run, a walk that plans at each minute
of their lives and does what is due. Both must find the same. Then the cost of stories that grow, and, where the whole
log lies in examples/uci498, all of its incidents under every standard that ships, reading included.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time

from bench.imports import YEAR
from bench.measure import verdict
from tests.core.lives import living
from tocsin.core.event import Event, Noted, Opened, Solved, Updated
from tocsin.core.plan import Obligation
from tocsin.core.replay import replay
from tocsin.core.terms import Terms
from tocsin.imports import uci498
from tocsin.standard import presets
from tocsin.trials import running
from tocsin.trials.export import of_export
from tocsin.trials.past import EXPORTED
from tocsin.trials.side import Side, agreed

TITLE = "the past under another standard"
SLICE = Path(__file__).parents[1] / "tests" / "imports" / "uci498_slice.csv"
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
WALKED = 6  # tickets, of at most so long a life
LONGEST = 8 * DAY
AIM = 100
AIM_S = 30

Out = Callable[[str], None]


def run(out: Out) -> None:
    """The walk, the growing stories, the whole log."""
    terms = agreed(presets.read("field-guide"), EXPORTED)
    _beside_a_walk(out, terms)
    _growing(out)
    _whole_log(out)


def _beside_a_walk(out: Out, terms: Terms) -> None:
    rows, _ = uci498.incidents(uci498.read(SLICE))
    stories = [of_export(number, number, uci498.history(found)).story for number, found in rows.items()]
    lives = [(story, story[-1].recorded_at) for story in stories]
    short = [(story, end) for story, end in lives if MINUTE * 60 < end - story[0].at <= LONGEST][:WALKED]
    events = sum(len(story) for story, _ in short)
    begun = perf_counter()
    walked = [living(story, terms, end, every=MINUTE) for story, end in short]
    walk = perf_counter() - begun
    found, rounds, begun = [], 0, perf_counter()
    while perf_counter() - begun < 0.5:
        found = [replay(story, terms, until=end) for story, end in short]
        rounds += 1
    quick = (perf_counter() - begun) / rounds
    wrong = sum(
        {due.key: due.effective_at for due in one.obligations}
        != {due.key: due.effective_at for due in other.obligations}
        for one, other in zip(found, walked, strict=True)
    )
    ratio = walk / quick
    out(f"{len(short)} incidents of {events} events, asked every minute: {walk:.2f} s; replayed: {quick * 1000:.2f} ms")
    out(f"{events / quick:,.0f} events/s: {ratio:,.0f} × the walk, aim ≥ {AIM:,} ×: {verdict(ratio >= AIM)}")
    out(f"incidents whose obligations differ: {wrong}, aim 0: {verdict(not wrong)}")


def _when(obligations: Iterable[Obligation]) -> dict[str, datetime]:
    """Key → instant; the walk is late with what falls due between its minutes, and finds it all the same."""
    return {due.key: due.effective_at for due in obligations}


def _growing(out: Out) -> None:
    """A ticket four times as long may cost four times as much, and hardly more."""
    terms = agreed(presets.read("field-guide"), EXPORTED)
    took = {}
    for count in (50, 200, 800):
        story = _story(count)
        begun, rounds = process_time(), 0
        while process_time() - begun < 0.3:
            replay(story, terms, until=story[-1].at + DAY)
            rounds += 1
        took[count] = (process_time() - begun) / rounds
    each = {count: seconds / count * 1e6 for count, seconds in took.items()}
    growth = each[800] / each[50]
    out(
        "µs an event in a story of "
        + ", ".join(f"{count}: {micro:.1f}" for count, micro in each.items())
        + f"; aim: at 800 at most 2 × that at 50: {verdict(growth <= 2)}"
    )


def _story(count: int) -> list[Event]:
    start = datetime.fromisoformat("2026-11-16T09:00+00:00")
    middle = [(Noted if place % 3 else Updated)(start + place * 7 * MINUTE) for place in range(1, count - 1)]
    return [Opened(start, priority="P3"), *middle, Solved(start + count * 7 * MINUTE)]


def _whole_log(out: Out) -> None:
    if not YEAR.exists():
        out(f"The whole log is not in {YEAR.parent}: not measured under all standards.")
        return
    begun = perf_counter()
    rows, _ = uci498.incidents(uci498.read(YEAR))
    end = max(row.updated_at for found in rows.values() for row in found) + DAY
    pasts = (of_export(number, number, uci498.history(found)) for number, found in rows.items())
    sides = [Side(name, presets.text(name), meets=presets.met(name)) for name in presets.NAMES]
    share = running.run(pasts, sides, until=end, zone="UTC")
    took = perf_counter() - begun
    out(
        f"{share.tickets:,} incidents under {len(sides)} standards on {os.cpu_count()} cores: {took:.1f} s "
        f"({share.events * len(sides) / took:,.0f} events/s), aim under {AIM_S} s: {verdict(took < AIM_S)}"
    )
