"""Does /healthz tell the truth?"""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client

from tocsin import urls

pytestmark = pytest.mark.django_db


def test_a_desk_whose_engine_just_turned_is_well(client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(urls, "engine_last_turn_at", lambda: datetime.now(UTC) - timedelta(seconds=5))

    answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.json()["engine"] == "ok"
    assert 5 <= answer.json()["engine_last_turn_age_s"] < 60


def test_an_engine_that_stopped_turning_makes_the_desk_unwell(client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(urls, "engine_last_turn_at", lambda: datetime.now(UTC) - timedelta(minutes=5))

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
