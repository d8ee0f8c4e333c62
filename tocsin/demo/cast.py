"""Who plays in the demo? Ten invented people who work, two who look on, and five invented clients on five standards.

No such firm exists, and every mail address ends in .example, where nobody can be reached.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from tocsin.core.hours import Calendar
from tocsin.core.rota import Layer, Rota
from tocsin.directory import clients, rosters
from tocsin.directory.client import Client, Service
from tocsin.directory.contact import Contact
from tocsin.directory.person import ASSIGNED, READ_ONLY, Holding, Person
from tocsin.standard import presets

BY = "demo"
WORKDAYS = ("mon", "tue", "wed", "thu", "fri")

# Name, level, roles (with a rank where they are the backup): who would be asked for what in a desk of a dozen.
STAFF = (
    ("Lena Vogt", "L1", {"L1": 0, "comms-lead": 0}),
    ("Ben Castell", "L1", {"L1": 1, "comms-lead": 1}),
    ("Sam Okoye", "L2", {"L2": 0, "on-site": 0}),
    ("Tara Lind", "L3", {"L3": 0, "incident-manager": 0, "team-lead": 1}),
    ("Tom Reyes", "L3", {"L3": 1, "L2": 1, "on-site": 1, "team-lead": 0, "incident-manager": 1}),
    ("Mona Dahl", "", {"service-desk-manager": 0, "management": 0, "service-delivery-manager": 1}),
    (
        "Dora Klein",
        "",
        {"service-delivery-manager": 0, "service-desk-manager": 1, "management": 1, "operations-manager": 1},
    ),
    ("Olga Brandt", "", {"operations-manager": 0, "director": 1, "account-manager": 1, "leadership": 1}),
    ("Viktor Sand", "", {"director": 0, "leadership": 0, "head-of-accounts": 1}),
    ("Alma Weiss", "", {"account-manager": 0, "head-of-accounts": 0}),
)

# Name, level, access, the clients they are assigned to, what they are: who sees less, or may do less, than the ten.
GUESTS = (
    ("Nadia Roth", "", READ_ONLY, (), "auditor, reads everything and changes nothing"),
    ("Kai Moss", "L1", ASSIGNED, ("harbour-lane-law", "northgate-dental"), "L1 contractor, assigned to two clients"),
)

# Name, role, who takes a week each, in this order, and who stands in: what is held in turns.
ROSTERS = (
    ("On call", "on-call-primary", ("tara", "sam", "tom"), "mona"),
    ("On call, second", "on-call-secondary", ("sam", "tom", "tara"), "mona"),
    ("Manager on call", "on-call-manager", ("mona", "olga"), "dora"),
)
ZONE, HANDED_OFF_AT = "Europe/London", time(9)
ROUND = 6  # weeks after which all of them begin anew


@dataclass(frozen=True, eq=False)
class Firm:
    """A client as the demo knows it: `hours` are its support hours, weekday by weekday (empty: round the clock).

    `services` are slug → name, `contacts` role → (name, phone), `users` those who call besides. `standard` is the
    one its contract names, and `pace` how fast its tickets are worked on: where less time is promised, less is taken.
    """

    name: str
    zone: str
    domain: str
    hours: dict[str, list[tuple[str, str]]]
    services: dict[str, str]
    contacts: dict[str, tuple[str, str]]
    users: tuple[str, ...]
    overrides: dict[str, Any]
    standard: str = "field-guide"
    pace: float = 1

    def met(self, priority: str) -> str:
        """What its standard calls a priority of the field guide: S1 for P1, say."""
        return presets.met(self.standard)[priority]

    @property
    def raises_by_age(self) -> bool:
        return "raises" in presets.read(self.standard).document.content

    @property
    def calendar(self) -> Calendar:
        return Calendar(self.zone, self.hours) if self.hours else Calendar.always(self.zone)


def _every(days: tuple[str, ...], opens: str, closes: str) -> dict[str, list[tuple[str, str]]]:
    return {day: [(opens, closes)] for day in days}


NORTHGATE = Firm(
    name="Northgate Dental",
    zone="Australia/Sydney",
    domain="northgate-dental.example",
    hours=_every(WORKDAYS, "08:00", "18:00"),
    services={"files": "File services", "mail": "Mail", "practice": "Practice software", "imaging": "X-ray imaging"},
    contacts={
        "primary-contact": ("Carla Mendes", "+61 2 5550 0101"),
        "it-manager": ("Ivan Petrov", "+61 2 5550 0102"),
        "executive-sponsor": ("Eva Lang", "+61 2 5550 0103"),
    },
    users=("Dr Hart", "Mei Tan", "Paula Quinn", "reception", "Jonas Pike"),
    overrides={},
)
HARBOUR = Firm(
    name="Harbour & Lane Law",
    zone="Europe/London",
    domain="harbour-lane.example",
    hours=_every(WORKDAYS, "08:30", "18:00"),
    services={"files": "Document management", "mail": "Mail", "vpn": "Remote access", "phones": "Telephones"},
    contacts={
        "primary-contact": ("Grace Adeyemi", "+44 20 5550 0111"),
        "it-manager": ("Owen Price", "+44 20 5550 0112"),
        "executive-sponsor": ("Helen Lane", "+44 20 5550 0113"),
    },
    users=("Ms Farrow", "Mr Doyle", "Kit Barlow", "the second floor", "Priya Nair"),
    overrides={"targets": {"resolution": {"P3": "16h"}}},
    standard="operating-standard",
)
KESTREL = Firm(
    name="Kestrel Freight",
    zone="America/Chicago",
    domain="kestrel-freight.example",
    hours={},
    services={"dispatch": "Dispatch", "scanners": "Handheld scanners", "wifi": "Warehouse Wi-Fi", "mail": "Mail"},
    contacts={
        "primary-contact": ("Dale Burkett", "+1 312 555 0121"),
        "it-manager": ("Rosa Jimenez", "+1 312 555 0122"),
        "executive-sponsor": ("Frank Kestrel", "+1 312 555 0123"),
    },
    users=("dock 4", "Wanda Cole", "night shift", "Luis Ortega", "the gatehouse"),
    overrides={"services": {"dispatch": {"targets": {"resolution": {"P2": "6h"}}}}},
    standard="sla-guard",
)
BEACON = Firm(
    name="Beacon Realty",
    zone="Asia/Kolkata",
    domain="beacon-realty.example",
    hours=_every((*WORKDAYS, "sat"), "09:30", "18:30"),
    services={"crm": "CRM", "site": "Web site", "mail": "Mail", "phones": "Telephones"},
    contacts={
        "primary-contact": ("Anita Rao", "+91 22 5550 0131"),
        "it-manager": ("Vikram Shah", "+91 22 5550 0132"),
        "executive-sponsor": ("Meera Iyer", "+91 22 5550 0133"),
    },
    users=("Rahul Menon", "the Andheri branch", "Sunita Das", "Farhan Ali", "the front desk"),
    overrides={},
    standard="severity-tiers",
)
ALDER = Firm(
    name="Alder Joinery",
    zone="Europe/Berlin",
    domain="alder-joinery.example",
    hours=_every(WORKDAYS, "07:00", "17:00"),
    services={"files": "File services", "mail": "Mail", "wifi": "Workshop Wi-Fi", "phones": "Telephones"},
    contacts={
        "primary-contact": ("Jana Alder", "+49 30 5550 0141"),
        "it-manager": ("Timo Brecht", "+49 30 5550 0142"),
        "executive-sponsor": ("Karl Alder", "+49 30 5550 0143"),
    },
    users=("Uwe Lenz", "the workshop", "Ines Vogel", "the drawing office", "Peer Holm"),
    overrides={},
    standard="three-tier",
    pace=0.4,
)
FIRMS = (NORTHGATE, HARBOUR, KESTREL, BEACON, ALDER)


def staff() -> dict[str, Person]:
    """All of them work here, with their roles; by first name in small letters."""
    people = {}
    for name, level, roles in STAFF:
        first = name.split()[0].lower()
        email = f"{first}@tocsin-desk.example"
        people[first] = Person.objects.create(name=name, level=level, email=email, ways=ways(name, email))
        Holding.objects.bulk_create(Holding(role=role, person=people[first], rank=rank) for role, rank in roles.items())
    return people


def guests() -> list[Person]:
    """An auditor, and a technician who sees only the clients assigned, as far as those are here."""
    found = []
    for name, level, access, slugs, _ in GUESTS:
        email = f"{name.split()[0].lower()}@tocsin-desk.example"
        person = Person.objects.create(name=name, level=level, email=email, access=access, ways=ways(name, email))
        person.clients.set(Client.objects.filter(slug__in=slugs))
        found.append(person)
    return found


def take_turns(people: dict[str, Person], *, at: datetime, now: datetime, by: str = BY) -> None:
    """Who is paged is told by rosters, week by week; at the instant `at` the first of each is on duty."""
    there = at.astimezone(ZoneInfo(ZONE)).replace(tzinfo=None)
    monday = datetime.combine(there.date() - timedelta(days=there.weekday()), HANDED_OFF_AT)
    monday -= timedelta(weeks=ROUND + (1 if monday > there else 0))
    for name, role, order, fallback in ROSTERS:
        rosters.add(
            name,
            role=role,
            rota=Rota(ZONE, [Layer([people[each].actor for each in order], monday)]),
            owner=people["mona"],
            fallback=people[fallback],
            by=by,
            now=now,
        )


def client(firm: Firm, *, now: datetime, by: str = BY) -> Client:
    """The firm is a client, with a contract since long ago, services, and contacts by role."""
    found = clients.add(firm.name, zone=firm.zone, by=by, now=now)
    clients.sign(
        found,
        policy=firm.standard,
        hours=firm.calendar,
        starts_on=date(now.year - 1, 1, 1),
        overrides=firm.overrides,
        by=by,
        now=now,
    )
    Service.objects.bulk_create(Service(client=found, name=name, slug=slug) for slug, name in firm.services.items())
    for role, (name, phone) in firm.contacts.items():
        email = f"{name.split()[0].lower()}@{firm.domain}"
        Contact.objects.create(client=found, name=name, role=role, phone=phone, email=email, ways=ways(name, email))
    return found


def post(person: Person) -> str:
    """Lena Vogt, L1; Dora Klein, service delivery manager; Nadia Roth, auditor, …"""
    if guest := next((says for name, *_, says in GUESTS if name == person.name), ""):
        return f"{person.name}, {guest}"
    (roles,) = [roles for name, _, roles in STAFF if name == person.name]
    return f"{person.name}, {person.level or next(iter(roles)).replace('-', ' ')}"


def ways(name: str, email: str) -> list[list[str]]:
    """The console, where whoever tries it sees it; by mail first once there is a mail server."""
    known = [["terminal", name]]
    return [["email", email], *known] if settings.TOCSIN_SMTP else known
