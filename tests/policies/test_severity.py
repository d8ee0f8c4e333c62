"""Does field-guide find the priority that its criteria and examples name?"""

from __future__ import annotations

from pathlib import Path

import pytest

from tocsin.core.matrix import Answer, Matrix
from tocsin.core.policy import OFFICE, load

FILE = Path(__file__).parents[2] / "tocsin" / "policies" / "field-guide.toml"
POLICY = load(FILE.read_text(), name=FILE.name)

WHOLE_BUSINESS = {"users": "all", "impact": "down"}
A_BREACH = {"security": "active"}
ONE, A_FEW = {"users": "one", "impact": "minor"}, {"users": "a-few", "impact": "minor"}


def matrix(service: str | None = None, **agreed: object) -> Matrix:
    found = POLICY.terms(hours=OFFICE, service=service, overrides=agreed).matrix
    assert found is not None
    return found


def ask(**facts: str) -> Answer:
    return matrix().ask(facts)


CRITERIA = [
    ("P1", "The whole business is down: nobody can work", WHOLE_BUSINESS),
    ("P1", "Core infrastructure is down: mail, directory or file server", {"service": "core", "impact": "down"}),
    ("P1", "A security breach or an attack that is going on", A_BREACH),
    ("P1", "Data is being lost, or has been", {"data": "internal"}),
    ("P1", "A system that the law or a regulator requires has failed", {"regulation": "reportable"}),
    ("P2", "A major function of the business is impaired", {"impact": "major"}),
    ("P2", "More than a fifth of the users are hit", {"users": "many"}),
    ("P2", "There is no workaround for what is hit", {"workaround": "none", "users": "a-few", "urgency": "now"}),
    ("P2", "A critical system still runs, but badly", {"service": "critical", "impact": "minor"}),
    ("P3", "One user or a small group is hit", ONE),
    ("P3", "One user or a small group is hit", A_FEW),
    ("P3", "A workaround exists", {"workaround": "exists"}),
    ("P3", "The system hit is not critical", {"service": "ordinary"}),
    ("P3", "A convenience is impaired", {"impact": "minor"}),
    ("P4", "It is cosmetic", {"impact": "none"}),
    ("P4", "A feature or a piece of advice is asked for", {"impact": "none", "urgency": "today"}),
    ("P4", "It is scheduled maintenance", {"impact": "none", "users": "all"}),
]
EXAMPLES = [
    ("P1", "Ransomware is spreading", A_BREACH),
    ("P1", "The primary domain controller is offline", {"service": "core", "impact": "down"}),
    ("P1", "The office has lost its internet connection", WHOLE_BUSINESS),
    ("P1", "The financial system has been compromised", A_BREACH),
    ("P2", "Mail arrives late", {"service": "core", "impact": "minor"}),
    ("P2", "The CRM is slow or cannot be reached", {"impact": "major"}),
    ("P2", "All printers of an office are down", {"users": "many"}),
    ("P2", "The VPN fails for people who work remotely", {"users": "many", "workaround": "none"}),
    ("P3", "One user cannot print", ONE),
    ("P3", "One mailbox does not synchronise", ONE),
    ("P3", "A minor application is slow", {**A_FEW, "service": "minor"}),
    ("P3", "Something on a mobile device", ONE),
    ("P4", "A change to some software", {"impact": "none"}),
    ("P4", "A password reset", {**ONE, "urgency": "can-wait"}),
    ("P4", "A new user who starts another day", {"impact": "none", "urgency": "can-wait"}),
    ("P4", "A page of documentation to be brought up to date", {"impact": "none"}),
]


@pytest.mark.parametrize(("priority", "words", "facts"), [*CRITERIA, *EXAMPLES])
def test_what_qualifies_and_what_it_looks_like_has_its_priority(priority, words, facts):
    assert matrix().ask(facts).priority == priority


def test_every_criterion_and_example_of_the_document_is_among_them():
    said = {(each.name, words) for each in POLICY.priorities for words in each.criteria}
    looks_like = {(each.name, words) for each in POLICY.priorities for words in each.examples}

    assert {(priority, words) for priority, words, _ in CRITERIA} == said
    assert {(priority, words) for priority, words, _ in EXAMPLES} == looks_like


@pytest.mark.parametrize("priority", ["P1", "P2"])
def test_each_criterion_of_the_upper_two_is_a_test_of_the_matrix_in_the_same_words(priority):
    described = next(each for each in POLICY.priorities if each.name == priority)

    assert [each.says for each in matrix().criteria if each.priority == priority] == list(described.criteria)


def test_what_nobody_knows_anything_of_has_the_standards_default():
    assert ask().priority == POLICY.terms(hours=OFFICE).default_priority


def test_one_user_with_a_technically_hard_fault_is_low():
    """How hard it is is asked nowhere; who is hit, and when they need it, decides."""
    assert ask(users="one", impact="minor", workaround="exists", urgency="can-wait").priority == "P4"
    assert not {"difficulty", "skill", "effort", "level"} & set(matrix().inputs)


def test_one_user_without_a_workaround_is_still_medium():
    assert ask(users="one", workaround="none").priority == "P3"
    assert ask(users="one", workaround="none", urgency="now").priority == "P3"


def test_a_simple_fault_that_stops_two_hundred_users_is_critical():
    """They are all there are: a switch was unplugged, and the business stands still."""
    assert ask(users="all", impact="down", workaround="none").priority == "P1"


def test_a_forgotten_password_for_a_minor_system_ranks_below_a_server_that_crashes_as_the_day_begins():
    password = ask(users="one", impact="minor", service="minor", urgency="can-wait")
    server = ask(users="many", impact="down", service="core", urgency="now")

    assert (password.priority, server.priority) == ("P4", "P1")


def test_a_customer_facing_trading_system_is_critical_where_that_was_agreed():
    agreed = {
        "services": {"trading": {"matrix": {"starts_on": "2026-01-01", "criteria": {"P1": [{"impact": "major"}]}}}}
    }

    assert matrix("trading", **agreed).ask({"impact": "major"}).priority == "P1"
    assert matrix("wiki", **agreed).ask({"impact": "major"}).priority == "P2"


def test_an_internal_research_tool_is_high_or_medium_by_how_many_depend_on_it_and_whether_there_is_a_way_round():
    tool = matrix("research", services={"research": {"matrix": {"assumed": {"service": "ordinary"}}}})

    assert tool.ask({"users": "many"}).priority == "P2"
    assert tool.ask({"users": "a-few", "urgency": "now", "workaround": "none"}).priority == "P2"
    assert tool.ask({"users": "a-few", "urgency": "now", "workaround": "exists"}).priority == "P3"
