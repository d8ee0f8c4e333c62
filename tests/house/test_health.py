"""Does /healthz tell the truth?"""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client

from tocsin.engine.beat import Beat

pytestmark = pytest.mark.django_db


def an_engine_that_turned(*, seconds_ago: int) -> None:
    at = datetime.now(UTC) - timedelta(seconds=seconds_ago)
    Beat.objects.create(name="here:1", version="0.1.0", started_at=at, last_turn_at=at)


def test_a_desk_without_an_engine_is_not_well(client: Client):
    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.json()["engine"] == "none is running: start `tocsin engine`"


def test_metrics_tell_how_long_ago_the_engine_turned(client: Client):
    an_engine_that_turned(seconds_ago=5)

    answer = client.get("/metrics")

    assert answer.status_code == 200
    assert b'tocsin_engine_last_turn_age_seconds{engine="here:1",version="0.1.0"} 5' in answer.content


def test_a_desk_whose_engine_just_turned_is_well(client: Client):
    an_engine_that_turned(seconds_ago=5)

    answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.json()["engine"] == "ok"
    assert 5 <= answer.json()["engine_last_turn_age_s"] < 60


def test_an_engine_that_stopped_turning_makes_the_desk_unwell(client: Client):
    an_engine_that_turned(seconds_ago=300)

    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.json()["engine"] == "late"


def test_a_database_that_does_not_answer_makes_the_desk_unwell(client: Client, monkeypatch: pytest.MonkeyPatch):
    def gone():
        raise OperationalError("could not connect to db.example as ann")

    monkeypatch.setattr(connection, "cursor", gone)

    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.json() == {"web": "ok", "database": "does not answer (OperationalError)", "engine": "unknown"}


def test_metrics_of_a_database_that_does_not_answer_are_none_and_no_fault_of_the_desk(
    client: Client, monkeypatch: pytest.MonkeyPatch
):
    def gone():
        raise OperationalError("could not connect to db.example as ann")

    monkeypatch.setattr(connection, "cursor", gone)

    answer = client.get("/metrics")

    assert answer.status_code == 503
    assert answer.content == b"The database does not answer (OperationalError).\n"
