"""What happened to each incident of the UCI 498 event log?

"Incident management process enriched event log" (UCI Machine Learning Repository 498): one row per state an incident of
a ServiceNow desk was saved in, d/m/Y H:M stamps, `?` for what is missing. The log names no time zone: it is taken as
UTC. No row says when the client was first answered, so no response is ever made of one. (docs/decisions/0004)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from tocsin.imports.act import Act, Happening, Value
from tocsin.imports.sheet import Fault, Line, Progress, lines

ORIGIN = "uci498"
PRACTICE = "Imported practice (UCI 498)"
SAYS = "The log names no time zone: its stamps are taken as UTC. It has no first response: that is not recorded."
NOISE = "-100"
RESOLVED, CLOSED = "Resolved", "Closed"
WAITS = {
    "Awaiting User Info": "client",
    "Awaiting Vendor": "vendor",
    "Awaiting Problem": "problem",
    "Awaiting Evidence": "evidence",
}
STATES = ("New", "Active", *WAITS, RESOLVED, CLOSED, NOISE)

# What a row says beside state, priority and assignment: kept with the event of the row that changed it.
FACTS = (
    "caller_id", "location", "contact_type", "category", "subcategory", "u_symptom", "cmdb_ci", "impact", "urgency",
    "knowledge", "u_priority_confirmation", "notify", "problem_id", "rfc", "vendor", "caused_by", "made_sla",
)  # fmt: skip
# What the origin wrote on every row of an incident, even on those from before it was so: known at the closing.
AFTERWARDS = ("resolved_at", "resolved_by", "closed_at", "closed_code")
_READ = (
    "number", "incident_state", "priority", "opened_at", "sys_updated_at", "opened_by", "sys_updated_by",
    "assignment_group", "assigned_to", "sys_created_at",
)  # fmt: skip
COLUMNS = (*_READ, *FACTS, *AFTERWARDS)

# A stamp outside these years is a slip of somebody's hand, and no calendar reaches everywhere.
YEARS = range(1970, 2101)

_STAMP = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}) (\d{1,2}):(\d{2})")
_PRIORITY = re.compile(r"[1-4]( - \w+)?")
_LABELLED = re.compile(r"[A-Za-z][A-Za-z ]*? +(\d+)")

Kind = tuple[str, dict[str, Value]]


class Row(NamedTuple):
    """A row that can be used; what the file leaves open (`?`) is None."""

    line: int
    number: str
    state: str
    priority: str
    opened_at: datetime
    updated_at: datetime
    opened_by: str | None
    updated_by: str | None
    group: str | None
    person: str | None
    created_at: datetime | None
    facts: tuple[str | None, ...]
    afterwards: tuple[str | None, ...]


def read(path: Path, *, progress: Progress | None = None) -> Iterator[Row | Fault]:
    """Each row of the file in its order, or the fault that keeps it out; Unreadable for a file that is not this log."""
    for line in lines(path, COLUMNS, progress=progress):
        yield line if isinstance(line, Fault) else row(line)


def row(line: Line) -> Row | Fault:
    """The row on a line, or what is wrong with it."""
    number, state, priority, opened, updated, opened_by, updated_by, group, person, created = line.cells[: len(_READ)]
    if not number or number == "?":
        return Fault(line.number, "has no incident number")
    if state not in STATES:
        return Fault(line.number, f"incident_state is {state!r}: it is one of {', '.join(STATES)}")
    if not _PRIORITY.fullmatch(priority):
        return Fault(line.number, f"priority is {priority!r}: it is 1, 2, 3 or 4")
    opened_at, updated_at = instant(opened), instant(updated)
    for column, text, at in (("opened_at", opened, opened_at), ("sys_updated_at", updated, updated_at)):
        if at is None:
            return Fault(line.number, f"{column} is {text!r}: it is a stamp such as 29/2/2016 01:16")
        if at.year not in YEARS:
            return Fault(line.number, f"{column} is {text!r}: its year is one from {YEARS[0]} to {YEARS[-1]}")
    assert opened_at is not None and updated_at is not None
    rest = tuple(_bare(cell) for cell in line.cells[len(_READ) :])
    return Row(
        line.number, number, state, f"P{priority[0]}", opened_at, updated_at, _bare(opened_by), _bare(updated_by),
        _bare(group), _bare(person), instant(created), rest[: len(FACTS)], rest[len(FACTS) :],
    )  # fmt: skip


def incidents(found: Iterable[Row | Fault]) -> tuple[dict[str, list[Row]], list[Fault]]:
    """The rows of each incident in the file's order, wherever in the file they stand, and the faults met."""
    rows: dict[str, list[Row]] = {}
    faults: list[Fault] = []
    for item in found:
        if isinstance(item, Fault):
            faults.append(item)
        else:
            rows.setdefault(item.number, []).append(item)
    return rows, faults


def history(rows: Sequence[Row]) -> list[Act]:
    """What happened to one incident: an act per recorded minute, every row at least one happening.

    In the order of sys_updated_at, within a minute in the file's. Effective when recorded, but for the opening, which
    counts from opened_at; a row stamped before it counts at it. Resolved is solved when the state became so; closed
    while live is solved by its closing; a closing the log itself takes back is a note. Told of more rows at the end, it
    says the same (but for such a closing) and then more. (semantics 2)
    """
    ordered = sorted(rows, key=lambda row: row.updated_at)
    at_rest = next((place for place, row in _from_the_end(ordered) if row.state not in (CLOSED, NOISE)), -1) + 1
    told: list[tuple[datetime, Happening]] = []
    last: Row | None = None
    for place, row in enumerate(ordered):
        at = max(row.updated_at, row.opened_at if last is None else told[-1][0])
        for happening in _opening(row, at) if last is None else _change(last, row, at):
            if happening.kind == "closed" and place < at_rest:
                happening = replace(happening, kind="noted", data={**happening.data, "state": CLOSED})
            told.append((at, happening))
        # A row that hides its state (-100) leaves the one before in force.
        last = row._replace(state=last.state if last else "New") if row.state == NOISE else row
    return [
        Act(at, tuple(happening for _, happening in group)) for at, group in groupby(told, key=lambda pair: pair[0])
    ]


def title(rows: Sequence[Row]) -> str:
    """What the ticket is called: the log has no text, so its number and what it was filed under."""
    filed = dict(zip(FACTS, rows[0].facts, strict=True))
    under = ", ".join(
        f"{word} {filed[name]}"
        for name, word in (("category", "category"), ("subcategory", "subcategory"), ("u_symptom", "symptom"))
        if filed[name] is not None
    )
    return f"{rows[0].number}: {under or 'not categorised'}"


def _from_the_end(rows: Sequence[Row]) -> Iterator[tuple[int, Row]]:
    return zip(range(len(rows) - 1, -1, -1), reversed(rows), strict=True)


def _opening(row: Row, at: datetime) -> Iterator[Happening]:
    said = {name: value for name, value in zip(FACTS, row.facts, strict=True) if value is not None}
    data: dict[str, Value | Mapping[str, Value]] = {
        "priority": row.priority,
        "reported_at": row.opened_at,
        "created_at": row.created_at,
        "group": row.group,
        "person": row.person,
        "state": row.state,
        "line": row.line,
        "facts": said,
    }
    yield Happening("opened", row.opened_at, _actor(row.opened_by), data)
    for kind, extra in _moves("New", row.state, row):
        if kind != "noted":
            yield Happening(kind, at, _actor(row.updated_by), {**extra, "line": row.line})


def _change(last: Row, row: Row, at: datetime) -> Iterator[Happening]:
    kinds = [*_priority(last, row), *_assignment(last, row), *_moves(last.state, row.state, row)] or [("noted", {})]
    facts = {name: now for name, was, now in zip(FACTS, last.facts, row.facts, strict=True) if was != now}
    for place, (kind, extra) in enumerate(kinds):
        data: dict[str, Value | Mapping[str, Value]] = {**extra, "line": row.line}
        if facts and place == 0:
            data["facts"] = facts
        yield Happening(kind, at, _actor(row.updated_by), data)


def _priority(last: Row, row: Row) -> Iterator[Kind]:
    if row.priority != last.priority:
        yield "priority_changed", {"to": row.priority}


def _assignment(last: Row, row: Row) -> Iterator[Kind]:
    if (row.group, row.person) != (last.group, last.person):
        yield "assigned", {"group": row.group, "person": row.person}


def _moves(was: str, now: str, row: Row) -> Iterator[Kind]:
    """What a change of state comes to: start, then pause, then stop. (semantics 2)"""
    if now == NOISE:
        yield "noted", {"state": NOISE}
    elif now == was:
        return
    elif now == CLOSED:
        if was != RESOLVED:
            yield "solved", {"by_closing": True}
        yield "closed", dict(zip(AFTERWARDS, row.afterwards, strict=True))
    elif now == RESOLVED:
        if was == CLOSED:
            yield "reopened", {}
        yield "solved", {}
    else:
        yield from _live(was, now)


def _live(was: str, now: str) -> Iterator[Kind]:
    if was in (RESOLVED, CLOSED):
        yield "reopened", {"state": now}
    elif was in WAITS:
        yield "resumed", {"state": now}
    elif now not in WAITS:
        yield "noted", {"state": now}
    if now in WAITS:
        yield "paused", {"on": WAITS[now]}


def _actor(person: str | None) -> str:
    return f"user {person}" if person else "unknown"


@lru_cache(maxsize=1 << 16)
def instant(text: str) -> datetime | None:
    """The instant a stamp of the log names; None for what is no stamp."""
    stamp = _STAMP.fullmatch(text)
    if not stamp:
        return None
    day, month, year, hour, minute = map(int, stamp.groups())
    try:
        return datetime(year, month, day, hour, minute, tzinfo=UTC)
    except ValueError:
        return None


@lru_cache(maxsize=1 << 14)
def _bare(text: str) -> str | None:
    """The cell without the label some copies of the log carry: "Caller 2403" is 2403."""
    labelled = _LABELLED.fullmatch(text)
    return None if text in ("?", "") else labelled[1] if labelled else text
