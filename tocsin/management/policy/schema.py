"""What does a standard's document look like, for a program?"""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import CommandParser

from tocsin.core.schema import schema

NAME = "schema"
HELP = """
Print the JSON Schema (2020-12) of a standard's document, so that an editor can check and complete one.

It is docs/policy.schema.json, made of the keys that the reader knows. It says what may stand where; whether a name is
declared, or a promise can be kept, is what `tocsin policy lint` says.
"""
EXAMPLE = """
tocsin policy schema > policy.schema.json
"""
NEEDS_DESK = False


def add_arguments(parser: CommandParser) -> None:
    """It takes none."""


def handle(command: Any, **_: Any) -> None:
    command.stdout.write(json.dumps(schema(), indent=2, ensure_ascii=False))
