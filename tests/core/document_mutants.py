"""Which faults in reading a standard's document should the suite notice? See tests/mutants.py."""

from __future__ import annotations

from tests.mutate import Mutant

CALENDARS = ("tests/core/test_calendars.py",)
PRACTICE = ("tests/core/test_practice.py", "tests/core/test_figures.py")
SCHEMA = ("tests/core/test_schema.py",)
WAITING = ("tests/desk/test_waiting.py",)

READ = [
    Mutant(
        "a calendar kept in the client's zone whatever it says",
        "tocsin/core/calendars.py",
        "return Calendar(zone if said == CLIENT else said, week,",
        "return Calendar(zone, week,",
        CALENDARS,
    ),
    Mutant(
        "a declared calendar that hides the contract's hours",
        "tocsin/core/calendars.py",
        "if name in (ALWAYS, SUPPORT):",
        "if name in (ALWAYS,):",
        CALENDARS,
    ),
    Mutant(
        "a service's weight that wins over an answer",
        "tocsin/core/matrix.py",
        "self.answers[name] = given.get(name, assumed)",
        "self.answers[name] = assumed if each.weighed else given.get(name, assumed)",
        PRACTICE,
    ),
    Mutant(
        "a target that earns a credit",
        "tocsin/core/figures.py",
        'clock.get("kind") == "guarantee"',
        'clock.get("kind") != "nothing"',
        PRACTICE,
    ),
    Mutant(
        "weights that need not come to 100",
        "tocsin/core/figures.py",
        "sum(found.values()) != 100",
        "sum(found.values()) > 100",
        PRACTICE,
    ),
    Mutant(
        "a closing without its verification",
        "tocsin/core/staging.py",
        'if "verification" not in needs:',
        "if not needs:",
        PRACTICE,
    ),
    Mutant(
        "a schema in which nothing is needed",
        "tocsin/core/schema.py",
        "if key.must]",
        "if False]",
        SCHEMA,
    ),
    Mutant(
        "a wait longer than its limit",
        "tocsin/desk/tickets.py",
        "if until is not None and until > end:",
        "if False:",
        WAITING,
    ),
    Mutant(
        "a limit counted from when the wait came on record",
        "tocsin/desk/tickets.py",
        "end = calendar.due(start, duration)",
        "end = calendar.due(now, duration)",
        WAITING,
    ),
]
