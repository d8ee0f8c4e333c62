"""What falls due after a ticket is opened, if nobody does anything?"""

from datetime import timedelta

import pytest

from tests.core.small_desk import agreed, always, step
from tocsin.core.clock import Clock
from tocsin.core.duration import parse
from tocsin.core.hours import Calendar
from tocsin.core.ladder import Ladder
from tocsin.core.outlook import outlook
from tocsin.core.policy import OFFICE
from tocsin.core.terms import RaiseRule, Threshold

ALWAYS = Calendar.always()
RESPONSE = Clock({"P1": (parse("15m"), ALWAYS)}, name="response", met_by=("responded",))
LEVELS = Ladder("functional", (step("L2", P1="30m", accept=always(P1="5m")), step("L3", P1="2h")), counts_from="level")


def shown(terms, priority="P1"):
    """Minute and headline of each."""
    return [(due.after / timedelta(minutes=1), due.what) for due in outlook(terms, priority).items]


def test_steps_and_promises_come_in_the_order_of_time():
    path = Ladder("page", (step("first", P1="0m"), step("second", P1="5m")), until_acknowledged=True)

    assert shown(agreed(path, clocks=[RESPONSE])) == [
        (0, "Page the first"),
        (5, "Page the second"),
        (10, "Answer the page"),
        (15, "First response"),
    ]


def test_a_level_that_is_asked_accepts_and_has_its_own_time():
    assert shown(agreed(LEVELS)) == [(30, "L1 must escalate"), (150, "L2 must escalate")]


def test_a_threshold_takes_it_up_only_where_it_has_not_come_by_itself():
    clock = Clock({"P1": (parse("2h"), ALWAYS)}, thresholds=(50,))
    terms = agreed(LEVELS, clocks=[clock], thresholds=(Threshold("resolution", 50, "owner", "L3"),))

    assert shown(terms) == [(30, "L1 must escalate"), (60, "50 % of the resolution time"), (120, "Solve it")]


def test_what_becomes_more_severe_goes_on_as_that():
    clock = Clock({"P1": (parse("8h"), ALWAYS), "P2": (parse("8h"), ALWAYS)})
    rule = RaiseRule("older", "P2", "P1", (parse("4h"), ALWAYS))
    terms = agreed(Ladder("page", (step("first", P1="0m"),), until_acknowledged=True), clocks=[clock], raises=(rule,))

    assert shown(terms, "P2")[:2] == [(240, "It becomes P1"), (240, "Page the first")]


def test_a_promise_that_repeats_is_shown_as_often_as_somebody_hears_of_it():
    clock = Clock({"P1": (parse("30m"), ALWAYS)}, name="next_update", met_by=("updated",), repeats=True)

    assert shown(agreed(clocks=[clock])) == [
        (30, "Client update promised"),
        (60, "Still no client update: tell the incident-manager"),
    ]


def test_time_is_counted_as_the_priority_counts_it():
    clock = Clock({"P3": (parse("24h"), OFFICE)})

    found = outlook(agreed(clocks=[clock]), "P3")

    assert [(due.after, f"{due.at:%a %H:%M}") for due in found.items] == [(timedelta(hours=24), "Wed 12:00")]


@pytest.mark.parametrize("priority", ["P1", "P4"])
def test_where_nothing_is_agreed_nothing_falls_due(priority):
    assert shown(agreed(), priority) == []
