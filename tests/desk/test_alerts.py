"""Which ticket does an alert open, join, or say that it is over on?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.monitor import Monitor
from tests.world import World
from tocsin.desk import alerts, intake, merging, tickets
from tocsin.desk.alert import Alert
from tocsin.desk.intake_item import IntakeItem
from tocsin.desk.ticket import Ticket
from tocsin.directory.client import Service

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def monitor(world: World) -> Monitor:
    return Monitor(world)


def kinds(world: World, ticket) -> list[str]:
    return [event.kind for event in world.log(ticket) if event.actor.startswith("monitor/")]


def test_a_firing_alert_opens_a_ticket_that_says_where_it_came_from(world: World, monitor: Monitor):
    answer = monitor.says(severity="critical", host="db-1")

    world.turn()

    [ticket] = monitor.tickets
    opened = next(iter(world.log(ticket)))
    item = IntakeItem.objects.get(pk=answer.said["accepted"])
    assert (ticket.title, ticket.priority, ticket.reported_at) == ("Disk full on db-1", "P1", world.now)
    assert opened.actor == "monitor/generic"
    assert opened.data["because"] == "severity critical"
    assert (opened.data["alert"], opened.data["item"], opened.data["sha256"]) == ("disk", item.pk, item.digest)
    assert monitor.outcome(answer) == f"opened {ticket.number}"


def test_the_same_alert_again_joins_its_ticket(world: World, monitor: Monitor):
    monitor.says()
    world.turn()

    again = monitor.says()
    world.turn()

    [ticket] = monitor.tickets
    assert kinds(world, ticket) == ["opened", "alert_fired"]
    assert monitor.alert().count == 2
    assert monitor.outcome(again) == f"joined {ticket.number}"


def test_an_alert_that_repeats_itself_for_ever_does_not_fill_the_log(world: World, monitor: Monitor):
    for _ in range(20):
        monitor.says()

    world.turn()

    [ticket] = monitor.tickets
    said = [event.data["count"] for event in world.log(ticket) if event.kind == "alert_fired"]
    assert monitor.alert().count == 20
    assert said == [2, 4, 8, 16]


def test_a_worse_severity_is_on_record_and_changes_no_priority(world: World, monitor: Monitor):
    for severity in ("info", "info", "info", "critical"):
        monitor.says(severity=severity)

    world.turn()

    [ticket] = monitor.tickets
    last = [event.data for event in world.log(ticket) if event.kind == "alert_fired"][-1]
    assert (last["severity"], monitor.alert().severity) == ("critical", "critical")
    assert ticket.priority == "P4"


def test_another_alert_opens_another_ticket(world: World, monitor: Monitor):
    monitor.says(uid="disk")
    monitor.says(uid="memory")

    world.turn()

    assert len(monitor.tickets) == 2


def test_a_recovery_resolves_the_alert_and_says_so_on_the_ticket_which_stays_open(world: World, monitor: Monitor):
    monitor.says()
    world.turn()
    world.now += timedelta(minutes=5)

    monitor.says("ok")
    world.turn()

    [ticket] = monitor.tickets
    said = next(event for event in world.log(ticket) if event.kind == "alert_resolved")
    assert (said.effective_at, said.data["still_firing"]) == (world.now, 0)
    assert (monitor.alert().state, monitor.alert().resolved_at) == ("resolved", world.now)
    assert ticket.status == "new"


def test_a_recovery_that_comes_twice_is_said_once(world: World, monitor: Monitor):
    monitor.says()
    monitor.says("ok")
    world.turn()

    again = monitor.says("ok")
    world.turn()

    [ticket] = monitor.tickets
    assert kinds(world, ticket) == ["opened", "alert_resolved"]
    assert monitor.outcome(again) == f"resolved before, on {ticket.number}"


def test_a_recovery_of_what_never_fired_opens_nothing(world: World, monitor: Monitor):
    answer = monitor.says("ok")

    world.turn()

    assert monitor.tickets == []
    assert monitor.outcome(answer) == "kept: it is resolved, and no open ticket holds this alert"


def test_an_unknown_state_is_kept_and_does_nothing(world: World, monitor: Monitor):
    answer = monitor.says("pending")

    world.turn()

    assert monitor.tickets == []
    assert "its state is unknown" in monitor.outcome(answer)


def test_what_fires_again_after_its_recovery_is_back_on_the_same_ticket(world: World, monitor: Monitor):
    for state in ("alerting", "ok", "alerting"):
        monitor.says(state)

    world.turn()

    [ticket] = monitor.tickets
    assert kinds(world, ticket) == ["opened", "alert_resolved", "alert_fired"]
    assert (monitor.alert().state, monitor.alert().resolved_at) == ("firing", None)


def test_an_acknowledgement_in_the_monitor_is_said_and_stops_no_clock(world: World, monitor: Monitor):
    monitor.says()
    monitor.says("acknowledged")

    world.turn()

    [ticket] = monitor.tickets
    assert kinds(world, ticket) == ["opened", "alert_acknowledged"]
    assert monitor.alert().state == "acknowledged"
    assert '"response":{"anchor":1' in ticket.reading
    assert '"met_at":null' in ticket.reading


@pytest.mark.parametrize("end", ["solve", "cancel"])
def test_what_fires_on_when_its_ticket_is_over_opens_one_that_follows_it(world: World, monitor: Monitor, end: str):
    monitor.says()
    world.turn()
    [first] = monitor.tickets
    if end == "solve":
        tickets.assign(first, owner=world.lena, by=world.lena, now=world.now)
        tickets.solve(first, cause="logs", actions="rotated", verification="df", by=world.lena, now=world.now)
    else:
        tickets.cancel(first, reason="a test", by=world.lena, now=world.now)

    monitor.says()
    world.turn()

    _, second = monitor.tickets
    opened = next(iter(world.log(second)))
    assert opened.data["follows"] == first.number
    assert monitor.alert().ticket_id == second.pk


def solve(world: World, ticket: Ticket) -> None:
    tickets.assign(ticket, owner=world.lena, by=world.lena, now=world.now)
    world.solves(ticket)


def back_on_a_second_ticket(world: World, monitor: Monitor) -> tuple[Ticket, Ticket]:
    """It fired, was over, and its ticket solved; it fires again on another; and the first is open again."""
    monitor.says()
    monitor.says("ok")
    world.turn()
    [first] = monitor.tickets
    solve(world, first)
    monitor.says()
    world.turn()
    _, second = monitor.tickets
    world.reopens(first)
    return first, second


def states(*of: Ticket) -> list[str]:
    return [Alert.objects.get(ticket=ticket).state for ticket in of]


def test_what_came_back_on_a_second_ticket_fires_on_there_though_the_first_is_reopened(world: World, monitor: Monitor):
    first, second = back_on_a_second_ticket(world, monitor)

    again = monitor.says()
    world.turn()

    assert monitor.outcome(again) == f"joined {second.number}"
    assert states(first, second) == ["resolved", "firing"]


def test_what_came_back_on_a_second_ticket_is_over_there_though_the_first_is_reopened(world: World, monitor: Monitor):
    first, second = back_on_a_second_ticket(world, monitor)

    recovery = monitor.says("ok")
    world.turn()

    assert monitor.outcome(recovery) == f"resolved on {second.number}"
    assert states(first, second) == ["resolved", "resolved"]


def test_what_fires_on_when_its_second_ticket_is_solved_is_back_on_the_first_that_is_open(
    world: World, monitor: Monitor
):
    first, second = back_on_a_second_ticket(world, monitor)
    solve(world, second)

    again = monitor.says()
    world.turn()

    assert monitor.outcome(again) == f"joined {first.number}"
    assert states(first, second) == ["firing", "left"]


def test_what_is_over_after_its_second_ticket_was_solved_is_over_there(world: World, monitor: Monitor):
    first, second = back_on_a_second_ticket(world, monitor)
    solve(world, second)

    recovery = monitor.says("ok")
    world.turn()

    assert monitor.outcome(recovery) == f"resolved on {second.number}, which is solved"
    assert states(first, second) == ["resolved", "resolved"]


@pytest.mark.parametrize("end", ["solved", "cancelled"])
def test_a_recovery_after_its_ticket_is_over_is_said_on_it_and_moves_no_clock(world: World, monitor: Monitor, end: str):
    monitor.says()
    world.turn()
    [ticket] = monitor.tickets
    solve(world, ticket) if end == "solved" else world.cancels(ticket)
    before = (ticket.status, ticket.look_at, ticket.reading)
    world.now += timedelta(minutes=5)

    recovery = monitor.says("ok")
    world.turn()

    ticket.refresh_from_db()
    assert monitor.outcome(recovery) == f"resolved on {ticket.number}, which is {end}"
    assert kinds(world, ticket) == ["opened", "alert_resolved"]
    assert (monitor.alert().state, monitor.alert().resolved_at) == ("resolved", world.now)
    assert (ticket.status, ticket.look_at, ticket.reading) == before


def test_what_recovers_after_its_ticket_was_solved_and_fires_again_opens_another_in_the_same_turn(
    world: World, monitor: Monitor
):
    monitor.says()
    world.turn()
    [first] = monitor.tickets
    solve(world, first)

    for state in ("ok", "alerting", "ok", "alerting"):
        monitor.says(state)
    world.turn()

    first, second = monitor.tickets
    assert states(first, second) == ["resolved", "firing"]
    assert set(IntakeItem.objects.values_list("state", flat=True)) == {"read"}


def test_an_alert_of_a_merged_ticket_fires_on_where_it_went(world: World, monitor: Monitor):
    monitor.says(uid="disk")
    monitor.says(uid="memory")
    world.turn()
    gone, kept = monitor.tickets

    merging.merge(gone, into=kept, reason="the same disk", by=world.lena, now=world.now)
    monitor.says(uid="disk")
    world.turn()

    assert len(monitor.tickets) == 2
    assert monitor.alert("disk").ticket_id == kept.pk


def test_the_same_key_at_another_client_is_another_alert(world: World, monitor: Monitor):
    other = Monitor(world, client=world.client("Bolt"))
    monitor.says()
    other.says()

    world.turn()

    assert len(monitor.tickets) == len(other.tickets) == 1


def test_a_key_gives_its_alerts_a_service_and_a_first_priority(world: World):
    files = Service.objects.get(client=world.acme)
    monitor = Monitor(world, service=files, default_priority="P2")

    monitor.says()
    world.turn()

    [ticket] = monitor.tickets
    assert (ticket.service, ticket.priority) == (files, "P2")


def test_an_alert_that_names_a_service_of_the_client_is_about_it(world: World, monitor: Monitor):
    monitor.says(service="files")

    world.turn()

    assert monitor.tickets[0].service == Service.objects.get(client=world.acme)


def test_what_the_last_firing_said_stands_on_the_alert(world: World, monitor: Monitor):
    monitor.says(details={"mount": "/var"}, link="https://grafana.example/d/1")
    world.turn()

    monitor.says(details={"mount": "/srv"}, link="https://grafana.example/d/2")
    world.turn()

    alert = monitor.alert()
    assert (alert.details, alert.link) == ({"mount": "/srv"}, "https://grafana.example/d/2")


def test_the_database_itself_lets_an_alert_be_open_only_once(world: World, monitor: Monitor):
    monitor.says()
    world.turn()
    twin = monitor.alert()
    twin.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


def test_somebody_elses_alert_that_was_quicker_is_joined(world: World, monitor: Monitor, monkeypatch):
    """The look-up sees nothing, as if the other engine had not committed yet; the unique row decides."""
    monitor.says()
    world.turn()
    seen = alerts.Desk.look_up
    blind = iter([True])
    monkeypatch.setattr(alerts.Desk, "look_up", lambda desk, *keys: None if next(blind, False) else seen(desk, *keys))

    monitor.says()
    world.turn()

    assert len(monitor.tickets) == 1
    assert monitor.alert().count == 2


def test_one_body_may_hold_many_alerts(world: World):
    monitor = Monitor(world, source="alertmanager")
    labels = [{"alertname": "DiskFull", "instance": f"db-{number}", "severity": "warning"} for number in (1, 2, 2)]
    answer = monitor.post({"alerts": [{"status": "firing", "labels": each} for each in labels]})

    world.turn()

    first, second = monitor.tickets
    assert monitor.outcome(answer) == f"opened {first.number}, opened {second.number}, joined {second.number}"
    assert Alert.objects.count() == 2


def test_a_body_is_kept_as_it_came(world: World, monitor: Monitor):
    raw = b'\xef\xbb\xbf {"alert_uid": "x", "title": "\\u00e4"}\r\n'

    answer = monitor.post(raw)
    world.turn()

    item = IntakeItem.objects.get(pk=answer.said["accepted"])
    assert bytes(item.body) == raw
    assert item.state == "read"
    assert intake.opened(bytes(item.body)) == {"alert_uid": "x", "title": "ä"}
