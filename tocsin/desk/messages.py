"""How is a text kept beside the log?"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from tocsin.desk.message import Message
from tocsin.desk.refusal import Refusal
from tocsin.desk.ticket import Ticket
from tocsin.directory.reach import Reachable, actor

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
