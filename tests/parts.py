"""Which tests does which part of `make test` run?

`make test` runs the suite in parts, side by side, each a session of its own. Every test belongs to one part, and
without --part a session runs all three:

    wait   little work and minutes of real waiting: runs beside everything else
    once   what no kind of database changes: rules without rows, the screens, the locks of this machine
    each   all the rest, on SQLite and again on PostgreSQL

A plugin. What is left out here runs in the session of another part, which docs/requirements.md is held against there.
"""

from __future__ import annotations

import pytest

EACH = "each"
BEGIN_WITH = {
    "wait": (
        "tests/browser/test_pager.py::test_a_pager_hidden_behind_another_tab_for_six_minutes_",
        "tests/endtoend/test_simulate.py::",
    ),
    "once": (
        "tests/browser/",
        "tests/channels/",
        "tests/core/",
        "tests/demo/test_speed.py::",
        "tests/endtoend/test_readme.py::",
        "tests/house/test_mutate.py::",
        "tests/house/test_requirements_table.py::",
        "tests/house/test_settings.py::",
        "tests/house/test_setup.py::",
        "tests/house/test_walls.py::",
        "tests/imports/test_answers.py::",
        "tests/imports/test_sheet.py::",
        "tests/imports/test_uci498.py::",
        "tests/management/test_infer.py::",
        "tests/management/test_lint.py::",
        "tests/management/test_run.py::",
        "tests/management/test_shell.py::",
        "tests/policies/",
        "tests/sources/",
    ),
}
PARTS = (*BEGIN_WITH, EACH)
OF_THE_DATABASE = {"db", "transactional_db", "django_db_setup"}


def part_of(node: str) -> str:
    """The part to which the test of this node id belongs."""
    return next((part for part, begins in BEGIN_WITH.items() if node.startswith(begins)), EACH)


def is_elsewhere(item: pytest.Item) -> bool:
    """Whether another part than this session's runs it."""
    return item.config.getoption("part", None) not in (None, part_of(item.nodeid))


def touches_the_database(item: pytest.Item) -> bool:
    """Whether the test asks for the database under test, or wants that to be PostgreSQL."""
    asked = OF_THE_DATABASE.intersection(getattr(item, "fixturenames", ()))
    only = any("postgresql" in mark.args for mark in item.iter_markers("only_on"))
    return bool(asked) or only or item.get_closest_marker("django_db") is not None


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--part", choices=PARTS, help="run this part of the suite alone; tests/parts.py has which is what")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what belongs to other parts. A test of the database under test is in the part for each of them."""
    for item in items:
        if part_of(item.nodeid) != EACH and touches_the_database(item):
            raise pytest.UsageError(f"{item.nodeid} is about the database under test; tests/parts.py runs it once")
    elsewhere = [item for item in items if is_elsewhere(item)]
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if not is_elsewhere(item)]
