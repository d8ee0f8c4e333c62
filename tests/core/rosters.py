"""Which rosters can somebody write, on the nights when clocks change too?

Strategies for hypothesis. Every roster is a spec on whole minutes; its turns often begin and end where the clocks of
its zone skip an hour or show it twice.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

MINUTE = timedelta(minutes=1)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PEOPLE = ("ann", "ben", "cleo", "dora")

CHANGES = {
    ("Europe/London", "2026-03-29T01:00"): 60,
    ("Europe/London", "2026-10-25T01:00"): -60,
    ("America/Chicago", "2026-03-08T08:00"): 60,
    ("America/Chicago", "2026-11-01T07:00"): -60,
    ("Australia/Lord_Howe", "2026-04-04T15:00"): -30,
    ("Australia/Lord_Howe", "2026-10-03T15:30"): 30,
    ("Africa/Casablanca", "2026-02-15T02:00"): -60,  # for Ramadan
    ("Africa/Casablanca", "2026-03-22T02:00"): 60,
    ("Pacific/Apia", "2011-12-30T10:00"): 24 * 60,  # a whole date left out
    ("Pacific/Kiritimati", "1994-12-31T10:00"): 24 * 60,  # and the last of its month
    ("Asia/Kolkata", "2026-05-31T19:00"): 0,
}
LENGTHS = {"hours": 60, "days": 24 * 60, "weeks": 7 * 24 * 60, "months": 28 * 24 * 60}  # the shortest, in minutes

clock = st.integers(0, 96).map(lambda quarter: f"{quarter // 4:02}:{quarter % 4 * 15:02}")
day = st.lists(clock, min_size=2, max_size=4, unique=True).map(
    lambda times: [list(pair) for pair in zip(*[iter(sorted(times)[: len(times) // 2 * 2])] * 2, strict=True)]
)
windows = st.one_of(
    st.just({}),
    st.just({day: [["00:00", "24:00"]] for day in ("sat", "sun")}),
    st.dictionaries(st.sampled_from(DAYS), day, min_size=1, max_size=5),
)
turn = st.one_of(st.sampled_from(PEOPLE), st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=2, unique=True))
some_people = st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=2, unique=True)
quarters = st.integers(-8, 8).map(lambda n: 15 * n * MINUTE)


@st.composite
def layers(draw, skipped, people=turn, bare=False):
    """A layer whose handoffs come near to this wall time; bare, it covers all the time from its start."""
    unit = draw(st.sampled_from(("hours", "days", "days", "weeks", "months")))
    every = draw(st.integers(1, 30) if unit == "hours" else st.integers(1, 3 if unit == "days" else 1))
    before = 7 * draw(st.integers(0, 3)) if unit == "weeks" else draw(st.integers(0, 40 if unit == "months" else 9))
    starts = skipped - timedelta(days=before) + draw(quarters)
    spans = {} if bare else draw(windows)
    ends = None if bare or draw(st.integers(0, 3)) else max(skipped + draw(quarters), starts + MINUTE)
    lasts = None if bare or draw(st.booleans()) else draw(st.integers(1, every * LENGTHS[unit] // 15)) * 15
    return {
        "people": draw(st.lists(people, min_size=1, max_size=3)),
        "starts": starts.isoformat(timespec="minutes"),
        "every": every,
        "unit": unit,
        "ends": ends and ends.isoformat(timespec="minutes"),
        "lasts": lasts and f"{lasts}m",
        "windows": spans,
        "count": draw(st.sampled_from(("time", "occurrence"))) if spans else "time",
    }


@st.composite
def overrides(draw, changed):
    kind = draw(st.sampled_from(("add", "remove", "replace", "replace")))
    start = changed + draw(st.integers(-1200, 1200)) * MINUTE
    end = start + draw(st.integers(1, 900)) * MINUTE
    people, of = draw(some_people), draw(st.one_of(st.just([]), some_people)) if kind == "replace" else []
    return {"kind": kind, "start": start.isoformat(), "end": end.isoformat(), "people": people, "of": of}


@st.composite
def rosters(draw, most=3, most_overrides=3, **layer):
    """The spec of a roster, and the instant of a clock change in its zone."""
    zone, when = draw(st.sampled_from(list(CHANGES)))
    changed = datetime.fromisoformat(when).replace(tzinfo=UTC)
    before = (changed - MINUTE).astimezone(ZoneInfo(zone)).replace(tzinfo=None) + MINUTE
    return {
        "zone": zone,
        "layers": draw(st.lists(layers(before, **layer), min_size=1, max_size=most)),
        "overrides": draw(st.lists(overrides(changed), max_size=most_overrides)),
    }, changed
