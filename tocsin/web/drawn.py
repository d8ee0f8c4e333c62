"""What does a standard's timeline look like: every clock and every ladder of a priority, drawn on one line of time?

Values in, the text of an SVG out: `wide` for a page and a document, `tall` for a phone. On a page the style sheet
colours it; on its own it brings its colours along, light and dark.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from textwrap import wrap

from tocsin.core.outlook import PROMISES, Due, Outlook, outlook
from tocsin.core.policy import OFFICE, Policy
from tocsin.core.terms import Terms
from tocsin.web.axis import LETTER, TONES, Picture, picture, words

LANES = {
    PROMISES: "Promised",
    "page": "Who is paged",
    "functional": "Who works",
    "management": "Who manages",
    "client": "Who is told",
    "complaint": "Complaint",
}
NARROW, MARGIN, COLUMN, LETTERS, LINE = 360, 66, 13, 31, 16
OWN_STYLE = """<style>
svg { font: 12px Inter, system-ui, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif; background: #ffffff; }
.lane { fill: #ffffff; } .lane.other { fill: #f4f6f8; } .tick, .rail { stroke: #dde3ea; }
text { fill: #131a26; } .name { font-weight: 650; } .time, .of { fill: #556173; }
circle { fill: #ffffff; stroke: #2054d0; stroke-width: 2.5; } .runs { stroke: #c11a36; stroke-width: 2; opacity: 0.35; }
circle.promise { fill: #c11a36; stroke: #c11a36; } circle.threshold { stroke: #a84a06; }
circle.raise, circle.late { fill: #a84a06; stroke: #a84a06; }
@media (prefers-color-scheme: dark) {
svg { background: #161e29; } .lane { fill: #161e29; } .lane.other { fill: #1b2431; }
.tick, .rail { stroke: #2a3543; } text { fill: #e8edf4; } .time, .of { fill: #a3b0c0; }
circle { fill: #161e29; stroke: #7ea6ff; } .runs { stroke: #ff8093; } circle.promise { fill: #ff8093; stroke: #ff8093; }
circle.threshold { stroke: #fbb35c; } circle.raise, circle.late { fill: #fbb35c; stroke: #fbb35c; }
}
</style>"""


def lanes(terms: Terms) -> dict[str, str]:
    """The lanes in their order, and what each is called: those every standard has, then its own ladders."""
    return LANES | {name: name.capitalize() for name in terms.ladders if name not in LANES}


def summary(seen: Outlook) -> str:
    """The picture in a sentence or two, for who cannot see it."""
    promises = [due for due in seen.items if due.kind == "promise"]
    said = "; ".join(f"{due.what}, {words(due.after)}" for due in promises) or "nothing is promised"
    return f"{len(seen.items)} things fall due for {seen.priority} if nobody acts. Promised: {said}."


def wide(seen: Outlook, titles: Mapping[str, str], *, alone: bool = False) -> str:
    """A band for each lane, and time from left to right: close together at first, hours later as in a logarithm."""
    drawn = picture(seen, dict(titles))
    head = _head("outlook", drawn.width, drawn.height, seen, alone)
    return "\n".join([*head, *_bands(drawn), *_ticks(drawn), *_points(drawn), "</svg>\n"])


def tall(seen: Outlook, titles: Mapping[str, str], *, alone: bool = False) -> str:
    """A line for each thing that is due, from top to bottom, and a rail for each lane: it fits a phone."""
    found = [name for name in titles if any(due.lane == name for due in seen.items)]
    rails = {name: MARGIN + COLUMN * place for place, name in enumerate(found)}
    rows: list[str] = []
    y, last = 12.0, ""
    for due in seen.items:
        after = words(due.after)
        if after != last:
            y += 6
            rows.append(f'<text class="time" x="4" y="{y + 12:g}">{escape(after)}</text>')
            last = after
        lines, y = _row(due, rails, titles, y)
        rows += lines
    head = _head("outlook tall", NARROW, y + 8, seen, alone)
    drawn = [f'<line class="rail" x1="{x}" x2="{x}" y1="8" y2="{y:g}"/>' for x in rails.values()]
    return "\n".join([*head, *drawn, *rows, "</svg>\n"])


def on_its_own(policy: Policy, priority: str) -> str:
    """The picture of a priority as a file of its own, counted on ordinary support hours."""
    terms = policy.terms(hours=OFFICE)
    return wide(outlook(terms, priority), lanes(terms), alone=True)


def _head(kind: str, width: float, height: float, seen: Outlook, alone: bool) -> Iterator[str]:
    mark = f"outlook-{'tall' if 'tall' in kind else 'wide'}"
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{kind}" viewBox="0 0 {width:g} {height:g}"'
        f' role="img" aria-labelledby="{mark}-title" aria-describedby="{mark}-desc">'
    )
    yield f'<title id="{mark}-title">What falls due when for {escape(seen.priority)}</title>'
    yield f'<desc id="{mark}-desc">{escape(summary(seen))}</desc>'
    if alone:
        yield OWN_STYLE


def _bands(drawn: Picture) -> Iterator[str]:
    for place, lane in enumerate(drawn.lanes):
        kind = "lane other" if place % 2 else "lane"
        yield f'<rect class="{kind}" x="0" y="{lane.y:g}" width="{drawn.width}" height="{lane.height:g}"/>'
        yield f'<text class="name" x="10" y="{lane.middle:g}">{escape(lane.title)}</text>'


def _ticks(drawn: Picture) -> Iterator[str]:
    for place, (x, label) in enumerate(drawn.ticks):
        anchor = "start" if place == 0 else "end" if x > drawn.end - 20 else "middle"
        yield f'<line class="tick" x1="{x:g}" x2="{x:g}" y1="24" y2="{drawn.height:g}"/>'
        yield f'<text class="time" x="{x:g}" y="16" text-anchor="{anchor}">{escape(label)}</text>'


def _points(drawn: Picture) -> Iterator[str]:
    for lane in drawn.lanes:
        for point in lane.points:
            if point.tone == "promise":
                end = point.x if point.anchor == "start" else point.text_x - len(point.label) * LETTER - 4
                yield f'<line class="runs" x1="{drawn.left}" x2="{end:g}" y1="{point.y:g}" y2="{point.y:g}"/>'
            yield f'<circle class="{point.tone}" cx="{point.x:g}" cy="{point.y:g}" r="5"/>'
            yield (
                f'<text class="what" x="{point.text_x:g}" y="{point.y:g}" dy="4" text-anchor="{point.anchor}">'
                f"{escape(point.label)}</text>"
            )


def _row(due: Due, rails: Mapping[str, int], titles: Mapping[str, str], y: float) -> tuple[list[str], float]:
    x = MARGIN + COLUMN * len(rails)
    room = LETTERS + 2 * (6 - len(rails))
    tone = "late" if due.kind == "answer" else TONES.get(due.kind, "step")
    said = [f'<circle class="{tone}" cx="{rails[due.lane]}" cy="{y + 8:g}" r="5"/>']
    lines: Iterable[str] = wrap(due.what, room)
    for line in lines:
        said.append(f'<text class="says" x="{x}" y="{y + 12:g}">{escape(line)}</text>')
        y += LINE
    said.append(f'<text class="of" x="{x}" y="{y + 11:g}">{escape(titles[due.lane])}</text>')
    return said, y + LINE + 6
