"""What do lives under two standards come to, in figures, and where do they part?

Counted ticket by ticket and added up, so that processes can share the work: what one returns is small, however many
tickets it had.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tocsin.core import credits
from tocsin.core.clock import Reading
from tocsin.core.event import BrokenStory, Escalated, PriorityChanged
from tocsin.core.hours import BeyondHorizon
from tocsin.core.policy import BadPolicy
from tocsin.core.replay import EndlessReplay, Outcome, replay
from tocsin.core.terms import Terms
from tocsin.trials.credits import Earned
from tocsin.trials.past import Past
from tocsin.trials.side import Side
from tocsin.trials.told import told

NIGHT = (time(22), time(7))  # from … until, by the clock on the wall
WAKES = ("page", "phone")
MET, BREACHED, OPEN = "met", "breached", "open"
Cell = tuple[str, str, str, str]  # priority, clock, month, verdict


@dataclass
class Figures:
    """One side's. Priorities are those people gave; months are those of the verdict, in the zone of the night."""

    laps: Counter[Cell] = field(default_factory=Counter)
    pages: Counter[tuple[str, bool]] = field(default_factory=Counter)  # (role, at night)
    letters: Counter[str] = field(default_factory=Counter)
    escalations: Counter[str] = field(default_factory=Counter)
    raised: int = 0
    updates: Counter[str] = field(default_factory=Counter)  # owed, missed
    credits: list[Earned] = field(default_factory=list)
    obligations: int = 0
    left_out: int = 0

    def add(self, other: Figures) -> None:
        for name in ("laps", "pages", "letters", "escalations", "updates"):
            getattr(self, name).update(getattr(other, name))
        self.credits += other.credits
        self.raised += other.raised
        self.obligations += other.obligations
        self.left_out += other.left_out


@dataclass(frozen=True, slots=True)
class Page:
    """Somebody was woken: when, in which role, for whose ticket."""

    at: datetime
    role: str
    night: bool
    number: str
    client_id: int


@dataclass(frozen=True, slots=True)
class Flip:
    """A promise kept on one side and broken on the other, with the ledger of each."""

    number: str
    title: str
    priority: str
    clock: str
    before: dict[str, Any]
    after: dict[str, Any]

    @property
    def to(self) -> str:
        return str(self.after["verdict"])


@dataclass
class Share:
    """What some of the tickets come to; `failed` names those that could not be lived through, and why."""

    tickets: int = 0
    events: int = 0
    sides: list[Figures] = field(default_factory=list)
    pages: list[list[Page]] = field(default_factory=list)
    flips: list[Flip] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def add(self, other: Share) -> None:
        self.tickets += other.tickets
        self.events += other.events
        for mine, theirs in zip(self.sides, other.sides, strict=True):
            mine.add(theirs)
        for kept, came in zip(self.pages, other.pages, strict=True):
            kept += came
        self.flips += other.flips
        self.failed += other.failed


def empty(sides: int) -> Share:
    return Share(sides=[Figures() for _ in range(sides)], pages=[[] for _ in range(sides)])


def measured(pasts: Iterable[Past], sides: Sequence[Side], *, until: datetime, zone: str) -> Share:
    """Each ticket has lived under each side; flips are between the first side and the last."""
    share, where = empty(len(sides)), ZoneInfo(zone)
    for past in pasts:
        share.tickets += 1
        share.events += len(past.story)
        try:
            lives = [_life(side, past, until) for side in sides]
        except (BadPolicy, BrokenStory, EndlessReplay, BeyondHorizon) as error:
            share.failed.append(f"{past.number}: {error}")
            continue
        for figures, pages, (terms, outcome) in zip(share.sides, share.pages, lives, strict=True):
            _count(figures, pages, past, terms, outcome, where)
        if len(lives) > 1:
            share.flips += _flips(past, lives[0][1], lives[-1][1])
    return share


def _life(side: Side, past: Past, until: datetime) -> tuple[Terms, Outcome]:
    terms = side.terms(past)
    return terms, replay(side.story(past, terms), terms, until=until)


def _count(figures: Figures, pages: list[Page], past: Past, terms: Terms, outcome: Outcome, where: ZoneInfo) -> None:
    figures.obligations += len(outcome.obligations)
    figures.left_out += len(outcome.left_out)
    priority = past.priority
    for name, reading in outcome.readings.items():
        clock = terms.clocks[name]
        for lap in (*reading.laps, reading):
            if not lap.anchor or (lap.state == "void" and lap.breached_at is None):
                continue
            at = lap.breached_at or lap.met_at
            month = _month(at, where) if at else ""
            figures.laps[priority, name, month, lap.verdict] += 1
            if clock.repeats and at:
                figures.updates["owed"] += 1
                figures.updates["missed"] += lap.breached_at is not None
    if terms.practice.credits is not None and (credit := credits.earned(outcome.readings, terms)):
        cap = terms.practice.credits.cap
        figures.credits.append(Earned(past.client_id, _month(credit.at, where), credit.percent, cap))
    for event in outcome.made:
        if isinstance(event, Escalated):
            figures.escalations[event.to] += 1
        elif isinstance(event, PriorityChanged):
            figures.raised += 1
    for due, at in outcome.done:
        if due.moot:
            continue
        for role, by in told(due, terms):
            if role in terms.client_roles:
                figures.letters[role] += 1
            elif any(way in WAKES for way in by):
                night = at_night(at, where)
                figures.pages[role, night] += 1
                pages.append(Page(at, role, night, past.number, past.client_id))
            else:
                figures.letters[role] += 1


def _month(at: datetime, where: ZoneInfo) -> str:
    return f"{at.astimezone(where):%Y-%m}"


def at_night(at: datetime, where: ZoneInfo) -> bool:
    """Whether the clocks on the wall show 22:00 to 07:00 there."""
    shown = at.astimezone(where).time()
    return shown >= NIGHT[0] or shown < NIGHT[1]


def _flips(past: Past, before: Outcome, after: Outcome) -> list[Flip]:
    """The clocks whose promise was kept under one and broken under the other, as far as both are settled."""
    found = []
    for name, was in before.readings.items():
        now = after.readings.get(name)
        if now is None or was.index > 1 or now.index > 1:
            continue  # the next update is counted by silences, not as one promise
        verdicts = _verdict(was), _verdict(now)
        if OPEN not in verdicts and verdicts[0] != verdicts[1]:
            found.append(Flip(past.number, past.title, past.priority, name, _said(was), _said(now)))
    return found


def _verdict(reading: Reading) -> str:
    """Broken in any of its laps, or kept."""
    laps = [lap for lap in (*reading.laps, reading) if lap.anchor]
    if any(lap.breached_at for lap in laps):
        return BREACHED
    return MET if laps and laps[-1].met_at else OPEN


def _said(reading: Reading) -> dict[str, Any]:
    broken = next((lap for lap in (*reading.laps, reading) if lap.breached_at), reading)
    return {
        "verdict": _verdict(reading),
        "due_at": _iso(broken.due_at),
        "stopped_at": _iso(broken.stopped_at),
        "breached_at": _iso(broken.breached_at),
        "counted_s": broken.consumed / timedelta(seconds=1),
        "budget_s": (broken.consumed + broken.remaining) / timedelta(seconds=1),
        "ledger": [
            {
                "kind": entry.kind,
                "start": _iso(entry.start),
                "end": _iso(entry.end),
                "counted_s": entry.counted / timedelta(seconds=1),
                "reason": entry.reason,
            }
            for entry in broken.ledger
        ],
    }


def _iso(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None
