"""A standard that says everything a standard can say, for tests that break each part of it."""

from __future__ import annotations

from tests.core.standards import SMALL
from tests.core.test_calendars import OFFICE
from tests.core.test_figures import MORE
from tests.core.test_practice import FULL

_BESIDES = [
    ('title = "A small desk"\n', 'title = "A small desk"\nsummary = "All that can be said"\ntexts = "tocsin-1"\n'),
    ("[priorities.P1]\n", f"{OFFICE}[priorities.P1]\n"),
    ('title = "office hours"\n', 'title = "office hours"\nzone = "Europe/London"\n'),
    (
        'title = "Urgent"\n',
        'title = "Urgent"\ncolour = "#d63939"\nsummary = "All stands"\ncriteria = ["A"]\nexamples = ["B"]\n'
        'procedure = ["C"]\n',
    ),
    ('title = "First line" }', 'title = "First line", duties = ["Listen"] }'),
    ("ended_by_reply = true }", 'ended_by_reply = true, limit = "10bd on support" }'),
    ("[clocks.response]\n", '[severities]\ncritical = "P1"\n\n[clocks.response]\nkind = "guarantee"\n'),
    (
        "[clocks.resolution]\n",
        '[clocks.next_update]\ntitle = "Update"\nmet_by = ["updated"]\nrepeats = true\ntargets = { P1 = "none" }\n'
        '[clocks.resolution]\nkind = "guarantee"\non_raise = "carry"\non_lower = "keep"\non_reopen = "restart"\n',
    ),
    ('name = "first"\n', 'name = "first"\ntitle = "First"\n'),
    ('[ladders.functional]\n', '[ladders.functional]\npaused_by = ["client"]\n'),
    (
        'backdating_by = ["boss"]\n',
        'backdating_by = ["boss"]\nbackdating_within = "1h"\nlowering_needs_approval_at = 80\n'
        'alerts_raise = true\nalerts_lower = true\n'
        'acknowledgement_lasts = { P1 = "15m" }\nupdate_misses_told = ["duty", "boss"]\n'
        'line_stops_when = ["All is lost"]\nbridge = "0800 1234"\n',
    ),
    ('holiday = "10%"\n', 'weekend = "5"\nholiday = "10%"\n'),
    ('weekend = "200%"\n', 'weekend = "200%"\nholiday = "250%"\n'),
    ('title = "what is hit"\n', 'title = "what is hit"\nquestion = "What is hit?"\n'),
    ('assumed = "one"\n', 'assumed = "one"\nbeside = true\n'),
    (
        'P1 = [{ service = "core" }]\n',
        'P1 = [{ says = "All", any_of = [{ service = "core" }, '
        '{ all_of = [{ users = "all" }, { service = "core" }] }] }]\n'
        '[matrix.tables.grid]\nrows = "service"\ncolumns = "users"\n'
        'cells = { ordinary = ["P2", "P2"], core = ["P2", "P1"] }\n',
    ),
]  # fmt: skip


def _everything() -> str:
    text = SMALL + FULL + MORE
    for old, new in _BESIDES:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


EVERYTHING = _everything()
