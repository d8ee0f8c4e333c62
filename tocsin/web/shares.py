"""How much of what was promised was kept, before and after, as two bars?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tocsin.core import metrics
from tocsin.trials.figures import BREACHED, MET

WIDTH, HEIGHT, BAR, GAP = 100, 22, 9, 4


@dataclass(frozen=True, slots=True)
class Pair:
    """Both shares in words, of how many promises that were settled, and the bars as the text of an SVG."""

    before: str
    after: str
    of_before: int
    of_after: int
    svg: str


def pair(before: Mapping[str, int], after: Mapping[str, int]) -> Pair:
    """The share met of what was settled, before above and after below; nothing is drawn where nothing was settled."""
    sides = [_side(each) for each in (before, after)]
    says = f"before {sides[0][0]}, after {sides[1][0]}"
    bars = []
    for place, (kind, (_, _, share)) in enumerate(zip(("before", "after"), sides, strict=True)):
        y = place * (BAR + GAP)
        bars.append(f'<rect class="all" x="0" y="{y}" width="{WIDTH}" height="{BAR}"/>')
        if share is not None:
            bars.append(f'<rect class="{kind}" x="0" y="{y}" width="{round(WIDTH * share, 1):g}" height="{BAR}"/>')
    head = (
        f'<svg class="pair" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" role="img" aria-label="{says}">'
    )
    return Pair(sides[0][0], sides[1][0], sides[0][1], sides[1][1], head + "".join(bars) + "</svg>")


def _side(verdicts: Mapping[str, int]) -> tuple[str, int, float | None]:
    met, breached = verdicts.get(MET, 0), verdicts.get(BREACHED, 0)
    settled = met + breached
    said = metrics.percent(metrics.attainment(met, breached))
    return said, settled, met / settled if settled else None
