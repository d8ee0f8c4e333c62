"""Does the matrix agree with the oracle, and with itself, whatever a standard writes and whoever answers?"""

from __future__ import annotations

from datetime import date

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.core.matrices import THREE, agreements, facts, sections, written
from tests.core.oracle_matrix import expect
from tocsin.core.matrix import STOPPED

DAYS = st.sampled_from([None, date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 1), date(2026, 6, 2)])
FIVE = ("S0", "S1", "S2", "S3", "S4")


def examples(count):
    return settings(max_examples=count, deadline=None, derandomize=True, phases=(Phase.explicit, Phase.generate))


@examples(300)
@given(st.data())
def test_the_priority_is_the_one_the_words_say(data):
    priorities = data.draw(st.sampled_from([THREE, FIVE]))
    section = data.draw(sections(priorities))
    client, service = (data.draw(agreements(section["inputs"], priorities)) for _ in range(2))
    contract = {"matrix": client, "services": {"crm": {"matrix": service}}}
    which = data.draw(st.sampled_from(["crm", None]))
    said, on = data.draw(facts(section["inputs"])), data.draw(DAYS)
    stopped = data.draw(st.sampled_from([(), ("Ransomware is spreading",)]))

    answer = written(section, contract=contract, service=which, priorities=priorities).ask(said, on=on, stopped=stopped)

    overrides = [service, client] if which else [client]
    expected = expect(section, priorities, said, overrides=overrides, on=on, stopped=stopped)
    assert (answer.priority, dict(answer.assumed)) == expected


@examples(200)
@given(st.data())
def test_knowing_worse_never_lowers_the_priority(data):
    section = data.draw(sections())
    matrix = written(section)
    said = data.draw(facts(section["inputs"]))
    name = data.draw(st.sampled_from(sorted(section["inputs"])))
    scale = list(section["inputs"][name]["scale"])
    known = said.get(name, section["inputs"][name]["assumed"])
    worse = data.draw(st.sampled_from(scale[scale.index(known) :]))

    before, after = matrix.ask(said), matrix.ask({**said, name: worse})

    assert not matrix.more_severe(before.priority, after.priority)


@examples(150)
@given(st.data())
def test_the_order_of_rows_never_matters(data):
    section = data.draw(sections())
    said = data.draw(facts(section["inputs"]))
    moved = {
        **section,
        "criteria": {
            priority: data.draw(st.permutations([_moved(test, data) for test in section["criteria"][priority]]))
            for priority in data.draw(st.permutations(sorted(section["criteria"])))
        },
    }

    assert written(section).ask(said) == written(moved).ask(said)


def _moved(test, data):
    """The same test, its groups in another order."""
    return {
        key: data.draw(st.permutations([_moved(each, data) for each in value])) if isinstance(value, list) else value
        for key, value in test.items()
    }


@examples(150)
@given(st.data())
def test_what_nobody_answered_counts_as_what_is_assumed(data):
    section = data.draw(sections())
    matrix = written(section)
    said = data.draw(facts(section["inputs"]))

    answer = matrix.ask(said)

    assert matrix.ask({**answer.assumed, **said}).priority == answer.priority
    assert set(answer.assumed) == set(section["inputs"]) - set(said)


@examples(150)
@given(st.data())
def test_it_rests_on_the_inputs_it_names_and_on_no_other(data):
    """Whatever is made of the other inputs, it is at least as severe: so much the named ones decide."""
    section = data.draw(sections())
    matrix = written(section)
    said, others = (data.draw(facts(section["inputs"])) for _ in range(2))
    answer = matrix.ask(said)
    decided = {name: said.get(name, answer.assumed.get(name)) for name in answer.decided_by}

    again = matrix.ask({**others, **decided})

    assert not matrix.more_severe(answer.priority, again.priority)


@examples(100)
@given(st.data())
def test_a_stopped_line_is_as_severe_as_it_gets(data):
    section = data.draw(sections())

    answer = written(section).ask(data.draw(facts(section["inputs"])), stopped=["Data is being lost"])

    assert answer.priority == THREE[0]
    assert answer.decided_by[0] == STOPPED
