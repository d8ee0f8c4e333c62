"""How severe is it, if one reads the standard's words with a finger on the line?

Slow and obvious, written from semantics 5 and docs/policy.md alone: it takes the tables of the document as they were
written, and no rule of tocsin.core. It says the priority, and what was assumed.
"""

from __future__ import annotations

from datetime import date


def expect(section, priorities, facts, *, overrides=(), on=None, stopped=()):
    """(the priority, what was assumed) by the `[matrix]` section and those of a contract, the service's first."""
    in_force = [override for override in overrides if _in_force(override, on)]
    assumed, answers = {}, {}
    for name, asked in section["inputs"].items():
        if facts.get(name):
            answers[name] = facts[name]
            continue
        answers[name] = asked["assumed"]
        for override in reversed(in_force):
            answers[name] = override.get("assumed", {}).get(name, answers[name])
        assumed[name] = answers[name]

    qualifies = {section["otherwise"]}
    for criteria in [section.get("criteria", {}), *(override.get("criteria", {}) for override in in_force)]:
        for priority, tests in criteria.items():
            if any(_holds(test, section["inputs"], answers) for test in tests):
                qualifies.add(priority)
    for table in section.get("tables", {}).values():
        columns = list(section["inputs"][table["columns"]]["scale"])
        row = table["cells"][answers[table["rows"]]]
        qualifies.add(row[columns.index(answers[table["columns"]])])
    if stopped:
        qualifies.add(priorities[0])
    return next(priority for priority in priorities if priority in qualifies), assumed


def _in_force(override, on):
    if on is None:
        return True
    if "starts_on" in override and on < date.fromisoformat(override["starts_on"]):
        return False
    return not ("ends_on" in override and on > date.fromisoformat(override["ends_on"]))


def _holds(test, inputs, answers):
    for key, wanted in test.items():
        if key == "all_of":
            return all(_holds(each, inputs, answers) for each in wanted)
        if key == "any_of":
            return any(_holds(each, inputs, answers) for each in wanted)
        if key != "says":
            scale = list(inputs[key]["scale"])
            return answers[key] in scale[scale.index(wanted) :]
    raise AssertionError(f"{test} tests nothing")
