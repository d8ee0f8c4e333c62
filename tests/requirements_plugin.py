"""Is docs/requirements.md true: does every test it names exist, run and pass?

The table is read by plain functions (`read_table`, `table_faults`, `missing_tests`, `unproven`); the pytest plugin
around them watches a session. After a run of the whole suite, a named test that did not run and pass fails the session.
A run of chosen tests (paths, -k, -m, --lf …) is left alone. A test that belongs to one database carries
`@pytest.mark.only_on("postgresql")`; deselected on the other database it is excused there, and only there. One that
needs a browser carries `only_on("chromium")` and is excused where there is none (in CI there is). A session of one part
of the suite (`--part`, see tests/parts.py) answers for the tests of that part.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.parts import is_elsewhere

TABLE = Path("docs/requirements.md")
NO_TESTS = "—"
LONGEST_WHAT = 12

_NUMBER = re.compile(r"R(\d+)\.(\d+)")
_TEST = re.compile(r"tests/[\w/]+\.py(::\w+)+(\[.+\])?")


class BadTable(ValueError):
    """A row of the table cannot be read; the text says which line and why."""


@dataclass(frozen=True, slots=True)
class Row:
    """One requirement as the table has it: its number, our words, its state, the tests that show it."""

    number: str
    what: str
    state: str
    tests: tuple[str, ...]
    line: int


def read_table(text: str) -> list[Row]:
    """Return the rows of the Markdown tables in `text`, in order: every line that begins with `| R` and a digit.

    Raises BadTable on a row that has not four cells, or whose tests are not in backticks, separated by commas.
    """
    rows = []
    for line, content in enumerate(text.splitlines(), start=1):
        if not re.match(r"\|\s*R\d", content):
            continue
        cells = [cell.strip() for cell in content.strip().strip("|").split("|")]
        if len(cells) != 4:
            raise BadTable(f"line {line}: {len(cells)} cells, expected number | what | state | tests")
        number, what, state, tests = cells
        named = re.findall(r"`([^`]+)`", tests)
        if re.sub(r"`[^`]+`|,", "", tests).strip() not in ("", NO_TESTS):
            raise BadTable(f"line {line}: {number}: tests are node ids in backticks with commas between, or {NO_TESTS}")
        rows.append(Row(number, what, state, tuple(named), line))
    return rows


def table_faults(rows: Iterable[Row], counts: Mapping[int, int]) -> list[str]:
    """Return what is wrong with the table by itself, a sentence each; `counts` says how many numbers a section has."""
    rows = list(rows)
    expected = [f"R{section}.{n}" for section, count in counts.items() for n in range(1, count + 1)]
    numbers = [row.number for row in rows]
    faults = [f"{number} is not in the table" for number in expected if number not in numbers]
    faults += [f"line {row.line}: {row.number} is no requirement" for row in rows if row.number not in expected]
    faults += [
        f"line {row.line}: {row.number} is in the table twice"
        for place, row in enumerate(rows)
        if row.number in numbers[:place]
    ]
    if not faults and numbers != expected:
        faults.append("the numbers are not in order")
    for row in rows:
        faults += [f"line {row.line}: {row.number}: {fault}" for fault in _row_faults(row)]
    return faults


def _row_faults(row: Row) -> Iterable[str]:
    if not 1 <= len(row.what.split()) <= LONGEST_WHAT:
        yield f"say what it is in 1 to {LONGEST_WHAT} words, not {len(row.what.split())}"
    if row.state == "not yet":
        if row.tests:
            yield "`not yet` names no tests"
    elif row.state == "works" or re.fullmatch(r"partly: \S.*", row.state):
        if not row.tests:
            yield f"`{row.state.split(':')[0]}` names at least one test"
    else:
        yield f"state {row.state!r} is none of: works, partly: what lacks, not yet"
    for test in row.tests:
        if not _TEST.fullmatch(test):
            yield f"{test!r} is no node id such as tests/core/test_hours.py::test_x"


def missing_tests(rows: Iterable[Row], root: Path) -> list[str]:
    """Return a sentence for every named test that no file under `root` defines. Reads source, imports nothing."""
    defined: dict[str, set[str]] = {}
    faults = []
    for row in rows:
        for test in row.tests:
            path, _, name = test.partition("[")[0].partition("::")
            if path not in defined:
                source = root / path
                defined[path] = _defined_in(ast.parse(source.read_text("utf-8"))) if source.is_file() else set()
            if name not in defined[path]:
                faults.append(f"line {row.line}: {row.number}: there is no test {test}")
    return faults


def _defined_in(block: ast.Module | ast.ClassDef) -> set[str]:
    names = set()
    for node in block.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.ClassDef):
            names |= {f"{node.name}::{name}" for name in _defined_in(node)}
    return names


def unproven(rows: Iterable[Row], outcomes: Mapping[str, str], elsewhere: Iterable[str] = ()) -> list[str]:
    """Return a sentence for every named test that did not run and pass.

    `outcomes` maps node ids of this session to "passed", "failed" or "skipped"; `elsewhere` are ids that belong to
    another database's session, or another part's. A name without parameters stands for all of its cases: each must
    have passed.
    """
    cases: dict[str, set[str]] = {}
    for node, outcome in outcomes.items():
        for name in {node, node.partition("[")[0]}:
            cases.setdefault(name, set()).add(outcome)
    excused = {name for node in elsewhere for name in (node, node.partition("[")[0])}
    faults = []
    for row in rows:
        for test in row.tests:
            seen = cases.get(test, set())
            worst = next((outcome for outcome in ("failed", "skipped") if outcome in seen), None)
            if worst or not (seen or test in excused):
                faults.append(f"{row.number}: {test} {worst or 'did not run'}")
    return faults


class Watch:
    """What one session ran, and whether the table may be held against it."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.outcomes: dict[str, str] = {}
        self.elsewhere: set[str] = set()
        self.faults: list[str] = []

    def pytest_deselected(self, items: Iterable[pytest.Item]) -> None:
        for item in items:
            other_database = any(mark.args and database() not in mark.args for mark in item.iter_markers("only_on"))
            if other_database or is_elsewhere(item):
                self.elsewhere.add(item.nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.outcome != "passed":
            self.outcomes[report.nodeid] = report.outcome
        elif report.when == "call":
            self.outcomes[report.nodeid] = "passed"

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        table = self.config.rootpath / TABLE
        finished = exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) and not session.shouldfail
        if not (finished and is_whole(self.config) and table.is_file()):
            return
        try:
            self.faults = unproven(read_table(table.read_text("utf-8")), self.outcomes, self.elsewhere)
        except BadTable as fault:
            self.faults = [str(fault)]
        if self.faults:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.faults:
            terminalreporter.section(f"{TABLE} names tests that did not run and pass", red=True, bold=True)
            for fault in self.faults:
                terminalreporter.line(fault)


def is_whole(config: pytest.Config) -> bool:
    """Return whether this session runs the whole suite: nothing chosen, left out or merely listed."""
    narrowed = ("keyword", "markexpr", "deselect", "ignore", "ignore_glob", "lf", "stepwise", "collectonly")
    if any(config.getoption(option, None) for option in narrowed) or hasattr(config, "workerinput"):
        return False
    roots = {config.rootpath, config.rootpath / "tests"}
    return any((config.invocation_params.dir / arg).resolve() in roots for arg in config.args)


def database() -> str:
    """Return Django's name for the kind of database this session runs on ("sqlite", "postgresql"), "" without one."""
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.db import connection
    except ImportError:
        return ""
    try:
        return connection.vendor
    except ImproperlyConfigured:
        return ""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "only_on(what): this test belongs to sessions on that database, or with that program, alone"
    )
    config.pluginmanager.register(Watch(config), "requirements-watch")
