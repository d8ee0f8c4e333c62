"""Can a program do over HTTP what people do on the screens, within the rights of its key and no further?"""

from __future__ import annotations

import html
import json
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connections
from django.test import Client as Http
from django.urls import URLResolver, get_resolver

from tests.api.caller import Caller
from tests.world import World
from tocsin.api.acts import ACTS
from tocsin.desk import next_steps
from tocsin.desk.intake_item import IntakeItem
from tocsin.desk.ticket import Ticket
from tocsin.directory import accounts, api_keys
from tocsin.directory.api_key import ALERT, READ, WRITE, ApiAnswer, ApiKey
from tocsin.directory.api_keys import KeyRefused
from tocsin.directory.person import ASSIGNED, READ_ONLY, Person
from tocsin.log.event import Event

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def lena(world: World) -> Caller:
    return Caller(world.lena)


def then(step: str = "Look at the switch") -> dict[str, str]:
    return {"step": step, "due_at": (datetime.now(UTC) + timedelta(minutes=30)).isoformat()}


def kinds(ticket: Ticket) -> list[str]:
    return list(Event.objects.filter(stream=ticket.stream_name).order_by("seq").values_list("kind", flat=True))


def problem(answer) -> dict:
    assert answer["Content-Type"] == "application/problem+json"
    said = answer.json()
    assert said["status"] == answer.status_code and said["detail"] and said["remedy"]
    return said


def test_tickets_are_listed_the_newest_first_page_by_page(world: World, lena: Caller):
    for number in range(5):
        world.opens(f"Printer {number}")

    first = lena.get("/tickets", limit=2).json()
    second = lena.get("/tickets", limit=2, cursor=first["next"]).json()
    third = lena.get("/tickets", limit=2, cursor=second["next"]).json()

    found = [ticket["title"] for page in (first, second, third) for ticket in page["tickets"]]
    assert found == [f"Printer {number}" for number in (4, 3, 2, 1, 0)] and third["next"] is None
    assert problem(lena.get("/tickets", cursor="-1"))["status"] == 422


def test_tickets_are_found_by_state_client_and_words(world: World, lena: Caller):
    world.opens("VPN drops")
    world.opens("Mail is late", client=world.client("Bolt"))
    world.solves(world.opens("Toner is low"))

    def titles(**query):
        return [ticket["title"] for ticket in lena.get("/tickets", **query).json()["tickets"]]

    assert titles() == ["Mail is late", "VPN drops"]
    assert titles(client="bolt") == ["Mail is late"]
    assert titles(q="vpn acme") == ["VPN drops"]
    assert titles(state="solved") == ["Toner is low"]
    assert len(titles(state="all")) == 3
    assert problem(lena.get("/tickets", state="odd"))["status"] == 422


def test_a_ticket_is_opened_and_its_clocks_run(world: World, lena: Caller):
    answer = lena.post("/tickets", {"client": "acme", "title": "VPN drops", "priority": "P2", "text": "Since nine."})

    ticket = Ticket.objects.get(number=answer.json()["number"])
    assert (answer.status_code, answer["Location"]) == (201, f"/api/v1/tickets/{ticket.number}")
    assert (ticket.title, ticket.priority, ticket.client) == ("VPN drops", "P2", world.acme)
    assert {clock["name"]: clock["state"] for clock in answer.json()["clocks"]}["resolution"] == "running"
    assert kinds(ticket) == ["opened", "noted"]


def test_what_cannot_be_opened_is_refused_with_a_sentence(world: World, lena: Caller):
    assert "'P9'" in problem(lena.post("/tickets", {"client": "acme", "title": "x", "priority": "P9"}))["detail"]
    assert problem(lena.post("/tickets", {"client": "nobody", "title": "x"}))["status"] == 404
    assert "title" in problem(lena.post("/tickets", {"client": "acme"}))["detail"]
    assert "colour" in problem(lena.post("/tickets", {"client": "acme", "title": "x", "colour": "red"}))["detail"]
    assert not Ticket.objects.exists()


def test_the_explanation_of_a_clock_is_word_for_word_that_of_the_page(world: World, lena: Caller):
    ticket = world.opens("VPN drops", priority="P1")
    world.waits(ticket)
    world.forward(minutes=5)
    world.resumes(ticket)
    world.forward(minutes=11)
    browser = Http(headers={"accept": "text/html"})
    browser.force_login(
        accounts.add("lena@msp.example", password="a heron on the weir", person=world.lena, now=world.now)
    )

    page = html.unescape(browser.get(f"/tickets/{ticket.number}").content.decode())
    clocks = lena.get(f"/tickets/{ticket.number}").json()["clocks"]

    assert {clock["name"] for clock in clocks} == {"response", "resolution", "client_notified", "next_update"}
    for clock in clocks:
        assert clock["title"] in page and clock["promised"] in page
        assert all(span["why"] in page for span in clock["explanation"])
    assert any("paused" in span["why"] for clock in clocks for span in clock["explanation"])
    late = next(clock for clock in clocks if clock["name"] == "response")
    assert (late["verdict"], late["says"].endswith(" over")) == ("breached", True)


def test_a_ticket_shows_its_agenda_and_the_next_step(world: World, lena: Caller):
    ticket = world.opens("VPN drops", priority="P2")
    lena.post(f"/tickets/{ticket.number}/note", {"text": "Looked.", "next": then()})

    said = lena.get(f"/tickets/{ticket.number.lower()}").json()

    assert said["next_step"]["step"] == "Look at the switch" and said["next_step"]["who"] == world.lena.pk
    assert "First response" in [item["what"] for item in said["agenda"]]
    assert said["standard"] == "field-guide 1"


def test_the_timeline_has_the_words_of_the_page(world: World, lena: Caller):
    ticket = world.opens("VPN drops", priority="P2")
    lena.post(f"/tickets/{ticket.number}/update", {"text": "We look into it.", "next": then()})

    entries = lena.get(f"/tickets/{ticket.number}/timeline").json()["entries"]

    assert entries[0]["said"].startswith("opened it as P2 incident")
    assert [entry["text"] for entry in entries if entry["audience"] == "to-client"][-1] == "We look into it."


def test_every_act_is_done_by_the_person_the_key_belongs_to(world: World, lena: Caller):
    ticket = world.opens("VPN drops", priority="P1")
    mine = f"/tickets/{ticket.number}"
    page = next(event.key for event in world.log(ticket) if event.key and event.key.startswith("step/page@"))
    world.forward(minutes=16)
    call = next(event.key for event in world.log(ticket) if event.key and event.key.startswith("step/client@"))

    for verb, said in (
        ("acknowledge", {"of": page}),
        ("record-act", {"of": call, "result": "voicemail"}),
        ("note", {"text": "Looked.", "next": then()}),
        ("update", {"text": "We look into it.", "next": then()}),
        ("called", {"result": "They wait.", "next": then()}),
        ("wait", {"on": "vendor", "reason": "case 12", "next": then()}),
        ("resume", {"reason": "they called back", "next": then()}),
        ("escalate", {"to": "L2", "reason": "skill limit", "tried": "all", "next_step": "read the dump"}),
        ("accept", {"next": then()}),
        ("send-back", {"reason": "ask the client first"}),
        ("priority", {"to": "P2", "reason": "one office only", "next": then()}),
        ("answer", {"facts": {"users": "one"}, "next": then()}),
        ("hand-over", {"owner": world.lena.pk, "worker": world.sam.pk, "next": then()}),
        ("solve", {"cause": "Full", "actions": "Emptied", "verification": "Carla logged in"}),
        ("reopen", {"reason": "it is back", "next": then()}),
        ("solve", {"cause": "Full", "actions": "Emptied again", "verification": "Carla logged in"}),
        ("close", {}),
    ):
        answer = lena.post(f"{mine}/{verb}", said)
        assert answer.status_code == 200, (verb, answer.content)
    twin = world.opens("VPN drops as well")
    early = lena.post(f"/tickets/{twin.number}/escalate-early", {})
    assert (early.status_code, early.json()["asked_level"]) == (200, "L2")
    other = world.opens("A mistake")
    merged = lena.post(f"/tickets/{twin.number}/merge", {"into": other.number.lower(), "reason": "one fault"})
    assert merged.json()["status"] == "merged"
    assert lena.post(f"/tickets/{other.number}/cancel", {"reason": "a drill"}).json()["status"] == "cancelled"

    ticket.refresh_from_db()
    assert (ticket.status, ticket.priority, ticket.worker) == ("closed", "P2", world.sam)
    acts = Event.objects.filter(stream=ticket.stream_name, kind__in=("noted", "updated", "closed", "accepted"))
    assert {event.actor for event in acts} == {world.lena.actor}
    assert len(ACTS) == 21
    world.is_proven()


def test_what_the_desk_does_not_allow_is_a_conflict_with_its_own_sentence_and_changes_nothing(world: World):
    ticket = world.opens("VPN drops")
    before = kinds(ticket)

    said = {"actions": "Emptied", "verification": "Works"}
    answer = Caller(world.sam).post(f"/tickets/{ticket.number}/solve", said)

    assert answer.status_code == 409
    assert problem(answer)["detail"].startswith("Only the owner may mark INC-1 solved")
    assert kinds(ticket) == before


def test_an_act_without_what_comes_next_or_with_a_past_one_is_refused_whole(world: World, lena: Caller):
    ticket = world.opens("VPN drops")
    past = {"step": "Look", "due_at": (datetime.now(UTC) - timedelta(hours=1)).isoformat()}

    assert "next" in problem(lena.post(f"/tickets/{ticket.number}/note", {"text": "x"}))["detail"]
    assert lena.post(f"/tickets/{ticket.number}/note", {"text": "x", "next": past}).status_code == 409
    nobody = {**then(), "who": 10**9}
    assert lena.post(f"/tickets/{ticket.number}/note", {"text": "x", "next": nobody}).status_code == 422
    naive = {"step": "Look", "due_at": "2099-01-01T10:00:00"}
    assert lena.post(f"/tickets/{ticket.number}/note", {"text": "x", "next": naive}).status_code == 422
    assert "noted" not in kinds(ticket) and next_steps.agreed(ticket) is None


def test_a_request_that_comes_again_is_done_once_and_has_the_same_answer(world: World, lena: Caller):
    new = {"client": "acme", "title": "VPN drops"}

    first = lena.post("/tickets", new, token="a-1")
    again = lena.post("/tickets", new, token="a-1")
    other = lena.post("/tickets", {**new, "title": "Mail is late"}, token="a-1")
    theirs = Caller(world.sam).post("/tickets", new, token="a-1")

    assert (again.status_code, again.content, again["Idempotency-Replayed"]) == (201, first.content, "true")
    assert problem(other)["status"] == 422
    assert theirs.status_code == 201 and Ticket.objects.count() == 2


@pytest.mark.only_on("postgresql")
@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_with_one_token_one_is_done_and_both_have_its_answer(transactional_db: None):
    caller, gate, came = Caller(World().lena), Barrier(2), []

    def send() -> None:
        try:
            gate.wait(10)
            came.append(caller.post("/tickets", {"client": "acme", "title": "VPN drops"}, token="a"))
        finally:
            connections.close_all()

    threads = [Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert [answer.status_code for answer in came] == [201, 201] and came[0].content == came[1].content
    assert Ticket.objects.count() == 1


def test_a_refusal_is_repeated_too_and_an_old_answer_is_forgotten(world: World, lena: Caller):
    ticket = world.opens("VPN drops")
    close = f"/tickets/{ticket.number}/close"

    first = lena.post(close, {}, token="b")
    assert (first.status_code, lena.post(close, {}, token="b").content) == (409, first.content)
    ApiAnswer.objects.update(created_at=datetime.now(UTC) - timedelta(days=2))
    lena.post(close, {}, token="c")

    assert list(ApiAnswer.objects.values_list("token", flat=True)) == ["c"]
    assert lena.post(close, {}, token="d" * 201).status_code == 422


@pytest.mark.parametrize("said", ["", "Bearer ", "Bearer nonsense", "Bearer " + "x" * 5000, "Basic YTpi"])
def test_without_a_valid_key_nothing_is_said(world: World, said: str):
    world.opens("VPN drops")
    http = Http(headers={"authorization": said} if said else {})

    for answer in (http.get("/api/v1/tickets"), http.post("/api/v1/tickets", "{}", content_type=JSON)):
        assert answer.status_code == 401 and answer["WWW-Authenticate"] == "Bearer"
        assert "VPN" not in json.dumps(problem(answer))


def test_a_sign_in_to_the_screens_is_no_key(world: World):
    browser = Http()
    browser.force_login(accounts.add("l@msp.example", password="a heron on the weir", person=world.lena, now=world.now))

    assert browser.get("/api/v1/tickets").status_code == 401


def test_a_key_that_was_revoked_or_whose_person_has_left_opens_nothing(world: World):
    revoked, left = Caller(world.lena), Caller(world.sam)
    assert revoked.get("/tickets").status_code == left.get("/tickets").status_code == 200

    api_keys.revoke(revoked.key, now=world.now)
    world.leaves("sam")

    assert revoked.get("/tickets").status_code == left.get("/tickets").status_code == 401


@pytest.mark.parametrize(
    ("scope", "reads", "writes", "alerts"), [(READ, 200, 403, 403), (WRITE, 403, 201, 403), (ALERT, 403, 403, 202)]
)
def test_a_key_does_what_it_was_made_for_and_nothing_else(world: World, scope, reads, writes, alerts):
    caller = Caller(world.lena, scopes=[scope])
    ticket = world.opens("VPN drops")
    alert = {"client": "acme", "alert_uid": "db-1", "title": "Disk full"}

    assert caller.get("/tickets").status_code == reads
    assert caller.get(f"/tickets/{ticket.number}").status_code == reads
    assert caller.get(f"/tickets/{ticket.number}/timeline").status_code == reads
    assert caller.get("/people").status_code == reads
    assert caller.post("/tickets", {"client": "acme", "title": "x"}).status_code == writes
    assert caller.post("/alerts", alert).status_code == alerts
    for act in ACTS:
        answer = caller.post(f"/tickets/{ticket.number}/{act.verb}", {})
        assert (answer.status_code == 403) == (scope != WRITE) or answer.status_code == 422


def test_a_key_sees_what_its_person_sees_and_of_that_its_client_alone(world: World):
    ours = world.opens("VPN drops")
    theirs = world.opens("Mail is late", client=world.client("Bolt"))
    stranger = Person.objects.create(name="Boris", access=ASSIGNED)
    stranger.clients.add(theirs.client)

    for caller in (Caller(stranger), Caller(world.lena, client=theirs.client)):
        assert [each["number"] for each in caller.get("/tickets").json()["tickets"]] == [theirs.number]
        assert problem(caller.get(f"/tickets/{ours.number}"))["status"] == 404
        assert problem(caller.get(f"/tickets/{ours.number}/timeline"))["status"] == 404
        assert caller.post(f"/tickets/{ours.number}/note", {"text": "x", "next": then()}).status_code == 404
        assert caller.post("/tickets", {"client": "acme", "title": "x"}).status_code == 404
        assert caller.post("/alerts", {"client": "acme", "alert_uid": "1", "title": "x"}).status_code == 404


def test_a_key_of_an_auditor_reads_and_changes_nothing(world: World):
    auditor = Person.objects.create(name="Audrey", access=READ_ONLY)
    ticket = world.opens("VPN drops")
    with pytest.raises(KeyRefused, match="reads and changes nothing"):
        Caller(auditor)
    once_more = Caller(world.sam)
    Person.objects.filter(pk=world.sam.pk).update(access=READ_ONLY)

    assert Caller(auditor, scopes=[READ]).get(f"/tickets/{ticket.number}").status_code == 200
    assert once_more.get(f"/tickets/{ticket.number}").status_code == 200
    assert once_more.post("/tickets", {"client": "acme", "title": "x"}).status_code == 403


def test_a_key_that_is_too_fast_is_told_when_to_come_again(world: World):
    caller = Caller(world.lena, rate=1)

    answers = [caller.get("/people") for _ in range(12)]

    assert {answer.status_code for answer in answers[:10]} == {200}
    assert answers[-1].status_code == 429 and int(answers[-1]["Retry-After"]) >= 1
    assert problem(answers[-1])["title"] == "Too Many Requests"


def test_an_alert_is_kept_and_read_by_the_engine_as_a_monitors(world: World, lena: Caller):
    answer = lena.post("/alerts", {"client": "acme", "alert_uid": "db-1", "title": "Disk full", "severity": "error"})
    world.now = datetime.now(UTC) + timedelta(seconds=1)
    world.turn()

    assert answer.status_code == 202
    item = IntakeItem.objects.get(pk=answer.json()["accepted"])
    assert (item.state, item.client_id, item.source) == ("read", world.acme.pk, "generic"), item.error
    assert Ticket.objects.get().title == "Disk full"
    world.is_proven()


def test_a_key_is_stored_as_a_hash_only_and_its_use_is_noted(world: World, lena: Caller):
    lena.get("/people")

    stored = [str(value) for value in ApiKey.objects.filter(pk=lena.key.pk).values_list().get()]
    assert not any(lena.text.removeprefix(api_keys.PREFIX) in value for value in stored)
    assert ApiKey.objects.get().last_used_at is not None


def test_the_description_lists_every_address_and_needs_no_key(db):
    described = Http().get("/api/v1/openapi.json").json()["paths"]

    resolver = next(each for each in get_resolver().url_patterns if isinstance(each, URLResolver) and each.namespace)
    routes = {f"/api/v1/{pattern.pattern}".replace("<number>", "{number}") for pattern in resolver.url_patterns}
    assert routes - {"/api/v1/", "/api/v1/openapi.json"} == set(described)
    assert {f"/api/v1/tickets/{{number}}/{act.verb}" for act in ACTS} < set(described)


def test_what_is_no_json_or_no_address_is_said_as_a_problem(world: World, lena: Caller):
    http = Http(headers={"authorization": f"Bearer {lena.text}"})

    assert problem(http.post("/api/v1/tickets", "{", content_type=JSON))["status"] == 400
    assert http.get("/api/v1/nothing").status_code == 404


def test_an_act_is_dated_back_and_somebody_else_decides_on_the_correction(world: World):
    ticket = world.opens("VPN drops", priority="P2")
    began = world.now
    world.now = datetime.now(UTC) + timedelta(minutes=25)
    world.turn()
    ticket.refresh_from_db()
    said = {"result": "Told.", "at": began.isoformat(), "late_because": "on the road", "next": then()}
    tara, mona = Caller(world.tara), Caller(world.mona)

    assert problem(tara.post(f"/tickets/{ticket.number}/called", {**said, "late_because": ""}))["status"] == 409
    answer = tara.post(f"/tickets/{ticket.number}/called", said).json()

    (drafted,) = answer["corrections"]
    assert (drafted["author"], drafted["because"], drafted["figures"][0]["verdict"]) == ("Tara", "on the road", "met")
    own = tara.post(f"/tickets/{ticket.number}/approve-correction", {"of": drafted["id"]})
    assert problem(own)["detail"].startswith("Tara dated the act back")
    assert lena_refuses(world, ticket, drafted["id"]).status_code == 409
    approved = mona.post(f"/tickets/{ticket.number}/approve-correction", {"of": drafted["id"]})
    assert (approved.status_code, approved.json()["corrections"]) == (200, [])


def lena_refuses(world: World, ticket: Ticket, place: int):
    return Caller(world.lena).post(f"/tickets/{ticket.number}/refuse-correction", {"of": place, "reason": "no"})


def test_a_ticket_is_merged_into_none_that_the_key_may_not_see(world: World, lena: Caller):
    ours, theirs = world.opens("VPN drops"), world.opens("Mail is late", client=world.client("Bolt"))

    answer = lena.post(f"/tickets/{ours.number}/merge", {"into": theirs.number, "reason": "alike"})

    assert problem(answer)["detail"] == f"There is no ticket {theirs.number} of Acme that this key may see."
    assert "merged" not in kinds(ours)
