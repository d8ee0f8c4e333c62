"""Is what is due on a ticket due once, at its own instant, and is the ticket looked at in time?"""

from dataclasses import replace
from itertools import permutations

import pytest

from tests.core.small_desk import ALWAYS, MANAGEMENT, NINE, TICK, agreed, always, at, one, silenced, step, told
from tocsin.core.cadence import cadence
from tocsin.core.clock import Clock
from tocsin.core.duration import parse
from tocsin.core.event import (
    Acknowledged,
    Cancelled,
    Closed,
    Escalated,
    Fired,
    Merged,
    Noted,
    Opened,
    Paused,
    PriorityChanged,
    Reopened,
    Responded,
    Resumed,
    Solved,
    Updated,
)
from tocsin.core.ladder import Ladder
from tocsin.core.plan import Plan, due
from tocsin.core.terms import RaiseRule

RESOLUTION = Clock(always(P1="4h", P2="8h"), paused_by=("client",), thresholds=(50, 75, 90))
CLOCK = agreed(clocks=[RESOLUTION])
HALF, MOST, NEARLY = (f"threshold/resolution@1/{percent}" for percent in (50, 75, 90))
BREACH = "breach/resolution@1"


# -- when to look


def test_it_is_looked_at_when_something_falls_due_next():
    story = [Opened(NINE, priority="P1")]

    assert due(story, CLOCK, now=NINE).look_at == at(120)


def test_of_several_the_earliest_counts():
    terms = agreed(MANAGEMENT, clocks=[RESOLUTION])

    assert due([Opened(NINE, priority="P1")], terms, now=NINE).look_at == at(15)


def test_for_a_breach_it_is_looked_at_a_microsecond_after_its_instant():
    silent = agreed(clocks=[replace(RESOLUTION, thresholds=())])

    assert due([Opened(NINE, priority="P1")], silent, now=NINE).look_at == at(240) + TICK


def test_when_nothing_can_fall_due_it_is_not_looked_at():
    assert due([Opened(NINE, priority="P4")], CLOCK, now=NINE).look_at is None
    assert due([Opened(NINE, priority="P1"), Solved(at(1))], CLOCK, now=at(1)).look_at is None
    assert due([Opened(NINE, priority="P1"), Paused(at(1))], CLOCK, now=at(1)).look_at is None


def test_while_something_is_due_it_is_looked_at_for_that():
    plan = due([Opened(NINE, priority="P1")], CLOCK, now=at(150))

    assert (plan.look_at, plan.next_at) == (at(120), at(180))


def test_what_is_on_record_is_not_looked_at_again():
    story = [Opened(NINE, priority="P1"), Fired(at(120), recorded_at=at(121), key=HALF)]

    assert due(story, CLOCK, now=at(150)).look_at == at(180)


def test_what_a_wait_dated_back_puts_off_is_not_looked_at_again_once_it_is_on_record():
    story = [
        Opened(NINE, priority="P1"),
        Fired(at(120), recorded_at=at(121), key=HALF),
        Paused(at(100), recorded_at=at(130), on="client"),
        Resumed(at(140)),
    ]

    assert due(story, CLOCK, now=at(141)).look_at == at(220)


def test_before_its_opening_was_recorded_there_is_no_ticket():
    late = Opened(NINE, priority="P1", recorded_at=at(30))

    assert due([late], CLOCK, now=at(29)) == Plan((), None, {})


def test_events_recorded_later_are_not_known_yet():
    story = [Opened(NINE, priority="P1"), Solved(at(100), recorded_at=at(125))]

    assert told(story, CLOCK, at(124)) == {HALF: 120}
    assert told(story, CLOCK, at(125)) == {}


# -- what is due


def test_obligations_are_in_the_order_in_which_they_fell_due():
    terms = agreed(MANAGEMENT, clocks=[RESOLUTION, cadence(always(P1="30m"))])

    instants = list(told([Opened(NINE, priority="P1")], terms, at(300)).values())

    assert len(instants) > 10
    assert instants == sorted(instants)


def test_a_threshold_is_due_at_its_share_of_the_budget():
    found = told([Opened(NINE, priority="P1")], CLOCK, at(216))

    assert found == {HALF: 120, MOST: 180, NEARLY: 216}


def test_a_breach_is_dated_at_its_instant_and_true_from_the_next_microsecond_on():
    story = [Opened(NINE, priority="P1")]

    assert BREACH not in told(story, CLOCK, at(240))
    assert told(story, CLOCK, at(240) + TICK)[BREACH] == 240


def test_a_solution_at_the_very_instant_keeps_the_promise():
    assert BREACH not in told([Opened(NINE, priority="P1"), Solved(at(240))], CLOCK, at(300))


def test_the_order_in_which_clocks_and_ladders_are_agreed_moves_no_instant():
    clocks = [RESOLUTION, cadence(always(P1="30m")), Clock(always(P1="15m"), name="response", met_by=("responded",))]
    story = [Opened(NINE, priority="P1")]

    plans = [told(story, agreed(MANAGEMENT, clocks=order), at(250)) for order in permutations(clocks)]

    assert all(plan == plans[0] for plan in plans)


# -- keys


def test_keys_name_kind_subject_anchor_and_step():
    functional = Ladder(
        "functional", (step("L2", accept=always(P1="5m"), P1="30m"), step("L3", P1="2h")), counts_from="level"
    )
    terms = agreed(
        MANAGEMENT,
        functional,
        clocks=[RESOLUTION, cadence(always(P1="30m"))],
        raises=(RaiseRule("P2-P1", "P2", "P1", (parse("4h"), ALWAYS)),),
        solved_period=(parse("24h"), ALWAYS),
    )
    story = [
        Opened(NINE, priority="P2"),  # 1
        PriorityChanged(at(250), "P1"),  # 2
        Escalated(at(251), "L2"),  # 3
        Paused(at(252), on="vendor", until=at(255)),  # 4
        Updated(at(260)),  # 5
        Solved(at(400)),  # 6
    ]

    found = told(story, terms, at(3000))

    assert found["raise/P2-P1@1"] == 240
    assert found["threshold/resolution@1/50"] == 240
    assert found["step/management@1/team-lead"] == 250
    assert found["resend/functional@3"] == 256
    assert found["wait@4"] == 255
    assert found["breach/next_update@5/3"] == 350
    assert found["close@6"] == 400 + 24 * 60


def test_what_is_on_record_is_never_due_again():
    story = [Opened(NINE, priority="P1")]
    keys = list(told(story, CLOCK, at(300)))

    again = [*story, *(Fired(at(300), key=key) for key in keys)]

    assert told(again, CLOCK, at(3000)) == {}


def test_a_second_worker_finds_what_the_first_has_not_yet_recorded_and_no_more():
    story = [Opened(NINE, priority="P1"), Fired(at(120), recorded_at=at(200), key=HALF)]

    assert told(story, CLOCK, at(200)) == {MOST: 180}


def test_what_begins_again_has_a_new_anchor_and_falls_due_again():
    terms = agreed(clocks=[replace(RESOLUTION, on_reopen="restart")])
    story = [Opened(NINE, priority="P1"), Fired(at(120), key=HALF), Solved(at(130)), Reopened(at(200))]

    assert told(story, terms, at(320)) == {"threshold/resolution@4/50": 320}


def test_what_goes_on_has_its_anchor_still():
    story = [Opened(NINE, priority="P1"), Fired(at(120), key=HALF), Solved(at(130)), Reopened(at(200))]

    assert told(story, CLOCK, at(250)) == {MOST: 250}


def test_an_act_dated_back_shifts_no_key():
    terms = agreed(MANAGEMENT)
    story = [Opened(NINE, priority="P3"), PriorityChanged(at(60), "P1")]
    dated_back = [*story, Paused(at(5), recorded_at=at(61)), Resumed(at(10), recorded_at=at(61))]

    assert told(dated_back, terms, at(80)).keys() == told(story, terms, at(80)).keys()


# -- late and moot


def test_what_fell_due_before_it_was_solved_is_logged_at_its_instant_and_told_to_nobody():
    terms = agreed(MANAGEMENT, clocks=[RESOLUTION])
    story = [Opened(NINE, priority="P1"), Solved(at(130))]

    assert told(story, terms, at(135)) == {
        "step/management@1/team-lead": 15,
        "step/management@1/delivery-manager": 30,
        "step/management@1/director": 120,
        HALF: 120,
    }
    assert set(silenced(story, terms, at(135))) == set(told(story, terms, at(135)))


def test_what_fell_due_before_it_waited_is_logged_and_told_to_nobody():
    story = [Opened(NINE, priority="P1"), Paused(at(125), on="client")]

    assert silenced(story, agreed(MANAGEMENT, clocks=[RESOLUTION]), at(130)) == [
        "step/management@1/team-lead",
        "step/management@1/delivery-manager",
        HALF,
        "step/management@1/director",
    ]


def test_a_step_that_the_lower_priority_does_not_have_is_logged_and_told_to_nobody():
    story = [Opened(NINE, priority="P1"), PriorityChanged(at(40), "P2")]

    assert silenced(story, agreed(MANAGEMENT), at(45)) == ["step/management@1/team-lead"]


def test_a_breach_while_it_waits_is_no_less_a_breach():
    story = [Opened(NINE, priority="P1"), Paused(at(241), on="client")]

    assert not one(story, CLOCK, at(250), BREACH).moot


def test_a_threshold_of_a_lap_that_has_ended_is_logged_and_told_to_nobody():
    answered = Clock(always(P1="20m"), name="response", met_by=("responded",), thresholds=(50,))
    story = [Opened(NINE, priority="P1"), Responded(at(15))]

    assert silenced(story, agreed(clocks=[answered]), at(16)) == ["threshold/response@1/50"]


def test_a_cancelled_ticket_is_due_nothing_more():
    plan = due([Opened(NINE, priority="P1"), Cancelled(at(5))], agreed(MANAGEMENT, clocks=[RESOLUTION]), now=at(500))

    assert (plan.obligations, plan.look_at) == ((), None)


def test_a_ticket_merged_away_is_due_nothing_more():
    plan = due(
        [Opened(NINE, priority="P1"), Merged(at(5), into="x")], agreed(MANAGEMENT, clocks=[RESOLUTION]), now=at(500)
    )

    assert (plan.obligations, plan.look_at) == ((), None)


# -- waits


def test_a_wait_ends_by_its_own_deadline():
    story = [Opened(NINE, priority="P1"), Paused(at(10), on="client", until=at(60))]

    assert due(story, CLOCK, now=at(10)).look_at == at(60)
    assert told(story, CLOCK, at(60)) == {"wait@2": 60}


def test_a_wait_ended_in_time_has_no_deadline():
    story = [Opened(NINE, priority="P1"), Paused(at(10), on="client", until=at(60)), Resumed(at(59))]

    assert told(story, CLOCK, at(70)) == {}


def test_a_wait_in_place_of_another_takes_its_deadline_away():
    story = [
        Opened(NINE, priority="P1"),
        Paused(at(10), on="client", until=at(60)),
        Paused(at(20), on="vendor"),
    ]

    assert told(story, agreed(), at(70)) == {}


def test_a_raise_during_a_wait_takes_no_deadline_away():
    story = [Opened(NINE, priority="P2"), Paused(at(10), until=at(60)), PriorityChanged(at(20), "P1")]

    assert due(story, agreed(), now=at(20)).look_at == at(60)
    assert told(story, agreed(), at(60)) == {"wait@2": 60}


def test_the_record_of_one_deadline_ends_no_wait_begun_at_that_instant():
    story = [
        Opened(NINE, priority="P1"),
        Paused(at(10), on="client", until=at(60)),
        Paused(at(60), on="client"),
        Resumed(at(60), recorded_at=at(61), key="wait@2"),
    ]

    plan = due(story, CLOCK, now=at(61))

    assert plan.waits_on == "client"
    assert plan.readings["resolution"].state == "paused"


def test_the_end_of_a_wait_is_told_to_nobody_once_it_waits_again():
    story = [Opened(NINE, priority="P1"), Paused(at(10), until=at(60)), Paused(at(65))]

    assert silenced(story, CLOCK, at(66)) == ["wait@2"]


# -- rules that raise


RULE = RaiseRule("P2-P1", "P2", "P1", (parse("4h"), ALWAYS))
RAISING = agreed(clocks=[replace(RESOLUTION, thresholds=())], raises=(RULE,))
RAISE = "raise/P2-P1@1"


def test_a_rule_raises_after_so_much_time_at_its_priority():
    story = [Opened(NINE, priority="P2")]

    assert due(story, RAISING, now=NINE).look_at == at(240)
    assert one(story, RAISING, at(240), RAISE).to == "P1"


def test_it_is_effective_at_its_own_instant_however_late_the_engine_comes():
    assert told([Opened(NINE, priority="P2")], RAISING, at(400)) == {RAISE: 240}


def test_it_waits_while_the_resolution_clock_is_paused():
    story = [Opened(NINE, priority="P2"), Paused(at(60), on="client"), Resumed(at(100))]

    assert due(story[:2], RAISING, now=at(99)).look_at is None
    assert told(story, RAISING, at(280)) == {RAISE: 280}


def test_it_counts_from_when_the_ticket_last_became_that_priority():
    story = [Opened(NINE, priority="P2"), PriorityChanged(at(200), "P1"), PriorityChanged(at(210), "P2")]

    assert told(story, RAISING, at(449)) == {}
    assert told(story, RAISING, at(450)) == {RAISE: 450}


def test_it_raises_once_a_lap():
    story = [
        Opened(NINE, priority="P2"),
        PriorityChanged(at(240), "P1", key=RAISE),
        PriorityChanged(at(250), "P2"),
    ]

    plan = due(story, RAISING, now=at(250))

    assert "raise" not in [o.kind for o in due(story, RAISING, now=at(3000)).obligations]
    assert plan.look_at == at(480) + TICK


def test_a_new_lap_raises_again():
    terms = agreed(clocks=[replace(RESOLUTION, thresholds=(), on_reopen="restart")], raises=(RULE,))
    story = [
        Opened(NINE, priority="P2"),
        PriorityChanged(at(240), "P1", key=RAISE),
        PriorityChanged(at(241), "P2"),
        Solved(at(242)),
        Reopened(at(300)),
    ]

    assert told(story, terms, at(540)) == {"raise/P2-P1@5": 540}


def test_reopened_in_the_same_lap_it_counts_on():
    story = [Opened(NINE, priority="P2"), Solved(at(200)), Reopened(at(1000))]

    assert told(story, RAISING, at(1040)) == {RAISE: 1040}


def test_due_exactly_at_the_solve_it_raises_when_it_is_reopened():
    story = [Opened(NINE, priority="P2"), Solved(at(240)), Reopened(at(300))]

    assert told(story[:2], RAISING, at(299)) == {}
    assert told(story, RAISING, at(301)) == {RAISE: 300}


def test_it_raises_no_ticket_that_has_been_raised_or_solved_since():
    raised = [Opened(NINE, priority="P2"), PriorityChanged(at(250), "P1")]
    solved = [Opened(NINE, priority="P2"), Solved(at(250))]

    assert silenced(raised, RAISING, at(260)) == silenced(solved, RAISING, at(260)) == [RAISE]


def test_without_a_resolution_clock_there_is_nothing_to_count_on():
    assert told([Opened(NINE, priority="P2")], agreed(raises=(RULE,)), at(300)) == {}


# -- acknowledgements and the resolution clock


def test_an_acknowledgement_does_not_expire_while_the_resolution_clock_is_paused():
    page = Ladder("page", (step("primary", P1="0m"),), until_acknowledged=True)
    terms = agreed(page, clocks=[replace(RESOLUTION, thresholds=())], acknowledgement_lasts=always(P1="15m"))
    story = [
        Opened(NINE, priority="P1"),
        Paused(NINE, on="client", until=at(60)),
        Acknowledged(at(2), of="step/page@1/primary"),
    ]

    assert told(story, terms, at(59)) == {"step/page@1/primary": 0}
    assert told(story, terms, at(75))["again/page@3"] == 75


def test_who_was_asked_to_take_a_level_and_acknowledged_is_asked_again():
    functional = Ladder("functional", (step("L2", accept=always(P1="60m"), P1="30m"),), counts_from="level")
    terms = agreed(functional, clocks=[replace(RESOLUTION, thresholds=())], acknowledgement_lasts=always(P1="15m"))
    story = [Opened(NINE, priority="P1"), Escalated(at(5), "L2"), Acknowledged(at(6), of="ask/functional@2")]

    again = one(story, terms, at(21), "again/functional@3")

    assert (again.effective_at, again.to) == (at(21), "L2")


# -- closing


CLOSING = agreed(solved_period=(parse("24h"), ALWAYS))
DAY = 24 * 60


def test_a_deadline_that_is_on_record_is_not_due_again():
    story = [Opened(NINE, priority="P4"), Paused(at(10), until=at(60))]

    assert told(story, CLOCK, at(70)) == {"wait@2": 60}
    assert told([*story, Resumed(at(60), key="wait@2", recorded_at=at(65))], CLOCK, at(70)) == {}


def test_it_closes_after_the_solved_period():
    story = [Opened(NINE), Solved(at(10))]

    assert due(story, CLOSING, now=at(10)).look_at == at(10 + DAY)
    assert told(story, CLOSING, at(10 + DAY)) == {"close@2": 10 + DAY}


def test_reopened_in_time_it_does_not_close():
    story = [Opened(NINE), Solved(at(10)), Reopened(at(10 + DAY))]

    assert told(story, CLOSING, at(5 * DAY)) == {}


def test_reopened_while_no_engine_ran_its_closing_is_logged_and_closes_nothing():
    story = [Opened(NINE), Solved(at(10)), Reopened(at(20 + DAY))]

    assert told(story, CLOSING, at(5 * DAY)) == {"close@2": 10 + DAY}
    assert silenced(story, CLOSING, at(5 * DAY)) == ["close@2"]


def test_solved_again_the_period_begins_again():
    story = [Opened(NINE), Solved(at(10)), Reopened(at(20)), Solved(at(30))]

    assert told(story, CLOSING, at(30 + DAY)) == {"close@4": 30 + DAY}


def test_a_change_of_priority_or_a_note_while_solved_puts_off_no_closing():
    story = [Opened(NINE), Solved(at(10)), PriorityChanged(at(20), "P1"), Noted(at(30))]

    assert told(story, CLOSING, at(10 + DAY)) == {"close@2": 10 + DAY}


@pytest.mark.parametrize("end", [Closed(at(20)), Cancelled(at(20)), Merged(at(20), into="another")])
def test_what_has_ended_for_good_is_not_closed_again(end):
    plan = due([Opened(NINE), Solved(at(10)), end], CLOSING, now=at(5 * DAY))

    assert (plan.obligations, plan.look_at) == ((), None)


def test_without_a_solved_period_nothing_closes_by_itself():
    assert told([Opened(NINE), Solved(at(10))], agreed(), at(50 * DAY)) == {}
