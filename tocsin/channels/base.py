"""What does every way to reach a person promise the engine?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tocsin.core.field import Field

DUPLICATE_NOTE = "Possible duplicate: an earlier attempt to send this may have arrived."


@dataclass(frozen=True, slots=True)
class Letter:
    """One text for one person.

    `to` is the address as this channel understands it. `key` is the same for every attempt at the same letter and
    differs between any two letters of the desk. `duplicate`: an earlier attempt may have arrived. `at` is the moment of
    this attempt, by the clock of whoever sends. (semantics 6)
    """

    to: str
    subject: str
    text: str
    key: str
    duplicate: bool = False
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """The other side has taken the letter over; `reference` is what to ask it by."""

    reference: str


class Refused(Exception):
    """The other side said no, for good, to this letter: it must not be tried again on this channel.

    Not for a no to the desk (a wrong password, a sender that is not allowed): that is mended, and is Unreachable.
    """


class Unreachable(Exception):
    """The letter was certainly not taken over, and may be later: try again."""


class Uncertain(Exception):
    """Everything was handed over and no answer came: it may have arrived. Send again, marked as possible duplicate."""


class BadField(ValueError):
    """A channel's setting cannot be used; the text names the field and is fit to show."""


class Channel(Protocol):
    """One way to reach a person, set up and ready to send; safe to use from several threads."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def fields(self) -> tuple[Field, ...]: ...

    def send(self, letter: Letter) -> Receipt:
        """Hand the letter over, once, and return the receipt.

        Raises Refused, Unreachable or Uncertain, and nothing else for anything the other side can do. Blocks, so only
        the engine calls it, outside any transaction.
        """
        ...

    def sent(self, key: str) -> bool | None:
        """Return whether the letter with this key was taken over, or None where the other side cannot be asked.

        Whatever it raises counts as None.
        """
        ...


class Kind(Protocol):
    """A kind of channel before it is set up: what a form asks for, and how its answers become a channel."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def fields(self) -> tuple[Field, ...]: ...

    def set_up(self, answers: Mapping[str, str]) -> Channel:
        """Return the channel these answers (by field name) describe; raises BadField naming the first bad one."""
        ...


def answer(fields: tuple[Field, ...], answers: Mapping[str, str], name: str) -> str:
    """Return the answer to a field, stripped, or its default; raises BadField where it lacks or is no choice."""
    field = next(field for field in fields if field.name == name)
    given = answers.get(name, "").strip() or field.default
    if field.required and not given:
        raise BadField(f"{name}: {field.title} is needed.")
    if field.choices and given not in field.choices:
        raise BadField(f"{name}: {given!r} is none of {', '.join(field.choices)}.")
    return given
