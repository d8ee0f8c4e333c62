"""Is a calendar what was written, kept whole, and refused where nobody could work by it?"""

import copy
import json
import pickle
from datetime import date

import pytest

from tests.core.offices import OFFICE, london, weekdays
from tocsin.core.hours import BadCalendar, Calendar

# Equal, hashed, kept, never changed


FULL = Calendar(
    "Europe/London",
    {"mon": [("09:00", "12:00"), ("13:00", "24:00")], "tue": [("00:00", "01:30")]},
    closed={"2026-12-25": "Christmas Day", "2026-12-28": ""},
    replaced={"2026-12-24": [("10:00", "12:00")], "2026-12-21": []},
    breaks={"2026-11-23": [("11:00", "11:30")]},
    name="Acme support",
)


def test_a_calendar_comes_back_equal_from_its_spec():
    spec = json.loads(json.dumps(FULL.spec()))

    again = Calendar.from_spec(spec)

    assert again == FULL
    assert hash(again) == hash(FULL)
    assert again.name == "Acme support"
    assert again.spec() == spec


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda calendar: pickle.loads(pickle.dumps(calendar))])
def test_a_copied_calendar_is_the_same_calendar(copied):
    again = copied(FULL)

    assert again == FULL
    assert again.spec() == FULL.spec()


def test_calendars_are_equal_by_what_they_hold_not_by_name_or_notation():
    one = Calendar("UTC", {"mon": [("13:00", "17:00"), ("09:00", "12:00")]}, closed=["2026-12-25"], name="one")
    two = Calendar(
        "UTC", {"mon": (["09:00", "12:00"], ["13:00", "17:00"]), "tue": []}, closed={date(2026, 12, 25)}, name="two"
    )

    assert one == two
    assert len({one, two}) == 1


@pytest.mark.parametrize(
    "other",
    [
        weekdays("Europe/Paris", "09:00", "17:00"),
        weekdays("Europe/London", "09:00", "17:30"),
        weekdays("Europe/London", "09:00", "17:00", closed=["2026-12-25"]),
        weekdays("Europe/London", "09:00", "17:00", replaced={"2026-12-25": []}),
        weekdays("Europe/London", "09:00", "17:00", breaks={"2026-12-25": []}),
    ],
)
def test_calendars_that_differ_in_anything_are_not_equal(other):
    assert other != OFFICE


def test_a_calendar_never_changes():
    with pytest.raises(AttributeError, match="A calendar never changes"):
        OFFICE.zone = "UTC"
    with pytest.raises(TypeError):
        OFFICE.closed[date(2026, 12, 25)] = "Christmas Day"


# What nobody can work by


NINE_TO_FIVE = {"mon": [("09:00", "17:00")]}


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Calendar("Europe/Lodon", NINE_TO_FIVE), "'Europe/Lodon': did you mean 'Europe/London'?"),
        (lambda: Calendar("../zone", NINE_TO_FIVE), "No time zone is called '../zone'"),
        (lambda: Calendar("", NINE_TO_FIVE), "write an IANA name, such as 'Europe/London'"),
        (lambda: Calendar(None, NINE_TO_FIVE), "No time zone is called None"),
        (lambda: Calendar("UTC", {"monday": []}), "No day is called 'monday': write mon, tue"),
        (lambda: Calendar("UTC", [("09:00", "17:00")]), "The week maps days to spans"),
        (lambda: Calendar("UTC", {}), "never open: give a day a span"),
        (lambda: Calendar("UTC", {"mon": []}, replaced={"2026-12-24": []}), "never open"),
        (
            lambda: Calendar(
                "UTC", {}, replaced={"2026-12-24": [("09:00", "12:00")]}, breaks={"2026-12-24": [("09:00", "12:00")]}
            ),
            "never open",
        ),
        (lambda: Calendar("UTC", {"mon": [("9:00", "17:00")]}), "mon: '9:00' is no time of day"),
        (lambda: Calendar("UTC", {"mon": [("09:00", "24:01")]}), "mon: '24:01' is no time of day"),
        (lambda: Calendar("UTC", {"mon": [("09:00", "17:60")]}), "mon: '17:60' is no time of day"),
        (lambda: Calendar("UTC", {"mon": [(9, 17)]}), "mon: 9 is no time of day"),
        (lambda: Calendar("UTC", {"mon": ("09:00", "17:00")}), "mon: '09:00' is no list of spans"),
        (lambda: Calendar("UTC", {"mon": "09:00-17:00"}), "mon: '09:00-17:00' is no list of spans"),
        (lambda: Calendar("UTC", {"mon": [("09:00",)]}), "is no list of spans: write pairs of times"),
        (lambda: Calendar("UTC", {"mon": [("17:00", "09:00")]}), "mon: 17:00–09:00 does not end after it starts"),
        (lambda: Calendar("UTC", {"mon": [("09:00", "09:00")]}), "write a night shift as two spans"),
        (
            lambda: Calendar("UTC", {"mon": [("09:00", "12:00"), ("11:00", "17:00")]}),
            "09:00–12:00 and 11:00–17:00",
        ),
        (lambda: Calendar("UTC", NINE_TO_FIVE, closed="2026-12-25"), "closed is a list of dates"),
        (lambda: Calendar("UTC", NINE_TO_FIVE, closed=["25.12.2026"]), "closed: '25.12.2026' is no date"),
        (lambda: Calendar("UTC", NINE_TO_FIVE, closed=["20261225"]), "closed: '20261225' is no date"),
        (lambda: Calendar("UTC", NINE_TO_FIVE, closed=["2026-02-30"]), "closed: '2026-02-30' is no date"),
        (lambda: Calendar("UTC", NINE_TO_FIVE, closed=[london(2026, 12, 25)]), "is no date: write year, month and day"),
        (lambda: Calendar("UTC", NINE_TO_FIVE, replaced=["2026-12-24"]), "replaced maps dates to spans"),
        (
            lambda: Calendar("UTC", NINE_TO_FIVE, replaced={"2026-12-24": [("12:00", "10:00")]}),
            "replaced 2026-12-24: 12:00–10:00 does not end after it starts",
        ),
        (
            lambda: Calendar("UTC", NINE_TO_FIVE, breaks={"2026-12-24": [("12", "13:00")]}),
            "breaks 2026-12-24: '12' is no time of day",
        ),
        (
            lambda: Calendar("UTC", NINE_TO_FIVE, breaks={"2026-12-24": [], date(2026, 12, 24): []}),
            "breaks names a date twice",
        ),
        (
            lambda: Calendar.from_spec({"zone": "UTC", "hours": {}}),
            "A calendar has no 'hours': its keys are zone",
        ),
        (lambda: Calendar.from_spec({"zone": "UTC"}), "This calendar has no 'week'"),
    ],
)
def test_what_nobody_can_work_by_is_refused_in_a_sentence(make, sentence):
    with pytest.raises(BadCalendar) as refusal:
        make()

    assert sentence in str(refusal.value)
