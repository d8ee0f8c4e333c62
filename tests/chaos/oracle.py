"""What falls due on the tickets of this test, by hand?

Field-guide's table for five little stories, written out as minutes since the ticket was reported: P1 and P2 run round
the clock, and the clients of this test have somebody there at every hour, so that each sum is plain addition. Nothing
here calls Tocsin. Each story says from when to when its list is complete; a test must end within that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

DESK = "service-desk-manager"


@dataclass(frozen=True, slots=True)
class Row:
    """So many minutes after the report this falls due, and whoever holds these roles is told; no role: nobody is.

    `{moved}` in a key stands for the sequence number of the event that moved the ticket to L2.
    """

    minutes: int
    key: str
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """A priority, what people did (minutes after the report), and all that falls due before `until` minutes."""

    priority: str
    rows: tuple[Row, ...]
    until: int
    solved_after: int = 0
    waits_from: int = 0
    waits_to: int = 0

    @property
    def last(self) -> int:
        return max(row.minutes for row in self.rows)


@dataclass(frozen=True, slots=True)
class Ticket:
    """One ticket that was opened for the test."""

    pk: int
    story: str
    reported_at: datetime


MOVED = "step/functional@1/L2"

STORIES = {
    "nobody touches a P1": Story(
        "P1",
        (
            Row(0, "step/page@1/primary", ("on-call-primary",)),
            Row(5, "step/page@1/secondary", ("on-call-secondary",)),
            Row(10, "step/page@1/manager", ("on-call-manager",)),
            Row(15, "exhausted/page@1", (DESK,)),
            Row(15, "breach/response@1", (DESK,)),
            Row(15, "breach/client_notified@1", (DESK,)),
            Row(15, "step/management@1/team-lead", ("team-lead",)),
            Row(15, "step/client@1/primary-contact", ("primary-contact", "L1")),
        ),
        until=24,  # four fifths of the first half hour without an update
    ),
    "nobody touches a P2": Story(
        "P2",
        (
            Row(30, "breach/response@1", (DESK,)),
            Row(30, "breach/client_notified@1", (DESK,)),
            Row(30, MOVED),
            Row(30, "ask/functional@{moved}", ("L2",)),
            Row(30, "step/management@1/service-delivery-manager", ("service-delivery-manager",)),
            Row(30, "step/client@1/it-manager", ("it-manager",)),
        ),
        until=45,  # L2 is asked again
    ),
    "nobody touches a P3": Story(
        "P3",
        (
            Row(120, "breach/response@1", (DESK,)),
            Row(120, "breach/client_notified@1", (DESK,)),
            Row(120, MOVED),
            Row(120, "ask/functional@{moved}", ("L2",)),
        ),
        until=180,  # L2 is asked again
    ),
    # All of it fell due while no engine ran, and is moot by the time one does.
    "a P2 solved while no engine ran": Story(
        "P2",
        (
            Row(30, "breach/response@1"),
            Row(30, "breach/client_notified@1"),
            Row(30, MOVED),
            Row(30, "step/management@1/service-delivery-manager"),
            Row(30, "step/client@1/it-manager"),
        ),
        until=24 * 60,  # it is closed
        solved_after=40,
    ),
    # The promises of an answer run on; the ladders stand still for the 21 minutes.
    "a P2 that waits for the client": Story(
        "P2",
        (
            Row(30, "breach/response@1", (DESK,)),
            Row(30, "breach/client_notified@1", (DESK,)),
            Row(31, "wait@2", ("L1",)),
        ),
        until=51,
        waits_from=10,
        waits_to=31,
    ),
}

PARTS = {
    "nobody touches a P1": 100,
    "nobody touches a P2": 150,
    "nobody touches a P3": 40,
    "a P2 solved while no engine ran": 40,
    "a P2 that waits for the client": 40,
}


def obligations(
    tickets: Iterable[Ticket], moved: dict[int, int]
) -> dict[tuple[int, str], tuple[datetime, tuple[str, ...]]]:
    """(ticket, key) → the instant at which it falls due and the roles that hear of it.

    `moved` tells for a ticket which of its events moved it to L2: a key can name that only by its sequence.
    """
    return {
        (ticket.pk, row.key.format(moved=moved.get(ticket.pk, "?"))): (
            ticket.reported_at + timedelta(minutes=row.minutes),
            row.told,
        )
        for ticket in tickets
        for row in STORIES[ticket.story].rows
    }


def complete_until(tickets: Iterable[Ticket]) -> datetime:
    """The first instant at which something falls due that the lists above leave out."""
    return min(ticket.reported_at + timedelta(minutes=STORIES[ticket.story].until) for ticket in tickets)
