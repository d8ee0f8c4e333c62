"""Which credits would a draft owe, to whom, for which month?"""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command

from tests.world import FIELD_GUIDE, World
from tocsin.trials import credits, tried
from tocsin.trials.credits import Earned
from tocsin.trials.figures import measured
from tocsin.trials.side import Side
from tocsin.trials.tickets import of_desk

RESPONSE = 'title = "First response by a person"\n'
TEXT = FIELD_GUIDE.read_text()  # its resolution is a guarantee, its response a target
BEFORE = TEXT + '\n[credits]\ncap = "12%"\nresolution = { P2 = "10%" }\n'
AFTER = (
    TEXT.replace(RESPONSE, f'{RESPONSE}kind = "guarantee"\n')
    + '\n[credits]\ncap = "12%"\nresponse = { P2 = "5%" }\nresolution = { P2 = "10%" }\n'
)
pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World()


def said(tmp_path, *words, before=BEFORE, after=AFTER):
    out = io.StringIO()
    for name, text in (("before.toml", before), ("after.toml", after)):
        (tmp_path / name).write_text(text)
    call = (tmp_path / "after.toml", "--against", tmp_path / "before.toml", *words)
    call_command("policy", "backtest", *map(str, call), stdout=out)
    return out.getvalue()


def worked(world, *, answered, solved, **how):
    """A ticket answered after so many minutes and solved after so many hours."""
    ticket = world.opens(**{"priority": "P2", **how})
    begun = world.now
    world.forward(minutes=answered)
    world.responds(ticket)
    world.now = begun + timedelta(hours=solved)
    world.solves(ticket)
    return ticket


def test_a_worked_example(world, tmp_path):
    """P2 promises an answer in 30 minutes and a solution in 8 hours. Acme's November, of a month's fee:

    answered after 40 minutes and solved after 9 hours: one event, so the greater of 5 % and 10 %: 10 %
    answered after 40 minutes, solved after 2 hours: 5 % where the answer is guaranteed, nothing where it is a target
    the same as P3, for which nothing is agreed: nothing
    in time: nothing

    So 10 % before; 15 % after, of which 12 % are owed.
    """
    worked(world, answered=40, solved=9)
    worked(world, answered=40, solved=2)
    worked(world, answered=150, solved=30, priority="P3")
    worked(world, answered=5, solved=1)

    found = json.loads(said(tmp_path, "--json", "--zone", "UTC"))

    [line] = found["credits"]
    assert (line["client"], line["month"]) == (world.acme.name, "2026-11")
    assert line["before"] == {"tickets": 1, "earned": "10 %", "owed": "10 %", "capped": False}
    assert line["after"] == {"tickets": 2, "earned": "15 %", "owed": "12 %", "capped": True}
    assert "fees are not on record" in found["credits_said"]
    file = tmp_path / "credits.csv"
    told = said(tmp_path, "--zone", "UTC", "--credits", file)
    assert f"{world.acme.name} 2026-11 10 % → 12 % (capped, earned 15 %)" in " ".join(told.split())
    assert file.read_text().splitlines()[1] == f"{world.acme.name},2026-11,1,10 %,10 %,2,15 %,12 %"


def test_each_client_has_a_cap_of_its_own_and_each_month_too(world):
    bolt = world.client("Bolt")
    world.now = datetime(2026, 11, 30, 15, 30, tzinfo=UTC)  # 8 hours later it is 23:30
    november = [worked(world, answered=40, solved=9, client=client) for client in (world.acme, bolt)]
    december = worked(world, answered=40, solved=9, client=bolt)
    sides = [Side("before", BEFORE), Side("after", AFTER)]

    share = measured(of_desk([*november, december]), sides, until=world.now, zone="UTC")

    rows = list(
        csv.DictReader(
            io.StringIO(
                credits.as_csv(credits.lines([figures.credits for figures in share.sides], tried.clients(share)))
            )
        )
    )
    assert [(row["client"], row["month"], row["after_earned"], row["after_owed"]) for row in rows] == [
        (world.acme.name, "2026-11", "10 %", "10 %"),
        ("Bolt", "2026-12", "20 %", "12 %"),
    ]


def test_a_credit_is_by_the_priority_whose_guarantee_was_broken(world, tmp_path):
    """Lowering what is late already saves nothing; raising it afterwards costs nothing."""
    late = world.opens(priority="P2")
    world.responds(late)
    mild = world.opens(priority="P3")
    world.responds(mild)
    world.forward(hours=9)
    world.makes_it(late, "P3", reason="fewer are hit", approved_by=world.mona)
    world.forward(hours=16)  # the P3 is late by an hour
    world.makes_it(mild, "P2")
    world.solves(late)
    world.solves(mild)

    [line] = json.loads(said(tmp_path, "--json"))["credits"]

    assert (line["before"]["tickets"], line["before"]["earned"]) == (1, "10 %")


def test_where_no_standard_agrees_credits_it_says_so(world, tmp_path):
    worked(world, answered=40, solved=9)

    assert "Credits owed: none on either side." in said(tmp_path, before=TEXT, after=TEXT)


def test_tickets_of_a_month_under_several_caps_come_to_the_highest_at_most():
    """A client whose standard changed within the month."""
    tickets = [Earned(1, "2026-11", Decimal("2.5"), Decimal(cap)) for cap in (3, 4)]

    [line] = credits.lines([tickets, []], {1: "Acme"})

    assert line["before"] == {"tickets": 2, "earned": "5 %", "owed": "4 %", "capped": True}
    assert line["after"] == {"tickets": 0, "earned": "0 %", "owed": "0 %", "capped": False}


def test_a_client_called_like_a_formula_is_none_in_a_spreadsheet():
    [line] = credits.lines([[Earned(1, "2026-11", Decimal(10), Decimal(20))]], {1: "=1+1"})

    assert credits.as_csv([line]).splitlines()[1].startswith("'=1+1,2026-11,1,10 %,10 %,")
