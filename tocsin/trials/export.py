"""What did people do to an incident which another desk exported? It need not be stored for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from tocsin.core.event import Event
from tocsin.desk import record
from tocsin.trials.past import EXPORTED, Past

LEVEL = "L1"
RANKS = ("P1", "P2", "P3", "P4")


class Happening(Protocol):
    """One event of an export: its kind, when it was so, and what else is said of it."""

    @property
    def kind(self) -> str: ...
    @property
    def effective_at(self) -> datetime: ...
    @property
    def data(self) -> Mapping[str, Any]: ...


class Act(Protocol):
    """What an export put on record at one instant."""

    @property
    def recorded_at(self) -> datetime: ...
    @property
    def happenings(self) -> Sequence[Happening]: ...


def of_export(number: str, title: str, acts: Iterable[Act], *, ranks: tuple[str, ...] = RANKS) -> Past:
    """The past of an incident which another desk exported; what it does not say is as an import has it."""
    story: list[Event] = []
    for act in acts:
        for happening in act.happenings:
            fields = {**UNSAID.get(happening.kind, {}), **happening.data}
            if happening.kind == "opened":
                fields["level"] = LEVEL
            event = record.read(
                happening.kind, happening.effective_at, act.recorded_at, len(story) + 1, None, None, fields
            )
            if event is not None:
                story.append(event)
    return Past(number, title, tuple(story), EXPORTED, ranks=ranks)


# Whether whoever solved it had answered the client before is not told: so it answers nobody. (imports.load)
UNSAID: Mapping[str, dict[str, object]] = {"paused": {"until": None}, "solved": {"answers": False}}
