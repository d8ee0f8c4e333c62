"""Which faults in rosters and gates should the suite notice? See tests/mutants.py."""

from __future__ import annotations

from tests.mutate import Mutant

ROTA = ("tests/core/test_rota.py", "tests/core/test_rota_properties.py")


def _core(file: str, *faults: tuple[str, str, str]) -> list[Mutant]:
    return [Mutant(name, f"tocsin/core/{file}", old, new, ROTA) for name, old, new in faults]


ROSTERS = [
    *_core(
        "rotation.py",
        (
            "a handoff by UTC",
            "return instant(self._zone, self._wall(turn))",
            'return instant("UTC", self._wall(turn))',
        ),
        (
            "a handoff on the 31st that stays on the 28th",
            "day = min(layer.starts.day, monthrange(year, month + 1)[1])",
            "day = min(layer.starts.day, 28)",
        ),
        (
            "a month taken for thirty days",
            'if layer.unit != "months":\n            return layer.starts + turn * layer.every * UNITS[layer.unit]',
            "if True:\n            return layer.starts + turn * layer.every * UNITS.get(layer.unit, timedelta(30))",
        ),
        (
            "hours handed off by the clocks on the wall",
            'return self._first + turn * self._layer.every * UNITS["hours"]',
            "return instant(self._zone, self._wall(turn))",
        ),
        ("windows ignored", "Calendar(zone, layer.windows) if layer.windows else None", "None"),
        ("windows by UTC", "Calendar(zone, layer.windows)", 'Calendar("UTC", layer.windows)'),
        ("an occurrence counted as time", 'nth = turn if self._layer.count == "time" else', "nth = turn if True else"),
        (
            "a turn that lasts real hours on the night of a change",
            "instant(self._zone, self._wall(turn) + lasts)",
            "start + lasts",
        ),
        (
            "a turn that lasts to the next handoff",
            "            lasts = self._layer.lasts\n",
            "            lasts = None\n",
        ),
        (
            "on call still when a turn that lasts shorter is over",
            "if at >= self._span(turn)[1] or",
            "if at > self._span(turn)[1] or",
        ),
        ("the repeated hour given back to who had the first", "while self._span(turn + 1)[0] <= at:", "while False:"),
        ("a handoff on the first of a month", "while self._span(turn)[0] > at:", "while False:"),
        ("a layer that never ends", "instant(zone, layer.ends) if layer.ends else LAST", "LAST"),
    ),
    *_core(
        "rota.py",
        ("the lower layer wins", "for turns in reversed(self._turns)", "for turns in self._turns"),
        (
            "the last override first",
            "for override in self.overrides:\n            if override.start <= at",
            "for override in reversed(self.overrides):\n            if override.start <= at",
        ),
        (
            "an override that holds at its end",
            "if override.start <= at < override.end:",
            "if override.start <= at <= override.end:",
        ),
        (
            "a replacement of somebody who is not on call",
            "if place is None:\n            return people",
            "if place is None:\n            return _once((*people, *self.people))",
        ),
        ("a hole shown as a shift", "for shift in found if shift.people]", "for shift in found]"),
        ("a handoff to oneself shown as two shifts", "if i == 0 or people[i] != people[i - 1]]", "]"),
        ("the hole at the end left out", "if reached < until:", "if False:"),
    ),
]

STAGE = ("tests/core/test_stage.py", "tests/core/test_stage_properties.py")

GATES = [
    Mutant(name, "tocsin/core/stage.py", old, new, STAGE)
    for name, old, new in (
        ("a gate that any reason opens", 'frozenset({"verified"})', "frozenset()"),
        ("a blank reason taken for one", "said = bool(reason.strip())", "said = bool(reason)"),
        ("going back for nothing", "return Gate(to, said, back=True)", "return Gate(to, True, back=True)"),
        ("an artifact of another stage taken", "if (stage.name, kind) not in left.artifacts", "if not left.artifacts"),
        ("only the last stage asked", "pairwise(own[begins : ends + 1])", "pairwise(own[ends - 1 : ends + 1])"),
        (
            "the stage it begins never asked",
            "(*_to_end(before, left), *_to_begin(after, left))",
            "_to_end(before, left)",
        ),
        (
            "the stages of another priority asked",
            "own = path(stages, priority)\n    names = [stage.name for stage in own]\n    for",
            "own = tuple(stages)\n    names = [stage.name for stage in own]\n    for",
        ),
        ("a bypass forgotten", "lacking if passes else ()", "()"),
        ("a raise that sends it back to the first stage", "return before[-1] if before", "return before[0] if before"),
        (
            "a stage it was never in after a lowering",
            "if at in names and names.index(stage.name) <= names.index(at)",
            "if at in names",
        ),
    )
]
