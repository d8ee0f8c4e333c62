"""Which level has a ticket, for how long, and who is asked when its time is up?"""

import pytest

from tests.core.small_desk import NINE, OFFICE, Counted, agreed, always, at, on, one, silenced, step, told
from tocsin.core.event import (
    Accepted,
    BrokenStory,
    Escalated,
    Fired,
    Opened,
    Paused,
    PriorityChanged,
    Reopened,
    Resumed,
    SentBack,
    Solved,
)
from tocsin.core.ladder import Ladder
from tocsin.core.plan import due

FUNCTIONAL = Ladder(
    "functional",
    (
        step("L2", accept=always(P1="5m", P2="20m"), P1="30m", P2="60m", P3="2h"),
        step("L3", accept=always(P1="5m", P2="20m"), P1="2h", P2="2h"),
        step("vendor", P1="4h", P2="4h"),
    ),
    counts_from="level",
    paused_by=("client", "vendor"),
)
TERMS = agreed(FUNCTIONAL)
UP_TO_L2 = "step/functional@1/L2"


def by_time(minutes, to, key):
    """The engine's own escalation, put on record a minute late."""
    return Escalated(at(minutes), to, recorded_at=at(minutes + 1), key=key)


def standing(story, now):
    return due(story, TERMS, now=now).standing.standing


# -- whose it is, and since when


def test_the_first_level_has_it_from_its_opening():
    story = [Opened(NINE, priority="P1")]

    assert standing(story, NINE).level == "L1"
    assert told(story, TERMS, at(30)) == {UP_TO_L2: 30}


def test_time_alone_moves_nothing_until_the_escalation_is_on_record():
    assert standing([Opened(NINE, priority="P1")], at(200)).level == "L1"


def test_a_step_leads_to_its_level():
    assert one([Opened(NINE, priority="P1")], TERMS, at(30), UP_TO_L2).to == "L2"


def test_a_later_level_has_it_from_its_acceptance():
    story = [Opened(NINE, priority="P1"), Escalated(at(10), "L2"), Accepted(at(14))]

    assert standing(story[:2], at(13)).level == "L1"
    assert standing(story, at(14)).level == "L2"
    assert told(story, TERMS, at(134))["step/functional@3/L3"] == 134


def test_a_level_that_need_not_accept_has_it_from_the_escalation():
    story = [Opened(NINE, priority="P3"), Escalated(at(10), "L2")]

    assert standing(story, at(10)).level == "L2"
    assert standing(story, at(10)).question is None


def test_a_lowering_to_a_priority_that_asks_for_no_acceptance_gives_it_to_who_was_asked():
    story = [Opened(NINE, priority="P1"), Escalated(at(10), "L2"), PriorityChanged(at(12), "P3")]

    assert standing(story, at(12)).level == "L2"
    assert told(story, TERMS, at(300)) == {"ask/functional@2": 10}


def test_whoever_is_asked_hears_of_it_at_once_accepting_or_not():
    asked = one([Opened(NINE, priority="P1"), Escalated(at(10), "L2")], TERMS, at(10), "ask/functional@2")
    given = one([Opened(NINE, priority="P3"), Escalated(at(10), "L2")], TERMS, at(10), "ask/functional@2")

    assert (asked.to, asked.moot) == (given.to, given.moot) == ("L2", False)


def test_an_escalation_accepted_before_the_engine_came_is_logged_and_told_to_nobody():
    story = [Opened(NINE, priority="P1"), Escalated(at(10), "L2"), Accepted(at(11))]

    assert silenced(story, TERMS, at(12)) == ["ask/functional@2"]


def test_an_escalation_that_asks_for_what_is_already_so_moves_nothing():
    story = [Opened(NINE, priority="P1"), Escalated(at(10), "L3"), Accepted(at(11))]

    for to in ("L3", "L2", "L1"):
        after = [*story, Escalated(at(20), to)]
        assert (standing(after, at(20)).level, standing(after, at(20)).question) == ("L3", None)
        assert told(after, TERMS, at(252)) == told(story, TERMS, at(252))


def test_asked_once_more_while_the_question_is_open_it_is_the_same_question():
    story = [Opened(NINE, priority="P1"), Escalated(at(10), "L2"), Escalated(at(12), "L2")]

    assert told(story, TERMS, at(15)) == {"ask/functional@2": 10, "resend/functional@2": 15}


def test_a_level_may_be_skipped():
    story = [Opened(NINE, priority="P1"), Escalated(at(10), "L3"), Accepted(at(12))]

    assert standing(story, at(12)).level == "L3"
    assert told(story, TERMS, at(252))["step/functional@3/vendor"] == 252


def test_by_hand_and_by_time_it_is_one_and_the_same_escalation():
    by_hand = [Opened(NINE, priority="P1"), Escalated(at(29), "L2")]
    timed = [Opened(NINE, priority="P1"), by_time(30, "L2", UP_TO_L2)]

    assert told(by_hand, TERMS, at(32)) == {"ask/functional@2": 29}
    assert told(timed, TERMS, at(32)) == {"ask/functional@2": 30}


def test_an_escalation_by_hand_in_time_leaves_nothing_for_the_clock():
    story = [
        Opened(NINE, priority="P1"),
        Escalated(at(10), "L2"),
        Accepted(at(11)),
        Fired(at(10), key="ask/functional@2"),
    ]

    assert told(story, TERMS, at(60)) == {}


def test_a_level_that_has_its_time_on_office_hours_sleeps_at_night():
    terms = agreed(Ladder("functional", (step("L2", calendar=OFFICE, P1="30m"),), counts_from="level"))
    evening = NINE.replace(hour=16, minute=50)

    assert due([Opened(evening, priority="P1")], terms, now=evening).look_at == NINE.replace(day=17, minute=20)


# -- passed through


PASSED = Ladder(
    "functional",
    (
        step("L2", accept=always(P1="5m"), P1="0m", P2="30m"),
        step("L3", accept=always(P1="5m"), P1="0m", P2="30m"),
        step("vendor", P1="4h"),
    ),
    counts_from="level",
    paused_by=("client",),
)


def test_a_level_without_time_is_passed_through_at_once():
    assert told([Opened(NINE, priority="P1")], agreed(PASSED), NINE) == {UP_TO_L2: 0}


def test_a_level_that_is_passed_through_is_neither_told_nor_asked_to_accept():
    story = [Opened(NINE, priority="P1"), Escalated(NINE, "L2", key=UP_TO_L2)]

    plan = due(story, agreed(PASSED), now=NINE)

    assert [(o.key, o.moot) for o in plan.obligations] == [
        ("ask/functional@2", True),
        ("step/functional@2/L3", False),
    ]


def test_raised_to_a_priority_without_time_it_is_passed_on_at_the_raise():
    story = [Opened(NINE, priority="P2"), PriorityChanged(at(10), "P1")]

    assert told(story, agreed(PASSED), at(20)) == {UP_TO_L2: 10}


# -- changes of priority


def test_a_raise_asks_at_once_for_a_level_whose_shorter_time_is_up():
    story = [Opened(NINE, priority="P2"), PriorityChanged(at(40), "P1")]

    assert told(story, TERMS, at(41)) == {UP_TO_L2: 40}


def test_a_lowering_gives_the_level_its_longer_time():
    story = [Opened(NINE, priority="P1"), PriorityChanged(at(20), "P2")]

    assert told(story, TERMS, at(59)) == {}
    assert told(story, TERMS, at(60)) == {UP_TO_L2: 60}


def test_a_level_that_was_due_when_the_ticket_was_lowered_is_asked_still():
    story = [Opened(NINE, priority="P1"), PriorityChanged(at(40), "P2")]

    step_due = one(story, TERMS, at(41), UP_TO_L2)

    assert (step_due.effective_at, step_due.moot) == (at(30), False)


def test_lowered_to_a_priority_that_has_no_such_step_it_is_logged_and_moves_nothing():
    story = [Opened(NINE, priority="P1"), PriorityChanged(at(40), "P4")]

    assert silenced(story, TERMS, at(41)) == [UP_TO_L2]


# -- pauses


def test_a_wait_holds_the_level_and_what_was_left_goes_on_after():
    story = [Opened(NINE, priority="P1"), Paused(at(10), on="vendor"), Resumed(at(100))]

    assert due(story[:2], TERMS, now=at(99)).look_at is None
    assert told(story, TERMS, at(120)) == {UP_TO_L2: 120}


def test_a_wait_after_its_time_was_up_stops_no_escalation_and_wakes_nobody():
    story = [Opened(NINE, priority="P1"), Paused(at(40), on="client")]

    step_due = one(story, TERMS, at(41), UP_TO_L2)
    moved = [*story, Escalated(at(30), "L2", recorded_at=at(41), key=UP_TO_L2)]

    assert not step_due.moot
    assert silenced(moved, TERMS, at(41)) == ["ask/functional@3", "resend/functional@3"]


def test_the_time_to_accept_is_held_too():
    story = [Opened(NINE, priority="P1"), Escalated(at(10), "L2"), Paused(at(12), on="client"), Resumed(at(60))]

    assert told(story, TERMS, at(63))["resend/functional@2"] == 63


# -- not accepted


ASKED = [Opened(NINE, priority="P1"), Escalated(at(10), "L2"), Fired(at(10), key="ask/functional@2")]


def test_what_nobody_accepts_is_sent_again_once():
    assert told(ASKED, TERMS, at(14, 59)) == {}
    assert told(ASKED, TERMS, at(15)) == {"resend/functional@2": 15}


def test_then_after_as_long_again_it_goes_to_the_next_step():
    further = one(ASKED, TERMS, at(20), "unaccepted/functional@2")

    assert (further.effective_at, further.step.name) == (at(20), "L3")
    assert "not accepted" in further.reason


def test_and_it_is_sent_again_no_more():
    assert told(ASKED, TERMS, at(3000)) == {"resend/functional@2": 15, "unaccepted/functional@2": 20}


def test_the_next_level_is_asked_anew():
    story = [*ASKED, Fired(at(15), key="resend/functional@2"), by_time(20, "L3", "unaccepted/functional@2")]

    assert standing(story, at(21)).question.to == "L3"
    assert told(story, TERMS, at(25)) == {"ask/functional@5": 20, "resend/functional@5": 25}


def test_at_the_last_step_the_ladder_is_exhausted_and_its_owner_told():
    last = Ladder("functional", (step("L2", accept=always(P1="5m"), P1="30m"),), counts_from="level", owner="boss")

    exhausted = one(ASKED, agreed(last), at(20), "exhausted/functional@2")

    assert (exhausted.effective_at, exhausted.to) == (at(20), "boss")


def test_accepted_in_time_nothing_is_sent_again():
    story = [*ASKED, Accepted(at(14))]

    assert told(story, TERMS, at(60)) == {}


def test_accepted_while_no_engine_ran_the_second_asking_is_logged_and_told_to_nobody():
    story = [*ASKED, Accepted(at(17))]

    assert silenced(story, TERMS, at(18)) == ["resend/functional@2"]


def test_solving_withdraws_the_question_and_nobody_has_missed_it():
    story = [*ASKED, Solved(at(12))]

    assert told(story, TERMS, at(60)) == {}
    assert standing(story, at(60)).question is None


def test_a_raise_shortens_the_time_to_accept_from_the_raise_on():
    story = [Opened(NINE, priority="P2"), Escalated(at(10), "L2"), PriorityChanged(at(22), "P1")]

    found = told(story, TERMS, at(40))

    assert (found["resend/functional@2"], found["unaccepted/functional@2"]) == (22, 27)


# -- sent back


def test_what_is_sent_back_the_level_has_anew_with_what_was_left():
    story = [Opened(NINE, priority="P1"), Escalated(at(10), "L2"), Accepted(at(12)), SentBack(at(40))]

    assert standing(story, at(40)).level == "L1"
    assert told(story, TERMS, at(60))["step/functional@4/L2"] == 60


def test_or_with_a_quarter_of_its_time_if_that_is_more():
    story = [Opened(NINE, priority="P2"), Escalated(at(59), "L2"), SentBack(at(65))]

    assert told(story, TERMS, at(80))["step/functional@3/L2"] == 80


def test_sent_back_by_who_was_asked_it_returns_to_who_asked():
    story = [Opened(NINE, priority="P1"), Escalated(at(10), "L2"), SentBack(at(12))]

    assert standing(story, at(12)).level == "L1"
    assert standing(story, at(12)).question is None


def test_sent_back_twice_what_is_left_is_of_what_it_had():
    story = [
        Opened(NINE, priority="P2"),
        Escalated(at(20), "L2"),  # 40 of 60 minutes are left
        SentBack(at(30)),
        Escalated(at(45), "L2"),  # 25
        SentBack(at(50)),
    ]

    assert told(story, TERMS, at(75))["step/functional@5/L2"] == 75


def test_raised_after_it_was_sent_back_it_has_the_time_of_its_new_priority():
    story = [Opened(NINE, priority="P2"), Escalated(at(20), "L2"), SentBack(at(30)), PriorityChanged(at(31), "P1")]

    assert told(story, TERMS, at(40))["step/functional@3/L2"] == 40


def test_returns_are_counted():
    story = [Opened(NINE, priority="P1"), Escalated(at(10), "L2"), SentBack(at(12))]
    again = [*story, Escalated(at(13), "L2"), SentBack(at(14)), Solved(at(15)), Reopened(at(16))]

    assert standing(story, at(20)).sent_back == 1
    assert standing(again, at(20)).sent_back == 2


def test_nobody_sends_back_what_nobody_escalated():
    with pytest.raises(BrokenStory, match="event 2 sends back what nobody escalated"):
        due([Opened(NINE, priority="P1"), SentBack(at(5))], TERMS, now=at(5))


# -- reopened


def test_reopened_the_level_that_solved_it_has_it_again():
    story = [Opened(NINE, priority="P1"), Escalated(at(10), "L2"), Accepted(at(12)), Solved(at(20)), Reopened(at(60))]

    assert standing(story, at(60)).level == "L2"
    assert told(story, TERMS, at(180))["step/functional@5/L3"] == 180


def test_reopened_it_is_with_the_level_that_had_it_not_with_the_one_that_was_asked():
    story = [*ASKED, Solved(at(12)), Reopened(at(60))]

    assert standing(story, at(60)).level == "L1"
    assert told(story, TERMS, at(90)) == {"step/functional@5/L2": 90}


def test_reopened_and_set_waiting_in_one_act_the_level_begins_anew_all_the_same():
    story = [
        Opened(NINE, priority="P1"),
        Solved(at(20)),
        Reopened(at(60)),
        Paused(at(60), on="client"),
        Resumed(at(70)),
    ]

    assert told(story, TERMS, at(100)) == {"step/functional@3/L2": 100}


def test_a_ticket_may_be_opened_at_a_higher_level():
    story = [Opened(NINE, priority="P1", level="L2")]

    assert told(story, TERMS, at(120)) == {"step/functional@1/L3": 120}


def test_each_step_is_due_once_however_often_it_waits_meanwhile():
    story = [Opened(NINE, priority="P1"), Paused(at(40)), Resumed(at(50)), Paused(at(60)), Resumed(at(70))]

    assert [o.key for o in due(story, TERMS, now=at(80)).obligations] == [UP_TO_L2]


def test_acceptance_may_be_counted_on_a_calendar():
    accept = on(OFFICE, P1="30m")
    ladder = Ladder("functional", (step("L2", accept=accept, P1="30m"),), counts_from="level")
    evening = NINE.replace(hour=16, minute=50)
    story = [Opened(evening, priority="P1"), Escalated(evening, "L2"), Fired(evening, key="ask/functional@2")]

    assert due(story, agreed(ladder), now=evening).look_at == NINE.replace(day=17, minute=20)


def test_a_ticket_sent_back_hundreds_of_times_is_counted_no_longer_for_each():
    round_the_clock, asked = Counted.always(), Counted.asked
    terms = agreed(Ladder("functional", (step("L2", calendar=round_the_clock, P1="30m"),), counts_from="level"))
    story = [Opened(NINE, priority="P1")]
    for minute in range(300):
        story += [Escalated(at(minute), "L2"), SentBack(at(minute, 30))]

    due(story, terms, now=at(301))

    assert Counted.asked - asked <= 3 * len(story)
