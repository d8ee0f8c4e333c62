"""What came in, and what became of it, in words?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime

from django.db.models import Count, Max

from tocsin.desk.intake_item import NEW, UNREADABLE, IntakeItem
from tocsin.desk.intake_key import IntakeKey
from tocsin.desk.intake_refusal import IntakeRefusal
from tocsin.desk.refusal import Refusal
from tocsin.directory.client import Client

LISTED = 20
WIDTH = 100


def overview() -> str:
    """Per client and source what came, what was turned away, and the bodies that could not be read, newest first."""
    names = dict(Client.objects.values_list("pk", "name"))
    parts = [_counts(names), _refused(names), _unreadable(names)]
    return "\n\n".join(part for part in parts if part)


def shown(pk: int) -> str:
    """One body as it came, and what became of it. Raises Refusal."""
    item = IntakeItem.objects.select_related("key__client").filter(pk=pk).first()
    if item is None:
        raise Refusal(f"There is no item {pk}: `tocsin intake` lists those that could not be read.")
    lines = [
        f"item      {item.pk}, from {item.source} of {item.key.client}, with key {item.key_id}",
        f"received  {_instant(item.received_at)}",
        f"state     {item.state}{f', {_instant(item.read_at)}' if item.read_at else ''}",
        f"sha256    {item.digest}",
    ]
    lines += [f"did       {_safe(item.outcome)}"] if item.outcome else []
    lines += [f"error     {_safe(line)}" for line in item.error.splitlines()]
    return "\n".join([*lines, "", _printable(bytes(item.body))])


def keys(found: Iterable[IntakeKey]) -> str:
    """The keys, without what nobody can read again: their text."""
    rows = [
        (
            str(key.pk),
            str(key.client),
            key.source,
            key.service.name if key.service else "",
            key.name,
            f"{key.rate}/s",
            _instant(key.created_at),
            _instant(key.last_used_at) if key.last_used_at else "never",
            f"revoked {_instant(key.revoked_at)}" if key.revoked_at else "valid",
        )
        for key in found
    ]
    if not rows:
        return "There is no key yet: tocsin intake key add --client SLUG --source SOURCE"
    return table(("key", "client", "source", "service", "name", "rate", "made", "last used", ""), rows)


def _counts(names: dict[int, str]) -> str:
    counted: dict[tuple[int, str], dict[str, int]] = {}
    newest: dict[tuple[int, str], datetime] = {}
    groups = IntakeItem.objects.values_list("client_id", "source", "state")
    for client_id, source, state, count, last in groups.annotate(Count("pk"), Max("received_at")).order_by():
        place = client_id, source
        counted.setdefault(place, {})[state] = count
        newest[place] = max(last, newest.get(place, last))
    if not counted:
        return "Nothing has come in yet. `tocsin intake --help` says how to let a monitor in."
    rows = [
        (
            names.get(place[0], "?"),
            place[1],
            f"{sum(states.values()):,}",
            f"{states.get(NEW, 0):,}",
            f"{states.get(UNREADABLE, 0):,}",
            _instant(newest[place]),
        )
        for place, states in sorted(counted.items(), key=lambda found: (names.get(found[0][0], "?"), found[0][1]))
    ]
    return table(("client", "source", "came", "wait", "unreadable", "newest"), rows)


def _refused(names: dict[int, str]) -> str:
    rows = [
        (
            str(refusal.day),
            names.get(refusal.client_id or 0, "(nobody we know)"),
            f"key {refusal.key_id}, {refusal.key.source}" if refusal.key else "",
            refusal.reason,
            f"{refusal.count:,}",
            _instant(refusal.last_at),
        )
        for refusal in IntakeRefusal.objects.select_related("key")[:LISTED]
    ]
    return "Turned away:\n" + table(("day", "client", "key", "why", "times", "last"), rows) if rows else ""


def _unreadable(names: dict[int, str]) -> str:
    stuck = IntakeItem.objects.filter(state=UNREADABLE).defer("body").order_by("-pk")
    count = stuck.count()
    if not count:
        return ""
    rows = [
        (str(item.pk), _instant(item.received_at), names.get(item.client_id, "?"), item.source, _short(item.error))
        for item in stuck[:LISTED]
    ]
    more = f"\nand {count - LISTED:,} more" if count > LISTED else ""
    return (
        "Could not be read; kept until somebody says `tocsin intake retry ID`:\n"
        f"{table(('item', 'received', 'client', 'source', 'why'), rows)}{more}"
    )


def table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as what stands in them."""
    widths = [max(len(row[column]) for row in (heading, *rows)) for column in range(len(heading))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in (heading, *rows))
    return "\n".join(line.rstrip() for line in lines)


def _instant(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}Z"


def _short(text: str) -> str:
    line = _safe(" ".join(text.split()))
    return line if len(line) <= WIDTH else line[: WIDTH - 1] + "…"


def _printable(body: bytes) -> str:
    """The body, JSON laid out; nothing in it can move the cursor of whoever looks at it."""
    text = body.decode("utf-8", "replace")
    with suppress(ValueError, RecursionError):
        text = _laid_out(text)
    return _safe(text)


def _laid_out(text: str) -> str:
    """JSON with a line for each value; as it came where that would be mostly space, for it is nested too deeply."""
    lines: list[str] = []
    room = 10 * len(text) + 1000
    for part in json.JSONEncoder(ensure_ascii=False, indent=2).iterencode(json.loads(text)):
        lines.append(part)
        room -= len(part)
        if room < 0:
            return text
    return "".join(lines)


def _safe(text: str) -> str:
    return "".join(char if char.isprintable() or char in "\n\t" else "\ufffd" for char in text)
