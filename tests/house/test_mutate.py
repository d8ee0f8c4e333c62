"""Does the planting of faults say so when it can say nothing?"""

from __future__ import annotations

import pytest

from tests import mutate
from tests.mutants import MUTANTS
from tests.mutate import ROOT, CannotSay, Mutant, green, misplaced, planted, try_out


@pytest.fixture
def project(tmp_path):
    """A project of one rule and one test of it."""
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "rule.py").write_text("def later(a, b):\n    return a > b\n")
    (tmp_path / "test_rule.py").write_text(
        "from rule import later\n\n\ndef test_later():\n    assert later(2, 1) and not later(1, 2)\n"
    )
    return tmp_path


def fault(old="a > b", new="a < b", tests=("test_rule.py",), file="rule.py", **more):
    return Mutant("a fault", file, old, new, tests, **more)


def test_every_fault_of_the_catalogue_can_be_planted():
    assert len(MUTANTS) >= 20
    assert list(misplaced(MUTANTS, ROOT)) == []


@pytest.mark.parametrize(
    ("mutant", "says"),
    [
        (fault(file="gone.py"), "there is no gone.py"),
        (fault(old="a >= b"), "stands 0 times"),
        (fault(old="a"), "stands 3 times"),
        (fault(new="a > b"), "changes nothing"),
    ],
)
def test_a_fault_that_cannot_be_planted_is_named(project, mutant, says):
    [sentence] = misplaced([mutant], project)

    assert sentence.startswith("a fault: ")
    assert says in sentence


def test_two_faults_of_one_name_are_named(project):
    assert list(misplaced([fault(), fault()], project)) == ["a fault: two faults have this name"]


def test_a_fault_is_caught_by_the_test_that_failed_and_gone_afterwards(project):
    sound = (project / "rule.py").read_text()

    assert try_out(fault(), project).caught_by == "test_rule.py::test_later"
    assert (project / "rule.py").read_text() == sound


def test_a_fault_that_no_test_notices_has_survived(project):
    assert try_out(fault(new="a >= b"), project).caught_by is None


def test_a_fault_that_never_ends_is_caught_by_that(project, monkeypatch):
    monkeypatch.setattr(mutate, "PATIENCE", 3)

    assert "never ended" in try_out(fault(old="    return a > b", new="    while True: pass"), project).caught_by


def test_a_fault_that_keeps_the_tests_from_running_proves_nothing(project):
    with pytest.raises(CannotSay, match="did not run"):
        try_out(fault(new="a >"), project)


def test_nothing_is_proven_by_tests_that_fail_without_a_fault(project):
    with planted(fault(), project), pytest.raises(CannotSay, match="do not pass"):
        green([fault()], project)


def test_a_fault_gets_the_surroundings_it_asks_for(project):
    (project / "rule.py").write_text("import os\n\n\ndef later(a, b):\n    return a > b or 'X_LOOSE' in os.environ\n")

    green([fault()], project)
    with pytest.raises(CannotSay, match="do not pass"):
        green([fault(environment={"X_LOOSE": "1"})], project)
