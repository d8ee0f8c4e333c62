"""What did another desk promise, going by what it answered of its tickets?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from tocsin.core.infer import doubts, draft, told, zones
from tocsin.core.infer.history import STOPS, halves
from tocsin.core.infer.search import Search, Supposed
from tocsin.core.policy import load
from tocsin.core.zone import UnknownZone, named
from tocsin.imports import answers
from tocsin.imports.sheet import Unreadable
from tocsin.management.policy import held_out
from tocsin.management.progress import bar, step

NAME = "infer"
HELP = """
Infer from another desk's closed tickets, each with a yes or no to "was its promise kept?", what it had promised: what
stopped the clock, which waits held it, which hours counted, and a target per priority.

It says how many answers that explains, which tickets disagree, and what the history cannot tell, and writes a draft of
a standard. With --hold-out it learns from one half of the tickets and is measured on the other, beside the standards
that ship and beside always giving the commoner answer. docs/infer.md says how it searches and how a sheet is written.
"""
EXAMPLE = """
tocsin policy infer tickets.csv --zone Europe/London --out draft.toml
tocsin policy infer tickets.csv --zone any     when nobody knows in which zone its hours were counted
tocsin policy infer examples/uci498/incident_event_log.csv.gz --format uci498 --hold-out
"""
NEEDS_DESK = False
SHOWN = 20
ANY, UTC = "any", "UTC"


def add_arguments(parser: CommandParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="CSV, plain or gzipped")
    parser.add_argument("--format", choices=sorted(answers.FORMATS), default="sheet", help="sheet unless said")
    parser.add_argument("--zone", default="UTC", help="whose hours are tried, an IANA name (default: UTC), or any")
    parser.add_argument("--out", type=Path, metavar="DRAFT", help="write the draft here, into a file of its own")
    parser.add_argument("--json", action="store_true", help="say it all as JSON, every ticket that disagrees too")
    parser.add_argument("--hold-out", action="store_true", help="learn from one half, measure on the other")


def handle(
    command: Any, *, file: Path, format: str, zone: str, out: Path | None, json: bool, hold_out: bool, **_: Any
) -> None:
    _refuse_what_cannot_be(zone, out, hold_out)
    anywhere, found_in = zone == ANY, None
    with bar() as progress:
        try:
            with step(progress, f"Reading {file.name}") as read:
                past = answers.FORMATS[format](file, zone=UTC if anywhere else zone, progress=read)
        except Unreadable as error:
            raise CommandError(str(error)) from error
        _left_out(command, past)
        if not past.tickets:
            raise CommandError(f"{file} has no ticket that is over and says whether its promise was kept.")
        if anywhere:
            with step(progress, "Trying zones") as turned:
                found_in = zones.zones(halves(past.tickets)[0] if hold_out else past.tickets, progress=turned)
                zone = found_in[0].zone
        with step(progress, "Trying hours, waits and targets") as tried:
            if hold_out:
                measured = held_out.measure(past.tickets, origin=format, zone=zone, progress=tried)
            else:
                search = Search(past.tickets, zone=zone, progress=tried)
    if found_in and not json:
        command.stdout.write(zones.sentence(found_in))
    if hold_out:
        command.stdout.write(held_out.as_json(measured) if json else held_out.table(measured))
        return
    text = _draft(search, file.name)
    command.stdout.write(_as_json(search, past, text, found_in or ()) if json else _as_text(search, past))
    if out:
        with out.open("x", encoding="utf-8") as new:
            new.write(text)
        if not json:
            command.stdout.write(f"The draft is in {out}. Read it, complete it: tocsin policy lint {out}")


def _left_out(command: Any, past: answers.Past) -> None:
    for fault in past.faults[:SHOWN]:
        command.stderr.write(f"Left out, {fault}")
    if len(past.faults) > SHOWN:
        command.stderr.write(f"and {len(past.faults) - SHOWN:,} more lines")


def _refuse_what_cannot_be(zone: str, out: Path | None, hold_out: bool) -> None:
    try:
        named(UTC if zone == ANY else zone)
    except UnknownZone as error:
        raise CommandError(str(error)) from None
    if out and hold_out:
        raise CommandError("--hold-out measures and writes no draft: leave --out away, or run it again without.")
    if out and out.exists():
        raise CommandError(f"{out} is there already: name another file, or move that one away.")


def _draft(search: Search, source: str) -> str:
    """The draft, which was read once to see that it can be."""
    best = search.best
    written = search.best_of(*draft.CLOCKS)
    fits = doubts.fits(search, written or best)
    remarks = [] if best.stop in draft.CLOCKS else _remarks(best, written, len(search.layout.tickets))
    common = max(search.layout.priorities, key=lambda priority: search.layout.count[priority])
    told_here = written or replace(best, stop="solved")
    text = draft.document(told_here, fits, name="inferred", source=source, remarks=remarks, common=common)
    load(text)
    return text


def _remarks(best: Supposed, written: Supposed | None, count: int) -> list[str]:
    """What to know of a draft that had to be read otherwise than the answers are."""
    stop = STOPS[best.stop]
    by = f"The answers go by {stop}: so read, {best.errors:,} of {count:,} tickets disagree."
    but = f"No clock of this desk is met by {stop}."
    if written is None:
        return [by, f"{but} No ticket tells of anything else, so its targets stand below as those of a solution."]
    return [
        f"{by} {but} What stands below is read at {STOPS[written.stop]}, and {written.errors:,} disagree.",
        *(f"At {stop} it would be {p.priority}: {told.promised(p)}." for p in best.promises),
    ]


def _as_text(search: Search, past: answers.Past) -> str:
    best, tickets = search.best, past.tickets
    fits = doubts.fits(search, best)
    count, kept = len(tickets), sum(ticket.kept for ticket in tickets)
    right = count - best.errors
    lines = [
        f"{count:,} tickets with an answer, {kept:,} kept ({told.percent(kept, count)}).",
        f"Stopped by {STOPS[best.stop]}, held by these waits: {told.waits(best)}. "
        f"{right:,} answers explained ({told.percent(right, count)}).",
        "",
        f"{'answered':<44}{'kept':>10}{'kept':>10}{'not kept':>12}{'not kept':>12}",
        f"{'as promised it was':<44}{'kept':>10}{'not kept':>10}{'not kept':>12}{'kept':>12}",
    ]
    for fit in fits:
        a, b, c, d = fit.counts
        what = told.promised(fit.promise) if fit.tells else "cannot be told"
        lines.append(f"{fit.promise.priority:<10}{what:<34}{a:>10,}{b:>10,}{d:>12,}{c:>12,}")
    for fit in fits:
        lines += ["", fit.promise.priority, *(f"  {sentence}" for sentence in told.fitted(fit))]
    lines += ["", "What else could have stopped it", *_rivals(doubts.rival_stops(search), STOPS)]
    lines += ["", "Each wait taken the other way round"]
    lines += _rivals(
        doubts.rival_waits(search),
        {p: f"{p} {'does not hold it' if p in best.waits else 'holds it'}" for p in search.layout.parties},
    )
    apart = doubts.disagreeing(best, tickets)
    lines += ["", f"Tickets that disagree: {len(apart):,}"]
    for one in apart[:SHOWN]:
        used = told.span(one.used) if one.used is not None else "does not tell"
        promise = best.of(one.priority)
        assert promise is not None
        says = "kept" if one.kept else "not kept"
        lines.append(f"  {one.number}  {one.priority}  used {used}, {told.promised(promise)}; answered: {says}")
    if len(apart) > SHOWN:
        lines.append(f"  and {len(apart) - SHOWN:,} more: --json has them all")
    return "\n".join([*lines, "", past.says])


def _rivals(rivals: list[doubts.Rival], titles: Any) -> list[str]:
    return [
        f"  {titles[rival.what]}: {rival.errors:,} disagree; "
        + ("cannot be told apart" if rival.is_possible else "explains less")
        + f" ({rival.tickets:,} tickets tell)"
        for rival in rivals
    ] or ["  nothing: the history tells of no other"]


def _as_json(search: Search, past: answers.Past, text: str, found_in: Sequence[zones.Zone]) -> str:
    best = search.best

    def rivals(found: list[doubts.Rival]) -> list[dict[str, Any]]:
        return [{"what": r.what, "tickets": r.tickets, "disagree": r.errors, "possible": r.is_possible} for r in found]

    return json.dumps(
        {
            "tickets": len(past.tickets),
            "zone": search.zone,
            "zones": [{"zone": one.zone, "disagree": one.best.errors, "possible": one.is_possible} for one in found_in],
            "stop": best.stop,
            "waits": sorted(best.waits),
            "disagree": best.errors,
            "priorities": [_fit(fit) for fit in doubts.fits(search, best)],
            "other_stops": rivals(doubts.rival_stops(search)),
            "other_waits": rivals(doubts.rival_waits(search)),
            "disagreeing": [
                {
                    "number": one.number,
                    "priority": one.priority,
                    "used_seconds": one.used.total_seconds() if one.used is not None else None,
                    "kept": one.kept,
                }
                for one in doubts.disagreeing(best, past.tickets)
            ],
            "left_out": [str(fault) for fault in past.faults],
            "draft": text,
        },
        ensure_ascii=False,
        indent=2,
    )


def _fit(fit: doubts.Fit) -> dict[str, Any]:
    def seconds(bounds: doubts.Range) -> list[float | None]:
        return [bound.total_seconds() if bound is not None else None for bound in bounds]

    promise = fit.promise
    return {
        "priority": promise.priority,
        "hours": promise.hours.title,
        "zone": promise.hours.calendar.zone,
        "target": promise.target.text if promise.target else None,
        "same_counts_seconds": seconds(fit.same),
        "possible_seconds": seconds(fit.possible),
        "counts": dict(zip(("kept_explained", "kept_not", "broken_not", "broken_explained"), fit.counts, strict=True)),
        "as_good": [told.promised(other) for other in fit.as_good],
        "doubts": list(fit.doubts),
    }
