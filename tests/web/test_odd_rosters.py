"""Do the pages of rosters stand what nobody would write: odd years, odd hours, a row written into by hand?"""

from __future__ import annotations

import json

import pytest

from tests.api.caller import Caller
from tests.conftest import tamper
from tests.web.test_rosters import handoff, local, now, roster, signed_in, words, world  # noqa: F401
from tests.web.test_rosters_refused import AS_IT_IS
from tocsin.core.hours import Calendar
from tocsin.directory.roster import Roster
from tocsin.web.roster_forms import hours_as_said

pytestmark = pytest.mark.django_db
BY = "/on-call/by/on-call-primary"
ZONES = ("America/Los_Angeles", "Asia/Tokyo")


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("kind", ["replace", "add", "remove"])
@pytest.mark.parametrize(
    ("start", "end", "year"),
    [
        ("0001-01-01T00:00", "2026-12-01T00:00", 1),
        ("2026-11-21T00:00", "9999-12-31T23:59", 9999),
        ("2026-11-21T00:00", "2300-01-01T00:00", 2300),
    ],
)
def test_a_year_of_which_no_roster_says_anything_is_refused(world, roster, zone, kind, start, end, year):  # noqa: F811
    browser = signed_in(world.tara)
    browser.cookies["zone"] = zone
    said = {"who": world.tara.pk, "kind": kind, "of": "", "reason": "x", "start": start, "end": end}

    answer = browser.post(f"{BY}/take-over", said)

    assert answer.status_code == 422
    assert f"A roster says nothing of the year {year}: choose one from 1901 to 2199." in words(answer)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(("since", "year"), [("0001-01-01T00:00", 1), ("9999-12-31T23:59", 9999)])
def test_turns_change_in_no_year_of_which_no_roster_says_anything(world, handoff, zone, since, year):  # noqa: F811
    world.roster("L3", "tara", "sam", "nils", starts=handoff, zone=zone)
    said = {"name": "L3", "covered": "", "since": since, "reason": "x", "publish": "1"}

    answer = signed_in(world.mona).post("/on-call/by/L3/change", AS_IT_IS | said)

    assert answer.status_code == 422
    assert f"A roster says nothing of the year {year}" in words(answer)


@pytest.mark.parametrize("spec", [[], {}, "x", {"zone": "Nowhere", "layers": []}])
def test_a_row_that_somebody_wrote_into_is_shown_as_unreadable_and_the_rest_as_ever(world, roster, spec):  # noqa: F811
    world.roster("L3", "tara")
    tamper("UPDATE tocsin_roster SET spec = %s, revision = 9 WHERE id = %s", json.dumps(spec), roster.pk)
    browser = signed_in(world.mona)

    page = words(browser.get("/on-call"))
    assert "The roster on-call-primary weekly cannot be read : somebody wrote into its row by hand." in page
    assert "L3 weekly" in page
    for path in (BY, f"{BY}/change"):
        answer = browser.get(path)
        assert (answer.status_code, "This roster cannot be read" in words(answer)) == (200, True)
    assert browser.get("/").status_code == 200
    assert Caller(world.mona).get("/on-call").status_code == 200
    said = {"who": world.lena.pk, "kind": "add", "of": "", "reason": "x", "start": "2098-01-01T00:00"}
    assert browser.post(f"{BY}/take-over", said | {"end": "2099-01-01T00:00"}).status_code == 422
    assert browser.post(f"{BY}/end", {"reason": "made anew"}).status_code == 302


OFFICE = {day: [("09:00", "17:00")] for day in ("mon", "tue", "wed", "thu", "fri")}


@pytest.mark.parametrize(
    "week",
    [
        {"sat": [("08:00", "12:00")], "mon": [("08:00", "12:00"), ("13:00", "24:00")]},
        {day: [("09:00", "24:00")] for day in OFFICE},
        OFFICE | {"fri": [("09:00", "15:00")]},
        {"mon": [("09:00", "17:00")]},
    ],
)
def test_who_renames_a_roster_leaves_hours_that_the_form_cannot_say(world, handoff, week):  # noqa: F811
    roster = world.roster("L3", "tara", starts=handoff, hours=Calendar("UTC", week))  # noqa: F811
    browser = signed_in(world.mona)
    assert "In the hours it has now" in words(browser.get("/on-call/by/L3/change"))
    kept = hours_as_said(roster.hours, "UTC")

    answer = browser.post("/on-call/by/L3/change", AS_IT_IS | kept | {"name": "New", "reason": "x", "publish": "1"})

    assert answer.status_code == 302, words(answer)
    changed = Roster.objects.get()
    assert (changed.name, changed.hours) == ("New", roster.hours)


def test_hours_that_the_form_can_say_are_shown_and_changed(world, handoff):  # noqa: F811
    world.roster("L3", "tara", starts=handoff, hours=Calendar("UTC", OFFICE))
    browser = signed_in(world.mona)
    assert "In the hours it has now" not in words(browser.get("/on-call/by/L3/change"))

    said = {"name": "L3", "covered": "6", "opens": "08:00", "closes": "18:00", "reason": "Saturdays", "publish": "1"}
    assert browser.post("/on-call/by/L3/change", AS_IT_IS | said).status_code == 302

    hours = Roster.objects.get().hours
    assert sorted(hours["week"]) == ["fri", "mon", "sat", "thu", "tue", "wed"]
    assert hours_as_said(hours, "UTC") == {"covered": "6", "opens": "08:00", "closes": "18:00"}
