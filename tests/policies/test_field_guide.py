"""Does the preset field-guide promise what its page says?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tocsin.core.event import Opened, Updated
from tocsin.core.hours import Calendar
from tocsin.core.plan import due
from tocsin.core.policy import Policy, Terms, lint, load
from tocsin.core.wording import WANTED

ROOT = Path(__file__).parents[2]
FILE = ROOT / "tocsin" / "policies" / "field-guide.toml"
HOURS = Calendar("Australia/Sydney", {day: [("08:00", "18:00")] for day in ("mon", "tue", "wed", "thu", "fri")})
MON_9AM = datetime(2026, 11, 15, 22, tzinfo=UTC)


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load(FILE.read_text(), name=FILE.name)


@pytest.fixture(scope="module")
def terms(policy: Policy) -> Terms:
    return policy.terms(hours=HOURS)


def targets(terms: Terms, clock: str) -> dict[str, str]:
    """priority → target and calendar, as people say it"""
    found = terms.clocks[clock].targets
    return {
        priority: "none" if target is None else f"{target[0]} {'24×7' if target[1].is_always else 'support'}"
        for priority, target in found.items()
        if priority != "complaint"
    }


def climb(terms: Terms, ladder: str, priority: str) -> list[str]:
    """step and offset, for one priority"""
    return [f"{s.name} {s.after[priority][0]}" for s in terms.ladders[ladder].steps if priority in s.after]


def test_it_has_four_priorities_and_each_says_what_qualifies_and_what_it_looks_like(policy):
    assert [(p.name, p.title) for p in policy.priorities] == [
        ("P1", "Critical"),
        ("P2", "High"),
        ("P3", "Medium"),
        ("P4", "Low"),
    ]
    for priority in policy.priorities:
        assert len(priority.criteria) >= 3
        assert len(priority.examples) >= 4
        assert priority.procedure
        assert priority.summary


def test_response_resolution_client_and_updates_are_promised_as_written(terms):
    assert targets(terms, "response") == {"P1": "15m 24×7", "P2": "30m 24×7", "P3": "2h support", "P4": "8h support"}
    assert targets(terms, "resolution") == {"P1": "4h 24×7", "P2": "8h 24×7", "P3": "24h support", "P4": "5bd support"}
    assert targets(terms, "client_notified") == {"P1": "15m 24×7", "P2": "30m 24×7", "P3": "2h support", "P4": "none"}
    assert targets(terms, "next_update") == {"P1": "30m 24×7", "P2": "2h 24×7", "P3": "none", "P4": "none"}


def test_resolution_is_a_guarantee_and_only_waiting_for_the_client_stops_it(terms):
    resolution = terms.clocks["resolution"]

    assert resolution.kind == "guarantee"
    assert resolution.paused_by == {"client"}
    assert terms.clocks["next_update"].paused_by == {"client"}
    assert terms.clocks["response"].paused_by == frozenset()
    assert (resolution.on_raise, resolution.on_lower, resolution.on_reopen) == ("earlier_of", "recalculate", "continue")


def test_at_half_three_quarters_and_nine_tenths_somebody_is_told(terms):
    asked = [(t.percent, t.tell, t.escalate) for t in terms.thresholds if t.clock == "resolution"]

    assert asked == [
        (50, "owner", None),
        (75, "owner", "L3"),
        (90, "service-delivery-manager", None),
        (100, "service-desk-manager", None),
    ]


def test_the_comms_lead_is_warned_when_a_fifth_of_the_interval_is_left(terms):
    warning = terms.threshold("next_update", 80)

    assert warning is not None
    assert warning.tell == "comms-lead"
    assert terms.clocks["next_update"].thresholds == (80,)


def test_each_level_has_its_time(terms):
    assert climb(terms, "functional", "P1") == ["L2 30m", "L3 2h", "management 1bd"]
    assert climb(terms, "functional", "P2") == ["L2 30m", "L3 2h", "management 1bd"]
    assert climb(terms, "functional", "P3") == ["L2 2h", "L3 2h", "management 1bd"]
    assert climb(terms, "functional", "P4") == []


def test_management_is_told_on_the_way(terms):
    assert climb(terms, "management", "P1") == [
        "team-lead 15m",
        "service-delivery-manager 30m",
        "operations-manager 1h",
        "director 2h",
        "executive-briefing 4h",
    ]
    assert climb(terms, "management", "P2") == ["service-delivery-manager 30m", "operations-manager 1h", "director 2h"]
    assert climb(terms, "management", "P3") == climb(terms, "management", "P4") == []


def test_the_client_is_told_upwards(terms):
    assert climb(terms, "client", "P1") == [
        "primary-contact 15m",
        "it-manager 30m",
        "executive-sponsor 1h",
        "leadership-briefing 2h",
    ]
    assert climb(terms, "client", "P2") == ["it-manager 30m"]
    assert terms.ladders["client"].step("primary-contact").by == ("email", "phone")


def test_calls_and_briefings_are_acts_to_be_recorded(terms):
    acts = [step.name for ladder in terms.ladders.values() for step in ladder.steps if step.act]

    assert acts == ["executive-briefing", "primary-contact", "leadership-briefing"]


def test_a_p1_is_paged_to_three_people_before_the_response_is_due(terms):
    assert climb(terms, "page", "P1") == ["primary 0m", "secondary 5m", "manager 10m"]
    assert terms.ladders["page"].until_acknowledged
    assert climb(terms, "page", "P2") == []


def test_a_complaint_climbs_a_business_day_a_step_and_never_waits(terms):
    assert climb(terms, "complaint", "complaint") == ["account-manager 0m", "head-of-accounts 1bd", "leadership 2bd"]
    assert terms.ladders["complaint"].paused_by == frozenset()
    assert "complaint" not in terms.priorities


def test_a_p2_becomes_p1_after_four_hours(terms):
    (rule,) = terms.raises

    assert (rule.name, rule.frm, rule.to, str(rule.after[0])) == ("P2-P1", "P2", "P1", "4h")


def test_every_text_the_desk_sends_is_there(terms):
    assert set(WANTED) <= set(terms.messages)
    assert all("{why}" in m.body for m in terms.messages.values() if m.audience == "staff")


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("outage", "severity status impact started_at assigned next_update_at actions"),
        ("update", "update_number status impact cause actions next_step eta next_update_at"),
        ("resolved", "resolved_at cause actions verification follow_up"),
    ],
)
def test_a_text_for_the_client_has_its_full_list_of_fields(terms, name, fields):
    body = terms.messages[name].body

    assert [field for field in fields.split() if f"{{{field}}}" not in body] == []


def test_subjects_for_the_client_say_priority_client_summary_and_stage(terms):
    assert terms.messages["outage"].subject == "[{priority}] [{client}] - [{title}] - OUTAGE"
    assert terms.messages["update"].subject == "[{priority}] [{client}] - [{title}] - UPDATE {update_number}"
    assert terms.messages["resolved"].subject == "[{priority}] [{client}] - [{title}] - RESOLVED"


def test_a_monitors_critical_opens_a_p1(terms):
    assert terms.severities == {"critical": "P1", "error": "P2", "warning": "P3", "info": "P4"}


def test_it_has_no_errors_and_the_warnings_its_page_explains(policy):
    findings = lint(policy, hours=HOURS)

    assert {finding.level for finding in findings} == {"warning"}
    page = (ROOT / "docs" / "presets.md").read_text()
    assert [finding.sentence for finding in findings if finding.sentence not in page] == []
    assert len(findings) == 2


def test_a_silent_p1_falls_due_on_every_ladder_and_clock(terms):
    story = [Opened(MON_9AM, priority="P1")]

    plan = due(story, terms, now=MON_9AM + timedelta(minutes=31))

    assert [(o.kind, o.subject, o.to) for o in plan.obligations if o.kind in ("step", "breach")] == [
        ("step", "page", "on-call-primary"),
        ("step", "page", "on-call-secondary"),
        ("step", "page", "on-call-manager"),
        ("breach", "response", ""),
        ("breach", "client_notified", ""),
        ("step", "management", "team-lead"),
        ("step", "client", "primary-contact"),
        ("breach", "next_update", "comms-lead"),
        ("step", "functional", "L2"),
        ("step", "management", "service-delivery-manager"),
        ("step", "client", "it-manager"),
    ]


def test_a_p4_climbs_nothing(terms):
    story = [Opened(MON_9AM, priority="P4")]

    plan = due(story, terms, now=MON_9AM + timedelta(days=14))

    assert [o.key for o in plan.obligations if o.kind == "step"] == []
    assert [o.subject for o in plan.obligations if o.kind == "breach"] == ["response", "resolution"]


def test_a_p3_is_owed_no_update_before_its_solution(terms):
    story = [Opened(MON_9AM, priority="P3"), Updated(MON_9AM + timedelta(minutes=5))]

    plan = due(story, terms, now=MON_9AM + timedelta(days=14))

    assert [o for o in plan.obligations if o.subject == "next_update"] == []
