"""What do several standards say, side by side?

Rows of plain strings, for a page or a screen. That two cells differ is for the reader to see; `differs` says it, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tocsin.core.clock import Clock, Target
from tocsin.core.ladder import Ladder, Step
from tocsin.core.policy import OFFICE, Policy
from tocsin.core.terms import Terms

NONE: Final = "—"
Cell = Callable[[Policy, Terms], str]


@dataclass(frozen=True, slots=True)
class Row:
    """One thing every standard says something of: under which heading, what, and what each says, in their order."""

    heading: str
    what: str
    cells: tuple[str, ...]

    @property
    def differs(self) -> bool:
        return len(set(self.cells)) > 1


@dataclass(frozen=True, slots=True)
class Example:
    """Something that happens, and by standard the facts that somebody would answer of it."""

    says: str
    facts: Mapping[str, Mapping[str, str]]


def compare(policies: Sequence[Policy]) -> list[Row]:
    """Priorities, promises, what pauses them, thresholds, ladders, levels and how it ends: a row each. (R16.2)"""
    read = [(policy, policy.terms(hours=OFFICE)) for policy in policies]
    return [Row(heading, what, tuple(cell(*each) for each in read)) for heading, what, cell in _rows()]


def rank(policies: Sequence[Policy], examples: Iterable[Example]) -> list[Row]:
    """What each makes of the same examples, by its own matrix; "—" where it asks for no facts. (R1.11)"""
    read = [(policy, policy.terms(hours=OFFICE)) for policy in policies]
    return [Row("Examples", each.says, tuple(_ranked(each, *one) for one in read)) for each in examples]


def _ranked(example: Example, policy: Policy, terms: Terms) -> str:
    if terms.matrix is None or policy.name not in example.facts:
        return NONE
    return terms.matrix.ask(example.facts[policy.name]).priority


def _rows() -> Iterable[tuple[str, str, Cell]]:
    yield (
        "Priorities",
        "the most severe first",
        lambda policy, _: ", ".join(f"{each.name} {each.title}" for each in policy.priorities),
    )
    yield (
        "Priorities",
        "round the clock",
        lambda policy, _: _names(each.name for each in policy.priorities if each.calendar == "always"),
    )
    yield (
        "Priorities",
        "in support hours",
        lambda policy, _: _names(each.name for each in policy.priorities if each.calendar != "always"),
    )
    yield "Priorities", "decided by", _decided_by
    yield (
        "Priorities",
        "raised by age",
        lambda _, terms: _names(f"{rule.frm} to {rule.to} after {rule.after[0]}" for rule in terms.raises),
    )
    yield (
        "Priorities",
        "alerts change it",
        lambda _, terms: _names(
            word for word, rule in (("raise", terms.alerts_raise), ("lower", terms.alerts_lower)) if rule
        ),
    )
    for name, said in (
        ("response", "first response"),
        ("client_notified", "client told"),
        ("next_update", "next update"),
        ("resolution", "resolution"),
    ):
        yield "Promises", said, _targets(name)
    yield "Promises", "resolution is a", _of_clock("resolution", lambda clock: clock.kind)
    yield "Promises", "resolution waits for", _of_clock("resolution", lambda clock: _names(sorted(clock.paused_by)))
    yield "Promises", "updates wait for", _of_clock("next_update", lambda clock: _names(sorted(clock.paused_by)))
    yield "Promises", "on the way to resolution", _thresholds
    yield "Promises", "up", _up
    yield (
        "Levels",
        "who works on it",
        lambda policy, _: ", ".join(
            f"{each.name} {each.title}" if each.name[1:].isdigit() else each.title for each in policy.levels.values()
        ),
    )
    yield "Levels", "each passes it on after", _levels
    yield "Levels", "waits hold them", _held("functional")
    yield "Levels", "how it ends", _end
    yield "Levels", "stages of the work", lambda _, terms: _names(each.title for each in terms.stages)
    yield "Levels", "needs approval", lambda _, terms: _names(each.title for each in terms.practice.approvals.values())
    yield (
        "Levels",
        "needs a decision",
        lambda _, terms: _names(
            f"{each.title}: {_title(terms, each.to)}" for each in terms.practice.decisions.values()
        ),
    )
    yield (
        "Levels",
        "reviewed",
        lambda _, terms: _names(
            f"{priority} within {each.within[0]}, {each.depth}" for priority, each in terms.practice.reviews.items()
        ),
    )
    for name, said in (
        ("page", "the page path"),
        ("management", "management"),
        ("client", "the client upwards"),
        ("complaint", "a complaint"),
    ):
        yield "Ladders", said, _climbed(name)


def _names(found: Iterable[str]) -> str:
    return ", ".join(found) or NONE


def _decided_by(_: Policy, terms: Terms) -> str:
    if terms.matrix is None:
        return NONE
    return _names(each.title for name, each in terms.matrix.inputs.items() if name in terms.matrix.inputs_that_matter)


def _targets(name: str) -> Cell:
    def cell(_: Policy, terms: Terms) -> str:
        clock = terms.clocks.get(name)
        return _by_priority({p: clock.targets.get(p) for p in terms.priorities}) if clock else NONE

    return cell


def _by_priority(found: Mapping[str, Target | None]) -> str:
    return " / ".join(NONE if time is None else str(time[0]) for time in found.values())


def _of_clock(name: str, said: Callable[[Clock], str]) -> Cell:
    return lambda _, terms: said(terms.clocks[name]) if name in terms.clocks else NONE


def _thresholds(_: Policy, terms: Terms) -> str:
    found = [each for each in terms.thresholds if each.clock == "resolution"]
    return _names(
        f"{each.percent} % {_title(terms, each.tell)}"
        + (f" and to {_title(terms, each.escalate)}" if each.escalate else "")
        for each in found
    )


def _levels(_: Policy, terms: Terms) -> str:
    ladder = terms.ladders.get("functional")
    if ladder is None:
        return NONE
    return "; ".join(_step(_title(terms, step.name), step, terms) for step in ladder.steps)


def _step(name: str, step: Step, terms: Terms) -> str:
    if not step.after:
        percent = [each.percent for each in terms.thresholds if each.escalate == step.name]
        return f"to {name} " + (f"at {percent[0]} %" if percent else "when a person asks")
    return f"to {name} {_by_priority({p: step.after.get(p) for p in terms.priorities})}"


def _held(name: str) -> Cell:
    def cell(_: Policy, terms: Terms) -> str:
        ladder = terms.ladders.get(name)
        return _names(sorted(ladder.paused_by)) if ladder else NONE

    return cell


def _end(_: Policy, terms: Terms) -> str:
    ladder = terms.ladders.get("functional")
    if ladder is None:
        return NONE
    last = ladder.steps[-1]
    return f"{_title(terms, last.name)}: {_title(terms, last.to)}"


def _up(_: Policy, terms: Terms) -> str:
    up = terms.practice.uptime
    if up is None:
        return NONE
    begins = f", from {up.applies_after[0]} on" if up.applies_after else ""
    return f"{up.percent} % a {up.period}, a {up.kind}{begins}"


def _climbed(name: str) -> Cell:
    def cell(_: Policy, terms: Terms) -> str:
        ladder = terms.ladders.get(name)
        return _climb(ladder, terms) if ladder else NONE

    return cell


def _climb(ladder: Ladder, terms: Terms) -> str:
    """15m Team lead (P1), 30m Service delivery manager (P1, P2), …: a step whose times differ says each."""
    said = []
    for step in ladder.steps:
        times = {str(time[0]) for time in step.after.values()}
        whom = step.title or _title(terms, step.to)
        if len(times) == 1:
            who = f" ({', '.join(step.after)})" if set(step.after) & set(terms.priorities) else ""
            said.append(f"{times.pop()} {whom}{who}")
        else:
            said.append(f"{whom} ({', '.join(f'{p} {time[0]}' for p, time in step.after.items())})")
    return ", ".join(said)


def _title(terms: Terms, name: str) -> str:
    return terms.titles.get(name, name)
