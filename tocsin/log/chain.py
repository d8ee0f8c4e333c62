"""Which text goes on record for what happened, and how does it hold on to what was recorded before?

An event's *body* is the exact text that is hashed: JSON with sorted keys and no spaces, instants in UTC to the
microsecond, no floats. Its *hash* is SHA-256 over the hash before it, a line feed and the body, so that no byte, row or
order can change without the chain showing it. Nothing here knows a database. (architecture, Reliability; R17.2)
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, NamedTuple

VERSION = 1

_PLAIN = frozenset({str, int, bool, type(None), datetime, date})


class Unrecordable(TypeError):
    """What cannot go on record as it is; the text says which value and why."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to go on record: the kind, when it was so (aware), who did it, and the fields of that kind.

    `data` holds text, whole numbers, booleans, None, instants, dates, and lists and dicts of those. A message's or a
    file's content never goes in, only its SHA-256. A `key` can be on record once in a stream.
    """

    kind: str
    effective_at: datetime
    actor: str
    data: dict[str, Any] = field(default_factory=dict)
    key: str | None = None


class Entry(NamedTuple):
    """One link of a chain: the columns of an event, in the order in which they are stored."""

    stream: str
    seq: int
    client_id: int | None
    kind: str
    effective_at: datetime
    recorded_at: datetime
    key: str | None
    actor: str
    body: str
    hash: str


def chain(
    stream_name: str,
    head_seq: int,
    head_hash: str,
    drafts: Iterable[Draft],
    *,
    recorded_at: datetime,
    client_id: int | None = None,
) -> list[Entry]:
    """The drafts as links after the head (0 and "" when the stream is new); the last of them is the new head.

    Raises Unrecordable for a float, a naive instant or anything else that has no single exact text.
    """
    recorded_at = utc(recorded_at)
    recorded = instant(recorded_at)
    entries = []
    for draft in drafts:
        _check(draft.data)
        effective_at = utc(draft.effective_at)
        head_seq += 1
        body = _encode(
            {
                "v": VERSION,
                "stream": stream_name,
                "seq": head_seq,
                "kind": draft.kind,
                "effective_at": instant(effective_at),
                "recorded_at": recorded,
                "actor": draft.actor,
                "key": draft.key,
                "client": client_id,
                "data": draft.data,
            }
        )
        head_hash = link(head_hash, body)
        entries.append(
            Entry(
                stream_name,
                head_seq,
                client_id,
                draft.kind,
                effective_at,
                recorded_at,
                draft.key,
                draft.actor,
                body,
                head_hash,
            )
        )
    return entries


def link(previous: str, body: str) -> str:
    """The hash of a body that follows the hash `previous`."""
    try:
        return sha256(f"{previous}\n{body}".encode()).hexdigest()
    except UnicodeEncodeError as error:
        half = error.object[error.start]
        raise Unrecordable(f"the text holds half a character ({half!r}), which has no bytes") from None


def open_body(body: str) -> dict[str, Any]:
    """What a body says: v, stream, seq, kind, effective_at, recorded_at, actor, key, client and data.

    Instants are still text; datetime.fromisoformat reads them.
    """
    opened: dict[str, Any] = json.loads(body)
    return opened


def utc(at: datetime) -> datetime:
    """The same instant in UTC; a naive one is Unrecordable, for nobody knows which instant it is."""
    if at.tzinfo is UTC:
        return at
    if at.tzinfo is None:
        raise Unrecordable(f"{at.isoformat()} names no time zone")
    return at.astimezone(UTC)


def instant(at: datetime) -> str:
    """2026-11-20T17:45:00.000000Z for an instant given in UTC."""
    return at.isoformat(timespec="microseconds")[:26] + "Z"


def _check(data: dict[str, Any]) -> None:
    # json would write a float's shortest repr, turn a number used as key into text and spell a subclass as it
    # likes: each a second spelling of the same fact, so each is refused rather than repaired.
    for name, value in data.items():
        if type(name) is not str:
            raise Unrecordable(f"{name!r} is a {type(name).__name__}; a field's name is text")
        if type(value) not in _PLAIN:
            _check_deep(name, value)


def _check_deep(name: str, value: Any) -> None:
    if type(value) is dict:
        _check(value)
    elif type(value) in (list, tuple):
        for item in value:
            if type(item) not in _PLAIN:
                _check_deep(name, item)
    elif isinstance(value, float):
        raise Unrecordable(f"{name} is {value!r}, a float, which has no exact text; record a whole number or text")
    else:
        raise Unrecordable(f"{name} is a {type(value).__name__}, which has no exact text; record text instead")


def _say(value: Any) -> str:
    return instant(utc(value)) if isinstance(value, datetime) else value.isoformat()


_encode = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, check_circular=False, default=_say
).encode
