"""How does what happened get on record?"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import IntegrityError, connection, transaction

from tocsin.log.chain import Draft, Entry
from tocsin.log.event import Event
from tocsin.log.rows import plain, put
from tocsin.log.stream import Stream


class AlreadyOnRecord(Exception):
    """A key that its stream already has: what was to be done has been done, and nothing was stored now."""


class StaleHead(Exception):
    """Somebody else has added to the stream since its row was read: lock the row, read it again, try again."""


def append(row: Stream, drafts: Iterable[Draft], *, now: datetime, client_id: int | None = None) -> list[Entry]:
    """The drafts are on record after the row's head, and the head has moved, here and in the database.

    Belongs in a transaction that holds the row's lock. Raises AlreadyOnRecord or StaleHead, and then nothing of this
    call is stored, the row in memory is as it was, and the transaction can go on.
    """
    before = row.head_seq, row.head_hash, row.head_at
    entries = row.extend(drafts, now=now, client_id=client_id)
    if not entries:
        return entries
    try:
        with _stored(entries), connection.cursor() as cursor:
            # Spelled out, for Django takes ten times as long to write this statement as the database to follow it.
            table = connection.ops.quote_name(row._meta.db_table)
            moved = f"UPDATE {table} SET head_seq = %s, head_hash = %s, head_at = %s WHERE id = %s AND head_seq = %s"
            cursor.execute(moved, plain([row.head_seq, row.head_hash, row.head_at, row.pk, before[0]]))
            if not cursor.rowcount:
                raise StaleHead(f"{row.stream_name} no longer ends at {before[0]}")
    except Exception:
        row.head_seq, row.head_hash, row.head_at = before
        raise
    return entries


def insert(entries: Iterable[Entry]) -> None:
    """The entries, of any number of streams, are stored by one statement; their streams' heads are the caller's.

    Raises AlreadyOnRecord or StaleHead, and then none is stored and the transaction around can go on.
    """
    entries = list(entries)
    if entries:
        with _stored(entries):
            pass


@contextmanager
def _stored(entries: list[Entry]) -> Iterator[None]:
    """The entries are stored, with what the block does, or nothing of both."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("events go on record together with what they change: use atomic()")
    try:
        with transaction.atomic():
            put(Event, Entry._fields, entries)
            yield
    except IntegrityError as error:
        raise _named(error, entries) from error


def _named(error: IntegrityError, entries: list[Entry]) -> Exception:
    # Both databases name the columns or the constraint in their own words only, so look.
    keyed = [entry for entry in entries if entry.key is not None]
    stored = set(
        Event.objects.filter(stream__in={e.stream for e in keyed}, key__in={e.key for e in keyed}).values_list(
            "stream", "key"
        )
    )
    seen = set()
    for entry in keyed:
        if (entry.stream, entry.key) in stored or (entry.stream, entry.key) in seen:
            return AlreadyOnRecord(f"{entry.stream} has {entry.key} on record")
        seen.add((entry.stream, entry.key))
    for entry in entries:
        if Event.objects.filter(stream=entry.stream, seq=entry.seq).exists():
            return StaleHead(f"{entry.stream} no longer ends at {entry.seq - 1}")
    return error
