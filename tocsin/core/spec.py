"""What may stand at a key of a standard's document?

The types in which `core.keys` describes every key, so that reader, reference and schema are one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# A name the document gives to something.
NAME: Final = r"[A-Za-z0-9][A-Za-z0-9_-]*"


@dataclass(frozen=True, slots=True)
class Text:
    """A text in quotes, never blank; `pattern` is what all of it must match, `said` is that in words."""

    said: str = "text"
    pattern: str = ""
    most: int = 0  # characters


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false."""


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number, both ends included."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One of these words; `of` names a closed list that stands elsewhere in the core (`core.schema.LISTS`)."""

    words: tuple[str, ...] = ()
    of: str = ""


@dataclass(frozen=True, slots=True)
class Name:
    """The name of something the document declares (`roles`, say), or of something that is always there."""

    of: tuple[str, ...]
    always: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Time:
    """A duration with its unit. On a calendar, unless `plain`; may it be zero, may it be none at all?"""

    zero: bool = False
    none: bool = False
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """A list, no element twice unless that is meant."""

    each: Type = Text()
    least: int = 0
    twice: bool = False


@dataclass(frozen=True, slots=True)
class Map:
    """A table whose keys are names: of something declared (`keys`), one of a closed list, or any; `by` says of what."""

    value: Type
    keys: Name | Choice | None = None
    least: int = 0
    pattern: str = ""
    by: str = "name"


@dataclass(frozen=True, slots=True)
class Table:
    """The table of a section of `core.keys`."""

    section: str


@dataclass(frozen=True, slots=True)
class Tables:
    """An array of such tables."""

    section: str
    least: int = 0


Type = Text | Flag | Number | Choice | Name | Time | Words | Map | Table | Tables


@dataclass(frozen=True, slots=True)
class Key:
    """What a key means, what may stand there, whether it must be there, and what holds where it is not."""

    says: str
    is_a: Type = Text()
    must: bool = False
    default: str | int | bool | None = None


def must(says: str, is_a: Type = Text()) -> Key:
    """A key that has to be there."""
    return Key(says, is_a, must=True)


def times(*, zero: bool = False, none: bool = False, least: int = 0) -> Map:
    """A time for each priority or kind that has one."""
    return Map(Time(zero, none), Name(("priorities", "kinds")), least, by="priority")


def named(section: str, least: int = 0) -> Map:
    """Tables of this section by the names that the document gives them."""
    return Map(Table(section), None, least, NAME)
