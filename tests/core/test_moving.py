"""A ticket that is moved to another version takes along what was used, and is worked by the new one from there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.core.small_desk import ALWAYS, MANAGEMENT, NINE, agreed, always, on, one, step, told
from tocsin.core.cadence import cadence
from tocsin.core.clock import Clock
from tocsin.core.duration import parse
from tocsin.core.event import Accepted, Escalated, Fired, Moved, Opened, Paused, PriorityChanged, Solved, Updated
from tocsin.core.explain import spans
from tocsin.core.hours import Calendar
from tocsin.core.ladder import Ladder
from tocsin.core.moving import after
from tocsin.core.plan import due
from tocsin.core.terms import RaiseRule

OFFICE = Calendar("UTC", {day: [("09:00", "17:00")] for day in ("mon", "tue", "wed", "thu", "fri")}, name="office")


def at(clock):
    hours, minutes = map(int, clock.split(":"))
    return NINE.replace(hour=0, minute=0) + timedelta(hours=hours, minutes=minutes)


def resolution(calendar=ALWAYS, *, thresholds=(), paused_by=(), **targets):
    return Clock(on(calendar, **targets), paused_by, thresholds=thresholds, priorities=("P1", "P2", "P3", "P4"))


def by(one, other, *acts, now, priority="P2", **names):
    """The plan of a ticket opened at nine under `one`, moved to `other` at the "move" among its acts."""
    story = [Opened(at("9:00"), priority=priority)]
    for act in acts:
        story.append(Moved(at(act), version="b 2", was="a 1", **names) if isinstance(act, str) else act)
    return due(story, after(one, other), now=at(now))


def clock(one, other, *acts, now, **more):
    return by(agreed(clocks=[one]), agreed(clocks=[other]), *acts, now=now, **more).readings["resolution"]


EIGHT = resolution(P2="8h")


def test_what_was_used_goes_along_and_the_rest_is_counted_by_the_new_version():
    moved = clock(EIGHT, resolution(P2="6h"), "11:00", now="12:00")
    assert (moved.consumed, moved.remaining, moved.due_at) == (timedelta(hours=3), timedelta(hours=3), at("15:00"))
    assert clock(EIGHT, resolution(P2="24h"), "11:00", now="12:00").due_at == at("33:00")


def test_time_counts_on_the_calendar_of_the_version_that_holds():
    moved = clock(EIGHT, resolution(OFFICE, P2="8h"), "15:00", now="20:00")
    assert (moved.consumed, moved.due_at) == (timedelta(hours=8), at("17:00"))
    back = clock(resolution(OFFICE, P2="8h"), EIGHT, "19:00", now="19:30")
    assert (back.consumed, back.breached_at) == (timedelta(hours=8, minutes=30), at("19:00"))


def test_a_breach_that_the_move_brings_about_is_dated_at_the_move():
    moved = clock(EIGHT, resolution(P2="1h"), "11:00", now="12:00")
    assert (moved.verdict, moved.breached_at, moved.due_at) == ("breached", at("11:00"), at("11:00"))


def test_a_breach_stays_one_whatever_the_new_version_grants_and_is_told_once():
    short = agreed(clocks=[resolution(P2="1h")])
    story = [Opened(NINE, priority="P2"), Fired(at("10:00"), key="breach/resolution@1"), Moved(at("11:00"))]
    plan = due(story, after(short, agreed(clocks=[EIGHT])), now=at("12:00"))
    moved = plan.readings["resolution"]
    assert (moved.verdict, moved.breached_at, moved.due_at) == ("breached", at("10:00"), at("17:00"))
    assert not plan.obligations
    shorter = clock(resolution(P2="1h"), resolution(P2="30m"), "11:00", now="12:00")
    assert (shorter.breached_at, shorter.due_at) == (at("10:00"), at("10:00")), "overdue for as long as it was"


def test_a_threshold_that_was_reached_stays_so_and_one_that_is_new_is_reached_at_the_move():
    moved = clock(
        resolution(P2="8h", thresholds=(25, 50)), resolution(P2="8h", thresholds=(20, 50, 75)), "12:00", now="16:00"
    )
    assert moved.thresholds == {25: at("11:00"), 20: at("12:00"), 50: at("13:00"), 75: at("15:00")}


def test_each_promise_of_a_raised_ticket_is_that_of_the_new_version_so_that_no_time_is_granted():
    raised = PriorityChanged(at("13:00"), to="P1")
    old, new = resolution(P1="6h", P2="8h"), resolution(P1="4h", P2="7h")
    assert clock(old, new, raised, "14:00", now="14:30").due_at == at("16:00")
    assert clock(old, resolution(P1="2h", P2="7h"), raised, "14:00", now="14:30").due_at == at("15:00")


def test_a_promise_that_was_not_counted_beside_another_is_kept_where_the_new_version_has_them_differ():
    raised = PriorityChanged(at("10:00"), to="P1")
    same, new = resolution(P1="8h", P2="8h"), resolution(P1="2h", P2="8h")
    assert clock(same, same, raised, "11:00", now="11:30").due_at == at("17:00")
    assert clock(same, new, raised, "11:00", now="11:30").due_at == at("12:00")


def test_business_days_are_as_many_from_when_they_were_promised():
    week = {day: [("09:00", "13:00" if day == "wed" else "17:00")] for day in ("mon", "tue", "wed", "thu", "fri")}
    short = Calendar("UTC", week)
    moved = clock(resolution(short, P2="3bd"), resolution(short, P2="2bd"), "35:00", now="36:00")
    assert (moved.remaining, moved.due_at) == (timedelta(hours=5), at("41:00")), "Tuesday's end, not Wednesday's"


def test_a_clock_that_is_promised_no_more_ends_void_and_one_that_is_new_begins_at_the_move():
    gone = clock(EIGHT, resolution(P1="4h"), "11:00", now="12:00")
    assert (gone.state, gone.verdict) == ("void", "open")
    new = clock(resolution(P1="4h"), EIGHT, "11:00", now="12:00")
    assert (new.started_at, new.due_at, new.anchor) == (at("11:00"), at("19:00"), 2)


def test_whom_it_waits_for_stops_the_clocks_that_the_new_version_says():
    wait = Paused(at("10:00"), on="vendor")
    held = resolution(P2="8h", paused_by=("vendor",))
    assert clock(EIGHT, held, wait, "11:00", now="12:00").state == "paused"
    going = clock(held, EIGHT, wait, "11:00", now="12:00")
    assert (going.state, going.consumed) == ("running", timedelta(hours=2))


def test_what_the_client_was_promised_in_words_stays_so():
    one, other = (agreed(clocks=[cadence({"P2": (parse(text), ALWAYS)})]) for text in ("2h", "1h"))
    said = Updated(at("10:00"), promised=at("13:00"))
    assert by(one, other, said, "11:00", now="11:30").readings["next_update"].due_at == at("13:00")
    assert by(one, other, "9:30", now="9:40").readings["next_update"].due_at == at("10:00")


def test_moved_back_it_is_due_as_it_would_have_been():
    six = resolution(P2="6h")
    chain = after(after(agreed(clocks=[EIGHT]), agreed(clocks=[six])), agreed(clocks=[EIGHT]))
    story = [Opened(NINE, priority="P2"), Moved(at("10:00")), Moved(at("11:00"))]
    assert due(story, chain, now=at("12:00")).readings["resolution"].due_at == at("17:00")


def test_the_ledger_says_in_a_line_which_version_took_over_and_what_it_promises():
    moved = clock(EIGHT, resolution(P2="6h"), "11:00", now="12:00")
    assert [(line.why, line.counted) for line in spans(moved)] == [
        ("P2 on always", timedelta(hours=2)),
        (
            "moved from a 1 to b 2: 8h for P2 round the clock became 6h for P2 round the clock, "
            "and what was used goes along",
            timedelta(),
        ),
        ("P2 on always", timedelta(hours=1)),
    ]
    same = clock(EIGHT, resolution(P2="8h"), "11:00", now="12:00")
    assert [line.why for line in spans(same)][1:] == ["moved from a 1 to b 2: the same is promised there"]


def test_a_ticket_that_was_solved_before_and_reopened_after_the_move_is_broken_when_it_is_open_again():
    from tocsin.core.event import Reopened

    acts = (Solved(at("11:00")), "12:00", Reopened(at("13:00")))
    moved = clock(EIGHT, resolution(P2="1h"), *acts, now="14:00")
    assert moved.breached_at == at("13:00")
    assert clock(EIGHT, resolution(P2="1h"), *acts[:2], now="12:30").verdict == "met"


# -- ladders


SLOW = MANAGEMENT  # P1: team-lead 15m, delivery-manager 30m, director 2h
FAST = Ladder(
    "management",
    (step("team-lead", P1="5m"), step("boss", P1="20m"), step("delivery-manager", P1="40m"), step("director", P1="1h")),
    paused_by=("client",),
)


def climbed(one, other, *acts, now, **more):
    plan = by(agreed(one), agreed(other), *acts, now=now, priority="P1", **more)
    return {o.key: (o.effective_at - NINE) / timedelta(minutes=1) for o in plan.obligations}


def test_a_ladder_keeps_its_start_and_a_step_whose_time_has_gone_by_is_not_fired():
    assert climbed(SLOW, FAST, "9:25", now="11:00") == {
        "step/management@1/team-lead": 15,
        "step/management@1/delivery-manager": 40,
        "step/management@1/director": 60,
    }


def test_a_step_that_falls_due_at_the_move_is_fired():
    assert climbed(SLOW, FAST, "9:20", now="9:25") == {
        "step/management@1/team-lead": 15,
        "step/management@1/boss": 20,
    }


def test_a_step_that_falls_due_at_the_move_is_fired_though_the_new_version_has_none_like_it():
    other = Ladder("management", (step("director", P1="5h"),))
    assert climbed(SLOW, other, "9:15", now="10:00") == {"step/management@1/team-lead": 15}


def test_a_step_that_was_left_out_is_asked_at_once_by_a_raise():
    ladder = Ladder("management", (step("boss", P1="10m", P2="20m"),))
    empty = Ladder("management", (step("director", P2="9h", P1="9h"),))
    moved = by(agreed(empty), agreed(ladder), "10:00", PriorityChanged(at("10:30"), to="P1"), now="11:00")
    assert [(o.key, o.effective_at) for o in moved.obligations] == [("step/management@1/boss", at("10:30"))]
    assert not by(agreed(empty), agreed(ladder), "10:00", now="11:00").obligations


def test_a_ladder_that_the_version_before_did_not_have_begins_at_the_move():
    assert climbed(Ladder("page", ()), FAST, "9:30", now="9:36") == {"step/management@2/team-lead": 35}


def test_what_a_step_asked_for_before_the_move_is_owed_as_it_was_asked():
    asks = Ladder("management", (step("boss", P1="10m", act=True, within=always(P1="1h")),))
    other = Ladder("management", (step("director", P1="5h"),))
    assert climbed(asks, other, "9:30", now="10:30") == {
        "step/management@1/boss": 10,
        "missed/management@1/boss": 70,
    }


FUNCTIONAL = Ladder(
    "functional",
    (step("L2", P1="60m", accept=always(P1="5m")), step("L3", P1="2h")),
    counts_from="level",
)


def quicker(**after):
    return replace(FUNCTIONAL, steps=(replace(FUNCTIONAL.steps[0], after=always(**after)), FUNCTIONAL.steps[1]))


def test_a_level_keeps_when_it_took_the_ticket_and_is_not_asked_for_what_has_gone_by():
    assert climbed(FUNCTIONAL, quicker(P1="90m"), "9:30", now="10:35")["step/functional@1/L2"] == 90
    assert "step/functional@1/L2" not in climbed(FUNCTIONAL, quicker(P1="20m"), "9:30", now="12:00")
    assert climbed(FUNCTIONAL, quicker(P1="40m"), "9:30", now="10:00")["step/functional@1/L2"] == 40


def test_a_level_that_is_called_otherwise_has_the_ticket_under_its_new_name():
    other = Ladder("functional", (step("tier-2", P1="60m"), step("tier-3", P1="30m")), counts_from="level")
    acts = (Escalated(at("9:10"), to="L2"), Accepted(at("9:12")), "9:20")
    names = (("L1", "tier-1"), ("L2", "tier-2"), ("L3", "tier-3"))
    plan = by(agreed(FUNCTIONAL), agreed(other), *acts, now="9:45", priority="P1", levels=names)
    assert plan.standing is not None
    assert plan.standing.standing.level == "tier-2"
    assert "step/functional@3/tier-3" in {o.key for o in plan.obligations}


# -- rules, acknowledgements, names


def test_a_rule_of_the_new_version_that_has_waited_long_enough_raises_at_the_move():
    rule = RaiseRule("P2-P1", "P2", "P1", (parse("1h"), ALWAYS))
    new = agreed(clocks=[EIGHT], raises=(rule,))
    assert [(o.key, o.effective_at) for o in by(agreed(clocks=[EIGHT]), new, "11:00", now="12:00").obligations] == [
        ("raise/P2-P1@1", at("11:00"))
    ]
    later = by(agreed(clocks=[EIGHT]), new, "9:30", now="12:00").obligations
    assert [o.effective_at for o in later] == [at("10:00")], "the time it had been so counts"


def test_moving_is_no_work_on_the_ticket_so_an_acknowledgement_still_expires():
    from tocsin.core.event import Acknowledged

    page = Ladder("page", (step("primary", P1="0m"),), until_acknowledged=True)
    terms = agreed(page, acknowledgement_lasts=always(P1="30m"), clocks=[resolution(P1="8h")])
    story = [
        Opened(NINE, priority="P1"),
        Fired(NINE, key="step/page@1/primary"),
        Acknowledged(at("9:05"), of="step/page@1/primary"),
    ]
    longer = replace(terms, acknowledgement_lasts=always(P1="2h"))
    moved = [*story, Moved(at("9:20"))]
    assert one(moved, after(terms, terms), at("9:40"), "again/page@3").effective_at == at("9:35")
    assert told(moved, after(terms, longer), at("11:30")) == {"again/page@3": 125, "exhausted/page@3": 130}
    assert told([*story, Moved(at("10:00"))], after(longer, terms), at("10:02")) == {"again/page@3": 60}


@pytest.mark.parametrize("version", [1, 2])
def test_words_of_the_version_before_are_found_as_long_as_the_ticket_lasts(version):
    old = agreed(SLOW, clocks=[EIGHT], titles={"P2": "High", "team-lead": "Team lead"})
    new = agreed(FAST, titles={"P2": "Urgent"})
    chain = after(old, new)
    for _ in range(version - 1):
        chain = after(chain, new)
    assert chain.titles == {"P2": "Urgent", "team-lead": "Team lead"}
    assert chain.earlier[0].titles == old.titles
    assert set(chain.clocks) == {"resolution"}
    assert len(chain.earlier) == version
