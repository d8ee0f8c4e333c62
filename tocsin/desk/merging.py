"""How do two tickets become one, without anybody gaining time?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tocsin.core.clock import Reading, fold, fold_all
from tocsin.core.event import Merged
from tocsin.core.promise import Promise
from tocsin.desk import alerts, stopped
from tocsin.desk.refusal import Refusal
from tocsin.desk.ticket import Ticket
from tocsin.desk.tickets import live
from tocsin.desk.timeline import Act, lock
from tocsin.directory.reach import Reachable, actor
from tocsin.log.event import Event
from tocsin.standard.terms import terms_of

KIND = "merged"


@dataclass(frozen=True, slots=True)
class Effect:
    """What a merge does to one clock of the survivor: its reading `before` and `after`."""

    before: Reading
    after: Reading

    @property
    def says(self) -> str:
        """In a few words."""
        before, after = self.before, self.after
        if after.verdict == "breached":
            return "broken already" if before.verdict == "breached" else "broken at once: that time is used up"
        if after.state == "stopped":
            return "met already, and stays so"
        if before.state == "void":
            return "begins: the promise is taken over"
        if before.due_at and after.due_at and after.due_at < before.due_at:
            return "due earlier"
        return "less is left" if after.remaining < before.remaining else "as before"

    @property
    def tone(self) -> str:
        changed = self.says != "as before" and self.after.state != "stopped"
        return ("late" if self.after.verdict == "breached" else "soon") if changed else ""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What merging would do: to the survivor's clocks, and which clocks the other one has broken, which stays."""

    effects: list[Effect]
    broken: list[Reading]
    alerts: int


def foresee(ticket: Ticket, *, into: Ticket, now: datetime) -> Foreseen:
    """What `merge` would do to the clocks this instant; nothing is stored. Raises Refusal as it would."""
    _of_one_client(ticket, into)
    gone, kept = Act(ticket, by="", now=now), Act(into, by="", now=now)
    live(gone)
    live(kept)
    _may_go(gone, kept)
    kept.record(Merged(kept.now, promises=_promises(gone)))
    before = fold_all(kept.story, kept.terms.clocks, kept.now)
    after = fold_all([*kept.story, *kept.drafted()], kept.terms.clocks, kept.now)
    own = fold_all(gone.story, gone.terms.clocks, gone.now)
    return Foreseen(
        [Effect(before[name], reading) for name, reading in after.items() if reading.state != "void"],
        [reading for reading in own.values() if reading.verdict == "breached"],
        alerts.count(ticket),
    )


def joined(rows: Iterable[Event]) -> tuple[str, list[str]]:
    """Of what is on a ticket's record: the number it went into ("" for none), and those that have gone into it."""
    into, taken = "", []
    for row in rows:
        if row.kind == KIND:
            into = row.data.get("into") or into
            taken += [row.data["taken"]] if row.data.get("taken") else []
    return into, taken


def merge(ticket: Ticket, *, into: Ticket, reason: str, by: Reachable | str, now: datetime) -> None:
    """`ticket` has gone into `into`: its clocks end void, the survivor takes their promises over.

    Never into a milder one, which nobody would be paged for. (semantics 2, R8.9)
    """
    _of_one_client(ticket, into)
    if not reason.strip():
        raise Refusal("Say why the two are one: whoever reads either of them later must know.")
    with transaction.atomic():
        alerts.hold(ticket.client_id)
        # Always in the same order, so that two merges at once cannot wait for each other.
        locked = {pk: lock(pk) for pk in sorted((ticket.pk, into.pk))}
        gone = Act(locked[ticket.pk], by=actor(by), now=now)
        kept = Act(locked[into.pk], by=actor(by), now=now)
        live(gone)
        live(kept)
        _may_go(gone, kept)
        promises = _promises(gone)
        gone.record(Merged(gone.now, into=kept.ticket.number), reason=reason)
        kept.record(Merged(kept.now, promises=promises), taken=gone.ticket.number, reason=reason)
        gone.write()
        kept.write()
        alerts.move(gone.ticket, into=kept.ticket)
    ticket.refresh_from_db()
    into.refresh_from_db()


def _of_one_client(ticket: Ticket, into: Ticket) -> None:
    if ticket.pk == into.pk:
        raise Refusal(f"{ticket.number} cannot be merged into itself.")
    if ticket.client_id != into.client_id:
        raise Refusal("Two tickets of different clients are never merged: each sees only its own.")


def _may_go(gone: Act, kept: Act) -> None:
    """Raises Refusal where the line is stopped on the one that goes, or it is the more severe: its pages would end."""
    stopped.hold(gone, "merged away")
    if milder(kept.ticket, gone.ticket):
        worse, other = gone.ticket, kept.ticket
        raise Refusal(
            f"{worse.number} is {worse.priority}, and {other.number} only {other.priority}: merge it the other way "
            f"round, or raise {other.number} first."
        )


def milder(ticket: Ticket, than: Ticket) -> bool:
    """Whether the first has a less severe priority than the other, by its own standard."""
    known = terms_of(ticket).priorities
    return (
        ticket.priority in known
        and than.priority in known
        and known.index(ticket.priority) > known.index(than.priority)
    )


def _promises(gone: Act) -> tuple[Promise, ...]:
    """What is still promised on the ticket, with what each has used."""
    return tuple(
        promise for clock in gone.terms.clocks.values() for promise in fold(gone.story, clock, gone.now).promises
    )
