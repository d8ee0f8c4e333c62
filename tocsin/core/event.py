"""What can happen to a ticket, as far as the rules care?

A story is a list of these. `at` is when it was so (effective_at), `recorded_at` when it was put on record, `seq` its
place in the ticket's log (0: its place in the list, counted from 1), `key` the obligation it fulfils, if any.
(semantics 2)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass, replace
from datetime import UTC, datetime
from operator import attrgetter

from tocsin.core.promise import Promise


class BrokenStory(ValueError):
    """A story that cannot have happened: the sentence says which event and why."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; instants are aware and kept in UTC."""

    at: datetime
    _: KW_ONLY
    recorded_at: datetime = None  # type: ignore[assignment]  # filled in below, so that readers never see None
    seq: int = 0
    key: str | None = None

    def __post_init__(self) -> None:
        at = utc(self.at)
        if at is not self.at:
            object.__setattr__(self, "at", at)
        recorded_at = at if self.recorded_at is None else utc(self.recorded_at)
        if recorded_at is not self.recorded_at:
            object.__setattr__(self, "recorded_at", recorded_at)


def utc(at: datetime) -> datetime:
    """The same instant in UTC; a naive one raises BrokenStory."""
    if at.tzinfo is UTC:
        return at
    if at.tzinfo is None:
        raise BrokenStory(f"{at.isoformat()} has no time zone: pass an aware instant, such as one ending in +00:00")
    return at.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Opened(Event):
    """The ticket began at `at` (when it was reported, if that was earlier); `level` has it."""

    priority: str = "P3"
    level: str = "L1"


@dataclass(frozen=True, slots=True)
class Responded(Event):
    """A person answered the client, visibly."""


@dataclass(frozen=True, slots=True)
class Updated(Event):
    """The client was told something; `promised` is the instant of the next update, if the message named one."""

    promised: datetime | None = None

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if self.promised is not None:
            object.__setattr__(self, "promised", utc(self.promised))


@dataclass(frozen=True, slots=True)
class Paused(Event):
    """The ticket waits for `on` (client, vendor, parts …), until it is resumed or `until` has come."""

    on: str = "client"
    until: datetime | None = None

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if self.until is not None:
            object.__setattr__(self, "until", utc(self.until))


@dataclass(frozen=True, slots=True)
class Resumed(Event):
    """The wait is over; `by_reply` when the party waited for ended it, and nobody of ours did anything."""

    by_reply: bool = False


@dataclass(frozen=True, slots=True)
class PriorityChanged(Event):
    """The priority is `to` from here on."""

    to: str


@dataclass(frozen=True, slots=True)
class Escalated(Event):
    """The ticket was escalated to the level `to`, which has yet to accept it where acceptance is asked for."""

    to: str


@dataclass(frozen=True, slots=True)
class Accepted(Event):
    """The level it was escalated to has it."""


@dataclass(frozen=True, slots=True)
class SentBack(Event):
    """The level it was escalated to gave it back to the one below."""


@dataclass(frozen=True, slots=True)
class Solved(Event):
    """The ticket was solved; `answers` is false when no person did it (an alert that recovered by itself)."""

    answers: bool = True


@dataclass(frozen=True, slots=True)
class Reopened(Event):
    """It was not solved after all."""


@dataclass(frozen=True, slots=True)
class Closed(Event):
    """The solved period is over: what was met is final."""


@dataclass(frozen=True, slots=True)
class Cancelled(Event):
    """The ticket should not have been one: its clocks end without a verdict."""


@dataclass(frozen=True, slots=True)
class Merged(Event):
    """Two tickets became one.

    On the ticket that went away, `into` names the survivor. On the survivor `into` is None and `promises` are those
    of the laps it takes over, each with what it has consumed.
    """

    into: str | None = None
    promises: tuple[Promise, ...] = ()


@dataclass(frozen=True, slots=True)
class Noted(Event):
    """A person did something on the ticket that moves no clock."""


@dataclass(frozen=True, slots=True)
class Acknowledged(Event):
    """Somebody has the page of the step or question whose key is `of`."""

    of: str


@dataclass(frozen=True, slots=True)
class Done(Event):
    """The act (a call, a briefing) which the step with key `of` asked for was recorded."""

    of: str


@dataclass(frozen=True, slots=True)
class LineStopped(Event):
    """Somebody stopped the line: whoever is on call is paged anew, whoever has acknowledged before."""


@dataclass(frozen=True, slots=True)
class StageEntered(Event):
    """The work went to the stage `to`; `bypassed` are the words of its gate that were lacking, for this `reason`."""

    to: str
    bypassed: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Corrected(Event):
    """A correction was approved: these laps, each (clock, anchor, index), count as if no breach had stood before.

    The clocks themselves do not hear of it: the breach stays on them, and the corrected reading stands beside it.
    """

    laps: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Moved(Event):
    """From here on it is worked by `version` and no more by `was`; what is used of its clocks goes along.

    `priorities` and `levels` are what the names of the one are called in the other, where that is not the same. Terms
    without a past (`Terms.earlier`) take no notice: they read the whole story as if it had always been theirs.
    """

    version: str = ""
    was: str = ""
    priorities: tuple[tuple[str, str], ...] = ()
    levels: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Fired(Event):
    """The engine put the obligation `key` on record."""


def in_place(event: Event, seq: int) -> Event:
    """The same event at another place in the log; what was made well once is not judged again."""
    placed: Event = object.__new__(type(event))
    for name in (*type(event).__match_args__, "recorded_at", "key"):
        object.__setattr__(placed, name, getattr(event, name))
    object.__setattr__(placed, "seq", seq)
    return placed


def by_staff(event: Event) -> bool:
    """Whether a person of ours did it: not the engine, a monitor that recovered, or a client that replied."""
    kind = type(event)
    if event.key is not None or kind is Fired or kind is LineStopped or kind is Moved:
        return False  # stopping the line begins what others do, and moving changes the rules: neither is work on it
    if kind is Resumed:
        return not event.by_reply  # type: ignore[attr-defined]
    return kind is not Solved or event.answers  # type: ignore[attr-defined]


def cannot_reopen(event: Reopened, over: str) -> BrokenStory:
    """What is closed, cancelled or merged into another (`over`) stays so."""
    return BrokenStory(f"event {event.seq} reopens a ticket that is {over}: open a new one that follows it up")


def in_order(story: Iterable[Event]) -> list[Event]:
    """The story in the order of its log, each event with its place; a story is told from its opening."""
    events = [event if event.seq else replace(event, seq=place) for place, event in enumerate(story, start=1)]
    events.sort(key=attrgetter("seq"))
    if not events or type(events[0]) is not Opened:
        raise BrokenStory("a story begins with Opened" + (f", not {type(events[0]).__name__}" if events else ""))
    return events
