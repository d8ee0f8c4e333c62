"""In which surroundings do the tests run? A home of their own, one of two databases, chromium, nothing of yours.

A plugin, because settings are read before any conftest is.
"""

import os
import shutil
import tempfile
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.postgres import NoPostgres, cluster

DATABASE = "TOCSIN_TEST_DATABASE"
NO_BROWSER = "NOT TESTED in a browser. chromium is not installed:  sudo apt-get install chromium"
UNTESTED = pytest.StashKey[str]()
IN_CI = os.environ.get("CI", "").lower() in ("1", "true", "yes")


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[Any]:
    """Afterwards the environment names a fresh home and a database, gone again when the session ends."""
    stack = ExitStack()
    early_config.add_cleanup(stack.close)
    for name in [name for name in os.environ if name.startswith("TOCSIN_") and not name.startswith("TOCSIN_TEST_")]:
        del os.environ[name]
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="tocsin-tests-", ignore_cleanup_errors=True))
    os.environ["TOCSIN_HOME"] = str(Path(folder) / "home")
    kind = os.environ.get(DATABASE) or "sqlite"
    if kind == "postgres":
        try:
            os.environ["TOCSIN_DATABASE_URL"] = stack.enter_context(cluster()).url
        except NoPostgres as lack:
            if IN_CI:
                raise pytest.UsageError(str(lack)) from lack
            pytest.exit(f"NOT TESTED on PostgreSQL. {lack}", returncode=0)
    elif kind != "sqlite":
        raise pytest.UsageError(f"{DATABASE} is {kind!r}; it can be sqlite or postgres.")
    return (yield)


def pytest_report_header() -> str:
    return f"database: {os.environ.get(DATABASE) or 'sqlite'}"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out, rather than skip, what belongs to the other database alone, or to a machine with a browser."""
    here = {"postgresql" if os.environ.get(DATABASE) == "postgres" else "sqlite"}
    if shutil.which("chromium"):
        here.add("chromium")
    elsewhere = [item for item in items if any(here.isdisjoint(names) for names in only_on(item))]
    if "chromium" not in here and any(wants_only(item, "chromium", here) for item in elsewhere):
        if IN_CI:
            raise pytest.UsageError(NO_BROWSER)
        config.stash[UNTESTED] = NO_BROWSER
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if item not in elsewhere]


def only_on(item: pytest.Item) -> list[set[str]]:
    """What each mark of this test asks for: one of these."""
    return [set(mark.args) for mark in item.iter_markers("only_on") if mark.args]


def wants_only(item: pytest.Item, what: str, here: set[str]) -> bool:
    """Is this all that it lacks?"""
    return all(what in names for names in only_on(item) if here.isdisjoint(names))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if lack := config.stash.get(UNTESTED, ""):
        terminalreporter.section(lack, yellow=True)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Where all that a part has needs a browser, and there is none, nothing was found wrong."""
    if session.config.stash.get(UNTESTED, "") and exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
        session.exitstatus = pytest.ExitCode.OK


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome, report.longrepr = "failed", f"In CI nothing is skipped: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if IN_CI and report.skipped:
        report.outcome, report.longrepr = "failed", f"In CI nothing is skipped: {report.longrepr}"
    return report
