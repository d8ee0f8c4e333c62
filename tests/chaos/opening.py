"""How do the tickets of this test come into an empty database? Through the desk's own verbs, in a process of their own.

`python -m tests.chaos.opening SEED SHARE` prints, as JSON, the tickets that were opened and who holds which role.
"""

from __future__ import annotations

import json
import os
import random
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.chaos.oracle import PARTS, STORIES, Story

FIELD_GUIDE = Path(__file__).parents[2] / "tocsin" / "policies" / "field-guide.toml"
CLIENTS = ("Acme", "Birch & Sons", "Cobalt")
ROLES = (
    "L1",
    "L2",
    "L3",
    "on-call-primary",
    "on-call-secondary",
    "on-call-manager",
    "incident-manager",
    "comms-lead",
    "team-lead",
    "service-desk-manager",
    "service-delivery-manager",
    "operations-manager",
    "director",
    "account-manager",
    "head-of-accounts",
    "leadership",
)
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CONTACTS = ("primary-contact", "it-manager", "executive-sponsor")
AHEAD = timedelta(seconds=45)  # × share: what falls due while engines are being killed does so within this


def fill(seed: int, share: float, now: datetime) -> dict[str, Any]:
    """A desk, its people, and tickets on which about 2,000 × share obligations are due by now or fall due soon."""
    from django.db import transaction

    from tocsin.core.hours import Calendar
    from tocsin.directory import clients
    from tocsin.directory.contact import Contact
    from tocsin.directory.person import Holding, Person
    from tocsin.standard.adopt import adopt

    dice = random.Random(seed)
    before = now - timedelta(days=1)
    day_and_night = Calendar("UTC", {day: [("00:00", "24:00")] for day in WEEK})
    who: dict[str, str] = {}
    tickets = []
    with transaction.atomic():
        adopt(FIELD_GUIDE.read_text(encoding="utf-8"), by="test", now=before)
        for role in ROLES:
            person = Person.objects.create(
                name=role.title(), level=role if role[0] == "L" else "", email=_address(role)
            )
            Holding.objects.create(role=role, person=person)
            who[role] = person.actor
        for number, name in enumerate(CLIENTS):
            client = clients.add(name, by="test", now=before)
            clients.sign(client, hours=day_and_night, starts_on=date(2026, 1, 1), by="test", now=before)
            for role in CONTACTS:
                contact = Contact.objects.create(client=client, name=role.title(), role=role, email=_address(role))
                who[f"{role} of {client.pk}"] = contact.actor
            owner = Person.objects.get(name="L1")
            for story, part in PARTS.items():
                for case in range(number, round(part * share), len(CLIENTS)):
                    tickets.append(_open(client, owner, story, case, now, dice, share))
    return {"who": who, "tickets": tickets}


def _open(
    client: Any, owner: Any, name: str, case: int, now: datetime, dice: random.Random, share: float
) -> dict[str, Any]:
    from tocsin.desk import tickets

    story: Story = STORIES[name]
    # A third fell due before any engine ran, the rest while engines come and go; to the microsecond, as in life.
    lead = timedelta(seconds=dice.uniform(-60, 0)) if dice.random() < 0.34 else dice.uniform(0, share) * AHEAD
    if story.solved_after:
        lead = -timedelta(minutes=story.solved_after)
    at = now + lead - timedelta(minutes=story.last)
    title = f"{name}, case {case} of {client.slug}"
    ticket = tickets.open(client=client, title=title, priority=story.priority, reported_at=at, by=owner, now=at)
    if story.waits_to:
        starts, ends = (at + timedelta(minutes=minutes) for minutes in (story.waits_from, story.waits_to))
        tickets.wait(ticket, on="client", reason="which one is it?", until=ends, by=owner, now=starts)
    if story.solved_after:
        then = at + timedelta(minutes=story.solved_after)
        tickets.assign(ticket, owner=owner, by=owner, now=then)
        tickets.solve(ticket, cause="a fuse", actions="changed it", verification="it runs", by=owner, now=then)
    return {"pk": ticket.pk, "client": client.pk, "story": name, "number": ticket.number, "reported_at": at.isoformat()}


def _address(role: str) -> str:
    return f"{role.lower()}@msp.example"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tocsin.settings")
    import django

    django.setup()
    print(json.dumps(fill(int(sys.argv[1]), float(sys.argv[2]), datetime.now(UTC))))
