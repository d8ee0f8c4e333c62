"""How is what was inferred written down as a standard?

As small as a standard can be, with what explains each line and what is doubtful beside it: a draft to go on writing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Final

from tocsin.core.infer import told
from tocsin.core.infer.doubts import Fit
from tocsin.core.infer.history import STOPS
from tocsin.core.infer.search import Supposed
from tocsin.core.infer.supposed import Hours
from tocsin.core.written import DAYS

WIDTH: Final = 116
# What a clock of this desk can be met by; whatever else stopped the other desk's is read at the solution.
CLOCKS: Final = {
    "solved": ("resolution", "Resolution", ("solved",)),
    "responded": ("response", "First response by a person", ("responded", "updated", "solved")),
}


def document(
    supposed: Supposed, fits: Sequence[Fit], *, name: str, source: str, remarks: Sequence[str], common: str
) -> str:
    """The standard `name` as TOML, which `core.policy.load` reads.

    `supposed` stops at what a clock here can be met by; `common` is the priority most tickets have. What the history
    cannot tell of a priority is left out of the targets, and said.
    """
    return "\n".join(_lines(supposed, fits, name, source, remarks, common)) + "\n"


def _lines(
    supposed: Supposed, fits: Sequence[Fit], name: str, source: str, remarks: Sequence[str], common: str
) -> Iterator[str]:
    own = _calendars(supposed)
    yield from _said(f"Inferred from {source} by `tocsin policy infer`: a draft, to be read and completed.")
    for remark in remarks:
        yield from _said(remark)
    yield from ("", "[standard]", f"name = {json.dumps(name)}", f"title = {json.dumps(f'Inferred from {source}')}")
    yield from ('texts = "tocsin-1"', 'summary = "What another desk seems to have promised, going by its answers."')
    yield from ("", "[rules]", f"default_priority = {json.dumps(common)}", 'first_level = "L1"')
    yield from ("# The history does not tell this one.", 'solved_period = "24h on always"')
    for hours, calendar in own.items():
        spans = json.dumps([hours.title.rsplit(" ", 1)[1].replace("–", "-")])
        yield from ("", f"[calendars.{calendar}]", f"title = {json.dumps(hours.title, ensure_ascii=False)}")
        yield f"zone = {json.dumps(hours.calendar.zone)}"
        yield from ("", f"[calendars.{calendar}.week]", *(f"{day} = {spans}" for day in DAYS[: hours.days]))
    for promise in supposed.promises:
        yield from ("", f"[priorities.{promise.priority}]", f"title = {json.dumps(promise.priority)}")
        yield f"calendar = {json.dumps(own.get(promise.hours, 'always'))}"
    yield from ("", "[roles]", 'owner = { title = "Owner of the ticket" }')
    yield from ("", "[levels.L1]", 'title = "Service desk"')
    yield from _waits(supposed, fits)
    yield from _clock(supposed, fits)


def _waits(supposed: Supposed, fits: Sequence[Fit]) -> Iterator[str]:
    if supposed.waits:
        yield from ("", "[waits]")
        for party in sorted(supposed.waits):
            yield f"{party} = {{ title = {json.dumps(f'Waiting for {party}')} }}"


def _clock(supposed: Supposed, fits: Sequence[Fit]) -> Iterator[str]:
    name, title, met_by = CLOCKS[supposed.stop]
    yield from ("", f"# Stopped by {STOPS[supposed.stop]}; held by these waits: {told.waits(supposed)}.")
    yield from (f"[clocks.{name}]", f"title = {json.dumps(title)}", f"met_by = {json.dumps(list(met_by))}")
    if supposed.waits:
        yield f"paused_by = {json.dumps(sorted(supposed.waits))}"
    yield from ("", f"[clocks.{name}.targets]")
    for fit in fits:
        for sentence in told.fitted(fit):
            yield from _said(sentence)
        target = json.dumps(fit.promise.target.text if fit.promise.target else "none")
        yield f"{'' if fit.tells else '# '}{fit.promise.priority} = {target}"


def _calendars(supposed: Supposed) -> Mapping[Hours, str]:
    """The opening hours that it needs, and what they are called in the document."""
    needed = dict.fromkeys(p.hours for p in supposed.promises if not p.hours.calendar.is_always)
    return {hours: "hours" if place == 1 else f"hours-{place}" for place, hours in enumerate(needed, 1)}


def _said(sentence: str) -> Iterator[str]:
    for line in wrap(sentence, WIDTH):
        yield f"# {line}"
