"""What does every command of Tocsin have in common? Help that teaches, none of Django's options, a desk to work on."""

from argparse import RawDescriptionHelpFormatter
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tocsin.settings import furnished


class Command(BaseCommand):
    """Base of the commands. A subclass sets `help` (what is true afterwards) and `example` (lines one could type)."""

    example = ""
    needs_desk = True  # where there is none it is said, and nothing is made
    furnishes = False  # the desk's home and its signing key are made where they are not there
    requires_system_checks: list[str] = []
    suppressed_base_arguments = {
        "--version",
        "--verbosity",
        "--settings",
        "--pythonpath",
        "--traceback",
        "--no-color",
        "--force-color",
        "--skip-checks",
    }

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        kwargs.setdefault("formatter_class", RawDescriptionHelpFormatter)
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.usage = None
        parser.description = dedent(self.help).strip()
        parser.epilog = "For example:\n" + indent(dedent(self.example).strip(), "  ") if self.example else None
        return parser

    def execute(self, *args: Any, **options: Any) -> str | None:
        if self.needs_desk:
            there_or_say()
        if self.furnishes:
            settings.SECRET_KEY = furnished()
        return super().execute(*args, **options)


def there_or_say() -> None:
    """There is a database, or one that only a server knows of; else CommandError, before SQLite makes an empty one."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3") and not Path(database["NAME"]).exists():
        raise CommandError(
            f"there is no desk in {Path(database['NAME']).parent}: no {Path(database['NAME']).name} is there. "
            "Are TOCSIN_HOME and TOCSIN_DATABASE_URL right? `tocsin run` there makes a new desk."
        )
