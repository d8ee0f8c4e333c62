"""How does a fortnight pass in seconds? Time jumps to whatever comes next: somebody's act, or what falls due.

The desk's own verbs act and its own engine's duties are done, each under the instant it is given. What would leave the
desk is taken at its edge by a channel that keeps silent.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from django.db.models import F, Min
from django.db.models.functions import Coalesce, Greatest

from tocsin.demo.cast import Firm
from tocsin.desk.intake_key import IntakeKey
from tocsin.desk.intake_keys import Held
from tocsin.desk.ticket import Ticket
from tocsin.directory.client import Client, Service
from tocsin.directory.contact import Contact
from tocsin.directory.person import Person
from tocsin.engine import deliveries, loop, ways
from tocsin.engine.done import Turn
from tocsin.engine.heartbeats import Heart
from tocsin.outbox.delivery import Delivery

Plot = Iterator[datetime]  # does something, yields when it goes on, and so forth
Told = Callable[[int, int], None]
CHANNELS = ("terminal", "email", "pager")


@dataclass(frozen=True)
class Taken:
    """The receipt for a letter that went nowhere."""

    reference: str


class Silence:
    """A channel that takes every letter over and tells nobody."""

    fields = ()

    def __init__(self, name: str) -> None:
        self.name = self.title = name
        self.letters = 0

    def send(self, letter: Any) -> Taken:
        self.letters += 1
        return Taken(f"taken {self.letters}, in the demo's past")

    def sent(self, key: str) -> bool | None:
        return None


class Place:
    """One client's side of the stage."""

    def __init__(self, firm: Firm, client: Client, key: IntakeKey) -> None:
        self.firm = firm
        self.client = client
        self.calendar = firm.calendar
        self.services = {service.slug: service for service in Service.objects.filter(client=client)}
        self.contacts = {contact.role: contact for contact in Contact.objects.filter(client=client)}
        self.key = Held(key.pk, client.pk, key.source, key.rate)


class Stage:
    """What time it is, who is there, and what comes next.

    `refused` are the acts that the desk did not allow: the script's mistakes, none where it is right.
    """

    def __init__(self, people: dict[str, Person], places: dict[Firm, Place], *, start: datetime, end: datetime) -> None:
        self.people = people
        self.places = places
        self.start = self.now = start
        self.end = end
        self.turns = 0
        self.refused: list[str] = []
        self.heart = Heart("demo")
        self.sender = deliveries.Sender(lambda: self.now)
        self._ahead: list[tuple[datetime, int, Plot]] = []
        self._entered = count()

    def enter(self, at: datetime, plot: Plot) -> None:
        """The plot begins at this instant."""
        heapq.heappush(self._ahead, (at, next(self._entered), plot))

    def play(self, told: Told = lambda done, total: None) -> None:
        """Everything up to the end has happened; what a plot would do later never does."""
        whole = int((self.end - self.start).total_seconds())
        with ways.using(**{name: Silence(name) for name in CHANNELS}):  # type: ignore[arg-type]
            while self._ahead and self._ahead[0][0] <= self.end:
                at, _, plot = heapq.heappop(self._ahead)
                self._forward(max(at, self.now))
                if (then := next(plot, None)) is not None:
                    self.enter(max(then, self.now), plot)
                told(int((self.now - self.start).total_seconds()), whole)
            self._forward(self.end)
        told(whole, whole)

    def reads(self) -> None:
        """The engine reads the alerts that came in, and decides what is due this instant."""
        loop.decide(self.now, Turn())

    def _forward(self, to: datetime) -> None:
        """Time goes on, and the engine does a duty whenever something falls due for it, and not in between.

        As in a process of its own, what one duty brings about is done the next time round, at the same instant.
        """
        while (due := self._due()) and (first := min(due.values())) <= to:
            self.turns += 1
            self.now = max(self.now, first)
            for duty, at in due.items():
                if at <= self.now:
                    duty()
        self.now = to

    def _due(self) -> dict[Callable[[], object], datetime]:
        """When the engine next has something to do, duty by duty: to seal a day, decide tickets, send letters."""
        at = Min(Greatest(F("look_at"), Coalesce(F("not_before"), F("look_at"))))
        instants = {
            self._seal: self.heart.seal_at or self.now,
            self.reads: Ticket.objects.filter(look_at__isnull=False).aggregate(at=at)["at"],
            self.sender.turn: Delivery.objects.waiting().aggregate(at=Min("not_before"))["at"],
        }
        return {duty: at for duty, at in instants.items() if at is not None}

    def _seal(self) -> None:
        self.heart.seal_the_day(self.now)
