"""How does a standard live from a shell, in git and in CI?"""

from __future__ import annotations

from argparse import RawDescriptionHelpFormatter
from textwrap import dedent, indent
from typing import Any

from django.core.management.base import CommandError, CommandParser

from tocsin.core.policy import BadPolicy
from tocsin.management.command import Command as Taught
from tocsin.management.policy import Subcommand, subcommands
from tocsin.standard.life import StepRefused


class Command(Taught):
    help = """
        Say by which operating standards the desk works, and change them: read, judge, adopt and put in force a TOML
        document that can live in git. Every step is on the standard's own log, with author and why. docs/standard.md
        tells the whole life of a standard, docs/policy.md every key of it.

        `tocsin policy ACT --help` teaches each act by example.
        """
    example = """
        tocsin policy                                   which standards there are, and where each is in force
        tocsin policy lint desk.toml                    name what it cannot keep; for CI too
        tocsin policy adopt desk.toml --by "Ann Berg" --why "reviewed in November"
        tocsin policy pilot desk --client acme --until 2026-12-31
        tocsin policy rollout desk --everywhere
        tocsin policy rollback desk
        """

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", metavar="ACT", title="acts")
        for each in subcommands():
            says = dedent(each.HELP).strip()
            taught: CommandParser = acts.add_parser(
                each.NAME,
                help=" ".join(says.split("\n\n")[0].split()),
                description=says,
                epilog="For example:\n" + indent(dedent(each.EXAMPLE).strip(), "  "),
                formatter_class=RawDescriptionHelpFormatter,
            )
            each.add_arguments(taught)

    def execute(self, *args: Any, **options: Any) -> str | None:
        self.needs_desk = _named(options["act"]).NEEDS_DESK
        return super().execute(*args, **options)

    def handle(self, *, act: str | None, **options: Any) -> None:
        try:
            _named(act).handle(self, **options)
        except BadPolicy as mistakes:
            self.stdout.write(str(mistakes))
            many = len(str(mistakes).splitlines())
            raise CommandError(f"{many} mistake{'' if many == 1 else 's'}: nobody could work by it.") from None
        except StepRefused as refusal:
            raise CommandError(str(refusal)) from refusal


def _named(act: str | None) -> Subcommand:
    return next(each for each in subcommands() if (act or "show") == each.NAME)
