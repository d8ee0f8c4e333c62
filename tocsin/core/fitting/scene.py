"""What is judged: when does which of a standard's times come, for a ticket opened at the opening of a Monday?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Final

from tocsin.core.clock import Target
from tocsin.core.hours import BeyondHorizon
from tocsin.core.ladder import Ladder, Step
from tocsin.core.place import Path
from tocsin.core.terms import Terms, Threshold

MONDAY: Final = datetime(2026, 1, 5, tzinfo=UTC)

Found = Iterator[tuple[str, Path, str]]  # kind, place, sentence


@dataclass(frozen=True, eq=False)
class Scene:
    """The terms, and the document they were read from. A time that is not reached within 20 years is None."""

    terms: Terms
    content: Mapping[str, Any]

    @cached_property
    def start(self) -> datetime:
        """The opening of support hours on a Monday, or on the first day on which they open after it."""
        support = self.terms.calendars.get("support")
        try:
            return support.next_open(MONDAY) if support else MONDAY
        except BeyondHorizon:
            return MONDAY

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of ticket that have times of their own."""
        return tuple(self.content.get("kinds", ()))

    @cached_property
    def functional(self) -> Ladder | None:
        """The ladder by which tickets move, if there is one."""
        ladder = self.terms.ladders.get("functional")
        return ladder if ladder is not None and ladder.counts_from == "level" else None

    @cached_property
    def from_incident(self) -> tuple[Ladder, ...]:
        """The ladders that count from the incident."""
        return tuple(ladder for ladder in self.terms.ladders.values() if ladder.counts_from == "incident")

    def reach(self, time: Target, since: datetime | None = None) -> datetime | None:
        duration, calendar = time
        try:
            return calendar.due(since or self.start, duration)
        except BeyondHorizon:
            return None

    def due(self, clock: str, priority: str) -> datetime | None:
        """When it is due; None where nothing is promised."""
        known = self.terms.clocks.get(clock)
        target = known.targets.get(priority) if known else None
        return self.reach(target) if target else None

    def promised(self, clock: str, priority: str) -> str:
        """What is promised, as it is written: 4h, 5bd; none."""
        target = self.terms.clocks[clock].targets[priority]
        return str(target[0]) if target else "none"

    def at(self, step: Step, priority: str) -> datetime | None:
        """When a step of a ladder that counts from the incident comes."""
        return self.reach(step.after[priority])

    def crossed(self, threshold: Threshold, priority: str) -> datetime | None:
        """When so much of the clock is used."""
        target = self.terms.clocks[threshold.clock].targets.get(priority)
        if not target:
            return None
        duration, calendar = target
        try:
            return calendar.due(self.start, calendar.budget(self.start, duration) * threshold.percent / 100)
        except BeyondHorizon:
            return None

    def thresholds(self) -> Iterator[tuple[Path, Threshold]]:
        """Each with its place in the document."""
        seen: dict[str, int] = {}
        for threshold in self.terms.thresholds:
            place = seen[threshold.clock] = seen.get(threshold.clock, -1) + 1
            yield ("clocks", threshold.clock, "thresholds", place), threshold


def steps_of(ladder: Ladder, priority: str) -> list[tuple[int, Step]]:
    """Those that the priority climbs, each with its index among all."""
    return [(index, step) for index, step in enumerate(ladder.steps) if priority in step.after]
