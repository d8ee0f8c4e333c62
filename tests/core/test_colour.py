"""Can what stands on a colour be read, whichever colour it is?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.colour import BLACK, WHITE, contrast, ink

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(COLOURS)
def test_on_every_colour_the_ink_stands_out_by_four_and_a_half_to_one(colour):
    assert contrast(colour, ink(colour)) >= 4.5


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21), ("#ffffff", "#ffffff", 1), ("#767676", "#ffffff", 4.54), ("#ff0000", "#ffffff", 4.0)],
)
def test_how_much_two_colours_stand_out_is_as_the_guidelines_say(one, other, ratio):
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.005)


def test_dark_colours_carry_white_and_light_ones_black():
    assert [ink(colour) for colour in ("#c81e3a", "#2563eb", "#f59f00", "#ffe066")] == [WHITE, WHITE, BLACK, BLACK]
