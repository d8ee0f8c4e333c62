"""What have the monitors sent, and which tickets does it concern?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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
ALERTS_AT_ONCE = (
    200  # and as many alerts: a body may hold tens of thousands, and SQLite lets nobody else write meanwhile
)
ALERTS_A_TURN = 500  # then the clocks have their turn
PASSING = 20  # bodies that may pass one which is read in pieces, each time a piece of it is
PASSING_BYTES = 20_000  # and how long they may be: a longer one is not even looked into
KEPT_OPEN = 8  # bodies in the middle of which readings are kept, so as not to be made anew for every piece

NOT_THE_ITEMS_FAULT = (OperationalError, InterfaceError)  # a deadlock, a lost connection: tried again as it is

log = structlog.get_logger(__name__)
_begun: dict[tuple[int, str], list[AlertReading]] = {}


class NoSuchSource(Exception):
    """The body came for a source this version does not have."""


@dataclass(frozen=True, slots=True)
class Piece:
    """As many alerts of one body as are read in one transaction, and those that come after them."""

    item: IntakeItem
    readings: Sequence[AlertReading]
    left: Sequence[AlertReading] = ()


@dataclass(slots=True)
class Done:
    """What was read of one client's: bodies or pieces of them, alerts, and whether there may be more."""

    bodies: int = 0
    alerts: int = 0
    more: bool = False

    def add(self, pieces: Sequence[Piece]) -> None:
        self.bodies += len(pieces)
        self.alerts += sum(len(piece.readings) for piece in pieces)


def turn(now: datetime, *, batch: int = BATCH) -> int:
    """Up to about `batch` bodies have been read, the oldest of each client first; returns how many.

    A short body about other alerts passes one that is read in pieces.

    Safe with any number of engines: a client's bodies are read by one at a time, in their order; other engines turn to
    other clients meanwhile. A body that cannot be read is marked and stays. One of very many alerts counts each time a
    piece of it is read. (semantics 10, R11.4)
    """
    bodies = alerts = 0
    waiting = intake.waiting_clients()
    share = max(1, min(AT_ONCE, batch // len(waiting))) if waiting else 0  # a storm at one holds up no other
    room = max(share, ALERTS_AT_ONCE // len(waiting)) if waiting else 0
    while waiting and bodies < batch and alerts < ALERTS_A_TURN:
        served = [(client_id, _read_some(client_id, share, room, now)) for client_id in waiting]
        bodies += sum(done.bodies for _, done in served)
        alerts += sum(done.alerts for _, done in served)
        waiting = [client_id for client_id, done in served if done.more]
    return bodies


def _read_some(client_id: int, limit: int, room: int, now: datetime) -> Done:
    """Some of the client's bodies are read in one transaction; when anything is wrong with one, each in its own."""
    done = Done()
    try:
        with transaction.atomic():
            items = intake.take(client_id, limit)
            pieces = _pieces(items, room, now)
            if pieces and pieces[-1].left:
                taken = items if limit > len(pieces) else intake.take(client_id, limit + PASSING)
                pieces += _passing(pieces[-1], taken[len(pieces) :][:PASSING], room, now)
            if pieces:
                _all(pieces, now)
            done.add(pieces)
            done.more = len(items) == limit or len(pieces) < len(items) or any(piece.left for piece in pieces)
            return done
    except NOT_THE_ITEMS_FAULT:
        raise
    except Exception as error:  # which of them it was shows when they are read one by one
        log.info("intake reads one by one", client=client_id, error=repr(error))
    done = Done(more=True)
    while done.bodies < limit and done.alerts < room:
        with transaction.atomic():
            pieces = _pieces(intake.take(client_id, 1), room - done.alerts, now)
            if not pieces:
                done.more = False
                break
            _alone(pieces[0], now)
            done.add(pieces)
    return done


def _pieces(items: Sequence[IntakeItem], room: int, now: datetime) -> list[Piece]:
    """The bodies, the last of them as far as there is room for its alerts."""
    pieces = []
    for item in items:
        if room <= 0:
            break
        readings = _readings(item, now)[item.alerts_read :]
        pieces.append(Piece(item, readings[:room], readings[room:]))
        room -= max(1, len(readings))
    return pieces


def _passing(long: Piece, behind: Sequence[IntakeItem], room: int, now: datetime) -> list[Piece]:
    """The short bodies that need not wait for the end of the long one before them, for they are about other alerts.

    Alerts of one source and key are read in the order in which they came: a body with any key that is still to be read
    in one before it waits, and so does what came after it about its keys.
    """
    unread = _keys(long.item, long.left)
    pieces = []
    for item in behind:
        if len(item.body) > PASSING_BYTES:
            break
        readings = _readings(item, now)[item.alerts_read :]
        keys = _keys(item, readings)
        if unread.isdisjoint(keys) and len(readings) <= room:
            pieces.append(Piece(item, readings))
            room -= len(readings)
        else:
            unread |= keys
    return pieces


def _keys(item: IntakeItem, readings: Iterable[AlertReading]) -> set[tuple[str, str]]:
    return {(item.source, reading.dedup_key) for reading in readings}


def _all(pieces: Sequence[Piece], now: datetime) -> None:
    desk = Desk(pieces[0].item.key.client, now=now)
    for source in {piece.item.source for piece in pieces}:
        readings = [reading for piece in pieces if piece.item.source == source for reading in piece.readings]
        desk.look_up(source, [reading.dedup_key for reading in readings])
    for piece in pieces:
        if piece.readings:
            _mark(piece, desk.take(piece.item, piece.readings), now)
    desk.save()
    intake.save([piece.item for piece in pieces])


def _alone(piece: Piece, now: datetime) -> None:
    """One body, each of its alerts by itself: those that raise are named, the others do what they do."""
    item, outcomes, errors = piece.item, [], []
    whole = item.alerts_read + len(piece.readings) + len(piece.left)
    for number, reading in enumerate(piece.readings, start=item.alerts_read + 1):
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
            errors.append(f"Alert {number} of {whole}: {type(error).__name__}: {error}")
    if piece.readings:
        _mark(piece, ", ".join(outcomes), now, error="\n".join(errors))
    intake.save([item])


def _mark(piece: Piece, outcome: str, now: datetime, *, error: str = "") -> None:
    """What this piece did is added to what those before it did; after the last, the body is read, or was unreadable."""
    item = piece.item
    intake.mark_begun(item, len(piece.readings), outcome, error)
    if piece.left:
        return
    if item.error:
        intake.mark_unreadable(item, item.error, now=now, outcome=item.outcome)
    else:
        intake.mark_read(item, item.outcome, now=now)


def _readings(item: IntakeItem, now: datetime) -> list[AlertReading]:
    """What the body says; of one that is begun, as it was understood when it was."""
    place = (item.pk, item.digest)
    if item.alerts_read and place in _begun:
        return _begun[place]
    readings = _understood(item, now)
    if len(readings) > ALERTS_AT_ONCE:
        _begun[place] = readings
        for oldest in list(_begun)[:-KEPT_OPEN]:
            del _begun[oldest]
    return readings


def _understood(item: IntakeItem, now: datetime) -> list[AlertReading]:
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
