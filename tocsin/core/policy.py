"""What does a standard promise, and what does that come to for one contract?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from tocsin.core import agreed, authority, clauses, criteria, figures, finding, staging, texts
from tocsin.core.agreed import Agreement
from tocsin.core.calendars import calendars
from tocsin.core.clauses import Clauses, Priority, Role
from tocsin.core.document import BadPolicy, Document, Part
from tocsin.core.duration import Duration
from tocsin.core.finding import Finding
from tocsin.core.hours import Calendar
from tocsin.core.ladder import Ladder, Step
from tocsin.core.practice import Approval, Kind, Level, Practice, Service
from tocsin.core.stage import Stage
from tocsin.core.terms import Choice, Message, RaiseRule, Terms, Threshold, Wait
from tocsin.core.written import DAYS

__all__ = [
    "Approval",
    "BadPolicy",
    "Choice",
    "Finding",
    "Kind",
    "Ladder",
    "Level",
    "Message",
    "Policy",
    "Practice",
    "Priority",
    "RaiseRule",
    "Role",
    "Service",
    "Stage",
    "Step",
    "Terms",
    "Threshold",
    "Wait",
    "lint",
    "load",
]

# How far back anybody may date an act, where a standard does not say: long enough to write up a call.
BACKDATING: Final = (Duration(15, "m"), Calendar.always())
LINE: Final = 500  # characters
# A contract to try a document on, until there is one: ordinary office hours.
OFFICE: Final = Calendar("UTC", {day: [("08:00", "18:00")] for day in DAYS[:5]}, name="support hours")


@dataclass(frozen=True, eq=False)
class Policy:
    """A standard that can be worked by. What it promises is fixed only with a contract's hours: `terms`."""

    name: str
    title: str
    summary: str
    text: str
    file: str
    priorities: tuple[Priority, ...]
    roles: Mapping[str, Role]
    practice: Practice
    document: Document

    @property
    def levels(self) -> Mapping[str, Level]:
        """Who works on a ticket, the first first."""
        return self.practice.levels

    def terms(
        self,
        *,
        hours: Calendar,
        service: str | None = None,
        overrides: Mapping[str, Any] | None = None,
        version: str = "1",
    ) -> Terms:
        """What was agreed under a contract whose support calendar is `hours`.

        `overrides` are the contract's deltas: `{"targets": {"resolution": {"P2": "6h"}}, "services": {"crm":
        {"targets": …}}}`, of which a service's win over the client's, and those over the standard; `Terms.choices`
        names winner and losers of each target. Business days on support hours that never close are as many times 24
        hours. What cannot be read raises BadPolicy. (semantics 2: which target applies)
        """
        terms, _ = _resolve(
            Document(self.file, self.document.content, self.document.lines),
            hours=hours,
            service=service,
            overrides=overrides or {},
            version=version,
        )
        return terms


@lru_cache(maxsize=16)
def load(text: str, *, name: str = "policy.toml") -> Policy:
    """Read a standard from TOML; a text that was read lately is not read again.

    Raises BadPolicy with every mistake that was found, one a line: `name:line: key: sentence`. Nothing is left out in
    silence: a key nobody knows, a role nobody declared and a placeholder nobody fills are mistakes. (R16.1)
    """
    document = Document.read(text, name=name)
    terms, practice = _resolve(document, hours=OFFICE, service=None, overrides={}, version="1")
    top = document.top
    standard = top.part("standard")
    return Policy(
        terms.policy,
        standard.text("title"),
        standard.text("summary", ""),
        text,
        name,
        tuple(clauses.priorities(top, terms.calendars).values()),
        clauses.roles(top),
        practice,
        document,
    )


def lint(
    policy: Policy, *, hours: Calendar = OFFICE, service: str | None = None, overrides: Mapping[str, Any] | None = None
) -> list[Finding]:
    """What this standard promises and cannot keep under a contract, errors first; nothing is fixed. (R2.10)"""
    terms = policy.terms(hours=hours, service=service, overrides=overrides)
    return finding.findings(terms, policy.document)


def _resolve(
    document: Document, *, hours: Calendar, service: str | None, overrides: Mapping[str, Any], version: str
) -> tuple[Terms, Practice]:
    top = document.top
    standard = top.part("standard", "standard")
    name, _ = standard.text("name"), standard.text("title")
    standard.text("summary", "")
    named = agreed.calendars(hours) | calendars(top, zone=hours.zone)
    own = clauses.priorities(top, named)
    kinds = clauses.kinds(top, named, own)
    roles = clauses.roles(top)
    levels = clauses.levels(top, roles, top.part("approvals").content)
    given, wins = agreed.overrides(overrides, service=service, clocks=top.part("clocks").content)
    counts_on = {p.name: p.calendar for p in own.values()} | {kind.name: kind.calendar for kind in kinds.values()}
    counts_on = {key: calendar if calendar in named else agreed.SUPPORT for key, calendar in counts_on.items()}
    agreement = Agreement(named, counts_on, f"standard {name} {version}", wins)
    priorities = tuple(own)
    waits = clauses.waits(top, agreement)
    parts = Clauses(top, agreement, priorities, roles, levels, waits)
    messages = texts.messages(top)
    ladders = parts.ladders(messages)
    raises = parts.raises()
    rules = _rules(top, agreement, priorities, levels, roles)
    conditions = top.part("rules").words("line_stops_when") or next((each.criteria for each in own.values()), ())
    theirs = [role.name for role in roles.values() if role.side == "client"]
    line_stopped_by = Part(given, (), overrides).words("line_stopped_by", theirs, what="role of the client")
    severities = clauses.severities(top, priorities)
    matrix = criteria.matrix(top, priorities)
    uptime = figures.uptime(top, agreement)
    practice = Practice(
        kinds,
        levels,
        clauses.services(top, matrix),
        staging.stages(top, priorities),
        authority.raci(top, roles, levels),
        authority.approvals(top, agreement, roles, priorities),
        authority.decisions(top, roles, levels, waits),
        staging.closing(top, kinds),
        staging.reviews(top, agreement, priorities),
        figures.rating(top, agreement),
        figures.credits(top, agreement, top.part("clocks").content, uptime),
        uptime,
        figures.documentation(top),
        figures.pay(top),
        figures.drills(top),
    )
    besides = criteria.agreed(matrix, Part(given, (), given.content, "overrides"), service=service)
    clocks, thresholds, choices = parts.clocks()
    document.judge()
    given.judge()
    weighed = practice.services.get(service or "")
    if matrix and weighed and weighed.weight:
        matrix = matrix.weighing(weighed.title, weighed.weight)
    named_things: tuple[Priority | Role | Level | Kind, ...] = (
        *own.values(),
        *roles.values(),
        *levels.values(),
        *kinds.values(),
    )
    terms = Terms(
        name,
        version,
        priorities,
        clocks=clocks,
        ladders=ladders,
        calendars=named,
        raises=raises,
        waits=waits,
        thresholds=thresholds,
        messages=messages,
        titles={each.name: each.title for each in named_things},
        choices=choices,
        colours={each.name: each.colour for each in own.values()},
        client_roles=tuple(role.name for role in roles.values() if role.side == "client"),
        severities=severities,
        matrix=replace(matrix, overrides=besides) if matrix else None,
        **rules,
        line_stops_when=conditions,
        line_stopped_by=line_stopped_by,
        stages=practice.stages,
        practice=practice,
    )
    return terms, practice


def _rules(
    top: Part,
    agreement: Agreement,
    priorities: tuple[str, ...],
    levels: Mapping[str, Level],
    roles: Mapping[str, Role],
) -> dict[str, Any]:
    rules = top.part("rules", "rules")
    return {
        "default_priority": rules.one_of("default_priority", priorities, what="priority"),
        "first_level": rules.one_of("first_level", levels, what="level"),
        "solved_period": agreement.time(rules, "solved_period", on=agreed.ALWAYS),
        "lowering_needs_approval_at": rules.number("lowering_needs_approval_at"),
        "backdating_within": (
            agreement.time(rules, "backdating_within", on=agreed.ALWAYS, zero=False)
            if rules.has("backdating_within")
            else BACKDATING
        ),
        "backdating_by": rules.words("backdating_by", clauses.staff(roles), what="role of the staff"),
        "acknowledgement_lasts": agreement.times(rules, "acknowledgement_lasts"),
        "update_misses_told": rules.words("update_misses_told", clauses.staff(roles), what="role of the staff"),
        "alerts_raise": rules.flag("alerts_raise"),
        "alerts_lower": rules.flag("alerts_lower"),
        "bridge": _one_line(rules, "bridge"),
    }


def _one_line(part: Part, key: str) -> str:
    said = " ".join(part.text(key, "").split())
    if len(said) > LINE:
        part.note(key, f"This is {len(said)} characters long; {LINE} fit.")
    return said
