"""How does a text get on its way?"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, connection, transaction

from tocsin.log.rows import put
from tocsin.outbox.delivery import Delivery

_FIELDS = (
    "client_id",
    "ticket_id",
    "key",
    "person",
    "channel",
    "address",
    "alternatives",
    "subject",
    "body",
    "state",
    "not_before",
    "attempts",
    "token",
    "due_at",
    "receipt",
    "duplicate_possible",
    "error",
)


class AlreadyQueued(Exception):
    """A key that the ticket already has in the outbox: nothing was queued now."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A text for one person, with the ways to reach them, (channel, address) each, first first.

    `due_at` is when it was due to go out, `not_before` (None: at once) when it may. A ticket has a key once; a letter
    about no ticket has its key once in the outbox.
    """

    client_id: int | None
    ticket_id: int | None
    key: str
    person: str
    ways: Sequence[tuple[str, str]]
    subject: str
    body: str
    due_at: datetime
    not_before: datetime | None = None


def queue(letters: Iterable[Letter]) -> None:
    """The letters lie in the outbox, stored by one statement in the caller's transaction.

    One for somebody whom nobody knows how to reach lies there too: its sender finds no way left, which is an alarm and
    never silence. Raises AlreadyQueued, and then none is queued and the transaction around can go on.
    """
    letters = list(letters)
    if not letters:
        return
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("letters are queued together with what they tell of: use atomic()")
    try:
        with transaction.atomic():
            put(Delivery, _FIELDS, [_row(letter) for letter in letters])
    except IntegrityError as error:
        raise _named(error, letters) from error


def _named(error: IntegrityError, letters: list[Letter]) -> Exception:
    known = set(Delivery.objects.filter(key__in={x.key for x in letters}).values_list("ticket_id", "key"))
    for letter in letters:
        if (letter.ticket_id, letter.key) in known:
            return AlreadyQueued(f"{letter.key} of ticket {letter.ticket_id} is in the outbox already")
        known.add((letter.ticket_id, letter.key))
    return error


def _row(letter: Letter) -> tuple[object, ...]:
    (channel, address), *others = letter.ways or (("", ""),)
    return (
        letter.client_id,
        letter.ticket_id,
        letter.key,
        letter.person,
        channel,
        address,
        json.dumps(others, ensure_ascii=False) if others else "[]",
        _storable(letter.subject),
        _storable(letter.body),
        "queued",
        letter.not_before or letter.due_at,
        0,
        0,
        letter.due_at,
        "",
        False,
        "",
    )


def _storable(text: str) -> str:
    # A monitor may send NUL or half a character; somebody must be woken all the same.
    return text.replace("\0", "\ufffd").encode(errors="replace").decode()
