"""Which faults in what is found in a standard should the suite notice? See tests/mutants.py."""

from __future__ import annotations

from tests.mutate import Mutant

FOUND = (
    "tests/core/test_finding_sound.py",
    "tests/core/test_finding.py",
    "tests/policies/test_broken.py",
    "tests/policies/test_presets.py",
)
HELD = ("tests/trials/test_lint_of_clients.py", "tests/trials/test_lint.py")
SEEN = ("tests/core/test_pauses.py",)


def _of(tests: tuple[str, ...], file: str, *faults: tuple[str, str, str]) -> list[Mutant]:
    return [Mutant(name, f"tocsin/{file}", old, new, tests) for name, old, new in faults]


LINT = [
    *_of(
        FOUND,
        "core/fitting/levels.py",
        ("levels whose times do not add up", "at = scene.reach(after, at) if at else None", "at = scene.reach(after)"),
        ("a level in time to the instant", "arrival.taken < due", "arrival.taken <= due"),
        ("acceptance that takes no time", "taken = scene.reach(accept, taken) if taken else None", "pass"),
        ("the level it begins at, counted", "if index > begins]", "if index >= begins]"),
        ("a level that is passed by, asked", "if accept and not passed:", "if accept:"),
    ),
    *_of(
        FOUND,
        "core/fitting/pages.py",
        ("a page at the instant of the response in time", "if due and last and last >= due:", "if due and last > due:"),
        ("a path that ends with the response, late", "if out and out > due:", "if out and out >= due:"),
        ("the last page waited for as all are", "waited = step.waited_for[priority]", "waited = step.after[priority]"),
    ),
    *_of(
        FOUND,
        "core/fitting/ladders.py",
        ("a step when the resolution is due, late", "if due and at and at > due:", "if due and at and at >= due:"),
        (
            "a ladder that goes on while the rule waits, overtaken",
            "or not set(clock.paused_by) <= set(ladder.paused_by)",
            "",
        ),
        ("a wait for both, silent", "set(ladder.paused_by) - set(clock.paused_by)", "set(ladder.paused_by)"),
    ),
    *_of(
        FOUND,
        "core/fitting/thresholds.py",
        ("a threshold idle at one priority", "bool(crossed) and all(crossed)", "any(crossed)"),
        ("a higher level that has it, not seen", "arrival.index >= wanted", "arrival.index == wanted + 9"),
    ),
    *_of(
        FOUND,
        "core/fitting/promises.py",
        ("a guarantee that somebody hears of", "and not clock.thresholds and not climbs", "and not clock.thresholds"),
        ("a guarantee with a threshold, unwatched", "and not clock.thresholds and not climbs", "and not climbs"),
        ("an update just when it is solved, in time", "due >= solved", "due > solved"),
    ),
    *_of(
        FOUND,
        "core/fitting/words.py",
        ("a wait for others that is our business", "wait.ended_by_reply or not stops", "True"),
        ("a role that only an approval asks, idle", 'not in ("roles", "messages")', 'in ("ladders", "rules")'),
    ),
    *_of(
        HELD,
        "trials/asking.py",
        ("a fallback that stands in for nobody", "return len(asked) > 1 or any(", "return len(asked) > 1 or not any("),
        ("a turn next week that nobody looks at", "(*turns, *self.fallbacks(role, client))", "()"),
        ("a step that has the name of a role", "if path[-1] not in CALLED and", "if"),
        ("all holders named where one client lacks one", "== among > 1)", ">= 1)"),
    ),
    *_of(
        HELD,
        "trials/covering.py",
        ("a fallback that answers at no hour", "or roster.fallback is not None", ""),
        (
            "a hole after the last turn of a day",
            "if at < end:\n            return at",
            "if False:\n            return at",
        ),
    ),
    *_of(
        HELD,
        "trials/contracts.py",
        ("what the standard says, said of each contract", "if (finding.where, finding.kind) in plain:", "if False:"),
        (
            "services that nobody looks at",
            'for service in (None, *contract.overrides.get("services", ())):',
            "for service in (None,):",
        ),
    ),
    *_of(
        HELD,
        "trials/arrivals.py",
        ("as many as there are people, too many", "if came > people[hour]]", "if came >= people[hour]]"),
        ("a share of two", "figures.late < FEW", "figures.late < 1"),
    ),
    *_of(
        HELD,
        "trials/scope.py",
        ("a pilot's client left out", "row.version.name if row else each.now.policy", "each.now.policy"),
    ),
    *_of(
        SEEN,
        "core/pauses.py",
        ("a wait after the promise was lost", "and reading.remaining > timedelta(0) and", "and"),
        ("a wait that has just begun", "or (until is None and now < paused.at + BEFORE)", ""),
        ("a word after the wait", "<= event.at <= end for", "<= event.at for"),
        ("a clock that runs on", "if paused.on not in clock.paused_by or not before:", "if not before:"),
    ),
]
