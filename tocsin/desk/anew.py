"""Does a row show what a newer version of Tocsin tells of its story?

A column that is new is empty on the tickets of before. Only it is filled: what else a row shows stays as it is, so that
`tocsin verify` still finds what was changed behind its back.
"""

from __future__ import annotations

from django.db import transaction

from tocsin.desk.projection import at_last_event
from tocsin.desk.ticket import Ticket
from tocsin.desk.timeline import lock, story_of
from tocsin.standard.terms import terms_of


def fill_next_at() -> int:
    """Every ticket on which something falls due is listed by its agenda; returns how many were not."""
    unlisted = Ticket.objects.filter(look_at__isnull=False, next_at__isnull=True).values_list("pk", flat=True)
    filled = 0
    for pk in list(unlisted):
        with transaction.atomic():
            ticket = lock(pk)
            if ticket.head_at is None:
                continue
            ticket.next_at = at_last_event(story_of(ticket), terms_of(ticket), head_at=ticket.head_at).next_at
            ticket.save(update_fields=["next_at"])
            filled += ticket.next_at is not None
    return filled
