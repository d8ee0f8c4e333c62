"""Did somebody's pager page come for the letter?

Nothing can be pushed to a page: it asks, every two seconds. So the letter waits for a poll, which fetches it; the
channel watches whether one has. Who has not asked for half a minute is out of reach at once, and the next way has it.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from tocsin.channels.base import Channel, Letter, Receipt, Unreachable
from tocsin.core.field import Field

SILENCE = timedelta(seconds=30)
LOOKS_EVERY_S = 0.2


class Polls(Protocol):
    """What is known of the polls."""

    def fetched(self, key: str) -> datetime | None:
        """When a poll fetched the letter with this key; None where none has."""
        ...

    def last(self, to: str) -> datetime | None:
        """When the pager of this address last asked; None where it is not armed."""
        ...


class NoPolls:
    """Nobody's page asks."""

    def fetched(self, key: str) -> datetime | None:
        return None

    def last(self, to: str) -> datetime | None:
        return None


@dataclass(frozen=True, slots=True)
class Pager:
    """The pager page; an address is the number of its person.

    `patience` is how many seconds a letter waits for the next poll of a page that has asked of late: two polls, so that
    one may be lost. All letters that wait are there for every page at once, so they do not wait one after the other; a
    page that did not come for one letter is not waited for with the next, until it has asked again.
    """

    polls: Polls = field(default_factory=NoPolls)
    patience: float = 4.0
    name: str = field(default="pager", init=False)
    title: str = field(default="Pager", init=False)
    fields: tuple[Field, ...] = field(default=(), init=False, repr=False)
    _in_vain: dict[str, datetime] = field(default_factory=dict, init=False, repr=False, compare=False)

    def send(self, letter: Letter) -> Receipt:
        """Wait until a poll has fetched the letter. Raises Unreachable where nobody asks, or not in time."""
        until = time.monotonic() + self.patience
        while (at := self.polls.fetched(letter.key)) is None:
            last = self._listens(letter)
            if time.monotonic() >= until or self._in_vain.get(letter.to) == last:
                self._in_vain[letter.to] = last
                raise Unreachable(f"the pager page did not come for it within {self.patience:g} s")
            time.sleep(LOOKS_EVERY_S)
        return Receipt(f"fetched by the pager page at {at:%Y-%m-%d %H:%M:%S} UTC")

    def sent(self, key: str) -> bool | None:
        """Return whether a poll has fetched it: that is on record, however the sender ended."""
        return self.polls.fetched(key) is not None

    def _listens(self, letter: Letter) -> datetime:
        """When the page asked last."""
        last = self.polls.last(letter.to)
        if last is None:
            raise Unreachable("the pager is not armed")
        if letter.at is not None and letter.at - last > SILENCE:
            raise Unreachable(f"the pager page has not asked since {last:%Y-%m-%d %H:%M:%S} UTC")
        return last


class _PagerKind:
    name = "pager"
    title = "Pager"
    fields: tuple[Field, ...] = ()

    def set_up(self, answers: Mapping[str, str]) -> Channel:
        return Pager()


KIND = _PagerKind()
