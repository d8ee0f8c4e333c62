"""What is the client told, and what does the client say?"""

from __future__ import annotations

from copy import copy
from datetime import datetime

from tocsin.core.event import Responded, Resumed, Updated
from tocsin.core.message import render, subject
from tocsin.desk import messages
from tocsin.desk.backdating import dated
from tocsin.desk.facts import facts_of
from tocsin.desk.phrases import for_client
from tocsin.desk.refusal import Refusal, in_sight
from tocsin.desk.telling import tell_worker
from tocsin.desk.ticket import Ticket
from tocsin.desk.tickets import live
from tocsin.desk.timeline import Act, act
from tocsin.directory.contact import Contact
from tocsin.directory.person import Person
from tocsin.directory.reach import actor
from tocsin.standard.terms import terms_of


def respond(
    ticket: Ticket,
    text: str,
    *,
    by: Person,
    now: datetime,
    promised: datetime | None = None,
    at: datetime | None = None,
    late_because: str = "",
) -> None:
    """A person has answered the client: the response clock is met, the client told, the next update promised.

    `promised` is the instant named in the message, if one was. (semantics 2 and 4)
    """
    _tell(ticket, text, by=by, now=now, promised=promised, at=at, because=late_because, responds=True)


def update(ticket: Ticket, text: str, *, by: Person, now: datetime, promised: datetime | None = None) -> None:
    """The client has been told how it goes; the next update is promised. A first one is the response, too."""
    _tell(ticket, text, by=by, now=now, promised=promised, at=None, because="", responds=False)


def called(
    ticket: Ticket, *, result: str, by: Person, now: datetime, at: datetime | None = None, late_because: str = ""
) -> None:
    """A completed call to the client is on record: it is a response, and the client has been told. (R2.2)"""
    with act(ticket, by=actor(by), now=now) as done:
        live(done)
        when = dated(done, at, by, because=late_because)
        kept = messages.keep(done.ticket, result, audience="client", by=by, now=now)
        done.record(Responded(when), message=kept.pk, sha256=kept.sha256, means="phone")
        done.record(Updated(when), message=kept.pk, sha256=kept.sha256, means="phone")
        done.change(updates_sent=done.ticket.updates_sent + 1)


def draft(ticket: Ticket, *, now: datetime) -> tuple[str, str]:
    """Subject and text of the next word to the client, from the standard and what is on record, to be edited. (R14.5)

    It names the next update as the standard promises it from `now`.
    """
    terms = terms_of(ticket)
    target = terms.clocks["next_update"].targets.get(ticket.priority) if "next_update" in terms.clocks else None
    due_at = target[1].due(now, target[0]) if target else None
    first = messages.reader(ticket, at=now)
    fields = for_client(
        ticket,
        terms,
        facts_of([ticket])[ticket.pk],
        to=first.name if first else ticket.client.name,
        next_update_at=due_at,
    )
    message = terms.messages["update" if ticket.updates_sent else "outage"]
    return render(message.subject, fields), render(message.body, fields)


def solution(ticket: Ticket, *, now: datetime) -> str:
    """What the client will read when it is solved, with where the owner's words will stand; "" where nobody reads it.

    (R8.17)
    """
    first = messages.reader(ticket, at=now)
    if first is None:
        return ""
    terms = terms_of(ticket)
    as_solved = copy(ticket)
    as_solved.solved_at = now
    facts = facts_of([ticket])[ticket.pk]
    facts.cause, facts.actions, facts.verification = "[cause]", "[what was done]", "[how it was verified]"
    fields = for_client(as_solved, terms, facts, to=first.name, next_update_at=None)
    return render(terms.messages["resolved"].body, fields)


def reply(ticket: Ticket, text: str, *, by: Contact, now: datetime) -> None:
    """The client's words are on the timeline, and whoever works on it hears of them; a wait for the client is over.

    (semantics 2)
    """
    with act(ticket, by=actor(by), now=now) as done:
        kept = messages.keep(done.ticket, text, audience="client", by=by, now=now)
        done.say("client_wrote", message=kept.pk, sha256=kept.sha256)
        waiting = done.terms.waits.get(done.ticket.pending_on)
        if waiting is not None and waiting.ended_by_reply:
            done.record(Resumed(done.now, by_reply=True), reason="the client replied")
        tell_worker(
            done,
            subject=f"{done.ticket.priority} {done.ticket.client}: {by} has answered on {done.ticket.number}",
            body=f"{by} writes:\n\n{kept.body}",
        )


def _tell(
    ticket: Ticket,
    text: str,
    *,
    by: Person,
    now: datetime,
    promised: datetime | None,
    at: datetime | None,
    because: str,
    responds: bool,
) -> None:
    with act(ticket, by=actor(by), now=now) as done:
        live(done)
        if promised is not None and promised <= now:
            raise Refusal(
                f"The next update was promised for {promised:%Y-%m-%d %H:%M}Z, which is past: promise a later one."
            )
        if promised is not None:
            in_sight(promised, now, "The next update")
        when = dated(done, at, by, because=because)
        subject = _subject(done)
        kept = messages.keep(done.ticket, text, audience="client", by=by, now=now, subject=subject)
        fingerprint = {"message": kept.pk, "sha256": kept.sha256}
        if responds or not any(type(event) is Responded for event in done.story):
            done.record(Responded(when), **fingerprint)
        done.record(Updated(when, promised), **fingerprint)
        done.change(updates_sent=done.ticket.updates_sent + 1)
        messages.send(done, kept)


def _subject(done: Act) -> str:
    ticket, number = done.ticket, done.ticket.updates_sent
    return subject(
        priority=ticket.priority,
        client=ticket.client.name,
        summary=ticket.title,
        stage="update" if number else "outage",
        number=number,
    )
