"""Is it read as it is meant who does what, who decides, what closing needs, and what things are worth?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import count

import pytest

from tests.core.standards import SMALL
from tests.core.test_policy import HOURS, said, terms
from tocsin.core.duration import Duration
from tocsin.core.hours import Calendar
from tocsin.core.policy import load
from tocsin.core.practice import (
    Activity,
    Credits,
    Decision,
    Drills,
    Overtime,
    Pay,
    PayRule,
    Practice,
    Rate,
    Rating,
    Review,
    Uptime,
)

MORE = """\
[raci.call]
title = "Call the client"
responsible = ["L1", "duty"]
accountable = "boss"
consulted = ["L2"]
informed = ["contact"]

[decisions.purchase]
title = "Purchase"
examples = ["A new firewall"]
to = "boss"
asks = "contact"
waits = "client"

[closing.incident]
needs = ["cause", "actions", "verification"]
[closing.request]
needs = ["verification"]

[reviews]
priorities.P1 = { within = "5bd" }
priorities.P2 = { within = "240h on always", depth = "short" }

[rating]
question = "How did we do?"
scale = 5
asked_after = "1h on support"

[credits]
cap = "20%"
response = { P1 = "5%" }
resolution = { P1 = "10%", P2 = "2.5%" }
uptime = "15%"

[uptime]
percent = "99.9"
period = "month"
kind = "guarantee"
includes = ["Servers"]
exclusions = ["The provider's line"]
applies_after = "720h"

[documentation]
weights = { cause = 40, actions = 35, verification = 25 }

[pay]
currency = "AUD"
time_in_lieu = true
[pay.standby]
ordinary = "4.50"
holiday = "10%"
source = "Agreement of 2025, clause 7"
as_of = "2026-07-01"
[pay.call_in]
ordinary = "150%"
weekend = "200%"
minimum = "3h"
by_phone = "1h"
source = "Award, clause 21"
as_of = "2026-07-01"
[pay.overtime]
limit = "38h"
rate = "150%"
source = "Award, clause 20"
as_of = "2026-07-01"

[drills]
every = "quarter"
announced = false
"""
GUARANTEED = SMALL.replace("[clocks.response]\n", '[clocks.response]\nkind = "guarantee"\n').replace(
    "[clocks.resolution]\n", '[clocks.resolution]\nkind = "guarantee"\n'
)
GOOD = GUARANTEED + MORE
ALWAYS = Calendar.always("Australia/Sydney")


def but(*changes: tuple[str, str]) -> str:
    more = MORE
    for old, new in changes:
        assert old in more, old
        more = more.replace(old, new, 1)
    return GUARANTEED + more


def test_who_does_what_and_who_decides():
    practice = terms(GOOD).practice

    assert practice.raci == {"call": Activity("call", "Call the client", ("L1", "duty"), "boss", ("L2",), ("contact",))}
    assert practice.decisions == {
        "purchase": Decision("purchase", "Purchase", "boss", ("A new firewall",), "contact", "client")
    }


def test_what_comes_at_the_end_of_a_ticket():
    practice = terms(GOOD).practice

    assert practice.closing == {"incident": ("cause", "actions", "verification"), "request": ("verification",)}
    assert practice.reviews == {
        "P1": Review((Duration(5, "bd"), HOURS), "full"),
        "P2": Review((Duration(240, "h"), ALWAYS), "short"),
    }
    assert practice.rating == Rating("How did we do?", 5, (Duration(1, "h"), HOURS))
    assert practice.documentation == {"cause": 40, "actions": 35, "verification": 25}


def test_what_guarantees_cost_and_how_long_services_are_up():
    practice = terms(GOOD).practice

    by_clock = {"response": {"P1": Decimal(5)}, "resolution": {"P1": Decimal(10), "P2": Decimal("2.5")}}
    assert practice.credits == Credits(Decimal(20), by_clock, Decimal(15))
    assert practice.uptime == Uptime(
        Decimal("99.9"), "month", "guarantee", ("Servers",), ("The provider's line",), (Duration(720, "h"), ALWAYS)
    )


def test_what_being_on_call_is_paid_by_which_rule_seen_when():
    seen = date(2026, 7, 1)
    amount, half_more, double = Rate(Decimal("4.50")), Rate(Decimal(150), True), Rate(Decimal(200), True)

    assert terms(GOOD).practice.pay == Pay(
        "AUD",
        PayRule(amount, amount, Rate(Decimal(10), True), "Agreement of 2025, clause 7", seen),
        PayRule(half_more, double, double, "Award, clause 21", seen, Duration(3, "h"), Duration(1, "h")),
        Overtime(Duration(38, "h"), half_more, "Award, clause 20", seen),
        True,
    )
    assert terms(GOOD).practice.drills == Drills("quarter", False)


def test_what_is_left_out_has_what_the_page_says():
    practice = terms(but(('asked_after = "1h on support"\n', ""), ("announced = false\n", ""))).practice

    assert practice.rating == Rating("How did we do?", 5, (Duration(0, "m"), ALWAYS))
    assert practice.drills == Drills("quarter", True)
    levels, empty = load(SMALL).levels, Practice()
    assert terms(SMALL).practice == Practice(levels=levels)
    assert (empty.rating, empty.pay, empty.documentation) == (None, None, {})


GUARANTEE = "only a guarantee earns a credit, so leave it out, or guarantee it."


@pytest.mark.parametrize(
    ("old", "new", "key", "sentence"),
    [
        ('responsible = ["L1", "duty"]', "responsible = []", "raci.call",
         "Nobody does this: give responsible at least one role or level."),
        ('accountable = "boss"', 'accountable = ["boss", "duty"]', "raci.call.accountable",
         "This is a list, not a text in quotes."),
        ('accountable = "boss"\n', "", "raci.call", "The key 'accountable' is missing."),
        ('accountable = "boss"', 'accountable = "bos"', "raci.call.accountable",
         "'bos' is no role or level: did you mean 'boss'?"),
        ('informed = ["contact"]', 'informed = ["contact", "L2"]', "raci.call.informed[2]",
         "'L2' is consulted already: say it once."),
        ('consulted = ["L2"]', 'consulted = ["boss"]', "raci.call.consulted[1]",
         "'boss' is accountable already: say it once."),
        ('to = "boss"', 'to = "contact"', "decisions.purchase.to",
         "'contact' is no role of the staff or level: it is one of boss, duty, L1, L2."),
        ('asks = "contact"', 'asks = "boss"', "decisions.purchase.asks",
         "'boss' is no role of the client: it is one of contact."),
        ('waits = "client"', 'waits = "cliant"', "decisions.purchase.waits",
         "'cliant' is no wait: did you mean 'client'?"),
        ("[closing.request]", "[closing.requst]", "closing.requst",
         "'requst' is no kind of record: did you mean 'request'?"),
        ('needs = ["verification"]', 'needs = ["cause"]', "closing.request.needs",
         "Nothing ends without its verification: add it to needs."),
        ('needs = ["verification"]', 'needs = ["verification", "causes"]', "closing.request.needs[2]",
         "'causes' is no need: did you mean 'cause'?"),
        ('priorities.P1 = { within = "5bd" }', 'priorities.P3 = { within = "5bd" }', "reviews.priorities.P3",
         "The priority 'P3' is not declared: it is one of P1, P2."),
        ('within = "5bd"', 'within = "5d"', "reviews.priorities.P1.within",
         "5d could mean days or business days: write 120h for days round the clock, or 5bd for business days."),
        ('depth = "short"', 'depth = "shrt"', "reviews.priorities.P2.depth",
         "'shrt' is no depth: did you mean 'short'?"),
        ("scale = 5", "scale = 1", "rating.scale", "1 will not do: it is a whole number from 2 to 10."),
        ("scale = 5", 'scale = "5"', "rating.scale", "This is a text, not a whole number."),
        ('question = "How did we do?"\n', "", "rating", "The key 'question' is missing."),
        ('asked_after = "1h on support"', 'asked_after = "1h on suport"', "rating.asked_after",
         "The calendar 'suport' is not declared: did you mean 'support'?"),
        ('cap = "20%"', 'cap = "20"', "credits.cap",
         "'20' is no percentage: write a number and %, such as 5% or 2.5%."),
        ('cap = "20%"', "cap = 20", "credits.cap", "This is a number, not a text in quotes."),
        ('cap = "20%"', 'cap = "120%"', "credits.cap", "120% will not do: it is above 0%, and at most 100%."),
        ('P2 = "2.5%"', 'P2 = "25%"', "credits.resolution.P2", "25% is more than the cap of 20%."),
        ('P2 = "2.5%"', 'P5 = "2.5%"', "credits.resolution.P5",
         "The priority 'P5' is not declared: it is one of P1, P2."),
        ('kind = "guarantee"\nincludes', "includes", "credits.uptime", f"No uptime is guaranteed: {GUARANTEE}"),
        ('percent = "99.9"', "percent = 99.9", "uptime.percent",
         "This is a number with a fraction, not a text in quotes."),
        ('percent = "99.9"', 'percent = "99,9"', "uptime.percent",
         "'99,9' is no number: write a number in quotes, such as \"99.9\"."),
        ('percent = "99.9"', 'percent = "101"', "uptime.percent", "101 will not do: it is above 0, and at most 100."),
        ('period = "month"', 'period = "monthly"', "uptime.period",
         "'monthly' is no period: did you mean 'month'?"),
        ('applies_after = "720h"', 'applies_after = "30d"', "uptime.applies_after",
         "30d could mean days or business days: write 720h for days round the clock, or 30bd for business days."),
        ("verification = 25 }", "verification = 20 }", "documentation.weights",
         "They come to 95: together they are 100."),
        ("cause = 40", "causes = 40", "documentation.weights.causes", "'causes' is not scored: did you mean 'cause'?"),
        ("cause = 40", "cause = 140", "documentation.weights.cause",
         "140 will not do: it is a whole number from 0 to 100."),
        ('currency = "AUD"', 'currency = "$"', "pay.currency",
         "'$' is no currency: write its three letters, such as AUD."),
        ('ordinary = "4.50"', 'ordinary = "4,50"', "pay.standby.ordinary",
         "'4,50' is no rate: write an amount an hour, such as 4.50, "
         "or a percentage of an ordinary hour, such as 150%."),
        ('source = "Award, clause 20"\n', "", "pay.overtime", "The key 'source' is missing."),
        ('as_of = "2026-07-01"', 'as_of = "July"', "pay.standby.as_of",
         "'July' is no date: write year, month and day, such as 2026-07-01."),
        ('limit = "38h"', 'limit = "5bd"', "pay.overtime.limit",
         "5bd counts business days, and work is paid by the hour: write hours, such as 38h."),
        ('limit = "38h"', 'limit = "38"', "pay.overtime.limit",
         "'38' is no duration: write a whole number and its unit, such as 90s, 15m, 4h or 5bd."),
        ('minimum = "3h"', 'minimum = "0h"', "pay.call_in.minimum", "0h is no time: write more, or leave the key out."),
        ('by_phone = "1h"', 'by_phone = "4h"', "pay.call_in.by_phone", "4h by phone is more than the minimum of 3h."),
        ('every = "quarter"', 'every = "quarterly"', "drills.every",
         "'quarterly' is no rhythm: did you mean 'quarter'?"),
        ("announced = false", "announced = 0", "drills.announced", "This is a number, not true or false."),
    ],
    ids=map(str, count(1)),
)  # fmt: skip
def test_a_mistake_is_named_by_line_and_key(old, new, key, sentence):
    text = but((old, new))

    mistakes = said(text)

    assert [mistake.split(": ", 1)[1] for mistake in mistakes] == [f"{key}: {sentence}"]
    if new and "[" not in key and new.split(" = ")[0].split("\n")[0].strip("{ ") in key:
        line = text[: text.rindex(new)].count("\n") + 1
        assert mistakes[0].startswith(f"small.toml:{line}: ")


def test_a_clock_that_only_aims_earns_no_credit():
    mistakes = said(SMALL + MORE)

    assert [mistake.split(": ", 1)[1] for mistake in mistakes] == [
        f"credits.response: response is a target: {GUARANTEE}",
        f"credits.resolution: resolution is a target: {GUARANTEE}",
    ]


def test_pay_that_pays_nothing_is_left_out():
    mistakes = said(SMALL + '[pay]\ncurrency = "AUD"\n[reviews]\n')

    assert [mistake.split(": ", 1)[1] for mistake in mistakes] == [
        "pay: Nothing is paid: give standby, call_in or overtime, or leave the section out.",
        "reviews: No priority is reviewed: give one, such as priorities.P1, or leave the section out.",
    ]
