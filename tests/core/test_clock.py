"""Does a clock read as the rules say, sentence by sentence? (semantics 2, and 4 for the clock that repeats)

Where the rules leave a corner open, the test that shows what was decided says so in its docstring.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tocsin.core.clock import Clock, read
from tocsin.core.duration import parse
from tocsin.core.event import (
    BrokenStory,
    Cancelled,
    Closed,
    Merged,
    Opened,
    Paused,
    PriorityChanged,
    Reopened,
    Responded,
    Resumed,
    Solved,
    Updated,
)
from tocsin.core.hours import Calendar
from tocsin.core.promise import Promise

ALWAYS = Calendar.always()
WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
OFFICE = Calendar("UTC", {day: [("09:00", "17:00")] for day in WORKDAYS})
LONG_OFFICE = Calendar("UTC", {day: [("08:00", "18:00")] for day in WORKDAYS})
GRAIN = timedelta(microseconds=1)
DAYS = {"mon": 16, "tue": 17, "wed": 18, "thu": 19, "fri": 20, "sat": 21, "sun": 22}


def on(moment):
    """An instant of the week of Monday 2026-11-16, such as `fri 16:00`; no day is that Monday, `mon2` the next."""
    *day, time = moment.split()
    [name] = day or ["mon"]
    later = 7 if name.endswith("2") else 0
    return datetime.fromisoformat(f"2026-11-{DAYS[name[:3]] + later}T{time}").replace(tzinfo=UTC)


def hours(amount):
    return timedelta(hours=amount)


def clock(p1="4h", p2="8h", p3="24h", p4=None, *, calendar=ALWAYS, **rules):
    """A resolution clock that waits for the client and for nobody else."""
    targets = {"P1": p1, "P2": p2, "P3": p3, "P4": p4}
    rules = {"paused_by": ("client",), "thresholds": (50, 75, 90), **rules}
    return Clock({name: (parse(text), calendar) if text else None for name, text in targets.items()}, **rules)


def response(**rules):
    return clock(name="response", met_by=("responded", "solved"), paused_by=(), **rules)


def next_update(p1="30m", p2="2h", p3=None, **rules):
    return clock(p1, p2, p3, name="next_update", met_by=("updated",), repeats=True, **rules)


def reading(rules, *story, now):
    return read(story, rules, now=on(now))


def shares(clock_reading):
    return {percent: f"{instant:%H:%M}" for percent, instant in clock_reading.thresholds.items()}


def promise(budget, consumed, *, since, calendar=ALWAYS, of="resolution"):
    return Promise(of, "P2", hours(budget), calendar, on(since), consumed=hours(consumed), origin="merged")


# -- the worked examples ----------------------------------------------------------------------------------------------


def test_two_and_a_half_hours_of_waiting_move_the_due_time_and_every_threshold_by_as_much():
    story = [Opened(on("10:00"), priority="P2"), Paused(on("11:00")), Resumed(on("13:30"))]

    after_it = reading(clock(), *story, now="20:30")

    assert after_it.due_at == on("20:30")
    assert shares(after_it) == {50: "16:30", 75: "18:30", 90: "19:42"}


def test_a_raise_while_waiting_counts_from_the_resume():
    story = [
        Opened(on("10:00"), priority="P2"),
        Paused(on("11:00")),
        PriorityChanged(on("12:00"), to="P1"),
        Resumed(on("13:30")),
    ]

    assert reading(clock(), *story[:3], now="12:00").due_at is None
    assert reading(clock(), *story, now="13:30").due_at == on("17:30")


def test_a_raise_after_one_hour_is_due_four_hours_after_the_raise():
    story = [Opened(on("08:00"), priority="P2"), PriorityChanged(on("09:00"), to="P1")]

    after_it = reading(clock(), *story, now="13:00")

    assert after_it.due_at == on("13:00")
    assert shares(after_it) == {50: "11:00", 75: "12:00", 90: "12:36"}


def test_waiting_after_a_raise_moves_both_promises():
    story = [
        Opened(on("08:00"), priority="P2"),
        PriorityChanged(on("09:00"), to="P1"),
        Paused(on("10:00")),
        Resumed(on("11:00")),
    ]

    after_it = reading(clock(), *story, now="12:00")

    assert after_it.due_at == on("14:00")
    assert shares(after_it) == {50: "12:00"}


FRIDAY = (
    Opened(on("fri 16:00"), priority="P3"),
    PriorityChanged(on("fri 20:00"), to="P2"),
    PriorityChanged(on("fri 22:00"), to="P1"),
    Paused(on("fri 23:00")),
    Resumed(on("sat 09:00")),
    PriorityChanged(on("sat 10:00"), to="P3"),
)


@pytest.mark.parametrize(
    ("told", "now", "due_at"),
    [
        (1, "fri 16:00", "wed2 10:00"),
        (2, "fri 20:00", "sat 04:00"),
        (3, "fri 22:00", "sat 02:00"),
        (5, "sat 09:00", "sat 12:00"),
        (6, "sat 10:00", "wed2 10:00"),
    ],
)
def test_a_friday_ticket_raised_twice_made_to_wait_and_lowered_is_due_when_the_rules_say(told, now, due_at):
    targets = {
        "P1": (parse("4h"), ALWAYS),
        "P2": (parse("8h"), ALWAYS),
        "P3": (parse("24h"), LONG_OFFICE),
    }

    after_it = reading(Clock(targets, paused_by=("client",)), *FRIDAY[:told], now=now)

    assert after_it.due_at == on(due_at)


def test_raised_after_four_hours_a_ticket_is_due_at_hour_eight_and_not_breached_at_once():
    story = [Opened(on("08:00"), priority="P2"), PriorityChanged(on("12:00"), to="P1")]

    raised = read(story, clock(), now=on("12:00") + GRAIN)

    assert (raised.verdict, raised.due_at) == ("open", on("16:00"))


def test_raised_after_one_hour_a_ticket_is_due_at_hour_five():
    story = [Opened(on("08:00"), priority="P2"), PriorityChanged(on("09:00"), to="P1")]

    assert reading(clock(), *story, now="09:00").due_at == on("13:00")


@pytest.mark.parametrize(
    ("on_raise", "due_at", "consumed"),
    [("earlier_of", "13:00", 0), ("carry", "12:00", 1), ("recalculate", "12:00", 1), ("restart", "13:00", 0)],
)
def test_three_hours_from_ten_raised_at_eleven_to_two_hours_are_due_as_the_policy_has_it(on_raise, due_at, consumed):
    story = [Opened(on("10:00"), priority="P2"), PriorityChanged(on("11:00"), to="P1")]
    rules = clock("2h", "3h", on_raise=on_raise)

    raised = reading(rules, *story, now="11:00")

    assert raised.due_at == on(due_at)
    if on_raise != "earlier_of":  # there both are due at 13:00 and the older is shown
        assert raised.consumed == hours(consumed)


def test_of_two_promises_due_at_once_the_older_is_shown():
    story = [Opened(on("10:00"), priority="P2"), PriorityChanged(on("11:00"), to="P1")]

    raised = reading(clock("2h", "3h"), *story, now="12:00")

    assert (raised.due_at, raised.consumed, raised.remaining) == (on("13:00"), hours(2), hours(1))


@pytest.mark.parametrize(
    ("waits", "now", "due_at"),
    [
        ((), "mon 10:00", "mon2 10:00"),
        (("tue 11:00", "tue 14:00"), "tue 14:00", "mon2 13:00"),
        (("fri 20:00", "sat 12:00"), "sat 12:00", "mon2 10:00"),
    ],
)
def test_five_business_days_are_put_off_by_the_working_time_of_a_wait(waits, now, due_at):
    story = [Opened(on("mon 10:00"), priority="P3")]
    if waits:
        story += [Paused(on(waits[0])), Resumed(on(waits[1]))]

    assert reading(clock(p3="5bd", calendar=OFFICE), *story, now=now).due_at == on(due_at)


def test_five_business_days_from_opening_time_are_shown_at_closing_and_kept_until_the_next_opening():
    story = [Opened(on("mon 09:00"), priority="P3")]
    rules = clock(p3="5bd", calendar=OFFICE)

    at_opening = reading(rules, *story, now="mon2 09:00")
    after_opening = read(story, rules, now=on("mon2 09:00") + GRAIN)

    assert (at_opening.due_at, at_opening.verdict) == (on("fri 17:00"), "open")
    assert (after_opening.verdict, after_opening.breached_at) == ("breached", on("mon2 09:00"))


# -- breaches ---------------------------------------------------------------------------------------------------------


def test_used_up_at_fridays_closing_and_solved_at_mondays_opening_is_kept():
    story = [Opened(on("fri 09:00"), priority="P2"), Solved(on("mon2 09:00"))]

    solved = reading(clock(calendar=OFFICE), *story, now="mon2 12:00")

    assert (solved.verdict, solved.met_at, solved.remaining) == ("met", on("mon2 09:00"), hours(0))


def test_solved_a_microsecond_after_mondays_opening_is_breached_at_the_opening():
    story = [Opened(on("fri 09:00"), priority="P2"), Solved(on("mon2 09:00") + GRAIN)]

    solved = reading(clock(calendar=OFFICE), *story, now="mon2 12:00")

    assert (solved.state, solved.verdict, solved.breached_at) == ("stopped", "breached", on("mon2 09:00"))
    assert (solved.met_at, solved.remaining) == (None, -GRAIN)


def test_a_breach_is_true_for_every_now_after_its_instant_by_a_microsecond():
    story = [Opened(on("10:00"), priority="P1")]

    assert read(story, clock(), now=on("14:00")).verdict == "open"
    assert read(story, clock(), now=on("14:00") + GRAIN).breached_at == on("14:00")


def test_a_breached_clock_runs_and_pauses_on_so_that_lateness_is_known():
    story = [Opened(on("10:00"), priority="P1"), Paused(on("15:00")), Resumed(on("16:00")), Solved(on("17:00"))]

    solved = reading(clock(), *story, now="18:00")

    assert (solved.breached_at, solved.consumed, solved.remaining) == (on("14:00"), hours(6), hours(-2))


def test_a_clock_that_waits_is_not_breached_however_long():
    story = [Opened(on("10:00"), priority="P1"), Paused(on("13:00"))]

    waiting = reading(clock(), *story, now="sun 10:00")

    assert (waiting.state, waiting.verdict, waiting.due_at) == ("paused", "open", None)


def test_of_many_promises_the_first_one_broken_dates_the_breach():
    story = [Opened(on("08:00"), priority="P3"), PriorityChanged(on("09:00"), to="P1")]

    assert reading(clock(), *story, now="23:00").breached_at == on("13:00")


@pytest.mark.parametrize("on_raise", ["carry", "recalculate"])
def test_a_breach_that_a_raise_brings_about_is_dated_at_the_raise(on_raise):
    story = [Opened(on("10:00"), priority="P2"), PriorityChanged(on("15:00"), to="P1")]

    raised = reading(clock(on_raise=on_raise), *story, now="15:00")

    assert (raised.verdict, raised.breached_at) == ("breached", on("15:00"))


def test_a_breach_that_a_lowering_brings_about_is_dated_at_the_lowering():
    targets = {"P1": (parse("4h"), OFFICE), "P2": (parse("8h"), ALWAYS)}
    story = [Opened(on("mon 09:00"), priority="P1"), Paused(on("mon 10:00")), Resumed(on("mon 20:00"))]

    lowered = reading(
        Clock(targets, paused_by=("client",)), *story, PriorityChanged(on("tue 08:00"), to="P2"), now="tue 09:00"
    )

    assert (lowered.verdict, lowered.breached_at) == ("breached", on("tue 08:00"))


@pytest.mark.parametrize(
    "after",
    [
        PriorityChanged(on("15:00"), to="P3"),
        PriorityChanged(on("15:00"), to="P4"),
        Solved(on("15:00")),
        Cancelled(on("15:00")),
        Merged(on("15:00"), into="another"),
    ],
    ids=["lowered", "promised no longer", "solved", "cancelled", "merged away"],
)
def test_a_breach_stays_whatever_comes_after_it(after):
    after_it = reading(clock(), Opened(on("10:00"), priority="P1"), after, now="16:00")

    assert (after_it.verdict, after_it.breached_at) == ("breached", on("14:00"))


def test_a_change_on_a_solved_ticket_that_breaks_its_promise_withdraws_the_met_verdict():
    """Decided: a raise while solved behaves like one while paused, its breach included."""
    story = [Opened(on("10:00"), priority="P2"), Solved(on("15:00")), PriorityChanged(on("15:30"), to="P1")]

    raised = reading(clock(on_raise="carry"), *story, now="16:00")

    assert (raised.state, raised.verdict) == ("stopped", "breached")
    assert (raised.breached_at, raised.met_at) == (on("15:30"), None)


# -- the order of what was so, and of the log -------------------------------------------------------------------------


def test_the_fold_follows_what_was_so_and_not_the_order_of_the_log():
    story = [
        Opened(on("10:00"), priority="P2"),
        Solved(on("12:00")),
        Paused(on("10:30"), recorded_at=on("13:00")),
        Resumed(on("11:30"), recorded_at=on("13:00")),
    ]

    solved = reading(clock(), *story, now="13:00")

    assert (solved.met_at, solved.consumed, solved.due_at) == (on("12:00"), hours(1), on("19:00"))


def test_within_one_instant_the_order_of_the_log_decides():
    paused_last = [Opened(on("10:00")), Paused(on("11:00")), Resumed(on("11:00")), Paused(on("11:00"))]
    resumed_last = [Opened(on("10:00")), Paused(on("11:00")), Resumed(on("11:00"))]

    assert reading(clock(), *paused_last, now="12:00").state == "paused"
    assert reading(clock(), *resumed_last, now="12:00").state == "running"


def test_within_one_instant_long_ago_the_order_of_the_log_decides():
    story = [
        Opened(on("10:00")),
        Paused(on("11:00"), recorded_at=on("13:00")),
        Resumed(on("11:00"), recorded_at=on("13:00")),
    ]

    assert reading(clock(), *story, now="13:00").consumed == hours(3)


def test_the_sequence_number_and_not_the_place_in_the_list_is_the_order_of_the_log():
    story = [
        Opened(on("10:00"), priority="P3", seq=1),
        PriorityChanged(on("11:00"), to="P1", seq=3),
        PriorityChanged(on("11:00"), to="P2", seq=2),
    ]

    assert reading(clock(on_raise="restart"), *story, now="11:00").due_at == on("15:00")


def test_what_is_dated_before_the_start_counts_at_the_start():
    story = [Opened(on("10:00"), priority="P2"), Paused(on("08:00"), recorded_at=on("11:00"))]

    waiting = reading(clock(), *story, Resumed(on("12:00")), now="12:00")

    assert (waiting.consumed, waiting.due_at) == (hours(0), on("20:00"))


def test_a_wait_that_was_over_before_the_start_takes_nothing_and_gives_nothing():
    story = [Opened(on("10:00"), priority="P2"), Paused(on("07:00"), until=on("08:00"), recorded_at=on("11:00"))]

    assert reading(clock(), *story, now="12:00").consumed == hours(2)


def test_a_call_logged_late_starts_its_clocks_when_it_came_in():
    story = [Opened(on("10:00"), priority="P1", recorded_at=on("11:30"))]

    logged = reading(clock(), *story, now="11:30")

    assert (logged.started_at, logged.due_at, logged.consumed) == (on("10:00"), on("14:00"), hours(1.5))


def test_what_is_recorded_after_now_is_not_known_yet():
    story = [Opened(on("10:00"), priority="P1"), Solved(on("11:00"), recorded_at=on("12:00"))]

    assert reading(clock(), *story, now="11:30").state == "running"
    assert reading(clock(), *story, now="12:00").met_at == on("11:00")


def test_what_is_so_only_after_now_does_not_count_yet():
    story = [Opened(on("10:00"), priority="P1"), Paused(on("12:00"), recorded_at=on("11:00"))]

    assert reading(clock(), *story, now="11:30").state == "running"
    assert reading(clock(), *story, now="12:00").state == "paused"


def test_before_anything_is_on_record_nothing_is_promised():
    nothing = reading(clock(), Opened(on("10:00"), recorded_at=on("11:00")), now="10:30")

    assert (nothing.state, nothing.verdict, nothing.started_at) == ("void", "open", None)


def test_a_breach_true_when_an_act_was_recorded_stands_although_the_act_would_have_prevented_it():
    story = [Opened(on("10:00"), priority="P1"), Solved(on("13:00"), recorded_at=on("15:00"))]

    solved = reading(clock(), *story, now="16:00")

    assert (solved.state, solved.verdict, solved.breached_at) == ("stopped", "breached", on("14:00"))
    assert (solved.stopped_at, solved.met_at, solved.consumed) == (on("13:00"), None, hours(3))


def test_a_solving_dated_back_to_before_the_breach_and_recorded_at_its_instant_keeps_the_promise():
    story = [Opened(on("10:00"), priority="P1"), Solved(on("13:00"), recorded_at=on("14:00"))]

    assert reading(clock(), *story, now="16:00").verdict == "met"


def test_a_breach_on_record_keeps_its_instant_when_a_raise_dated_back_would_have_broken_it_earlier():
    """The order of the log decides, and a lap is breached once: the engine's event at 18:00 agrees with the fold."""
    story = [Opened(on("10:00"), priority="P2"), PriorityChanged(on("11:00"), to="P1", recorded_at=on("19:00"))]

    assert reading(clock(), *story, now="20:00").breached_at == on("18:00")


def test_what_was_recorded_in_one_act_is_judged_together():
    story = [
        Opened(on("10:00"), priority="P1", recorded_at=on("18:00")),
        Solved(on("13:00"), recorded_at=on("18:00")),
    ]

    assert reading(clock(), *story, now="18:00").verdict == "met"


def test_a_stop_has_the_last_word_in_an_act_at_the_instant_of_a_raise():
    story = [Opened(on("10:00"), priority="P3"), PriorityChanged(on("12:00"), to="P1"), Solved(on("12:00"))]

    assert reading(clock(), *story, now="20:00").verdict == "met"


# -- waits ------------------------------------------------------------------------------------------------------------


def test_a_pause_gives_back_exactly_its_business_time():
    story = [Opened(on("mon 15:00"), priority="P1"), Paused(on("mon 16:00")), Resumed(on("tue 10:00"))]

    assert reading(clock(calendar=OFFICE), *story, now="tue 10:00").due_at == on("tue 13:00")


def test_a_wait_for_somebody_who_is_not_on_the_list_lets_the_clock_run():
    story = [Opened(on("10:00"), priority="P1"), Paused(on("11:00"), on="vendor")]

    assert reading(clock(), *story, now="12:00").state == "running"


def test_a_new_wait_takes_the_place_of_the_one_before():
    """Decided: a ticket has one status, so it waits for one party at a time."""
    story = [Opened(on("10:00")), Paused(on("11:00"), until=on("12:00")), Paused(on("11:30"), on="vendor")]

    replaced = reading(clock(), *story, now="12:30")

    assert (replaced.state, replaced.consumed) == ("running", hours(2))


def test_a_longer_wait_outlives_the_deadline_of_the_one_it_took_the_place_of():
    story = [Opened(on("10:00")), Paused(on("11:00"), until=on("12:00")), Paused(on("11:30"))]

    assert reading(clock(), *story, now="13:00").consumed == hours(1)


def test_a_wait_ends_at_its_own_deadline_engine_or_no_engine():
    story = [Opened(on("10:00"), priority="P1"), Paused(on("11:00"), until=on("12:30"))]

    after_it = reading(clock(), *story, now="13:00")

    assert (after_it.state, after_it.due_at) == ("running", on("15:30"))


def test_resuming_what_its_deadline_has_ended_changes_nothing():
    story = [Opened(on("10:00"), priority="P1"), Paused(on("11:00"), until=on("12:00")), Resumed(on("13:00"))]

    assert reading(clock(), *story, now="13:00").due_at == on("15:00")


def test_the_record_of_a_deadline_ends_no_wait_but_its_own():
    story = [Opened(on("10:00"), priority="P1"), Paused(on("11:00"), until=on("12:00")), Paused(on("11:30"))]

    assert reading(clock(), *story, Resumed(on("12:00"), key="wait@2"), now="13:00").state == "paused"
    assert reading(clock(), *story, Resumed(on("12:00"), key="wait@3"), now="13:00").state == "running"


def test_resuming_what_was_never_paused_is_a_broken_story():
    with pytest.raises(BrokenStory, match="resumes what was never paused"):
        reading(clock(), Opened(on("10:00")), Resumed(on("11:00")), now="12:00")


def test_a_ticket_born_waiting_has_used_nothing_until_it_is_resumed():
    story = [Opened(on("10:00"), priority="P1"), Paused(on("10:00"))]

    assert reading(clock(), *story, now="12:00").consumed == hours(0)
    assert reading(clock(), *story, Resumed(on("12:00")), now="12:00").due_at == on("16:00")


def test_a_ticket_born_solved_has_met_its_promise():
    born = reading(clock(), Opened(on("10:00"), priority="P1"), Solved(on("10:00")), now="12:00")

    assert (born.state, born.verdict, born.consumed) == ("stopped", "met", hours(0))


def test_a_ticket_solved_while_waiting_closes_the_wait_first_and_loses_nothing():
    story = [Opened(on("10:00"), priority="P1"), Paused(on("11:00")), Solved(on("12:00")), Reopened(on("13:00"))]

    solved = reading(clock(), *story[:3], now="12:30")
    reopened = reading(clock(), *story, now="13:00")

    assert (solved.state, solved.verdict, solved.consumed, solved.due_at) == ("stopped", "met", hours(1), on("15:00"))
    assert (reopened.state, reopened.due_at) == ("running", on("16:00"))


def test_waiting_on_a_solved_ticket_is_a_broken_story():
    with pytest.raises(BrokenStory, match="reopen it first"):
        reading(clock(), Opened(on("10:00")), Solved(on("11:00")), Paused(on("12:00")), now="13:00")


# -- solving and reopening --------------------------------------------------------------------------------------------


def test_solving_stops_the_clock_and_shows_what_was_due_then():
    story = [Opened(on("10:00"), priority="P1"), Solved(on("11:00"))]

    solved = reading(clock(), *story, now="tue 10:00")

    assert (solved.state, solved.verdict, solved.met_at, solved.due_at) == ("stopped", "met", on("11:00"), on("14:00"))


def test_reopening_goes_on_where_it_stopped_and_withdraws_the_met_verdict():
    story = [Opened(on("10:00"), priority="P1"), Solved(on("12:30")), Reopened(on("20:00"))]

    reopened = reading(clock(), *story, now="20:00")

    assert (reopened.state, reopened.verdict, reopened.met_at) == ("running", "open", None)
    assert (reopened.consumed, reopened.due_at, reopened.anchor) == (hours(2.5), on("21:30"), 1)
    assert shares(reopened) == {50: "12:00"}


def test_reopening_never_withdraws_a_breach():
    story = [Opened(on("10:00"), priority="P1"), Solved(on("15:00")), Reopened(on("16:00"))]

    assert reading(clock(), *story, now="16:00").breached_at == on("14:00")


def test_reopening_never_withdraws_the_breach_of_a_promise_that_is_no_more():
    story = [Opened(on("10:00"), priority="P1"), PriorityChanged(on("15:00"), to="P3"), Solved(on("16:00"))]

    assert reading(clock(), *story, Reopened(on("17:00")), now="17:00").breached_at == on("14:00")


def test_by_policy_reopening_begins_a_new_lap_and_the_old_verdict_stands():
    story = [Opened(on("10:00"), priority="P1"), Solved(on("12:30")), Reopened(on("19:00"))]

    reopened = reading(clock(on_reopen="restart"), *story, now="19:00")

    assert (reopened.consumed, reopened.due_at, reopened.anchor) == (hours(0), on("23:00"), 3)
    assert [(lap.verdict, lap.met_at, lap.anchor) for lap in reopened.laps] == [("met", on("12:30"), 1)]
    assert reopened.thresholds == {}


def test_a_new_lap_of_a_ticket_that_was_solved_while_waiting_waits_no_more():
    story = [Opened(on("10:00"), priority="P1"), Paused(on("11:00")), Solved(on("12:00")), Reopened(on("13:00"))]

    reopened = reading(clock(on_reopen="restart"), *story, now="13:00")

    assert (reopened.state, reopened.due_at) == ("running", on("17:00"))


def test_reopening_what_is_not_solved_is_a_broken_story():
    with pytest.raises(BrokenStory, match="not solved"):
        reading(clock(), Opened(on("10:00")), Reopened(on("11:00")), now="12:00")


def test_met_is_final_when_the_ticket_closes():
    story = [Opened(on("10:00"), priority="P1"), Solved(on("11:00")), Closed(on("12:00"))]

    assert reading(clock(), *story, now="13:00").verdict == "met"
    with pytest.raises(BrokenStory, match="closed"):
        reading(clock(), *story, Reopened(on("13:00")), now="13:00")


@pytest.mark.parametrize("end", [Cancelled(on("11:00")), Merged(on("11:00"), into="another")])
def test_a_ticket_that_is_none_any_more_ends_its_clocks_without_a_verdict(end):
    ended = reading(clock(), Opened(on("10:00"), priority="P1"), end, now="20:00")

    assert (ended.state, ended.verdict, ended.due_at, ended.consumed) == ("void", "open", None, hours(1))


@pytest.mark.parametrize(
    ("end", "said"),
    [
        (Cancelled(on("11:00")), "event 3 reopens a ticket that is cancelled: open a new one that follows it up"),
        (Merged(on("11:00"), into="another"), "event 3 reopens a ticket that is merged into another"),
        (Closed(on("11:00")), "event 3 reopens a ticket that is closed"),
    ],
)
def test_a_ticket_that_is_none_any_more_is_not_reopened(end, said):
    with pytest.raises(BrokenStory, match=said):
        reading(clock(), Opened(on("10:00"), priority="P1"), end, Reopened(on("12:00")), now="20:00")


# -- priorities -------------------------------------------------------------------------------------------------------


def test_raised_twice_a_lap_holds_three_promises():
    story = [
        Opened(on("08:00"), priority="P3"),
        PriorityChanged(on("09:00"), to="P2"),
        PriorityChanged(on("10:00"), to="P1"),
    ]

    raised = reading(clock(), *story, now="10:00")

    assert raised.binding.priority == "P1"
    assert {promise.priority for promise in raised.promises} == {"P3", "P2", "P1"}
    assert raised.due_at == on("14:00")


def test_raising_never_grants_time_however_little_was_left():
    story = [Opened(on("08:00"), priority="P2"), PriorityChanged(on("15:00"), to="P1")]

    assert reading(clock(), *story, now="15:00").due_at == on("16:00")


def test_restarting_at_a_raise_ends_the_old_lap_without_a_verdict():
    story = [Opened(on("08:00"), priority="P2"), PriorityChanged(on("09:00"), to="P1")]

    raised = reading(clock(on_raise="restart"), *story, now="09:00")

    assert (raised.anchor, raised.due_at) == (2, on("13:00"))
    assert [(lap.state, lap.verdict) for lap in raised.laps] == [("void", "open")]


def test_restarting_at_a_raise_leaves_a_breach_with_the_old_lap():
    story = [Opened(on("08:00"), priority="P2"), PriorityChanged(on("17:00"), to="P1")]

    raised = reading(clock(on_raise="restart"), *story, now="17:00")

    assert (raised.verdict, raised.laps[0].breached_at) == ("open", on("16:00"))


def test_a_raise_while_solved_counts_from_the_reopening():
    """Decided: it behaves like a raise while waiting."""
    story = [
        Opened(on("08:00"), priority="P2"),
        Solved(on("09:00")),
        PriorityChanged(on("10:00"), to="P1"),
        Reopened(on("12:00")),
    ]

    assert reading(clock(), *story[:3], now="11:00").verdict == "met"
    assert reading(clock(), *story, now="12:00").due_at == on("16:00")


def test_lowering_leaves_one_promise_as_if_it_had_been_so_since_the_lap_began():
    story = [
        Opened(on("08:00"), priority="P3"),
        PriorityChanged(on("08:30"), to="P1"),
        Paused(on("09:00")),
        Resumed(on("11:00")),
        PriorityChanged(on("11:30"), to="P2"),
    ]

    lowered = reading(clock(), *story, now="11:30")

    assert [promise.priority for promise in lowered.promises] == ["P2"]
    assert (lowered.consumed, lowered.due_at) == (hours(1.5), on("18:00"))


def test_lowering_replays_the_waits_on_the_calendar_of_the_lower_priority():
    targets = {"P1": (parse("48h"), ALWAYS), "P2": (parse("8h"), OFFICE)}
    story = [
        Opened(on("mon 16:00"), priority="P1"),
        Paused(on("mon 18:00")),
        Resumed(on("tue 10:00")),
        PriorityChanged(on("tue 12:00"), to="P2"),
    ]

    lowered = reading(Clock(targets, paused_by=("client",)), *story, now="tue 12:00")

    assert (lowered.consumed, lowered.due_at) == (hours(3), on("tue 17:00"))


def test_lowering_to_business_days_takes_them_from_where_the_lap_began():
    week = {day: [("09:00", "11:00" if day == "tue" else "17:00")] for day in WORKDAYS}
    short_tuesday = Calendar("UTC", week)
    targets = {"P1": (parse("48h"), ALWAYS), "P2": (parse("1bd"), short_tuesday)}
    story = [Opened(on("mon 10:00"), priority="P1"), PriorityChanged(on("mon 16:00"), to="P2")]

    lowered = reading(Clock(targets), *story, now="mon 16:00")

    assert (lowered.verdict, lowered.consumed, lowered.due_at) == ("open", hours(6), on("tue 10:00"))


def test_by_policy_lowering_keeps_the_promises_made():
    story = [Opened(on("08:00"), priority="P1"), PriorityChanged(on("09:00"), to="P3")]

    assert reading(clock(on_lower="keep"), *story, now="09:00").due_at == on("12:00")


def test_lowering_to_what_is_promised_nothing_ends_the_clock_void():
    story = [Opened(on("08:00"), priority="P2"), PriorityChanged(on("09:00"), to="P4")]

    lowered = reading(clock(), *story, now="20:00")

    assert (lowered.state, lowered.verdict, lowered.due_at) == ("void", "open", None)


def test_from_what_is_promised_nothing_the_clock_starts_at_the_change():
    story = [Opened(on("08:00"), priority="P4"), PriorityChanged(on("09:00"), to="P1")]

    before, after = reading(clock(), *story[:1], now="09:00"), reading(clock(), *story, now="09:00")

    assert (before.state, before.verdict, before.started_at) == ("void", "open", None)
    assert (after.started_at, after.due_at, after.anchor) == (on("09:00"), on("13:00"), 2)


def test_promised_again_after_nothing_the_clock_begins_another_lap():
    story = [
        Opened(on("08:00"), priority="P1"),
        PriorityChanged(on("09:00"), to="P4"),
        PriorityChanged(on("10:00"), to="P1"),
    ]

    again = reading(clock(), *story, now="10:00")

    assert (again.consumed, again.due_at, again.anchor, len(again.laps)) == (hours(0), on("14:00"), 3, 1)


def test_promised_again_while_waiting_the_clock_begins_waiting():
    story = [Opened(on("08:00"), priority="P4"), Paused(on("08:30")), PriorityChanged(on("09:00"), to="P1")]

    assert reading(clock(), *story, now="10:00").state == "paused"


def test_the_order_of_priorities_is_the_policys_and_not_the_alphabets():
    targets = {"minor": (parse("8h"), ALWAYS), "major": (parse("4h"), ALWAYS)}
    rules = Clock(targets, priorities=("minor", "major"))
    story = [Opened(on("08:00"), priority="major"), PriorityChanged(on("09:00"), to="minor")]

    assert len(reading(rules, *story, now="09:00").promises) == 2


# -- thresholds -------------------------------------------------------------------------------------------------------


def test_a_threshold_is_reached_at_its_very_instant():
    story = [Opened(on("08:00"), priority="P1")]

    assert read(story, clock(), now=on("10:00") - GRAIN).thresholds == {}
    assert shares(reading(clock(), *story, now="10:00")) == {50: "10:00"}


def test_a_threshold_reached_stays_reached_when_the_ticket_is_lowered():
    story = [Opened(on("08:00"), priority="P1"), PriorityChanged(on("10:30"), to="P3")]

    assert shares(reading(clock(), *story, now="21:00")) == {50: "10:00"}


def test_thresholds_wait_while_the_clock_waits():
    story = [Opened(on("08:00"), priority="P1"), Paused(on("09:00")), Resumed(on("12:00"))]

    assert reading(clock(), *story, now="12:59").thresholds == {}
    assert shares(reading(clock(), *story, now="13:00")) == {50: "13:00"}


def test_a_share_used_up_by_a_raise_is_dated_at_the_raise():
    story = [Opened(on("08:00"), priority="P2"), PriorityChanged(on("11:30"), to="P1")]

    assert shares(reading(clock(on_raise="carry"), *story, now="11:30")) == {50: "11:30", 75: "11:30"}


# -- the response clock -----------------------------------------------------------------------------------------------


def test_the_first_answer_meets_the_response_clock():
    story = [Opened(on("10:00"), priority="P1"), Responded(on("11:00")), Responded(on("12:00"))]

    answered = reading(response(), *story, now="20:00")

    assert (answered.state, answered.verdict, answered.met_at) == ("stopped", "met", on("11:00"))


def test_a_person_who_solves_an_unanswered_ticket_answers_it():
    solved = reading(response(), Opened(on("10:00"), priority="P1"), Solved(on("11:00")), now="20:00")

    assert solved.met_at == on("11:00")


def test_an_alert_that_recovers_by_itself_ends_the_response_clock_void_and_meets_resolution():
    story = [Opened(on("10:00"), priority="P1"), Solved(on("11:00"), answers=False)]

    assert reading(response(), *story, now="20:00").state == "void"
    assert reading(clock(), *story, now="20:00").verdict == "met"


def test_an_alert_that_comes_back_lets_the_response_clock_go_on():
    story = [Opened(on("10:00"), priority="P1"), Solved(on("11:00"), answers=False), Reopened(on("15:00"))]

    assert reading(response(), *story, now="15:00").due_at == on("18:00")


@pytest.mark.parametrize("answer", [Responded(on("11:00")), Solved(on("11:00"))])
def test_being_answered_is_final_and_no_reopening_withdraws_it(answer):
    """Decided: `continue` withdraws a met verdict only on a clock that solving alone meets."""
    story = [Opened(on("10:00"), priority="P1"), answer]
    story += [] if isinstance(answer, Solved) else [Solved(on("12:00"))]

    reopened = reading(response(), *story, Reopened(on("13:00")), now="20:00")

    assert (reopened.state, reopened.verdict, reopened.met_at) == ("stopped", "met", on("11:00"))


@pytest.mark.parametrize("on_raise", ["earlier_of", "carry", "recalculate", "restart"])
def test_no_raise_moves_a_response_clock_that_is_met(on_raise):
    story = [Opened(on("10:00"), priority="P2"), Solved(on("15:00")), PriorityChanged(on("16:00"), to="P1")]

    raised = reading(response(on_raise=on_raise), *story, now="20:00")

    assert (raised.verdict, raised.met_at, len(raised.laps)) == ("met", on("15:00"), 0)


def test_what_was_answered_before_anything_was_promised_is_not_promised_again():
    """Decided: the first answer has been given; a raise from `none` asks for no other."""
    story = [Opened(on("10:00"), priority="P4"), Responded(on("11:00")), PriorityChanged(on("12:00"), to="P1")]

    assert reading(response(), *story, now="20:00").state == "void"


def test_born_waiting_the_response_clock_runs_unless_policy_says_otherwise():
    story = [Opened(on("10:00"), priority="P1"), Paused(on("10:00"))]

    assert reading(response(), *story, now="11:00").consumed == hours(1)


def test_a_clock_that_solving_does_not_meet_ends_void_and_goes_on_when_reopened():
    rules = clock(name="client_notified", met_by=("updated",))
    story = [Opened(on("10:00"), priority="P1"), Solved(on("11:00")), Reopened(on("15:00"))]

    assert reading(rules, *story[:2], now="12:00").state == "void"
    assert reading(rules, *story, now="15:00").due_at == on("18:00")


def test_what_a_void_clock_shows_does_not_move_with_the_hours():
    rules = Clock({"P1": (parse("4h"), ALWAYS), "P3": (parse("5h"), OFFICE)}, met_by=("updated",))
    story = [Opened(on("tue 15:00"), priority="P3"), PriorityChanged(on("tue 15:30"), to="P1"), Solved(on("tue 16:00"))]

    soon, late = reading(rules, *story, now="tue 16:00"), reading(rules, *story, now="thu 10:00")

    assert (soon.consumed, soon.remaining) == (late.consumed, late.remaining) == (hours(0.5), hours(3.5))


# -- merging ----------------------------------------------------------------------------------------------------------


def test_the_survivor_takes_over_the_promises_with_what_each_has_consumed():
    story = [Opened(on("12:00"), priority="P2"), Merged(on("13:00"), promises=(promise(8, 5, since="08:00"),))]

    merged = reading(clock(), *story, now="13:00")

    assert (merged.due_at, merged.consumed, merged.started_at) == (on("16:00"), hours(5), on("08:00"))


def test_merging_never_grants_time():
    story = [Opened(on("08:00"), priority="P2"), Merged(on("15:00"), promises=(promise(8, 1, since="14:00"),))]

    assert reading(clock(), *story, now="15:00").due_at == on("16:00")


def test_a_promise_taken_over_broken_breaches_the_survivor_at_the_merge():
    story = [Opened(on("12:00"), priority="P2"), Merged(on("13:00"), promises=(promise(8, 9, since="02:00"),))]

    assert reading(clock(), *story, now="13:00").breached_at == on("13:00")


def test_a_promise_taken_over_while_waiting_counts_from_the_resume():
    story = [Opened(on("12:00"), priority="P2"), Paused(on("12:00"))]
    merged = Merged(on("13:00"), promises=(promise(8, 7, since="06:00"),))

    assert reading(clock(), *story, merged, now="14:00").due_at is None
    assert reading(clock(), *story, merged, Resumed(on("15:00")), now="15:00").due_at == on("16:00")


def test_promises_of_another_clock_are_not_taken_over():
    story = [Opened(on("12:00"), priority="P2")]
    merged = Merged(on("13:00"), promises=(promise(8, 7, since="06:00", of="response"),))

    assert reading(clock(), *story, merged, now="13:00").due_at == on("20:00")


def test_what_is_stopped_on_the_survivor_stays_stopped():
    story = [Opened(on("12:00"), priority="P2"), Responded(on("12:30"))]
    merged = Merged(on("13:00"), promises=(promise(8, 9, since="02:00", of="response"),))

    assert reading(response(), *story, merged, now="20:00").verdict == "met"


# -- the clock that repeats (semantics 4) -----------------------------------------------------------------------------


def test_an_update_meets_the_lap_and_begins_the_next():
    story = [Opened(on("10:00"), priority="P1"), Updated(on("10:20"))]

    updated = reading(next_update(), *story, now="10:25")

    assert (updated.due_at, updated.anchor) == (on("10:50"), 2)
    assert [(lap.verdict, lap.met_at) for lap in updated.laps] == [("met", on("10:20"))]


def test_a_time_promised_in_the_message_is_the_due_time():
    story = [Opened(on("10:00"), priority="P1"), Updated(on("10:20"), promised=on("11:45"))]

    assert reading(next_update(), *story, now="10:25").due_at == on("11:45")


def test_a_time_promised_where_nothing_is_asked_for_counts_round_the_clock():
    story = [Opened(on("10:00"), priority="P3"), Updated(on("10:20"), promised=on("tue 03:00"))]

    assert reading(next_update(calendar=OFFICE), *story, now="10:25").due_at == on("tue 03:00")


def test_a_missed_update_is_breached_at_its_instant_and_the_next_lap_runs_from_there():
    story = [Opened(on("10:00"), priority="P1")]

    missed = reading(next_update(), *story, now="11:10")

    assert [(lap.verdict, lap.breached_at) for lap in missed.laps] == [
        ("breached", on("10:30")),
        ("breached", on("11:00")),
    ]
    assert (missed.due_at, missed.anchor, missed.index, missed.verdict) == (on("11:30"), 1, 3, "open")


def test_an_update_at_the_very_instant_it_was_due_is_in_time():
    story = [Opened(on("10:00"), priority="P1"), Updated(on("10:30"))]

    assert [lap.verdict for lap in reading(next_update(), *story, now="10:31").laps] == ["met"]


def test_the_time_between_a_miss_and_a_wait_counts_for_the_next_update():
    story = [Opened(on("10:00"), priority="P1"), Paused(on("10:40")), Resumed(on("12:00"))]

    assert reading(next_update(), *story, now="12:00").due_at == on("12:20")


def test_a_wait_pauses_the_interval_and_what_was_left_goes_on_after():
    story = [Opened(on("10:00"), priority="P1"), Paused(on("10:20")), Resumed(on("11:00"))]

    assert reading(next_update(), *story, now="11:00").due_at == on("11:10")


def test_solving_ends_the_interval_void_and_reopening_begins_one():
    story = [Opened(on("10:00"), priority="P1"), Solved(on("10:20")), Reopened(on("12:00"))]

    assert reading(next_update(), *story[:2], now="20:00").state == "void"
    assert (reading(next_update(), *story, now="12:00").due_at) == on("12:30")


def test_a_raise_adds_a_promise_to_the_interval():
    story = [Opened(on("10:00"), priority="P2"), PriorityChanged(on("10:10"), to="P1")]

    assert reading(next_update(), *story, now="10:10").due_at == on("10:40")


@pytest.mark.parametrize("on_raise", ["carry", "recalculate"])
def test_a_raise_of_the_interval_follows_the_policy_as_any_raise_does(on_raise):
    story = [Opened(on("10:00"), priority="P2"), PriorityChanged(on("10:10"), to="P1")]

    assert reading(next_update(on_raise=on_raise), *story, now="10:10").due_at == on("10:30")


def test_a_lowering_waits_for_the_next_interval():
    story = [Opened(on("10:00"), priority="P1"), PriorityChanged(on("10:10"), to="P2")]

    assert reading(next_update(), *story, now="10:20").due_at == on("10:30")
    assert reading(next_update(), *story, now="10:40").due_at == on("12:30")


def test_where_no_interval_is_promised_there_are_no_laps():
    story = [Opened(on("10:00"), priority="P3"), Updated(on("11:00"))]

    none = reading(next_update(), *story, now="20:00")

    assert (none.state, none.verdict, none.laps) == ("void", "open", ())


def test_intervals_missed_by_the_log_stay_missed_when_an_update_is_dated_back():
    story = [Opened(on("10:00"), priority="P1"), Updated(on("10:10"), recorded_at=on("11:10"))]

    corrected = reading(next_update(), *story, now="11:10")

    breaches = [lap.breached_at for lap in corrected.laps if lap.anchor == 1]
    assert sorted(breaches) == [on("10:30"), on("11:00")]
