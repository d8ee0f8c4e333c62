"""How does a benchmark get a desk with something in it? Run as a program, in that desk's surroundings.

`python -m bench.desk keys 4` makes clients with a key each and prints the keys; `python -m bench.desk read 5` reads
what came in for at most so many seconds and prints a line of JSON; `python -m bench.desk writers 8` makes keys for the
API of a desk that has clients, and prints each with the client it may write for.
"""

import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from time import monotonic
from typing import Any

import django

import tocsin

BY = "benchmark"


def keys(count: int) -> str:
    """So many clients, each with a contract and a key for generic alerts that may send as fast as it can."""
    from tocsin.core.hours import Calendar
    from tocsin.desk import intake_keys
    from tocsin.directory import clients
    from tocsin.standard.adopt import adopt

    now = datetime.now(UTC)
    adopt((Path(tocsin.__file__).parent / "policies" / "field-guide.toml").read_text(), by=BY, now=now)
    made = []
    for number in range(1, count + 1):
        client = clients.add(f"Client {number}", by=BY, now=now)
        clients.sign(client, hours=Calendar.always(), starts_on=date(2026, 1, 1), by=BY, now=now)
        made.append(intake_keys.add(client=client, source="generic", rate=intake_keys.FASTEST, by=BY, now=now)[1])
    return "\n".join(made)


def read(seconds: int) -> str:
    """What came in is read until nothing is left, or so long: bodies read, seconds taken, tickets there are now."""
    from tocsin.desk.intake_item import UNREADABLE, IntakeItem
    from tocsin.desk.ticket import Ticket
    from tocsin.engine import intake, loop

    begun, count = monotonic(), 0
    while (taken := monotonic() - begun) < seconds and (some := intake.turn(loop.now())):
        count += some
    said: dict[str, Any] = {
        "read": count,
        "seconds": taken,
        "tickets": Ticket.objects.count(),
        "unreadable": IntakeItem.objects.filter(state=UNREADABLE).count(),
    }
    return json.dumps(said)


def writers(count: int) -> str:
    """So many keys for the API, each for a client of its own and as fast as a key may be: the key and the client."""
    from tocsin.directory import api_keys
    from tocsin.directory.client import Client
    from tocsin.directory.person import Person

    now = datetime.now(UTC)
    person = Person.objects.create(name="Ann Berg", email="ann@msp.example")
    made = []
    for client in Client.objects.order_by("pk")[:count]:
        _, text = api_keys.add(
            person=person, scopes=["tickets:write"], client=client, rate=api_keys.FASTEST, now=now, name=BY
        )
        made.append(f"{text} {client.slug}")
    return "\n".join(made)


if __name__ == "__main__":
    django.setup()
    print({"keys": keys, "read": read, "writers": writers}[sys.argv[1]](int(sys.argv[2])))
