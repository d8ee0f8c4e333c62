"""Can a program stop the line, see who leads and who responds, and do no more than its person may?"""

from __future__ import annotations

import pytest

from tests.api.caller import Caller
from tests.api.test_v1 import kinds, problem, then
from tests.world import World
from tocsin.desk.ticket import Ticket
from tocsin.directory.person import READ_ONLY, Person

pytestmark = pytest.mark.django_db
ATTACK = "An attack is going on, or a system has been broken into"


@pytest.fixture
def lena(world: World) -> Caller:
    return Caller(world.lena)


def test_a_ticket_is_opened_with_the_line_stopped_in_one_request(world: World, lena: Caller):
    new = {"client": "acme", "title": "Files are renamed", "stop": {"conditions": [ATTACK], "bridge": "room 1"}}

    answer = lena.post("/tickets", new)
    line = lena.get(f"/tickets/{answer.json()['number']}/line").json()

    assert (answer.status_code, answer.json()["priority"]) == (201, "P1")
    assert line["is_stopped"] and line["major"]["conditions"] == [ATTACK]
    assert (line["major"]["stopped"]["name"], line["major"]["stood_down"]) == ("Lena", None)
    assert (line["major"]["incident_manager"], line["major"]["comms_lead"]) == (world.tara.pk, world.lena.pk)
    assert [bridge["where"] for bridge in line["bridges"]] == ["room 1"]
    assert line["responders"] == [world.tara.pk, world.lena.pk]


def test_a_stop_that_is_refused_opens_nothing(world: World, lena: Caller):
    new = {"client": "acme", "title": "Files are renamed"}

    unknown = lena.post("/tickets", {**new, "stop": {"conditions": ["It is Monday"]}})
    both = lena.post("/tickets", {**new, "priority": "P2", "stop": {"conditions": [ATTACK]}})
    nobody = lena.post("/tickets", {**new, "stop": {"conditions": [ATTACK], "comms_lead": 10**9}})

    assert unknown.status_code == 409 and ATTACK in problem(unknown)["detail"]
    assert (problem(both)["status"], problem(nobody)["status"]) == (422, 422)
    assert not Ticket.objects.exists()


def test_the_line_is_stopped_led_talked_over_and_stood_down_by_the_same_rules_as_on_the_screens(world: World):
    lena, tara = Caller(world.lena), Caller(world.tara)
    ticket = world.opens("Files are renamed")
    mine = f"/tickets/{ticket.number}"

    for caller, verb, said, status in (
        (lena, "stop-line", {"conditions": [ATTACK], "reason": "I see it", "next": then()}, 200),
        (lena, "stop-line", {"conditions": [ATTACK], "next": then()}, 409),
        (lena, "cancel", {"reason": "oh"}, 409),
        (lena, "open-bridge", {"where": "room 1"}, 200),
        (tara, "join-bridge", {}, 200),
        (lena, "join-bridge", {"guest": "Ravi of the provider"}, 200),
        (lena, "name-leads", {"incident_manager": world.lena.pk}, 409),
        (tara, "name-leads", {"comms_lead": world.alma.pk}, 200),
        (lena, "stand-down", {"reason": "contained", "next": then()}, 409),
        (tara, "stand-down", {"reason": "contained", "next": then()}, 200),
        (tara, "close-bridge", {"note": "Contained."}, 200),
    ):
        answer = caller.post(f"{mine}/{verb}", said)
        assert answer.status_code == status, (verb, answer.content)

    line = lena.get(f"{mine}/line").json()
    assert (line["is_stopped"], line["major"]["stood_down"]["name"]) == (False, "Tara")
    assert line["major"]["comms_lead"] == world.alma.pk
    (bridge,) = line["bridges"]
    assert [who["name"] for who in bridge["joined"]] == ["Tara", "Ravi of the provider"]
    assert (bridge["closed"]["name"], bridge["note"]) == ("Tara", "Contained.")
    said = [each["said"] for each in lena.get(f"{mine}/timeline").json()["entries"]]
    assert "stopped the line: it is a major incident, and other work stops" in said
    assert "stood the line down" in said
    assert "line_stopped" in kinds(ticket)
    world.is_proven()


def test_what_else_the_responders_have_is_listed_as_far_as_the_key_sees(world: World, lena: Caller):
    ticket, other = world.opens("Files are renamed"), world.opens("The CRM", priority="P2")
    theirs = world.opens("Mail is late", client=world.client("Bolt"))

    found = lena.get(f"/tickets/{ticket.number}/other-work").json()["tickets"]
    of_acme = Caller(world.lena, client=world.acme).get(f"/tickets/{ticket.number}/other-work").json()["tickets"]

    assert [each["number"] for each in found] == [other.number, theirs.number]
    assert (found[0]["owner"], found[0]["due"]) == (world.lena.pk, "First response")
    assert [each["number"] for each in of_acme] == [other.number]


def test_work_is_not_given_to_somebody_who_only_reads(world: World, lena: Caller):
    ticket = world.opens()
    audrey = Person.objects.create(name="Audrey", access=READ_ONLY)
    here = f"/tickets/{ticket.number}"

    answers = [
        lena.post(f"{here}/hand-over", {"owner": audrey.pk, "next": then()}),
        lena.post(f"{here}/note", {"text": "x", "next": {**then(), "who": audrey.pk}}),
        lena.post(f"{here}/stop-line", {"conditions": [ATTACK], "comms_lead": audrey.pk, "next": then()}),
    ]

    assert all("Audrey reads here and changes nothing" in problem(answer)["detail"] for answer in answers)
    ticket.refresh_from_db()
    assert ticket.owner == world.lena and ticket.stopped_at is None


def test_a_ticket_always_has_a_next_step_and_says_whether_anybody_named_it(world: World, lena: Caller):
    ticket = world.opens("Files are renamed")
    here = f"/tickets/{ticket.number}"
    asked = {"to": "L2", "reason": "impact", "tried": "all", "next_step": "contain it", "next_who": world.sam.pk}

    before = lena.get(here).json()["next_step"]
    lena.post(f"{here}/hand-over", {"worker": world.nils.pk, "next": then()})
    handed = lena.get(here).json()["next_step"]
    answer = lena.post(f"{here}/escalate", asked)
    after = lena.get(here).json()["next_step"]

    assert (before["step"], before["who"], before["default"]) == ("Say what happens next", world.lena.pk, True)
    assert (handed["who"], handed["default"]) == (world.nils.pk, False)
    assert answer.status_code == 200, answer.content
    assert (after["step"], after["who"], after["default"]) == ("contain it", world.sam.pk, False)
    assert before["due_at"] and after["due_at"]
