"""What can be found when a standard is held against a desk's own people, rosters and contracts?

docs/policy.md lists them all, and tests/trials/test_lint.py has a story for each; tests hold the three together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tocsin.core.fitting.kinds import Kind, Level

NAMED = 3  # so many clients are named in a sentence; of the others it says how many they are

KINDS: Final[Mapping[str, Kind]] = {
    "unfit-contract": Kind("error", "a contract whose differences or hours do not fit the standard"),
    "apart-hours": Kind("warning", "a calendar of the standard that is never open with a contract's support hours"),
    "empty-role": Kind("error", "a role or a level that is asked and that nobody holds who may act for the client"),
    "lone-role": Kind("error", "a role or a level with one person and no backup"),
    "no-contact": Kind("error", "a client without the contact that a ladder tells"),
    "no-phone": Kind("error", "a contact without a phone number whom a step calls"),
    "unreachable": Kind("error", "somebody who is told or paged, and of whom no address is known"),
    "one-way": Kind("warning", "somebody on a page path who can be reached in one way only"),
    "paged-twice": Kind("warning", "one person at two steps of a page path: the second page goes to who did not hear"),
    "hole": Kind("error", "a roster by which nobody is on duty in hours that it covers, within the coming 14 days"),
    "uncovered-hours": Kind(
        "warning", "a page path whose roster has shorter hours than the promise, and nobody beside it"
    ),
    "crowded": Kind(
        "warning", "hours in which more tickets came than people were there, and more of them were answered late"
    ),
}


@dataclass(frozen=True)
class Found:
    """Something to put right or to know about; `where` is the place in words or, in the document, file:line: key.

    `kind` is a word of KINDS, or of core.fitting.kinds where a contract makes it so. `clients` are those it is about,
    by name; none, where it is about the desk.
    """

    level: Level
    kind: str
    where: str
    sentence: str
    clients: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.where}: {self.level}: {self.sentence}"

    def as_json(self) -> dict[str, Any]:
        return {
            "level": self.level,
            "kind": self.kind,
            "where": self.where,
            "sentence": self.sentence,
            "clients": [*self.clients],
        }


def found(kind: str, where: str, sentence: str, clients: Iterable[str] = ()) -> Found:
    return Found(KINDS[kind].level, kind, where, sentence, tuple(clients))


def listed(names: Sequence[str]) -> str:
    """Acme; Acme and Birch; Acme, Birch, Cedar and 4 more."""
    shown = [*names] if len(names) <= NAMED + 1 else [*names[:NAMED], f"{len(names) - NAMED} more"]
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def times(spans: Sequence[tuple[Any, Any]]) -> str:
    """From when to when the first of them is, in UTC, and how many there are besides."""
    start, end = spans[0]
    first = f"from {start:%a %d %b %Y %H:%M} to {end:%a %d %b %Y %H:%M} UTC"
    more = len(spans) - 1
    return f"{first}, and {more} time{'' if more == 1 else 's'} more" if more else first
