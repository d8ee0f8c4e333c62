"""Can any JSON whatever make a source raise something else than Unreadable, or break a reading's bounds?"""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.reading import DETAIL_LIMIT, clean
from tocsin.sources import SOURCES
from tocsin.sources.base import Unreadable

ODD_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=12)
OF_ALERTMANAGER = "status labels annotations alerts startsAt endsAt fingerprint generatorURL alertname truncatedAlerts"
OF_GENERIC = "state alert_uid title message severity host service details starts_at ends_at instance summary values"
NAMES = st.sampled_from(OF_ALERTMANAGER.split() + OF_GENERIC.split())
WORDS = st.sampled_from(
    ["firing", "resolved", "ok", "2026-11-21T10:00:00.123456789Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00"]
)
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | ODD_TEXT | WORDS | st.just(10**400) | st.just("x" * 9999)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES | ODD_TEXT, inner, max_size=6),
    max_leaves=25,
)
BODIES = VALUES | st.fixed_dictionaries({"alerts": st.lists(VALUES, max_size=4)})
PROBES = [
    None,
    True,
    7,
    1e308,
    "alert",
    [],
    {},
    {"alerts": {}},
    {"alerts": []},
    {"alerts": [[]]},
    [None],
    {"alerts": [{"status": None}]},
]


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
@given(body=BODIES)
def test_any_json_reads_within_bounds_or_is_unreadable(source, body):
    try:
        readings = source.read(body)
    except Unreadable as unreadable:
        assert str(unreadable).endswith(".")
        return

    assert readings
    for reading in readings:
        for text in (reading.summary, reading.dedup_key, reading.host, reading.service, reading.message):
            assert clean(text) == text
        assert "\n" not in reading.summary + reading.dedup_key + reading.host + reading.service
        for name, value in reading.details.items():
            assert clean(name) == name and clean(value) == value and 0 < len(value) <= DETAIL_LIMIT
        assert reading.link == "" or reading.link.lower().startswith(("http://", "https://"))


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
@given(body=BODIES)
def test_the_same_body_reads_the_same_twice(source, body):
    def outcome():
        try:
            return source.read(body)
        except Unreadable as unreadable:
            return str(unreadable)

    assert outcome() == outcome()


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
@pytest.mark.parametrize("body", PROBES, ids=repr)
def test_a_body_without_one_readable_alert_is_unreadable_and_says_why(source, body):
    if source.name == "alertmanager" and body == {"alerts": [{"status": None}]}:
        assert source.read(body)[0].state == "unknown"
        return

    with pytest.raises(Unreadable, match=r"^\S.{10,}\.$"):
        source.read(body)


@pytest.mark.parametrize("name", SOURCES)
def test_json_nested_beyond_measure_raises_nothing_else(name):
    nested: object = "core"
    for _ in range(100_000):
        nested = [nested]
    alert = {
        "status": "firing",
        "labels": {"alertname": "Deep", "x": nested},
        "title": "Deep",
        "details": {"x": nested},
    }

    reading = SOURCES[name].read({"alerts": [alert]})[0]

    assert reading.summary == "Deep"
    assert "(cannot be shown)" in reading.details.values()


@pytest.mark.parametrize("name", SOURCES)
def test_huge_texts_are_cut_and_their_keys_stay_distinct(name):
    huge = "Ünicode \u0000 " * 400_000
    alerts = [
        {"status": "firing", "fingerprint": huge + end, "alert_uid": huge + end, "title": huge}
        | {"labels": {"alertname": huge, "instance": huge, "severity": huge}, "message": huge, "severity": huge}
        for end in "ab"
    ]

    one, other = SOURCES[name].read({"alerts": alerts})

    assert one.dedup_key != other.dedup_key
    assert len(one.summary) <= 300 and one.summary.endswith("…")
    assert len(json.dumps(dict(one.details))) < 100_000


@pytest.mark.parametrize("name", SOURCES)
def test_five_hundred_alerts_in_one_body_are_all_read(name):
    alerts = [
        {
            "status": "firing",
            "title": f"Down {n}",
            "alert_uid": str(n),
            "labels": {"alertname": f"Down {n}", "n": str(n)},
        }
        for n in range(500)
    ]

    readings = SOURCES[name].read({"alerts": alerts})

    assert [reading.summary for reading in readings] == [f"Down {n}" for n in range(500)]
    assert len({reading.dedup_key for reading in readings}) == 500


@pytest.mark.parametrize("name", SOURCES)
def test_one_alert_that_cannot_be_read_costs_no_other(name):
    good = {"status": "firing", "title": "Down", "alert_uid": "1", "labels": {"alertname": "Down"}}

    first, second, third = SOURCES[name].read({"alerts": [good, "gibberish", good]})

    assert (first.state, second.state, third.state) == ("firing", "unknown", "firing")
    assert second.summary == "Alert 2 of 3 cannot be read: it is a text, not an object."
    assert second.details == {"received": "gibberish"}
