"""What would a draft have made of the past, before anybody is promised it?"""

from __future__ import annotations

import json
import signal
import sys
from argparse import ArgumentTypeError
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import CommandError, CommandParser

from tocsin.imports import uci498
from tocsin.imports.sheet import Unreadable
from tocsin.management.policy.stepping import client_of
from tocsin.management.progress import bar, step
from tocsin.trials import credits, results, running, tried, working
from tocsin.trials.export import of_export
from tocsin.trials.past import Past

NAME = "backtest"
HELP = """
Try a draft on tickets of the past: which promises flip, attainment by priority and clock, who would have been paged
and woken at night, updates and credits owed, escalations.

People act as they did then; only the rules are others. Before stands the standard each ticket was opened under, or
the one you name. The tickets are the desk's own, or those of an export, which is not stored. It changes nothing.
"""
EXAMPLE = """
tocsin policy backtest draft.toml                             on the desk's own tickets
tocsin policy backtest draft.toml --client acme --from 2026-01-01 --to 2026-07-01
tocsin policy backtest sla-guard --against field-guide@2 --csv flips.csv
tocsin policy backtest draft.toml --against field-guide --tickets uci498:incident_event_log.csv.gz
"""
NEEDS_DESK = True
SHOWN = 10


def add_arguments(parser: CommandParser) -> None:
    what = "a TOML document, a preset, or an adopted NAME or NAME@VERSION"
    parser.add_argument("draft", nargs="?", default="", metavar="DRAFT", help=what)
    parser.add_argument(
        "--against", default="", metavar="STANDARD", help="what to compare with (default: each one's own)"
    )
    parser.add_argument("--tickets", default="desk", metavar="WHICH", help="desk (default), or uci498:FILE")
    parser.add_argument("--client", default="", metavar="SLUG", help="of the desk's tickets, only this client's")
    parser.add_argument("--from", dest="since", type=_day, metavar="DATE", help="opened on this day or later (UTC)")
    parser.add_argument("--to", dest="until", type=_day, metavar="DATE", help="opened before this day (UTC)")
    parser.add_argument("--zone", default="", metavar="ZONE", help="whose night it is (default: the first roster's)")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write every flip with its ledger there")
    parser.add_argument(
        "--credits", dest="owed", type=Path, metavar="FILE", help="write credits by client and month there, as CSV"
    )
    parser.add_argument("--row", type=int, metavar="N", help="work on the one that was asked for on the screens")
    parser.add_argument("--json", action="store_true", help="print the whole result as JSON")


def handle(
    command: Any,
    *,
    draft: str,
    against: str,
    tickets: str,
    client: str,
    since: datetime | None,
    until: datetime | None,
    zone: str,
    csv: Path | None,
    owed: Path | None = None,
    row: int | None = None,
    **options: Any,
) -> None:
    if row is not None:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # in order, so that no process of ours is left
        working.work(row, clock=lambda: datetime.now(UTC))
        return
    if not draft:
        raise CommandError("Say which draft is to be tried: a TOML document, a preset or an adopted standard.")
    for file in (csv, owed):
        if file is not None and not file.parent.is_dir():
            raise CommandError(f"There is no folder {file.parent} to write {file.name} to: make it first.")
    started = monotonic()
    zone = zone or tried.zone()
    try:
        ZoneInfo(zone)
    except (ValueError, LookupError):
        raise CommandError(f"{zone!r} is no time zone: write one such as Europe/London.") from None
    with bar() as progress:
        try:
            if tickets == "desk":
                chosen = tried.chosen(client=client_of(client) if client else None, since=since, until=until)
                count, pasts, end = chosen.count(), tried.pasts(chosen), datetime.now(UTC)
                sides = [tried.side(against) if against else tried.own(), tried.side(draft)]
            else:
                pasts, count, end = _exported(tickets, since, until, progress)
                sides = [tried.side(name, origin=uci498.ORIGIN) for name in (against or "field-guide", draft)]
        except tried.NoSuchStandard as mistake:
            raise CommandError(str(mistake)) from mistake
        with step(progress, "Living through them again") as told:
            try:
                share = running.run(pasts, sides, until=end, zone=zone, told=lambda done: told(done, count))
            except KeyboardInterrupt:
                raise CommandError("stopped; nothing of it is kept.", returncode=130) from None
    found = results.result(
        share,
        [side.title for side in sides],
        since=since,
        until=end,
        zone=zone,
        woken=tried.woken(share),
        clients=tried.clients(share),
    )
    if owed is not None:
        owed.write_text(credits.as_csv(found["credits"]), "utf-8")
    if csv is not None:
        csv.write_text(results.as_csv(share.flips), "utf-8")
    if options["json"]:
        command.stdout.write(json.dumps(found, indent=1))
        return
    for line in said(found):
        command.stdout.write(line)
    command.stdout.write(f"{share.tickets:,} tickets under {len(sides)} standards in {monotonic() - started:.1f} s.")


def said(found: results.Result) -> Iterator[str]:
    """The result in words and columns."""
    yield f"Before: {found['before']}. After: {found['after']}. {found['tickets']:,} tickets."
    yield found["said"]
    yield ""
    lines = results.by_clock(found)
    wide = max((len(priority) + 2 for priority, *_ in lines), default=4)
    yield f"{'':{wide}}{'clock':18}{'before':>10}{'after':>10}{'broken before':>16}{'after':>8}"
    for priority, clock, before, after in lines:
        broken = f"{before['breached']:>16,}{after['breached']:>8,}"
        yield f"{priority:{wide}}{clock:18}{results.percent(before):>10}{results.percent(after):>10}{broken}"
    flips = found["flips"]
    yield ""
    yield f"Kept before and broken after: {flips['to_breached']:,}. Broken before and kept after: {flips['to_met']:,}."
    for flip in flips["kept"][:SHOWN]:
        was, now = flip["before"]["verdict"], flip["after"]["verdict"]
        yield f"  {flip['number']} {flip['priority']} {flip['clock']}: {was} → {now}"
    if len(flips["kept"]) > SHOWN:
        yield "  … --csv FILE has the others, each with its ledger."
    yield f"Pages (at night, {found['night']}):"
    for line in found["people"] or found["pages"]:
        who = line.get("who") or line["role"]
        was, now = line["before"], line["after"]
        yield f"  {who:32}{was['all']:>7,} ({was['night']:,}) → {now['all']:,} ({now['night']:,})"
    owed, missed = found["updates"]["owed"], found["updates"]["missed"]
    of_them = f"of them missed {missed['before']:,} → {missed['after']:,}"
    yield f"Updates owed: {owed['before']:,} → {owed['after']:,}, {of_them}."
    yield from _owed(found)
    for line in found["escalations"]:
        yield f"Escalations to {line['to']} by the engine: {line['before']:,} → {line['after']:,}."
    if found["left_out"]["after"] or found["left_out"]["before"]:
        yield (
            f"Acts that could not have been done to the ticket any more, and are left out: "
            f"{found['left_out']['before']:,} → {found['left_out']['after']:,}."
        )
    for line in found["failed"][:SHOWN]:
        yield f"Could not be lived through: {line}"


def _owed(found: results.Result) -> Iterator[str]:
    if not found["credits"]:
        yield "Credits owed: none on either side."
        return
    yield f"Credits owed. {found['credits_said']}"
    for line in found["credits"]:
        was, now = (_credit(line[side]) for side in ("before", "after"))
        yield f"  {line['client']:24}{line['month']:9}{was} → {now}"


def _credit(side: dict[str, Any]) -> str:
    capped = f" (capped, earned {side['earned']})" if side["capped"] else ""
    return f"{side['owed']}{capped}"


def _exported(
    which: str, since: datetime | None, until: datetime | None, progress: Any
) -> tuple[Iterator[Past], int, datetime]:
    origin, colon, file = which.partition(":")
    if not colon or origin != uci498.ORIGIN:
        raise CommandError(f"{which!r} names no tickets: write desk, or {uci498.ORIGIN}:FILE.")
    try:
        with step(progress, f"Reading {Path(file).name}") as told:
            rows, _ = uci498.incidents(uci498.read(Path(file), progress=told))
    except Unreadable as error:
        raise CommandError(str(error)) from error
    kept = {
        number: found
        for number, found in rows.items()
        if (since is None or found[0].opened_at >= since) and (until is None or found[0].opened_at < until)
    }
    if not kept:
        raise CommandError("There is no ticket in it, from then to then.")
    end = max(row.updated_at for found in kept.values() for row in found)
    pasts = (of_export(number, number, uci498.history(found)) for number, found in kept.items())
    return pasts, len(kept), end + timedelta(days=1)


def _day(text: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no day: write it as 2026-12-31") from None
