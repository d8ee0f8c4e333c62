"""What is a monitor answered at the door, and what is stored by then?"""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connection

from tests.monitor import Monitor, call
from tests.world import World
from tocsin import wsgi
from tocsin.api.intake import BODY_LIMIT, KEY_KNOWN_S, Door
from tocsin.api.refusals import EVERY_S
from tocsin.desk import intake, intake_keys
from tocsin.desk.intake_item import IntakeItem
from tocsin.desk.intake_refusal import IntakeRefusal
from tocsin.outbox.delivery import Delivery

pytestmark = pytest.mark.django_db

ALERT = {"alert_uid": "disk", "title": "Disk full on db-1"}


class Clock:
    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def monitor(world: World, clock: Clock) -> Monitor:
    return Monitor(world, door=Door(clock))


def refusals() -> dict[str, int]:
    return dict(IntakeRefusal.objects.values_list("reason", "count"))


def test_an_alert_is_stored_as_it_came_and_answered_202(monitor: Monitor):
    before = datetime.now(UTC) - timedelta(seconds=5)

    answer = monitor.post(b'{"alert_uid":  "disk", "title": "Disk full"}')

    item = IntakeItem.objects.get()
    assert (answer.status, answer.said) == (202, {"accepted": item.pk})
    assert answer.headers["Content-Type"] == "application/json"
    assert bytes(item.body) == b'{"alert_uid":  "disk", "title": "Disk full"}'
    assert (item.key_id, item.client_id, item.source, item.state) == (
        monitor.key.pk,
        monitor.world.acme.pk,
        "generic",
        "new",
    )
    assert before < item.received_at < before + timedelta(seconds=30)


def test_the_key_may_come_in_either_header(monitor: Monitor):
    answer = monitor.post(ALERT, HTTP_AUTHORIZATION=None, HTTP_X_TOCSIN_KEY=monitor.text)

    assert answer.status == 202


@pytest.mark.parametrize(
    ("headers", "says"),
    [
        ({"HTTP_AUTHORIZATION": None}, "There is no key"),
        ({"HTTP_AUTHORIZATION": "Bearer"}, "There is no key"),
        ({"HTTP_AUTHORIZATION": "Bearer tocsin_in_guessed"}, "not valid"),
        ({"HTTP_AUTHORIZATION": "Bearer " + "x" * 5000}, "not valid"),
        ({"HTTP_AUTHORIZATION": "Basic YWxhZGRpbg=="}, "There is no key"),
        ({"HTTP_AUTHORIZATION": "Bearer ключ\udc80"}, "not valid"),
    ],
)
def test_without_a_valid_key_nothing_is_read_or_stored(monitor: Monitor, headers, says):
    unread = io.BytesIO(b"{}")

    answer = monitor.post(ALERT, **headers, **{"wsgi.input": unread})

    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert says in answer.said["detail"]
    assert "Authorization: Bearer" in answer.said["remedy"]
    assert unread.tell() == 0
    assert not IntakeItem.objects.exists()
    assert refusals() == {"no valid key": 1}


def test_a_key_of_another_source_is_told_its_own_address(monitor: Monitor):
    answer = monitor.post(ALERT, path="/in/alertmanager")

    assert answer.status == 404
    assert "/in/generic" in answer.said["remedy"]
    assert not IntakeItem.objects.exists()


def test_a_trailing_slash_is_forgiven(monitor: Monitor):
    assert monitor.post(ALERT, path="/in/generic/").status == 202


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
def test_only_a_post_brings_alerts(monitor: Monitor, method: str):
    answer = monitor.post(ALERT, method=method)

    assert (answer.status, answer.headers["Allow"]) == (405, "POST")


@pytest.mark.parametrize("length", [str(BODY_LIMIT + 1), "9" * 5000])
def test_a_body_that_says_it_is_too_large_is_refused_before_it_is_read(monitor: Monitor, length: str):
    unread = io.BytesIO(b"[]")

    answer = monitor.post(b"", CONTENT_LENGTH=length, **{"wsgi.input": unread})

    assert (answer.status, unread.tell()) == (413, 0)
    assert "1,048,576 bytes" in answer.said["detail"]
    assert refusals() == {"too large": 1}


def test_a_body_that_does_not_say_how_large_it_is_is_read_no_further_than_the_limit(monitor: Monitor):
    endless = io.BytesIO(b" " * (3 * BODY_LIMIT))

    answer = monitor.post(b"", CONTENT_LENGTH=None, HTTP_TRANSFER_ENCODING="chunked", **{"wsgi.input": endless})

    assert answer.status == 413
    assert endless.tell() == BODY_LIMIT + 1


def test_a_body_of_exactly_the_limit_comes_in(monitor: Monitor):
    body = b'{"title": "x"}'.ljust(BODY_LIMIT)

    assert monitor.post(body).status == 202
    assert len(IntakeItem.objects.get().body) == BODY_LIMIT


def test_a_body_in_chunks_comes_in(monitor: Monitor):
    answer = monitor.post(b'{"title": "x"}', CONTENT_LENGTH=None, HTTP_TRANSFER_ENCODING="chunked")

    assert answer.status == 202


def test_a_body_that_breaks_off_is_not_stored(monitor: Monitor):
    answer = monitor.post(b'{"title": "x"}', CONTENT_LENGTH="1000")

    assert (answer.status, IntakeItem.objects.count()) == (400, 0)
    assert answer.said["detail"] == "1000 bytes were announced, and 14 came."


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "Expecting value, line 1, column 1"),
        (b"alert=1&state=down", "not JSON"),
        (b'{"title": "x",}', "line 1, column"),
        (b'{"value": NaN}', "The body is not JSON: NaN is no number there."),
        (b'{"value": ' + b"9" * 5000 + b"}", "a number that cannot be read"),
        (b"[" * 100_000, "nested too deeply"),
        ('{"title": "Größe"}'.encode("latin-1"), "not UTF-8: byte 13"),
    ],
)
def test_what_is_not_json_is_refused_with_the_place(monitor: Monitor, body: bytes, says: str):
    answer = monitor.post(body)

    assert answer.status == 400
    assert says in answer.said["detail"]
    assert not IntakeItem.objects.exists()
    assert refusals() == {"not JSON": 1}


@pytest.mark.parametrize("body", [b"[]", b"null", b'"text"', b"17", b'{"no": "alert"}'])
def test_json_that_says_nothing_is_kept_for_the_engine_to_say_so(monitor: Monitor, body: bytes):
    answer = monitor.post(body)
    monitor.world.turn()

    item = IntakeItem.objects.get(pk=answer.said["accepted"])
    assert (answer.status, item.state) == (202, "unreadable")
    assert item.error


def test_who_is_too_fast_is_told_when_to_come_again(world: World, clock: Clock):
    monitor = Monitor(world, door=Door(clock), rate=1)

    statuses = [monitor.post(ALERT).status for _ in range(12)]
    clock.at += 1
    refused_then_let_in = [monitor.post(ALERT) for _ in range(2)][::-1]

    assert statuses == [202] * 10 + [429] * 2
    assert [answer.status for answer in refused_then_let_in] == [429, 202]
    assert refused_then_let_in[0].headers["Retry-After"] == "1"
    assert "1 POSTs a second" in refused_then_let_in[0].said["detail"]


def test_the_first_refusal_for_speed_is_an_alarm_and_the_others_are_counted(world: World, clock: Clock):
    monitor = Monitor(world, door=Door(clock), rate=1)
    for _ in range(15):
        monitor.post(ALERT)
    assert refusals() == {"too fast": 1}
    monitor.post(ALERT)
    clock.at += EVERY_S

    monitor.door.settle()

    assert refusals() == {"too fast": 6}
    [alarm] = Delivery.objects.all()
    assert alarm.person == world.mona.actor
    assert "Acme" in alarm.subject
    assert "answered 429" in alarm.body


def test_the_alarm_of_the_first_refusal_goes_to_somebody_else_when_nobody_is_service_desk_manager(
    world: World, clock: Clock
):
    world.leaves("mona")
    world.contact(world.acme, "dirk", role="service-desk-manager")
    monitor = Monitor(world, door=Door(clock), rate=1)

    for _ in range(15):
        monitor.post(ALERT)

    assert [alarm.person for alarm in Delivery.objects.all()] == [world.lena.actor]


def test_a_revoked_key_opens_nothing_once_the_door_has_forgotten_it(world: World, monitor: Monitor, clock: Clock):
    monitor.post(ALERT)
    intake_keys.revoke(monitor.key, by="test", now=world.now)

    clock.at += KEY_KNOWN_S - 0.1
    remembered = monitor.post(ALERT)
    clock.at += 0.2
    forgotten = monitor.post(ALERT)

    assert (remembered.status, forgotten.status) == (202, 401)


def test_a_new_key_opens_at_once(world: World, monitor: Monitor):
    monitor.post(ALERT, HTTP_AUTHORIZATION="Bearer something")

    newer = Monitor(world, door=monitor.door)

    assert newer.post(ALERT).status == 202


def test_a_database_that_is_away_is_answered_503_and_when_to_try_again(monitor: Monitor, monkeypatch):
    monitor.post(ALERT)

    def gone(*_, **__):
        raise OperationalError("connection refused, host db.example")

    monkeypatch.setattr(intake, "store", gone)
    answer = monitor.post(ALERT)

    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert "db.example" not in str(answer.said)


def test_what_nobody_thought_of_is_answered_as_a_problem_too(monitor: Monitor, monkeypatch):
    def raises(*_, **__):
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(intake, "store", raises)
    answer = monitor.post(ALERT)

    assert (answer.status, answer.headers["Content-Type"]) == (500, "application/problem+json")
    assert "secret" not in str(answer.said)


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_cut_meanwhile_costs_no_alert(monitor: Monitor):
    monitor.post(ALERT)
    connection.connection.close()

    answer = monitor.post(ALERT)

    if connection.vendor == "sqlite":  # nobody cuts a connection to a file; it says so and works again
        answer = monitor.post(ALERT) if answer.status == 503 else answer
    assert answer.status == 202


def test_alerts_go_to_the_door_and_everything_else_to_the_desk(world: World):
    environ = {
        "REQUEST_METHOD": "GET",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000",
        "wsgi.input": io.BytesIO(),
        "wsgi.url_scheme": "http",
    }

    assert call(wsgi.application, {**environ, "PATH_INFO": "/in/generic"}).status == 405
    assert call(wsgi.application, {**environ, "PATH_INFO": "/healthz"}).said["web"] == "ok"
