"""Who of ours hears of what somebody did on a ticket they work on?"""

from __future__ import annotations

from tocsin.desk.timeline import Act
from tocsin.directory.holders import Holders
from tocsin.directory.person import Person, here
from tocsin.outbox.queue import Letter, queue


def tell_worker(done: Act, *, subject: str, body: str) -> None:
    """Whoever works on the ticket, else its owner, hears of the act's last event, unless it was they who did it.

    Where it has neither, or both have left, the first of its level does.
    """
    ticket = done.ticket
    who = here(ticket.worker) or here(ticket.owner) or _of_its_level(done)
    tell(done, who, subject=subject, body=body)


def tell(done: Act, who: Person | None, *, subject: str, body: str) -> None:
    """They hear of the act's last event, unless there is nobody, they have left, or it was they who did it."""
    who = here(who)
    if who is None or who.actor == done.by:
        return
    ticket = done.ticket
    letter = Letter(
        client_id=ticket.client_id,
        ticket_id=ticket.pk,
        key=f"{done.drafts[-1].kind}@{ticket.head_seq + len(done.drafts)}/{who.actor}",
        person=who.actor,
        ways=who.how_to_reach(),
        subject=subject,
        body=body,
        due_at=done.now,
    )
    queue([letter])


def _of_its_level(done: Act) -> Person | None:
    ticket = done.ticket
    found = Holders.of([ticket.client_id], at=done.now).people(ticket.level, ticket.client_id)
    return found[0] if found else None
