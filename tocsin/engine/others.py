"""Who else of ours hears of it when whoever should cannot?"""

from __future__ import annotations

from collections.abc import Iterator

from tocsin.core.terms import Terms
from tocsin.desk.ticket import Ticket
from tocsin.directory.holders import Holders
from tocsin.directory.person import Person, here

SERVICE_DESK_MANAGER = "service-desk-manager"


def others(roster: Holders, client_id: int | None, ticket: Ticket | None, terms: Terms | None) -> Iterator[Person]:
    """Our own people who can be reached, whom it concerns most first, and at the end anybody who works here.

    The service desk managers; who has the ticket; those its management ladder climbs to; the levels, highest first.
    Nobody who may not see the client whom it is about.
    (semantics 10)
    """
    yield from (who for who in _by_role(roster, client_id, ticket, terms) if who.how_to_reach())
    yield from (who for who in roster.reachable if roster.may_see(who, client_id))


def _by_role(roster: Holders, client_id: int | None, ticket: Ticket | None, terms: Terms | None) -> Iterator[Person]:
    yield from roster.people(SERVICE_DESK_MANAGER, client_id)
    if ticket is None or terms is None:
        return
    yield from filter(None, (here(ticket.owner), here(ticket.worker)))
    ladders = terms.ladders
    steps = [
        *(ladders["management"].steps if "management" in ladders else ()),
        *(reversed(ladders["functional"].steps) if "functional" in ladders else ()),
    ]
    for step in steps:
        yield from roster.people(step.to, client_id)
