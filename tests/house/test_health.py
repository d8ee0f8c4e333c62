"""Does /healthz tell the truth?"""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client

from tests.monitor import Monitor
from tests.world import World
from tocsin.desk.ticket import Ticket
from tocsin.engine.beat import Beat
from tocsin.engine.watch import Watch

pytestmark = pytest.mark.django_db


LATE = {"kind": "letters", "count": 2, "worst_s": 90.0, "says": "2 letters to Acme are due and not sent."}


def an_engine_that_turned(*, seconds_ago: int, running_for: int = 0, **more: str) -> None:
    at = datetime.now(UTC) - timedelta(seconds=seconds_ago)
    began = at - timedelta(seconds=running_for)
    Beat.objects.create(name="here:1", version="0.1.0", started_at=began, last_turn_at=at, **more)


def an_audit(*findings: dict, seconds_ago: int = 5, **more: str) -> None:
    at = datetime.now(UTC) - timedelta(seconds=seconds_ago)
    Watch.objects.create(pk=1, due_at=at, audited_at=at, round_done_at=at, findings=list(findings), **more)


def sample(client: Client, name: str) -> float:
    (line,) = [line for line in client.get("/metrics").content.decode().splitlines() if line.startswith(f"{name} ")]
    return float(line.split()[-1])


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


def test_a_desk_whose_audit_passed_is_well(client: Client):
    an_engine_that_turned(seconds_ago=1, running_for=600)
    an_audit()

    answer = client.get("/healthz")

    assert answer.status_code == 200
    assert (answer.json()["audit"], answer.json()["findings"]) == ("ok", {})


def test_a_desk_whose_audit_failed_is_not_well_and_tells_nothing_about_clients(client: Client):
    an_engine_that_turned(seconds_ago=1, running_for=600)
    an_audit(LATE)

    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert (answer.json()["audit"], answer.json()["findings"]) == ("failed", {"letters": 2})
    assert "Acme" not in answer.content.decode()


@pytest.mark.parametrize(("seconds", "status", "audit"), [(179, 200, "ok"), (190, 503, "late")])
def test_a_desk_that_has_not_audited_itself_for_long_is_not_well(client: Client, seconds: int, status: int, audit: str):
    an_engine_that_turned(seconds_ago=1, running_for=600)
    an_audit(seconds_ago=seconds)

    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()["audit"]) == (status, audit)


def test_an_engine_that_never_audits_is_noticed(client: Client):
    an_engine_that_turned(seconds_ago=1, running_for=190)

    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()["audit"]) == (503, "late")


def test_a_heartbeat_nobody_takes_and_a_key_that_cannot_sign_are_shown(client: Client, settings):
    settings.TOCSIN_HEARTBEAT_URL = "https://switch.example/secret"
    an_engine_that_turned(seconds_ago=1, trouble="/srv/keys/root.key cannot be read")
    an_audit(heartbeat_error="switch.example answered 404")

    said = client.get("/healthz").json()

    assert said["heartbeat"] == "not taken: switch.example answered 404"
    assert said["seal"] == "cannot be made: the engine's log says why"


def test_metrics_tell_what_the_last_audit_found_and_what_it_did_not(client: Client):
    an_audit(LATE, seconds_ago=30)

    assert sample(client, 'tocsin_audit_findings{kind="letters"}') == 2
    assert sample(client, 'tocsin_audit_findings{kind="tickets"}') == 0
    assert 30 <= sample(client, "tocsin_audit_age_seconds") < 60
    assert 30 <= sample(client, "tocsin_refold_age_seconds") < 60


def test_metrics_tell_what_is_overdue_this_moment(client: Client):
    world = World()
    world.opens(priority="P3")
    Ticket.objects.update(look_at=datetime.now(UTC) - timedelta(hours=2))

    assert sample(client, 'tocsin_overdue{of="tickets"}') == 1
    assert sample(client, 'tocsin_overdue_seconds{of="tickets"}') > 3600
    assert sample(client, 'tocsin_overdue{of="bodies"}') == 0


def test_metrics_tell_what_came_in_what_waits_what_could_not_be_read_and_what_was_turned_away(client: Client):
    world = World()
    monitor = Monitor(world)
    before = sample(client, "tocsin_intake_received_total")
    monitor.says()
    monitor.post(["nothing a source understands"])
    world.turn()
    monitor.says(uid="another")
    for _ in range(2):
        monitor.post(b"{")
    monitor.post({}, HTTP_AUTHORIZATION="Bearer of bad news")
    monitor.door._refusals.store()

    assert sample(client, "tocsin_intake_received_total") - before >= 3
    assert sample(client, 'tocsin_intake_bodies{state="new"}') == 1
    assert sample(client, 'tocsin_intake_bodies{state="unreadable"}') == 1
    assert sample(client, 'tocsin_intake_refused_total{reason="not JSON"}') == 2
    assert sample(client, 'tocsin_intake_refused_total{reason="no valid key"}') == 1


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
