"""Does docs/requirements.md have every requirement once, and does every claim name a test that exists?"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import requirements_plugin
from tests.requirements_plugin import BadTable, Row, missing_tests, read_table, table_faults, unproven

ROOT = Path(__file__).resolve().parents[2]
pytest_plugins = ["pytester"]

# How many requirements each section has: R1.1 … R1.15, R2.1 … R2.16, and so on.
COUNTS = {
    1: 15, 2: 16, 3: 3, 4: 17, 5: 4, 6: 4, 7: 4, 8: 17, 9: 5, 10: 4, 11: 8,
    12: 9, 13: 8, 14: 7, 15: 11, 16: 8, 17: 5, 18: 3, 19: 10, 20: 3, 21: 4,
}  # fmt: skip


def row(number="R1.1", what="Four priorities", state="works", tests=("tests/test_a.py::test_x",), line=1):
    return Row(number, what, state, tests, line)


def test_the_table_has_every_requirement_once_and_every_claim_names_a_test():
    rows = read_table((ROOT / "docs/requirements.md").read_text("utf-8"))

    assert len(rows) == 165
    assert table_faults(rows, COUNTS) == []


def test_every_test_the_table_names_exists():
    rows = read_table((ROOT / "docs/requirements.md").read_text("utf-8"))

    assert missing_tests(rows, ROOT) == []


def test_a_row_is_read_with_all_its_tests():
    text = "| number | what |\n|---|---|\n| R1.1 | Four | works | `tests/a.py::x`, `tests/b.py::y` |"

    assert read_table(text) == [Row("R1.1", "Four", "works", ("tests/a.py::x", "tests/b.py::y"), line=3)]


@pytest.mark.parametrize("line", ["| R1.1 | Four | works |", "| R1.1 | Four | works | tests/a.py::x |"])
def test_a_row_that_cannot_be_read_is_named_by_its_line(line):
    with pytest.raises(BadTable, match=r"^line 1: "):
        read_table(line)


def test_a_number_left_out_is_a_fault():
    assert table_faults([row()], {1: 2}) == ["R1.2 is not in the table"]


def test_a_number_given_twice_is_a_fault():
    assert table_faults([row(), row(line=2)], {1: 1}) == ["line 2: R1.1 is in the table twice"]


def test_a_number_nobody_asked_for_is_a_fault():
    assert table_faults([row(), row("R1.2", line=2)], {1: 1}) == ["line 2: R1.2 is no requirement"]


def test_numbers_out_of_order_are_a_fault():
    assert table_faults([row("R1.2"), row("R1.1", line=2)], {1: 2}) == ["the numbers are not in order"]


@pytest.mark.parametrize("state", ["works", "partly: no PDF"])
def test_a_claim_without_a_test_is_a_fault(state):
    [fault] = table_faults([row(state=state, tests=())], {1: 1})

    assert fault.endswith("names at least one test")


def test_a_requirement_not_met_yet_names_no_test():
    assert table_faults([row(state="not yet")], {1: 1}) == ["line 1: R1.1: `not yet` names no tests"]


@pytest.mark.parametrize("state", ["", "done", "partly", "partly: ", "works mostly"])
def test_any_other_state_is_a_fault(state):
    [fault] = table_faults([row(state=state)], {1: 1})

    assert "is none of: works, partly: what lacks, not yet" in fault


@pytest.mark.parametrize("test", ["test_a.py::test_x", "tests/test_a.py", "tests/test_a.py::"])
def test_a_name_that_is_no_node_id_is_a_fault(test):
    [fault] = table_faults([row(tests=(test,))], {1: 1})

    assert "is no node id" in fault


def test_more_than_twelve_words_are_a_fault():
    assert table_faults([row(what="a " * 12)], {1: 1}) == []
    assert len(table_faults([row(what="a " * 13)], {1: 1})) == 1


def test_a_named_test_that_no_file_defines_is_missing(tmp_path):
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_a.py").write_text("def test_x(): ...\nclass TestY:\n    def test_z(self): ...\n")
    names = ("test_a.py::test_x[one]", "test_a.py::TestY::test_z", "test_a.py::test_z", "test_b.py::test_x")

    faults = missing_tests([row(tests=tuple(f"tests/{name}" for name in names))], tmp_path)

    assert [fault.rpartition("/")[2] for fault in faults] == ["test_a.py::test_z", "test_b.py::test_x"]


@pytest.mark.parametrize(
    ("outcomes", "fault"),
    [
        ({"t::x": "passed"}, None),
        ({"t::x[1]": "passed", "t::x[2]": "passed"}, None),
        ({"t::x[1]": "passed", "t::x[2]": "failed"}, "failed"),
        ({"t::x[1]": "skipped", "t::x[2]": "passed"}, "skipped"),
        ({"t::xx": "passed"}, "did not run"),
        ({}, "did not run"),
    ],
)
def test_a_named_test_is_proven_when_each_of_its_cases_passed(outcomes, fault):
    assert unproven([row(tests=("t::x",))], outcomes) == ([f"R1.1: t::x {fault}"] if fault else [])


def test_one_case_may_be_named_by_its_parameters():
    assert unproven([row(tests=("t::x[1]",))], {"t::x[1]": "passed", "t::x[2]": "failed"}) == []


def test_a_test_of_the_other_database_is_excused_unless_one_of_its_cases_failed_here():
    rows = [row(tests=("t::x",))]

    assert unproven(rows, {}, elsewhere=["t::x[pg]"]) == []
    assert unproven(rows, {"t::x[any]": "failed"}, elsewhere=["t::x[pg]"]) == ["R1.1: t::x failed"]


@pytest.fixture
def suite(pytester, monkeypatch):
    """A project of its own: a table that names test_x, and a suite with test_x and test_y."""

    def make(body, named="test_x"):
        monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        pytester.makeini("[pytest]\ntestpaths = tests\n")
        for folder in ("docs", "tests"):
            pytester.mkdir(folder)
        (pytester.path / "docs/requirements.md").write_text(f"| R1.1 | Four | works | `tests/test_a.py::{named}` |\n")
        (pytester.path / "tests/test_a.py").write_text(f"import pytest\n{body}\ndef test_y(): ...\n")
        return lambda *args: pytester.runpytest_inprocess(*args, plugins=[requirements_plugin])

    return make


@pytest.mark.parametrize("args", [(), (".",), ("tests",)])
def test_a_whole_run_fails_when_a_named_test_does_not_exist(suite, args):
    run = suite("def test_x(): ...", named="test_gone")

    result = run(*args)

    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["*names tests that did not run and pass*", "R1.1: *::test_gone did not run"])
    assert result.ret == pytest.ExitCode.TESTS_FAILED


@pytest.mark.parametrize("mark", ["skip", "xfail"])
def test_a_whole_run_fails_when_a_named_test_was_skipped(suite, mark):
    run = suite(f"@pytest.mark.{mark}\ndef test_x(): assert False")

    result = run()

    result.stdout.fnmatch_lines(["R1.1: tests/test_a.py::test_x skipped"])
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_a_whole_run_in_which_every_named_test_passed_is_green(suite):
    run = suite("def test_x(): ...")

    result = run()

    result.stdout.no_fnmatch_line("*names tests that did not run*")
    assert result.ret == pytest.ExitCode.OK


@pytest.mark.parametrize("args", [("tests/test_a.py::test_y",), ("-k", "test_y"), ("-m", "not m")])
def test_a_run_of_chosen_tests_is_left_alone(suite, args):
    run = suite("def test_x(): ...", named="test_gone")

    result = run(*args)

    assert result.ret == pytest.ExitCode.OK


def test_a_test_left_out_because_it_belongs_to_another_database_is_excused(suite, pytester):
    run = suite("@pytest.mark.only_on('another')\ndef test_x(): ...")
    pytester.makeconftest(
        """
        def pytest_collection_modifyitems(config, items):
            config.hook.pytest_deselected(items=[item for item in items if item.name == "test_x"])
            items[:] = [item for item in items if item.name != "test_x"]
        """
    )

    result = run()

    result.assert_outcomes(passed=1, deselected=1)
    assert result.ret == pytest.ExitCode.OK
