"""Which small world do stories happen in? A cast, a client, and levers.

The world drives the desk's own verbs and the engine's own turn, and records what leaves it at the channel's edge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from tocsin.channels.base import Letter, Receipt, Unreachable
from tocsin.core.clock import Reading, fold
from tocsin.core.hours import Calendar
from tocsin.core.rota import Layer, Rota
from tocsin.desk import escalations, merging, texts, tickets, updates
from tocsin.desk.proof import refold
from tocsin.desk.ticket import Ticket
from tocsin.desk.timeline import story_of
from tocsin.directory import clients, rosters
from tocsin.directory import proof as promises
from tocsin.directory.client import Client, Service
from tocsin.directory.contact import Contact
from tocsin.directory.person import Holding, Person
from tocsin.directory.roster import Roster
from tocsin.engine import deliveries, loop, ways
from tocsin.log.event import Event
from tocsin.log.verify import verify
from tocsin.outbox import queue as outbox
from tocsin.outbox.delivery import Delivery
from tocsin.standard import proof as standards
from tocsin.standard.adopt import adopt
from tocsin.standard.terms import terms_of

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
    """The far side of a channel: it takes letters over, or fails as it is told, once a failure, or until it is up."""

    name: str = "phone"
    title: str = "Phone"
    fields: tuple[Any, ...] = ()
    letters: list[Letter] = field(default_factory=list)
    tried: list[Letter] = field(default_factory=list)
    tried_at: list[datetime] = field(default_factory=list)
    failing: list[Exception] = field(default_factory=list)
    down_until: datetime = START
    knows: set[str] = field(default_factory=set)
    clock: Callable[[], datetime] = lambda: START

    def fails(self, *errors: Exception) -> None:
        self.failing += errors

    def send(self, letter: Letter) -> Receipt:
        self.tried.append(letter)
        self.tried_at.append(self.clock())
        if self.failing:
            raise self.failing.pop(0)
        if self.clock() < self.down_until:
            raise Unreachable("no answer")
        self.letters.append(letter)
        return Receipt(f"taken {len(self.letters)}")

    @property
    def tried_by(self) -> list[tuple[datetime, str]]:
        """When and for whom it was tried."""
        return [(at, letter.to) for at, letter in zip(self.tried_at, self.tried, strict=True)]

    def sent(self, key: str) -> bool | None:
        return True if key in self.knows else None


class Phone:
    """What one person has been sent, letter by letter, by whichever channel."""

    def __init__(self, who: str, edges: dict[str, Edge]) -> None:
        self.who = who
        self.edges = edges
        self.read: list[Letter] = []

    @property
    def letters(self) -> list[Letter]:
        """Everything that has come, channel by channel."""
        came = [letter for edge in self.edges.values() for letter in edge.letters]
        return [letter for letter in came if letter.to.split("@")[0] == self.who]

    @property
    def unread(self) -> list[Letter]:
        """What has come and has not been looked at."""
        return [letter for letter in self.letters if not any(letter is read for read in self.read)]

    def gets(self, words: str) -> Letter:
        """A letter not yet looked at has these words, in its subject or its text."""
        for letter in self.unread:
            if words.lower() in f"{letter.subject}\n{letter.text}".lower():
                self.read.append(letter)
                return letter
        raise AssertionError(f"{self.who} was to get {words!r}, and got {self._shown()}")

    def gets_one(self, words: str) -> Letter:
        """The same, and nothing else has come."""
        letter = self.gets(words)
        self.is_silent()
        return letter

    def is_silent(self) -> None:
        """Nothing has come since it was last looked at."""
        assert not self.unread, f"{self.who} was to hear nothing more, and heard {self._shown()}"

    def puts_away(self) -> None:
        """What has come so far is of no interest to the story."""
        self.read += self.unread

    def _shown(self) -> str:
        return "\n---\n".join(f"{letter.subject}\n{letter.text}" for letter in self.unread) or "nothing"


class World:
    """Time, people, a client with a contract, and the engine, turned by hand."""

    def __init__(self) -> None:
        self.now = START
        self.edges = {"phone": Edge(), "email": Edge("email", "Email")}
        for edge in self.edges.values():
            edge.clock = lambda: self.now
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

    def client(self, name: str, *, hours: Calendar | None = None, zone: str = "UTC", **contract: Any) -> Client:
        """A client with a contract since long ago; by default its support hours are Mon–Fri 08:00–18:00 UTC."""
        before = self.now - timedelta(days=30)
        client = clients.add(name, zone=zone, by="test", now=before)
        hours = hours or self.office()
        clients.sign(client, hours=hours, starts_on=date(2026, 1, 1), by="test", now=before, **contract)
        Service.objects.create(client=client, name="Files", slug="files")
        return client

    def office(self, zone: str = "UTC", opens: str = "08:00", closes: str = "18:00") -> Calendar:
        """Support hours, Monday to Friday."""
        return Calendar(zone, {day: [(opens, closes)] for day in ("mon", "tue", "wed", "thu", "fri")})

    def contact(self, client: Client, name: str, *, role: str) -> Contact:
        """Somebody at a client, who holds this role there."""
        known = Contact.objects.create(client=client, name=name.title(), role=role, email=f"{name}@client.example")
        self.contacts[name] = known
        return known

    @property
    def acme_files(self) -> Service:
        return Service.objects.get(client=self.acme, slug="files")

    def __getattr__(self, name: str) -> Any:
        if name in self.__dict__.get("people", {}):
            return self.people[name]
        if name in self.__dict__.get("contacts", {}):
            return self.contacts[name]
        raise AttributeError(name)

    def phone(self, name: str) -> Phone:
        return self.phones.setdefault(name, Phone(name, self.edges))

    def leaves(self, who: str) -> None:
        """They work here no more."""
        if who in self.people:
            Person.objects.filter(pk=self.people[who].pk).update(active=False)

    def unreachable(self, *names: str) -> None:
        """Nobody knows any address of theirs."""
        for name in names:
            self.people[name].ways = []
            self.people[name].save()

    def is_to_hear(self, who: str, *, about: Ticket) -> None:
        """A letter about the ticket lies in the outbox for them, and the engine has turned."""
        person = self.people[who]
        letter = outbox.Letter(
            about.client_id, about.pk, f"test/{who}", person.actor, person.how_to_reach(), "News", "Some.", self.now
        )
        with transaction.atomic():
            outbox.queue([letter])
        self.turn()

    def holds(self, who: str, role: str, *, client: Client | None = None, rank: int = 0) -> None:
        """They hold a role besides: for one client, or for all."""
        Holding.objects.create(role=role, person=self.people[who], client=client, rank=rank)

    def roster(self, role: str, *names: str, starts: datetime | None = None, **more: Any) -> Roster:
        """These people take weekly turns in a role, handed off on Mondays at 09:00 UTC."""
        since = starts or datetime.fromisoformat("2026-11-16T09:00")
        layer = Layer([self.people[name].actor for name in names], since, **more.pop("turns", {}))
        who = {place: self.people[more.pop(place)] for place in ("owner", "fallback") if place in more}
        rota = Rota(more.pop("zone", "UTC"), [layer])
        before = datetime(2026, 11, 16, tzinfo=UTC)
        return rosters.add(f"{role} weekly", role=role, rota=rota, **who, **more, by=self.mona, now=before)

    # -- what people do, Lena unless somebody else is named

    def opens(self, title: str = "Disk full on db-1", *, priority: str = "P3", **more: Any) -> Ticket:
        """A ticket is opened, owned by Lena, and the engine has looked at it."""
        ticket = tickets.open(
            client=more.pop("client", self.acme), title=title, priority=priority, by=self.lena, now=self.now, **more
        )
        tickets.assign(ticket, owner=self.lena, worker=self.lena, by=self.lena, now=self.now)
        self.turn()
        ticket.refresh_from_db()
        return ticket

    def complains(self, title: str = "Nobody calls back") -> Ticket:
        """Acme complains, and the account manager owns it."""
        ticket = tickets.open(client=self.acme, title=title, kind="complaint", by=self.carla, now=self.now)
        tickets.assign(ticket, owner=self.alma, worker=self.alma, by=self.alma, now=self.now)
        self.turn()
        ticket.refresh_from_db()
        return ticket

    def responds(self, ticket: Ticket, text: str = "We are looking into it.", **more: Any) -> None:
        self._do(updates.respond, ticket, text, **more)

    def updates(self, ticket: Ticket, text: str = "The backup is being restored.", **more: Any) -> None:
        self._do(updates.update, ticket, text, **more)

    def notes(self, ticket: Ticket, text: str = "The log shows a full disk.", **more: Any) -> None:
        self._do(tickets.note, ticket, text, **more)

    def waits(self, ticket: Ticket, on: str = "client", **more: Any) -> None:
        self._do(tickets.wait, ticket, on=on, reason="we need an answer", **more)

    def resumes(self, ticket: Ticket, **more: Any) -> None:
        self._do(tickets.resume, ticket, **more)

    def replies(self, ticket: Ticket, text: str = "It is the left one.", *, by: str = "carla") -> None:
        self._do(updates.reply, ticket, text, by=by)

    def makes_it(self, ticket: Ticket, priority: str, *, reason: str = "more users are hit", **more: Any) -> None:
        self._do(tickets.change_priority, ticket, priority, reason=reason, **more)

    def escalates(self, ticket: Ticket, to: str, *, reason: str = "skill limit", **more: Any) -> None:
        self._do(
            escalations.escalate,
            ticket,
            to=to,
            reason=reason,
            tried="restarted the service",
            next_step="look at the disk array",
            **more,
        )

    def accepts(self, ticket: Ticket, *, by: str) -> None:
        self._do(escalations.accept, ticket, by=by)

    def sends_back(self, ticket: Ticket, *, by: str, reason: str = "the log is missing") -> None:
        self._do(escalations.send_back, ticket, reason=reason, by=by)

    def acknowledges(self, ticket: Ticket, of: str, *, by: str) -> bool:
        return self._do(escalations.acknowledge, ticket, of=of, by=by)

    def records(self, ticket: Ticket, of: str, *, result: str = "reached, agreed to wait", by: str = "lena") -> None:
        self._do(escalations.record_act, ticket, of=of, result=result, by=by)

    def solves(self, ticket: Ticket, **more: Any) -> None:
        what = {"cause": "the disk was full", "actions": "cleared the logs", "verification": "Carla can save again"}
        self._do(tickets.solve, ticket, **{**what, **more})

    def reopens(self, ticket: Ticket, *, reason: str = "it is back", **more: Any) -> None:
        self._do(tickets.reopen, ticket, reason=reason, **more)

    def recovers(self, ticket: Ticket, *, reason: str = "the monitor sees it up again") -> None:
        tickets.recover(ticket, reason=reason, by="monitor/test", now=self.now)
        self.turn()
        ticket.refresh_from_db()

    def calls(self, ticket: Ticket, result: str, **more: Any) -> None:
        self._do(updates.called, ticket, result=result, **more)

    def merges(self, ticket: Ticket, *, into: Ticket) -> None:
        self._do(merging.merge, ticket, into=into, reason="the same fault")
        into.refresh_from_db()

    def cancels(self, ticket: Ticket, *, reason: str = "it was a test", **more: Any) -> None:
        self._do(tickets.cancel, ticket, reason=reason, **more)

    def _do(
        self, verb: Callable[..., Any], ticket: Ticket, *said: str, by: str = "lena", engine: bool = True, **more: Any
    ) -> Any:
        """Somebody does something, this instant, and the engine, if there is one, sees it at once."""
        done = verb(ticket, *said, by=getattr(self, by), now=self.now, **more)
        if engine:
            self.turn()
        ticket.refresh_from_db()
        return done

    # -- time

    def turn(self) -> loop.Turn:
        with ways.using(**self.edges):
            return loop.turn(self.now)

    def turns_deciding(self) -> None:
        """The engine decides what is due, and its sender has not come to it."""
        loop.decide(self.now, loop.Turn())

    def sends(self, delivery: Delivery) -> None:
        """A sender who holds this delivery in hand, or thinks so, tries it."""
        with ways.using(**self.edges):
            deliveries.Sender(lambda: self.now).send([delivery], deliveries.Sent())

    def forward(self, *, to: datetime | None = None, **by: float) -> None:
        """Time goes on, and the engine turns whenever anything falls due: to the microsecond, and not in between."""
        end = to or self.now + timedelta(**by)
        while (instant := self._next()) is not None and instant < end:
            self.now = max(self.now, instant)
            self.turn()
        self.now = end
        self.turn()

    def _next(self) -> datetime | None:
        """The instant at which a ticket or a letter wants to be looked at."""
        looks = Ticket.objects.filter(look_at__isnull=False).values_list("look_at", "not_before")
        letters = Delivery.objects.waiting().values_list("not_before", "lease_until")
        return min((max(at for at in pair if at is not None) for pair in (*looks, *letters)), default=None)

    def jump(self, *, to: datetime | None = None, **by: float) -> loop.Turn:
        """Time goes on while no engine runs; then one does."""
        self.now = to or self.now + timedelta(**by)
        return self.turn()

    def at(self, clock: str, *, day: int = 16) -> datetime:
        """The instant at which the clock on the wall (UTC) shows this, on Monday the 16th or another day: "10:15"."""
        hour, minute, *second = (float(part) for part in clock.split(":"))
        start = datetime(2026, 11, day, tzinfo=UTC)
        return start + timedelta(hours=hour, minutes=minute, seconds=second[0] if second else 0)

    def local(self, text: str, zone: str) -> datetime:
        """The instant at which a clock on the wall of that zone shows this: "2026-11-20 17:45"."""
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)

    # -- what is on record

    def log(self, ticket: Ticket) -> Iterator[Event]:
        return Event.objects.filter(stream=ticket.stream_name).order_by("seq").iterator()

    def kinds(self, ticket: Ticket) -> list[str]:
        """What happened, in the order of the log, without what came of letters."""
        return [event.kind for event in self.log(ticket) if event.kind not in ("delivered", "undelivered")]

    def keys(self, ticket: Ticket, about: str = "") -> list[str]:
        """The obligations on record whose key begins so, without what came of their letters."""
        found = [key for key in self.all_keys(ticket) if not key.startswith(("delivered/", "undelivered/"))]
        return [key for key in found if key.startswith(about)]

    def all_keys(self, ticket: Ticket) -> list[str]:
        """Every key on record, those of what came of its letters too."""
        return [event.key for event in self.log(ticket) if event.key]

    def event(self, ticket: Ticket, key: str) -> Event:
        return Event.objects.get(stream=ticket.stream_name, key=key)

    def last(self, ticket: Ticket, kind: str) -> Event:
        """The newest event of this kind."""
        return Event.objects.filter(stream=ticket.stream_name, kind=kind).latest("seq")

    def is_proven(self) -> None:
        """Every row and text shows what the log says of it, and no link of any chain is broken."""
        beside = (*promises.compare(), *standards.compare(), *texts.compare())
        assert [str(fault) for fault in (*refold(), *beside, *verify())] == []

    def reading(self, ticket: Ticket, clock: str = "resolution") -> Reading:
        """What the clock says this instant, read from the log."""
        return fold(story_of(ticket), terms_of(ticket).clocks[clock], self.now)
