"""Does a reading hold its bounds, and is nothing lost or confused on the way into them?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.reading import (
    KEY_LIMIT,
    AlertReading,
    BadReading,
    bounded_key,
    clean,
    cut,
    digest,
    one_line,
    standing_severity,
)

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()))


def test_a_key_that_fits_is_kept_as_the_sender_wrote_it():
    assert bounded_key(" db01/Disk Usage ") == "db01/Disk Usage"


def test_a_key_too_long_becomes_its_digest_and_stays_distinct():
    long, longer = "k" * (KEY_LIMIT + 1), "k" * (KEY_LIMIT + 2)

    keys = {bounded_key(long), bounded_key(longer)}

    assert len(keys) == 2
    assert all(key.startswith("sha256:") and len(key) == 71 for key in keys)
    assert bounded_key("k" * KEY_LIMIT) == "k" * KEY_LIMIT


def test_two_keys_that_cannot_be_stored_do_not_become_one():
    assert bounded_key("disk\x00a") != bounded_key("disk\x01a")
    assert bounded_key("disk\ud800") != bounded_key("disk\ud801")
    assert bounded_key("disk\ud800") != bounded_key("disk\ufffd")


@given(ANY_TEXT, ANY_TEXT)
def test_different_keys_stay_different(one, other):
    same = one.strip() == other.strip()

    assert (bounded_key(one) == bounded_key(other)) is same


@given(ANY_TEXT)
def test_a_key_can_be_stored_and_keeps_its_bound(text):
    key = bounded_key(text + "\x00" + text)

    assert key.startswith("sha256:")
    assert bounded_key(text) == clean(bounded_key(text))
    assert len(bounded_key(text * 20)) <= KEY_LIMIT


def test_the_parts_of_a_digest_do_not_run_into_each_other():
    assert digest("ab", "c") != digest("a", "bc")
    assert digest("a", "") != digest("a")


@given(ANY_TEXT, st.integers(1, 50))
def test_clean_text_can_be_stored_shown_and_keeps_its_bound(text, limit):
    shown = cut(text, limit)

    assert len(shown) <= limit
    shown.encode("utf-8")
    assert not set(shown) & {"\x00", "\x1b", "\r", "\x7f", "\x9b", "\u202e"}
    assert clean(shown) == shown


@given(ANY_TEXT, st.integers(1, 50))
def test_one_line_is_one_line(text, limit):
    assert len(one_line(text, limit).splitlines()) <= 1


def test_what_was_cut_off_shows():
    assert cut("abcdef", 4) == "abc…"
    assert cut("abcd", 4) == "abcd"
    assert one_line(" Mail \n is\tslow ", 40) == "Mail is slow"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"state": "burning"}, "state"),
        ({"dedup_key": ""}, "dedup_key"),
        ({"summary": ""}, "dedup_key and summary"),
        ({"summary": "x" * 301}, "summary"),
        ({"dedup_key": "x" * 201}, "dedup_key"),
        ({"severity": ""}, "severity"),
        ({"starts_at": datetime(2026, 11, 21)}, "starts_at"),  # noqa: DTZ001
        ({"starts_at": NOON.astimezone(timezone(timedelta(hours=1)))}, "starts_at"),
        ({"ends_at": NOON}, "ends_at"),
        ({"details": {str(number): "x" for number in range(61)}}, "details"),
    ],
)
def test_a_reading_out_of_bounds_is_refused_by_name(wrong, says):
    right = {"state": "firing", "dedup_key": "k", "summary": "s"}

    with pytest.raises(BadReading, match=f"^{says}"):
        AlertReading(**{**right, **wrong})


def test_a_recovery_never_lowers_the_stored_severity():
    recovery = AlertReading("resolved", "26", "Device recovered", "info")

    assert standing_severity("critical", recovery) == "critical"


def test_a_firing_reading_that_names_a_severity_sets_it_and_one_that_names_none_keeps_it():
    assert standing_severity("warning", AlertReading("firing", "26", "Down", "critical")) == "critical"
    assert standing_severity("warning", AlertReading("firing", "26", "Down")) == "warning"
    assert standing_severity(None, AlertReading("unknown", "26", "Down", "critical")) is None
