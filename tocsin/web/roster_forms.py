"""What does one write to make, change, take over or swap turns?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from tocsin.core.duration import BadDuration, parse
from tocsin.core.hours import Calendar
from tocsin.core.rota import Layer, Override, alike
from tocsin.core.rotation import UNITS
from tocsin.core.table import FIRST, LAST
from tocsin.core.zone import UnknownZone, named
from tocsin.directory.clients import seen_by
from tocsin.directory.load import DAYS
from tocsin.directory.person import Person, colleagues

MOST = 8
LOCAL = "%Y-%m-%dT%H:%M"
WEEKDAYS = tuple(zip(DAYS, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True))
COVERED = (("", "Round the clock"), ("5", "Monday to Friday"), ("6", "Monday to Saturday"), ("7", "Every day"))
KEPT = "kept"
_WINDOW = re.compile(r"(mon|tue|wed|thu|fri|sat|sun)\w*\s+(\d\d:\d\d)\s*[-–]\s*(\d\d:\d\d)", re.IGNORECASE)


def known_year(at: datetime) -> None:
    """Raises ValidationError for a moment of a year in which no roster says anything."""
    if not FIRST.year < at.year < LAST.year - 1:
        raise forms.ValidationError(
            f"A roster says nothing of the year {at.year}: choose one from {FIRST.year + 1} to {LAST.year - 2}."
        )


def instant_field(label: str, **more: Any) -> forms.DateTimeField:
    """A moment of the viewer's zone."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL)
    return forms.DateTimeField(label=label, widget=widget, validators=[known_year], **more)


def person_field(label: str, *, required: bool = False, empty: str = "nobody") -> forms.ModelChoiceField:
    return forms.ModelChoiceField(colleagues(), label=label, required=required, empty_label=empty)


class Common(forms.Form):
    """What a roster is called, who stands in, and when somebody has to be on duty."""

    name = forms.CharField(label="Name", max_length=80)
    fallback = person_field("Fallback: who is paged in a hole")
    owner = person_field("Kept by: who hears of holes ahead")
    covered = forms.ChoiceField(label="Somebody has to be on duty", choices=COVERED, required=False)
    opens = forms.TimeField(label="from", required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    closes = forms.TimeField(label="until", required=False, widget=forms.TimeInput(attrs={"type": "time"}))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        opens, closes = said.get("opens"), said.get("closes")
        if said.get("covered") not in ("", None, KEPT) and (opens is None or closes is None or closes <= opens):
            self.add_error("closes", "Say from when until when, the later one last: 08:00 and 18:00.")
        return said

    def hours(self, zone: str) -> Calendar | None:
        """When somebody has to be on duty, as the form says it; None is always."""
        said = self.cleaned_data
        if not said["covered"]:
            return None
        span = (f"{said['opens']:%H:%M}", f"{said['closes']:%H:%M}")
        return Calendar(zone, {day: [span] for day in DAYS[: int(said["covered"])]})


class Weekly(Common):
    """People who take a week each, and, with a second, the same order shifted by one."""

    role = forms.CharField(label="Role", initial="on-call-primary", max_length=60)
    second = forms.CharField(
        label="Role of the second (leave empty: without one)",
        initial="on-call-secondary",
        required=False,
        max_length=60,
    )
    client = forms.ModelChoiceField(None, label="For", required=False, empty_label="every client")
    day = forms.ChoiceField(label="Handed off on", choices=WEEKDAYS)
    at = forms.TimeField(label="at", initial="09:00", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    zone = forms.CharField(label="Time zone", max_length=60)

    field_order = ("name", "role", "second", "client", "day", "at", "zone")

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["client"].queryset = seen_by(by).filter(ended_on=None)  # type: ignore[attr-defined]
        for place in range(MOST):
            label = f"{('First', 'Then')[min(place, 1)]}{f' ({place + 1})' if place else ''}"
            self.fields[f"person_{place}"] = person_field(label, required=place == 0, empty="–")

    def clean_zone(self) -> str:
        try:
            return named(self.cleaned_data["zone"].strip()).key
        except UnknownZone as error:
            raise forms.ValidationError(str(error)) from None

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        order = [said[name] for name in self._order() if said.get(name)]
        if len(set(order)) < len(order):
            self.add_error("person_1", "Somebody stands here twice: each takes one turn.")
        if said.get("second") and len(order) == 1:
            self.add_error("person_1", "A second needs somebody else: choose one more, or leave its role empty.")
        if said.get("second") and said["second"] == said.get("role"):
            self.add_error("second", "The second has a role of its own: on-call-secondary. Or leave it empty.")
        return said

    @property
    def order(self) -> list[Any]:
        """The fields of those who take turns."""
        return [self[name] for name in self._order()]

    @property
    def rest(self) -> list[Any]:
        """The other fields."""
        return [field for field in self if not field.name.startswith("person_")]

    def people(self) -> list[Person]:
        """Those who take turns, in order."""
        return [self.cleaned_data[name] for name in self._order() if self.cleaned_data.get(name)]

    def layers(self, now: datetime) -> list[Layer]:
        """The primary's turns and, where there is one, the second's: from the last handoff before now on."""
        said = self.cleaned_data
        here = now.astimezone(ZoneInfo(said["zone"])).replace(tzinfo=None)
        starts = datetime.combine(here.date(), said["at"].replace(second=0, microsecond=0))
        starts -= timedelta(days=(here.weekday() - DAYS.index(said["day"])) % 7)
        if starts > here:
            starts -= timedelta(weeks=1)
        who = [person.actor for person in self.people()]
        return [Layer(who, starts), *([Layer([*who[1:], who[0]], starts)] if said["second"] else [])]

    def _order(self) -> list[str]:
        return [f"person_{place}" for place in range(MOST)]


class Turns(forms.Form):
    """One layer, all it can say. People a turn a line; several in one turn with commas between them."""

    people = forms.CharField(
        label="Who takes turns, a turn a line (several in one: with commas)",
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )
    every = forms.IntegerField(label="A turn takes", initial=1, min_value=1, max_value=1000)
    unit = forms.ChoiceField(choices=[(unit, unit) for unit in (*UNITS, "months")], label="of", initial="weeks")
    starts = forms.CharField(
        label="First handoff (empty: with the change; a layer left as it is goes on)",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )
    ends = forms.CharField(
        label="Ends (empty: never)", required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    lasts = forms.CharField(label="and lasts, such as 12h (empty: the whole of it)", required=False, max_length=20)
    windows = forms.CharField(
        label="Only in these hours, such as mon 18:00-24:00 (empty: all)",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    count = forms.ChoiceField(
        label="A turn passes on",
        choices=(("time", "with time"), ("occurrence", "with each turn that has such hours")),
        initial="time",
    )

    def __init__(self, *args: Any, was: Layer | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.was = was

    def clean_people(self) -> list[list[str]]:
        known: dict[str, list[Person]] = {}
        for person in colleagues():
            known.setdefault(person.name.casefold(), []).append(person)
            known[person.actor] = [person]
        turns = []
        for line in filter(str.strip, self.cleaned_data["people"].splitlines()):
            turn = []
            for name in filter(None, (each.strip() for each in line.split(","))):
                found = known.get(name.casefold(), [])
                if len(found) != 1:
                    several = " or ".join(person.actor for person in found)
                    remedy = f"several are: write {several}" if found else "nobody who works here is"
                    raise forms.ValidationError(f"{name}: {remedy} called so.")
                turn.append(found[0].actor)
            turns.append(turn)
        return [turn for turn in turns if turn]

    def clean_lasts(self) -> timedelta | None:
        try:
            return parse(self.cleaned_data["lasts"]).delta if self.cleaned_data["lasts"].strip() else None
        except BadDuration as error:
            raise forms.ValidationError(str(error)) from None

    def clean_windows(self) -> dict[str, list[list[str]]]:
        found: dict[str, list[list[str]]] = {}
        for line in filter(str.strip, self.cleaned_data["windows"].splitlines()):
            match = _WINDOW.fullmatch(line.strip())
            if match is None:
                raise forms.ValidationError(f"{line.strip()}: write a day and two times, such as mon 09:00-17:00.")
            found.setdefault(match[1].lower(), []).append([match[2], match[3]])
        return found

    def clean_starts(self) -> datetime | None:
        return wall(self.cleaned_data["starts"])

    def clean_ends(self) -> datetime | None:
        return wall(self.cleaned_data["ends"])

    def layer(self, since: datetime) -> Layer | None:
        """The layer, the very one that it was where nothing else is written; None where nobody is named.

        Raises BadRota.
        """
        said = self.cleaned_data
        if not said["people"]:
            return None
        found = Layer(
            said["people"],
            said["starts"] or since,
            every=said["every"],
            unit=said["unit"],
            ends=said["ends"],
            lasts=said["lasts"],
            windows=said["windows"],
            count=said["count"],
        )
        was = self.was
        if was is None or said["starts"] or said["ends"] != was.ends:
            return found
        return was if alike(was, replace(found, starts=was.starts)) else found


class Change(Common):
    """What is different from now on, and, from a moment of the roster's zone on, the turns.

    Hours that the form cannot say stay as they are, until somebody chooses others.
    """

    since = forms.CharField(
        label="New turns from (empty: the turns stay)",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )
    reason = forms.CharField(label="Why", max_length=500)
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.initial.get("covered") == KEPT:
            self.fields["covered"].choices = [(KEPT, "In the hours it has now"), *COVERED]  # type: ignore[attr-defined]

    def known(self, zone: str) -> dict[str, Any]:
        """What of the roster is to be otherwise at once, by its field."""
        said = {name: self.cleaned_data[name] for name in ("name", "fallback", "owner")}
        return said if self.cleaned_data["covered"] == KEPT else said | {"hours": self.hours(zone)}

    def clean_since(self) -> datetime | None:
        return wall(self.cleaned_data["since"])


def wall(text: str) -> datetime | None:
    """The time of the clock on the wall; None where nothing is written. Raises ValidationError."""
    if not text:
        return None
    try:
        found = datetime.strptime(text, LOCAL)  # noqa: DTZ007
    except ValueError:
        raise forms.ValidationError(f"{text} is no date and time: write 2026-11-23T09:00.") from None
    known_year(found)
    return found


class TakeOver(forms.Form):
    """Somebody is on duty otherwise for a while."""

    KINDS = (("replace", "is on duty instead"), ("add", "is on duty besides"), ("remove", "is not on duty"))
    who = person_field("Who", required=True)
    kind = forms.ChoiceField(label="What they do", choices=KINDS)
    of = person_field("Instead of", empty="whoever it is")
    start = instant_field("From")
    end = instant_field("Until")
    reason = forms.CharField(label="Why", max_length=500)

    def override(self) -> Override:
        """What the form says. Raises BadRota."""
        said = self.cleaned_data
        of = (said["of"].actor,) if said["of"] and said["kind"] == "replace" else ()
        start, end = (said[name].astimezone(UTC) for name in ("start", "end"))
        return Override(said["kind"], start, end, (said["who"].actor,), of)


class Reason(forms.Form):
    reason = forms.CharField(label="Why", max_length=500)


class Swap(forms.Form):
    """One's own shift for somebody else's; both are chosen among those ahead."""

    mine = forms.ChoiceField(label="My shift")
    theirs = forms.ChoiceField(label="For")
    reason = forms.CharField(label="Why", max_length=500)

    def __init__(
        self, *args: Any, mine: Iterable[tuple[str, str]], theirs: Iterable[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mine"].choices = list(mine)  # type: ignore[attr-defined]
        self.fields["theirs"].choices = list(theirs)  # type: ignore[attr-defined]


def hours_as_said(spec: dict[str, Any] | None, zone: str) -> dict[str, Any]:
    """What the form shows of a roster's hours: `KEPT` where it cannot say them."""
    if spec is None:
        return {"covered": ""}
    week = spec.get("week", {})
    days = [day for day in DAYS if week.get(day)]
    if str(len(days)) in dict(COVERED):
        opens, closes = week[days[0]][0]
        if Calendar(zone, {day: [(opens, closes)] for day in DAYS[: len(days)]}).spec() == spec and closes != "24:00":
            return {"covered": str(len(days)), "opens": opens, "closes": closes}
    return {"covered": KEPT}


def turns_as_said(layer: Layer, names: dict[str, str], unique: Sequence[str]) -> dict[str, Any]:
    """What the form shows of a layer."""
    return {
        "people": "\n".join(
            ", ".join(names[who] if names.get(who, "") in unique else who for who in turn) for turn in layer.turns
        ),
        "every": layer.every,
        "unit": layer.unit,
        "lasts": f"{layer.lasts // timedelta(minutes=1)}m" if layer.lasts else "",
        "ends": layer.ends.strftime(LOCAL) if layer.ends else "",
        "windows": "\n".join(
            f"{day} {a}-{b}"
            for day, spans in layer.windows.items()
            for a, b in spans  # type: ignore[attr-defined]
        ),
        "count": layer.count,
    }
