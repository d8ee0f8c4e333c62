"""In which surroundings do the tests run? A home of their own, one of two databases, nothing of yours.

A plugin, because settings are read before any conftest is.
"""

import os
import tempfile
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.postgres import NoPostgres, cluster

DATABASE = "TOCSIN_TEST_DATABASE"
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
    """Leave out, rather than skip, what belongs to the other database alone."""
    vendor = "postgresql" if os.environ.get(DATABASE) == "postgres" else "sqlite"
    elsewhere = [
        item for item in items if any(vendor not in mark.args for mark in item.iter_markers("only_on") if mark.args)
    ]
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if item not in elsewhere]


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
