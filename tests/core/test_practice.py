"""Is it read as it is meant how a standard has the work done: kinds, levels, waits, services, stages, approvals?"""

from __future__ import annotations

from itertools import count

import pytest

from tests.core.standards import SMALL, broken, line_of
from tests.core.test_policy import said, terms
from tocsin.core.duration import Duration
from tocsin.core.hours import Calendar
from tocsin.core.policy import Approval, Kind, Level, Service, Stage, load
from tocsin.core.terms import Wait

FULL = """\
[kinds.wish]
title = "Wish"
calendar = "support"
summary = "Something that somebody would like"
examples = ["A second screen"]

[services.mail]
title = "Mail"
weight = "core"
[services.fax]
title = "Fax"

[matrix]
otherwise = "P2"
weighed_by = "service"
[matrix.inputs.service]
title = "what is hit"
scale = { ordinary = "an ordinary system", core = "the core" }
assumed = "ordinary"
[matrix.inputs.users]
title = "users"
scale = { one = "one", all = "all" }
assumed = "one"
[matrix.criteria]
P1 = [{ service = "core" }]

[stages.triage]
title = "Triage"
status = "investigating"
exit = ["prioritised", "owned"]
[stages.containment]
title = "Containment"
status = "identified"
priorities = ["P1"]
entry = ["approved"]
artifacts = ["log", "plan"]
[stages.recovery]
title = "Recovery"
status = "monitoring"

[approvals.change]
title = "Change in production"
when = ["A service is stopped", "Data is restored"]
by = ["boss"]
delegates = ["contact"]
expires = "2h"
emergency_by = ["duty"]
emergency_for = ["P1"]

[levels.L9]
title = "Board"
skills = ["Knows everybody"]
may = ["Spend money"]
may_not = ["Restart servers"]
approval = "change"
decides = true
"""
GOOD = SMALL + FULL


def but(*changes: tuple[str, str]) -> str:
    text = GOOD
    for old, new in changes:
        assert FULL.count(old) >= 1, old
        text = text[: len(SMALL)] + text[len(SMALL) :].replace(old, new, 1)
    return text


ALWAYS = Calendar.always("Australia/Sydney")


def test_a_kind_says_what_it_is_and_what_it_looks_like():
    assert load(GOOD).practice.kinds == {
        "wish": Kind("wish", "Wish", "support", "Something that somebody would like", ("A second screen",))
    }


def test_a_level_says_what_it_knows_what_it_may_and_where_a_decision_is_taken():
    levels = terms(GOOD).practice.levels

    assert levels["L1"] == Level("L1", "First line")
    assert levels["L9"] == Level(
        "L9", "Board", (), ("Knows everybody",), ("Spend money",), ("Restart servers",), "change", True
    )
    assert load(GOOD).levels == levels


def test_a_wait_may_have_a_limit_on_a_calendar_of_its_own():
    text = broken(('ended_by_reply = true }', 'ended_by_reply = true, limit = "10bd on support" }'))  # fmt: skip

    [wait] = terms(text).waits.values()

    assert (wait.limit[0], wait.longest) == (Duration(10, "bd"), "10bd on support hours")
    assert terms(text.replace(' on support" }', '" }').replace("10bd", "48h")).waits["client"] == Wait(
        "client", "Waiting for the client", True, (Duration(48, "h"), ALWAYS)
    )
    assert terms(SMALL).waits["client"].longest == ""


def test_the_weight_of_a_service_is_assumed_where_nobody_answered():
    mail, other = terms(GOOD, service="mail").matrix, terms(GOOD, service="fax").matrix

    assert load(GOOD).practice.services == {"mail": Service("mail", "Mail", "core"), "fax": Service("fax", "Fax")}
    assert mail.ask({}).priority == "P1"
    assert mail.ask({}).because == ("P1, because what is hit: the core (assumed, as the standard weighs Mail)",)
    assert mail.ask({"service": "ordinary"}).priority == other.ask({}).priority == "P2"


def test_what_a_contract_says_of_a_service_wins_over_its_weight():
    agreed = {"services": {"mail": {"matrix": {"assumed": {"service": "ordinary"}}}}}

    assert terms(GOOD, service="mail", overrides=agreed).matrix.assumed() == {"service": "ordinary", "users": "one"}
    assert terms(GOOD, service="mail").matrix.assumed() == {"service": "core", "users": "one"}


def test_stages_are_kept_in_their_order_with_their_gates():
    assert terms(GOOD).stages == (
        Stage("triage", "Triage", "investigating", exit=("prioritised", "owned")),
        Stage("containment", "Containment", "identified", ("P1",), ("approved",), ("log", "plan")),
        Stage("recovery", "Recovery", "monitoring"),
    )
    assert terms(SMALL).stages == ()


def test_an_approval_says_what_needs_it_who_gives_it_and_how_long():
    assert terms(GOOD).practice.approvals == {
        "change": Approval(
            "change",
            "Change in production",
            ("A service is stopped", "Data is restored"),
            ("boss",),
            ("contact",),
            (Duration(2, "h"), ALWAYS),
            ("duty",),
            ("P1",),
        )
    }


@pytest.mark.parametrize(
    ("old", "new", "key", "sentence"),
    [
        ('examples = ["A second', 'examples = [1, "A second', "kinds.wish.examples[1]",
         "This is a number, not a text in quotes."),
        ('weight = "core"', 'weight = "cor"', "services.mail.weight",
         "'cor' is no answer to service: did you mean 'core'?"),
        ('weighed_by = "service"', 'weighed_by = "servce"', "matrix.weighed_by",
         "'servce' is no input: did you mean 'service'?"),
        ('weighed_by = "service"\n', "", "services.mail.weight",
         "A weight answers an input of the matrix: say which in matrix.weighed_by."),
        ('status = "identified"', 'status = "found"', "stages.containment.status",
         "'found' is no status: it is one of investigating, identified, monitoring, resolved."),
        ('status = "monitoring"', 'status = "investigating"', "stages.recovery.status",
         "investigating comes before identified, and containment says that already."),
        ('priorities = ["P1"]', 'priorities = ["P3"]', "stages.containment.priorities[1]",
         "'P3' is no priority: it is one of P1, P2."),
        ('entry = ["approved"]', 'entry = ["aproved"]', "stages.containment.entry[1]",
         "'aproved' is no fact: did you mean 'approved'?"),
        ('["log", "plan"]', '["log", "plans"]', "stages.containment.artifacts[2]",
         "'plans' is no artifact: did you mean 'plan'?"),
        ('exit = ["prioritised", "owned"]', 'exit = ["prioritised", "owend"]', "stages.triage.exit[2]",
         "'owend' is no fact: did you mean 'owned'?"),
        ('by = ["boss"]', 'by = ["bos"]', "approvals.change.by[1]", "'bos' is no role: did you mean 'boss'?"),
        ('by = ["boss"]', "by = []", "approvals.change", "Nobody may give this approval: give by at least one role."),
        ('when = ["A service is stopped", "Data is restored"]', "when = []", "approvals.change",
         "Nothing needs this approval: give when at least one thing that does."),
        ('delegates = ["contact"]', 'delegates = ["boss"]', "approvals.change.delegates[1]",
         "'boss' stands in by, too: say it once."),
        ('expires = "2h"', 'expires = "2d"', "approvals.change.expires",
         "2d could mean days or business days: write 48h for days round the clock, or 2bd for business days."),
        ('expires = "2h"', 'expires = "0h"', "approvals.change.expires",
         "The time until it expires is above zero, and this is 0h."),
        ('emergency_by = ["duty"]', 'emergency_by = ["contact"]', "approvals.change.emergency_by[1]",
         "'contact' is no role of the staff: it is one of boss, duty."),
        ('emergency_for = ["P1"]\n', "", "approvals.change.emergency_by",
         "An emergency is one of some priorities: say of which in emergency_for."),
        ('emergency_by = ["duty"]\n', "", "approvals.change.emergency_for",
         "Somebody acts in an emergency: say who in emergency_by."),
        ('approval = "change"', 'approval = "chnge"', "levels.L9.approval",
         "'chnge' is no approval: did you mean 'change'?"),
        ('may_not = ["Restart servers"]', 'may_not = ["Spend money"]', "levels.L9.may_not[1]",
         "'Spend money' stands in may, too: say it once."),
        ("decides = true", "decides = 1", "levels.L9.decides", "This is a number, not true or false."),
    ],
    ids=map(str, count(1)),
)  # fmt: skip
def test_a_mistake_is_named_by_file_line_and_key(old, new, key, sentence):
    mistakes = said(but((old, new)))

    assert any(mistake.endswith(f": {key}: {sentence}") for mistake in mistakes), mistakes
    lines = [int(mistake.split(":")[1]) for mistake in mistakes if mistake.endswith(f": {key}: {sentence}")]
    if new and "[]" not in new:
        text = but((old, new))
        assert lines == [text[: text.rindex(new)].count("\n") + 1]


def test_two_levels_do_not_both_decide():
    text = GOOD.replace('L1 = { title = "First line" }', 'L1 = { title = "First line", decides = true }')

    assert [mistake.partition(": ")[2] for mistake in said(text)] == [
        "levels.L9.decides: L1 decides already: a standard has one level where a decision is taken."
    ]


def test_a_wait_is_not_limited_to_nothing():
    text = broken(("ended_by_reply = true }", 'ended_by_reply = true, limit = "0h" }'))

    assert said(text) == [
        f"small.toml:{line_of(text, 'limit =')}: waits.client.limit: A limit is above zero, and this is 0h."
    ]
