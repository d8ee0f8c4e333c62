"""Does `make test` leave out nothing, though it runs the suite in parts?"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests import parts, requirements_plugin
from tests.parts import BEGIN_WITH, PARTS, part_of

ROOT = Path(__file__).resolve().parents[2]
pytest_plugins = ["pytester"]
TABLE = "| R1.1 | Four | works | `tests/core/test_a.py::test_pure`, `tests/desk/test_b.py::test_rows` |\n"


def test_make_test_runs_every_part_and_what_is_for_each_database_on_both():
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    told = subprocess.run(
        ["make", "-n", "test"], cwd=ROOT, env=surroundings, capture_output=True, text=True, check=True
    )

    runs = re.findall(r"^TOCSIN_TEST_DATABASE=(\w+) \S+ -m pytest .*--part (\w+)$", told.stdout, re.MULTILINE)

    assert set(PARTS) == {"wait", "once", "each"}
    assert sorted(runs) == [("postgres", "each"), ("sqlite", "each"), ("sqlite", "once"), ("sqlite", "wait")]


def test_everything_that_a_part_begins_with_is_there():
    for begins in (begin for beginnings in BEGIN_WITH.values() for begin in beginnings):
        file, _, name = begins.partition("::")
        assert (ROOT / file).exists()
        assert f"def {name}" in (ROOT / file).read_text("utf-8") if name else True


def test_the_first_part_that_claims_a_test_has_it_and_what_none_claims_is_for_each_database():
    waits = (
        "tests/browser/test_pager.py::test_a_pager_hidden_behind_another_tab_for_six_minutes_pages_within_five_seconds"
    )

    assert part_of(waits) == "wait"
    assert part_of("tests/browser/test_pager.py::test_another") == "once"
    assert part_of("tests/desk/test_tickets.py::test_x") == "each"


@pytest.fixture
def suite(pytester, monkeypatch):
    """A project of its own: a test of the core and one of the desk, both named in its table, and what each does."""

    def make(pure="...", rows="..."):
        monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        pytester.makeini("[pytest]\ntestpaths = tests\nmarkers = django_db\n")
        for folder in ("docs", "tests/core", "tests/desk"):
            (pytester.path / folder).mkdir(parents=True)
        (pytester.path / "docs/requirements.md").write_text(TABLE)
        (pytester.path / "tests/core/test_a.py").write_text(f"import pytest\ndef test_pure(): {pure}\n")
        (pytester.path / "tests/desk/test_b.py").write_text(f"def test_rows(): {rows}\n")
        return lambda *args: pytester.runpytest_inprocess(*args, plugins=[requirements_plugin, parts])

    return make


def test_without_a_part_everything_runs(suite):
    suite()().assert_outcomes(passed=2)


@pytest.mark.parametrize("part", ["once", "each"])
def test_a_part_runs_its_own_and_answers_in_the_table_for_that_alone(suite, part):
    result = suite()("--part", part)

    result.assert_outcomes(passed=1, deselected=1)
    assert result.ret == pytest.ExitCode.OK


def test_a_part_whose_own_test_of_the_table_did_not_pass_is_red(suite):
    result = suite(pure="pytest.skip('not now')")("--part", "once")

    result.stdout.fnmatch_lines(["R1.1: tests/core/test_a.py::test_pure skipped"])
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_a_test_that_the_table_names_and_no_part_has_is_missed_by_each(suite, pytester):
    run = suite()
    (pytester.path / "tests/desk/test_b.py").write_text("def test_other(): ...\n")

    for part in ("once", "each"):
        result = run("--part", part)
        result.stdout.fnmatch_lines(["R1.1: tests/desk/test_b.py::test_rows did not run"])
        assert result.ret == pytest.ExitCode.TESTS_FAILED


@pytest.mark.parametrize("mark", ["django_db", "only_on('postgresql')"])
def test_a_test_of_the_database_under_test_cannot_be_in_a_part_that_runs_once(suite, pytester, mark):
    run = suite()
    (pytester.path / "tests/core/test_a.py").write_text(f"import pytest\n@pytest.mark.{mark}\ndef test_pure(): ...\n")

    result = run()

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*is about the database under test; tests/parts.py runs it once"])
