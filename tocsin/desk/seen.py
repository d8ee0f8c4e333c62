"""Which tickets may somebody see?"""

from __future__ import annotations

from django.db.models import QuerySet

from tocsin.desk.ticket import Ticket
from tocsin.directory.access import visible
from tocsin.directory.api_key import ApiKey
from tocsin.directory.contact import Contact
from tocsin.directory.person import Person


def seen_by(who: Person | Contact | ApiKey | None) -> QuerySet[Ticket]:
    """Every ticket of the clients that they may see. (R17.3)"""
    return visible(Ticket.objects.all(), to=who)
