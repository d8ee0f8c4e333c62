"""Ten thousand different tickets that all have something due at one and the same instant.

`python -m bench.crowd N SECONDS` fills the database of the environment, which has been migrated, and prints that
instant: N tickets of 50 clients under field-guide, twelve events each, whose promised client update comes near
SECONDS after the start. It writes them as the desk would have, chained and projected, a thousand at a time.
"""

import sys
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files

CLIENTS = 50
BATCH = 1000


def fill(count: int, due_at: datetime) -> None:
    """`count` tickets are stored; on each a warning falls due at `due_at`, and nothing before."""
    from django.db import transaction

    from tocsin.core import event as told
    from tocsin.core.hours import Calendar
    from tocsin.desk.numbers import numbers
    from tocsin.desk.ticket import Ticket
    from tocsin.desk.timeline import PROJECTED, Act
    from tocsin.directory import clients
    from tocsin.directory.person import Holding, Person
    from tocsin.log.append import insert
    from tocsin.log.chain import Draft
    from tocsin.log.stream import HEAD
    from tocsin.standard.adopt import adopt
    from tocsin.standard.terms import version_for

    long_ago = due_at - timedelta(days=30)
    adopt((files("tocsin") / "policies" / "field-guide.toml").read_text("utf-8"), by="bench", now=long_ago)
    week = {day: [("08:00", "18:00")] for day in ("mon", "tue", "wed", "thu", "fri")}
    ours = []
    for number in range(CLIENTS):
        client = clients.add(f"Client {number}", by="bench", now=long_ago)
        clients.sign(client, hours=Calendar("UTC", week), starts_on=date(2020, 1, 1), by="bench", now=long_ago)
        ours.append(client)
    lead = Person.objects.create(name="Lena Vogt", ways=[["terminal", "lena"]])
    Holding.objects.create(role="comms-lead", person=lead)
    version = version_for(ours[0])
    opened_at = due_at - timedelta(minutes=25)
    # The client was promised an update in 31 min 15 s, and 80 % of that are the 25 minutes.
    promised = opened_at + timedelta(minutes=31, seconds=15)
    for first in range(0, count, BATCH):
        with transaction.atomic():
            names = numbers("incident", min(BATCH, count - first))
            tickets = Ticket.objects.bulk_create(
                Ticket(
                    client=ours[(first + place) % CLIENTS],
                    number=name,
                    title=f"Mailbox {first + place} does not synchronise",
                    priority="P2",
                    reported_at=opened_at,
                    opened_at=opened_at,
                    policy_version=version,
                    owner=lead,
                    worker=lead,
                    updates_sent=1,
                )
                for place, name in enumerate(names)
            )
            entries = []
            for ticket in tickets:
                act = Act(ticket, by="bench", now=opened_at, story=[])
                act.record(told.Opened(opened_at, "P2", "L1"), **ticket.as_opened)
                act.record(told.Noted(opened_at), kind="assigned", owner=lead.pk, worker=lead.pk)
                act.record(told.Responded(opened_at), means="phone")
                act.record(told.Updated(opened_at, promised), means="phone")
                for _ in range(8):
                    act.drafts.append(Draft("noted", opened_at, f"person/{lead.pk}", {"sha256": "0" * 64}))
                entries += act.told()
            insert(entries)
            Ticket.objects.bulk_update(tickets, [*HEAD, *PROJECTED], batch_size=200)


def main(count: int, seconds: int) -> None:
    import django

    django.setup()
    due_at = datetime.now(UTC) + timedelta(seconds=seconds)
    fill(count, due_at)
    if datetime.now(UTC) > due_at - timedelta(seconds=2):
        sys.exit(f"filling took longer than {seconds} s: give it more")
    print(due_at.isoformat())


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
