"""Do the two other criteria sets find the priority that their criteria and examples name?"""

from __future__ import annotations

import pytest

from tocsin.core.policy import OFFICE
from tocsin.standard import presets

SEVERITIES = [
    # Two of three answers decide, whatever the third is.
    ("S1", "down, and many", {"function": "down", "users": "many", "impact": "normal"}),
    ("S1", "down, and immediate", {"function": "down", "users": "very-few", "impact": "immediate"}),
    ("S1", "many, and immediate", {"function": "small", "users": "many", "impact": "immediate"}),
    ("S2", "impaired, and a meaningful number", {"function": "impaired", "users": "meaningful", "impact": "normal"}),
    ("S2", "down, but few and bearable", {"function": "down", "users": "meaningful", "impact": "bearable"}),
    ("S2", "many, and substantial", {"function": "whole", "users": "many", "impact": "substantial"}),
    ("S3", "limited, and some", {"function": "limited", "users": "some", "impact": "normal"}),
    ("S3", "one person, whose system is down", {"function": "down", "users": "very-few", "impact": "bearable"}),
    ("S4", "limited, but very few with a workaround", {"function": "limited", "users": "very-few", "impact": "normal"}),
    ("S4", "small limits", {"function": "small", "users": "very-few", "impact": "normal"}),
    # What it looks like.
    ("S1", "The order system is down and the warehouse stands still", {"function": "down", "users": "many"}),
    ("S1", "The office has lost its internet connection", {"function": "down", "users": "many"}),
    ("S1", "E-mail is down for everybody", {"function": "down", "users": "many"}),
    ("S1", "Ransomware is spreading", {"function": "down", "impact": "immediate"}),
    ("S2", "The CRM is so slow that the sales team falls behind", {"function": "impaired", "impact": "substantial"}),
    ("S2", "Remote access fails for a department", {"function": "down", "users": "meaningful"}),
    ("S2", "Mail arrives hours late", {"function": "impaired", "users": "many"}),
    ("S3", "A report takes an hour instead of a minute", {"function": "limited", "users": "some"}),
    ("S3", "The disk of one workstation has failed", {"function": "down", "users": "very-few"}),
    ("S3", "One of several printers is down", {"users": "some"}),
    ("S4", "A label is cut off on one screen", {"function": "small", "impact": "normal"}),
    ("S4", "The password of a minor system is forgotten", {"function": "small", "impact": "normal"}),
    ("S4", "Scans go to the wrong folder, and can be moved", {"function": "small", "impact": "normal"}),
]
TIERS = [
    ("P1", "The internet connection or the network is out", {"service": "critical", "state": "out"}),
    ("P1", "E-mail is out for everybody", {"service": "critical", "state": "out"}),
    ("P1", "The line-of-business application is out", {"service": "critical", "state": "out", "workaround": "none"}),
    ("P2", "the same, with some workaround", {"service": "critical", "state": "out", "workaround": "exists"}),
    ("P2", "The disk of a workstation has failed", {"service": "single", "state": "out"}),
    ("P2", "A printer is down", {"service": "single", "state": "out", "workaround": "exists"}),
    ("P2", "The internet connection or the network is slow", {"service": "critical", "state": "degraded"}),
    ("P3", "A workstation is slow", {"service": "single", "state": "impaired"}),
    ("P3", "An application is to be installed or brought up to date", {"state": "works"}),
    ("P3", "A printer is to be set up", {"state": "works"}),
    ("P3", "Somebody needs more permissions", {"state": "works"}),
    ("P3", "something critical that hardly suffers", {"service": "critical", "state": "impaired"}),
]


@pytest.mark.parametrize(
    ("name", "priority", "facts"),
    [
        *(pytest.param("severity-tiers", priority, facts, id=says) for priority, says, facts in SEVERITIES),
        *(pytest.param("three-tier", priority, facts, id=says) for priority, says, facts in TIERS),
    ],
)
def test_what_qualifies_and_what_it_looks_like_has_its_priority(name, priority, facts):
    matrix = presets.read(name).terms(hours=OFFICE).matrix

    assert matrix is not None
    assert matrix.ask(facts).priority == priority


@pytest.mark.parametrize(("name", "table"), [("severity-tiers", SEVERITIES), ("three-tier", TIERS)])
def test_every_example_of_the_document_is_among_them(name, table):
    found = {(each.name, words) for each in presets.read(name).priorities for words in each.examples}

    assert found <= {(priority, says) for priority, says, _ in table}


@pytest.mark.parametrize("name", presets.NAMES)
def test_what_nobody_knows_anything_of_has_the_standards_default(name):
    terms = presets.read(name).terms(hours=OFFICE)

    assert terms.matrix is not None
    assert terms.matrix.ask({}).priority == terms.default_priority
