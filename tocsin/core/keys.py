"""Which words does a standard's document know, and what does each mean?

docs/policy.md explains every one of them; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# Section → its keys. `*` stands for a name the document gives, `[]` for each element of an array of tables.
KEYS: Final[Mapping[str, Mapping[str, str]]] = {
    "": {
        "standard": "what the document is",
        "calendars": "calendars of its own, beside always and support",
        "priorities": "the priorities, the most severe first",
        "kinds": "kinds of ticket that have targets of their own",
        "roles": "who is told, asked or called",
        "levels": "who works on a ticket, the first first",
        "waits": "whom a ticket may wait for",
        "severities": "a monitor's severity, and the priority it opens",
        "services": "the services it weighs by themselves",
        "matrix": "which facts qualify for which priority",
        "clocks": "what is promised",
        "raises": "rules that raise a priority by themselves",
        "ladders": "who is asked next",
        "stages": "the stages of the work, in their order",
        "approvals": "what needs somebody's approval",
        "rules": "what else was agreed",
        "messages": "the texts",
    },
    "standard": {
        "name": "its name",
        "title": "what people call it",
        "summary": "what it assumes",
        "texts": "the shipped texts that it uses where it writes none of its own",
    },
    "calendars.*": {
        "title": "what people call it",
        "zone": "client, or a time zone's name",
        "week": "the hours of each day",
        "closed": "dates on which it is closed",
        "replaced": "dates with hours of their own",
        "breaks": "dates with hours in which it is closed",
    },
    "priorities.*": {
        "title": "what people call it",
        "colour": "its colour, #rrggbb",
        "calendar": "the calendar its durations count on",
        "summary": "what it means, in a sentence",
        "criteria": "what qualifies",
        "examples": "what it looks like",
        "procedure": "what is done, step by step",
    },
    "kinds.*": {
        "title": "what people call it",
        "calendar": "the calendar its durations count on",
        "summary": "what it is, in a sentence",
        "examples": "what it looks like",
    },
    "roles.*": {"title": "what people call it", "side": "staff or client"},
    "levels.*": {
        "title": "what people call it",
        "duties": "what it does",
        "skills": "what it knows",
        "may": "what it may do without asking",
        "may_not": "what it may not",
        "approval": "the approval that an escalation to it needs",
        "decides": "whether it is where a decision is taken",
    },
    "waits.*": {
        "title": "what people call it",
        "ended_by_reply": "whether a client's reply ends it",
        "limit": "how long it may last",
    },
    "services.*": {
        "title": "what people call it",
        "weight": "how much it weighs, an answer to the input of weighed_by",
    },
    "matrix": {
        "otherwise": "the priority where nothing qualifies for another",
        "inputs": "what is asked",
        "criteria": "what qualifies, by priority",
        "tables": "a priority for each pair of answers to two inputs",
        "weighed_by": "the input that a service's weight answers",
    },
    "matrix.inputs.*": {
        "title": "what people call it",
        "question": "how it is asked",
        "scale": "its answers, the mildest first",
        "assumed": "the answer taken where nobody gave one",
        "beside": "whether it counts only beside another input",
    },
    "matrix.criteria.*[]": {
        "says": "what qualifies, in words",
        "all_of": "tests that must all hold",
        "any_of": "tests of which one must hold",
    },
    "matrix.tables.*": {"rows": "an input", "columns": "another", "cells": "the priorities of each row"},
    "clocks.*": {
        "title": "what people call it",
        "kind": "target or guarantee",
        "met_by": "what fulfils it",
        "repeats": "whether fulfilling it begins the next",
        "paused_by": "the waits that stop it",
        "on_raise": "what a raise does to it",
        "on_lower": "what a lowering does to it",
        "on_reopen": "what a reopening does to it",
        "targets": "how long, by priority",
        "thresholds": "what is done on the way",
    },
    "clocks.*.thresholds[]": {
        "percent": "of the time allowed",
        "tell": "the role that hears of it",
        "escalate": "the level that gets it",
    },
    "raises.*": {"from": "the priority it has", "to": "the priority it gets", "after": "how long it had it"},
    "ladders.*": {
        "counts_from": "incident or level",
        "paused_by": "the waits that hold it",
        "until_acknowledged": "whether an acknowledgement ends it",
        "owner": "the role told when it has run out",
        "steps": "its steps, in the order in which they are climbed",
    },
    "ladders.*.steps[]": {
        "name": "its name",
        "title": "what people call it",
        "to": "the role or level",
        "by": "the ways of telling",
        "after": "when, by priority",
        "act": "whether somebody must do something and record it",
        "within": "how long the act may take, or the last page is waited for, by priority",
        "accept": "how long to wait for acceptance, by priority",
        "message": "the text that is sent",
    },
    "stages.*": {
        "title": "what people call it",
        "status": "the word that the client reads meanwhile",
        "priorities": "the priorities that go through it",
        "entry": "what must be so before it begins",
        "artifacts": "what it leaves behind",
        "exit": "what must be so before it ends",
    },
    "approvals.*": {
        "title": "what people call it",
        "when": "what needs it",
        "by": "the roles that may give it",
        "delegates": "the roles that may give it in their place",
        "expires": "how long it may be asked for before nobody can give it any more",
        "emergency_by": "the roles that may act before it is given",
        "emergency_for": "the priorities for which they may",
    },
    "rules": {
        "default_priority": "what a ticket has until somebody decides",
        "first_level": "who has it when it is opened",
        "solved_period": "how long a solved ticket stays open to contradiction",
        "lowering_needs_approval_at": "percent of the resolution clock from which lowering needs approval",
        "backdating_within": "how far back anybody of the staff may date an act",
        "backdating_by": "the roles that may date further back, and approve corrections",
        "acknowledgement_lasts": "how long an acknowledged page stays quiet without an act, by priority",
        "update_misses_told": "the roles told of the first and second silence",
        "line_stops_when": "the conditions of which one is enough to stop the line",
        "bridge": "the link or number where they talk when the line is stopped, unless somebody says another",
    },
    "overrides": {
        "targets": "a client's own targets, by clock and priority",
        "matrix": "what else qualifies with this client",
        "services": "those of its services",
        "line_stopped_by": "the client's roles that may stop the line, beside our own people",
    },
    "overrides.services.*": {
        "targets": "a service's own targets, by clock and priority",
        "matrix": "what else qualifies where it is hit",
    },
    "overrides.matrix": {
        "assumed": "the answers taken where nobody gave one",
        "criteria": "what qualifies besides, by priority",
        "starts_on": "the first day on which it counts",
        "ends_on": "the last",
    },
    "messages.*": {
        "audience": "staff or client",
        "stage": "outage, update or resolved, for clients",
        "subject": "its subject",
        "body": "its text",
    },
}

# What meets a clock; what tells a person.
DEEDS: Final = ("responded", "updated", "solved")
WAYS: Final[Mapping[str, str]] = {
    "page": "it wakes: every way the person has set for pages, in their order",
    "email": "a mail",
    "phone": "a call by one of our people, who records its result",
}
