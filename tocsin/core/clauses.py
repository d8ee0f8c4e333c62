"""What does a standard say, clause by clause?

Each function reads one section and notes what will not do; what it returns is right only if nothing was noted.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from tocsin.core.agreed import ALWAYS, Agreement
from tocsin.core.clock import Clock
from tocsin.core.document import Part
from tocsin.core.keys import DEEDS, WAYS
from tocsin.core.ladder import Ladder, Step
from tocsin.core.matrix import Matrix
from tocsin.core.practice import Kind, Level, Service
from tocsin.core.terms import Choice, Message, RaiseRule, Threshold, Wait


@dataclass(frozen=True)
class Priority:
    """What a priority is, what qualifies for it, what it looks like and what is done. (R1.4, R1.6)"""

    name: str
    title: str
    colour: str
    calendar: str
    summary: str
    criteria: tuple[str, ...]
    examples: tuple[str, ...]
    procedure: tuple[str, ...]


@dataclass(frozen=True)
class Role:
    """Somebody told, asked or called, on our side or the client's."""

    name: str
    title: str
    side: str


def priorities(top: Part, calendars: Collection[str]) -> dict[str, Priority]:
    found = {}
    for name, part in top.named("priorities", "priorities.*").items():
        colour = part.matching("colour", such_as="# and six of 0-9 and a-f, such as #d63939")
        found[name] = Priority(
            name,
            part.text("title"),
            colour,
            part.one_of("calendar", calendars, what="calendar"),
            part.text("summary", ""),
            part.words("criteria"),
            part.words("examples"),
            part.words("procedure"),
        )
    if not found:
        top.note(None, "There are no priorities: declare at least one, such as [priorities.P1].")
    return found


def kinds(top: Part, calendars: Collection[str], taken: Collection[str]) -> dict[str, Kind]:
    """Kinds of ticket that have targets of their own."""
    found = {}
    for name, part in top.named("kinds", "kinds.*").items():
        if name in taken:
            part.note(None, f"{name!r} is a priority too: give the kind another name.")
        found[name] = Kind(
            name,
            part.text("title"),
            part.one_of("calendar", calendars, what="calendar"),
            part.text("summary", ""),
            part.words("examples"),
        )
    return found


def roles(top: Part) -> dict[str, Role]:
    return {
        name: Role(name, part.text("title"), part.choice("side", what="side"))
        for name, part in top.named("roles", "roles.*").items()
    }


def staff(roles: Mapping[str, Role]) -> list[str]:
    """The roles our own people hold: what is written for them never goes to a client."""
    return [role.name for role in roles.values() if role.side == "staff"]


def levels(top: Part, taken: Collection[str], approvals: Collection[str]) -> dict[str, Level]:
    found: dict[str, Level] = {}
    for name, part in top.named("levels", "levels.*").items():
        if name in taken:
            part.note(None, f"{name!r} is a role too: give the level another name.")
        duties, skills, may, may_not = (part.words(key) for key in ("duties", "skills", "may", "may_not"))
        for place, each in enumerate(may_not):
            if each in may:
                part.document.note((*part.path, "may_not", place), f"{each!r} stands in may, too: say it once.")
        decides = part.flag("decides")
        other = next((level.name for level in found.values() if level.decides), None)
        if decides and other:
            part.note("decides", f"{other} decides already: a standard has one level where a decision is taken.")
        approval = part.one_of("approval", approvals, "", what="approval")
        found[name] = Level(name, part.text("title"), duties, skills, may, may_not, approval, decides)
    return found


def waits(top: Part, agreed: Agreement) -> dict[str, Wait]:
    found = {}
    for name, part in top.named("waits", "waits.*").items():
        limit = agreed.time(part, "limit", on=ALWAYS, least="A limit") if part.has("limit") else None
        found[name] = Wait(name, part.text("title"), part.flag("ended_by_reply"), limit)
    return found


def services(top: Part, matrix: Matrix | None) -> dict[str, Service]:
    """The services that weigh something, each by an answer to the input that the matrix names."""
    found = {}
    by = matrix.weighed_by if matrix else ""
    for name, part in top.named("services", "services.*").items():
        if part.has("weight") and (matrix is None or by not in matrix.inputs):
            part.note("weight", "A weight answers an input of the matrix: say which in matrix.weighed_by.")
        scale = matrix.inputs[by].scale if matrix and by in matrix.inputs else ()
        weight = part.one_of("weight", scale, "", what=f"answer to {by}") if scale else ""
        found[name] = Service(name, part.text("title"), weight)
    return found


def severities(top: Part, names: Collection[str]) -> dict[str, str]:
    part = top.part("severities")
    return {severity: part.one_of(severity, names, what="priority") for severity in part.content}


@dataclass(frozen=True, eq=False)
class Clauses:
    """A document's sections that need to know what it declares."""

    top: Part
    agreed: Agreement
    priorities: tuple[str, ...]
    roles: Mapping[str, Role]
    levels: Mapping[str, Level]
    waits: Mapping[str, Wait]

    def clocks(self) -> tuple[dict[str, Clock], tuple[Threshold, ...], tuple[Choice, ...]]:
        found: dict[str, Clock] = {}
        thresholds: list[Threshold] = []
        choices: list[Choice] = []
        for name, part in self.top.named("clocks", "clocks.*").items():
            part.text("title")
            met_by = part.words("met_by", DEEDS, what="deed")
            if not met_by:
                part.note(None, f"Nothing meets this clock: give met_by at least one of {', '.join(DEEDS)}.")
            targets, chosen = self.agreed.targets(part, name)
            own = [self._threshold(name, each) for each in part.parts("thresholds", "clocks.*.thresholds[]")]
            for place, threshold in enumerate(own):
                if threshold.percent in [each.percent for each in own[:place]]:
                    at = (*part.path, "thresholds", place, "percent")
                    self.top.document.note(at, f"Two thresholds stand at {threshold.percent} %.")
            rules: dict[str, Any] = {
                "on_raise": part.choice("on_raise"),
                "on_lower": part.choice("on_lower"),
                "on_reopen": part.choice("on_reopen"),
                "kind": part.choice("kind"),
                "repeats": part.flag("repeats"),
                "paused_by": part.words("paused_by", self.waits, what="wait"),
                "met_by": met_by,
            }
            thresholds += own
            choices += chosen
            if not self.top.document.problems:
                percents = tuple(threshold.percent for threshold in own if threshold.percent < 100)
                found[name] = Clock(targets, thresholds=percents, name=name, priorities=self.priorities, **rules)
        return found, tuple(thresholds), tuple(choices)

    def _threshold(self, clock: str, part: Part) -> Threshold:
        escalate = part.one_of("escalate", self.levels, "", what="level") or None
        percent = part.number("percent")
        return Threshold(clock, percent, part.one_of("tell", staff(self.roles), what="role of the staff"), escalate)

    def raises(self) -> tuple[RaiseRule, ...]:
        found = []
        for name, part in self.top.named("raises", "raises.*").items():
            frm = part.one_of("from", self.priorities, what="priority")
            to = part.one_of("to", self.priorities, what="priority")
            after = self.agreed.time(part, "after", on=self.agreed.counts_on.get(frm, ALWAYS))
            order = self.priorities
            if frm in order and to in order and order.index(to) >= order.index(frm):
                part.note("to", f"{to} is not more severe than {frm}: a rule that raises goes up.")
            if after is not None:
                found.append(RaiseRule(name, frm, to, after))
        return tuple(found)

    def ladders(self, messages: Mapping[str, Message]) -> dict[str, Ladder]:
        found = {}
        for name, part in self.top.named("ladders", "ladders.*").items():
            counts_from: Any = part.choice("counts_from")
            known = self.levels if counts_from == "level" else None
            steps = [self._step(each, messages, known) for each in part.parts("steps", "ladders.*.steps[]")]
            names = [step.name for step in steps]
            for place, step in enumerate(names):
                if step in names[:place]:
                    self.top.document.note((*part.path, "steps", place, "name"), f"Two steps are called {step!r}.")
            if not steps:
                part.note(None, "This ladder has no steps: give it at least one.")
            found[name] = Ladder(
                name,
                tuple(steps),
                counts_from,
                part.words("paused_by", self.waits, what="wait"),
                part.one_of("owner", staff(self.roles), what="role of the staff"),
                part.flag("until_acknowledged"),
            )
        return found

    def _step(self, part: Part, messages: Mapping[str, Message], levels: Collection[str] | None) -> Step:
        name = part.text("name") if levels is None else part.one_of("name", levels, what="level")
        to = part.one_of("to", [*self.roles, *self.levels], what="role or level")
        by = part.words("by", WAYS, what="way of telling")
        act = part.flag("act")
        if "phone" in by and not act:
            part.note("by", "A call is made by a person: add act = true, so that its result is asked for.")
        after = self.agreed.times(part, "after")
        if not after and levels is None:  # a level without a time is reached by people and by thresholds
            part.note(None, "This step never comes: give after a time for at least one priority.")
        template = part.one_of("message", messages, what="message")
        side = self.roles[to].side if to in self.roles else "staff"
        if template in messages and messages[template].audience != side:
            part.note("message", f"{template!r} is written for the {messages[template].audience}, and {to} is {side}.")
        return Step(
            name,
            after,
            to,
            by,
            act,
            self.agreed.times(part, "accept") if part.has("accept") else None,
            self.agreed.times(part, "within") if part.has("within") else None,
            template,
            part.text("title", ""),
        )
