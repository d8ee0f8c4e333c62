"""What must happen next, by when, and who must do it?"""

from datetime import timedelta

import pytest
from hypothesis import given

from tests.core.plans import settled, told
from tests.core.small_desk import NINE, agreed, always, at, step
from tests.core.test_plan_properties import some
from tocsin.core.agenda import agenda, must_by
from tocsin.core.cadence import cadence
from tocsin.core.clock import Clock
from tocsin.core.duration import parse
from tocsin.core.event import (
    Accepted,
    Done,
    Escalated,
    Fired,
    Opened,
    Paused,
    Reopened,
    Responded,
    Resumed,
    Solved,
    Updated,
)
from tocsin.core.hours import Calendar
from tocsin.core.ladder import Ladder
from tocsin.core.plan import due

ALWAYS = Calendar.always()
RESPONSE = Clock({"P1": (parse("15m"), ALWAYS)}, name="response", met_by=("responded",))
RESOLUTION = Clock({"P1": (parse("4h"), ALWAYS)}, ("client",), thresholds=(50,))
CLIENT = Ladder("client", (step("contact", P1="15m"), step("call", to="it-manager", act=True, P1="30m")))
LEVELS = Ladder("functional", (step("L2", P1="30m", accept=always(P1="5m")), step("L3", P1="2h")), counts_from="level")


def shown(story, terms, now):
    """Minute, kind and headline of each item."""
    return [
        ((item.at - NINE) / timedelta(minutes=1), item.kind, item.what)
        for item in agenda(due(story, terms, now=now), terms)
    ]


def test_promises_thresholds_and_steps_come_in_one_list_by_their_instants():
    terms = agreed(CLIENT, LEVELS, clocks=[RESPONSE, RESOLUTION])

    assert shown([Opened(NINE, "P1", "L1")], terms, NINE) == [
        (15, "promise", "First response"),
        (15, "step", "Tell the contact"),
        (30, "step", "Brief the it-manager"),
        (30, "step", "L1 must escalate"),
        (120, "threshold", "50 % of the resolution time"),
        (240, "promise", "Solve it"),
    ]


def test_a_promise_that_is_broken_and_still_owed_stays_on_the_list_as_late():
    terms = agreed(clocks=[RESPONSE])

    assert shown([Opened(NINE, "P1")], terms, at(40)) == [(15, "promise", "First response")]
    assert shown([Opened(NINE, "P1"), Responded(at(41))], terms, at(42)) == []


def test_what_is_held_by_a_wait_is_not_due_and_the_end_of_the_wait_is():
    terms = agreed(clocks=[RESOLUTION])

    assert shown([Opened(NINE, "P1"), Paused(at(10), "client")], terms, at(20)) == []
    until = [Opened(NINE, "P1"), Paused(at(10), "client", at(60))]
    assert shown(until, terms, at(20)) == [(60, "wait", "Waiting for client ends")]


def test_a_level_that_was_asked_must_accept():
    story = [Opened(NINE, "P1", "L1"), Escalated(at(10), "L2")]

    assert shown(story, agreed(LEVELS), at(10)) == [(15, "accept", "L2 must accept")]
    assert shown([*story, Accepted(at(12))], agreed(LEVELS), at(12)) == [(132, "step", "L2 must escalate")]


@pytest.mark.parametrize(("now", "recorded"), [(60, ()), (61, (Fired(at(60), key="missed/client@1/call"),))])
def test_a_call_that_was_missed_is_owed_until_it_is_made_or_the_ticket_is_solved(now, recorded):
    later = Ladder("client", (*CLIENT.steps, step("leadership", P1="60m")))
    terms = agreed(later)
    fired = [Fired(at(15), key="step/client@1/contact"), Fired(at(30), key="step/client@1/call")]
    story = [Opened(NINE, "P1"), *fired, *recorded]

    assert (60, "act") in [item[:2] for item in shown(story, terms, at(now))]
    for end in ([Done(at(now), "step/client@1/call")], [Solved(at(now))], [Solved(at(now)), Reopened(at(now + 1))]):
        assert not [item for item in shown([*story, *end], terms, at(now + 2)) if item[:2] == (60, "act")]


def test_a_missed_update_is_late_since_the_first_miss_until_the_client_is_told():
    terms = agreed(clocks=[cadence({**always(P1="30m"), "P2": None, "P3": None, "P4": None})])
    opened = Opened(NINE, "P1")

    [first] = [item for item in agenda(due([opened], terms, now=at(31)), terms) if item.kind == "promise"]
    [third] = [item for item in agenda(due([opened], terms, now=at(100)), terms) if item.kind == "promise"]

    assert (first.at, first.what, first.why) == (at(30), "Client update not sent", "every 30m for P1, missed 1 ×")
    assert (third.at, third.why, third.again_at) == (at(30), "every 30m for P1, missed 3 ×", at(120))
    told = [opened, Updated(at(100))]
    assert shown(told, terms, at(100))[-1] == (130, "promise", "Client update promised")
    assert must_by(due(told, terms, now=at(100))) == at(124), "the warning before the next one"


def test_a_missed_update_asks_for_nothing_while_the_client_is_waited_for_and_is_late_again_after():
    terms = agreed(clocks=[cadence({**always(P1="30m"), "P2": None, "P3": None, "P4": None})])
    waits = [Opened(NINE, "P1"), Paused(at(40), "client")]

    assert shown(waits, terms, at(50)) == []
    assert shown([*waits, Resumed(at(60))], terms, at(60)) == [(30, "promise", "Client update not sent")]


@some(60)
@given(told(backdated=True))
def test_a_ticket_is_listed_by_its_first_item_whatever_the_story(case):
    story, terms, now = case
    story, plan = settled(story, terms, now)

    items = agenda(plan, terms)

    assert must_by(plan) == (items[0].at if items else None)
    assert all(item.what and item.why and item.to for item in items)
    late = [item for item in items if item.at < now]
    assert all(item.kind in ("promise", "act") for item in late), "what happens by itself has happened"
