"""What did a backtest find, to be kept, shown and taken away?"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from tocsin.core import metrics
from tocsin.trials import credits
from tocsin.trials.figures import BREACHED, MET, OPEN, Figures, Flip, Page, Share
from tocsin.trials.sheet import safe

HONEST = (
    "People act here as they did then, at the very instants; only rules and promises are others. Had they been paged "
    "or asked otherwise they might have acted otherwise: that nobody can replay. The engine is never late, and every "
    "role is held."
)
SHOWN = 500  # flips kept with their ledgers; the CSV has every one that was kept
Result = dict[str, Any]


def result(
    share: Share,
    titles: Sequence[str],
    *,
    since: datetime | None,
    until: datetime,
    zone: str,
    woken: Sequence[Mapping[str, Counter[bool]]] = (),
    clients: Mapping[int, str] | None = None,
) -> Result:
    """The whole of it as plain data: what a screen draws and a file keeps. `woken`: for each side who was paged, by
    whether it was night; `clients`: what they are called.
    """
    before, after = share.sides[0], share.sides[-1]
    return {
        "said": HONEST,
        "night": f"22:00–07:00 in {zone}",
        "zone": zone,
        "since": since and since.isoformat(),
        "until": until.isoformat(),
        "tickets": share.tickets,
        "events": share.events,
        "failed": share.failed,
        "before": titles[0],
        "after": titles[-1],
        "attainment": attainment(before, after),
        "flips": {
            "to_breached": sum(flip.to == BREACHED for flip in share.flips),
            "to_met": sum(flip.to == MET for flip in share.flips),
            "kept": [asdict(flip) for flip in _worst(share.flips)[:SHOWN]],
        },
        "pages": _pages(before, after),
        "people": _people(woken),
        "letters": _both(before.letters, after.letters),
        "escalations": _both(before.escalations, after.escalations),
        "raised": {"before": before.raised, "after": after.raised},
        "updates": {
            what: {"before": before.updates[what], "after": after.updates[what]} for what in ("owed", "missed")
        },
        "credits": credits.lines([figures.credits for figures in share.sides], clients or {}),
        "credits_said": credits.SAID,
        "left_out": {"before": before.left_out, "after": after.left_out},
        "obligations": {"before": before.obligations, "after": after.obligations},
    }


def attainment(before: Figures, after: Figures) -> list[Result]:
    """A line per priority, clock and month that either side has, each with what was met, broken and is open."""
    places = sorted({place[:3] for figures in (before, after) for place in figures.laps})
    return [
        {
            "priority": priority,
            "clock": clock,
            "month": month,
            **{
                name: {verdict: figures.laps[priority, clock, month, verdict] for verdict in (MET, BREACHED, OPEN)}
                for name, figures in (("before", before), ("after", after))
            },
        }
        for priority, clock, month in places
    ]


def by_clock(found: Result) -> list[tuple[str, str, Counter[str], Counter[str]]]:
    """Priority and clock with the verdicts before and after, over all months."""
    sums: dict[tuple[str, str], tuple[Counter[str], Counter[str]]] = {}
    for line in found["attainment"]:
        pair = sums.setdefault((line["priority"], line["clock"]), (Counter(), Counter()))
        for counter, side in zip(pair, ("before", "after"), strict=True):
            counter.update(line[side])
    return [(priority, clock, *pair) for (priority, clock), pair in sorted(sums.items())]


def percent(verdicts: Mapping[str, int]) -> str:
    """Attainment in words: no data where nothing was settled."""
    return metrics.percent(metrics.attainment(verdicts.get(MET, 0), verdicts.get(BREACHED, 0)))


def _worst(flips: Iterable[Flip]) -> list[Flip]:
    return sorted(flips, key=lambda flip: (flip.to != BREACHED, flip.priority, flip.number))


def _pages(before: Figures, after: Figures) -> list[Result]:
    roles = sorted({role for figures in (before, after) for role, _ in figures.pages})
    return [{"role": role, "before": _paged(before, role), "after": _paged(after, role)} for role in roles]


def _paged(figures: Figures, role: str) -> dict[str, int]:
    at_night = figures.pages[role, True]
    return {"all": at_night + figures.pages[role, False], "night": at_night}


def _people(woken: Sequence[Mapping[str, Counter[bool]]]) -> list[Result]:
    if not woken:
        return []
    before, after = woken[0], woken[-1]
    return [
        {
            "who": who,
            **{
                name: {"all": side[who].total() if who in side else 0, "night": side[who][True] if who in side else 0}
                for name, side in (("before", before), ("after", after))
            },
        }
        for who in sorted({*before, *after})
    ]


def _both(before: Counter[str], after: Counter[str]) -> list[Result]:
    return [{"to": name, "before": before[name], "after": after[name]} for name in sorted({*before, *after})]


FLIP_COLUMNS = (
    *("ticket", "title", "priority", "clock", "before", "after", "before_due", "after_due", "stopped"),
    *("before_counted_h", "after_counted_h", "before_promised_h", "after_promised_h", "after_ledger"),
)


def as_csv(flips: Iterable[Flip]) -> str:
    """The promises whose verdict is another, a line each, the ledger under the draft in words."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(FLIP_COLUMNS)
    for flip in _worst(flips):
        before, after = flip.before, flip.after
        cells = (
            *(flip.number, flip.title, flip.priority, flip.clock, before["verdict"], after["verdict"]),
            *(before["due_at"], after["due_at"], after["stopped_at"]),
            *(f"{side['counted_s'] / 3600:.2f}" for side in (before, after)),
            *(f"{side['budget_s'] / 3600:.2f}" for side in (before, after)),
            "; ".join(_entry(line) for line in after["ledger"]),
        )
        table.writerow([safe(cell) for cell in cells])
    return out.getvalue()


def _entry(line: Mapping[str, Any]) -> str:
    return f"{line['start']} – {line['end']} {line['kind']}: {line['reason']}"


__all__ = ["HONEST", "Page", "Result", "as_csv", "attainment", "by_clock", "percent", "result"]
