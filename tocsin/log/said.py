"""What does the log say of rows that are no stream of their own, and where do they say something else?

Trusts nothing it reads, as verify.py does not: what cannot be read there is its fault to name, and is passed over here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from tocsin.log.event import Event
from tocsin.log.snapshot import rows

SHOWN = 60
_UNREADABLE = (ValueError, KeyError, TypeError, RecursionError)


class Said(NamedTuple):
    """One event, opened: `effective_at` and what is in `data` are as the body spells them."""

    stream: str
    seq: int
    kind: str
    effective_at: str
    data: dict[str, Any]
    actor: str = ""

    def number(self, field: str) -> int:
        """The row's number in this field; 0, which no row has, for what is none."""
        value = self.data.get(field)
        return value if type(value) is int and 0 < value < 1 << 63 else 0


def of_kinds(*kinds: str) -> Iterator[Said]:
    """The events of these kinds, by stream and sequence."""
    marks = ", ".join(["%s"] * len(kinds))
    return _opened(rows(Event, ("body",), order=("stream", "seq"), where=f"kind IN ({marks})", values=kinds))


def with_fingerprint() -> Iterator[Said]:
    """The events that hold the SHA-256 of a text kept elsewhere, by stream and sequence."""
    return _opened(rows(Event, ("body",), order=("stream", "seq"), where="body LIKE %s", values=('%"sha256":"%',)))


def _opened(found: Iterable[tuple[Any, ...]]) -> Iterator[Said]:
    for (text,) in found:
        with suppress(*_UNREADABLE):
            body = json.loads(text)
            said = Said(body["stream"], body["seq"], body["kind"], body["effective_at"], body["data"], body["actor"])
            if isinstance(said.data, dict) and isinstance(said.stream, str) and type(said.seq) is int:
                yield said


def differences(stored: Mapping[str, Any], told: Mapping[str, Any]) -> str:
    """Which columns of a row say something else than was put on record, in words; empty when none does."""
    wrong = (name for name in stored if _plain(stored[name]) != _plain(told.get(name)))
    return ", ".join(f"{name} (stored {shown(stored[name])}, told {shown(told.get(name))})" for name in wrong)


def shown(value: Any) -> str:
    """A value on one line, not too long, whatever somebody has written there."""
    text = value if isinstance(value, str) and value.isprintable() and value else _plain(value)
    text = text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
    return text.encode(errors="backslashreplace").decode()


def json_in(column: Any) -> Any:
    """The value in a column of JSON text; what is no JSON is the text itself."""
    with suppress(*_UNREADABLE):
        return json.loads(column)
    return column


def _plain(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
