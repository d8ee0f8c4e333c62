"""How is what a monitor sent kept until it has been read?"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any, NoReturn

import structlog
from django.db import IntegrityError, connection, transaction
from django.db.models import DateTimeField, F, QuerySet, Value
from django.db.models.functions import Greatest, Least

from tocsin.desk.intake_item import NEW, READ, UNREADABLE, IntakeItem
from tocsin.desk.intake_keys import Held
from tocsin.desk.intake_refusal import IntakeRefusal
from tocsin.desk.refusal import Refusal
from tocsin.directory.client import Client
from tocsin.directory.holders import Holders
from tocsin.outbox.queue import Letter, queue

ERROR_LIMIT = 1000
OUTCOME_LIMIT = 10_000
TOO_FAST = "too fast"
TOLD_OF_REFUSALS = "service-desk-manager"

log = structlog.get_logger(__name__)


class NotJson(ValueError):
    """The body is not JSON; the text is a sentence fit to show."""


def opened(body: bytes) -> object:
    """The JSON value in the body: UTF-8, with or without a byte order mark. Raises NotJson."""
    try:
        return json.loads(body.decode("utf-8-sig"), parse_constant=_no_number)
    except UnicodeDecodeError as error:
        raise NotJson(f"The body is not UTF-8: byte {error.start} cannot be read.") from None
    except json.JSONDecodeError as error:
        raise NotJson(f"The body is not JSON: {error.msg}, line {error.lineno}, column {error.colno}.") from None
    except NotJson:
        raise
    except RecursionError:
        raise NotJson("The body is nested too deeply.") from None
    except ValueError as error:  # a number of thousands of digits
        raise NotJson(f"The body holds a number that cannot be read: {str(error).split(';')[0]}.") from None


def _no_number(word: str) -> NoReturn:
    raise NotJson(f"The body is not JSON: {word} is no number there.")


def store(key: Held, body: bytes, *, now: datetime | None = None) -> int:
    """The body is stored for good, to be read by an engine; returns its number.

    Received `now`; None: at this instant by the database's clock, which is the only one. Durable when this returns,
    unless the caller is in a transaction of its own. Belongs to the door, which asks for nothing that a monitor in a
    storm would have to wait for: one plain statement, without the model around it. Raises Django's database errors.
    """
    connection.ensure_connection()
    row = [key.id, key.client_id, key.source, body, sha256(body).hexdigest(), NEW, "", "", *([now] if now else [])]
    statement = _insertion(connection.vendor, now is None)
    with connection.wrap_database_errors:
        if connection.vendor == "postgresql":
            with connection.connection.cursor() as cursor:
                cursor.execute(statement, row)
                return int(cursor.fetchone()[0])
        return int(connection.connection.execute(statement, [_plain(value) for value in row]).lastrowid)


@lru_cache
def _insertion(vendor: str, by_its_clock: bool) -> str:
    columns = ("key_id", "client_id", "source", "body", "digest", "state", "outcome", "error", "received_at")
    if vendor == "postgresql":
        mark, clock, returning = "%s", "clock_timestamp()", " RETURNING id"
    else:
        mark, clock, returning = "?", "strftime('%Y-%m-%d %H:%M:%f', 'now')", ""
    marks = [*[mark] * (len(columns) - 1), clock if by_its_clock else mark]
    return f"INSERT INTO {IntakeItem._meta.db_table} ({', '.join(columns)}) VALUES ({', '.join(marks)}){returning}"


def _plain(value: Any) -> Any:
    # SQLite keeps instants as naive UTC text, as Django's own adapter writes them.
    if type(value) is datetime and connection.vendor == "sqlite":
        return str(value.astimezone(UTC).replace(tzinfo=None))
    return value


def waiting_clients() -> list[int]:
    """The clients of whom something came in that nobody has looked at yet."""
    new = IntakeItem.objects.filter(state=NEW)
    return list(new.values_list("client_id", flat=True).distinct().order_by("client_id"))


def take(client_id: int, limit: int) -> list[IntakeItem]:
    """The client's oldest new items, which nobody else will take until the transaction ends; none if others do.

    One engine at a time reads a client's items, so that a problem is never read after its recovery. The client's row is
    the lock (on SQLite the transaction itself is).
    """
    client = Client.objects.filter(pk=client_id)
    if connection.features.has_select_for_update_skip_locked:
        client = client.select_for_update(skip_locked=True, no_key=True)
    if not client:
        return []
    new = IntakeItem.objects.filter(client_id=client_id, state=NEW).select_related("key__client", "key__service")
    return list(new.order_by("pk")[:limit])


def mark_begun(item: IntakeItem, alerts: int, outcome: str, error: str = "") -> None:
    """So many of the item's alerts have been read, and the others will be; this much it did so far."""
    item.alerts_read += alerts
    if len(item.outcome) < OUTCOME_LIMIT:
        item.outcome = ", ".join(filter(None, [item.outcome, outcome]))
    item.error = "\n".join(filter(None, [item.error, error]))[:ERROR_LIMIT]


def mark_read(item: IntakeItem, outcome: str, *, now: datetime) -> None:
    """The item was read, and did this."""
    item.state, item.outcome, item.error, item.read_at = READ, outcome, "", now


def mark_unreadable(item: IntakeItem, error: str, *, now: datetime, outcome: str = "") -> None:
    """The item stays, with what is wrong with it, until somebody tries it again."""
    item.state, item.outcome, item.read_at = UNREADABLE, outcome, now
    item.error = error.replace("\0", "\ufffd").strip()[:ERROR_LIMIT] or "no reason given"


def save(items: list[IntakeItem]) -> None:
    """What became of the items is stored."""
    columns = ("state", "alerts_read", "outcome", "error", "read_at")
    rows = [[*(_plain(getattr(item, name)) for name in columns), item.pk] for item in items]
    sets = ", ".join(f"{name} = %s" for name in columns)
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {IntakeItem._meta.db_table} SET {sets} WHERE id = %s", rows)


def retry(pk: int) -> IntakeItem:
    """An item that could not be read will be tried again. Raises Refusal."""
    changed = _again(IntakeItem.objects.filter(pk=pk))
    item = IntakeItem.objects.filter(pk=pk).first()
    if item is None:
        raise Refusal(f"There is no item {pk}: `tocsin intake` lists those that could not be read.")
    if not changed:
        raise Refusal(f"Item {pk} is {item.state}: only one that could not be read is tried again.")
    return item


def retry_all() -> int:
    """Every item that could not be read will be tried again; returns how many."""
    return _again(IntakeItem.objects.all())


def _again(items: QuerySet[IntakeItem]) -> int:
    return items.filter(state=UNREADABLE).update(state=NEW, alerts_read=0, outcome="", error="", read_at=None)


def refuse(key: Held | None, reason: str, count: int, *, first_at: datetime, last_at: datetime) -> bool:
    """So many refusals of one day (UTC) are counted; returns whether they were the first of their kind that day.

    Several web processes tell of a day, in any order: the row keeps the first instant and the last of them all. The
    first "too fast" of a key and day is an alarm: whoever runs the desk is told, for alerts may not get through.
    (semantics 10)
    """
    day = last_at.astimezone(UTC).date()
    told = IntakeRefusal.objects.filter(key=key.id if key else None, reason=reason, day=day)
    more = {
        "count": F("count") + count,
        "first_at": Least(F("first_at"), Value(first_at, DateTimeField())),
        "last_at": Greatest(F("last_at"), Value(last_at, DateTimeField())),
    }
    if told.update(**more):
        return False
    try:
        with transaction.atomic():
            refusal = IntakeRefusal.objects.create(
                key_id=key.id if key else None,
                client_id=key.client_id if key else None,
                reason=reason,
                day=day,
                count=count,
                first_at=first_at,
                last_at=last_at,
            )
            if key is not None and reason == TOO_FAST:
                _alarm(key, refusal)
    except IntegrityError:  # somebody else was the first, this very moment
        told.update(**more)
        return False
    return True


def _alarm(key: Held, refusal: IntakeRefusal) -> None:
    client, since = Client.objects.get(pk=key.client_id), refusal.first_at
    roster = Holders.of([client.pk], at=refusal.last_at)
    told = (roster.people(TOLD_OF_REFUSALS, client.pk) or roster.reachable)[:1]
    if not told:
        log.error("nobody can be told that alerts are turned away", client=client.name, key=key.id)
    queue(
        Letter(
            client_id=client.pk,
            ticket_id=None,
            key=f"intake-refused@{refusal.pk}/{who.actor}",
            person=who.actor,
            ways=who.how_to_reach(),
            subject=f"Alarm: alerts of {client} are being turned away",
            body=(
                f"Since {since:%Y-%m-%d %H:%M}Z the {key.source} of {client} sends faster than the {key.rate} POSTs a "
                f"second that its key {key.id} allows, and is answered 429. It should try again by itself; until then "
                "alerts arrive late, or not at all if it gives up.\n\n"
                "See what it sends; `tocsin intake` shows how often it was turned away."
            ),
            due_at=since,
        )
        for who in told
    )
