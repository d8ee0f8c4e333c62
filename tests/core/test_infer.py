"""Is what a desk had promised found again in what it answered of its tickets?"""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from tests.core.offices import weekdays
from tests.core.past import FIELD_GUIDE, HOUR, MONDAY, POLICIES, past, ticket
from tocsin.core.clock import read
from tocsin.core.event import Closed, Opened, Paused, Reopened, Responded, Resumed, Solved
from tocsin.core.hours import Calendar
from tocsin.core.infer.history import SOLVED, Answered, halves
from tocsin.core.infer.layout import Layout
from tocsin.core.infer.search import Search
from tocsin.core.infer.supposed import ODD, always, hours, open_hours, targets
from tocsin.core.policy import load

PRESETS = sorted(POLICIES.glob("*.toml"))
HOURS = weekdays("Europe/London", "08:00", "18:00")


def terms_of(preset: Path):
    return load(preset.read_text("utf-8")).terms(hours=HOURS)


def length(target):
    """What a target of the standard comes to on its calendar, in seconds: a business day has ten hours here."""
    duration, calendar = target
    per_day = timedelta(days=1) if calendar.is_always else timedelta(hours=10)
    return (duration.length or duration.amount * per_day).total_seconds()


def steps_apart(one, other, grid):
    """How many steps of the usual grid lie between two lengths; zero for the same one."""
    return sum(min(one, other) < step <= max(one, other) for step in grid)


@pytest.mark.slow
@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.stem)
def test_a_preset_is_found_in_2000_tickets_with_one_answer_in_twenty_wrong(preset: Path):
    terms = terms_of(preset)
    promised = {
        p: target for p, target in terms.clocks["resolution"].targets.items() if target and p in terms.priorities
    }

    best = Search(past(terms, "resolution", seed=1), zone="Europe/London").best

    assert best.stop == "solved"
    assert best.waits == set(terms.clocks["resolution"].paused_by)
    assert {p.priority for p in best.promises} == set(promised)
    for promise in best.promises:
        wanted = promised[promise.priority]
        grid = [target.seconds for target in targets(promise.hours) if target.cost < ODD]
        assert promise.hours.calendar == wanted[1], promise.hours.title
        assert promise.target is not None
        assert steps_apart(promise.target.seconds, length(wanted), grid) <= 1


@pytest.mark.slow
def test_answers_about_the_response_are_told_from_those_about_the_solution():
    terms = terms_of(FIELD_GUIDE)

    best = Search(past(terms, "response", seed=1), zone="Europe/London").best

    assert best.stop == "responded"
    assert [promise.hours.calendar for promise in best.promises] == [
        terms.clocks["response"].targets[promise.priority][1] for promise in best.promises
    ]


def test_what_a_ticket_used_is_what_the_real_clock_reads():
    terms = terms_of(FIELD_GUIDE)
    resolution = terms.clocks["resolution"]
    at = [MONDAY + HOUR * n for n in (0, 2, 30, 40, 100, 130)]
    story = [
        *(Opened(at[0], priority="P3"), Responded(at[0]), Paused(at[1], on="client"), Resumed(at[2])),
        *(Solved(at[3]), Reopened(at[4]), Solved(at[5]), Closed(at[5] + HOUR)),
    ]
    waits = (("client", at[1], at[2]), (SOLVED, at[3], at[4]))
    told = Answered("T1", "P3", at[0], {"solved": at[5]}, waits, True)

    reading = read(story, resolution, now=at[5] + HOUR)

    assert told.used("solved", {"client"}, HOURS) == reading.consumed


@pytest.mark.parametrize("one", hours("America/Sao_Paulo")[::9], ids=lambda one: one.title)
def test_working_time_along_the_list_is_what_the_calendar_counts(one):
    tickets = [ticket(n, opened=MONDAY + n * 7.3 * HOUR, took=n * HOUR / 3) for n in range(60)]
    layout = Layout(tickets)
    instants = sorted({at for each in tickets for at in (each.opened_at, each.stops["solved"])})

    worked = layout.worked(one.calendar)

    assert len(worked) == len(instants)
    for (a, before), (b, after) in pairwise(zip(instants, worked, strict=True)):
        assert abs(one.calendar.elapsed(a, b).total_seconds() - (after - before)) <= 1


def test_the_disagreements_counted_are_those_of_the_tickets_one_by_one():
    terms = terms_of(FIELD_GUIDE)
    tickets = past(terms, "resolution", seed=3, count=300)

    search = Search(tickets, zone="Europe/London")

    for supposed in list(search.found.values())[::5]:
        assert supposed.errors == sum(supposed.keeps(each) is not each.kept for each in tickets)


def test_the_time_between_a_solution_and_its_reopening_is_not_counted_against_a_solution():
    solved, again = MONDAY + HOUR, MONDAY + 50 * HOUR
    told = ticket(took=51 * HOUR, waits=[(SOLVED, solved, again)])

    assert told.used("solved", (), Calendar.always()) == 2 * HOUR


def test_a_ticket_that_does_not_tell_the_stop_is_explained_by_nothing():
    tickets = [ticket(n) for n in range(30)] + [Answered("silent", "P1", MONDAY, {}, (), True)]

    best = Search(tickets).best

    assert (best.stop, best.errors) == ("solved", 1)


def test_of_two_explanations_as_good_the_plainer_is_taken():
    early = [ticket(n, opened=MONDAY + n * 24 * HOUR, took=HOUR, kept=True) for n in range(20)]
    late = [ticket(20 + n, opened=MONDAY + n * 24 * HOUR, took=6 * HOUR, kept=False) for n in range(20)]

    promise = Search([*early, *late]).best.promises[0]

    assert promise.hours == always("UTC")
    assert promise.target is not None and promise.target.text in ("1h", "2h", "4h")


def test_business_days_are_tried_beside_hours_and_no_time_twice():
    found = targets(open_hours("UTC", 5, 8 * 60, 18 * 60))

    assert {"5bd", "24h"} <= {target.text for target in found}
    assert [target.seconds for target in found] == sorted({target.seconds for target in found})
    assert not any(target.text.endswith("bd") for target in targets(always("UTC")))


def test_halves_are_the_same_whatever_the_order():
    tickets = [ticket(n) for n in range(100)]

    one, other = halves(tickets)
    again, _ = halves(reversed(tickets))

    assert {each.number for each in one} == {each.number for each in again}
    assert 30 < len(one) < 70 and len(one) + len(other) == 100
