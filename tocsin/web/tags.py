"""Which words and marks do templates have beyond Django's own? Known to every template without being loaded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tocsin.standard.terms import colours_of
from tocsin.web.bars import Bar, bar_of
from tocsin.web.colours import mark

register = template.Library()

SOON = timedelta(minutes=15)
DAY = timedelta(days=1)


@register.simple_tag
def countdown(at: datetime, now: datetime, classes: str = "") -> SafeString:
    """How long until then, ticking in the browser (countdown.js); whoever listens hears the instant instead."""
    left = at - now
    tone = " late" if left < timedelta(0) else " soon" if left < SOON else ""
    return format_html(
        '<time class="countdown{}{}" datetime="{}" title="{}"><span aria-hidden="true">{}</span>'
        '<span class="sr">{} {}</span></time>',
        f" {classes}" if classes else "",
        tone,
        at.isoformat(),
        full(at),
        until(at, now),
        "overdue since" if left < timedelta(0) else "due",
        full(at),
    )


@register.filter
def within_a_day(at: datetime, now: datetime) -> bool:
    """Whether a countdown to then counts; from a day on it says the day, which whoever names the instant has said."""
    return at - now < DAY


def until(at: datetime, now: datetime) -> str:
    """−02:10, 18:00, 1 h 20, and from a day on the day itself: Mon 09:20. The same words as countdown.js."""
    left = at - now
    late = left < timedelta(0)
    if not late and left >= DAY:
        return local(at).strftime("%a %H:%M")
    seconds = int(abs(left).total_seconds())
    sign = "−" if late and seconds else ""
    if seconds >= 86_400:
        return f"{sign}{seconds // 86_400} d {seconds % 86_400 // 3600}"
    if seconds >= 3600:
        return f"{sign}{seconds // 3600} h {seconds % 3600 // 60:02}"
    return f"{sign}{seconds // 60:02}:{seconds % 60:02}"


def local(at: datetime) -> datetime:
    return at.astimezone(timezone.get_current_timezone())


@register.filter
def full(at: datetime) -> str:
    """Mon 16 Nov 2026 14:22 GMT: an instant as it is said in full, in the reader's zone."""
    return local(at).strftime("%a %-d %b %Y %H:%M %Z")


@register.simple_tag
def clock_time(at: datetime, now: datetime) -> SafeString:
    """14:22 where it is today, Mon 14:22 within six days, else 16 Nov 14:22; in full, with the zone, on hover."""
    then, today = local(at), local(now).date()
    days = abs((then.date() - today).days)
    form = "%H:%M" if days == 0 else "%a %H:%M" if days < 6 else "%-d %b %H:%M"
    if then.year != today.year:
        form = "%-d %b %Y"
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), full(at), then.strftime(form))


@register.simple_tag
def beneath(at: datetime, now: datetime) -> SafeString:
    """What stands under a countdown: 14:22, or, where the countdown shows a day and a time, the date."""
    form = "%H:%M" if at - now < DAY else "%-d %b"
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), full(at), local(at).strftime(form))


@register.filter
def span(length: timedelta) -> str:
    """3:36:12, and with days 2 d 3:36: a length of time; below zero with a minus sign."""
    seconds = int(abs(length).total_seconds())
    sign = "−" if length < timedelta(0) else ""
    days, rest = divmod(seconds, 86_400)
    hours, minutes = rest // 3600, rest % 3600 // 60
    return f"{sign}{days} d {hours}:{minutes:02}" if days else f"{sign}{hours}:{minutes:02}:{rest % 60:02}"


@register.filter
def linked(said: str, number: str) -> SafeString | str:
    """The sentence, with the number of another ticket in it a link to that."""
    before, found, after = said.partition(number) if number else (said, "", "")
    if not found:
        return said
    return format_html('{}<a href="{}">{}</a>{}', before, reverse("ticket", args=[number]), number, after)


@register.filter
def hours(length: timedelta) -> str:
    """168 h, 0 h, 7.5 h: a length of time in hours."""
    return f"{length / timedelta(hours=1):.1f}".removesuffix(".0") + " h"


@register.filter
def initials(name: str) -> str:
    """TW for Tom W."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


@register.inclusion_tag("_bar.html")
def bar(reading: Any, labelled: bool = False) -> dict[str, Bar | bool]:
    """A clock's reading as a bar: used, paused, thresholds; with its name above it where none stands there."""
    return {"bar": bar_of(reading), "labelled": labelled}


@register.filter
def at(of: Mapping[str, str], key: str) -> str:
    """What a table has at this key; nothing where it has none."""
    return of.get(key, "")


@register.filter
def tone(of: Any) -> str:
    """The class of a priority's badge: of a ticket, by the colour its standard gives its priority; of a colour, that.

    What has times of its own instead of a priority has no colour, and is plain.
    """
    colour = of if isinstance(of, str) else colours_of(of.policy_version_id).get(of.priority, "")
    return mark(colour) if colour.startswith("#") else "plain"
