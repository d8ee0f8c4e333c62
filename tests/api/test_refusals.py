"""Is who was turned away counted with the instants at which it happened, soon, and whoever comes next?"""

from __future__ import annotations

import http.client
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import OperationalError

from tests.api.server import web
from tests.endtoend.desk import wait
from tests.monitor import Monitor, call
from tests.world import World
from tocsin import wsgi
from tocsin.api.intake import Door
from tocsin.api.refusals import EVERY_S, Refusals
from tocsin.desk import intake
from tocsin.desk.intake_refusal import IntakeRefusal

pytestmark = pytest.mark.django_db

LATE = datetime(2026, 11, 20, 23, 59, 58, tzinfo=UTC)
NOBODY = None


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


def told() -> list[tuple[object, ...]]:
    rows = IntakeRefusal.objects.order_by("day").values_list("day", "count", "first_at", "last_at")
    return [(day.day, *rest) for day, *rest in rows]


def test_a_count_keeps_the_instants_of_the_first_and_the_last_however_late_it_is_stored():
    refusals = Refusals(Clock())
    refusals.note(NOBODY, "no valid key", now=LATE)
    for second in (0.5, 1, 1.5):
        refusals.note(NOBODY, "no valid key", now=LATE + timedelta(seconds=second))

    refusals.store()

    assert told() == [(20, 4, LATE, LATE + timedelta(seconds=1.5))]


def test_what_came_before_midnight_counts_for_that_day_and_what_came_after_for_the_next():
    refusals = Refusals(Clock())
    for second in range(4):
        refusals.note(NOBODY, "no valid key", now=LATE + timedelta(seconds=second))

    refusals.store()

    assert told() == [
        (20, 2, LATE, LATE + timedelta(seconds=1)),
        (21, 2, LATE + timedelta(seconds=2), LATE + timedelta(seconds=3)),
    ]


def test_of_two_web_processes_the_one_that_stores_last_does_not_set_the_last_instant_back():
    slow, quick = Refusals(Clock()), Refusals(Clock())
    for refusals, seconds in ((slow, 0), (quick, 1)):
        for more in (0, 0.25):
            refusals.note(NOBODY, "not JSON", now=LATE + timedelta(seconds=seconds + more))

    quick.store()
    slow.store()

    assert told() == [(20, 4, LATE, LATE + timedelta(seconds=1.25))]


def test_while_the_database_is_away_counts_are_kept_with_their_instants(monkeypatch: pytest.MonkeyPatch):
    refusals = Refusals(Clock())

    def gone(*_, **__):
        raise OperationalError("connection refused")

    with monkeypatch.context() as away:
        away.setattr(intake, "refuse", gone)
        for second in (0, 1):
            refusals.note(NOBODY, "not JSON", now=LATE + timedelta(seconds=second))
            refusals.note(NOBODY, "no valid key", now=LATE + timedelta(seconds=second))
        refusals.store()
    assert refusals.waiting

    refusals.store()

    assert told() == [(20, 2, LATE, LATE + timedelta(seconds=1))] * 2
    assert not refusals.waiting


@pytest.mark.django_db(transaction=True)
def test_under_any_wsgi_server_the_next_request_of_any_kind_has_it_stored(monkeypatch: pytest.MonkeyPatch):
    clock = Clock()
    door = Door(clock)
    monkeypatch.setattr(wsgi, "door", door)
    monitor = Monitor(World(), door=wsgi.application)
    for _ in range(3):
        monitor.post(b"{")
    assert [count for _, count, *_ in told()] == [1]
    clock.at += EVERY_S

    call(
        wsgi.application,
        {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": "/healthz",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "8000",
            "wsgi.input": io.BytesIO(),
            "wsgi.url_scheme": "http",
        },
    )

    assert [count for _, count, *_ in told()] == [3]
    assert not door.unsettled


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_soon_after_a_flood_the_count_is_whole_though_nobody_posts_again(tmp_path: Path):
    monitor = Monitor(World(), rate=1)
    with web(tmp_path) as port:
        statuses = [post(port, monitor.text) for _ in range(60)]
        over_at = datetime.now(UTC)
        refused = statuses.count(429)
        wait(lambda: IntakeRefusal.objects.filter(count=refused), lambda: f"of {refused} it has {told()}")
        refusal = IntakeRefusal.objects.get()

    assert refused > 20
    assert over_at - timedelta(seconds=1) < refusal.last_at <= over_at


def post(port: int, key: str) -> int:
    door = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        door.request("POST", "/in/generic", b'{"title": "x"}', {"Authorization": f"Bearer {key}"})
        return door.getresponse().status
    finally:
        door.close()
