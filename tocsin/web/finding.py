"""Which ticket is meant, and what is new on it?"""

from __future__ import annotations

from django.http import Http404, HttpRequest

from tocsin.desk.chronicle import recorded
from tocsin.desk.seen import seen_by
from tocsin.desk.ticket import Ticket
from tocsin.log.event import Event


def find(request: HttpRequest, number: str) -> Ticket:
    """The ticket of this number, if whoever asks may see it; else there is none."""
    known = seen_by(request.person).select_related(
        "client", "service", "contact", "owner", "worker", "policy_version__policy"
    )
    ticket = known.filter(number=number.upper()).first()
    if ticket is None:
        raise Http404(f"There is no ticket {number} that you may see.")
    return ticket


def since(found: Ticket, seen: str) -> list[Event]:
    """What has come on record since the page was loaded."""
    if not seen.isdecimal() or len(seen) > 9:
        return []
    return recorded(found, after=int(seen))
