"""Are the texts beside the log those that it has the fingerprints of?

A message and the body of what a monitor sent stand in rows of their own; the event that speaks of one holds its number
and SHA-256. (R11.4, R17.2)
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from django.db import models

from tocsin.desk.intake_item import IntakeItem
from tocsin.desk.message import Message
from tocsin.log.said import of_kinds, with_fingerprint
from tocsin.log.snapshot import rows
from tocsin.log.verify import Fault

BATCH = 100  # a body may be a megabyte long
BLACKED_OUT = "message_blacked_out"

OTHER = "has another text than the one recorded"

Place = tuple[str, int]
Places = dict[int, dict[str, Place]]  # of a row's number: each fingerprint on record, and where it is first


def compare() -> Iterator[Fault]:
    """Every message and every body that is not the one an event speaks of, or that is gone."""
    messages: Places = {}
    items: Places = {}
    for said in with_fingerprint():
        for places, field in ((messages, "message"), (items, "item")):
            if field in said.data:
                found = places.setdefault(said.number(field), {})
                found.setdefault(str(said.data.get("sha256")), (said.stream, said.seq))
    on_record = {(said.stream, said.number("message")) for said in of_kinds(BLACKED_OUT)}
    columns = ("ticket", "body", "blacked_out_at")
    for number, (ticket, body, blacked_out_at), fingerprint, (stream, seq) in _found(Message, columns, messages):
        what = f"message {number}, which it speaks of,"
        if stream != f"ticket/{ticket}":
            yield Fault(stream, seq, f"{what} stands on ticket/{ticket}")
        elif blacked_out_at is not None and (stream, number) not in on_record:
            yield Fault(stream, seq, f"{what} is blacked out, and no record says by whom")
        elif blacked_out_at is None and _sha256(body) != fingerprint:
            yield Fault(stream, seq, f"{what} {OTHER}")
    for number, (body,), fingerprint, (stream, seq) in _found(IntakeItem, ("body",), items):
        if _sha256(body) != fingerprint:
            yield Fault(stream, seq, f"item {number}, which it speaks of, {OTHER}")
    for word, places in (("message", messages), ("item", items)):
        for number, known in places.items():
            for stream, seq in known.values():
                yield Fault(stream, seq, f"{word} {number}, which it speaks of, is gone")


def _found(
    model: type[models.Model], fields: tuple[str, ...], places: Places
) -> Iterator[tuple[int, list[Any], str, Place]]:
    """The rows spoken of, once for each fingerprint on record; takes them out of `places`."""
    numbers = sorted(places)
    for start in range(0, len(numbers), BATCH):
        wanted = numbers[start : start + BATCH]
        where = f"id IN ({', '.join(['%s'] * len(wanted))})"
        for number, *columns in list(rows(model, ("pk", *fields), where=where, values=wanted)):
            for fingerprint, place in places.pop(number).items():
                yield number, columns, fingerprint, place


def _sha256(body: Any) -> str:
    raw = bytes(body) if isinstance(body, bytes | memoryview) else str(body).encode(errors="surrogateescape")
    return sha256(raw).hexdigest()
