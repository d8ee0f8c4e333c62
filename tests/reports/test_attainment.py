"""Does the table say what was kept, and stay silent where nothing is known?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.world import World
from tocsin.desk import updates
from tocsin.reports.attainment import NOTE, Line, NoSuchClient, cells, gather, table


def hours(*numbers):
    return [timedelta(hours=number) for number in numbers]


def test_a_line_shows_counts_attainment_median_and_p90():
    line = Line("P1", "resolution", "guarantee", met=3, breached=1, running=2, times=hours(1, 2, 4, 100))

    assert cells(line) == ("P1", "resolution", "guarantee", "3", "1", "2", "75.0 %", "3.0 h", "100.0 h")


def test_a_clock_without_a_verdict_yet_shows_no_data_beside_what_runs():
    assert cells(Line("P2", "resolution", running=1)) == (
        "P2", "resolution", "target", "0", "0", "1", "no data", "no data", "no data",
    )  # fmt: skip


def test_what_is_not_recorded_has_no_figures_at_all():
    line = Line("P1", "response", met=7, running=9, times=hours(1), recorded=False)

    assert cells(line) == ("P1", "response", "target", "not recorded", "", "", "", "", "")


def test_the_table_sets_words_left_and_figures_right():
    shown = table(
        [
            Line("P1", "response", recorded=False),
            Line("P1", "resolution", "guarantee", 1_234, 1, recorded_met=1_234, recorded_breached=1, times=hours(5)),
        ]
    )

    assert shown.splitlines() == [
        "priority  clock       promise      met  breached  running  attainment  median    p90",
        "P1        response    target     not recorded",
        "P1        resolution  guarantee  1,234         1        0      99.9 %   5.0 h  5.0 h",
        "",
        *NOTE.splitlines(),
    ]


def test_what_corrections_moved_is_shown_as_it_was():
    shown = table([Line("P2", "response", met=3, breached=1, recorded_met=2, recorded_breached=2)])

    assert shown.splitlines()[-2:] == [
        "Corrected:",
        "P2 response (target) was 50.0 % as recorded: 2 met, 2 breached",
    ]


def test_a_table_without_lines_is_no_data():
    assert table([]) == "no data"


@pytest.mark.django_db
def test_met_breached_and_running_are_counted_off_the_tickets_with_the_time_a_late_answer_took():
    world = World()
    in_time, too_late, _waiting = world.opens(priority="P2"), world.opens(priority="P2"), world.opens(priority="P2")
    world.forward(minutes=10)
    updates.respond(in_time, "We have found it.", by=world.lena, now=world.now)
    world.forward(minutes=50)
    updates.respond(too_late, "We have found it.", by=world.lena, now=world.now)

    lines = {(line.priority, line.clock): line for line in gather()}

    response, resolution = lines["P2", "response"], lines["P2", "resolution"]
    assert (response.met, response.breached, response.running) == (1, 2, 0)
    assert sorted(response.times) == [timedelta(minutes=10), timedelta(hours=1)]
    assert (resolution.met, resolution.breached, resolution.running, resolution.times) == (0, 0, 3, [])
    assert (response.kind, resolution.kind) == ("target", "guarantee")


@pytest.mark.django_db
def test_drills_and_clocks_that_promise_nothing_are_in_no_figure():
    world = World()
    world.opens(priority="P4")
    world.opens(priority="P1", kind="drill")

    found = {(line.priority, line.clock) for line in gather()}

    assert ("P4", "resolution") in found
    assert ("P4", "next_update") not in found
    assert not any(priority == "P1" for priority, _ in found)


@pytest.mark.django_db
def test_one_client_is_shown_alone_and_nobody_is_refused_with_who_there_is():
    world = World()
    other = world.client("Globex")
    world.opens(priority="P3", client=other)

    assert gather(client="acme") == []
    assert gather(client="globex") != []
    with pytest.raises(NoSuchClient, match=r"no client 'initech'; there is acme, globex"):
        gather(client="initech")
