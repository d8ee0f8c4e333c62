"""Would the suite notice? Plant named faults one at a time, in a copy, and show which test catches each.

    python -m tests.mutate                     all of them
    python -m tests.mutate "a pause dropped"   those whose name contains one of the given texts
    python -m tests.mutate --list              their names

A fault is a piece of text, found exactly once in its file, and what to write instead: add yours to tests/mutants.py.
First the tests it names must pass without it. Ends with 1 when a fault survives, with 2 when nothing can be said: a
text that is not found once, tests that are red already, or a fault that only keeps the tests from running.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEFT_BEHIND = (".git", ".venv", ".cache", ".hypothesis", "__pycache__", "var", "dist", "build", "node_modules")
PATIENCE = 300  # seconds: a fault may well make a loop endless
Edit = tuple[str, str, str]
FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+?)(?: - .*)?$", re.MULTILINE)


class CannotSay(Exception):
    """Nothing can be said about a fault; the text says why."""


@dataclass(frozen=True)
class Mutant:
    """A fault: in `file`, `old` becomes `new`, and `tests` (paths or node ids, likeliest first) should notice.

    `environment` is added to that of the tests, such as {"TOCSIN_TEST_DATABASE": "postgres"}. Where one thing is kept
    from happening by several, `also` has the other edits, (file, old, new) each, that belong to the fault.
    """

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    also: tuple[Edit, ...] = ()

    @property
    def edits(self) -> tuple[Edit, ...]:
        return ((self.file, self.old, self.new), *self.also)


@dataclass(frozen=True)
class Outcome:
    """Whether a fault was caught, by which test (or by never ending), and how long that took."""

    mutant: Mutant
    caught_by: str | None
    seconds: float


def misplaced(mutants: Iterable[Mutant], root: Path) -> Iterator[str]:
    """A sentence for every fault that cannot be planted: its text must stand exactly once in its file."""
    for mutant in mutants:
        for file, old, new in mutant.edits:
            path = root / file
            found = path.read_text("utf-8").count(old) if path.is_file() else None
            if found is None:
                yield f"{mutant.name}: there is no {file}"
            elif found != 1:
                yield f"{mutant.name}: its text stands {found} times in {file}, not once: {old!r}"
            elif old == new:
                yield f"{mutant.name}: it changes nothing"
    names = [mutant.name for mutant in mutants]
    yield from (f"{name}: two faults have this name" for name in sorted(set(names)) if names.count(name) > 1)


@contextmanager
def copied(root: Path) -> Iterator[Path]:
    """A copy of the project to spoil, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="tocsin-mutate-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / "project"
        shutil.copytree(root, copy, ignore=shutil.ignore_patterns(*LEFT_BEHIND), symlinks=True)
        yield copy


@contextmanager
def planted(mutant: Mutant, copy: Path) -> Iterator[None]:
    """The fault is in the copy inside the block, and gone again after it."""
    sound = {file: (copy / file).read_text("utf-8") for file, _, _ in mutant.edits}
    for file, old, new in mutant.edits:
        (copy / file).write_text((copy / file).read_text("utf-8").replace(old, new), "utf-8")
    try:
        yield
    finally:
        for file, text in sound.items():
            (copy / file).write_text(text, "utf-8")


def run(copy: Path, tests: Iterable[str], environment: Mapping[str, str]) -> tuple[int | None, str]:
    """What pytest answered (None: it never ended) and said, stopping at the first failure."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--tb=no", *tests]
    # Without compiled files: one of the same size and second would be taken for the sound one.
    surroundings = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(copy), **environment}
    try:
        done = subprocess.run(
            command, cwd=copy, env=surroundings, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        return None, ""
    return done.returncode, done.stdout + done.stderr


def try_out(mutant: Mutant, copy: Path) -> Outcome:
    """Plant the fault and see. CannotSay when the tests did not run at all."""
    begun = time.monotonic()
    with planted(mutant, copy):
        answer, said = run(copy, mutant.tests, mutant.environment)
    seconds = time.monotonic() - begun
    if answer is None:
        return Outcome(mutant, f"(never ended: stopped after {PATIENCE} s)", seconds)
    if answer == 0:
        return Outcome(mutant, None, seconds)
    failed = FAILED.search(said)
    if answer != 1 or failed is None:
        raise CannotSay(f"{mutant.name}: the tests did not run (pytest answered {answer})\n{said[-2000:]}")
    return Outcome(mutant, failed[1], seconds)


def green(mutants: Iterable[Mutant], copy: Path) -> None:
    """Return when every test that the faults name passes without them; CannotSay otherwise."""
    suites: dict[tuple[tuple[str, str], ...], dict[str, None]] = {}
    for mutant in mutants:
        suites.setdefault(tuple(sorted(mutant.environment.items())), {}).update(dict.fromkeys(mutant.tests))
    for environment, tests in suites.items():
        answer, said = run(copy, tests, dict(environment))
        if answer != 0:
            raise CannotSay(f"without any fault these tests do not pass: {' '.join(tests)}\n{said[-2000:]}")


def main(arguments: list[str] | None = None) -> int:
    """Try the faults that were asked for; see the module's own text."""
    from tests.mutants import MUTANTS

    parser = argparse.ArgumentParser(prog="python -m tests.mutate", description="Plant faults; the suite must notice.")
    parser.add_argument("names", nargs="*", help="texts to look for in the names of the faults (all, without any)")
    parser.add_argument("--list", action="store_true", help="say which faults there are")
    asked = parser.parse_args(arguments)
    mutants = [one for one in MUTANTS if not asked.names or any(name in one.name for name in asked.names)]
    if asked.list:
        print("\n".join(one.name for one in mutants))
        return 0
    if not mutants:
        print(f"no fault is called that: {', '.join(asked.names)}")
        return 2
    try:
        return _report(mutants)
    except CannotSay as reason:
        print(reason)
        return 2


def _report(mutants: list[Mutant]) -> int:
    wrong = list(misplaced(mutants, ROOT))
    if wrong:
        raise CannotSay("\n".join(wrong))
    width = max(len(mutant.name) for mutant in mutants)
    survivors = []
    with copied(ROOT) as copy:
        print(f"{len(mutants)} faults, one at a time. First the tests as they are …", flush=True)
        green(mutants, copy)
        print(f"\n{'fault':{width}}  seconds  caught by")
        for mutant in mutants:
            outcome = try_out(mutant, copy)
            caught_by = outcome.caught_by or "NOTHING: it survived"
            print(f"{mutant.name:{width}}  {outcome.seconds:7.1f}  {caught_by}", flush=True)
            if outcome.caught_by is None:
                survivors.append(mutant.name)
    print(f"\n{len(mutants) - len(survivors)} of {len(mutants)} caught.")
    for name in survivors:
        print(f"survived: {name}")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
