"""What can be done to a ticket? Its life, from opened to closed.

Verbs: the ticket first, the rest by name, actor and moment last. Each records what somebody did, in one transaction,
and decides nothing that follows from it: that is the plan's. Raises Refusal with a sentence fit to show.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from tocsin.core.clock import fold
from tocsin.core.event import (
    Cancelled,
    Closed,
    Noted,
    Opened,
    Paused,
    PriorityChanged,
    Reopened,
    Resumed,
    Solved,
)
from tocsin.core.hours import BeyondHorizon
from tocsin.core.terms import Terms, Wait
from tocsin.desk import messages, numbers, severity, stages, stopped
from tocsin.desk.backdating import dated, told_by
from tocsin.desk.facts import facts_of
from tocsin.desk.handing import hand_over
from tocsin.desk.refusal import EARLIEST, Refusal, in_sight
from tocsin.desk.ticket import Ticket
from tocsin.desk.timeline import Act, act
from tocsin.desk.whose import may_work
from tocsin.directory.client import Client, Service
from tocsin.directory.contact import Contact
from tocsin.directory.person import Person
from tocsin.directory.reach import Reachable, actor
from tocsin.standard.terms import terms_for, version_for
from tocsin.standard.version import PolicyVersion

ENDED = ("closed", "cancelled", "merged")


def open(
    *,
    client: Client,
    title: str,
    priority: str | None = None,
    kind: str = "incident",
    service: Service | None = None,
    contact: Contact | None = None,
    reported_at: datetime | None = None,
    waiting_for: str | None = None,
    external_id: str = "",
    version: PolicyVersion | None = None,
    facts: severity.Facts | None = None,
    differs_because: str = "",
    by: Reachable | str,
    now: datetime,
    **data: Any,
) -> Ticket:
    """A new ticket is on record, its clocks running since `reported_at` (default: now), its look_at set.

    `priority` is what the standard's matrix makes of the `facts` (input → answer), or its default where nobody answered
    any; who chooses another says why (`differs_because`). `waiting_for` opens it waiting; `version` is that of
    the standard in force, where the caller has looked it up. (semantics 2, R8.1)
    """
    title = title.strip()
    if not title:
        raise Refusal("A ticket needs a title: say in a few words what does not work.")
    start = reported_at or now
    if start > now:
        raise Refusal(f"It cannot have been reported at {start:%Y-%m-%d %H:%M}Z, which is yet to come.")
    if start < EARLIEST:
        raise Refusal(f"It cannot have been reported in the year {start.year}: check the year.")
    if service is not None and service.client_id != client.pk:
        raise Refusal(f"{service} is not a service of {client}.")
    with _known_once(client, external_id), transaction.atomic():
        version = version or version_for(client, at=now)
        terms = terms_for(client, service, version, at=now)
        if own_times(kind, terms):
            if priority not in (None, kind):
                raise Refusal(f"A {kind} has times of its own, and no priority.")
            if any((facts or {}).values()):
                raise Refusal(f"A {kind} has times of its own: its facts decide nothing.")
            priority = kind
        else:
            if priority:
                _known_priority(priority, terms.priorities)
            on = severity.day_of(client, now)
            priority, why = severity.judged(terms, facts, priority, on=on, differs_because=differs_because)
            data |= why
        ticket = Ticket.objects.create(
            client=client,
            service=service,
            contact=contact,
            number=numbers.next_number(kind),
            kind=kind,
            title=title[:300],
            priority=priority,
            level=terms.first_level,
            reported_at=start,
            opened_at=now,
            policy_version=version,
            external_id=external_id,
        )
        opening = Act(ticket, by=actor(by), now=now, story=[])
        opening.record(
            Opened(start, priority, terms.first_level), policy_version=version.pk, **ticket.as_opened, **data
        )
        if waiting_for:
            _known_wait(waiting_for, terms.waits)
            until = _within_limit(terms.waits[waiting_for], None, start=now, now=now)
            opening.record(Paused(start, waiting_for, until))
        opening.write()
    return ticket


@contextmanager
def _known_once(client: Client, external_id: str) -> Iterator[None]:
    """A number of somebody else's under which the client has a ticket already is a Refusal, whoever came first."""
    try:
        yield
    except IntegrityError:
        known = Ticket.objects.filter(client=client, external_id=external_id).first() if external_id else None
        if known is None:
            raise
        raise Refusal(f"{client} has {external_id} already: it is {known.number}.") from None


def note(ticket: Ticket, text: str, *, by: Person, now: datetime) -> None:
    """An internal note is on the timeline; the client does not see it."""
    with act(ticket, by=actor(by), now=now) as done:
        kept = messages.keep(done.ticket, text, audience="staff", by=by, now=done.now)
        done.record(Noted(done.now), message=kept.pk, sha256=kept.sha256)


def assign(
    ticket: Ticket,
    *,
    owner: Person | None = None,
    worker: Person | None = None,
    by: Reachable | str,
    now: datetime,
    reason: str = "",
) -> None:
    """The ticket has this owner, this worker, or both, and they hear of it; what is not given stays. (R4.6)"""
    if owner is None and worker is None:
        raise Refusal("Say who owns it, who works on it, or both.")
    with act(ticket, by=actor(by), now=now) as done:
        live(done)
        may_work(done.ticket, owner, worker)
        data: dict[str, Any] = {"reason": reason}
        if owner is not None:
            done.change(owner=owner)
            data["owner"] = owner.pk
        if worker is not None:
            done.change(worker=worker)
            data["worker"] = worker.pk
        done.record(Noted(now), kind="assigned", **data)
        for who in dict.fromkeys(person for person in (owner, worker) if person is not None):
            hand_over(done, to=who, owns=who == owner, works=who == worker, by=by, reason=reason)


def wait(
    ticket: Ticket,
    *,
    on: str,
    reason: str,
    until: datetime | None = None,
    by: Reachable | str,
    now: datetime,
    at: datetime | None = None,
    late_because: str = "",
) -> None:
    """The ticket waits for `on`, until that party answers or `until` has come: at most as long as the wait may last.

    Here as elsewhere `at` dates the act back, and `late_because` says why it comes on record only now. (semantics 2)
    """
    with act(ticket, by=actor(by), now=now) as done:
        live(done)
        _known_wait(on, done.terms.waits)
        start = dated(done, at, by, because=late_because)
        until = _within_limit(done.terms.waits[on], until, start=start, now=now)
        if until is not None and until <= now:
            raise Refusal(f"The wait would end at {until:%Y-%m-%d %H:%M}Z, which is past: give a later time, or none.")
        if until is not None:
            in_sight(until, now, "The end of the wait")
        done.record(Paused(start, on, until), reason=reason)


def _within_limit(wait: Wait, until: datetime | None, *, start: datetime, now: datetime) -> datetime | None:
    """When a wait that began at `start` ends: as asked, else at its limit, if it has one. A longer one is a Refusal."""
    if wait.limit is None:
        return until
    duration, calendar = wait.limit
    try:
        end = calendar.due(start, duration)
    except BeyondHorizon:
        return until
    longest = f"{wait.title}: this may last {wait.longest}"
    if end <= now:
        raise Refusal(f"{longest}, and that ended at {end:%Y-%m-%d %H:%M}Z: what waited so long goes on.")
    if until is not None and until > end:
        raise Refusal(f"{longest}, so until {end:%Y-%m-%d %H:%M}Z at most: give an earlier time, or none.")
    return until or end


def resume(
    ticket: Ticket,
    *,
    by: Reachable | str,
    now: datetime,
    reason: str = "",
    at: datetime | None = None,
    late_because: str = "",
) -> None:
    """The ticket waits no more."""
    with act(ticket, by=actor(by), now=now) as done:
        live(done)
        if not done.ticket.pending_on:
            raise Refusal(f"{ticket.number} waits for nobody.")
        done.record(Resumed(dated(done, at, by, because=late_because)), reason=reason)


def change_priority(
    ticket: Ticket, to: str, *, reason: str, by: Reachable | str, now: datetime, approved_by: Person | None = None
) -> None:
    """The priority is `to` from now on.

    Lowering it when most of the binding promise is used needs somebody else's approval, by a person or by a rule alike.
    (semantics 2, R1.8)
    """
    with act(ticket, by=actor(by), now=now) as done:
        live(done)
        if own_times(ticket.kind, done.terms):
            raise Refusal(f"{ticket.number} is a {ticket.kind}: it has times of its own, and no priority to change.")
        _known_priority(to, done.terms.priorities)
        if to == done.ticket.priority:
            raise Refusal(f"{ticket.number} is {to} already.")
        if not reason.strip():
            raise Refusal("A change of priority needs a reason: who asked for it, or what has been found?")
        may_work(done.ticket, approved_by, instead=f"ask somebody who works for {done.ticket.client} to approve it")
        lowered = done.terms.severity(to) > done.terms.severity(done.ticket.priority)
        if lowered:
            stopped.hold(done, "lowered")
        if lowered and nearly_used(done) and (approved_by is None or approved_by == by):
            limit = done.terms.lowering_needs_approval_at
            raise Refusal(
                f"{limit} % of the promise is used: lowering the priority now needs another person's approval."
            )
        approval = {"approved_by": approved_by.pk} if approved_by is not None else {}
        done.record(PriorityChanged(done.now, to), was=done.ticket.priority, reason=reason, **approval)


def nearly_used(done: Act) -> bool:
    """Whether so much of the resolution promise is used that lowering it needs approval."""
    clock = done.terms.clocks.get("resolution")
    if clock is None:
        return False
    reading = fold(done.story, clock, done.now)
    promise = reading.binding
    limit = done.terms.lowering_needs_approval_at
    counts = reading.state in ("running", "paused")
    return counts and promise is not None and promise.consumed * 100 >= promise.budget * limit


def solve(
    ticket: Ticket,
    *,
    cause: str,
    actions: str,
    verification: str,
    by: Reachable | str,
    now: datetime,
    at: datetime | None = None,
    late_because: str = "",
    bypass: str = "",
) -> None:
    """The ticket is solved, by its owner, with what closing will need, and the client is told. (R8.6, R8.7, R8.17)

    Where the standard has stages, what their gates ask for is on record, or `bypass` says why it goes without. (R9.1)
    """
    with act(ticket, by=actor(by), now=now) as done:
        live(done)
        if not isinstance(by, Person) or done.ticket.owner_id != by.pk:
            owner = done.ticket.owner
            whose = f"{owner.name} owns it" if owner else "nobody owns it yet"
            raise Refusal(f"Only the owner may mark {ticket.number} solved, and {whose}: take it over first.")
        missing = [name for name, said in (("actions", actions), ("verification", verification)) if not said.strip()]
        if ticket.kind != "request" and not cause.strip():
            missing.insert(0, "cause")
        if missing:
            raise Refusal(f"Before it is solved, record its {' and '.join(missing)}.")
        when = dated(done, at, by, because=late_because)
        told_by(done, when)
        said_now = {"cause_known": cause, "actions_recorded": actions, "verified": verification}
        stages.solved(done, at=when, said=said_now, bypass=bypass)
        done.ticket.solved_at = when
        facts = facts_of([done.ticket])[ticket.pk]
        facts.cause, facts.actions, facts.verification = cause, actions, verification
        said = messages.from_standard(done, "resolved", facts, by=by)
        fingerprint = {"message": said.pk, "sha256": said.sha256} if said else {}
        done.record(Solved(when), cause=cause, actions=actions, verification=verification, **fingerprint)
        if said:
            messages.send(done, said)
        stopped.end_by_solving(done)


def recover(ticket: Ticket, *, reason: str, by: Reachable | str, now: datetime) -> None:
    """The ticket is solved by itself: no person did anything about it, and none is said to have. (R8.13)"""
    with act(ticket, by=actor(by), now=now) as done:
        live(done)
        stopped.hold(done, "solved by itself")
        done.record(Solved(done.now, answers=False), cause="recovered by itself", actions="none", verification=reason)


def reopen(ticket: Ticket, *, reason: str, by: Reachable | str, now: datetime) -> None:
    """A ticket solved, and not closed yet, is open again; what that restarts is policy. (semantics 2)"""
    with act(ticket, by=actor(by), now=now) as done:
        if done.ticket.status != "solved":
            ended = done.ticket.status in ENDED
            remedy = "open a new one that follows it up" if ended else "there is nothing to reopen"
            raise Refusal(f"{ticket.number} is {done.ticket.status}: {remedy}.")
        done.record(Reopened(done.now), reason=reason)


def close(ticket: Ticket, *, by: Reachable | str, now: datetime) -> None:
    """A solved ticket is closed before its solved period has passed."""
    with act(ticket, by=actor(by), now=now) as done:
        if done.ticket.status != "solved":
            raise Refusal(f"{ticket.number} is {done.ticket.status}: it is closed once it is solved.")
        done.record(Closed(done.now))


def cancel(ticket: Ticket, *, reason: str, by: Reachable | str, now: datetime) -> None:
    """The ticket should not have been one: its clocks end without a verdict."""
    with act(ticket, by=actor(by), now=now) as done:
        live(done)
        if not reason.strip():
            raise Refusal("Say why it is cancelled: the client may ask.")
        stopped.hold(done, "cancelled")
        done.record(Cancelled(done.now), reason=reason)


def live(done: Act) -> None:
    """Refuses what makes no sense on a ticket that is solved or over."""
    if done.ticket.status == "solved":
        raise Refusal(f"{done.ticket.number} is solved: reopen it first.")
    if done.ticket.status in ENDED:
        raise Refusal(f"{done.ticket.number} is {done.ticket.status}: open a new one that follows it up.")


def own_times(kind: str, terms: Terms) -> bool:
    """Whether the standard gives this kind of ticket times of its own, instead of a priority's. (R7.3)"""
    return kind not in terms.priorities and any(kind in clock.targets for clock in terms.clocks.values())


def _known_priority(priority: str, known: tuple[str, ...]) -> None:
    if priority not in known:
        raise Refusal(f"There is no priority {priority!r} in this standard: it is one of {', '.join(known)}.")


def _known_wait(on: str, known: Any) -> None:
    if on not in known:
        raise Refusal(f"This standard knows no wait for {on!r}: it is one of {', '.join(known)}.")
