"""Who is asked, where a rule names a role, and who may be given the work?"""

from __future__ import annotations

from tocsin.core.terms import Terms
from tocsin.desk.refusal import Refusal
from tocsin.desk.ticket import Ticket
from tocsin.directory.access import why_not
from tocsin.directory.contact import Contact
from tocsin.directory.holders import Holders
from tocsin.directory.person import Person, here

Asked = Person | Contact


def role_of(ticket: Ticket, role: str) -> str:
    """The role that stands in: where whoever owns the ticket or works on it is gone, its level is asked."""
    gone = role == "owner" or (role == "worker" and here(ticket.worker) is None)
    return ticket.level if gone and here(ticket.owner) is None else role


def asked(ticket: Ticket, role: str, roster: Holders, terms: Terms) -> list[Asked]:
    """Who holds the role on this ticket: first come, first told.

    Whoever has left holds none, nor does a contact of the client's a role of ours, whatever theirs is called.
    """
    if role == "owner":
        return [owner] if (owner := here(ticket.owner)) else asked(ticket, ticket.level, roster, terms)
    if role == "worker":
        return [worker] if (worker := here(ticket.worker)) else asked(ticket, "owner", roster, terms)
    if role not in terms.client_roles:
        return [*roster.people(role, ticket.client_id)]
    if role in ("contact", "primary-contact") and ticket.contact is not None:
        return [ticket.contact]
    return roster.holders(role, ticket.client_id)


def may_work(ticket: Ticket, *people: Person | None, instead: str = "") -> None:
    """Refuses to give the ticket, or a part in it, to somebody who may not work on its client's, and says why.

    `instead` is what to do about it.
    """
    for who in people:
        if who is not None and (why := why_not(who, ticket.client)):
            raise Refusal(f"{why}: {instead or f'give {ticket.number} to somebody who works for {ticket.client}'}.")
