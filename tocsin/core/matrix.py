"""How severe is it, by what is known of it?

Severity follows business impact, never technical difficulty: no input asks how hard a fault is. Every test reads "at
least as severe as", so that knowing worse never lowers the priority. (semantics 5, R1.2)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from tocsin.core.document import nearest

STOPPED: Final = "stop-the-line"
ANSWERED, ASSUMED = "answered", "assumed"


class BadFacts(ValueError):
    """An input nobody knows, or an answer that is not on its scale; the text says what is."""


@dataclass(frozen=True, slots=True)
class Input:
    """Something to be known of a fault. `scale` maps its answers to what people call them, the mildest first.

    `assumed` is the answer taken where nobody gave one. (R1.12)
    """

    name: str
    title: str
    scale: Mapping[str, str]
    assumed: str
    question: str = ""
    beside: bool = False  # it counts only beside another input (R1.10)
    weighed: str = ""  # the service whose weight is assumed, where the standard weighs it

    def place(self, answer: str) -> int:
        """Where the answer stands on the scale, 0 being the mildest."""
        return list(self.scale).index(answer)


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Holds where the input's answer is this severe, or more."""

    input: str
    answer: str


@dataclass(frozen=True, slots=True)
class AllOf:
    """Holds where every one of its tests does."""

    tests: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Holds where one of its tests does."""

    tests: tuple[Test, ...]


Test = AtLeast | AllOf | AnyOf


def named(test: Test) -> Iterator[str]:
    """The inputs that a test asks for."""
    if isinstance(test, AtLeast):
        yield test.input
    else:
        for each in test.tests:
            yield from named(each)


@dataclass(frozen=True, slots=True)
class Criterion:
    """What passes this test is at least this severe; `says` is that in words. One of a set suffices. (R1.10)"""

    priority: str
    test: Test
    says: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The priority in a row and a column: `cells` maps both answers to it."""

    rows: str
    columns: str
    cells: Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Override:
    """What was agreed besides the standard, by contract: other assumptions, and more that is severe. (R1.3)

    It holds from the day `starts_on` to the day `ends_on`, both included, as far as they are given.
    """

    source: str
    assumed: Mapping[str, str] = field(default_factory=dict)
    criteria: tuple[Criterion, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None

    def holds(self, on: date | None) -> bool:
        """Whether it is in force on the day; None is some day on which everything agreed is."""
        if on is None:
            return True
        return (self.starts_on is None or self.starts_on <= on) and (self.ends_on is None or on <= self.ends_on)

    @property
    def said(self) -> str:
        """Whom it was agreed with, and for when."""
        since = f" since {self.starts_on}" if self.starts_on else ""
        until = f" until {self.ends_on}" if self.ends_on else ""
        return f"agreed with the {self.source}{since}{until}"


@dataclass(frozen=True, slots=True)
class Answer:
    """How severe it is, and why.

    because: a sentence for each thing that makes it so. decided_by: the inputs it rests on. assumed: the inputs nobody
    answered, with what was assumed. losers: what held as well and would have made it less severe, in sentences.
    """

    priority: str
    because: tuple[str, ...]
    decided_by: tuple[str, ...] = ()
    assumed: Mapping[str, str] = field(default_factory=dict)
    losers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Matrix:
    """Which facts qualify for which priority, in a standard and under a contract.

    `priorities` are the most severe first, `otherwise` is the one where nothing qualifies for another. `overrides` are
    in the order in which their assumptions win: a service's before the client's.
    """

    priorities: tuple[str, ...]
    otherwise: str
    inputs: Mapping[str, Input]
    criteria: tuple[Criterion, ...] = ()
    tables: tuple[Table, ...] = ()
    overrides: tuple[Override, ...] = ()
    weighed_by: str = ""

    def weighing(self, title: str, weight: str) -> Matrix:
        """The matrix for a service of this weight: the answer assumed where neither anybody nor a contract said one."""
        inputs = dict(self.inputs)
        inputs[self.weighed_by] = replace(inputs[self.weighed_by], assumed=weight, weighed=title)
        return replace(self, inputs=inputs)

    def ask(self, facts: Mapping[str, str | None], *, on: date | None = None, stopped: Sequence[str] = ()) -> Answer:
        """The most severe of what the standard, the client, the service and a stopped line make of these facts.

        `facts` map inputs to answers; one that is missing, None or blank is not answered. `on` is the day whose
        agreements count, `stopped` the conditions for which the line was stopped. Raises BadFacts. (semantics 5)
        """
        given = self.known(facts)
        said = _Said(self, given, [each for each in self.overrides if each.holds(on)])
        found = said.joined(said.found())
        if stopped:
            words = f"{self.priorities[0]}, because the line was stopped: {'; '.join(stopped)}"
            found.append(_Found(self.priorities[0], (-1,), words, (STOPPED,)))
        found.sort(key=lambda each: (self.priorities.index(each.priority), *each.order))
        best = [each for each in found if each.priority == found[0].priority] if found else []
        if not best or self._less(self.otherwise, best[0].priority) < 0:
            words = f"{self.otherwise}, because nothing that is known or assumed qualifies for more"
            best = [_Found(self.otherwise, (), words, ())]
        decided = {name for each in best for name in each.inputs}
        return Answer(
            best[0].priority,
            tuple(dict.fromkeys(each.words for each in best)),
            tuple(name for name in (STOPPED, *self.inputs) if name in decided),
            {name: said.answers[name] for name in self.inputs if name not in given},
            tuple(dict.fromkeys(each.words for each in found if each.priority != best[0].priority)),
        )

    def known(self, facts: Mapping[str, str | None]) -> dict[str, str]:
        """Those that were answered, in the order of the inputs. Raises BadFacts with every mistake."""
        wrong = []
        for name, answer in facts.items():
            if name not in self.inputs:
                wrong.append(f"{name!r} is no fact of this standard: {nearest(name, self.inputs)}")
            elif answer and answer not in self.inputs[name].scale:
                wrong.append(f"{name}: {answer!r} is not on its scale: {nearest(answer, self.inputs[name].scale)}")
        if wrong:
            raise BadFacts(" ".join(wrong))
        return {name: answer for name in self.inputs if (answer := facts.get(name))}

    def assumed(self, *, on: date | None = None) -> dict[str, str]:
        """What is taken where nobody answers, input by input."""
        return _Said(self, {}, [each for each in self.overrides if each.holds(on)]).answers

    @property
    def inputs_that_matter(self) -> frozenset[str]:
        """Those that a test or a table asks for, in the standard or by contract."""
        agreed = [criterion for each in self.overrides for criterion in each.criteria]
        tested = {name for each in (*self.criteria, *agreed) for name in named(each.test)}
        return frozenset(tested | {name for table in self.tables for name in (table.rows, table.columns)})

    def more_severe(self, one: str, other: str) -> bool:
        return self._less(one, other) < 0

    def _less(self, one: str, other: str) -> int:
        return self.priorities.index(one) - self.priorities.index(other)


@dataclass(frozen=True, slots=True)
class _Found:
    """Something that holds: what it makes of it, in words, by which inputs; `order` is no matter of its row."""

    priority: str
    order: tuple[int, ...]
    words: str
    inputs: tuple[str, ...]
    agreed: str = ""

    def like(self, other: _Found) -> bool:
        return (self.priority, self.agreed) == (other.priority, other.agreed)


class _Said:
    """What is answered and what assumed, and what holds then."""

    def __init__(self, matrix: Matrix, given: Mapping[str, str], overrides: Sequence[Override]) -> None:
        self.matrix = matrix
        self.given = given
        self.overrides = overrides
        self.answers: dict[str, str] = {}
        self.how: dict[str, str] = {}
        for name, each in matrix.inputs.items():
            agreed = next((override for override in overrides if name in override.assumed), None)
            assumed = agreed.assumed[name] if agreed else each.assumed
            self.answers[name] = given.get(name, assumed)
            why = agreed.said if agreed else f"the standard weighs {each.weighed}" if each.weighed else ""
            self.how[name] = ANSWERED if name in given else f"{ASSUMED}, as {why}" if why else ASSUMED

    def found(self) -> Iterator[_Found]:
        """Everything that holds."""
        for criterion in self.matrix.criteria:
            yield from self._judged(criterion, "")
        for override in self.overrides:
            for criterion in override.criteria:
                yield from self._judged(criterion, f", as {override.said}")
        for table in self.matrix.tables:
            cell = table.cells[self.answers[table.rows], self.answers[table.columns]]
            yield self._found(cell, [table.rows, table.columns], "")

    def joined(self, found: Iterable[_Found]) -> list[_Found]:
        """Each fact is named once: what asks for more than another that holds says nothing new, and is left out; those
        that share a fact are one."""
        kept: list[_Found] = []
        every = list(found)
        for each in every:
            if any(other.like(each) and set(other.inputs) < set(each.inputs) for other in every):
                continue
            sharing = [other for other in kept if other.like(each) and set(other.inputs) & set(each.inputs)]
            names = [name for other in (*sharing, each) for name in other.inputs]
            kept = [other for other in kept if other not in sharing]
            kept.append(self._found(each.priority, names, each.agreed))
        return kept

    def _judged(self, criterion: Criterion, agreed: str) -> Iterator[_Found]:
        carried = self._carried(criterion.test)
        if carried is not None:
            yield self._found(criterion.priority, carried, agreed)

    def _found(self, priority: str, carried: Iterable[str], agreed: str) -> _Found:
        places = list(self.matrix.inputs)
        names = sorted(set(carried), key=places.index)
        guessed = sum(name not in self.given for name in names)
        words = f"{priority}, because {' and '.join(map(self._fact, names))}{agreed}"
        return _Found(priority, (guessed, *map(places.index, names)), words, tuple(names), agreed)

    def _fact(self, name: str) -> str:
        one = self.matrix.inputs[name]
        return f"{one.title}: {one.scale[self.answers[name]]} ({self.how[name]})"

    def _carried(self, test: Test) -> list[str] | None:
        """The inputs on which it holds; None where it does not. Of alternatives, those that were guessed least."""
        if isinstance(test, AtLeast):
            one = self.matrix.inputs[test.input]
            return [test.input] if one.place(self.answers[test.input]) >= one.place(test.answer) else None
        parts = [self._carried(each) for each in test.tests]
        held = [part for part in parts if part is not None]
        if isinstance(test, AllOf):
            return [name for part in held for name in part] if len(held) == len(parts) else None
        if not held:
            return None
        guesses = [sum(name not in self.given for name in set(part)) for part in held]
        return [name for part, guessed in zip(held, guesses, strict=True) if guessed == min(guesses) for name in part]
