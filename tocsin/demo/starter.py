"""Whom does an empty desk begin with?

A small desk of invented people who can sign in, one client with a contract, the field guide as its standard, and a key
for a monitor, so that one `curl` opens a critical ticket and the console shows who is told.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from importlib.resources import files

from django.conf import settings
from django.db import transaction

from tocsin.core.hours import Calendar
from tocsin.desk import intake_keys
from tocsin.directory import accounts, clients
from tocsin.directory.client import Client, Service
from tocsin.directory.contact import Contact
from tocsin.directory.person import Holding, Person
from tocsin.standard.adopt import adopt

BY = "starter"
OFFICE = {day: [("08:00", "18:00")] for day in ("mon", "tue", "wed", "thu", "fri")}

# Name, level, roles: who would be asked for what in a desk of a dozen.
STAFF = (
    ("Lena Vogt", "L1", ("L1", "comms-lead")),
    ("Sam Okoye", "L2", ("L2", "on-call-secondary")),
    ("Tara Lind", "L3", ("L3", "on-call-primary", "incident-manager")),
    ("Tom Reyes", "", ("team-lead",)),
    ("Mona Dahl", "", ("service-desk-manager", "management", "on-call-manager")),
    ("Dora Klein", "", ("service-delivery-manager",)),
    ("Olga Brandt", "", ("operations-manager",)),
    ("Viktor Sand", "", ("director", "leadership")),
    ("Alma Weiss", "", ("account-manager", "head-of-accounts")),
)
CONTACTS = (
    ("Carla Mendes", "primary-contact", "+61 2 5550 0101"),
    ("Ivan Petrov", "it-manager", "+61 2 5550 0102"),
    ("Eva Lang", "executive-sponsor", "+61 2 5550 0103"),
)
LOGINS = """Sign in as any of these people, all with the password

  {password}

{people}

It is shown this once; `.venv/bin/tocsin account --help` says how to make another.
"""
CURL = """Nobody has told it anything yet. Open a second terminal and let a monitor cry:

  curl -X POST http://{address}/in/generic -H 'Authorization: Bearer {key}' \\
    -H 'Content-Type: application/json' \\
    -d '{{"alert_uid":"fs01","title":"File server down, nobody can work","state":"alerting","severity":"critical"}}'

and watch this console: it prints who is told, by which rule. The key is shown this once;
`.venv/bin/tocsin intake key add --help` says how to make more."""


def ensure(now: datetime) -> str:
    """An empty desk has people, a client, a standard and a key; returns what to tell the newcomer, "" if it had any."""
    if Client.objects.exists() or Person.objects.exists():
        return ""
    with transaction.atomic():
        before = now - timedelta(days=1)
        adopt(_field_guide(), by=BY, now=before)
        client = clients.add("Northgate Dental", zone="Australia/Sydney", by=BY, now=before)
        clients.sign(
            client, hours=Calendar("Australia/Sydney", OFFICE), starts_on=date(now.year, 1, 1), by=BY, now=before
        )
        for name, slug in (("File services", "files"), ("Mail", "mail")):
            Service.objects.create(client=client, name=name, slug=slug)
        people = [_person(name, level, roles) for name, level, roles in STAFF]
        password = accounts.add_demo(people, now=now)
        for name, role, phone in CONTACTS:
            first = name.split()[0].lower()
            email = f"{first}@northgate-dental.example"
            Contact.objects.create(
                client=client, name=name, role=role, phone=phone, email=email, ways=_ways(name, email)
            )
        _, key = intake_keys.add(client=client, source="generic", name="starter", by=BY, now=now)
    host, port = settings.TOCSIN_BIND
    address = f"{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{port}"
    listed = "\n".join(f"  {person.email:<28} {_post(person)}" for person in people)
    return f"{LOGINS.format(password=password, people=listed)}\n{CURL.format(address=address, key=key)}"


def _person(name: str, level: str, roles: tuple[str, ...]) -> Person:
    email = f"{name.split()[0].lower()}@tocsin-desk.example"
    person = Person.objects.create(name=name, level=level, email=email, ways=_ways(name, email))
    Holding.objects.bulk_create(Holding(role=role, person=person) for role in roles)
    return person


def _post(person: Person) -> str:
    """Lena Vogt, L1; Tom Reyes, team lead."""
    (roles,) = [roles for name, _, roles in STAFF if name == person.name]
    return f"{person.name}, {person.level or roles[0].replace('-', ' ')}"


def _ways(name: str, email: str) -> list[list[str]]:
    """The console, where whoever tries it sees it; by mail once there is a mail server."""
    ways = [["terminal", name]]
    return [["email", email], *ways] if settings.TOCSIN_SMTP else ways


def _field_guide() -> str:
    return (files("tocsin") / "policies" / "field-guide.toml").read_text("utf-8")
