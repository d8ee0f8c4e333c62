"""Is everything that came in read once and in order, whatever is wrong with some of it, by any number of engines?"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection

from tests.monitor import Monitor
from tests.world import World
from tocsin.core.hours import Calendar
from tocsin.desk import alerts, intake, tickets
from tocsin.desk.alert import Alert
from tocsin.desk.intake_item import IntakeItem
from tocsin.desk.refusal import Refusal
from tocsin.desk.ticket import Ticket
from tocsin.directory import clients
from tocsin.engine import intake as duty
from tocsin.sources import SOURCES

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def monitor(world: World) -> Monitor:
    return Monitor(world)


def states() -> list[str]:
    return list(IntakeItem.objects.order_by("pk").values_list("state", flat=True))


def test_everything_new_is_read_and_counted_and_then_nothing_is_left(world: World, monitor: Monitor):
    for number in range(3):
        monitor.says(uid=f"disk-{number}")

    assert duty.turn(world.now) == 3
    assert duty.turn(world.now) == 0
    assert states() == ["read"] * 3


def test_a_body_that_says_nothing_stays_with_the_reason_and_holds_up_no_other(world: World, monitor: Monitor):
    monitor.says(uid="a")
    bad = monitor.post({"labels": {}})
    monitor.says(uid="b")

    assert duty.turn(world.now) == 3

    item = IntakeItem.objects.get(pk=bad.said["accepted"])
    assert states() == ["read", "unreadable", "read"]
    assert "send those to /in/alertmanager" in item.error
    assert len(monitor.tickets) == 2


def test_a_body_that_raises_stays_with_the_reason_and_holds_up_no_other(world: World, monitor: Monitor, monkeypatch):
    opens = tickets.open

    def raises_on_b(**given: Any) -> Ticket:
        if given["title"] == "b":
            raise ZeroDivisionError("by chance")
        return opens(**given)

    monkeypatch.setattr(tickets, "open", raises_on_b)
    for title in "abc":
        monitor.post({"alert_uid": title, "title": title})

    assert duty.turn(world.now) == 3

    assert states() == ["read", "unreadable", "read"]
    assert [ticket.title for ticket in monitor.tickets] == ["a", "c"]
    assert IntakeItem.objects.get(state="unreadable").error == "Alert 1 of 1: ZeroDivisionError: by chance"


def test_of_many_alerts_in_one_body_only_the_one_that_raises_is_lost_until_it_is_tried_again(
    world: World, monitor: Monitor, monkeypatch
):
    opens = tickets.open
    with monkeypatch.context() as broken:
        broken.setattr(tickets, "open", lambda **given: 1 / 0 if given["title"] == "b" else opens(**given))
        answer = monitor.post([{"alert_uid": title, "title": title} for title in "abc"])
        duty.turn(world.now)

    assert [ticket.title for ticket in monitor.tickets] == ["a", "c"]
    intake.retry(answer.said["accepted"])
    duty.turn(world.now)

    assert [ticket.title for ticket in monitor.tickets] == ["a", "c", "b"]
    assert states() == ["read"]


def test_a_source_that_raises_costs_no_body(world: World, monitor: Monitor, monkeypatch):
    class Broken:
        def read(self, body: object) -> list[Any]:
            raise KeyError("alerts")

    monkeypatch.setitem(SOURCES, "generic", Broken())
    monitor.says()

    duty.turn(world.now)

    assert states() == ["unreadable"]
    assert IntakeItem.objects.get().error == "KeyError: 'alerts'"


def test_a_source_that_is_no_longer_there_costs_no_body(world: World, monitor: Monitor, monkeypatch):
    monitor.says()
    monkeypatch.delitem(SOURCES, "generic")

    duty.turn(world.now)

    assert "reads alertmanager, not generic" in IntakeItem.objects.get().error


def test_the_alerts_of_a_client_without_a_contract_wait_for_it(world: World):
    bare = clients.add("Bolt", by="test", now=world.now)
    monitor = Monitor(world, client=bare)
    monitor.says()
    duty.turn(world.now)
    assert "has no contract" in IntakeItem.objects.get().error

    clients.sign(bare, hours=Calendar.always(), starts_on=world.now.date(), by="test", now=world.now)
    assert intake.retry_all() == 1
    duty.turn(world.now)

    assert len(monitor.tickets) == 1


def test_only_what_could_not_be_read_is_tried_again(world: World, monitor: Monitor):
    answer = monitor.says()
    duty.turn(world.now)

    with pytest.raises(Refusal, match="is read: only one that could not be read"):
        intake.retry(answer.said["accepted"])
    with pytest.raises(Refusal, match="There is no item 4711"):
        intake.retry(4711)


def test_a_database_that_hiccups_marks_nothing_as_unreadable(world: World, monitor: Monitor, monkeypatch):
    monitor.says()

    def deadlock(*_: Any) -> None:
        raise OperationalError("deadlock detected")

    with monkeypatch.context() as broken, pytest.raises(OperationalError):
        broken.setattr(alerts.Desk, "save", deadlock)
        duty.turn(world.now)

    assert states() == ["new"]
    assert duty.turn(world.now) == 1


def test_a_storm_at_one_client_holds_up_no_other(world: World, monitor: Monitor):
    for _ in range(30):
        monitor.says()
    other = Monitor(world, client=world.client("Bolt"))
    other.says()

    duty.turn(world.now, batch=4)

    assert len(other.tickets) == 1
    assert 0 < states().count("new") < 30


def many(count: int, state: str = "alerting", *, first: int = 0) -> list[dict[str, str]]:
    return [{"alert_uid": f"{n}", "title": f"t{n}", "state": state} for n in range(first, first + count)]


def test_a_body_of_very_many_alerts_is_read_in_pieces_and_lets_others_have_their_turn(
    world: World, monitor: Monitor, monkeypatch
):
    monkeypatch.setattr(duty, "AT_ONCE", 2)
    monkeypatch.setattr(duty, "ALERTS_AT_ONCE", 4)
    monkeypatch.setattr(duty, "ALERTS_A_TURN", 8)
    monitor.post(many(21))
    monitor.says(uid="after it")
    other = Monitor(world, client=world.client("Bolt"))
    other.says()

    assert duty.turn(world.now) > 0

    assert states() == ["new", "read", "read"]
    assert 4 <= len(monitor.tickets) < 21
    while duty.turn(world.now):
        pass
    item = IntakeItem.objects.order_by("pk")[0]
    assert states() == ["read"] * 3
    assert (item.alerts_read, len(monitor.tickets)) == (21, 22)
    assert item.outcome.count("opened") == 21
    assert set(Alert.objects.values_list("count", flat=True)) == {1}


@pytest.mark.parametrize("at_once", [1, 4])
def test_the_next_alert_of_a_client_need_not_wait_for_the_end_of_a_long_body(
    world: World, monitor: Monitor, monkeypatch, at_once: int
):
    monkeypatch.setattr(duty, "AT_ONCE", at_once)
    monkeypatch.setattr(duty, "ALERTS_AT_ONCE", 4)
    monkeypatch.setattr(duty, "ALERTS_A_TURN", 4)
    monitor.post(many(40))
    monitor.says(uid="file server", severity="critical")

    duty.turn(world.now)

    assert states() == ["new", "read"]
    assert monitor.alert("file server").ticket.priority == "P1"


def test_what_came_after_a_body_that_waits_for_a_long_one_waits_too_where_it_is_about_the_same_alert(
    world: World, monitor: Monitor, monkeypatch
):
    monkeypatch.setattr(duty, "AT_ONCE", 4)
    monkeypatch.setattr(duty, "ALERTS_AT_ONCE", 4)
    monkeypatch.setattr(duty, "ALERTS_A_TURN", 4)
    monitor.post(many(40))
    monitor.post([*many(1, "ok", first=39), *many(1, first=99)])
    monitor.says("ok", uid="99")
    monitor.says(uid="100")

    duty.turn(world.now)
    assert states() == ["new", "new", "new", "read"]
    while duty.turn(world.now):
        pass

    assert (monitor.alert("39").state, monitor.alert("99").state) == ("resolved", "resolved")


def test_a_recovery_behind_a_long_body_is_not_read_before_the_end_of_it(world: World, monitor: Monitor, monkeypatch):
    monkeypatch.setattr(duty, "AT_ONCE", 4)
    monkeypatch.setattr(duty, "ALERTS_AT_ONCE", 4)
    monitor.post(many(10))
    monitor.post(many(10, "ok"))

    while duty.turn(world.now):
        pass

    assert set(Alert.objects.values_list("state", flat=True)) == {"resolved"}
    assert len(monitor.tickets) == 10


def test_an_engine_killed_in_the_middle_of_a_long_body_is_followed_by_one_that_goes_on(
    world: World, monitor: Monitor, monkeypatch
):
    monkeypatch.setattr(duty, "AT_ONCE", 4)
    monkeypatch.setattr(duty, "ALERTS_AT_ONCE", 4)
    monkeypatch.setattr(duty, "ALERTS_A_TURN", 4)
    monitor.post(many(10))
    duty.turn(world.now)
    assert len(monitor.tickets) == 4
    duty._begun.clear()  # what only the killed engine knew

    while duty.turn(world.now):
        pass

    assert set(Alert.objects.values_list("count", flat=True)) == {1}
    assert (states(), len(monitor.tickets)) == (["read"], 10)


def test_an_alert_that_raises_is_named_by_its_place_in_the_whole_body_and_costs_none_after_it(
    world: World, monitor: Monitor, monkeypatch
):
    opens = tickets.open
    monkeypatch.setattr(duty, "AT_ONCE", 4)
    monkeypatch.setattr(duty, "ALERTS_AT_ONCE", 4)
    answer = monitor.post(many(10))
    with monkeypatch.context() as broken:
        broken.setattr(tickets, "open", lambda **given: 1 / 0 if given["title"] == "t5" else opens(**given))
        while duty.turn(world.now):
            pass

    assert IntakeItem.objects.get().error == "Alert 6 of 10: ZeroDivisionError: division by zero"
    assert (states(), len(monitor.tickets)) == (["unreadable"], 9)
    intake.retry(answer.said["accepted"])
    while duty.turn(world.now):
        pass
    assert (states(), len(monitor.tickets)) == (["read"], 10)


def test_problem_and_recovery_are_read_in_the_order_in_which_they_came(world: World, monitor: Monitor):
    for state in ["alerting", "ok"] * 20:
        monitor.says(state)

    while duty.turn(world.now, batch=3):
        pass

    assert (monitor.alert().state, len(monitor.tickets)) == ("resolved", 1)


def at_once(count: int, work: Callable[[], None]) -> None:
    """Several threads, each with a connection of its own, begin at the same instant."""
    barrier, raised = threading.Barrier(count), []

    def begin() -> None:
        try:
            barrier.wait()
            work()
        except BaseException as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=begin) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert raised == []


@pytest.mark.django_db(transaction=True)
def test_two_engines_read_everything_once_and_make_one_ticket_of_one_alert(world: World, monitor: Monitor):
    others = [Monitor(world, client=world.client(name)) for name in ("Bolt", "Crane", "Dune")]
    for _ in range(20):
        for each in (monitor, *others):
            each.says()
    total = []

    def engine() -> None:
        while read := duty.turn(world.now, batch=10):
            total.append(read)

    at_once(2, engine)
    engine()

    assert sum(total) == 80
    assert [len(each.tickets) for each in (monitor, *others)] == [1, 1, 1, 1]
    assert set(Alert.objects.values_list("count", flat=True)) == {20}


@pytest.mark.django_db(transaction=True)
def test_two_engines_that_both_believe_they_are_alone_make_one_ticket(world: World, monitor: Monitor, monkeypatch):
    """Without the lock on the client only the unique row is left to decide."""
    at_the_same_time = threading.Barrier(2)
    looks_up = alerts.Desk.look_up
    first_times = iter([True, True])

    def looks_up_together(desk: alerts.Desk, *keys: Any) -> None:
        looks_up(desk, *keys)
        if connection.vendor == "postgresql" and next(first_times, False):
            at_the_same_time.wait(10)

    def takes_without_asking(client_id: int, limit: int) -> list[IntakeItem]:
        mine = 0 if threading.current_thread().name == "first" else 1
        new = IntakeItem.objects.filter(client_id=client_id, state="new").select_related("key__client", "key__service")
        return [item for item in new.order_by("pk") if item.pk % 2 == mine][:limit]

    monkeypatch.setattr(alerts.Desk, "look_up", looks_up_together)
    monkeypatch.setattr(intake, "take", takes_without_asking)
    monitor.says()
    monitor.says()
    names = iter(["first", "second"])

    def engine() -> None:
        threading.current_thread().name = next(names)
        duty.turn(world.now)

    at_once(2, engine)

    assert states() == ["read", "read"]
    assert len(monitor.tickets) == 1
    assert monitor.alert().count == 2
