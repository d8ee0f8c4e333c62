"""How is a text kept beside the log, and how does it reach the client?"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from tocsin.core.message import render
from tocsin.desk.facts import Facts
from tocsin.desk.message import Message
from tocsin.desk.phrases import for_client
from tocsin.desk.refusal import Refusal
from tocsin.desk.ticket import Ticket
from tocsin.desk.timeline import Act
from tocsin.directory.contact import Contact
from tocsin.directory.holders import holders
from tocsin.directory.person import Person
from tocsin.directory.reach import Reachable, actor
from tocsin.outbox.queue import Letter, queue

LIMIT = 50_000


def keep(ticket: Ticket, text: str, *, audience: str, by: Reachable | str, now: datetime, subject: str = "") -> Message:
    """The text is stored; the event that speaks of it holds its SHA-256."""
    text = text.strip()
    if not text:
        raise Refusal("There is nothing in it: write what was done or seen.")
    if len(text) > LIMIT:
        raise Refusal(f"It is {len(text)} characters long; {LIMIT} fit. Attach the rest as a file.")
    return Message.objects.create(
        ticket=ticket,
        client_id=ticket.client_id,
        audience=audience,
        author=actor(by),
        written_at=now,
        subject=subject,
        body=text,
        sha256=sha256(text.encode()).hexdigest(),
    )


def from_standard(done: Act, name: str, facts: Facts, *, by: Reachable | str) -> Message | None:
    """A text of the standard, filled with these facts, is kept for the client; None if nobody reads there."""
    contact = reader(done.ticket, at=done.now)
    if contact is None:
        return None
    fields = for_client(done.ticket, done.terms, facts, to=contact.name, next_update_at=None)
    message = done.terms.messages[name]
    subject, body = render(message.subject, fields), render(message.body, fields)
    return keep(done.ticket, body, audience="client", by=by, now=done.now, subject=subject)


def send(done: Act, kept: Message) -> None:
    """The message is in the outbox for whoever reads for the client; it goes with the act's last event."""
    ticket, contact = done.ticket, reader(done.ticket, at=done.now)
    if contact is None:
        return
    letter = Letter(
        client_id=ticket.client_id,
        ticket_id=ticket.pk,
        key=f"{done.drafts[-1].kind}@{ticket.head_seq + len(done.drafts)}/{contact.actor}",
        person=contact.actor,
        ways=contact.how_to_reach(),
        subject=kept.subject,
        body=kept.body,
        due_at=done.now,
    )
    queue([letter])


def reader(ticket: Ticket, *, at: datetime) -> Contact | Person | None:
    """Who reads for the client: the ticket's contact, or whoever is the client's first."""
    return ticket.contact or next(iter(holders("primary-contact", ticket.client, at=at)), None)
