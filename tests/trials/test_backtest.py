"""What does a backtest say of a draft, and is what it says so?"""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.world import FIELD_GUIDE, World
from tocsin.imports import uci498
from tocsin.trials import results, running, tried
from tocsin.trials.export import of_export
from tocsin.trials.figures import at_night, measured
from tocsin.trials.running import Cancelled
from tocsin.trials.side import Side
from tocsin.trials.tickets import of_desk

SLICE = Path(__file__).parents[1] / "imports" / "uci498_slice.csv"
DRAFT = FIELD_GUIDE.read_text().replace(
    'targets = { P1 = "4h", P2 = "8h", P3 = "24h", P4 = "5bd" }',
    'targets = { P1 = "4h", P2 = "2h", P3 = "24h", P4 = "5bd" }',
)
LETTERS = ("delivered", "undelivered")
pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World()


@pytest.fixture
def draft(tmp_path):
    file = tmp_path / "draft.toml"
    file.write_text(DRAFT)
    return file


def said(*words):
    out = io.StringIO()
    call_command("policy", "backtest", *map(str, words), stdout=out)
    return out.getvalue()


def solved_after(world, **by):
    ticket = world.opens(priority="P2")
    world.responds(ticket)
    world.forward(**by)
    world.solves(ticket)
    return ticket


def test_a_promise_that_the_draft_breaks_is_named_with_both_ledgers(world, draft, tmp_path):
    quick, slow = solved_after(world, hours=1), solved_after(world, hours=3)
    flips = tmp_path / "flips.csv"

    found = json.loads(said(draft, "--json", "--csv", flips))

    assert found["flips"]["to_breached"] == 1
    [flip] = found["flips"]["kept"]
    assert (flip["number"], flip["clock"]) == (slow.number, "resolution")
    assert flip["before"]["verdict"] == "met"
    assert flip["after"]["verdict"] == "breached"
    assert sum(line["counted_s"] for line in flip["after"]["ledger"]) == flip["after"]["counted_s"] == 3 * 3600
    [row] = csv.DictReader(io.StringIO(flips.read_text()))
    assert (row["ticket"], row["before_promised_h"], row["after_promised_h"]) == (slow.number, "8.00", "2.00")
    assert quick.number not in flips.read_text()


def test_attainment_is_told_by_priority_clock_and_month(world, draft):
    solved_after(world, hours=1)
    solved_after(world, hours=3)

    found = json.loads(said(draft, "--json"))

    [line] = [each for each in found["attainment"] if each["clock"] == "resolution"]
    assert (line["priority"], line["month"]) == ("P2", "2026-11")
    assert line["before"] == {"met": 2, "breached": 0, "open": 0}
    assert line["after"] == {"met": 1, "breached": 1, "open": 0}


def test_before_is_what_the_engine_really_did(world):
    """Pages, updates and escalations of the ticket's own standard are those on its log."""
    ticket = world.opens(priority="P1")
    world.forward(minutes=20)
    world.acknowledges(ticket, "step/page@1/primary", by="omar")
    world.forward(hours=2)
    world.solves(ticket)

    share = measured(of_desk([ticket]), [tried.own()], until=world.now, zone="UTC")

    [figures] = share.sides
    engines = [event for event in world.log(ticket) if event.actor == "engine" and event.kind not in LETTERS]
    assert figures.obligations == len(engines)
    assert figures.updates["missed"] == len(world.keys(ticket, "breach/next_update"))
    pages = [key for key in world.keys(ticket, "step/page") if not world.event(ticket, key).data.get("moot")]
    again = world.keys(ticket, "again/page")
    assert sum(figures.pages.values()) == len(pages) + len(again)


def test_whoever_was_on_duty_is_named_for_the_pages(world):
    ticket = world.opens(priority="P1")
    world.forward(minutes=7)
    world.solves(ticket)

    found = json.loads(said("field-guide", "--json", "--zone", "UTC"))

    assert {line["who"]: line["after"]["all"] for line in found["people"]} == {"Omar": 1, "Nils": 1}


def test_a_night_is_from_ten_to_seven_by_the_clocks_there():
    sydney = ZoneInfo("Australia/Sydney")  # eleven hours ahead in November

    assert at_night(datetime(2026, 11, 16, 11, tzinfo=UTC), sydney)
    assert at_night(datetime(2026, 11, 16, 19, 59, tzinfo=UTC), sydney)
    assert not at_night(datetime(2026, 11, 16, 20, tzinfo=UTC), sydney)
    assert not at_night(datetime(2026, 11, 16, 10, 59, tzinfo=UTC), sydney)


@pytest.mark.parametrize("name", ["severity-tiers", "operating-standard", "three-tier", "sla-guard"])
def test_an_export_is_tried_without_being_stored(name):
    found = json.loads(said(name, "--against", "field-guide", "--tickets", f"uci498:{SLICE}", "--json"))

    assert found["tickets"] > 20
    assert found["failed"] == []
    assert {line["clock"] for line in found["attainment"]} >= {"resolution"}
    assert found["said"] == results.HONEST


def test_several_processes_find_what_one_finds():
    rows, _ = uci498.incidents(uci498.read(SLICE))
    pasts = [of_export(number, number, uci498.history(found)) for number, found in rows.items()]
    many = pasts * (1 + 450 // len(pasts))
    sides = [tried.side("field-guide", origin="uci498"), tried.side("three-tier", origin="uci498")]
    until = datetime(2017, 6, 1, tzinfo=UTC)

    alone = running.run(many, sides, until=until, zone="UTC", processes=1)
    together = running.run(many, sides, until=until, zone="UTC", processes=2)

    assert together.sides == alone.sides
    assert together.tickets == alone.tickets == len(many)
    assert sorted(map(str, together.flips)) == sorted(map(str, alone.flips))


def test_one_that_is_stopped_leaves_nothing():
    rows, _ = uci498.incidents(uci498.read(SLICE))
    pasts = [of_export(number, number, uci498.history(found)) for number, found in rows.items()]

    with pytest.raises(Cancelled):
        running.run(pasts, [Side("x", DRAFT)], until=datetime(2017, 6, 1, tzinfo=UTC), zone="UTC", stop=lambda: True)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["nobody"], "No standard is called 'nobody'"),
        (["field-guide@7"], "field-guide has no version 7 here."),
        (["field-guide", "--tickets", "mail"], "names no tickets"),
        (["field-guide", "--zone", "Mars/Base"], "is no time zone"),
        (["missing.toml"], "missing.toml cannot be read"),
        (["field-guide", "--csv", "/no/such/folder/x.csv"], "There is no folder /no/such/folder to write x.csv to"),
    ],
)
def test_what_cannot_be_tried_is_refused_with_what_to_write(world, words, says):
    with pytest.raises(CommandError, match=says):
        said(*words)


def test_only_the_tickets_asked_for_are_tried(world):
    other = world.client("Bolt")
    world.opens()
    world.now += timedelta(days=2)
    world.opens(client=other)

    found = [
        json.loads(said("field-guide", "--json", *words))["tickets"]
        for words in ([], ["--client", "bolt"], ["--from", "2026-11-17"], ["--to", "2026-11-17"])
    ]

    assert found == [2, 1, 1, 1]
