"""What credits would be owed to each client for each month, before and after?

Fees are not on record here, so a credit is a share of the month's fee: as many percent as the standard says.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tocsin.core import credits
from tocsin.trials.sheet import safe

SAID = (
    "In percent of the client's fee for the month in which the guarantee was broken: fees are not on record here. A "
    "ticket earns one credit, the greatest of its broken guarantees, and a month's come to the standard's cap at most. "
    "Uptime is not measured."
)
NOBODY = "the export"
SIDES = ("before", "after")
Month = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Earned:
    """A ticket's credit: to which client, for which month, how much, and the cap of the standard by which it is."""

    client_id: int
    month: str
    percent: Decimal
    cap: Decimal


def lines(sides: Sequence[Iterable[Earned]], names: Mapping[int, str]) -> list[dict[str, Any]]:
    """A line for each client and month that has earned any: tickets, what they earned, and what is owed of it."""
    by_month: list[dict[Month, list[Earned]]] = []
    for earned in sides:
        found: dict[Month, list[Earned]] = defaultdict(list)
        for each in earned:
            found[each.client_id, each.month].append(each)
        by_month.append(found)
    before, after = by_month[0], by_month[-1]
    return sorted(
        (
            {
                "client": names.get(client, NOBODY),
                "month": month,
                "before": _sum(before.get((client, month), [])),
                "after": _sum(after.get((client, month), [])),
            }
            for client, month in {*before, *after}
        ),
        key=lambda line: (line["client"], line["month"]),
    )


def _sum(earned: Sequence[Earned]) -> dict[str, Any]:
    """Where tickets of one month had standards of different caps, the highest holds."""
    percents = [each.percent for each in earned]
    cap = max((each.cap for each in earned), default=Decimal(0))
    return {
        "tickets": len(earned),
        "earned": credits.shown(sum(percents, Decimal(0))),
        "owed": credits.shown(credits.owed(percents, cap)),
        "capped": sum(percents, Decimal(0)) > cap,
    }


COLUMNS = ("client", "month", *(f"{side}_{what}" for side in SIDES for what in ("tickets", "earned", "owed")))


def as_csv(found: Iterable[Mapping[str, Any]]) -> str:
    """A line each, shares as 12.5 %."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    for line in found:
        sums = [line[side][what] for side in SIDES for what in ("tickets", "earned", "owed")]
        table.writerow([safe(cell) for cell in (line["client"], line["month"], *sums)])
    return out.getvalue()


__all__ = ["COLUMNS", "SAID", "Earned", "as_csv", "lines"]
