"""What did people do to the desk's own tickets, on which a standard is tried?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import groupby

from tocsin.core.event import Event, Fired
from tocsin.desk import record
from tocsin.desk.ticket import Ticket
from tocsin.log.event import Event as Row
from tocsin.standard.terms import agreed_in, moves_of, terms_of
from tocsin.trials.past import Contract, Past, Worked

ENGINE = "engine"
BATCH = 500
COLUMNS = ("stream", "kind", "effective_at", "recorded_at", "seq", "key", "body", "actor")


def of_desk(tickets: Iterable[Ticket]) -> Iterator[Past]:
    """Each ticket's past, from its log, in the order of the tickets."""
    for some in _in_batches(tickets):
        stories = _stories([ticket.stream_name for ticket in some])
        for ticket in some:
            first, *moved = _worked(ticket)
            yield Past(
                ticket.number,
                ticket.title,
                tuple(stories[ticket.stream_name]),
                first.contract,
                ticket.client_id,
                first.version,
                first.ranks,
                first.levels,
                tuple(moved),
            )


def _worked(ticket: Ticket) -> Iterator[Worked]:
    """By what it was worked in turn: when it was opened, and from each move on."""
    terms, moves = terms_of(ticket), moves_of(ticket.moves)
    versions = [*(move.was for move in moves[:1]), *(move.to for move in moves)] or [ticket.policy_version_id]
    since = [ticket.opened_at, *(move.at for move in moves)]
    for version, at, each in zip(versions, since, (*terms.earlier, terms), strict=True):
        contract = Contract(*agreed_in(ticket, at))
        yield Worked(version, contract, each.priorities, tuple(each.practice.levels))


def _in_batches(tickets: Iterable[Ticket]) -> Iterator[list[Ticket]]:
    batch: list[Ticket] = []
    for ticket in tickets:
        batch.append(ticket)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _stories(streams: list[str]) -> dict[str, list[Event]]:
    rows = Row.objects.filter(stream__in=streams).order_by("stream", "seq").values_list(*COLUMNS)
    stories: dict[str, list[Event]] = {stream: [] for stream in streams}
    for stream, lines in groupby(rows.iterator(chunk_size=5000), key=lambda row: row[0]):
        stories[stream] = [event for row in lines if (event := _told(*row[1:])) is not None]
    return stories


def _told(
    kind: str, at: datetime, recorded_at: datetime, seq: int, key: str | None, body: str, actor: str
) -> Event | None:
    """The event on record; what moves nothing keeps its place, what an engine said beside its keys leaves none."""
    event = record.read(kind, at, recorded_at, seq, key, body)
    if actor == ENGINE:
        return event if key is not None else None
    if event is None:
        return Fired(at, recorded_at=recorded_at, seq=seq)
    return replace(event, key=None) if key is not None else event  # a rule of the desk's, asked by what somebody said
