"""Is a duration read as it was meant, and refused where two people would read it differently?"""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.duration import BadDuration, Duration, parse


@pytest.mark.parametrize(
    ("text", "lasts"),
    [
        ("90s", timedelta(seconds=90)),
        ("15m", timedelta(minutes=15)),
        ("4h", timedelta(hours=4)),
        ("0m", timedelta(0)),
        (" 4h ", timedelta(hours=4)),
    ],
)
def test_a_duration_lasts_as_long_as_it_says(text, lasts):
    duration = parse(text)

    assert duration.delta == lasts
    assert not duration.is_days


def test_business_days_have_no_length_without_a_calendar():
    duration = parse("5bd")

    assert duration == Duration(5, "bd")
    assert duration.is_days
    with pytest.raises(BadDuration, match="5bd has no length of its own: ask its calendar"):
        _ = duration.delta


def test_bare_days_are_refused_and_both_readings_offered():
    with pytest.raises(BadDuration, match=r"5d could mean days or business days: write 120h .* or 5bd"):
        parse("5d")


@pytest.mark.parametrize("text", ["", "h", "4", "4 h", "-4h", "1.5h", "4h30m", "٤h", "4h\nx", None, 4])
def test_what_is_no_duration_is_refused_with_the_form_to_write(text):
    with pytest.raises(BadDuration, match="is no duration: write a whole number and its unit, such as 90s"):
        parse(text)


@pytest.mark.parametrize("text", ["4w", "4H", "4min", "5BD"])
def test_an_unknown_unit_is_refused_by_name(text):
    with pytest.raises(BadDuration, match=f"'{text[1:]}', which is no unit here: use s, m, h or bd"):
        parse(text)


@pytest.mark.parametrize("text", ["175321h", "7306bd", "999999999999h"])
def test_more_than_twenty_years_is_refused(text):
    with pytest.raises(BadDuration, match=f"{text} is more than 20 years"):
        parse(text)


def test_twenty_years_are_the_longest_duration():
    assert parse("175320h").delta == timedelta(days=7305)


@pytest.mark.parametrize(("amount", "unit"), [(-1, "h"), (1.5, "h"), (True, "h"), ("4", "h"), (5, "d"), (5, "")])
def test_a_duration_made_by_hand_is_checked_too(amount, unit):
    with pytest.raises(BadDuration):
        Duration(amount, unit)


def test_sixty_minutes_keep_the_words_they_were_written_in():
    assert parse("60m").delta == parse("1h").delta
    assert parse("60m") != parse("1h")


@given(st.integers(0, 7305), st.sampled_from(["s", "m", "h", "bd"]))
def test_a_duration_reads_back_as_it_is_written(amount, unit):
    duration = Duration(amount, unit)

    assert parse(str(duration)) == duration
