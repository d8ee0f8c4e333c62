"""Is the client owed an update when it was promised, and is each silence counted once an interval?"""

from tests.core.small_desk import ALWAYS, NINE, OFFICE, TICK, agreed, always, at, on, one, silenced, told
from tocsin.core.cadence import cadence, told_of
from tocsin.core.clock import read
from tocsin.core.event import (
    Fired,
    Opened,
    Paused,
    PriorityChanged,
    Reopened,
    Responded,
    Resumed,
    Solved,
    Updated,
)
from tocsin.core.plan import due

UPDATES = cadence({**always(P1="30m", P2="2h"), "P3": None, "P4": None})
TERMS = agreed(clocks=[UPDATES])


def reading(story, now):
    return read(story, UPDATES, now=now)


# -- laps


def test_the_first_lap_begins_at_the_opening_and_promises_the_interval():
    lap = reading([Opened(NINE, priority="P1")], NINE)

    assert (lap.anchor, lap.due_at) == (1, at(30))


def test_an_update_meets_the_lap_and_begins_the_next():
    lap = reading([Opened(NINE, priority="P1"), Updated(at(20))], at(20))

    assert (lap.anchor, lap.due_at) == (2, at(50))
    assert lap.laps[0].verdict == "met"


def test_the_laps_stand_in_the_order_in_which_they_began_when_an_update_is_dated_back():
    story = [Opened(NINE, priority="P1"), Updated(at(20), recorded_at=at(70))]

    lap = reading(story, at(70))

    began = [(one.anchor, one.started_at, one.breached_at) for one in (*lap.laps, lap)]
    assert began == [
        (1, NINE, at(30)),
        (2, at(20), at(50)),
        (1, at(30), at(60)),  # by what is known now it never began, but its breach stands
        (2, at(50), None),
    ]


def test_an_answer_that_is_no_update_does_not():
    assert reading([Opened(NINE, priority="P1"), Responded(at(20))], at(20)).due_at == at(30)


def test_a_reopening_begins_a_lap():
    lap = reading([Opened(NINE, priority="P1"), Solved(at(10)), Reopened(at(60))], at(60))

    assert (lap.anchor, lap.due_at) == (3, at(90))


def test_the_interval_is_counted_on_its_calendar():
    evening = NINE.replace(hour=16, minute=50)
    office = cadence({"P1": on(OFFICE, P1="30m")["P1"]})

    assert read([Opened(evening, priority="P1")], office, now=evening).due_at == NINE.replace(day=17, minute=20)


def test_a_time_promised_in_the_message_is_the_due_time():
    assert reading([Opened(NINE, priority="P1"), Updated(at(10), promised=at(100))], at(20)).due_at == at(100)


def test_a_promised_time_holds_for_one_lap():
    story = [Opened(NINE, priority="P1"), Updated(at(10), promised=at(100)), Updated(at(90))]

    assert reading(story, at(90)).due_at == at(120)


def test_what_is_promised_at_resolution_or_not_at_all_has_no_laps():
    for priority in ("P3", "P4"):
        plan = due([Opened(NINE, priority=priority), Updated(at(10))], TERMS, now=at(3000))

        assert plan.readings["next_update"].laps == ()
        assert (plan.obligations, plan.look_at) == ((), None)


def test_solved_ends_it_without_a_verdict():
    story = [Opened(NINE, priority="P1"), Solved(at(10))]

    assert (reading(story, at(60)).state, reading(story, at(60)).verdict) == ("void", "open")
    assert told(story, TERMS, at(60)) == {}


# -- pauses and priorities


def test_pending_client_pauses_it_and_what_was_left_goes_on_after():
    story = [Opened(NINE, priority="P1"), Paused(at(10), on="client"), Resumed(at(60))]

    assert reading(story[:2], at(50)).due_at is None
    assert reading(story, at(60)).due_at == at(80)


def test_a_raise_adds_a_promise():
    assert reading([Opened(NINE, priority="P2"), PriorityChanged(at(10), "P1")], at(10)).due_at == at(40)
    assert reading([Opened(NINE, priority="P2"), PriorityChanged(at(100), "P1")], at(100)).due_at == at(120)


def test_a_lowering_waits_for_the_next_lap():
    story = [Opened(NINE, priority="P1"), PriorityChanged(at(10), "P2"), Updated(at(20))]

    assert reading(story[:2], at(10)).due_at == at(30)
    assert reading(story, at(20)).due_at == at(140)


def test_a_raise_from_none_begins_it():
    assert reading([Opened(NINE, priority="P3"), PriorityChanged(at(10), "P1")], at(10)).due_at == at(40)


# -- warnings and silences


WARNING = "threshold/next_update@1/80"


def silence(interval, anchor=1):
    return f"breach/next_update@{anchor}/{interval}"


def test_a_warning_comes_a_fifth_of_the_interval_ahead():
    assert told([Opened(NINE, priority="P1")], TERMS, at(24)) == {WARNING: 24}


def test_how_far_ahead_is_policy():
    halfway = agreed(clocks=[cadence(always(P1="30m"), warn=50)])

    assert told([Opened(NINE, priority="P1")], halfway, at(15)) == {"threshold/next_update@1/50": 15}


def test_a_miss_is_dated_at_its_due_instant_and_true_just_after_it():
    story = [Opened(NINE, priority="P1"), Fired(at(24), key=WARNING)]

    assert told(story, TERMS, at(30)) == {}
    assert told(story, TERMS, at(30) + TICK) == {silence(1): 30}
    assert due(story, TERMS, now=at(29)).look_at == at(30) + TICK


def test_an_update_at_the_due_instant_is_in_time():
    story = [Opened(NINE, priority="P1"), Updated(at(30))]

    assert silence(1) not in told(story, TERMS, at(31))


def test_the_next_lap_runs_from_the_miss_so_that_silence_counts_once_an_interval():
    found = told([Opened(NINE, priority="P1")], TERMS, at(100))

    assert found == {WARNING: 24, silence(1): 30, silence(2): 60, silence(3): 90}


def test_only_the_first_interval_of_a_silence_is_warned_of():
    found = told([Opened(NINE, priority="P1"), Updated(at(100))], TERMS, at(190))

    assert [key for key in found if key.startswith("threshold")] == [WARNING, "threshold/next_update@2/80"]


def test_the_first_miss_goes_to_the_comms_lead_the_second_to_the_incident_manager_the_rest_are_counted():
    story = [Opened(NINE, priority="P1")]

    assert [one(story, TERMS, at(130), silence(n)).to for n in (1, 2, 3, 4)] == [
        "comms-lead",
        "incident-manager",
        "",
        "",
    ]
    assert [told_of(n) for n in (1, 2, 3)] == ["comms-lead", "incident-manager", None]


def test_a_standard_may_name_others_who_hear_of_a_missed_update():
    assert [told_of(n, ("director",)) for n in (1, 2)] == ["director", None]


def test_after_an_update_misses_are_counted_anew():
    story = [Opened(NINE, priority="P1"), Updated(at(70))]

    again = one(story, TERMS, at(101), silence(1, anchor=2))

    assert (again.effective_at, again.to, again.interval) == (at(100), "comms-lead", 1)


def test_the_second_interval_has_the_length_of_the_priority_it_has_by_then():
    story = [Opened(NINE, priority="P1"), PriorityChanged(at(20), "P2")]

    assert told(story, TERMS, at(160)) == {WARNING: 24, silence(1): 30, silence(2): 150}


def test_what_was_missed_before_it_was_solved_is_told_to_nobody():
    story = [Opened(NINE, priority="P1"), Solved(at(40))]

    assert silenced(story, TERMS, at(50)) == [WARNING, silence(1)]


def test_a_wait_dated_back_under_misses_that_stand_ends_no_counting():
    story = [
        Opened(NINE, priority="P1"),
        Fired(at(24), key=WARNING),
        *(Fired(at(30 * n), recorded_at=at(30 * n + 1), key=silence(n)) for n in (1, 2, 3)),
        Paused(at(35), recorded_at=at(100), on="client"),
        Resumed(at(110)),
    ]

    plan = due(story, TERMS, now=at(110))

    assert plan.obligations == ()
    assert plan.look_at == at(110 + 25 + 60) + TICK  # the fourth: two intervals stand before it
    assert told(story, TERMS, plan.look_at) == {silence(4): 195}


def test_the_calendar_of_a_promise_in_a_message_is_always_where_none_is_agreed():
    story = [Opened(NINE, priority="P3"), Updated(at(10), promised=at(50))]

    lap = reading(story, at(20))

    assert (lap.due_at, lap.binding.calendar) == (at(50), ALWAYS)
