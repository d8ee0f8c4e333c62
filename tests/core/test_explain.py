"""Is a clock explained in words that say the second, and no more than one would say?"""

from datetime import timedelta

import pytest

from tests.core.small_desk import NINE, always, at
from tocsin.core.cadence import cadence
from tocsin.core.clock import read
from tocsin.core.event import Opened, Solved
from tocsin.core.explain import headline, spans, spoken


@pytest.mark.parametrize(
    ("seconds", "says"),
    [
        (0, "0 s"),
        (42, "42 s"),
        (180, "3 min"),
        (372, "6 min 12 s"),
        (7_500, "2 h 05 min"),
        (7_505, "2 h 05 min 05 s"),
        (400_000, "111 h 06 min 40 s"),
    ],
)
def test_a_length_of_time_is_said_to_the_second(seconds, says):
    assert spoken(timedelta(seconds=seconds)) == says


def test_the_intervals_missed_before_stand_in_the_ledger_and_the_headline_says_how_many():
    updates = cadence({**always(P1="30m"), "P2": None, "P3": None, "P4": None})
    opened = Opened(NINE, "P1")

    reading = read([opened], updates, now=at(65))

    assert headline(reading) == "missed 2 ×, 0:25:00 until the next is counted"
    said = [(span.start, span.end, span.why) for span in spans(reading)]
    missed = "missed: 0:30:00 for P1, counted anew from there"
    assert said[:2] == [(NINE, at(30), missed), (at(30), at(60), missed)]
    assert said[2][:2] == (at(60), at(65))
    assert sum((span.counted for span in spans(reading)), timedelta(0)) == reading.consumed
    assert [span.why for span in spans(read([opened, Solved(at(65))], updates, now=at(70)))][:2] == [missed, missed]
