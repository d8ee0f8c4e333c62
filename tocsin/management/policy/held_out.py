"""How well does what was learnt from one half of a history explain the other half?"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tocsin.core.hours import Calendar
from tocsin.core.infer import known, told
from tocsin.core.infer.history import STOPS, Answered, halves
from tocsin.core.infer.known import Score
from tocsin.core.infer.layout import in_severity
from tocsin.core.infer.search import Progress, Search, Supposed
from tocsin.core.policy import OFFICE, Policy
from tocsin.imports import uci498
from tocsin.standard import presets


@dataclass(frozen=True)
class Measured:
    """What was learnt from `learnt` tickets, and the scores on the others: what was inferred, then the rest."""

    learnt: int
    found: Supposed
    scores: Sequence[Score]


def measure(tickets: Sequence[Answered], *, origin: str, zone: str, progress: Progress | None = None) -> Measured:
    """Learn from one half (by a hash of the number), and judge the other by that, by each preset and by majority.

    A preset is tried round the clock and in office hours, its resolution read at the solution and at what was found to
    stop the clock, its response at the response; the reading that does best on the held-out half itself is taken.
    """
    ours, others = halves(tickets)
    best = Search(ours, zone=zone, progress=progress).best
    scores = [known.score("inferred", best.keeps, others)]
    for name in presets.NAMES:
        scores.append(max(_readings(name, best, others, origin, zone), key=lambda score: score.total[0]))
    scores.append(known.score("always the commoner answer", known.majority(ours), others))
    return Measured(len(ours), best, scores)


def _readings(name: str, best: Supposed, tickets: Sequence[Answered], origin: str, zone: str) -> list[Score]:
    policy = presets.read(name)
    met = _met(policy, tickets, origin)
    office = Calendar.from_spec({**OFFICE.spec(), "zone": zone})
    found = []
    for words, hours in (("round the clock", Calendar.always(zone)), ("Mon–Fri 08:00–18:00", office)):
        terms = policy.terms(hours=hours)
        for clock, stop in {("resolution", "solved"), ("resolution", best.stop), ("response", "responded")}:
            if clock in terms.clocks and any(stop in ticket.stops for ticket in tickets):
                judge = known.standard(terms, clock, stop=stop, met=met)
                found.append(known.score(f"{name}: {clock}, read at {STOPS[stop]}, {words}", judge, tickets))
    return sorted(found, key=lambda score: score.what)


def _met(policy: Policy, tickets: Sequence[Answered], origin: str) -> Mapping[str, str]:
    """The preset's priority for each of theirs: by the map that ships, else by name, else by rank."""
    if origin == uci498.ORIGIN:
        return presets.met(policy.name, origin=origin)
    own = [priority.name for priority in policy.priorities]
    theirs = in_severity({ticket.priority for ticket in tickets})
    return {name: name if name in own else own[min(rank, len(own) - 1)] for rank, name in enumerate(theirs)}


def table(measured: Measured) -> str:
    """The scores by priority, as text."""
    first = measured.scores[0]
    names = in_severity(first.count)
    held = first.total[1]
    best = measured.found
    lines = [
        f"Learnt from {measured.learnt:,} tickets, measured on the other {held:,}.",
        f"Found: stopped by {STOPS[best.stop]}, held by these waits: {told.waits(best)}.",
        *(f"  {promise.priority}: {told.promised(promise)}" for promise in best.promises),
        "",
        "answers explained on the held-out half",
        f"{'all':>9}" + "".join(f"{f'{name} ({first.count[name]:,})':>15}" for name in names),
    ]
    for score in measured.scores:
        row = "".join(f"{told.percent(score.right[name], score.count[name]):>15}" for name in names)
        lines.append(f"{told.percent(*score.total):>9}{row}  {score.what}")
    return "\n".join(lines)


def as_json(measured: Measured) -> str:
    """The same for programs."""
    best = measured.found
    return json.dumps(
        {
            "learnt_from": measured.learnt,
            "stop": best.stop,
            "waits": sorted(best.waits),
            "promises": {promise.priority: told.promised(promise) for promise in best.promises},
            "scores": [
                {"what": score.what, "right": dict(score.right), "count": dict(score.count)}
                for score in measured.scores
            ],
        },
        ensure_ascii=False,
        indent=2,
    )
