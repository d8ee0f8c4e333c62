"""Whose hours do these tests count, and how is a moment there written?"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tocsin.core.hours import Calendar

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
TICK = timedelta(microseconds=1)


def weekdays(zone, opens, closes, **more):
    return Calendar(zone, {day: [(opens, closes)] for day in ("mon", "tue", "wed", "thu", "fri")}, **more)


def at(zone, *when):
    return datetime(*when, tzinfo=ZoneInfo(zone))


def sydney(*when):
    return at("Australia/Sydney", *when)


def london(*when):
    return at("Europe/London", *when)


OFFICE = weekdays("Europe/London", "09:00", "17:00")
LONG_OFFICE = weekdays("Australia/Sydney", "07:00", "18:00")
SYDNEY_NIGHTS = Calendar("Australia/Sydney", {"sat": [("20:00", "24:00")], "sun": [("00:00", "06:00")]})
