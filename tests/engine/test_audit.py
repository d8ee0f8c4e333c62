"""Does the audit see whatever was due and is not done, and nothing else?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings as given

from tests.monitor import Monitor
from tests.world import World
from tocsin.channels.base import Refused, Unreachable
from tocsin.desk.ticket import Ticket
from tocsin.directory import rosters
from tocsin.directory.person import Person
from tocsin.engine.audit import KINDS, Finding, audit
from tocsin.engine.done import Turn
from tocsin.engine.heartbeats import Heart
from tocsin.outbox.delivery import Delivery

pytestmark = pytest.mark.django_db

LIMIT = timedelta(seconds=60)


class Desk(World):
    """A world whose engine says that it lives, at each turn."""

    def __init__(self) -> None:
        super().__init__()
        self.heart = Heart("here:1")
        self.heart.start(self.now)
        self.beats()

    def beats(self) -> None:
        self.heart.sent_at = self.now
        self.heart.beat(self.now, Turn())

    def passes(self, **time: float) -> None:
        """Time goes on, and nobody does anything but to say that he lives."""
        self.now += timedelta(**time)
        self.beats()

    def found(self) -> dict[str, Finding]:
        return {finding.kind: finding for finding in audit(self.now, LIMIT)}


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_desk_that_does_what_is_due_passes(desk):
    desk.opens(priority="P1")
    desk.forward(hours=3)
    desk.beats()

    assert desk.found() == {}


def test_tickets_nobody_looked_at_are_counted_all_with_the_longest_wait(desk):
    for _ in range(3):
        desk.opens(priority="P3")
    first = min(Ticket.objects.values_list("look_at", flat=True))
    desk.passes(seconds=(first - desk.now).total_seconds() + 61)

    found = desk.found()

    assert [*found] == ["tickets"]
    assert (found["tickets"].count, found["tickets"].worst_s) == (3, 61.0)
    assert found["tickets"].says == "3 tickets are due to be looked at, the longest for 1 min."


def test_what_is_due_for_less_than_the_limit_is_not_late(desk):
    ticket = desk.opens(priority="P3")
    desk.passes(seconds=(ticket.look_at - desk.now).total_seconds() + 59)

    assert desk.found() == {}


def test_a_ticket_held_back_by_an_error_is_named_and_not_late_besides(desk):
    ticket = desk.opens(priority="P3")
    desk.passes(seconds=(ticket.look_at - desk.now).total_seconds() + 61)
    Ticket.objects.filter(pk=ticket.pk).update(not_before=desk.now + timedelta(minutes=4))

    found = desk.found()

    assert [*found] == ["held"]
    assert found["held"].says == "1 ticket raises errors and is held back: INC-1; the log says why."


def test_a_ticket_put_off_that_nobody_took_up_again_is_late(desk):
    ticket = desk.opens(priority="P3")
    Ticket.objects.filter(pk=ticket.pk).update(not_before=desk.now)
    desk.passes(seconds=(ticket.look_at - desk.now).total_seconds() + 61)

    assert [*desk.found()] == ["tickets"]


def test_a_letter_whose_every_try_is_in_vain_is_late_though_it_was_put_off(desk):
    for edge in desk.edges.values():
        edge.fails(*[Unreachable("the exchange is silent")] * 100)
    desk.opens(priority="P1")
    waiting = Delivery.objects.waiting().count()
    desk.now += timedelta(seconds=61)
    desk.turn()
    desk.beats()

    found = desk.found()

    assert [*found] == ["letters"]
    assert 0 < found["letters"].count == Delivery.objects.waiting().filter(due_at__lt=desk.now - LIMIT).count()
    assert found["letters"].count <= waiting
    assert found["letters"].says.endswith("Last said: email: the exchange is silent")
    assert Delivery.objects.waiting().filter(not_before__gt=desk.now).exists()


def test_a_letter_of_which_somebody_else_was_told_is_late_no_more(desk):
    desk.opens(priority="P3")
    Delivery.objects.all().delete()
    letter = {"person": "person/1", "channel": "phone", "address": "x", "body": "x", "not_before": desk.now}
    late = Delivery.objects.create(key="page", due_at=desk.now, error="full", **letter)
    alarm = Delivery.objects.create(key="alarm/page", due_at=desk.now + timedelta(seconds=60), **letter)
    desk.passes(seconds=61)
    before = desk.found()["letters"].count
    Delivery.objects.filter(pk=alarm.pk).update(state="sent", sent_at=desk.now)

    assert (before, late.state) == (1, "queued")
    assert "letters" not in desk.found()


def test_a_letter_that_is_to_wait_is_not_late(desk):
    desk.opens(priority="P3")
    Delivery.objects.update(state="queued", attempts=0, error="", not_before=desk.now + timedelta(hours=9))
    desk.passes(hours=1)

    assert "letters" not in desk.found()


def test_a_letter_that_reached_nobody_is_found_only_if_nobody_could_be_told_either(desk):
    for edge in desk.edges.values():
        edge.fails(*[Refused("away")] * 200)
    desk.opens(priority="P1")
    desk.forward(minutes=12)
    desk.beats()
    dead = Delivery.objects.filter(state="dead")
    letter = dead.exclude(key__startswith="alarm/").first()

    nobody = desk.found()["unheard"].count
    Delivery.objects.filter(ticket_id=letter.ticket_id, key=f"alarm/{letter.key}").update(
        state="sent", sent_at=desk.now
    )
    after = desk.found().get("unheard")

    assert nobody >= 1
    assert (after.count if after else 0) == nobody - 1


def test_a_desk_where_nobody_can_be_reached_is_found_with_what_nobody_is_told_of(desk):
    desk.opens(priority="P1")
    for who in desk.people:
        desk.leaves(who)
    desk.forward(minutes=20)
    desk.beats()

    found = desk.found()

    assert [*found] == ["nobody"]
    assert found["nobody"].says == "Nobody who works here can be reached: nobody is told of INC-1."


def test_a_desk_without_a_ticket_needs_nobody_who_can_be_reached(desk):
    for who in desk.people:
        desk.leaves(who)

    assert desk.found() == {}


@pytest.mark.parametrize("known", [{"ways": [["phone", "zoe"]]}, {"email": "zoe@msp.example"}])
def test_one_who_can_be_reached_any_way_is_enough(desk, known):
    desk.opens(priority="P1")
    desk.unreachable(*desk.people)
    Person.objects.create(name="Zoe", **known)

    assert "nobody" not in desk.found()


def test_a_body_nobody_read_is_late_and_one_that_could_not_be_read_is_not(desk):
    monitor = Monitor(desk)
    monitor.says()
    desk.turn()
    monitor.says(uid="second")
    desk.passes(seconds=61)
    Ticket.objects.update(look_at=None)
    Delivery.objects.all().delete()

    found = desk.found()

    assert [*found] == ["bodies"]
    assert found["bodies"].says == "1 alert that came in is not read, the longest for 1 min."


def test_an_engine_that_decides_no_more_is_found_by_one_of_its_own_threads(desk):
    desk.now += timedelta(seconds=61)

    assert [*desk.found()] == ["deciding"]


def test_an_engine_that_sends_no_more_is_found_once_a_slow_mail_server_cannot_be_why(desk):
    desk.now += timedelta(minutes=6)
    desk.heart.beat(desk.now, Turn())
    early = [*desk.found()]
    desk.now += timedelta(minutes=1)
    desk.heart.beat(desk.now, Turn())

    assert (early, [*desk.found()]) == ([], ["sending"])


def test_a_killed_engine_is_no_finding_while_another_works(desk):
    Heart("there:2").start(desk.now)
    desk.passes(hours=1)

    assert desk.found() == {}


def test_a_day_that_is_not_sealed_is_found_an_hour_after_midnight(desk):
    desk.now = desk.at("00:59", day=17)
    early = [kind for kind in desk.found() if kind == "seal"]
    desk.now = desk.at("01:01", day=17)
    late = [kind for kind in desk.found() if kind == "seal"]

    assert (early, late) == ([], ["seal"])


def test_every_kind_of_finding_is_one_that_metrics_know(desk):
    assert len(set(KINDS)) == len(KINDS)
    desk.now += timedelta(days=2)

    assert set(desk.found()) <= set(KINDS)
    assert given.TOCSIN_LATE_AFTER == LIMIT


def test_a_roster_that_nobody_looks_at_for_holes_is_a_finding_until_it_has_ended(desk):
    roster = desk.roster("on-call-primary", "tara")
    desk.turn()
    desk.passes(days=1)
    assert "rosters" not in desk.found()
    desk.passes(minutes=3)

    assert desk.found()["rosters"].says == "1 roster is due to be looked at for holes, the longest for 3 min."
    rosters.end(roster, reason="a new team", by=desk.mona, now=desk.now)
    assert "rosters" not in desk.found()
