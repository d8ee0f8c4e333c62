"""What has a form to ask, so that a channel or a source can be set up?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FieldKind = Literal["text", "number", "choice"]


@dataclass(frozen=True, slots=True)
class Field:
    """One setting, described by the channel or source that has it, so that a new one needs no edit to any form.

    `name` is the keyword it is given under, `title` what a person reads, `hint` one sentence more. `secret` values are
    stored apart and never shown again. `choices` are all the values a "choice" may have.
    """

    name: str
    title: str
    kind: FieldKind = "text"
    required: bool = False
    secret: bool = False
    default: str = ""
    choices: tuple[str, ...] = ()
    hint: str = ""
