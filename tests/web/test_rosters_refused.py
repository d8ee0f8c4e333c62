"""What does a roster's page refuse, and does it say what to do instead?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.web.test_rosters import HOUR, local, monday, now, roster, signed_in, words, world  # noqa: F401
from tocsin.desk import tickets
from tocsin.directory.person import ASSIGNED, Person

pytestmark = pytest.mark.django_db


def test_who_may_not_see_acme_does_not_make_themselves_the_reader_of_its_pages(world, roster, now):  # noqa: F811
    globex = world.client("Globex")
    Person.objects.filter(pk=world.lena.pk).update(access=ASSIGNED)
    world.lena.refresh_from_db()
    world.lena.clients.set([globex])
    said = {"who": world.lena.pk, "kind": "replace", "of": "", "reason": "me"}
    span = {"start": local(now - HOUR), "end": local(now + 3 * HOUR)}

    answer = signed_in(world.lena).post("/on-call/by/on-call-primary/take-over", said | span)

    assert answer.status_code == 422
    assert "Lena may not see every client, and this roster is for all of them: choose somebody who may." in words(
        answer
    )
    world.now = now + timedelta(minutes=1)
    tickets.open(client=world.acme, title="Payroll leaked", priority="P1", by=world.sam, now=world.now)
    world.turn()
    assert not [letter for letter in world.phone("lena").letters if "Payroll" in f"{letter.subject}{letter.text}"]
