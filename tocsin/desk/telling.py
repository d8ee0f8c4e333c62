"""Who of ours hears of what somebody did on a ticket they work on?"""

from __future__ import annotations

from tocsin.desk.timeline import Act
from tocsin.outbox.queue import Letter, queue


def tell_worker(done: Act, *, subject: str, body: str) -> None:
    """Whoever works on the ticket, else its owner, hears of the act's last event, unless it was they who did it."""
    ticket = done.ticket
    worker = ticket.worker or ticket.owner
    if worker is None or worker.actor == done.by:
        return
    place = ticket.head_seq + len(done.drafts)
    letter = Letter(
        client_id=ticket.client_id,
        ticket_id=ticket.pk,
        key=f"{done.drafts[-1].kind}@{place}/{worker.actor}",
        person=worker.actor,
        ways=worker.how_to_reach(),
        subject=subject,
        body=body,
        due_at=done.now,
    )
    queue([letter])
