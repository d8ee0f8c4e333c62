"""Which faults in moving a ticket to another version should the suite notice? See tests/mutants.py."""

from __future__ import annotations

from tests.mutate import Mutant

TOLD = ("tests/core/test_moving.py", "tests/core/test_moving_clocks.py")


def _core(file: str, *faults: tuple[str, str, str]) -> list[Mutant]:
    return [Mutant(name, f"tocsin/core/{file}", old, new, TOLD) for name, old, new in faults]


MOVED = [
    *_core(
        "rebasing.py",
        (
            "a move that grants the time used",
            "mine = _run(lap, promise, run.consumed,",
            "mine = _run(lap, promise, ZERO,",
        ),
        ("a threshold fired again after a move", "if percent not in lap.reached)", "if True)"),
        (
            "a new threshold dated before the move",
            "        lap.not_before |= {percent: move.at for percent in pending if percent not in lap.pending}\n",
            "",
        ),
        ("a promise moved though the client was told it", 'AS_THEY_ARE = ("promised", "merged")', "AS_THEY_ARE = ()"),
        (
            "a promise not counted beside another lost",
            "            yield _run(lap, now, run.consumed - lag, move.at, move.why)",
            "            pass",
        ),
        (
            "overdue only since the move",
            "            mine.due_at, mine.broken_at = run.due_at, run.broken_at\n",
            "            pass\n",
        ),
        (
            "business days counted from the move",
            "budget=calendar.budget(promise.since, duration), calendar=calendar)",
            "budget=calendar.budget(move.at, duration), calendar=calendar)",
        ),
        (
            "a paused clock that runs after a move",
            'if lap.state == "running" and lap.ended is None:',
            "if lap.ended is None:",
        ),
        ("a move that the ledger does not tell", "run.notes = at, ((at, note),)", "run.notes = at, ()"),
    ),
    *_core(
        "fold.py",
        (
            "whom it waits for asked of the version before",
            "self.wait.on in new.paused_by",
            "self.wait.on in old.paused_by",
        ),
        ("a clock that a version does not have runs on", "ends = (promised and target is None) or", "ends = False or"),
        (
            "a clock that is new in a version never begins",
            'self._begin_from_none(event.seq, at, why="moved")\n            return',
            "return",
        ),
    ),
    *_core(
        "ladder.py",
        (
            "a step fired whose time had gone by",
            "                    self.gone |= {(step.name, stretch.priority)}",
            "                    pass",
        ),
        (
            "a step left out that falls due at the move",
            "max(at, self.since) < stretch.start:",
            "max(at, self.since) <= stretch.start:",
        ),
        (
            "a step left out whatever the priority",
            "or (step.name, priority) in self.gone:",
            "or step.name in {n for n, _ in self.gone}:",
        ),
        ("what was asked forgotten by a move", "if name not in ladder.places]", "if False]"),
    ),
    *_core(
        "levels.py",
        ("a level asked for what has gone by", "standing.gone.add((step.name, self.priority))", "pass"),
        ("a level kept under its old name", "standing.level = levels.get(standing.level, standing.level)", "pass"),
    ),
    *_core(
        "event.py",
        (
            "a move taken for work on the ticket",
            " or kind is LineStopped or kind is Moved:",
            " or kind is LineStopped:",
        ),
    ),
    *_core(
        "lasting.py",
        ("a rule of a version that it does not have", "        if rule is None:\n            continue\n", ""),
        ("an acknowledgement by the version before", "wait = lasts[stretch.era].get(", "wait = lasts[0].get("),
    ),
    *_core(
        "course.py",
        (
            "a move that makes what falls due with it moot",
            "current.end, current.kept = at, current.live",
            "current.end, current.kept = at, False",
        ),
    ),
]
