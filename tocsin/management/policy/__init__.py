"""What is done to standards from a shell? A file a subcommand, which `tocsin policy` finds by itself.

Each has NAME, HELP (what is true afterwards), EXAMPLE (lines one could type), NEEDS_DESK, `add_arguments(parser)` and
`handle(command, **options)`, which writes to `command.stdout` and raises CommandError.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol

from django.core.management.base import CommandParser

ORDER = (
    "show",
    "lint",
    "picture",
    "diff",
    "backtest",
    "infer",
    "adopt",
    "pilot",
    "measure",
    "rollout",
    "rollback",
    "move",
    "schema",
)


class Subcommand(Protocol):
    """What each file here gives."""

    NAME: str
    HELP: str
    EXAMPLE: str
    NEEDS_DESK: bool

    def add_arguments(self, parser: CommandParser) -> None: ...

    def handle(self, command: Any, **options: Any) -> None: ...


def subcommands() -> Iterator[Subcommand]:
    """Those that are there, in the order of a standard's life."""
    for name in ORDER:
        if find_spec(f"{__name__}.{name}"):
            yield import_module(f"{__name__}.{name}")  # type: ignore[misc]
