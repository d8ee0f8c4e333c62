"""Is a clock explained in words that say the second, and no more than one would say?"""

from datetime import timedelta

import pytest

from tocsin.core.explain import spoken


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
