"""Is nothing found where something only looks as if it could not be kept?"""

from __future__ import annotations

from tests.core.standards import broken
from tocsin.core.policy import lint, load

L2 = 'after = { P1 = "30m", P2 = "2h" }\naccept = { P1 = "5m" }'
LEVELS = ('L2 = { title = "Second line" }', 'L2 = { title = "Second line" }\nL3 = { title = "Third line" }')
CLIENT = "\n[ladders.client]\n"


def kinds(*changes: tuple[str, str]) -> list[str]:
    return [finding.kind for finding in lint(load(broken(*changes)))]


def step(ladder: str, name: str, to: str, said: str, message: str) -> str:
    return f'[[ladders.{ladder}.steps]]\nname = "{name}"\nto = "{to}"\n{said}\nmessage = "{message}"\n'


def test_the_time_of_the_level_at_which_tickets_begin_is_no_time_of_theirs():
    first = step("functional", "L1", "L1", 'after = { P1 = "4h" }', "acceptance")

    assert kinds(("[[ladders.functional.steps]]\n", first + "[[ladders.functional.steps]]\n")) == ["begun-level"]


def test_a_level_that_is_passed_through_at_once_takes_no_time_to_accept():
    third = step("functional", "L3", "L3", 'after = { P1 = "0m" }', "acceptance")
    slow = 'after = { P1 = "2h", P2 = "2h" }\naccept = { P1 = "2h" }'

    assert kinds(LEVELS, (L2, slow), (CLIENT, third + CLIENT)) == []
    assert kinds(LEVELS, (L2, slow), (CLIENT, third.replace("0m", "1m") + CLIENT)) == ["late-acceptance"]


def test_a_step_comes_in_time_where_a_wait_holds_the_rule_and_not_the_ladder():
    asked = step("management", "asked", "boss", 'after = { P2 = "5h" }', "step")
    held = f'\n[ladders.management]\nowner = "boss"\npaused_by = ["client"]\n{asked}'

    assert kinds((CLIENT, held + CLIENT)) == ["overtaken-step"]
    assert kinds((CLIENT, held.replace('paused_by = ["client"]\n', "") + CLIENT)) == []


def test_a_role_is_asked_wherever_the_document_names_it():
    clerk = ("[levels]\n", 'clerk = { title = "Clerk" }\n\n[levels]\n')
    does = '\n[raci.records]\ntitle = "Records"\nresponsible = ["clerk"]\naccountable = "boss"\n'

    assert kinds(clerk) == ["idle-role"]
    assert kinds(clerk, (CLIENT, does + CLIENT)) == []


def test_a_calendar_is_counted_on_wherever_a_time_or_a_priority_names_it():
    night = '\n[calendars.night]\ntitle = "Night"\nweek = { mon = ["18:00-24:00"], tue = ["00:00-08:00"] }\n'

    assert kinds((CLIENT, night + CLIENT)) == ["idle-calendar"]
    assert kinds((CLIENT, night + CLIENT), ('solved_period = "24h on always"', 'solved_period = "4h on night"')) == []
    assert "idle-calendar" not in kinds((CLIENT, night + CLIENT), ('calendar = "support"', 'calendar = "night"'))
