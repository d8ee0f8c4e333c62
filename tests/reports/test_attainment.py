"""Does the table say what was kept, and stay silent where nothing is known?"""

from __future__ import annotations

from datetime import timedelta

from tocsin.reports.attainment import NOTE, Line, cells, table


def hours(*numbers):
    return [timedelta(hours=number) for number in numbers]


def test_a_line_shows_counts_attainment_median_and_p90():
    line = Line("P1", "resolution", met=3, breached=1, running=2, times=hours(1, 2, 4, 100))

    assert cells(line) == ("P1", "resolution", "3", "1", "2", "75.0 %", "3.0 h", "100.0 h")


def test_a_clock_without_a_verdict_yet_shows_no_data_beside_what_runs():
    assert cells(Line("P2", "resolution", running=1)) == (
        "P2", "resolution", "0", "0", "1", "no data", "no data", "no data",
    )  # fmt: skip


def test_what_is_not_recorded_has_no_figures_at_all():
    line = Line("P1", "response", met=7, running=9, times=hours(1), recorded=False)

    assert cells(line) == ("P1", "response", "not recorded", "", "", "", "", "")


def test_the_table_sets_words_left_and_figures_right():
    shown = table(
        [
            Line("P1", "response", recorded=False),
            Line("P1", "resolution", met=1_234, breached=1, times=hours(5)),
        ]
    )

    assert shown.splitlines() == [
        "priority  clock         met  breached  running  attainment  median    p90",
        "P1        response    not recorded",
        "P1        resolution  1,234         1        0      99.9 %   5.0 h  5.0 h",
        "",
        NOTE,
    ]


def test_a_table_without_lines_is_no_data():
    assert table([]) == "no data"
