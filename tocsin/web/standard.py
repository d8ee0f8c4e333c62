"""By which rules do we work, and what would they have happen when?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from tocsin.core.agenda import lower, title
from tocsin.core.clock import Target
from tocsin.core.explain import name_of
from tocsin.core.hours import Calendar
from tocsin.core.ladder import Ladder, Step
from tocsin.core.outlook import outlook
from tocsin.core.policy import OFFICE
from tocsin.core.terms import Terms
from tocsin.desk.names import Names
from tocsin.standard import adopted
from tocsin.web.axis import words
from tocsin.web.drawn import LANES, lanes, tall, wide
from tocsin.web.qualifying import qualifying
from tocsin.web.staff import staff

STARTS = {"level": "counted from when the level before took it", "incident": "counted from the opening"}


@dataclass(frozen=True, slots=True)
class Clock:
    """What a clock promises, priority by priority, and what is done on the way."""

    title: str
    promises: list[str]
    notes: list[str]


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of a ladder: who, how, after how long for each priority, and what is asked of them."""

    title: str
    by: str
    after: list[str]
    asks: str


@dataclass(frozen=True, slots=True)
class Climb:
    """A ladder, for those who climb it."""

    title: str
    says: str
    priorities: list[str]
    rungs: list[Rung]


@staff
def standard(request: HttpRequest) -> HttpResponse:
    """The standard in force, and for one priority the picture of what falls due when."""
    known = adopted.names()
    name = request.GET.get("name") or next(iter(known), "")
    found = adopted.in_force(name)
    if found is None:
        if request.GET.get("name"):
            raise Http404(f"There is no standard {name} on this desk.")
        return render(request, "standard/page.html", {"found": None})
    terms = found.document.terms(hours=OFFICE, version=str(found.newest.number))
    columns = _columns(terms)
    chosen = request.GET.get("priority", "")
    if chosen not in columns:
        chosen = columns[0]
    seen = outlook(terms, chosen)
    actors = Names([found.newest.by, *(version.by for version in found.earlier)])
    context = {
        "found": found,
        "known": known if len(known) > 1 else [],
        "by": actors(found.newest.by) if found.newest.by else "",
        "earlier": [(version, actors(version.by) if version.by else "") for version in found.earlier],
        "terms": terms,
        "columns": columns,
        "chosen": chosen,
        "chosen_title": title(chosen, terms),
        "seen": seen,
        "hours": _hours(seen.calendar),
        "moments": [(words(after), at, dues) for after, at, dues in seen.moments],
        "pictures": [wide(seen, lanes(terms)), tall(seen, lanes(terms))],
        "priorities": [(each, _hours(terms.calendars[each.calendar])) for each in found.document.priorities],
        "qualifying": qualifying(terms.matrix),
        "clocks": list(_clocks(terms, columns, found.document.document.content["clocks"])),
        "ladders": [_climb(ladder, terms) for ladder in terms.ladders.values()],
        "rules": list(_rules(terms)),
        "levels": found.document.levels.values(),
        "roles": found.document.roles.values(),
    }
    return render(request, "standard/page.html", context)


def _columns(terms: Terms) -> list[str]:
    """The priorities, and the kinds of ticket that have times of their own."""
    own = dict.fromkeys(name for clock in terms.clocks.values() for name in clock.targets)
    return [*terms.priorities, *(name for name in own if name not in terms.priorities)]


def _hours(calendar: Calendar) -> str:
    return "round the clock" if calendar.is_always else f"in {calendar.name or calendar.zone}"


def _time(target: Target | None) -> str:
    if target is None:
        return "–"
    duration, calendar = target
    if not duration.amount:
        return "at once"
    return str(duration) if calendar.is_always else f"{duration} {_hours(calendar)}"


def _clocks(terms: Terms, columns: list[str], written: dict[str, Any]) -> Iterator[Clock]:
    for name, clock in terms.clocks.items():
        every = "every " if clock.repeats else ""
        promises = [
            f"{every}{_time(clock.targets[p])}" if clock.targets.get(p) else _unnumbered(written[name], p)
            for p in columns
        ]
        notes = [_threshold(terms, name, rule.percent) for rule in terms.thresholds if rule.clock == name]
        if clock.repeats and terms.update_misses_told:
            told = ", then the ".join(lower(title(role, terms)) for role in terms.update_misses_told)
            notes.append(f"Missed: the {told} is told.")
        if clock.paused_by:
            notes.append(f"It stands still while waiting for: {', '.join(sorted(clock.paused_by))}.")
        notes.append("A guarantee." if clock.kind == "guarantee" else "A target.")
        yield Clock(written[name].get("title") or name_of(name), promises, notes)


def _unnumbered(written: dict[str, Any], priority: str) -> str:
    """What is promised without a time of its own: at resolution."""
    said = str(written.get("targets", {}).get(priority, ""))
    return said if said.startswith("at ") else "–"


def _threshold(terms: Terms, clock: str, percent: int) -> str:
    rule = terms.threshold(clock, percent)
    assert rule is not None
    further = f", and it goes to {rule.escalate} unless it is there" if rule.escalate else ""
    when = "Late" if percent == 100 else f"At {percent} %"
    return f"{when}: the {lower(title(rule.tell, terms))} is told{further}."


def _climb(ladder: Ladder, terms: Terms) -> Climb:
    priorities = [name for name in _columns(terms) if name in ladder.priorities]
    says = "until somebody answers" if ladder.until_acknowledged else STARTS[ladder.counts_from]
    if ladder.paused_by:
        says += f"; held while waiting for: {', '.join(sorted(ladder.paused_by))}"
    says += f"; at its end the {lower(title(ladder.owner, terms))} is told"
    rungs = [_rung(step, priorities, terms) for step in ladder.steps]
    return Climb(LANES.get(ladder.name, ladder.name.capitalize()), says, priorities, rungs)


def _rung(step: Step, priorities: list[str], terms: Terms) -> Rung:
    asks = []
    if step.act:
        asks.append("somebody does it and records what came of it")
    if step.accept:
        asks.append("accepted within " + ", ".join(f"{p} {wait[0]}" for p, wait in step.accept.items()))
    after = [_time(step.after[p]) if p in step.after else "–" for p in priorities]
    whom = step.title or (title(step.name, terms) if step.name in terms.titles else title(step.to, terms))
    return Rung(whom, ", ".join(step.by), after, "; ".join(asks))


def _rules(terms: Terms) -> Iterator[tuple[str, str]]:
    """What else holds, a term and a sentence each."""
    yield "Without a priority", f"a ticket is {terms.default_priority}, and {terms.first_level} has it first."
    for rule in terms.raises:
        yield f"{rule.frm} becomes {rule.to}", f"after {_time(rule.after)} without a solution."
    for wait in terms.waits.values():
        ended = (
            "ends with the client's answer" if wait.ended_by_reply else "ends when somebody says so or its time is up"
        )
        clocks = [name_of(name) for name, clock in terms.clocks.items() if wait.name in clock.paused_by]
        stops = f"these clocks stand still: {', '.join(clocks)}" if clocks else "no clock stands still"
        yield wait.title, f"{stops}; it {ended}{wait.longest and f', and after {wait.longest} at the latest'}."
    if terms.solved_period is not None:
        yield "Closing", f"a solved ticket closes by itself after {_time(terms.solved_period)}; until then it reopens."
    if terms.alerts_raise or terms.alerts_lower:
        does = " and ".join(
            word for word, rule in (("raise", terms.alerts_raise), ("lower", terms.alerts_lower)) if rule
        )
        yield "Alerts", f"{does} a ticket by what they say later, as an event that names the rule."
    yield "Lowering", f"needs another person's approval once {terms.lowering_needs_approval_at} % of a promise is used."
    if terms.backdating_within is not None:
        who = ", ".join(lower(title(role, terms)) for role in terms.backdating_by) or "nobody"
        yield "Dating back", f"anybody up to {_time(terms.backdating_within)}, with a reason; further: {who}."
    if terms.line_stops_when:
        theirs = ", ".join(lower(title(role, terms)) for role in terms.line_stopped_by)
        who = f"by anybody here{f', and by the client ({theirs})' if theirs else ''}"
        yield "The line is stopped", f"{who}, when one holds: {'; '.join(terms.line_stops_when)}."
    if terms.bridge:
        yield "The bridge", f"is {terms.bridge}, opened as the line is stopped, unless somebody says another."
    if terms.acknowledgement_lasts:
        lasts = ", ".join(f"{name} {wait[0]}" for name, wait in terms.acknowledgement_lasts.items())
        yield "An answered page", f"stays quiet so long without an act: {lasts}."
    if terms.severities:
        said = ", ".join(f"{severity} is {priority}" for severity, priority in terms.severities.items())
        yield "What a monitor calls it", f"{said}, until a person looks."
