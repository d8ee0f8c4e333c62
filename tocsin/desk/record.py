"""How is a core event written to the log, and read back?

One line a kind. What the rules do not know (a note's author, an alert's key) is on record beside it and never read
here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from tocsin.core import event as told
from tocsin.core.event import Event
from tocsin.core.hours import Calendar
from tocsin.core.promise import Promise
from tocsin.log.chain import Draft, open_body

Fields = dict[str, Any]

KIND_OF: dict[type[Event], str] = {
    told.Opened: "opened",
    told.Responded: "responded",
    told.Updated: "updated",
    told.Paused: "paused",
    told.Resumed: "resumed",
    told.PriorityChanged: "priority_changed",
    told.Escalated: "escalated",
    told.Accepted: "accepted",
    told.SentBack: "sent_back",
    told.Solved: "solved",
    told.Reopened: "reopened",
    told.Closed: "closed",
    told.Cancelled: "cancelled",
    told.Merged: "merged",
    told.Noted: "noted",
    told.Acknowledged: "acknowledged",
    told.Done: "done",
    told.LineStopped: "line_stopped",
    told.StageEntered: "stage_entered",
    told.Corrected: "correction_approved",
    told.Moved: "moved",
}

BARE: dict[str, type[Event]] = {
    "responded": told.Responded,
    "accepted": told.Accepted,
    "sent_back": told.SentBack,
    "reopened": told.Reopened,
    "closed": told.Closed,
    "cancelled": told.Cancelled,
    "noted": told.Noted,
    "assigned": told.Noted,
    "next_step": told.Noted,
    "facts_answered": told.Noted,
    "line_stopped": told.LineStopped,
    "line_stood_down": told.Noted,
    "leads_named": told.Noted,
    "bridge_joined": told.Noted,
    "bridge_closed": told.Noted,
    "fact_stated": told.Noted,
    "artifact_left": told.Noted,
    "approval_asked": told.Noted,
    "approval_given": told.Noted,
    "approval_refused": told.Noted,
    "approval_withdrawn": told.Noted,
    "approval_acted_first": told.Noted,
}

# What a monitor, a message or the engine puts on record without its being a person's act.
SILENT = frozenset(
    {"alert_fired", "alert_resolved", "alert_acknowledged", "client_wrote", "told", "engine_error", "empty"}
    | {"bridge_opened"}
)


def draft(event: Event, *, actor: str, kind: str | None = None, **data: Any) -> Draft:
    """The event as it goes on record; `data` is what else is to be remembered of it."""
    return Draft(kind or KIND_OF[type(event)], event.at, actor, {**_fields(event), **data}, event.key)


def _fields(event: Event) -> Fields:
    if isinstance(event, told.Opened):
        return {"priority": event.priority, "level": event.level}
    if isinstance(event, told.Updated):
        return {"promised": event.promised}
    if isinstance(event, told.Paused):
        return {"on": event.on, "until": event.until}
    if isinstance(event, told.Resumed):
        return {"by_reply": True} if event.by_reply else {}
    if isinstance(event, told.PriorityChanged | told.Escalated):
        return {"to": event.to}
    if isinstance(event, told.Solved):
        return {"answers": event.answers}
    if isinstance(event, told.Merged):
        return {"into": event.into, "promises": [_promise_said(promise) for promise in event.promises]}
    if isinstance(event, told.Acknowledged | told.Done):
        return {"of": event.of}
    if isinstance(event, told.StageEntered):
        return {"to": event.to, "bypassed": list(event.bypassed), "reason": event.reason}
    if isinstance(event, told.Moved):
        names = {"priorities": dict(event.priorities), "levels": dict(event.levels)}
        return {"version": event.version, "was": event.was, **names}
    if isinstance(event, told.Corrected):
        return {"laps": [{"clock": clock, "lap": anchor, "index": index} for clock, anchor, index in event.laps]}
    return {}


def read(
    kind: str,
    at: datetime,
    recorded_at: datetime,
    seq: int,
    key: str | None,
    body: str | None,
    fields: Fields | None = None,
) -> Event | None:
    """The core event on record, or None for what the rules take no notice of."""
    bare = BARE.get(kind)
    if bare is not None:
        return bare(at, recorded_at=recorded_at, seq=seq, key=key)
    reader = READERS.get(kind)
    if reader is not None:
        data = fields if fields is not None else open_body(body or "{}")["data"]
        return reader(data, at=at, recorded_at=recorded_at, seq=seq, key=key)
    if key is not None:
        return told.Fired(at, recorded_at=recorded_at, seq=seq, key=key)
    return None


def _instant(said: Any) -> datetime | None:
    if said is None or isinstance(said, datetime):
        return said
    return datetime.fromisoformat(said)


def _merged(data: Fields, **common: Any) -> Event:
    return told.Merged(into=data["into"], promises=tuple(_promise_read(p) for p in data["promises"]), **common)


READERS: dict[str, Callable[..., Event]] = {
    "opened": lambda data, **common: told.Opened(priority=data["priority"], level=data["level"], **common),
    "updated": lambda data, **common: told.Updated(promised=_instant(data["promised"]), **common),
    "paused": lambda data, **common: told.Paused(on=data["on"], until=_instant(data["until"]), **common),
    "resumed": lambda data, **common: told.Resumed(by_reply=data.get("by_reply", False), **common),
    "priority_changed": lambda data, **common: told.PriorityChanged(to=data["to"], **common),
    "escalated": lambda data, **common: told.Escalated(to=data["to"], **common),
    "solved": lambda data, **common: told.Solved(answers=data["answers"], **common),
    "merged": _merged,
    "moved": lambda data, **common: told.Moved(
        version=data["version"],
        was=data["was"],
        priorities=tuple(sorted(data["priorities"].items())),
        levels=tuple(sorted(data["levels"].items())),
        **common,
    ),
    "acknowledged": lambda data, **common: told.Acknowledged(of=data["of"], **common),
    "done": lambda data, **common: told.Done(of=data["of"], **common),
    "stage_entered": lambda data, **common: told.StageEntered(
        to=data["to"], bypassed=tuple(data["bypassed"]), reason=data["reason"], **common
    ),
    "correction_approved": lambda data, **common: told.Corrected(
        laps=tuple((lap["clock"], lap["lap"], lap["index"]) for lap in data["laps"]), **common
    ),
}


def _promise_said(promise: Promise) -> Fields:
    return {
        "clock": promise.clock,
        "priority": promise.priority,
        "budget_us": promise.budget // timedelta(microseconds=1),
        "consumed_us": promise.consumed // timedelta(microseconds=1),
        "since": promise.since,
        "origin": promise.origin,
        "calendar": json.dumps(promise.calendar.spec(), sort_keys=True),
    }


def _promise_read(said: Fields) -> Promise:
    return Promise(
        said["clock"],
        said["priority"],
        timedelta(microseconds=said["budget_us"]),
        _calendar(said["calendar"]),
        _instant(said["since"]),  # type: ignore[arg-type]  # always on record
        timedelta(microseconds=said["consumed_us"]),
        said["origin"],
    )


@lru_cache(maxsize=256)
def _calendar(spec: str) -> Calendar:
    return Calendar.from_spec(json.loads(spec))


def tell(rows: Iterable[tuple[str, datetime, datetime, int, str | None, str]]) -> list[Event]:
    """The story in rows of (kind, effective_at, recorded_at, seq, key, body), in the order of the log."""
    return [event for row in rows if (event := read(*row)) is not None]
