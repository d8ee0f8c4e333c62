"""Is each step of a ladder climbed at its time, once, and by nobody after it is solved?"""

import pytest

from tests.core.small_desk import (
    ALWAYS,
    MANAGEMENT,
    NINE,
    OFFICE,
    TICK,
    Counted,
    agreed,
    always,
    at,
    on,
    one,
    silenced,
    step,
    told,
)
from tocsin.core.clock import Clock
from tocsin.core.duration import parse
from tocsin.core.event import (
    Acknowledged,
    BrokenStory,
    Cancelled,
    Closed,
    Done,
    Escalated,
    Fired,
    LineStopped,
    Merged,
    Noted,
    Opened,
    Paused,
    PriorityChanged,
    Reopened,
    Resumed,
    Solved,
)
from tocsin.core.ladder import Ladder
from tocsin.core.plan import due

TERMS = agreed(MANAGEMENT)
LEAD, MANAGER, DIRECTOR = (f"step/management@1/{name}" for name in ("team-lead", "delivery-manager", "director"))


# -- when a step falls due


def test_each_step_falls_due_so_long_after_the_opening_and_not_after_the_step_before():
    story = [Opened(NINE, priority="P1")]

    assert told(story, TERMS, at(120)) == {LEAD: 15, MANAGER: 30, DIRECTOR: 120}


def test_a_step_is_due_at_its_very_instant_and_not_before():
    story = [Opened(NINE, priority="P1")]

    assert told(story, TERMS, at(14, 59)) == {}
    assert told(story, TERMS, at(15)) == {LEAD: 15}


def test_a_wait_that_was_over_before_the_opening_makes_no_step_due_sooner():
    story = [Opened(NINE, priority="P1"), Paused(at(-120), until=at(-60), recorded_at=at(1))]

    assert told(story, TERMS, at(20)) == {"wait@2": 0, LEAD: 15}


def test_a_step_that_fell_due_keeps_its_instant_whatever_comes_after():
    story = [Opened(NINE, priority="P2"), PriorityChanged(at(40), to="P1")]

    assert told(story, TERMS, at(50)) == {MANAGER: 30, LEAD: 40}


def test_a_priority_climbs_the_steps_that_name_it():
    assert told([Opened(NINE, priority="P2")], TERMS, at(300)) == {MANAGER: 30, DIRECTOR: 120}


def test_a_ladder_without_a_step_for_the_priority_does_not_apply():
    plan = due([Opened(NINE, priority="P4")], TERMS, now=at(300))

    assert plan.obligations == ()
    assert plan.look_at is None


def test_a_step_counts_on_its_own_calendar():
    terms = agreed(Ladder("management", (step("team-lead", calendar=OFFICE, P1="15m"),)))
    evening, morning = NINE.replace(hour=16, minute=50), NINE.replace(day=17, hour=9, minute=5)
    story = [Opened(evening, priority="P1")]

    assert due(story, terms, now=evening).look_at == morning


def test_ladders_climb_beside_each_other():
    client = Ladder("client", (step("contact", P1="15m"),))
    terms = agreed(MANAGEMENT, client)

    assert told([Opened(NINE, priority="P1")], terms, at(20)) == {LEAD: 15, "step/client@1/contact": 15}


def test_a_step_tells_its_role():
    assert one([Opened(NINE, priority="P1")], TERMS, at(20), LEAD).to == "team-lead"


def test_an_escalation_to_another_level_moves_no_step_of_the_other_ladders():
    story = [Opened(NINE, priority="P1"), Escalated(at(10), "L2")]

    assert told(story, TERMS, at(20)) == {LEAD: 15}


# -- counted from the incident


def test_a_ladder_that_a_raise_brings_in_counts_from_the_raise():
    story = [Opened(NINE, priority="P3"), PriorityChanged(at(60), "P1")]

    assert told(story, TERMS, at(90)) == {"step/management@2/team-lead": 75, "step/management@2/delivery-manager": 90}


def test_a_raise_gets_the_steps_that_are_already_due_at_once_and_in_order():
    steps = (step("first", P1="15m"), step("second", P1="20m"), step("third", P1="2h", P2="3h"))
    story = [Opened(NINE, priority="P2"), PriorityChanged(at(40), "P1")]

    found = told(story, agreed(Ladder("management", steps)), at(45))

    assert list(found.items()) == [("step/management@1/first", 40), ("step/management@1/second", 40)]


def test_a_step_that_is_done_is_not_repeated_by_a_raise():
    story = [
        Opened(NINE, priority="P2"),
        Fired(at(30), recorded_at=at(31), key=MANAGER),
        PriorityChanged(at(40), "P1"),
    ]

    assert told(story, TERMS, at(45)) == {LEAD: 40}


def test_a_lowering_leaves_out_the_steps_not_yet_done():
    story = [Opened(NINE, priority="P1"), PriorityChanged(at(10), "P2")]

    assert told(story, TERMS, at(40)) == {MANAGER: 30}


def test_lowered_out_of_a_ladder_nothing_of_it_falls_due():
    story = [Opened(NINE, priority="P1"), PriorityChanged(at(10), "P3")]

    plan = due(story, TERMS, now=at(300))

    assert (plan.obligations, plan.look_at) == ((), None)


def test_raised_again_the_same_run_goes_on():
    story = [Opened(NINE, priority="P1"), PriorityChanged(at(10), "P3"), PriorityChanged(at(20), "P1")]

    assert told(story, TERMS, at(30)) == {LEAD: 20, MANAGER: 30}


def test_what_is_opened_and_raised_at_one_instant_climbs_from_its_opening():
    story = [Opened(NINE, priority="P2"), PriorityChanged(NINE, "P1")]

    assert told(story, TERMS, at(15)) == {LEAD: 15}


def test_a_step_due_exactly_at_a_lowering_is_left_out():
    story = [Opened(NINE, priority="P1"), PriorityChanged(at(15), "P2")]

    assert told(story, TERMS, at(20)) == {}


# -- pauses


def test_pending_client_holds_the_ladder_and_what_was_left_goes_on_after():
    story = [Opened(NINE, priority="P1"), Paused(at(10), on="client"), Resumed(at(60))]

    assert due(story[:2], TERMS, now=at(59)).look_at is None
    assert told(story, TERMS, at(80)) == {LEAD: 65, MANAGER: 80}


def test_pending_vendor_does_not_hold_it():
    story = [Opened(NINE, priority="P1"), Paused(at(10), on="vendor")]

    assert told(story, TERMS, at(20)) == {LEAD: 15}


def test_a_complaint_ladder_is_never_held():
    terms = agreed(Ladder("complaint", (step("manager", P1="15m"),)))
    story = [Opened(NINE, priority="P1"), Paused(at(10), on="client")]

    assert told(story, terms, at(20)) == {"step/complaint@1/manager": 15}


def test_a_wait_that_ends_by_its_own_deadline_lets_the_ladder_go_on():
    story = [Opened(NINE, priority="P1"), Paused(at(10), on="client", until=at(60))]

    assert told(story, TERMS, at(65))[LEAD] == 65


def test_a_step_due_at_the_instant_a_pause_begins_is_due():
    story = [Opened(NINE, priority="P1"), Paused(at(15), on="client")]

    assert told(story, TERMS, at(20)) == {LEAD: 15}


def test_raised_while_it_waits_a_ladder_catches_up_when_the_wait_is_over():
    story = [
        Opened(NINE, priority="P2"),
        Paused(at(20), on="client"),
        PriorityChanged(at(25), "P1"),
        Resumed(at(60)),
    ]

    assert told(story[:3], TERMS, at(59)) == {}
    assert told(story, TERMS, at(60)) == {LEAD: 60}


# -- solved and reopened


def test_nothing_falls_due_once_it_is_solved():
    plan = due([Opened(NINE, priority="P1"), Solved(at(10))], TERMS, now=at(300))

    assert (plan.obligations, plan.look_at) == ((), None)


def test_a_step_due_exactly_at_the_solve_does_not_fire():
    assert told([Opened(NINE, priority="P1"), Solved(at(15))], TERMS, at(20)) == {}


def test_nor_when_something_else_happens_at_that_instant():
    story = [Opened(NINE, priority="P1"), Paused(at(15), on="vendor"), Solved(at(15))]

    assert told(story, TERMS, at(20)) == {}


def test_a_reopening_starts_again_at_the_first_step_counted_from_then():
    story = [
        Opened(NINE, priority="P1"),
        Fired(at(15), key=LEAD),
        Solved(at(20)),
        Reopened(at(60)),
    ]

    assert told(story, TERMS, at(90)) == {"step/management@4/team-lead": 75, "step/management@4/delivery-manager": 90}


def test_reopened_below_its_priorities_a_ladder_waits_for_a_raise():
    story = [
        Opened(NINE, priority="P1"),
        Solved(at(10)),
        PriorityChanged(at(20), "P3"),
        Reopened(at(30)),
        PriorityChanged(at(40), "P1"),
    ]

    assert told(story, TERMS, at(60)) == {"step/management@5/team-lead": 55}


# -- acts


CALL = Ladder(
    "client",
    (
        step("contact", act=True, P1="15m"),
        step("it-manager", P1="30m"),
        step("briefing", act=True, within=always(P1="60m"), P1="2h"),
    ),
    paused_by=("client",),
)
CALLED, CALL_MISSED = "step/client@1/contact", "missed/client@1/contact"


def test_an_act_not_recorded_when_the_next_step_falls_due_is_missed_by_name():
    found = told([Opened(NINE, priority="P1")], agreed(CALL), at(30))

    assert found == {CALLED: 15, CALL_MISSED: 30, "step/client@1/it-manager": 30}


def test_an_act_recorded_in_time_is_not_missed():
    story = [Opened(NINE, priority="P1"), Done(at(30), of=CALLED)]

    assert CALL_MISSED not in told(story, agreed(CALL), at(31))


def test_an_act_recorded_too_late_is_missed_all_the_same():
    story = [Opened(NINE, priority="P1"), Done(at(31), of=CALLED)]

    assert told(story, agreed(CALL), at(31))[CALL_MISSED] == 30


def test_an_acknowledgement_is_not_the_act():
    story = [Opened(NINE, priority="P1"), Acknowledged(at(16), of=CALLED)]

    assert CALL_MISSED in told(story, agreed(CALL), at(30))


def test_an_act_has_its_own_time_where_the_step_gives_it_one():
    found = told([Opened(NINE, priority="P1")], agreed(CALL), at(180))

    assert found["missed/client@1/briefing"] == 180


def test_a_ladder_that_is_held_misses_nothing_meanwhile():
    story = [Opened(NINE, priority="P1"), Paused(at(20), on="client"), Resumed(at(60))]

    assert told(story[:2], agreed(CALL), at(59)) == {CALLED: 15}
    assert told(story, agreed(CALL), at(70))[CALL_MISSED] == 70


def test_the_time_to_act_is_counted_on_its_calendar():
    steps = (step("briefing", act=True, within=on(OFFICE, P1="60m"), P1="0m"),)
    evening = NINE.replace(hour=16, minute=30)

    plan = due([Opened(evening, priority="P1")], agreed(Ladder("client", steps)), now=evening)

    assert plan.next_at == NINE.replace(day=17, hour=9, minute=30)


def test_what_is_solved_before_the_deadline_is_missed_by_nobody():
    story = [Opened(NINE, priority="P1"), Solved(at(30))]

    assert told(story, agreed(CALL), at(60)) == {CALLED: 15}


def test_a_next_step_that_a_lowering_took_away_is_no_deadline():
    story = [Opened(NINE, priority="P1"), PriorityChanged(at(20), "P2")]

    assert told(story, agreed(CALL), at(60)) == {CALLED: 15}


def test_steps_that_fall_due_together_leave_time_for_their_acts():
    steps = (step("first", act=True, P1="10m"), step("second", act=True, P1="20m"), step("third", P1="2h", P2="2h"))
    story = [Opened(NINE, priority="P2"), PriorityChanged(at(60), "P1")]

    found = told(story, agreed(Ladder("client", steps)), at(120))

    assert found["missed/client@1/first"] == found["missed/client@1/second"] == 120


def test_when_its_last_step_is_missed_a_ladder_is_exhausted_and_its_owner_told():
    story = [Opened(NINE, priority="P1")]

    exhausted = one(story, agreed(CALL), at(180), "exhausted/client@1")

    assert exhausted.effective_at == at(180)
    assert exhausted.to == CALL.owner


def test_a_ladder_runs_out_once_whatever_its_priority_becomes():
    steps = (
        step("first", act=True, within=always(P1="20m"), P1="10m"),
        step("second", act=True, within=always(P2="20m"), P2="60m"),
    )
    story = [Opened(NINE, priority="P1"), PriorityChanged(at(40), "P2")]

    found = told(story, agreed(Ladder("client", steps)), at(100))

    assert found["missed/client@1/second"] == 80
    assert found["exhausted/client@1"] == 30


def test_a_ladder_does_not_wrap():
    found = told([Opened(NINE, priority="P1")], agreed(CALL), at(3000))

    assert sorted(key.rpartition("/")[2] for key in found if key.startswith("step/")) == [
        "briefing",
        "contact",
        "it-manager",
    ]


@pytest.mark.parametrize("end", [Cancelled(at(5)), Merged(at(5), into="another"), Closed(at(5))])
def test_a_ticket_that_is_none_any_more_climbs_nothing_again(end):
    with pytest.raises(BrokenStory, match="event 3 reopens a ticket that is"):
        due([Opened(NINE, priority="P1"), end, Reopened(at(10))], TERMS, now=at(60))


def test_a_ticket_that_waited_hundreds_of_times_is_counted_no_longer_for_each():
    round_the_clock, asked = Counted.always(), Counted.asked
    ladder = Ladder("management", (step("lead", calendar=round_the_clock, P1="3h"),), paused_by=("client",))
    story = [Opened(NINE, priority="P1")]
    for minute in range(300):
        story += [Paused(at(minute)), Resumed(at(minute, 30))]

    due(story, agreed(ladder), now=at(301))

    assert Counted.asked - asked <= 3 * len(story)


# -- pages


PAGE = Ladder(
    "page",
    (step("primary", P1="0m"), step("secondary", P1="5m"), step("manager", P1="10m")),
    until_acknowledged=True,
)
PRIMARY, SECONDARY = "step/page@1/primary", "step/page@1/secondary"


def test_pages_climb_until_somebody_has_it():
    story = [Opened(NINE, priority="P1"), Acknowledged(at(7), of=SECONDARY)]

    assert told(story[:1], agreed(PAGE), at(10)) == {PRIMARY: 0, SECONDARY: 5, "step/page@1/manager": 10}
    assert told(story, agreed(PAGE), at(60)) == {PRIMARY: 0, SECONDARY: 5}
    assert due(story, agreed(PAGE), now=at(60)).next_at is None


def test_an_acknowledgement_ends_no_other_ladder():
    story = [Opened(NINE, priority="P1"), Acknowledged(at(2), of=PRIMARY)]

    assert told(story, agreed(PAGE, MANAGEMENT), at(15)) == {PRIMARY: 0, LEAD: 15}


def test_an_acknowledgement_of_a_step_ends_no_ladder_that_only_tells():
    story = [Opened(NINE, priority="P1"), Acknowledged(at(16), of=LEAD)]

    assert told(story, TERMS, at(30)) == {LEAD: 15, MANAGER: 30}


def test_reopened_it_pages_again_whoever_had_it_before():
    story = [Opened(NINE, priority="P1"), Acknowledged(at(2), of=PRIMARY), Solved(at(5)), Reopened(at(60))]

    assert told(story, agreed(PAGE), at(65))["step/page@4/secondary"] == 65


def test_a_stopped_line_pages_anew_whoever_had_it_before():
    story = [Opened(NINE, priority="P1"), Acknowledged(at(2), of=PRIMARY), LineStopped(at(12))]

    found = told(story, agreed(PAGE), at(30))

    assert {key: when for key, when in found.items() if key.startswith("step/page@3")} == {
        "step/page@3/primary": 12,
        "step/page@3/secondary": 17,
        "step/page@3/manager": 22,
    }
    heard = [*story, Acknowledged(at(13), of="step/page@3/primary")]
    assert "step/page@3/secondary" not in told(heard, agreed(PAGE), at(30))


def test_a_line_stopped_as_the_path_begins_pages_once():
    opened = told([Opened(NINE, priority="P1"), LineStopped(NINE)], agreed(PAGE), at(6))
    raised = [Opened(NINE, priority="P3"), PriorityChanged(at(3), "P1"), LineStopped(at(3))]

    assert opened == {PRIMARY: 0, SECONDARY: 5}
    assert told(raised, agreed(PAGE), at(4)) == {"step/page@2/primary": 3}


def test_a_line_stopped_while_it_pages_begins_again_and_the_old_pages_end():
    story = [Opened(NINE, priority="P1"), LineStopped(at(3))]

    assert told(story, agreed(PAGE), at(8)) == {PRIMARY: 0, "step/page@2/primary": 3, "step/page@2/secondary": 8}
    assert due(story, agreed(PAGE), now=at(3)).obligations[-1].effective_at == at(3)


def test_a_line_stopped_once_more_pages_at_that_very_instant():
    story = [Opened(NINE, priority="P1"), LineStopped(at(3)), LineStopped(at(6))]

    assert told(story, agreed(PAGE), at(6))["step/page@3/primary"] == 6


def test_a_page_path_runs_out_by_what_comes_first():
    """Its last page is waited for five minutes; that its act is missed as well, later on, changes nothing."""
    path = Ladder("page", (step("slow", P1="40m"), step("last", act=True, P1="10m")), until_acknowledged=True)
    story = [Opened(NINE, priority="P1")]

    on_time, late = told(story, agreed(path), at(15)), told(story, agreed(path), at(60))

    assert on_time["exhausted/page@1"] == late["exhausted/page@1"] == 15


def test_a_line_stopped_moves_no_other_ladder():
    story = [Opened(NINE, priority="P1"), LineStopped(at(3))]
    for_itself = agreed(Ladder("page", PAGE.steps))

    assert set(told(story, for_itself, at(60))) == set(told(story[:1], for_itself, at(60)))


def test_a_last_page_that_waits_for_an_answer_exhausts_the_path():
    steps = (step("primary", P1="0m"), step("manager", act=True, within=always(P1="5m"), P1="10m"))
    terms = agreed(Ladder("page", steps, until_acknowledged=True))

    assert told([Opened(NINE, priority="P1")], terms, at(15))["exhausted/page@1"] == 15
    heard = [Opened(NINE, priority="P1"), Acknowledged(at(14), of="step/page@1/manager")]
    assert "exhausted/page@1" not in told(heard, terms, at(60))


OUT = "exhausted/page@1"


def test_a_path_that_nobody_answers_has_run_out_five_minutes_after_its_last_page():
    story = [Opened(NINE, priority="P1")]
    paged = [*story, *(Fired(at(10), key=f"step/page@1/{who}") for who in ("primary", "secondary", "manager"))]

    out = one(story, agreed(PAGE), at(15), OUT)

    assert OUT not in told(story, agreed(PAGE), at(15) - TICK)
    assert (out.effective_at, out.to, out.moot) == (at(15), PAGE.owner, False)
    assert out.reason == "nobody acknowledged the last page in 5m"
    assert due(paged, agreed(PAGE), now=at(11)).next_at == at(15)


def test_a_step_may_say_how_long_its_last_page_is_waited_for():
    steps = (step("primary", P1="0m"), step("manager", within=always(P1="20m"), P1="10m"))
    terms = agreed(Ladder("page", steps, until_acknowledged=True))

    assert told([Opened(NINE, priority="P1")], terms, at(40))[OUT] == 30


def test_acknowledged_at_the_last_instant_a_path_has_not_run_out():
    story = [Opened(NINE, priority="P1"), Acknowledged(at(15), of=PRIMARY)]
    late = [Opened(NINE, priority="P1"), Acknowledged(at(15) + TICK, of=PRIMARY)]

    assert OUT not in told(story, agreed(PAGE), at(60))
    assert told(late, agreed(PAGE), at(60))[OUT] == 15


def test_a_path_that_ends_before_its_last_page_is_answered_has_not_run_out():
    solved = [Opened(NINE, priority="P1"), Solved(at(15))]
    lowered = [Opened(NINE, priority="P1"), PriorityChanged(at(15), "P2")]

    assert OUT not in told(solved, agreed(PAGE), at(60))
    assert OUT not in told(lowered, agreed(PAGE), at(60))


def test_a_ladder_whose_last_step_only_tells_does_not_run_out():
    found = told([Opened(NINE, priority="P1")], TERMS, at(3000))

    assert "step/management@1/director" in found
    assert not any(key.startswith("exhausted/") for key in found)


# -- acknowledgements that expire


def expiring(*ladders, **clocks):
    return agreed(PAGE, *ladders, acknowledgement_lasts=always(P1="15m"), **clocks)


def test_a_page_acknowledged_and_left_is_sent_again():
    story = [Opened(NINE, priority="P1"), Acknowledged(at(2), of=PRIMARY)]

    again = one(story, expiring(), at(17), "again/page@2")

    assert (again.effective_at, again.to) == (at(17), "primary")


def test_a_page_sent_again_that_nobody_answers_runs_out_as_after_the_last():
    story = [
        Opened(NINE, priority="P1"),
        Acknowledged(at(2), of=PRIMARY),
        Fired(NINE, key=PRIMARY),
        Fired(at(17), key="again/page@2"),
    ]

    out = one(story, expiring(), at(22), "exhausted/page@2")

    assert (out.effective_at, out.to) == (at(22), PAGE.owner)
    assert out.reason == "whoever acknowledged was paged again, and did not answer"
    assert due(story, expiring(), now=at(20)).look_at == at(22)


@pytest.mark.parametrize("answer", [Acknowledged(at(22), of="again/page@2"), Noted(at(22))])
def test_a_page_sent_again_is_answered_by_an_acknowledgement_or_an_act(answer):
    story = [Opened(NINE, priority="P1"), Acknowledged(at(2), of=PRIMARY), Fired(at(17), key="again/page@2"), answer]

    assert "exhausted/page@2" not in told(story, expiring(), at(60))


def test_an_act_of_a_person_in_time_keeps_the_acknowledgement():
    story = [Opened(NINE, priority="P1"), Acknowledged(at(2), of=PRIMARY), Noted(at(17))]

    assert "again/page@2" not in told(story, expiring(), at(60))


def test_what_the_engine_does_is_no_act_of_a_person():
    story = [Opened(NINE, priority="P1"), Acknowledged(at(2), of=PRIMARY), Fired(at(15), key=LEAD)]

    assert "again/page@2" in told(story, expiring(), at(17))


def test_a_reply_of_the_client_that_ends_a_wait_is_no_act_of_ours():
    acknowledged = [Opened(NINE, priority="P1"), Paused(at(1)), Acknowledged(at(2), of=PRIMARY)]
    waited_for = expiring(clocks=[Clock({"P1": (parse("4h"), ALWAYS)}, ("client",))])

    answered = told([*acknowledged, Resumed(at(10), by_reply=True)], waited_for, at(60))
    resumed = told([*acknowledged, Resumed(at(10))], waited_for, at(60))

    assert (answered["again/page@3"], answered["exhausted/page@3"]) == (25, 30)
    assert "again/page@3" not in resumed


def test_a_second_acknowledgement_expires_too_and_pages_the_same_step():
    story = [
        Opened(NINE, priority="P1"),
        Acknowledged(at(2), of=PRIMARY),
        Fired(at(17), key="again/page@2"),
        Acknowledged(at(20), of="again/page@2"),
    ]

    again = one(story, expiring(), at(35), "again/page@4")

    assert (again.effective_at, again.to) == (at(35), "primary")


def test_an_acknowledgement_does_not_expire_once_it_is_solved():
    story = [Opened(NINE, priority="P1"), Acknowledged(at(2), of=PRIMARY), Solved(at(10))]

    assert "again/page@2" not in told(story, expiring(), at(60))


def test_a_page_that_somebody_took_up_late_is_logged_and_sent_to_nobody():
    story = [Opened(NINE, priority="P1"), Acknowledged(at(2), of=PRIMARY), Noted(at(30))]

    assert told(story, expiring(), at(31))["again/page@2"] == 17
    assert "again/page@2" in silenced(story, expiring(), at(31))
