"""What if two people do something to the same ticket at the same moment?"""

from collections.abc import Callable, Iterator
from threading import Barrier, Event, Thread

import pytest
from django.db import connections

from tests.monitor import Monitor
from tests.world import World
from tocsin.desk import alerts, escalations, merging, tickets, updates
from tocsin.desk.alert import Alert
from tocsin.desk.refusal import Refusal
from tocsin.desk.ticket import Ticket
from tocsin.engine import intake, loop, ways

pytestmark = [pytest.mark.only_on("postgresql"), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db: None) -> Iterator[World]:
    told = World()
    yield told
    told.is_proven()


def at_once(*doing: Callable[[], object]) -> list[object]:
    """All is done at the same moment, each by a thread of its own; what each returned, or raised."""
    gate, came = Barrier(len(doing)), [None] * len(doing)

    def run(place: int) -> None:
        try:
            gate.wait(10)
            came[place] = doing[place]()
        except Exception as error:
            came[place] = error
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(place,)) for place in range(len(doing))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return came


def mine(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def test_of_two_who_acknowledge_at_once_one_is_first(world):
    ticket = world.opens(priority="P1")
    world.forward(minutes=5)

    answers = at_once(
        lambda: escalations.acknowledge(mine(ticket), of="step/page@1/primary", by=world.omar, now=world.now),
        lambda: escalations.acknowledge(mine(ticket), of="step/page@1/secondary", by=world.nils, now=world.now),
    )

    assert sorted(answers) == [False, True]
    assert world.kinds(ticket)[-2:] == ["acknowledged", "acknowledged_again"]


def test_of_two_who_accept_at_once_one_has_it(world):
    ticket = world.opens(priority="P1")
    world.escalates(ticket, "L2")

    answers = at_once(
        lambda: escalations.accept(mine(ticket), by=world.sam, now=world.now),
        lambda: escalations.accept(mine(ticket), by=world.nils, now=world.now),
    )

    assert sorted(str(answer) for answer in answers) == ["INC-1 waits for nobody's acceptance.", "None"]
    assert world.kinds(ticket).count("accepted") == 1


def test_two_who_write_at_once_are_both_on_record_and_no_link_is_broken(world):
    ticket = world.opens(priority="P2")

    answers = at_once(*[lambda: tickets.note(mine(ticket), "seen", by=world.lena, now=world.now)] * 6)

    assert answers == [None] * 6
    assert world.kinds(ticket).count("noted") == 6


def test_of_two_who_solve_at_once_the_second_is_told(world):
    ticket = world.opens(priority="P2")
    what = {"cause": "c", "actions": "a", "verification": "v"}

    answers = at_once(*[lambda: tickets.solve(mine(ticket), **what, by=world.lena, now=world.now)] * 2)

    assert sorted(str(answer) for answer in answers) == ["INC-1 is solved: reopen it first.", "None"]


def test_two_merges_across_each_other_do_not_wait_for_ever(world):
    first, second = world.opens("first"), world.opens("second")

    answers = at_once(
        lambda: merging.merge(mine(first), into=mine(second), reason="x", by=world.lena, now=world.now),
        lambda: merging.merge(mine(second), into=mine(first), reason="x", by=world.lena, now=world.now),
    )

    assert [type(answer) for answer in answers if answer is not None] == [Refusal]
    assert sorted(Ticket.objects.values_list("status", flat=True)) == ["in progress", "merged"]


@pytest.mark.parametrize("fired", [1, 2])
def test_a_merge_waits_for_the_alert_that_is_being_read_and_takes_it_along(world, monkeypatch, fired):
    monitor, kept = Monitor(world), world.opens("Server room is hot", priority="P1")
    for _ in range(fired):
        monitor.says()
        world.turn()
    gone = monitor.tickets[-1]
    monitor.says()
    looks_up, looked_up, merged = alerts.Desk.look_up, Event(), Event()

    def looks_up_while_somebody_merges(desk: alerts.Desk, *keys: object) -> None:
        looks_up(desk, *keys)
        looked_up.set()
        merged.wait(1)

    def merge() -> None:
        looked_up.wait(10)
        merging.merge(mine(gone), into=mine(kept), reason="the same", by=world.lena, now=world.now)
        merged.set()

    monkeypatch.setattr(alerts.Desk, "look_up", looks_up_while_somebody_merges)
    answers = at_once(lambda: intake.turn(world.now), merge)
    monkeypatch.undo()
    recovery = monitor.says("ok")
    world.turn()

    assert answers == [1, None]
    assert len(monitor.tickets) == 2
    assert monitor.outcome(recovery) == f"resolved on {kept.number}"
    assert (monitor.alert().ticket_id, monitor.alert().count) == (kept.pk, fired + 1)


def test_merges_alerts_and_the_engine_at_the_same_moment_do_not_wait_for_each_other_for_ever(world):
    monitor = Monitor(world)
    for number in range(6):
        monitor.says(uid=f"disk-{number}", severity="critical")
    world.turn()
    opened = monitor.tickets
    world.now = world.at("10:20")
    for number in reversed(range(6)):
        monitor.says(uid=f"disk-{number}")

    answers = at_once(
        lambda: merging.merge(mine(opened[0]), into=mine(opened[5]), reason="x", by=world.lena, now=world.now),
        lambda: merging.merge(mine(opened[4]), into=mine(opened[1]), reason="x", by=world.lena, now=world.now),
        lambda: intake.turn(world.now),
        lambda: world.turns_deciding(),
    )
    while intake.turn(world.now):
        pass

    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert {alert.ticket_id for alert in Alert.objects.all()} == {opened[place].pk for place in (1, 2, 3, 5)}
    assert set(Alert.objects.values_list("count", flat=True)) == {2}


def test_tickets_opened_at_once_have_numbers_of_their_own(world):
    opened = at_once(*[lambda: tickets.open(client=world.acme, title="x", by=world.lena, now=world.now).number] * 6)

    assert sorted(opened) == [f"INC-{n}" for n in range(1, 7)]


def test_an_answer_and_the_engine_at_the_same_moment_both_count(world):
    ticket = world.opens(priority="P1")
    world.now = world.at("10:20")

    def turn() -> object:
        with ways.using(**world.edges):
            return loop.turn(world.now)

    answers = at_once(
        lambda: updates.respond(mine(ticket), "We are on it.", by=world.lena, now=world.now),
        turn,
        turn,
    )
    world.turn()

    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    keys = world.keys(ticket)
    assert len(keys) == len(set(keys))
    assert {"step/page@1/primary", "step/page@1/manager"} <= set(keys)
    assert {"breach/response@1", "step/management@1/team-lead"} <= set(keys)
