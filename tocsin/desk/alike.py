"""Which open tickets may be about the same thing?"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from tocsin.desk import board
from tocsin.desk.ticket import Ticket

WORDS, SHORTEST, MOST = 5, 4, 5


def alike(tickets: QuerySet[Ticket], *, client: int, title: str) -> list[Ticket]:
    """Of `tickets`, those of the client that somebody works on and that share a word of some length with the title."""
    words = sorted({word for word in title.split() if len(word) >= SHORTEST}, key=len, reverse=True)[:WORDS]
    if not words:
        return []
    any_word = Q()
    for word in words:
        any_word |= Q(title__icontains=word)
    return list(board.live(tickets).filter(any_word, client=client)[:MOST])
