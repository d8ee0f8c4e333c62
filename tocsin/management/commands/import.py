"""How does another desk's past get in from a shell?"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management.base import CommandError, CommandParser
from rich.progress import Progress

from tocsin.imports import load, uci498
from tocsin.imports.sheet import Fault, Unreadable
from tocsin.management.command import Command as Taught
from tocsin.management.progress import bar, step

ORIGINS = {uci498.ORIGIN: uci498}
SHOWN = 20


class Command(Taught):
    help = """
        Read a past from another desk's export. Its incidents become tickets of a client of their own, each
        with every state, wait, assignment, change of priority and reopening on its log, at the instants the
        other desk recorded. None of them is ever due. Run it again and it adds only what is new. Lines that
        cannot be read are named and left out.

        Origins: uci498, the event log of 24,918 incidents that lies in examples/uci498 (CC BY 4.0).
        """
    example = """
        tocsin import uci498 examples/uci498/incident_event_log.csv.gz
        tocsin import uci498 my_copy.csv --dry-run      read it, say what it holds, store nothing
        """

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("origin", choices=sorted(ORIGINS), metavar="ORIGIN", help=", ".join(sorted(ORIGINS)))
        parser.add_argument("file", type=Path, metavar="FILE", help="CSV, plain or gzipped")
        parser.add_argument("--dry-run", action="store_true", help="read the file and store nothing")

    def handle(self, *, origin: str, file: Path, dry_run: bool, **_: Any) -> None:
        source, start = ORIGINS[origin], monotonic()
        with bar() as progress:
            try:
                with step(progress, f"Reading {file.name}") as told:
                    rows, faults = source.incidents(source.read(file, progress=told))
            except Unreadable as error:
                raise CommandError(str(error)) from error
            pasts = (load.Past(number, source.title(found), source.history(found)) for number, found in rows.items())
            if dry_run:
                outcome = load.Outcome(added=len(rows), events=sum(len(a.happenings) for p in pasts for a in p.acts))
            else:
                outcome = self.store(origin, source.PRACTICE, pasts, len(rows), progress)
        if not rows and not faults:
            self.stdout.write(f"{file} has no rows, only a header.")
        self.report(outcome, faults, dry_run=dry_run, seconds=monotonic() - start)
        self.stdout.write(source.SAYS)

    def store(
        self, origin: str, practice: str, pasts: Iterator[load.Past], count: int, progress: Progress
    ) -> load.Outcome:
        now = datetime.now(UTC)
        client = load.practice(origin, practice, now=now)
        outcome = load.Outcome()
        with step(progress, "Putting it on record") as told:
            try:
                for outcome in load.load(origin, pasts, client=client, now=now):
                    told(outcome.seen, count)
            except KeyboardInterrupt:
                raise CommandError(
                    f"stopped with {outcome.seen:,} of {count:,} incidents on record. Type it again, and it goes on.",
                    returncode=130,
                ) from None
        return outcome

    def report(self, outcome: load.Outcome, faults: list[Fault], *, dry_run: bool, seconds: float) -> None:
        if dry_run:
            self.stdout.write(f"{outcome.added:,} incidents, {outcome.events:,} events; nothing was stored.")
        elif outcome.events == 0 and outcome.known:
            self.stdout.write(f"Nothing new: {outcome.known:,} incidents were here already ({seconds:.0f} s).")
        else:
            self.stdout.write(
                f"{outcome.added:,} incidents added, {outcome.grown:,} gone on, {outcome.known:,} here already; "
                f"{outcome.events:,} events put on record ({seconds:.0f} s)."
            )
        for what, items in (("lines", faults), ("incidents", outcome.left_out)):
            if items:
                self.stderr.write(f"Left out, {what}: {len(items):,}")
                for item in items[:SHOWN]:
                    self.stderr.write(f"  {item}")
                if len(items) > SHOWN:
                    self.stderr.write(f"  and {len(items) - SHOWN:,} more")
