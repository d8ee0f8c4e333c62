"""In whose hands is a letter?

Whoever sends claims letters for a short while, then holds one while it is handed over. A lease ends by itself; a token
that is no longer the row's makes its holder's word void, however late it comes. (semantics 10)
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q

from tocsin.log.rows import plain
from tocsin.outbox.delivery import Delivery

CLAIMED_FOR = timedelta(seconds=10)  # nobody has begun to send it: after a crash it need not wait for longer
HELD_FOR = timedelta(minutes=5)  # a slow mail server may take half a minute for each of its answers

ANY = Q()


def claim(now: datetime, limit: int, which: Q = ANY) -> list[Delivery]:
    """The letters to be tried now, the longest due first, each claimed by the caller; of all, or `which` of them.

    One that has `handed_at` was being handed over by somebody who did not come back: it may have arrived.
    """
    found = Delivery.objects.due(now).filter(which)
    if not found.exists():  # asked again and again, and SQLite shuts every writer out where a transaction begins
        return []
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            found = found.select_for_update(skip_locked=True)
        claimed = list(found[:limit])
        if claimed:
            until, state = now + CLAIMED_FOR, "sending"
            rows = Delivery.objects.filter(pk__in=[delivery.pk for delivery in claimed])
            rows.update(token=F("token") + 1, lease_until=until, state=state)
            for delivery in claimed:
                delivery.token, delivery.lease_until, delivery.state = delivery.token + 1, until, state
    return claimed


def hold(delivery: Delivery, now: datetime) -> bool:
    """It is on record that the letter may have left from now on; False where somebody else has claimed it since.

    To be committed before the handing over begins, for whoever finds the row after a crash goes by it.
    """
    return keep(delivery, handed_at=now, lease_until=now + HELD_FOR, duplicate_possible=delivery.duplicate_possible)


def put_back(delivery: Delivery, **columns: Any) -> bool:
    """The letter waits in the outbox again, with these columns; False where somebody else has claimed it since."""
    return keep(delivery, state="queued", lease_until=None, handed_at=None, **columns)


def keep(delivery: Delivery, **columns: Any) -> bool:
    """The columns are stored, if the caller's token still is the row's; whether it is."""
    for name, value in columns.items():
        setattr(delivery, name, value)
    values = [json.dumps(value) if type(value) is list else value for value in columns.values()]
    with connection.cursor() as cursor:
        cursor.execute(_update(tuple(columns)), plain([*values, delivery.pk, delivery.token]))
        return bool(cursor.rowcount)


@cache
def _update(names: tuple[str, ...]) -> str:
    # Spelled out, for Django takes ten times as long to write this statement as the database to follow it.
    sets = ", ".join(f"{name} = %s" for name in names)
    return f"UPDATE {Delivery._meta.db_table} SET {sets} WHERE id = %s AND token = %s AND state = 'sending'"
