"""Which words does a standard know for how the work is done, and for what it costs?

Part of `core.keys`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tocsin.core.spec import Choice, Flag, Key, Map, Name, Number, Table, Text, Time, Words, must

NEEDS: Final[Mapping[str, str]] = {
    "cause": "the root cause, or the top suspicion",
    "actions": "what was done",
    "verification": "how it was checked that it works",
    "documentation": "the documentation was checked, and updated or linked",
}
DEPTHS: Final[Mapping[str, str]] = {
    "full": "a meeting: timeline, what happened and why, actions with owners",
    "short": "what happened and why, in writing",
}
SCORED: Final[Mapping[str, str]] = {
    "next_step": "a next step was kept current",
    "artifacts": "the stages left behind what they should",
    "cause": "the root cause is recorded",
    "actions": "what was done is recorded",
    "verification": "how it was checked is recorded",
    "handoffs": "every handoff was complete",
    "knowledge": "what was learned is linked",
}
PERIODS: Final = ("month", "year")
EVERY: Final = ("month", "quarter", "half-year", "year")
# Kinds of record that are there whether a standard gives them times of their own or not.
RECORDS: Final = ("incident", "request", "complaint", "drill")

ROLES: Final = Words(Name(("roles",)))
OURS: Final = Words(Name(("roles of the staff",)))
WORKERS: Final = Name(("roles", "levels"))
PERCENT: Final = Text("a percentage", r"[0-9]{1,3}(\.[0-9]{1,4})?%")
DATE: Final = Text("a date", r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
RATE: Final = Text("a rate", r"[0-9]{1,6}(\.[0-9]{1,4})?%?")
CREDIT: Final = Map(PERCENT, Name(("priorities", "kinds")), by="priority")
REVIEWS: Final = Map(Table("reviews.priorities.*"), Name(("priorities",)), 1, by="priority")
WEIGHTS: Final = Map(Number(0, 100), Choice(tuple(SCORED)), 1, by="what counts")
_SOURCED: Final[Mapping[str, Key]] = {
    "source": must("where the rule stands: an award, an agreement, a contract"),
    "as_of": must("the day on which it was looked up", DATE),
}
_RATES: Final[Mapping[str, Key]] = {
    "ordinary": must("the rate on ordinary days", RATE),
    "weekend": Key("at weekends; as on ordinary days unless said", RATE),
    "holiday": Key("on public holidays where the person lives; as at weekends unless said", RATE),
}

PRACTICE: Final[Mapping[str, Mapping[str, Key]]] = {
    "stages.*": {
        "title": must("what people call it"),
        "status": must("the word that the client reads meanwhile", Choice(of="words for clients")),
        "priorities": Key("the priorities that go through it", Words(Name(("priorities",)))),
        "entry": Key("what must be so before it begins", Words(Choice(of="facts"))),
        "artifacts": Key("what it leaves behind", Words(Choice(of="artifacts"))),
        "exit": Key("what must be so before it ends", Words(Choice(of="facts"))),
    },
    "raci.*": {
        "title": must("what people call it"),
        "responsible": must("who does it", Words(WORKERS, 1)),
        "accountable": must("who answers for it: exactly one", WORKERS),
        "consulted": Key("who is asked before", Words(WORKERS)),
        "informed": Key("who is told after", Words(WORKERS)),
    },
    "approvals.*": {
        "title": must("what people call it"),
        "when": must("what needs it", Words(least=1)),
        "by": must("the roles that may give it", Words(Name(("roles",)), 1)),
        "delegates": Key("the roles that may give it in their place", ROLES),
        "expires": Key("how long it may be asked for before it has to be asked for anew", Time()),
        "emergency_by": Key("the roles that may act before it is given", OURS),
        "emergency_for": Key("the priorities for which they may", Words(Name(("priorities",)))),
    },
    "decisions.*": {
        "title": must("what people call it"),
        "examples": Key("what it looks like", Words()),
        "to": must("who decides", Name(("roles of the staff", "levels"))),
        "asks": Key("who is asked at the client", Name(("roles of the client",))),
        "waits": Key("what the ticket waits for meanwhile", Name(("waits",))),
    },
    "closing.*": {"needs": must("what has to be on record", Words(Choice(tuple(NEEDS)), 1))},
    "reviews": {"priorities": must("the review of each priority", REVIEWS)},
    "reviews.priorities.*": {
        "within": must("how long after it was solved", Time()),
        "depth": Key("full or short", Choice(tuple(DEPTHS)), default="full"),
    },
    "rating": {
        "question": must("what is asked"),
        "scale": must("the best number; the worst is 1", Number(2, 10)),
        "asked_after": Key("how long after it was closed", Time(zero=True), default="0m"),
    },
    "credits": {
        "cap": must("the most of a month's fee that all of a month's credits come to", PERCENT),
        "response": Key("for a response that came too late, of the month's fee", CREDIT),
        "resolution": Key("for a solution that came too late", CREDIT),
        "uptime": Key("for a period whose uptime was missed", PERCENT),
    },
    "uptime": {
        "percent": must("how much of the time", Text("a number", r"[0-9]{1,3}(\.[0-9]{1,4})?")),
        "period": must("over which it is measured", Choice(PERIODS)),
        "kind": Key("target or guarantee", Choice(("target", "guarantee")), default="target"),
        "includes": Key("what is included", Words()),
        "exclusions": Key("what does not count as down", Words()),
        "applies_after": Key("how long after the contract began it applies", Time(zero=True), default="0h"),
    },
    "documentation": {
        "weights": must(
            "what counts how much; together 100", Map(Number(0, 100), Choice(tuple(SCORED)), 1, by="what counts")
        ),
    },
    "pay": {
        "currency": must("its three letters", Text("a currency", r"[A-Z]{3}")),
        "standby": Key("what is paid for being ready", Table("pay.standby")),
        "call_in": Key("what is paid for work", Table("pay.call_in")),
        "overtime": Key("what is paid above the week's limit", Table("pay.overtime")),
        "time_in_lieu": Key("whether time off may be taken instead", Flag(), default=False),
    },
    "pay.standby": {**_RATES, **_SOURCED},
    "pay.call_in": {
        **_RATES,
        "minimum": Key("the least that is paid for a call-in", Time(plain=True)),
        "by_phone": Key("the least where nobody had to travel; the same unless said", Time(plain=True)),
        **_SOURCED,
    },
    "pay.overtime": {
        "limit": must("hours a week from which it is flagged", Time(plain=True)),
        "rate": must("the rate above it", RATE),
        **_SOURCED,
    },
    "drills": {
        "every": must("how often", Choice(EVERY)),
        "announced": Key("whether people know beforehand", Flag(), default=True),
    },
}
