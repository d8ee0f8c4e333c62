"""Which ticket does an alert join, and what does it do there?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from tocsin.core.reading import AlertReading

Act = Literal["open", "join", "acknowledge", "resolve", "keep"]


@dataclass(frozen=True, slots=True)
class OpenAlert:
    """An alert whose ticket is open, of the client in question: where it came from, its key, its ticket's number."""

    source: str
    dedup_key: str
    ticket: int


@dataclass(frozen=True, slots=True)
class Grouping:
    """What a reading does: `act` on `ticket`, for `reason`.

    "open" a new ticket (ticket None) · "join" the open one · "acknowledge" or "resolve" its alert · "keep" the reading
    on record and do nothing else (ticket None where it belongs to none).
    """

    act: Act
    ticket: int | None
    reason: str


def group(reading: AlertReading, *, source: str, standing: Iterable[OpenAlert]) -> Grouping:
    """Return what the reading does, given the client's alerts on open tickets in any order.

    The same source and key is the same alert; where several tickets hold it, the oldest (lowest) counts. An unknown
    state neither opens nor closes; a recovery of what is not open opens nothing. (R11.1)
    """
    ticket = min((a.ticket for a in standing if (a.source, a.dedup_key) == (source, reading.dedup_key)), default=None)
    if reading.state == "unknown":
        return Grouping("keep", ticket, "its state is unknown, which neither opens nor closes a ticket")
    if ticket is None:
        if reading.state == "firing":
            return Grouping("open", None, "no open ticket holds this alert")
        return Grouping("keep", None, f"it is {reading.state}, and no open ticket holds this alert")
    if reading.state == "firing":
        return Grouping("join", ticket, "this ticket is open for the same alert")
    if reading.state == "acknowledged":
        return Grouping("acknowledge", ticket, "the monitor says that somebody has seen it")
    return Grouping("resolve", ticket, "the monitor says that it is over")
