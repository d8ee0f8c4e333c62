"""What have the monitors sent, and which tickets does it concern?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import structlog
from django.db import InterfaceError, OperationalError, transaction

from tocsin.core.reading import AlertReading
from tocsin.desk import intake
from tocsin.desk.alerts import Desk
from tocsin.desk.intake_item import IntakeItem
from tocsin.sources import SOURCES
from tocsin.sources.base import Unreadable

BATCH = 500
AT_ONCE = 50  # bodies of one client in one transaction, so that nobody waits long for a ticket it holds

NOT_THE_ITEMS_FAULT = (OperationalError, InterfaceError)  # a deadlock, a lost connection: tried again as it is

log = structlog.get_logger(__name__)


class NoSuchSource(Exception):
    """The body came for a source this version does not have."""


def turn(now: datetime, *, batch: int = BATCH) -> int:
    """Up to about `batch` bodies have been read, the oldest of each client first; returns how many.

    Safe with any number of engines: a client's bodies are read by one at a time, in their order; other engines turn to
    other clients meanwhile. A body that cannot be read is marked and stays. (semantics 10, R11.4)
    """
    read = 0
    waiting = intake.waiting_clients()
    share = max(1, min(AT_ONCE, batch // len(waiting))) if waiting else 0  # a storm at one holds up no other
    while waiting and read < batch:
        served = [(client_id, _read_some(client_id, share, now)) for client_id in waiting]
        read += sum(count for _, count in served)
        waiting = [client_id for client_id, count in served if count == share]
    return read


def _read_some(client_id: int, limit: int, now: datetime) -> int:
    """Some of the client's bodies are read in one transaction; when anything is wrong with one, each in its own."""
    try:
        with transaction.atomic():
            items = intake.take(client_id, limit)
            if items:
                _all(items, now)
            return len(items)
    except NOT_THE_ITEMS_FAULT:
        raise
    except Exception as error:  # which of them it was shows when they are read one by one
        log.info("intake reads one by one", client=client_id, error=repr(error))
    count = 0
    while count < limit:
        with transaction.atomic():
            items = intake.take(client_id, 1)
            if not items:
                break
            _alone(items[0], now)
            count += 1
    return count


def _all(items: Sequence[IntakeItem], now: datetime) -> None:
    desk = Desk(items[0].key.client, now=now)
    readings = {item.pk: _readings(item, now) for item in items}
    for source in {item.source for item in items}:
        keys = [reading.dedup_key for item in items if item.source == source for reading in readings[item.pk]]
        desk.look_up(source, keys)
    for item in items:
        if readings[item.pk]:
            intake.mark_read(item, desk.take(item, readings[item.pk]), now=now)
    desk.save()
    intake.save(items)


def _alone(item: IntakeItem, now: datetime) -> None:
    """One body, each of its alerts by itself: those that raise are named, the others do what they do."""
    readings = _readings(item, now)
    outcomes, errors = [], []
    for number, reading in enumerate(readings, start=1):
        try:
            with transaction.atomic():
                desk = Desk(item.key.client, now=now)
                desk.look_up(item.source, [reading.dedup_key])
                outcomes.append(desk.take(item, [reading]))
                desk.save()
        except NOT_THE_ITEMS_FAULT:
            raise
        except Exception as error:  # kept with its reason, and tried again when somebody says so
            log.error("alert raised", item=item.pk, alert=number, exc_info=error)
            errors.append(f"Alert {number} of {len(readings)}: {type(error).__name__}: {error}")
    if errors:
        intake.mark_unreadable(item, "\n".join(errors), now=now, outcome=", ".join(outcomes))
    elif readings:
        intake.mark_read(item, ", ".join(outcomes), now=now)
    intake.save([item])


def _readings(item: IntakeItem, now: datetime) -> list[AlertReading]:
    """What the body says; one that says nothing its source understands is marked, and says nothing."""
    try:
        if item.source not in SOURCES:
            raise NoSuchSource(f"This version reads {', '.join(SOURCES)}, not {item.source}.")
        return SOURCES[item.source].read(intake.opened(bytes(item.body)))
    except (Unreadable, intake.NotJson, NoSuchSource) as error:
        intake.mark_unreadable(item, str(error), now=now)
    except Exception as error:  # a source that is wrong must not cost the body
        log.error("source raised", item=item.pk, source=item.source, exc_info=error)
        intake.mark_unreadable(item, f"{type(error).__name__}: {error}", now=now)
    return []
