"""Which level has a ticket, until when, and who gets it then?"""

from __future__ import annotations

import pytest

from tests.core.small_desk import NINE, agreed, always, at, step
from tocsin.core.at_level import AtLevel, at_level
from tocsin.core.clock import Clock
from tocsin.core.duration import parse
from tocsin.core.event import Accepted, Escalated, Event, Opened, Paused, PriorityChanged, Resumed, Solved
from tocsin.core.hours import Calendar
from tocsin.core.ladder import Ladder
from tocsin.core.plan import due

LEVELS = Ladder(
    "functional",
    (step("L2", P1="30m", P2="2h", accept=always(P1="5m", P2="5m")), step("L3", P1="1h", P2="4h")),
    counts_from="level",
    paused_by=("client",),
)
RESOLUTION = Clock({"P1": (parse("4h"), Calendar.always())}, ("client",))
OPENED = Opened(NINE, "P1", "L1")


@pytest.mark.parametrize(
    ("story", "now", "found"),
    [
        ([OPENED], 10, AtLevel("L1", "counts", at(30), "L2")),
        ([OPENED, Paused(at(10), "client")], 20, AtLevel("L1", "held", None, "L2")),
        ([OPENED, Paused(at(10), "client"), Resumed(at(25))], 26, AtLevel("L1", "counts", at(45), "L2")),
        ([OPENED, Paused(at(10), "vendor")], 20, AtLevel("L1", "counts", at(30), "L2")),
        ([OPENED, PriorityChanged(at(10), "P2")], 20, AtLevel("L1", "counts", at(120), "L2")),
        ([OPENED, Escalated(at(10), "L2")], 12, AtLevel("L1", "asked", at(15), "L2")),
        ([OPENED, Escalated(at(10), "L2"), Accepted(at(12))], 20, AtLevel("L2", "counts", at(72), "L3")),
        ([OPENED, Escalated(at(10), "L3")], 20, AtLevel("L3", "last")),
        ([OPENED], 31, AtLevel("L1", "up", None, "L2")),
        ([OPENED, Solved(at(10))], 20, None),
    ],
)
def test_it_has_it_until_its_time_is_up(story: list[Event], now: int, found: AtLevel | None):
    terms = agreed(LEVELS, clocks=[RESOLUTION])

    assert at_level(due(story, terms, now=at(now)), terms) == found


def test_without_a_ladder_of_levels_nobody_has_it_for_a_time():
    terms = agreed(clocks=[RESOLUTION])

    assert at_level(due([OPENED], terms, now=at(1)), terms) is None
