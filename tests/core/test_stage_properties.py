"""Do the gates agree with the oracle, and with themselves, whatever a standard asks and whatever is on record?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.core.oracle_stage import doors, standing
from tocsin.core.event import Opened, PriorityChanged, Reopened, Solved, StageEntered
from tocsin.core.stage import ARTIFACTS, FACTS, NEVER_BYPASSED, WORDS, BadStage, Left, Stage, gate, path, walk

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
NAMES = ("triage", "contain", "diagnose", "resolve", "recover", "review")
PRIORITIES = ("P1", "P2", "P3")
SOME_FACTS = sorted({"prioritised", "owned", "cause_known", "fixed", "verified"})
SOME_KINDS = ("log", "screenshot")


def examples(count):
    return settings(max_examples=count, deadline=None, derandomize=True, phases=(Phase.explicit, Phase.generate))


def some(words, most=2):
    return st.lists(st.sampled_from(words), unique=True, max_size=most)


@st.composite
def stages(draw):
    return [
        {
            "name": name,
            "priorities": draw(some(PRIORITIES, 3)),
            "status": draw(st.sampled_from(WORDS)),
            "entry": draw(some(SOME_FACTS)),
            "artifacts": draw(some(SOME_KINDS)),
            "exit": draw(some(SOME_FACTS)),
        }
        for name in NAMES[: draw(st.integers(1, 6))]
    ]


def written(rooms):
    return tuple(
        Stage(
            room["name"],
            room["name"].title(),
            room["status"],
            priorities=tuple(room["priorities"]),
            entry=tuple(room["entry"]),
            artifacts=tuple(room["artifacts"]),
            exit=tuple(room["exit"]),
        )
        for room in rooms
    )


FILED = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(SOME_KINDS)), unique=True, max_size=8)
REASONS = st.sampled_from(["", " ", "It is three in the morning"])


@examples(600)
@given(st.data())
def test_a_gate_opens_where_the_doors_do(data):
    rooms, priority = data.draw(stages()), data.draw(st.sampled_from(PRIORITIES))
    at, to = (data.draw(st.sampled_from(NAMES)) for _ in range(2))
    facts, filed, reason = data.draw(some(SOME_FACTS, 5)), data.draw(FILED), data.draw(REASONS)
    named = {f"{stage}/{kind}" for stage, kind in filed}
    expected = doors(rooms, priority, at, to, facts=facts, artifacts=named, reason=reason)

    if expected is None:
        with pytest.raises(BadStage):
            gate(written(rooms), at, to, priority, left=Left(facts, filed), reason=reason)
        return
    found = gate(written(rooms), at, to, priority, left=Left(facts, filed), reason=reason)

    said = {f"{lack.stage} {lack.part} {lack.word}" for lack in (*found.lacking, *found.bypassed)}
    assert (found.open, said, found.back) == expected


@examples(300)
@given(st.data())
def test_the_more_is_on_record_the_less_is_lacking(data):
    rooms, priority = written(data.draw(stages())), data.draw(st.sampled_from(PRIORITIES))
    own = path(rooms, priority)
    if not own:
        return
    at, to = (data.draw(st.sampled_from([stage.name for stage in own])) for _ in range(2))
    facts, filed = data.draw(some(SOME_FACTS, 5)), data.draw(FILED)
    fewer = data.draw(some(facts, 5)) if facts else []

    more, less = (gate(rooms, at, to, priority, left=Left(known, filed)) for known in (facts, fewer))

    assert set(more.lacking) <= set(less.lacking)
    assert more.open or not less.open


@examples(300)
@given(st.data())
def test_what_is_bypassed_never_holds_the_verification(data):
    rooms, priority = written(data.draw(stages())), data.draw(st.sampled_from(PRIORITIES))
    own = path(rooms, priority)
    if not own:
        return
    at, to = (data.draw(st.sampled_from([stage.name for stage in own])) for _ in range(2))

    found = gate(rooms, at, to, priority, reason="It has to be")

    assert NEVER_BYPASSED.isdisjoint(lack.word for lack in found.bypassed)
    assert found.open == (not found.final)


@examples(400)
@given(st.data())
def test_the_work_stands_where_one_who_walked_along_stands(data):
    rooms = data.draw(stages())
    step = st.one_of(
        st.tuples(st.just("priority"), st.sampled_from(PRIORITIES)),
        st.tuples(st.just("enter"), st.sampled_from(NAMES)),
        st.tuples(st.sampled_from(["solved", "reopened"]), st.just("")),
    )
    happenings = [("priority", data.draw(st.sampled_from(PRIORITIES))), *data.draw(st.lists(step, max_size=8))]
    story = [Opened(NINE, priority=happenings[0][1], seq=1)]
    for seq, (what, value) in enumerate(happenings[1:], start=2):
        story.append(_told(what, value, NINE + timedelta(minutes=seq), seq))

    assert walk(written(rooms), story).at == standing(rooms, happenings)


def _told(what, value, at, seq):
    if what == "priority":
        return PriorityChanged(at, value, seq=seq)
    if what == "enter":
        return StageEntered(at, value, seq=seq)
    return Solved(at, seq=seq) if what == "solved" else Reopened(at, seq=seq)


def test_every_word_a_gate_may_ask_for_says_what_it_means():
    assert all(meaning and meaning[0].islower() for meaning in (*FACTS.values(), *ARTIFACTS.values()))
    assert not FACTS.keys() & ARTIFACTS.keys(), "a word names one thing"
    assert WORDS[0] == "investigating" and WORDS[-1] == "resolved"
