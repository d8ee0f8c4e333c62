"""Whom does a desk begin with that wants no past, and what is a newcomer told?

A small desk of invented people who can sign in, one client with a contract, the field guide as its standard, and a key
for a monitor, so that one `curl` opens a critical ticket and the console shows who is told.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from importlib.resources import files

from django.conf import settings
from django.db import transaction

from tocsin.demo import cast
from tocsin.desk import intake_keys
from tocsin.directory import accounts
from tocsin.directory.client import Client
from tocsin.directory.person import Person
from tocsin.standard.adopt import adopt

BY = "starter"
LOGINS = """Sign in as any of these people, all with the password

  {password}

{people}

It is shown this once; `.venv/bin/tocsin account --help` says how to make another.
"""
CURL = """{first} Open a second terminal and let a monitor cry:

  curl -X POST http://{address}/in/generic -H 'Authorization: Bearer {key}' \\
    -H 'Content-Type: application/json' \\
    -d '{{"alert_uid":"fs01","title":"File server down, nobody can work","state":"alerting","severity":"critical"}}'

and watch this console: it prints who is told, by which rule. The key is shown this once;
`.venv/bin/tocsin intake key add --help` says how to make more."""


def is_empty() -> bool:
    """Nobody works at this desk, and it works for nobody."""
    return not (Client.objects.exists() or Person.objects.exists())


def ensure(now: datetime) -> str:
    """An empty desk has people, a client, a standard and a key; returns what to tell the newcomer, "" if it had any."""
    if not is_empty():
        return ""
    with transaction.atomic():
        before = now - timedelta(days=1)
        adopt(field_guide(), by=BY, now=before)
        client = cast.client(cast.NORTHGATE, by=BY, now=before)
        staff = cast.staff()
        cast.take_turns(staff, at=now, by=BY, now=before)
        people = [*staff.values(), *cast.guests()]
        password = accounts.add_demo(people, now=now)
        _, key = intake_keys.add(client=client, source="generic", name="starter", by=BY, now=now)
    return welcome(people, password=password, key=key, first="Nobody has told it anything yet.")


def welcome(people: Iterable[Person], *, password: str, key: str, first: str) -> str:
    """As whom to sign in, and how to let a monitor cry with this key, after a sentence about the desk."""
    host, port = settings.TOCSIN_BIND
    address = f"{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{port}"
    listed = "\n".join(f"  {person.email:<28} {cast.post(person)}" for person in people)
    logins = LOGINS.format(password=password, people=listed)
    return f"{logins}\n{CURL.format(first=first, address=address, key=key)}"


def field_guide() -> str:
    return (files("tocsin") / "policies" / "field-guide.toml").read_text("utf-8")
