"""How long does a page take on a desk of so many tickets?

`python -m bench.look N` fills the database of the environment, which has been migrated, with N open tickets, then asks
for Now and for one ticket's page as a signed-in person, and prints a line of JSON: for each the median milliseconds of
server time and the number of queries.
"""

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median
from time import perf_counter
from typing import Any

ASKED = 15


def main(count: int) -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    from bench.crowd import fill
    from tocsin.desk.ticket import Ticket
    from tocsin.directory import accounts
    from tocsin.directory.person import Person

    settings.ALLOWED_HOSTS.append("testserver")
    fill(count, datetime.now(UTC) + timedelta(hours=1))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    person = Person.objects.create(name="Ann Berg", email="ann@msp.example")
    account = accounts.add(person.email, password="a heron on the weir", person=person, now=datetime.now(UTC))
    browser = Client(headers={"accept": "text/html"})
    browser.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
    number = Ticket.objects.order_by("-pk").values_list("number", flat=True)[0]
    told: dict[str, Any] = {}
    for name, path in (("now", "/"), ("ticket", f"/tickets/{number}")):
        asked: list[str] = []
        browser.get(path)  # what a process keeps, it has by now
        with connection.execute_wrapper(_noted(asked)):
            assert browser.get(path).status_code == 200
        told[name] = {"ms": round(_median_ms(lambda path=path: browser.get(path)), 1), "queries": len(asked)}
    print(json.dumps(told))


def _noted(asked: list[str]) -> Callable[..., Any]:
    def execute(ask: Callable[..., Any], statement: str, *given: Any) -> Any:
        asked.append(statement)
        return ask(statement, *given)

    return execute


def _median_ms(ask: Callable[[], Any]) -> float:
    taken = []
    for _ in range(ASKED):
        begun = perf_counter()
        ask()
        taken.append((perf_counter() - begun) * 1000)
    return median(taken)


if __name__ == "__main__":
    main(int(sys.argv[1]))
