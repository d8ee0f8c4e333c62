"""What does a roster's page refuse, and does it say what to do instead?"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.web.test_rosters import (  # noqa: F401
    HOUR,
    WEEK,
    WEEKLY,
    handoff,
    local,
    now,
    roster,
    signed_in,
    words,
    world,
)
from tocsin.core.written import DAYS
from tocsin.desk import tickets
from tocsin.directory.duty import rota_of
from tocsin.directory.person import ASSIGNED, Person
from tocsin.directory.roster import Roster

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


def test_a_roster_and_its_second_are_published_both_or_not_at_all(world):  # noqa: F811
    world.roster("on-call-secondary", "omar")
    order = {f"person_{place}": world.people[name].pk for place, name in enumerate(("tara", "sam"))}
    browser = signed_in(world.mona)

    for press in ({}, {"publish": "1"}):
        answer = browser.post("/on-call/make", WEEKLY | order | press)

        assert answer.status_code == 422
        assert "on-call-secondary weekly says already who is on-call-secondary when" in words(answer)
        assert not Roster.objects.filter(role="on-call-primary").exists()


def test_the_second_has_a_role_of_its_own(world):  # noqa: F811
    order = {"person_0": world.tara.pk, "person_1": world.sam.pk, "second": "on-call-primary"}

    answer = signed_in(world.mona).post("/on-call/make", WEEKLY | order)

    assert answer.status_code == 422
    assert "The second has a role of its own: on-call-secondary." in words(answer)


LAYER = {"people": "Tara\nSam\nNils", "every": "1", "unit": "weeks", "count": "time"}
ONE_MORE = {"people": "", "every": "1", "unit": "weeks", "count": "time"}
AS_IT_IS = {f"layer-{n}-{key}": value for n, layer in enumerate((LAYER, ONE_MORE)) for key, value in layer.items()}


def test_who_adds_a_layer_starts_the_other_turns_no_anew(world, now, handoff):  # noqa: F811
    roster = world.roster("L3", "tara", "sam", "nils", starts=handoff - 2 * WEEK)  # noqa: F811
    at = now + 2 * HOUR
    before = rota_of(roster).on_call(at)
    said = {"name": "L3", "covered": "", "since": local(now + HOUR), "reason": "Omar for a night hour", "publish": "1"}
    another_day = DAYS[(at + timedelta(days=3)).weekday()]
    more = {"layer-1-people": "Omar", "layer-1-windows": f"{another_day} 00:00-01:00"}
    windows = {"layer-0-people": LAYER["people"].replace("\n", "\r\n")}  # as a browser sends lines

    answer = signed_in(world.mona).post("/on-call/by/L3/change", AS_IT_IS | said | more | windows)

    assert answer.status_code == 302, words(answer)
    roster.refresh_from_db()
    assert before == (world.nils.actor,)
    assert rota_of(roster).on_call(at) == before
    assert [layer.ends for layer in rota_of(roster).layers] == [None, None]


def test_of_two_who_change_a_roster_the_later_one_is_asked_to_look_anew(world, roster):  # noqa: F811
    mona, tom = signed_in(world.mona), signed_in(world.tom)
    page = tom.get("/on-call/by/on-call-primary/change").content.decode()
    (seen,) = re.findall(r'name="revision" value="(\d+)"', page)
    said = AS_IT_IS | {"name": roster.name, "covered": "", "reason": "x", "owner": world.dora.pk, "revision": seen}
    first = mona.post("/on-call/by/on-call-primary/change", said | {"fallback": world.mona.pk, "publish": "1"})
    assert first.status_code == 302

    for press in ({}, {"publish": "1"}):
        renamed = said | {"name": "Renamed", "fallback": world.tom.pk}
        answer = tom.post("/on-call/by/on-call-primary/change", renamed | press)

        assert answer.status_code == 422
        assert "Somebody has changed this roster since you opened the page: open it anew" in words(answer)
    roster.refresh_from_db()
    assert (roster.fallback, roster.name) == (world.mona, "on-call-primary weekly")
