"""Which alerts raise a ticket, which lower it, and when does what a person decided stand?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.monitor import Monitor
from tests.world import FIELD_GUIDE, World
from tocsin.desk import merging, tickets
from tocsin.desk.ticket import Ticket
from tocsin.standard.adopt import adopt

pytestmark = pytest.mark.django_db
BOTH = "alerts_raise = true\nalerts_lower = true\n"


def following(rules: str) -> tuple[World, Monitor]:
    """A world whose standard has these rules, and a monitor of its client."""
    world = World()
    text = FIELD_GUIDE.read_text().replace("[rules]\n", f"[rules]\n{rules}", 1)
    adopt(text, by="test", now=world.now - timedelta(days=1))
    return world, Monitor(world)


def heard(world: World, monitor: Monitor, *severities: str, uid: str = "disk", state: str = "alerting") -> Ticket:
    """The monitor says each, and the engine reads it at once; the first ticket there is."""
    for severity in severities:
        monitor.says(state, uid=uid, **({"severity": severity} if severity else {}))
        world.turn()
    return monitor.tickets[0]


def changes(world: World, ticket: Ticket) -> list[tuple[str, str]]:
    """Who changed its priority to what."""
    return [(event.actor, event.data["to"]) for event in world.log(ticket) if event.kind == "priority_changed"]


def test_an_alert_that_gets_worse_raises_by_rule_and_keeps_the_reading():
    world, monitor = following("alerts_raise = true\n")
    ticket = heard(world, monitor, "warning")
    tickets.assign(ticket, owner=world.lena, worker=world.lena, by=world.lena, now=world.now)

    heard(world, monitor, "critical")

    ticket.refresh_from_db()
    assert ticket.priority == "P1"
    changed, fired = world.last(ticket, "priority_changed"), world.last(ticket, "alert_fired")
    assert (changed.actor, changed.data["rule"], changed.data["was"]) == ("rule/alerts", "alerts", "P3")
    assert changed.data["reason"] == "its monitor says critical now"
    assert (changed.data["alert"], changed.data["item"]) == ("disk", fired.data["item"])
    assert changed.data["sha256"] == fired.data["sha256"]
    world.turn()
    world.phone("lena").gets("INC-1 is P1 now, and was P3: its monitor says critical now")
    world.is_proven()


def test_a_raise_by_an_alert_starts_the_page_path_as_any_raise_does():
    world, monitor = following("alerts_raise = true\n")
    ticket = heard(world, monitor, "warning", "critical")

    world.forward(minutes=1)

    world.phone("omar").gets("INC-1")
    assert len(world.keys(ticket, "step/page")) == 1


def test_without_the_rules_nothing_changes():
    world, monitor = following("")

    ticket = heard(world, monitor, "warning", "critical", "info")

    assert (ticket.priority, changes(world, ticket)) == ("P3", [])


def test_one_that_gets_milder_lowers_only_where_that_is_a_rule_too():
    world, monitor = following("alerts_raise = true\n")
    assert heard(world, monitor, "critical", "warning").priority == "P1"

    world, monitor = following_again(world, BOTH)
    assert heard(world, monitor, "warning", uid="other").priority == "P1"  # of the version it was opened under


def following_again(world: World, rules: str) -> tuple[World, Monitor]:
    text = FIELD_GUIDE.read_text().replace("[rules]\n", f"[rules]\n{rules}", 1)
    adopt(text, by="test", now=world.now)
    return world, Monitor(world)


def test_a_milder_alert_lowers_what_only_the_monitor_has_decided():
    world, monitor = following(BOTH)

    ticket = heard(world, monitor, "critical", "warning")

    assert ticket.priority == "P3"
    assert changes(world, ticket) == [("rule/alerts", "P3")]
    assert world.last(ticket, "priority_changed").data["reason"] == "the worst its monitor still says is warning"


def test_it_goes_up_and_down_with_its_alert_as_long_as_nobody_decides():
    world, monitor = following(BOTH)

    ticket = heard(world, monitor, "warning", "critical", "warning", "error")

    assert [to for _, to in changes(world, ticket)] == ["P1", "P3", "P2"]


def test_what_a_person_has_raised_or_lowered_stays_until_the_alert_gets_worse():
    world, monitor = following(BOTH)
    ticket = heard(world, monitor, "error")
    world.makes_it(ticket, "P3", reason="a test system")

    heard(world, monitor, "error", "error")
    assert heard(world, monitor, "warning").priority == "P3"

    assert heard(world, monitor, "critical").priority == "P1"
    world.makes_it(ticket, "P2", reason="a few people only")
    assert heard(world, monitor, "info").priority == "P2"


def test_the_worst_of_all_open_alerts_decides():
    world, monitor = following(BOTH)
    ticket = heard(world, monitor, "critical", uid="disk")
    heard(world, monitor, "error", uid="memory")
    other = monitor.tickets[1]
    merging.merge(other, into=ticket, reason="the same machine", by=world.lena, now=world.now)

    assert heard(world, monitor, "warning", uid="disk").priority == "P2"
    assert heard(world, monitor, "", uid="memory", state="ok").priority == "P3"
    assert heard(world, monitor, "", uid="disk", state="ok").priority == "P3"  # nothing is left to say anything


def test_an_alert_that_gets_worse_raises_to_what_it_says_and_no_further():
    """A person has seen the other one, and lowered."""
    world, monitor = following(BOTH)
    ticket = heard(world, monitor, "critical", uid="disk")
    heard(world, monitor, "info", uid="memory")
    merging.merge(monitor.tickets[1], into=ticket, reason="the same machine", by=world.lena, now=world.now)
    ticket.refresh_from_db()
    world.makes_it(ticket, "P4", reason="it is being replaced tomorrow")

    assert heard(world, monitor, "warning", uid="memory").priority == "P3"


def test_late_in_the_promise_no_alert_lowers_for_that_needs_approval():
    world, monitor = following(BOTH)
    ticket = heard(world, monitor, "critical")
    world.forward(hours=3, minutes=40)

    heard(world, monitor, "warning")

    ticket.refresh_from_db()
    assert ticket.priority == "P1"


def test_while_the_line_is_stopped_no_alert_lowers():
    world, monitor = following(BOTH)
    ticket = heard(world, monitor, "critical")
    Ticket.objects.filter(pk=ticket.pk).update(stopped_at=world.now)

    assert heard(world, monitor, "warning").priority == "P1"


def test_a_word_the_standard_does_not_know_says_nothing():
    world, monitor = following(BOTH)

    assert heard(world, monitor, "warning", "catastrophe").priority == "P3"
