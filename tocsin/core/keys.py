"""Which words does a standard's document know, what may stand at each, and what does each mean?

The reader knows no other. docs/policy.md explains every one of them, docs/policy.schema.json is made of them, and tests
hold the three together.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tocsin.core.keys_of_practice import DATE, PRACTICE
from tocsin.core.spec import Choice, Flag, Key, Map, Name, Number, Table, Tables, Text, Time, Words, must, named, times

# What meets a clock; what tells a person.
DEEDS: Final = ("responded", "updated", "solved")
WAYS: Final[Mapping[str, str]] = {
    "page": "it wakes: every way the person has set for pages, in their order",
    "email": "a mail",
    "phone": "a call by one of our people, who records its result",
}

TITLE: Final = must("what people call it")
PRIORITY: Final = Name(("priorities",))
ROLE: Final = Name(("roles",))
OURS: Final = Name(("roles of the staff",))
LEVEL: Final = Name(("levels",))
CALENDAR: Final = Name(("calendars",), ("always", "support"))
WAITS: Final = Words(Name(("waits",)))
TESTS: Final = Map(Tables("matrix.criteria.*[]"), PRIORITY, by="priority")
SPANS: Final = Words(Text("a span", r"[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}"))
DATES: Final = Map(SPANS, pattern=DATE.pattern, by="date")

_PROMISED: Final[Mapping[str, Mapping[str, Key]]] = {
    "standard": {
        "name": must("its name", Text("a name")),
        "title": TITLE,
        "summary": Key("what it assumes"),
        "texts": Key("the shipped texts that it uses where it writes none of its own", Choice(of="sets of texts")),
    },
    "calendars.*": {
        "title": TITLE,
        "zone": Key("client, or a time zone's name", Text("a zone"), default="client"),
        "week": Key("the hours of each day", Map(SPANS, Choice(of="days"), by="day")),
        "closed": Key("dates on which it is closed", Words(DATE)),
        "replaced": Key("dates with hours of their own", DATES),
        "breaks": Key("dates with hours in which it is closed", DATES),
    },
    "priorities.*": {
        "title": TITLE,
        "colour": Key("its colour, #rrggbb", Text("a colour", r"#[0-9a-f]{6}"), default="#6c757d"),
        "calendar": must("the calendar its durations count on", CALENDAR),
        "summary": Key("what it means, in a sentence"),
        "criteria": Key("what qualifies", Words()),
        "examples": Key("what it looks like", Words()),
        "procedure": Key("what is done, step by step", Words()),
    },
    "kinds.*": {
        "title": TITLE,
        "calendar": must("the calendar its durations count on", CALENDAR),
        "summary": Key("what it is, in a sentence"),
        "examples": Key("what it looks like", Words()),
    },
    "roles.*": {"title": TITLE, "side": Key("staff or client", Choice(("staff", "client")), default="staff")},
    "levels.*": {
        "title": TITLE,
        "duties": Key("what it does", Words()),
        "skills": Key("what it knows", Words()),
        "may": Key("what it may do without asking", Words()),
        "may_not": Key("what it may not", Words()),
        "approval": Key("the approval that an escalation to it needs", Name(("approvals",))),
        "decides": Key("whether it is where a decision is taken", Flag(), default=False),
    },
    "waits.*": {
        "title": TITLE,
        "ended_by_reply": Key("whether a client's reply ends it", Flag(), default=False),
        "limit": Key("how long it may last", Time()),
    },
    "services.*": {
        "title": TITLE,
        "weight": Key("how much it weighs, an answer to the input of weighed_by", Name(("answers",))),
    },
    "matrix": {
        "otherwise": must("the priority where nothing qualifies for another", PRIORITY),
        "inputs": must("what is asked", named("matrix.inputs.*", 1)),
        "criteria": Key("what qualifies, by priority", TESTS),
        "tables": Key("a priority for each pair of answers to two inputs", named("matrix.tables.*")),
        "weighed_by": Key("the input that a service's weight answers", Name(("inputs",))),
    },
    "matrix.inputs.*": {
        "title": TITLE,
        "question": Key("how it is asked"),
        "scale": must("its answers, the mildest first", Map(Text(), least=2, pattern=r".*\S.*", by="answer")),
        "assumed": must("the answer taken where nobody gave one", Name(("answers",))),
        "beside": Key("whether it counts only beside another input", Flag(), default=False),
    },
    "matrix.criteria.*[]": {
        "says": Key("what qualifies, in words"),
        "all_of": Key("tests that must all hold", Tables("matrix.criteria.*[]", 2)),
        "any_of": Key("tests of which one must hold", Tables("matrix.criteria.*[]", 2)),
    },
    "matrix.tables.*": {
        "rows": must("an input", Name(("inputs",))),
        "columns": must("another", Name(("inputs",))),
        "cells": must("the priorities of each row", Map(Words(PRIORITY, twice=True), Name(("answers",)), by="answer")),
    },
    "clocks.*": {
        "title": TITLE,
        "kind": Key("target or guarantee", Choice(("target", "guarantee")), default="target"),
        "met_by": must("what fulfils it", Words(Choice(DEEDS), 1)),
        "repeats": Key("whether fulfilling it begins the next", Flag(), default=False),
        "paused_by": Key("the waits that stop it", WAITS),
        "on_raise": Key(
            "what a raise does to it", Choice(("earlier_of", "carry", "recalculate", "restart")), default="earlier_of"
        ),
        "on_lower": Key("what a lowering does to it", Choice(("recalculate", "keep")), default="recalculate"),
        "on_reopen": Key("what a reopening does to it", Choice(("continue", "restart")), default="continue"),
        "targets": Key("how long, by priority", times(none=True)),
        "thresholds": Key("what is done on the way", Tables("clocks.*.thresholds[]")),
    },
    "clocks.*.thresholds[]": {
        "percent": must("of the time allowed", Number(1, 100)),
        "tell": must("the role that hears of it", OURS),
        "escalate": Key("the level that gets it", LEVEL),
    },
    "raises.*": {
        "from": must("the priority it has", PRIORITY),
        "to": must("the priority it gets", PRIORITY),
        "after": must("how long it had it", Time(zero=True)),
    },
    "ladders.*": {
        "counts_from": Key("incident or level", Choice(("incident", "level")), default="incident"),
        "paused_by": Key("the waits that hold it", WAITS),
        "until_acknowledged": Key("whether an acknowledgement ends it", Flag(), default=False),
        "owner": must("the role told when it has run out", OURS),
        "steps": must("its steps, in the order in which they are climbed", Tables("ladders.*.steps[]", 1)),
    },
    "ladders.*.steps[]": {
        "name": must("its name"),
        "title": Key("what people call it"),
        "to": must("the role or level", Name(("roles", "levels"))),
        "by": Key("the ways of telling", Words(Choice(tuple(WAYS)))),
        "after": Key("when, by priority", times(zero=True)),
        "act": Key("whether somebody must do something and record it", Flag(), default=False),
        "within": Key("how long the act may take, or the last page is waited for, by priority", times(zero=True)),
        "accept": Key("how long to wait for acceptance, by priority", times(zero=True)),
        "message": must("the text that is sent", Name(("messages",))),
    },
}
_RULES: Final[Mapping[str, Mapping[str, Key]]] = {
    "rules": {
        "default_priority": must("what a ticket has until somebody decides", PRIORITY),
        "first_level": must("who has it when it is opened", LEVEL),
        "solved_period": must("how long a solved ticket stays open to contradiction", Time(zero=True)),
        "lowering_needs_approval_at": Key(
            "percent of the resolution clock from which lowering needs approval", Number(1, 100), default=90
        ),
        "backdating_within": Key("how far back anybody of the staff may date an act", Time(none=True), default="15m"),
        "backdating_by": Key("the roles that may date further back, and approve corrections", Words(OURS)),
        "acknowledgement_lasts": Key(
            "how long an acknowledged page stays quiet without an act, by priority", times(zero=True)
        ),
        "update_misses_told": Key("the roles told of the first and second silence", Words(OURS)),
        "alerts_raise": Key("whether an alert that gets worse raises its ticket", Flag(), default=False),
        "alerts_lower": Key("whether an alert that gets milder lowers its ticket", Flag(), default=False),
        "line_stops_when": Key("the conditions of which one is enough to stop the line", Words()),
        "bridge": Key(
            "the link or number where they talk when the line is stopped, unless somebody says another", Text(most=500)
        ),
    },
    "messages.*": {
        "audience": Key("staff or client", Choice(("staff", "client")), default="staff"),
        "stage": Key("outage, update or resolved, for clients", Choice(("outage", "update", "resolved"))),
        "subject": must("its subject"),
        "body": must("its text"),
    },
}
# What a contract says besides. It is no part of the document, and written in the same words.
_AGREED: Final[Mapping[str, Mapping[str, Key]]] = {
    "overrides": {
        "targets": Key("a client's own targets, by clock and priority", Map(times(none=True), Name(("clocks",)))),
        "matrix": Key("what else qualifies with this client", Table("overrides.matrix")),
        "services": Key("those of its services", named("overrides.services.*")),
        "line_stopped_by": Key(
            "the client's roles that may stop the line, beside our own people", Words(Name(("roles of the client",)))
        ),
    },
    "overrides.services.*": {
        "targets": Key("a service's own targets, by clock and priority", Map(times(none=True), Name(("clocks",)))),
        "matrix": Key("what else qualifies where it is hit", Table("overrides.matrix")),
    },
    "overrides.matrix": {
        "assumed": Key("the answers taken where nobody gave one", Map(Name(("answers",)), Name(("inputs",)))),
        "criteria": Key("what qualifies besides, by priority", TESTS),
        "starts_on": Key("the first day on which it counts", DATE),
        "ends_on": Key("the last", DATE),
    },
}

# Section → its keys. `*` stands for a name the document gives, `[]` for each element of an array of tables.
KEYS: Final[Mapping[str, Mapping[str, Key]]] = {
    "": {
        "standard": must("what the document is", Table("standard")),
        "calendars": Key("calendars of its own, beside always and support", named("calendars.*")),
        "priorities": must("the priorities, the most severe first", named("priorities.*", 1)),
        "kinds": Key("kinds of ticket that have targets of their own", named("kinds.*")),
        "roles": Key("who is told, asked or called", named("roles.*")),
        "levels": must("who works on a ticket, the first first", named("levels.*", 1)),
        "waits": Key("whom a ticket may wait for", named("waits.*")),
        "severities": Key("a monitor's severity, and the priority it opens", Map(PRIORITY, by="severity")),
        "services": Key("the services it weighs by themselves", named("services.*")),
        "matrix": Key("which facts qualify for which priority", Table("matrix")),
        "clocks": Key("what is promised", named("clocks.*")),
        "raises": Key("rules that raise a priority by themselves", named("raises.*")),
        "ladders": Key("who is asked next", named("ladders.*")),
        "stages": Key("the stages of the work, in their order", named("stages.*")),
        "raci": Key("who does what, who answers for it, who is asked and told", named("raci.*")),
        "approvals": Key("what needs somebody's approval", named("approvals.*")),
        "decisions": Key("what is decided by whom, and who is asked", named("decisions.*")),
        "closing": Key("what has to be on record before it ends", Map(Table("closing.*"), Name(("kinds of record",)))),
        "reviews": Key("which tickets are reviewed, by when and how deep", Table("reviews")),
        "rating": Key("what the client is asked when it is over", Table("rating")),
        "credits": Key("what a broken guarantee costs us", Table("credits")),
        "uptime": Key("how long services are promised to be up", Table("uptime")),
        "documentation": Key("what makes a ticket well documented", Table("documentation")),
        "pay": Key("what being on call is paid", Table("pay")),
        "drills": Key("how often it is rehearsed", Table("drills")),
        "rules": must("what else was agreed", Table("rules")),
        "messages": Key("the texts", named("messages.*")),
    },
    **_PROMISED,
    **PRACTICE,
    **_RULES,
    **_AGREED,
}
