"""Which small world do stories happen in? A cast, a client, and levers.

The world drives the desk's own verbs and the engine's own turn, and records what leaves it at the channel's edge.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from tocsin.channels.base import Letter, Receipt
from tocsin.core.hours import Calendar
from tocsin.desk import tickets
from tocsin.desk.ticket import Ticket
from tocsin.directory import clients
from tocsin.directory.client import Client, Service
from tocsin.directory.contact import Contact
from tocsin.directory.person import Holding, Person
from tocsin.engine import loop, ways
from tocsin.log.event import Event
from tocsin.standard.adopt import adopt

START = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)  # a Monday
FIELD_GUIDE = Path(__file__).parent.parent / "tocsin" / "policies" / "field-guide.toml"

STAFF = {
    "lena": ("L1", ("L1", "comms-lead")),
    "sam": ("L2", ("L2",)),
    "tara": ("L3", ("L3", "incident-manager")),
    "omar": ("L3", ("on-call-primary",)),
    "nils": ("L2", ("on-call-secondary",)),
    "mona": ("", ("on-call-manager", "service-desk-manager", "management")),
    "tom": ("", ("team-lead",)),
    "dora": ("", ("service-delivery-manager",)),
    "olga": ("", ("operations-manager",)),
    "viktor": ("", ("director",)),
    "alma": ("", ("account-manager",)),
    "hanna": ("", ("head-of-accounts",)),
    "leo": ("", ("leadership",)),
}
CONTACTS = {"carla": "primary-contact", "ivan": "it-manager", "eva": "executive-sponsor"}


@dataclass
class Edge:
    """The far side of a channel: it takes letters over, or fails as it is told."""

    name: str = "phone"
    title: str = "Phone"
    fields: tuple[Any, ...] = ()
    letters: list[Letter] = field(default_factory=list)
    failing: list[Exception] = field(default_factory=list)

    def send(self, letter: Letter) -> Receipt:
        if self.failing:
            raise self.failing.pop(0)
        self.letters.append(letter)
        return Receipt(f"taken {len(self.letters)}")

    def sent(self, key: str) -> bool | None:
        return None


class Phone:
    """What one person has been sent, letter by letter."""

    def __init__(self, who: str, edges: dict[str, Edge]) -> None:
        self.who = who
        self.edges = edges
        self.read = 0

    @property
    def letters(self) -> list[Letter]:
        return [letter for edge in self.edges.values() for letter in edge.letters if letter.to.startswith(self.who)]

    def gets(self, words: str) -> Letter:
        """The next letter not yet looked at has these words, in its subject or its text."""
        unread = self.letters[self.read :]
        for place, letter in enumerate(unread, start=1):
            if words.lower() in f"{letter.subject}\n{letter.text}".lower():
                self.read += place
                return letter
        shown = "\n---\n".join(f"{letter.subject}\n{letter.text}" for letter in unread) or "nothing"
        raise AssertionError(f"{self.who} was to get {words!r}, and got {shown}")

    def is_silent(self) -> None:
        """Nothing has come since it was last looked at."""
        unread = self.letters[self.read :]
        assert not unread, f"{self.who} was to hear nothing, and heard {[letter.subject for letter in unread]}"


class World:
    """Time, people, a client with a contract, and the engine, turned by hand."""

    def __init__(self) -> None:
        self.now = START
        self.edges = {"phone": Edge(), "email": Edge("email", "Email")}
        self.people: dict[str, Person] = {}
        self.contacts: dict[str, Contact] = {}
        self.phones: dict[str, Phone] = {}
        adopt(FIELD_GUIDE.read_text(), by="test", now=self.now - timedelta(days=30))
        self.acme = self.client("Acme")
        for name, (level, roles) in STAFF.items():
            person = Person.objects.create(
                name=name.title(), level=level, ways=[["phone", f"{name}"], ["email", f"{name}@msp.example"]]
            )
            self.people[name] = person
            for role in roles:
                Holding.objects.create(role=role, person=person)
        for name, role in CONTACTS.items():
            self.contacts[name] = Contact.objects.create(
                client=self.acme, name=name.title(), role=role, email=f"{name}@acme.example", phone="+61 2 5550 0100"
            )

    def client(self, name: str, *, hours: Calendar | None = None, **contract: Any) -> Client:
        """A client with a contract since long ago; by default its support hours are Mon–Fri 08:00–18:00 UTC."""
        before = self.now - timedelta(days=30)
        client = clients.add(name, by="test", now=before)
        week = {day: [("08:00", "18:00")] for day in ("mon", "tue", "wed", "thu", "fri")}
        clients.sign(
            client, hours=hours or Calendar("UTC", week), starts_on=date(2026, 1, 1), by="test", now=before, **contract
        )
        Service.objects.create(client=client, name="Files", slug="files")
        return client

    def __getattr__(self, name: str) -> Any:
        if name in self.__dict__.get("people", {}):
            return self.people[name]
        if name in self.__dict__.get("contacts", {}):
            return self.contacts[name]
        raise AttributeError(name)

    def phone(self, name: str) -> Phone:
        return self.phones.setdefault(name, Phone(name, self.edges))

    def opens(self, title: str = "Disk full on db-1", *, priority: str = "P3", **more: Any) -> Ticket:
        """A ticket is opened, owned by Lena, and the engine has looked at it."""
        ticket = tickets.open(
            client=more.pop("client", self.acme), title=title, priority=priority, by=self.lena, now=self.now, **more
        )
        tickets.assign(ticket, owner=self.lena, worker=self.lena, by=self.lena, now=self.now)
        self.turn()
        ticket.refresh_from_db()
        return ticket

    def turn(self) -> loop.Turn:
        with ways.using(**self.edges):
            return loop.turn(self.now)

    def forward(self, *, to: datetime | None = None, **by: float) -> None:
        """Time goes on, minute by minute, and the engine turns at each."""
        end = to or self.now + timedelta(**by)
        while self.now < end:
            self.now = min(end, self.now + timedelta(minutes=1))
            self.turn()

    def jump(self, *, to: datetime | None = None, **by: float) -> None:
        """Time goes on while no engine runs; then one does."""
        self.now = to or self.now + timedelta(**by)
        self.turn()

    def log(self, ticket: Ticket) -> Iterator[Event]:
        return Event.objects.filter(stream=ticket.stream_name).order_by("seq").iterator()

    def keys(self, ticket: Ticket) -> list[str]:
        """The obligations on record, without what came of their letters."""
        return [e.key for e in self.log(ticket) if e.key and not e.key.startswith(("delivered/", "undelivered/"))]

    def event(self, ticket: Ticket, key: str) -> Event:
        return Event.objects.get(stream=ticket.stream_name, key=key)
