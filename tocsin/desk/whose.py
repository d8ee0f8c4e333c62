"""Who is asked, where a rule names a role?"""

from __future__ import annotations

from tocsin.desk.ticket import Ticket
from tocsin.directory.contact import Contact
from tocsin.directory.holders import Holders
from tocsin.directory.person import Person

Asked = Person | Contact


def asked(ticket: Ticket, role: str, roster: Holders) -> list[Asked]:
    """Those who hold the role on this ticket, the first to be asked first; who no longer works here is nobody."""
    if role == "owner":
        return [ticket.owner] if ticket.owner and ticket.owner.active else asked(ticket, ticket.level, roster)
    if role == "worker":
        return [ticket.worker] if ticket.worker and ticket.worker.active else asked(ticket, "owner", roster)
    if role in ("contact", "primary-contact") and ticket.contact is not None:
        return [ticket.contact]
    return roster.holders(role, ticket.client_id)
