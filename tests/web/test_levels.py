"""Do ticket, board and API say which level has it until when, and what is to be done there?"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from django.test import Client as Browser

from tests.api.caller import Caller
from tests.world import FIELD_GUIDE, World
from tocsin.core.at_level import AtLevel
from tocsin.standard.adopt import adopt

pytestmark = pytest.mark.django_db
DAY = r"(?:[A-Z][a-z]{2} )?"  # said where the half hour ends after midnight


@pytest.fixture
def ann(browser) -> Browser:
    return browser("Ann")


def read(browser: Browser, path: str) -> str:
    """As one reads it."""
    page = re.sub(r'<span class="sr">.*?</span>', "", browser.get(path).content.decode())
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_ticket_board_and_api_say_until_when_the_level_has_it_and_who_then(world: World, ann: Browser):
    ticket = world.opens("VPN drops", priority="P1")
    until = world.now + timedelta(minutes=30)

    assert re.search(
        rf"L1 has it until {DAY}{until:%H:%M} · \d+:\d\d left, then L2 \.", read(ann, f"/tickets/{ticket.number}")
    )
    assert re.search(rf"L1 until {DAY}{until:%H:%M} , then L2", read(ann, "/"))
    said = Caller(world.lena).get(f"/tickets/{ticket.number}").json()["at_level"]
    assert (said["level"], said["state"], said["then"]) == ("L1", "counts", "L2")
    assert datetime.fromisoformat(said["until"]) == until


def test_a_level_that_has_it_for_days_is_said_to_have_it_until_then_once(world: World):
    def level(until: timedelta) -> str:
        said = {"at_level": AtLevel("L1", "counts", world.now + until, "L2"), "request": SimpleNamespace(at=world.now)}
        return " ".join(re.sub(r"<[^>]+>", " ", render_to_string("ticket/_level.html", said)).split())

    days, hours = level(timedelta(days=2)), level(timedelta(hours=2))

    assert "left" not in days and days.endswith(", then L2 .") and days.startswith("L1 has it until")
    assert "2 h 00" in hours and "left, then L2" in hours


def test_a_level_that_is_asked_and_one_whose_time_stands_still_are_said_so(world: World, ann: Browser):
    world.now += timedelta(minutes=19)
    asked, waits = world.opens("VPN drops", priority="P1"), world.opens("Mail is slow", priority="P2")
    world.escalates(asked, "L2")
    world.waits(waits)

    assert "L1 has it; L2 is asked until" in read(ann, f"/tickets/{asked.number}")
    assert "its time there stands still while it waits" in read(ann, f"/tickets/{waits.number}")
    assert "L2 is asked until" in read(ann, "/")


def test_the_procedure_of_the_priority_and_the_duties_of_the_level_stand_folded_on_the_ticket(
    world: World, ann: Browser
):
    ticket = world.opens("VPN drops", priority="P1")
    page = ann.get(f"/tickets/{ticket.number}").content.decode()

    assert '<details class="card duties">' in page
    for words in ("P1 procedure", "L1 Service desk", "Ask the diagnostic questions of its category"):
        assert words in page, words

    world.escalates(ticket, "L2")
    world.accepts(ticket, by="sam")
    assert "Troubleshoot in depth" in ann.get(f"/tickets/{ticket.number}").content.decode()


def test_what_the_level_knows_may_and_may_not_stands_there_too(world: World, ann: Browser):
    text = FIELD_GUIDE.read_text().replace(
        "[levels.L1]\n",
        '[approvals.senior]\ntitle = "Work of a senior"\nwhen = ["L1 is asked"]\nby = ["team-lead"]\n\n'
        '[levels.L1]\nskills = ["Networks"]\nmay = ["Restart a server"]\nmay_not = ["Buy anything"]\n'
        'approval = "senior"\ndecides = true\n',
    )
    before = world.opens("Mail is down", priority="P1")
    adopt(text, by="test", now=world.now)
    world.forward(minutes=1)
    ticket = world.opens("VPN drops", priority="P1")

    page = read(ann, f"/tickets/{ticket.number}")

    assert "May without asking" not in read(ann, f"/tickets/{before.number}")
    assert (
        "A decision is taken here: decide how it goes on, and record it. "
        "An escalation to L1 needs an approval: Work of a senior. "
        "Knows Networks May without asking Restart a server May not Buy anything"
    ) in page


def test_what_is_solved_asks_nothing_of_a_level_any_more(world: World, ann: Browser):
    ticket = world.opens("VPN drops", priority="P1")
    world.solves(ticket)

    page = ann.get(f"/tickets/{ticket.number}").content.decode()

    assert "procedure" not in page and "has it until" not in page


def test_a_lost_target_is_escalated_by_one_press(world: World, ann: Browser):
    ticket = world.opens("VPN drops", priority="P1")

    page = ann.get(f"/tickets/{ticket.number}").content.decode()
    pressed = ann.post(f"/tickets/{ticket.number}/escalate-early", {"seen": ticket.head_seq})
    after = read(ann, f"/tickets/{ticket.number}")

    assert 'data-key="E"' in page and "The target looks lost: escalate to L2 now" in page
    assert pressed.status_code == 302
    assert "escalated it L1 → L2 early, because the target looks lost" in after
    assert "The target looks lost" not in after
