"""Does a message say exactly what its template and fields say, or fail before it is one?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.message import BadTemplate, MissingField, check, fields_of, render, subject


def test_every_placeholder_is_replaced():
    text = render("Ticket {number}: {summary}. {summary}!", {"number": 17, "summary": "Mail is down"})

    assert text == "Ticket 17: Mail is down. Mail is down!"


def test_a_field_the_message_lacks_is_named_before_it_is_a_mail():
    with pytest.raises(MissingField, match=r"needs \{next_update\}.*it has: summary\)") as error:
        render("{summary} {next_update}", {"summary": "Mail is down", "next_update": None})

    assert error.value.name == "next_update"


def test_a_blank_field_says_so_instead_of_saying_nothing():
    assert render("Cause: {cause}.", {"cause": " "}) == "Cause: not recorded."


def test_braces_in_a_value_are_not_evaluated():
    assert render("{summary}", {"summary": "{secret} {{x}} {0}", "secret": "s3cr3t"}) == "{secret} {{x}} {0}"


def test_doubled_braces_are_the_braces_themselves():
    assert render("{{name}} is {name}", {"name": "Ann"}) == "{name} is Ann"
    assert fields_of("{{name}}") == ()


@pytest.mark.parametrize(
    ("template", "where"),
    [
        ("a {", "line 1, column 3"),
        ("a\nb }", "line 2, column 3"),
        ("{}", "column 1"),
        ("{0}", "column 1"),
        ("{a.b}", "column 1"),
        ("{a[0]}", "column 1"),
        ("{a!r}", "column 1"),
        ("{a:>5}", "column 1"),
        ("{Name}", "column 1"),
        ("{ name }", "column 1"),
        ("{{{a.b}}}", "column 3"),
    ],
)
def test_anything_but_a_plain_name_is_refused_with_its_place(template, where):
    with pytest.raises(BadTemplate, match=where):
        render(template, {"a": "x", "name": "y"})


def test_fields_are_listed_once_in_order_of_appearance():
    assert fields_of("{b} {a}\n{b} {c_2}") == ("b", "a", "c_2")


def test_a_template_is_checked_when_it_is_loaded():
    check("{summary} {next_update}", known={"summary", "next_update"}, needed=["next_update"])

    with pytest.raises(BadTemplate, match=r"unknown field \{sumary\}; known are: summary"):
        check("{sumary}", known={"summary"})
    with pytest.raises(BadTemplate, match=r"must name \{next_update\}"):
        check("{summary}", known={"summary", "next_update"}, needed=["next_update"])


@given(st.text(), st.text())
def test_text_without_braces_around_a_value_stays_as_it_is(before, value):
    before = before.replace("{", "(").replace("}", ")")

    assert render(before + "{x}", {"x": value}) == before + (value.strip() or "not recorded")


@given(st.text("{}ab_ \n"))
def test_what_fields_of_accepts_renders_and_what_it_refuses_does_not(template):
    try:
        names = fields_of(template)
    except BadTemplate:
        with pytest.raises(BadTemplate):
            render(template, {"a": "1"})
    else:
        assert render(template, dict.fromkeys(names, "1")) == template.format_map(dict.fromkeys(names, "1"))


def test_the_subject_names_priority_client_summary_and_stage():
    outage = {"priority": "P1", "client": "Acme", "summary": "Mail is down"}

    assert subject(**outage, stage="outage") == "[P1] [Acme] - [Mail is down] - OUTAGE"
    assert subject(**outage, stage="update", number=2) == "[P1] [Acme] - [Mail is down] - UPDATE 2"
    assert subject(**outage, stage="resolved") == "[P1] [Acme] - [Mail is down] - RESOLVED"


def test_a_long_summary_is_cut_and_the_stage_is_not():
    line = subject(
        priority="P1", client="Acme\r\nBcc: x@evil.example", summary="word " * 200, stage="update", number=12
    )

    assert len(line) <= 250
    assert line.startswith("[P1] [Acme Bcc: x@evil.example] - [word word")
    assert line.endswith("…] - UPDATE 12")
    assert "\n" not in line and "\r" not in line


@pytest.mark.parametrize(("stage", "number"), [("update", 0), ("outage", 1), ("resolved", 3)])
def test_only_updates_are_counted(stage, number):
    with pytest.raises(ValueError, match="number"):
        subject(priority="P1", client="Acme", summary="Mail is down", stage=stage, number=number)
