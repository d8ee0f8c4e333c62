"""What exactly will the message say, and is every word of it known?"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Literal

from tocsin.core.reading import one_line

Stage = Literal["outage", "update", "resolved"]

BLANK = "not recorded"
SUBJECT = "[{priority}] [{client}] - [{summary}] - {stage}"
SUBJECT_LIMIT = 250

_PIECE = re.compile(r"\{\{|\}\}|\{([a-z][a-z0-9_]*)\}|[{}]")


class BadTemplate(ValueError):
    """A template that cannot be read, or names or lacks what it must not; the text says where."""


class MissingField(ValueError):
    """A template needs a field that the message does not have; `name` is that field."""

    def __init__(self, name: str, known: Collection[str] = ()) -> None:
        self.name = name
        has = ", ".join(sorted(known)) or "none"
        super().__init__(f"the template needs {{{name}}}, which this message does not have (it has: {has})")


@lru_cache(maxsize=1024)
def fields_of(template: str) -> tuple[str, ...]:
    """Return the names of the placeholders in a template, each once, in order of appearance.

    A placeholder is `{name}`: lower case letters, digits and `_`, a letter first; nothing else is evaluated. `{{` and
    `}}` stand for the braces themselves. Raises BadTemplate naming line and column of any other brace.
    """
    names: dict[str, None] = {}
    for piece in _PIECE.finditer(template):
        if piece[1]:
            names[piece[1]] = None
        elif len(piece[0]) == 1:
            line = template.count("\n", 0, piece.start()) + 1
            column = piece.start() - template.rfind("\n", 0, piece.start())
            raise BadTemplate(
                f"line {line}, column {column}: {piece[0]!r} is no placeholder; write {{name}} with a plain name, "
                f"or {piece[0] * 2} for the brace itself"
            )
    return tuple(names)


def check(template: str, *, known: Collection[str], needed: Collection[str] = ()) -> None:
    """Raise BadTemplate unless every placeholder is known and every needed one is there.

    For the moment a standard is loaded: what a message must name is missed then, not in the mail. (R14.6)
    """
    names = fields_of(template)
    strangers = [name for name in names if name not in known]
    if strangers:
        raise BadTemplate(f"unknown field {{{strangers[0]}}}; known are: {', '.join(sorted(known))}")
    lacking = [name for name in needed if name not in names]
    if lacking:
        raise BadTemplate(f"it must name {', '.join(f'{{{name}}}' for name in lacking)} and does not")


def render(template: str, fields: Mapping[str, str | int | None]) -> str:
    """Return the template with every placeholder replaced, in one pass: braces inside a value stay as they are.

    A field that is None or absent raises MissingField naming it; a blank one reads "not recorded", so that no line
    of a message promises something and then says nothing. Fields the template does not use are ignored. (R14.1)
    """
    for name in fields_of(template):
        if fields.get(name) is None:
            raise MissingField(name, [known for known, value in fields.items() if value is not None])

    def replaced(piece: re.Match[str]) -> str:
        return str(fields[piece[1]]).strip() or BLANK if piece[1] else piece[0][0]

    return _PIECE.sub(replaced, template)


def subject(*, priority: str, client: str, summary: str, stage: Stage, number: int = 0) -> str:
    """Return the subject of a message to a client, on one line of at most 250 characters.

    `[P1] [Acme] - [Mail is down] - OUTAGE`, then `UPDATE n` (counted from 1), then `RESOLVED`. A long summary is cut,
    never the stage. Raises ValueError for an update without its number. (R14.1)
    """
    if (stage == "update") != (number > 0):
        raise ValueError(f"number: {number} does not fit {stage!r}: updates, and only they, are counted from 1")
    label = f"UPDATE {number}" if stage == "update" else stage.upper()
    head = {"priority": one_line(priority, 20), "client": one_line(client, 80), "stage": label}
    room = SUBJECT_LIMIT - len(render(SUBJECT, {**head, "summary": "x"})) + 1
    return render(SUBJECT, {**head, "summary": one_line(summary, room)})
