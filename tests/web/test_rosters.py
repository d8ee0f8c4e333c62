"""Can a person see who is woken when, make a roster, take over, undo, swap and change it?"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client as Browser

from tests.world import World
from tocsin.core.hours import Calendar
from tocsin.core.rota import Override
from tocsin.directory import accounts, rosters
from tocsin.directory.duty import rota_of
from tocsin.directory.holders import holders
from tocsin.directory.person import ASSIGNED, Person
from tocsin.directory.roster import Roster
from tocsin.log.event import Event

pytestmark = pytest.mark.django_db
WEEK, HOUR = timedelta(weeks=1), timedelta(hours=1)


@pytest.fixture
def now():
    return datetime.now(UTC)


@pytest.fixture
def world(db) -> World:
    return World()


@pytest.fixture
def handoff(now):
    """When the first turn of a week began, by the wall in UTC: two days ago, so that no handoff is near."""
    return (now - timedelta(days=2)).replace(minute=0, second=0, microsecond=0, tzinfo=None)


@pytest.fixture
def roster(world, handoff):
    return world.roster("on-call-primary", "tara", "sam", "nils", starts=handoff, fallback="tom", owner="dora")


def signed_in(person: Person) -> Browser:
    browser = Browser(headers={"accept": "text/html"})
    mail = f"{person.name.lower()}@msp.example"
    browser.force_login(accounts.add(mail, password="a heron on the weir", person=person, now=datetime.now(UTC)))
    return browser


def words(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def local(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M")


def test_it_says_who_is_woken_now_until_when_and_who_is_next(world, roster, handoff):
    page = words(signed_in(world.lena).get("/on-call"))

    assert re.search(r"TA? Tara on-call-primary weekly · until \S+ .*?, then Sam", page)
    assert "Service desk manager Mona" in page, "a role without a time is called as the standard calls it"


def test_the_picture_and_the_words_show_the_same_shifts(world, roster):
    page = signed_in(world.lena).get("/on-call").content.decode()

    drawn = re.findall(r'<rect class="duty"[^>]*><title>(\w+): ', page)
    assert drawn[:2] == ["Tara", "Sam"]
    assert re.findall(r'<span class="person">(\w+)</span>', page) == drawn
    assert " style=" not in page


def test_a_hole_is_drawn_and_named_and_leads_to_where_it_is_taken_over(world, roster, now):
    off = Override("remove", now + 24 * HOUR, now + 30 * HOUR, (world.tara.actor, world.sam.actor))
    rosters.override(roster, off, reason="both away", by=world.mona, now=now)

    page = signed_in(world.lena).get("/on-call")

    assert '<rect class="hole"' in page.content.decode()
    assert "Nobody is on duty by on-call-primary weekly" in words(page)
    assert "A page sent then goes to Tom, the roster's fallback" in words(page).replace("&#x27;", "'")
    assert 'href="/on-call/by/on-call-primary#take-over"' in page.content.decode()


def test_now_warns_of_a_hole_that_begins_within_a_day_and_of_no_later_one(world, roster, now):
    browser = signed_in(world.lena)
    later = Override("remove", now + 30 * HOUR, now + 31 * HOUR, (world.tara.actor, world.sam.actor))
    roster = rosters.override(roster, later, reason="away", by=world.mona, now=now)
    assert "Nobody is on duty" not in words(browser.get("/"))

    sooner = Override("remove", now + 3 * HOUR, now + 4 * HOUR, (world.tara.actor, world.sam.actor))
    rosters.override(roster, sooner, reason="away", by=world.mona, now=now)

    assert "Nobody is on duty by on-call-primary weekly from" in words(browser.get("/"))


def test_anybody_of_the_staff_takes_a_shift_over_and_gives_it_back(world, roster, now):
    browser = signed_in(world.lena)
    said = {"who": world.lena.pk, "kind": "replace", "of": "", "reason": "Tara is ill"}
    span = {"start": local(now), "end": local(now + 3 * HOUR)}

    answer = browser.post("/on-call/by/on-call-primary/take-over", said | span, follow=True)

    assert "Lena put Lena on duty: Tara is ill" in words(answer)
    later = now + timedelta(minutes=2)
    assert [who.name for who in holders("on-call-primary", None, at=later)][:1] == ["Lena"]
    (mark,) = re.findall(r'name="mark" value="(\w+)"', answer.content.decode())
    undone = browser.post("/on-call/by/on-call-primary/undo", {"mark": mark, "reason": "she is well"}, follow=True)
    assert "Lena undid an override: she is well" in words(undone)
    assert [who.name for who in holders("on-call-primary", None, at=later)][:1] == ["Tara"]


def test_what_cannot_be_taken_over_says_why_and_keeps_what_was_written(world, roster, now):
    said = {"who": world.lena.pk, "kind": "replace", "of": world.mona.pk, "reason": "a fair"}
    span = {"start": local(now + HOUR), "end": local(now + 3 * HOUR)}

    answer = signed_in(world.lena).post("/on-call/by/on-call-primary/take-over", said | span)

    assert answer.status_code == 422
    assert "Mona is not on duty then: there is nothing to take over." in words(answer)
    assert 'value="a fair"' in answer.content.decode()


def test_a_swap_is_proposed_by_one_and_agreed_by_the_other(world, roster, handoff):
    sam, nils = signed_in(world.sam), signed_in(world.nils)
    page = sam.get("/on-call/by/on-call-primary").content.decode()
    mine = re.findall(rf'value="({world.sam.actor} [^"]+)"', page)
    theirs = re.findall(rf'value="({world.nils.actor} [^"]+)"', page)

    said = {"mine": mine[0], "theirs": theirs[0], "reason": "a wedding"}
    sam.post("/on-call/by/on-call-primary/swap", said)
    (number,) = re.findall(r'name="swap" value="(\d+)"', sam.get("/on-call/by/on-call-primary").content.decode())[:1]
    refused = sam.post("/on-call/by/on-call-primary/agree", {"swap": number})
    assert "Nils was asked, and alone can agree." in words(refused)

    answer = nils.post("/on-call/by/on-call-primary/agree", {"swap": number}, follow=True)

    assert "Agreed: each of you has the other" in words(answer)
    roster.refresh_from_db()
    start = handoff.replace(tzinfo=UTC)
    assert [rota_of(roster).on_call(start + weeks * WEEK + HOUR) for weeks in (1, 2)] == [
        (world.nils.actor,),
        (world.sam.actor,),
    ]


WEEKLY = {
    "name": "Desk",
    "role": "on-call-primary",
    "second": "on-call-secondary",
    "day": "mon",
    "at": "09:00",
    "zone": "Europe/London",
    "covered": "",
}


def test_a_weekly_roster_with_its_second_is_looked_at_and_then_published(world):
    browser = signed_in(world.mona)
    order = {f"person_{place}": world.people[name].pk for place, name in enumerate(("tara", "sam", "nils"))}

    looked = browser.post("/on-call/make", WEEKLY | order)

    assert looked.status_code == 200
    assert "Desk: the next 28 days" in words(looked)
    assert "Desk, second: the next 28 days" in words(looked)
    assert re.search(r"Who All Night Weekend .*Tara \d+(\.\d)? h", words(looked))
    assert not Roster.objects.exists()
    browser.post("/on-call/make", WEEKLY | order | {"publish": "1"})
    at = datetime.now(UTC)
    assert [holders(role, None, at=at)[0].name for role in ("on-call-primary", "on-call-secondary")] == ["Tara", "Sam"]
    later = at + WEEK
    assert [holders(role, None, at=later)[0].name for role in ("on-call-primary", "on-call-secondary")] == [
        "Sam",
        "Nils",
    ]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"zone": "London"}, "No time zone is called"),
        ({"person_1": "tara"}, "Somebody stands here twice"),
        ({"person_0": ""}, "This field is required"),
        ({"covered": "5", "opens": "18:00", "closes": "08:00"}, "the later one last"),
    ],
)
def test_a_roster_that_makes_no_sense_says_what_to_write(world, wrong, says):
    wrong = {key: world.people[value].pk if value == "tara" else value for key, value in wrong.items()}

    answer = signed_in(world.mona).post("/on-call/make", WEEKLY | {"person_0": world.tara.pk, "second": ""} | wrong)

    assert answer.status_code == 422
    assert says in words(answer).replace("&#x27;", "'")


def test_who_does_not_manage_the_desk_makes_no_roster_but_its_owner_changes_it(world, roster):
    assert signed_in(world.lena).get("/on-call/make").status_code == 403
    assert signed_in(world.sam).get("/on-call/by/on-call-primary/change").status_code == 403
    Roster.objects.update(owner=world.nils)

    assert signed_in(world.nils).get("/on-call/by/on-call-primary/change").status_code == 200


def test_turns_change_from_a_moment_on_with_all_that_a_layer_can_say(world, roster, handoff, now):
    browser = signed_in(world.mona)
    since = (handoff + WEEK + timedelta(days=7 - handoff.weekday())).replace(hour=9)  # a Monday
    plain = {"name": "Primary", "fallback": world.tom.pk, "owner": world.dora.pk, "covered": "", "reason": "new nights"}
    days = {"people": "Nils\nOmar, Sam", "every": "1", "unit": "days", "windows": "", "count": "time"}
    nights = days | {"people": "Lena", "windows": "\n".join(f"{day} 20:00-24:00" for day in ("mon", "tue"))}
    sent = plain | {"since": local(since)}
    sent |= {f"layer-0-{key}": value for key, value in days.items()}
    sent |= {f"layer-1-{key}": value for key, value in nights.items()}

    assert "Primary: the next 28 days" in words(browser.post("/on-call/by/on-call-primary/change", sent))
    browser.post("/on-call/by/on-call-primary/change", sent | {"publish": "1"})

    roster.refresh_from_db()
    start = since.replace(tzinfo=UTC)
    who = [rota_of(roster).on_call(start + hours * HOUR) for hours in (-1, 1, 25, 12)]
    nils, omar, sam, lena = (world.people[name].actor for name in ("nils", "omar", "sam", "lena"))
    assert who[1:] == [(nils,), (omar, sam), (lena,)]
    assert roster.name == "Primary"
    assert Event.objects.filter(stream=roster.stream_name).latest("seq").data["reason"] == "new nights"


def test_a_layer_that_cannot_be_read_says_which_line(world, roster, handoff):
    sent = {"name": "P", "covered": "", "reason": "x", "since": local(handoff + WEEK)}
    layer = {"people": "Nobody Known", "every": "1", "unit": "days", "windows": "monday morning", "count": "time"}
    sent |= {f"layer-{place}-{key}": value for place in (0, 1) for key, value in layer.items()}

    answer = signed_in(world.mona).post("/on-call/by/on-call-primary/change", sent)

    assert answer.status_code == 422
    assert "Nobody Known: nobody who works here is called so." in words(answer)
    assert "monday morning: write a day and two times, such as mon 09:00-17:00." in words(answer)


def test_a_clients_roster_is_hidden_from_who_may_not_see_the_client(world, handoff):
    world.roster("on-call-primary", "tara", starts=handoff, client=world.acme, hours=Calendar.always())
    boris = Person.objects.create(name="Boris", access=ASSIGNED)
    boris.clients.add(world.client("Globex"))

    assert "only Acme" in words(signed_in(world.lena).get("/on-call"))
    assert signed_in(world.sam).get("/on-call/by/on-call-primary@acme").status_code == 200
    stranger = signed_in(boris)
    assert "only Acme" not in words(stranger.get("/on-call"))
    assert stranger.get("/on-call/by/on-call-primary@acme").status_code == 404


def test_an_ended_roster_asks_nobody_any_more(world, roster):
    signed_in(world.mona).post("/on-call/by/on-call-primary/end", {"reason": "a new team"})

    assert [who.name for who in holders("on-call-primary", None, at=datetime.now(UTC))] == ["Omar"]
    assert signed_in(world.lena).get("/on-call/by/on-call-primary").status_code == 404


def test_somebody_who_is_on_duty_twice_at_once_is_named(world, roster, handoff):
    world.roster("on-call-secondary", "tara", starts=handoff)

    page = words(signed_in(world.lena).get("/on-call"))

    assert "Tara is on duty by on-call-primary weekly and by on-call-secondary weekly at once" in page
