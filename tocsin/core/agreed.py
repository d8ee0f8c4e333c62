"""How long was agreed, on which calendar, and by whom?

A target is written `4h`, `5bd on support` or `none`; without `on` it counts on the calendar of its priority.
(semantics 1)
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from tocsin.core.clock import Target
from tocsin.core.document import BadPolicy, Document, Part, nearest
from tocsin.core.duration import BadDuration, Duration, parse
from tocsin.core.hours import Calendar
from tocsin.core.terms import Choice

ALWAYS: Final = "always"
SUPPORT: Final = "support"
CLIENT: Final = "client"  # the zone of a calendar that is kept where the client is
NOTHING: Final = ("none", "at resolution")

_WRITTEN = re.compile(r"(?P<duration>\S+)(?:\s+on\s+(?P<calendar>\S+))?")


@dataclass(frozen=True, eq=False)
class Override:
    """Targets agreed besides the standard: by whom, where they stand, and whether they are meant here."""

    source: str
    targets: Part
    applies: bool = True


def calendars(hours: Calendar) -> dict[str, Calendar]:
    """The calendars every standard may name: `always`, and the contract's hours as `support`."""
    named = "support hours"
    if hours.name != named:
        hours = Calendar.from_spec({**hours.spec(), "name": named})
    return {ALWAYS: Calendar.always(hours.zone), SUPPORT: hours}


@dataclass(frozen=True, eq=False)
class Agreement:
    """The calendars of a contract, which of them each priority counts on, and what client and service agreed besides.

    `overrides` are in the order in which they win.
    """

    calendars: Mapping[str, Calendar]
    counts_on: Mapping[str, str]
    standard: str
    overrides: tuple[Override, ...] = ()

    def time(self, part: Part, key: str, *, on: str, zero: bool = True, least: str = "") -> Target | None:
        """The duration at the key and its calendar; None when it cannot be read, which is noted, or promises nothing.

        `on` is the calendar it counts on unless it says so itself. A target (not `zero`) is above zero, or "none";
        what `least` names is above zero, too.
        """
        text = part.text(key)
        if not text.strip():
            return None
        if not zero and text in NOTHING:
            return None
        written = _WRITTEN.fullmatch(text.strip())
        if written is None:
            part.note(key, f"{text!r} is no duration: write 4h, or 5bd on {SUPPORT}" + ("." if zero else ", or none."))
            return None
        name = written["calendar"] or on
        if name not in self.calendars:
            part.note(key, f"The calendar {name!r} is not declared: {nearest(name, self.calendars)}")
            return None
        try:
            duration = parse(written["duration"])
        except BadDuration as error:
            part.note(key, str(error))
            return None
        if least and duration.amount == 0:
            part.note(key, f"{least} is above zero, and this is {duration}.")
            return None
        if not zero and duration.amount == 0:
            part.note(key, f"The target is {duration}: a target is above zero; write none to promise nothing.")
            return None
        return self._counted(part, key, duration, name)

    def _counted(self, part: Part, key: str, duration: Duration, name: str) -> Target | None:
        calendar = self.calendars[name]
        if duration.is_days and name == ALWAYS:
            hours = duration.amount * 24
            part.note(
                key,
                f"{duration} counts business days and {ALWAYS} never closes: "
                f"write {hours}h, or {duration} on {SUPPORT}.",
            )
            return None
        if duration.is_days and calendar.is_always:  # support hours that never close: there every day is a business day
            duration = Duration(duration.amount * 24, "h")
        return duration, calendar

    def times(self, part: Part, key: str) -> dict[str, Target]:
        """The durations of a table keyed by priority, those of no priority noted."""
        table = part.part(key)
        found = {}
        for priority in self._priorities(table):
            time = self.time(table, priority, on=self.counts_on[priority])
            if time is not None:
                found[priority] = time
        return found

    def targets(self, part: Part, clock: str) -> tuple[dict[str, Target | None], list[Choice]]:
        """The targets of a clock, and for each where it came from: service, then client, then standard.

        Every override is read, so that a mistake shows before its first ticket; only those that apply win or lose.
        """
        said: dict[str, list[str]] = {}
        found: dict[str, Target | None] = {}
        given = [*self.overrides, Override(self.standard, part)]
        for override in given:
            table = override.targets.part(clock if override is not given[-1] else "targets")
            for priority in self._priorities(table):
                target = self.time(table, priority, on=self.counts_on[priority], zero=False)
                if override.applies:
                    found.setdefault(priority, target)
                    said.setdefault(priority, []).append(f"{override.source}: {_said(table, priority, target)}")
        chosen = [priority for priority in self.counts_on if priority in said]
        choices = [Choice(clock, priority, said[priority][0], tuple(said[priority][1:])) for priority in chosen]
        return {priority: found[priority] for priority in chosen}, choices

    def _priorities(self, table: Part) -> list[str]:
        for priority in table.content:
            if priority not in self.counts_on:
                table.note(priority, f"The priority {priority!r} is not declared: {nearest(priority, self.counts_on)}")
        return [priority for priority in self.counts_on if table.has(priority)]


def _said(part: Part, priority: str, target: Target | None) -> str:
    """The target in words; business days that became hours with both."""
    text = str(part.content[priority]).strip()
    if target is None:
        return text
    duration, calendar = target
    written = text.split()[0]
    return f"{written}{'' if written == str(duration) else f' ({duration})'} on {calendar.name}"


def overrides(given: object, *, service: str | None, clocks: Collection[str]) -> tuple[Document, tuple[Override, ...]]:
    """What a contract agreed besides the standard, in the order in which it wins: its services', then the client's.

    Of the services only the one asked for applies. (semantics 2: which target applies)
    """
    if not isinstance(given, Mapping):
        raise BadPolicy(f"overrides: These are no table but {given!r}.")
    document = Document("overrides", given)
    whole = Part(document, (), given, "overrides")
    found = []
    for name, part in whole.named("services", "overrides.services.*").items():
        found.append(Override(f"contract, for {name}", part.part("targets"), name == service))
    found.append(Override("client", whole.part("targets")))
    for override in found:
        for clock in override.targets.content:
            if clock not in clocks:
                override.targets.note(clock, f"The clock {clock!r} is not declared: {nearest(clock, clocks)}")
    return document, tuple(found)
