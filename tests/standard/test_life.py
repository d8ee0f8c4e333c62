"""Is a version tried, rolled out and rolled back where it was meant to be, and nowhere else?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.world import FIELD_GUIDE
from tocsin.core.hours import Calendar
from tocsin.directory import clients
from tocsin.directory.contract import Contract
from tocsin.log.event import Event
from tocsin.standard import life
from tocsin.standard.adopt import adopt
from tocsin.standard.life import StepRefused
from tocsin.standard.proof import compare
from tocsin.standard.standing import Standing
from tocsin.standard.terms import version_for

pytestmark = pytest.mark.django_db
TEN = datetime(2026, 7, 20, 10, tzinfo=UTC)
DAY = timedelta(days=1)
GUIDE = FIELD_GUIDE.read_text("utf-8")
STRICT = GUIDE.replace('name = "field-guide"', 'name = "strict"')
OFFICE = Calendar("UTC", {day: [("09:00", "17:00")] for day in ("mon", "tue", "wed", "thu", "fri")})


class Desk:
    """Two clients with the field guide, of which a second version is stored, and another standard that nobody has."""

    def __init__(self) -> None:
        self.now = TEN
        self.first = adopt(GUIDE, by="test", now=TEN - 100 * DAY)
        self.acme, self.bolt = (self.signs(name) for name in ("Acme", "Bolt"))
        self.second = adopt(f"{GUIDE}\n# 2\n", by="test", now=TEN - DAY, in_force=False)
        self.strict = adopt(STRICT, by="test", now=TEN - DAY, in_force=False)

    def signs(self, name, **agreed):
        client = clients.add(name, by="test", now=TEN - 90 * DAY)
        clients.sign(client, hours=OFFICE, starts_on=date(2026, 1, 1), by="test", now=TEN - 90 * DAY, **agreed)
        return client

    def pilot(self, version, client, **more):
        until = more.pop("until", self.now + 30 * DAY)
        return self._step(life.pilot, version, client, until=until, **more)

    def roll_out(self, version, *chosen, **more):
        return self._step(life.roll_out, version, chosen or None, **more)

    def roll_back(self, batch, name="field-guide", **more):
        return self._step(life.roll_back, name, batch, **more)

    def _step(self, step, *what, **more):
        self.now += timedelta(hours=1)
        return step(*what, by="person/1", why="we try it", now=self.now, **more)

    def has(self, at=None):
        return [str(version_for(client, at=at or self.now)) for client in (self.acme, self.bolt)]


@pytest.fixture
def desk():
    return Desk()


@pytest.fixture(autouse=True)
def proven(db):
    yield
    assert [str(fault) for fault in compare()] == []


def test_a_stored_version_is_in_force_nowhere_until_a_step_puts_it_there(desk):
    assert desk.has() == ["field-guide 1", "field-guide 1"]


def test_a_pilot_is_in_force_at_its_client_alone_and_from_its_instant_on(desk):
    before = desk.now
    desk.pilot(desk.second, desk.acme)

    assert desk.has() == ["field-guide 2", "field-guide 1"]
    assert desk.has(at=before) == ["field-guide 1", "field-guide 1"]


def test_a_pilot_gives_a_client_another_standard_than_its_contract_names(desk):
    desk.pilot(desk.strict, desk.acme)

    assert desk.has() == ["strict 1", "field-guide 1"]


def test_a_pilot_stays_in_force_when_its_end_has_passed(desk):
    desk.pilot(desk.second, desk.acme, until=desk.now + DAY)

    assert desk.has(at=desk.now + 10 * DAY) == ["field-guide 2", "field-guide 1"]


def test_a_contract_that_names_another_standard_since_ends_what_was_tried(desk):
    desk.pilot(desk.second, desk.acme)
    clients.revise(Contract.objects.get(client=desk.acme), policy="strict", by="test", now=desk.now + DAY)

    assert desk.has(at=desk.now + 2 * DAY) == ["strict 1", "field-guide 1"]


def test_a_roll_out_to_everybody_takes_in_who_tried_the_standard_and_who_comes_later(desk):
    desk.pilot(desk.second, desk.acme)
    desk.roll_out(desk.second)
    third = adopt(f"{GUIDE}\n# 3\n", by="test", now=desk.now, in_force=False)
    later = desk.signs("Coda")

    assert desk.has() == ["field-guide 2", "field-guide 2"]
    assert str(version_for(later, at=desk.now)) == "field-guide 2"
    desk.roll_out(third)
    assert desk.has() == ["field-guide 3", "field-guide 3"]


def test_a_roll_out_to_everybody_leaves_alone_who_tries_another_standard(desk):
    desk.pilot(desk.strict, desk.acme)
    desk.roll_out(desk.second)

    assert desk.has() == ["strict 1", "field-guide 2"]


def test_who_tried_another_standard_that_is_rolled_out_keeps_it_for_good(desk):
    desk.pilot(desk.strict, desk.acme)
    stricter = adopt(f"{STRICT}\n# 2\n", by="test", now=desk.now, in_force=False)
    desk.roll_out(stricter)

    assert desk.has() == ["strict 2", "field-guide 1"]
    assert Standing.objects.filter(client=desk.acme).last().until is None


def test_a_roll_out_to_chosen_clients_is_one_step_and_undone_by_one(desk):
    batch = desk.roll_out(desk.second, desk.acme, desk.bolt)
    assert desk.has() == ["field-guide 2", "field-guide 2"]

    desk.roll_back(batch)

    assert desk.has() == ["field-guide 1", "field-guide 1"]


def test_each_client_gets_back_what_it_had(desk):
    desk.pilot(desk.strict, desk.acme)
    batch = desk.roll_out(desk.second, desk.acme, desk.bolt)
    desk.roll_back(batch)

    assert desk.has() == ["strict 1", "field-guide 1"]
    assert Standing.objects.filter(client=desk.acme).last().until is not None


def test_a_roll_out_to_everybody_is_undone_with_the_pilot_it_ended(desk):
    desk.pilot(desk.second, desk.acme)
    third = adopt(f"{GUIDE}\n# 3\n", by="test", now=desk.now, in_force=False)
    batch = desk.roll_out(third)
    desk.roll_back(batch)

    assert desk.has() == ["field-guide 2", "field-guide 1"]


def test_an_adoption_in_force_is_a_step_that_can_be_undone(desk):
    adopt(f"{GUIDE}\n# 3\n", by="test", now=desk.now)
    assert desk.has() == ["field-guide 3", "field-guide 3"]

    desk.roll_back(life.last_step("field-guide"))

    assert desk.has() == ["field-guide 1", "field-guide 1"]


def test_a_version_that_was_rolled_back_is_put_in_force_by_adopting_its_text_again(desk):
    newest = adopt(f"{GUIDE}\n# 3\n", by="test", now=desk.now)
    desk.roll_back(life.last_step("field-guide"))

    assert adopt(f"{GUIDE}\n# 3\n", by="test", now=desk.now) == newest
    assert desk.has() == ["field-guide 3", "field-guide 3"]


def test_steps_are_undone_from_the_newest_down(desk):
    lower = desk.pilot(desk.second, desk.acme)
    upper = desk.roll_out(desk.strict, desk.acme)

    with pytest.raises(
        StepRefused, match=rf"Acme had a newer step since: strict step {upper}, .*Roll that back first\."
    ):
        desk.roll_back(lower)
    desk.roll_back(upper, "strict")
    assert desk.has()[0] == "field-guide 2"
    desk.roll_back(lower)
    assert desk.has()[0] == "field-guide 1"


def test_a_newer_step_elsewhere_holds_no_rollback_up(desk):
    here = desk.pilot(desk.second, desk.acme)
    desk.pilot(desk.second, desk.bolt)

    desk.roll_back(here)

    assert desk.has() == ["field-guide 1", "field-guide 2"]


def test_what_cannot_be_undone_says_why(desk):
    batch = desk.pilot(desk.second, desk.acme)
    undoing = desk.roll_back(batch)

    for number, why in [
        (batch, f"Step {batch} of field-guide was rolled back before."),
        (undoing, f"Step {undoing} of field-guide is a rollback itself: pilot or roll out what should be in force."),
        (99, "field-guide has no step 99: its history names them."),
        (1, "field-guide 1 was the first version of field-guide: there is none before it."),
    ]:
        with pytest.raises(StepRefused) as refusal:
            desk.roll_back(number)
        assert str(refusal.value) == why


def test_a_contract_that_does_not_fit_refuses_the_step_and_nothing_is_stored(desk):
    contract = Contract.objects.get(client=desk.bolt)
    clients.revise(contract, overrides={"targets": {"repair": {"P2": "6h"}}}, by="test", now=desk.now)
    before = Standing.objects.count(), Event.objects.count()

    for step in (
        lambda: desk.pilot(desk.strict, desk.bolt),
        lambda: desk.roll_out(desk.second),
        lambda: desk.roll_out(desk.second, desk.acme, desk.bolt),
    ):
        with pytest.raises(StepRefused) as refusal, transaction.atomic():
            step()
        assert str(refusal.value).startswith("Bolt: its contract from 2026-01-01 does not fit ")
        assert "repair" in str(refusal.value) and str(refusal.value).endswith("or leave Bolt out.")

    assert (Standing.objects.count(), Event.objects.count()) == before
    desk.pilot(desk.second, desk.acme)


def test_what_would_change_nothing_is_refused(desk):
    desk.roll_out(desk.second)

    for step, why in [
        (lambda: desk.roll_out(desk.second), "field-guide 2 is in force everywhere already"),
        (lambda: desk.roll_out(desk.second, desk.acme), "field-guide 2 is in force at Acme already"),
        (lambda: desk.pilot(desk.second, desk.acme), "Acme works by field-guide 2 already"),
        (lambda: desk.pilot(desk.strict, desk.acme, until=TEN), "A pilot ends later than it begins"),
    ]:
        with pytest.raises(StepRefused, match=why):
            step()


def test_who_has_left_or_has_no_contract_is_promised_nothing(desk):
    clients.change(desk.acme, ended_on=date(2026, 7, 1), by="test", now=desk.now)
    nobody = clients.add("Initech", by="test", now=desk.now)

    for client in (desk.acme, nobody):
        with pytest.raises(StepRefused, match=f"{client} has no contract, or has left"):
            desk.pilot(desk.second, client)


def test_every_step_is_on_the_standards_log_with_author_why_clients_and_version(desk):
    batch = desk.pilot(desk.second, desk.acme)
    undoing = desk.roll_back(batch)

    stream = desk.second.policy.stream_name
    piloted, undone = Event.objects.filter(stream=stream, seq__in=[batch, undoing]).order_by("seq")
    assert (piloted.kind, piloted.actor, piloted.data["why"]) == ("policy_piloted", "person/1", "we try it")
    assert piloted.data["standings"][0]["client"] == desk.acme.pk
    assert piloted.data["standings"][0]["number"] == 2
    assert piloted.data["standings"][0]["until"].startswith("2026-08-19")
    assert (undone.kind, undone.data["undoes"]) == ("policy_rolled_back", batch)


def test_the_database_itself_refuses_to_change_what_stands(desk):
    for change in (lambda rows: rows.update(why="x"), lambda rows: rows.delete()):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change(Standing.objects.all())


def test_the_version_in_force_is_found_by_one_question(desk, django_assert_num_queries):
    desk.pilot(desk.second, desk.acme)
    version_for(desk.acme, at=desk.now)

    with django_assert_num_queries(1):
        assert str(version_for(desk.acme, at=desk.now)) == "field-guide 2"
