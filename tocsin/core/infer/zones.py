"""In which zone were the hours counted, as far as the answers tell?

Zones are tried by their whole hours from UTC alone: which summer time they keep is for a person to say. (R16.6)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from tocsin.core.infer.doubts import CHANCE, told_apart
from tocsin.core.infer.history import Answered
from tocsin.core.infer.search import Progress, Search, Supposed

OFFSETS: Final = tuple(range(-11, 13))


@dataclass(frozen=True, slots=True)
class Zone:
    """The best for the hours of a zone, and the chance that it is no worse than the best of all."""

    zone: str
    best: Supposed
    chance: float

    @property
    def is_possible(self) -> bool:
        return self.chance > CHANCE


def zones(
    tickets: Sequence[Answered], *, offsets: Iterable[int] = OFFSETS, progress: Progress | None = None
) -> list[Zone]:
    """The zones at these hours from UTC, the best first, and UTC before others as good.

    What stopped the clock and which waits held it is taken as it is found in UTC.
    """
    first = Search(tickets)
    choice = (first.best.stop, first.best.waits)
    found: list[tuple[str, Supposed]] = []
    tried = sorted(offsets, key=abs)
    for place, offset in enumerate(tried):
        zone = named(offset)
        best = first.best if offset == 0 else Search(tickets, zone=zone, only=choice).best
        found.append((zone, best))
        if progress:
            progress(place + 1, len(tried))
    found.sort(key=lambda pair: pair[1].cost)
    winner = found[0][1]
    return [Zone(zone, best, told_apart(winner, best, tickets)) for zone, best in found]


def named(offset: int) -> str:
    """The IANA name of the zone so many hours ahead of UTC, whose own sign is the other way round."""
    return f"Etc/GMT{-offset:+d}" if offset else "UTC"


def said(zone: str) -> str:
    """The zone as people say it: UTC−4."""
    if not zone.startswith("Etc/GMT"):
        return zone
    offset = -int(zone.removeprefix("Etc/GMT"))
    return f"UTC{'+' if offset > 0 else '−'}{abs(offset)}"


def sentence(found: Sequence[Zone]) -> str:
    """Which zone was found, and which others are as good."""
    best, *others = found
    as_good = [said(one.zone) for one in others if one.is_possible]
    worse = next((one for one in others if not one.is_possible), None)
    return (
        f"Zone: {said(best.zone)} ({best.zone}), {best.best.errors:,} disagree. "
        f"Not told apart: {', '.join(as_good) or 'no other whole hour from UTC'}."
        + (f" Next: {said(worse.zone)}, {worse.best.errors:,} disagree." if worse else "")
    )
