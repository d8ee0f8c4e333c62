"""How are the kept promises shown in a shell?"""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from tocsin.management.command import Command as Taught
from tocsin.reports import attainment


class Command(Taught):
    help = """
        Show which promises were kept: per priority and clock how many were met, breached and still run, and
        how long it took (median, and the time nine in ten did not exceed). What no ticket tells, such as the
        first response of imported ones, is "not recorded"; what has no figures yet is "no data".
        """
    example = """
        tocsin attainment
        tocsin attainment --client uci498
        """

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--client", metavar="SLUG", help="of one client only")

    def handle(self, *, client: str | None, **_: Any) -> None:
        try:
            lines = attainment.gather(client=client)
        except attainment.NoSuchClient as error:
            raise CommandError(str(error)) from error
        self.stdout.write(attainment.table(lines))
