"""What did somebody do to a ticket in another desk, and when was it put on record?

An origin's file turns its rows into these; `load` writes them to the log. Nothing here knows a database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

Value = str | int | bool | None | datetime


@dataclass(frozen=True, slots=True)
class Happening:
    """One event to be: `kind` is an event's kind (opened, paused, …), `actor` as the origin names them."""

    kind: str
    effective_at: datetime
    actor: str
    data: Mapping[str, Value | Mapping[str, Value]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Act:
    """What was put on record at one instant, in the order it was so. (semantics 2)"""

    recorded_at: datetime
    happenings: tuple[Happening, ...]
