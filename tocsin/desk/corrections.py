"""How is a breach put right that should never have been one?

An act dated back drafts a correction where a breach stands that it would have prevented. Somebody else, who holds the
right, approves or refuses it; whatever they say, both figures stay on record. (semantics 2: breach)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from django.db.models import QuerySet

from tocsin.core.event import Corrected
from tocsin.desk.backdating import held, may_further
from tocsin.desk.refusal import Refusal
from tocsin.desk.telling import tell
from tocsin.desk.ticket import Ticket
from tocsin.desk.timeline import Act, act
from tocsin.directory.holders import Holders
from tocsin.directory.person import Person
from tocsin.log.event import Event as Row
from tocsin.standard.terms import terms_of

MOST, BATCH = 20, 100
DRAFTED, APPROVED, REFUSED = "correction_drafted", "correction_approved", "correction_refused"


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction nobody has decided on: its place in the ticket's log, who caused it, when and why; both figures.

    Of each lap: clock, lap (the event that began it), index, and the readings `recorded` and `would`.
    """

    place: int
    author: str
    at: datetime
    because: str
    laps: list[dict[str, Any]]

    @property
    def figures(self) -> Iterator[Figures]:
        """Both figures of each lap."""
        for lap in self.laps:
            recorded, would = lap["recorded"], lap["would"]
            at = would.get("met_at") or would.get("breached_at") or would.get("due_at")
            yield Figures(
                lap["clock"],
                datetime.fromisoformat(recorded["breached_at"]),
                would["verdict"],
                datetime.fromisoformat(at) if at else None,
            )


@dataclass(frozen=True, slots=True)
class Figures:
    """A lap as it is on record, broken at `broken_at`, and as it would be: a verdict (none: nothing promised), when."""

    clock: str
    broken_at: datetime
    verdict: str
    at: datetime | None


def waiting(ticket: Ticket) -> list[Correction]:
    """The ticket's corrections that wait for approval, the oldest first."""
    return waiting_on([ticket])[ticket.pk]


def waiting_on(tickets: Iterable[Ticket]) -> dict[int, list[Correction]]:
    """Those of each of these tickets, by primary key, read with one query."""
    by_stream = {ticket.stream_name: ticket.pk for ticket in tickets}
    found: dict[int, dict[int, Correction]] = {pk: {} for pk in by_stream.values()}
    kinds = (DRAFTED, APPROVED, REFUSED)
    for row in Row.objects.filter(stream__in=by_stream, kind__in=kinds).order_by("stream", "seq"):
        wait = found[by_stream[row.stream]]
        if row.kind == DRAFTED:
            wait[row.seq] = Correction(row.seq, row.actor, row.recorded_at, row.data["because"], row.data["laps"])
        else:
            wait.pop(row.data["of"], None)
    return {pk: list(wait.values()) for pk, wait in found.items()}


def for_them(tickets: QuerySet[Ticket], *, who: Person, now: datetime) -> list[Ticket]:
    """Those of the tickets on which a correction waits that this person may decide on, the oldest first."""
    wait = tickets.filter(correction_since__isnull=False).order_by("correction_since", "pk")
    found: list[Ticket] = []
    for at in count(step=BATCH):
        some = list(wait.select_related("client", "service", "owner")[at : at + BATCH])
        if some:
            roster = Holders.of({ticket.client_id for ticket in some}, at=now)
            mine = [ticket for ticket in some if held(who, terms_of(ticket), ticket, at=now, roster=roster)]
            corrections = waiting_on(mine) if mine else {}
            found += [ticket for ticket in mine if any(each.author != who.actor for each in corrections[ticket.pk])]
        if len(some) < BATCH or len(found) >= MOST:
            break
    return found[:MOST]


def approve(ticket: Ticket, *, of: int, by: Person, now: datetime) -> None:
    """The figures of the correction drafted by event `of` are as it says, and what they were stays beside them."""
    with act(ticket, by=by.actor, now=now) as done:
        found = _decided(done, of, by)
        laps = tuple((lap["clock"], lap["lap"], lap["index"]) for lap in found.laps)
        _settle(done, of)
        done.record(
            Corrected(done.now, laps=laps), of=of, author=found.author, because=found.because, figures=found.laps
        )
        _tell_author(
            done,
            found,
            "approved",
            f"{by} has approved it: the corrected figures count, and those on record stay beside.",
        )


def refuse(ticket: Ticket, *, of: int, reason: str, by: Person, now: datetime) -> None:
    """The breach stands and counts; the correction drafted by event `of` is over."""
    with act(ticket, by=by.actor, now=now) as done:
        found = _decided(done, of, by)
        if not reason.strip():
            raise Refusal("Say why it is refused: whoever dated the act back must know.")
        _settle(done, of)
        done.say(REFUSED, of=of, author=found.author, reason=reason)
        _tell_author(done, found, "refused", f"{by} has refused it, so the breach stands: {reason}")


def _decided(done: Act, of: int, by: Person) -> Correction:
    """The correction, which this person may decide on. Raises Refusal."""
    ticket = done.ticket
    found = next((each for each in waiting(ticket) if each.place == of), None)
    if found is None:
        raise Refusal(f"{ticket.number} has no correction {of} that waits for approval.")
    if found.author == by.actor:
        raise Refusal(f"{by} dated the act back: somebody else decides on the correction.")
    if not held(by, done.terms, ticket, at=done.now):
        raise Refusal(
            f"A correction is approved by the {may_further(done.terms)} "
            f"({done.terms.policy} {done.terms.version}, rules.backdating_by), and {by} is not."
        )
    return found


def _settle(done: Act, of: int) -> None:
    """What waits from then on, waits since the next of them was drafted."""
    rest = (each.at for each in waiting(done.ticket) if each.place != of)
    done.change(correction_since=next(rest, None))


def _tell_author(done: Act, found: Correction, outcome: str, said: str) -> None:
    """Whoever dated the act back hears what came of it."""
    kind, _, pk = found.author.partition("/")
    author = Person.objects.filter(pk=int(pk)).first() if kind == "person" else None
    ticket = done.ticket
    tell(
        done,
        author,
        subject=f"{ticket.priority} {ticket.client}: your correction on {ticket.number} is {outcome}",
        body=f"{author}, this is about the act you dated back on {ticket.number} ({ticket.title}).\n\n{said}",
    )
