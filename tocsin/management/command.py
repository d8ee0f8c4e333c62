"""What does every command of Tocsin have in common? Help that teaches, and none of Django's own options."""

from argparse import RawDescriptionHelpFormatter
from textwrap import dedent, indent
from typing import Any

from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    """Base of the commands. A subclass sets `help` (what is true afterwards) and `example` (lines one could type)."""

    example = ""
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
