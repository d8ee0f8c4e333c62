"""What does the API answer to what no desk could keep or count?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.api.caller import Caller
from tests.world import World
from tocsin.desk.ticket import Ticket
from tocsin.log.event import Event

pytestmark = pytest.mark.django_db
THEN = {"step": "Look", "due_at": (datetime.now(UTC) + timedelta(hours=1)).isoformat()}


@pytest.fixture
def lena(db: None) -> Caller:
    world = World()
    world.now = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=20)
    world.opens("VPN drops", priority="P2")
    return Caller(world.lena)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/tickets", {"client": "acme", "title": "a\0b"}),
        ("/tickets", {"client": "acme", "title": "VPN", "external_id": "a\0"}),
        ("/tickets/INC-1/note", {"text": "a\0b", "next": THEN}),
        ("/tickets/INC-1/note", {"text": "Looked.", "next": {**THEN, "step": "a\0b"}}),
    ],
)
def test_a_nul_is_refused_and_nothing_is_on_record(lena: Caller, path: str, said: dict):
    before = Event.objects.count()

    answer = lena.post(path, said)

    assert answer.status_code == 422
    assert Event.objects.count() == before


def test_what_is_wrong_is_named_as_whoever_sent_it_calls_it(lena: Caller):
    def detail(path: str, said: object) -> str:
        answer = lena.post(path, said)
        assert answer.status_code == 422
        return answer.json()["detail"]

    assert detail("/tickets", {"client": "acme"}).startswith("title: ")
    assert detail("/tickets/INC-1/note", {"text": "Looked."}).startswith("next: ")
    assert detail("/tickets/INC-1/note", {"text": "Looked.", "next": {"step": "x"}}).startswith("next.due_at: ")
    assert lena.get("/tickets", limit="many").json()["detail"].startswith("limit: ")


def test_an_address_that_the_api_does_not_have_is_a_problem_too(lena: Caller):
    answer = lena.get("/nope")

    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert answer.json()["detail"] == "The API has nothing at /api/v1/nope."


@pytest.mark.parametrize(
    ("path", "status"), [("/tickets?q=%00", 400), ("/tickets?client=%00", 400), ("/tickets/%00", 404)]
)
def test_an_address_with_a_nul_in_it_is_refused(lena: Caller, path: str, status: int):
    assert lena.get(path).status_code == status


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/tickets", {"client": "acme", "title": "VPN", "reported_at": "0001-01-01T00:00:00Z"}),
        ("/tickets", {"client": "acme", "title": "VPN", "reported_at": "1850-01-01T00:00:00Z"}),
        ("/tickets/INC-1/update", {"text": "We look.", "promised": "9999-01-01T00:00:00Z", "next": THEN}),
        ("/tickets/INC-1/wait", {"on": "client", "reason": "x", "until": "9999-12-31T23:59:59Z", "next": THEN}),
        ("/tickets/INC-1/note", {"text": "Looked.", "next": {**THEN, "due_at": "9999-12-31T23:59:59-12:00"}}),
    ],
)
def test_a_year_that_somebody_mistyped_is_refused_and_nothing_is_on_record(lena: Caller, path: str, said: dict):
    before = Event.objects.count()

    answer = lena.post(path, said)

    assert (answer.status_code, "check the year" in answer.json()["detail"]) == (409, True)
    assert Event.objects.count() == before


def test_a_number_of_somebody_elses_is_given_once(lena: Caller):
    said = {"client": "acme", "title": "VPN", "external_id": "CW-1"}

    answers = [lena.post("/tickets", said) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 409]
    assert answers[1].json()["detail"] == "Acme has CW-1 already: it is INC-2."
    assert Ticket.objects.count() == 2
