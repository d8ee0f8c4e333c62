"""Is the past on record here, once, whole, and never due?"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.imports import oracle_uci498
from tocsin.core import metrics, plan
from tocsin.core.event import Noted
from tocsin.desk.projection import project
from tocsin.desk.stories import stories_of
from tocsin.desk.ticket import Ticket
from tocsin.desk.timeline import PROJECTED, act, story_of
from tocsin.directory.client import Client
from tocsin.imports import load, uci498
from tocsin.imports.act import Act, Happening
from tocsin.log.event import Event
from tocsin.log.verify import verify
from tocsin.reports import attainment
from tocsin.standard.terms import terms_of

SLICE = Path(__file__).with_name("uci498_slice.csv")
YEAR = Path(__file__).resolve().parents[2] / "examples/uci498/incident_event_log.csv.gz"
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)

pytestmark = pytest.mark.django_db


def pasts(file=SLICE, *, until=None):
    """The incidents of a file, as it stood when the last of its rows was stamped `until`."""
    rows, _ = uci498.incidents(uci498.read(file))
    known = ([row for row in found if until is None or row.updated_at <= until] for found in rows.values())
    return [load.Past(found[0].number, uci498.title(found), uci498.history(found)) for found in known if found]


def bring_in(incidents, *, now=NOW, size=load.BATCH):
    """What it came to, once all of it is in."""
    client = load.practice("uci498", uci498.PRACTICE, now=now)
    *_, outcome = load.load("uci498", incidents, client=client, now=now, size=size)
    return outcome


def past(*happenings, number="X1"):
    """An incident of which each happening, (kind, hour, data), is an act of its own."""
    hours = [(kind, NOW.replace(hour=hour), data) for kind, hour, data in happenings]
    acts = [Act(at, (Happening(kind, at, "user 1", data),)) for kind, at, data in hours]
    return load.Past(number, f"{number}: made up", acts)


def test_every_incident_is_a_closed_ticket_of_one_client_with_its_whole_log():
    incidents = pasts()

    outcome = bring_in(incidents)

    assert (outcome.added, outcome.grown, outcome.known, outcome.left_out) == (60, 0, 0, [])
    assert outcome.events == sum(each.length for each in incidents)
    client = Client.objects.get()
    assert client.name == "Imported practice (UCI 498)"
    assert Ticket.objects.filter(client=client, status="closed", imported=True).count() == 60
    for each in incidents:
        ticket = Ticket.objects.get(external_id=f"uci498/{each.number}")
        stored = Event.objects.filter(stream=ticket.stream_name).order_by("seq")
        assert [(event.kind, event.effective_at, event.recorded_at) for event in stored] == [
            (happening.kind, happening.effective_at, act.recorded_at)
            for act in each.acts
            for happening in act.happenings
        ]


def test_an_event_says_who_did_it_there_and_when_it_came_here():
    bring_in(pasts())

    ticket = Ticket.objects.get(external_id="uci498/INC0000045")
    opened = Event.objects.get(stream=ticket.stream_name, seq=1)
    assert opened.actor == "import/uci498/user 8"
    assert opened.data["imported_at"] == "2026-11-21T09:00:00.000000Z"
    assert opened.data["line"] == 2
    assert opened.data["facts"]["caller_id"] == "2403"
    assert ticket.title == "INC0000045: category 55, subcategory 170, symptom 72"
    assert ticket.reported_at == datetime(2016, 2, 29, 1, 16, tzinfo=UTC)
    assert ticket.opened_at == datetime(2016, 2, 29, 1, 23, tzinfo=UTC)
    assert ticket.solved_at == datetime(2016, 2, 29, 8, 53, tzinfo=UTC)


def test_nothing_imported_is_ever_due():
    begun = pasts(until=datetime(2016, 3, 20, tzinfo=UTC))

    bring_in(begun)

    assert Ticket.objects.exclude(status="closed").exists()
    assert not Ticket.objects.exclude(look_at=None, next_at=None).exists()


def test_the_log_is_chained_and_the_rows_are_what_it_tells():
    bring_in(pasts())

    assert list(verify()) == []
    tickets = list(Ticket.objects.all())
    stories = stories_of(tickets)
    for ticket in tickets:
        story, terms = stories[ticket.stream_name], terms_of(ticket)
        told = project(story, terms, planned=plan.due(story, terms, now=ticket.head_at))
        shown = [name for name in PROJECTED if name not in ("look_at", "next_at")]
        assert [getattr(ticket, name) for name in shown] == [getattr(told, name) for name in shown]


def test_a_second_run_adds_nothing_and_says_so():
    bring_in(pasts())
    before = Event.objects.count()

    outcome = bring_in(pasts(), now=LATER)

    assert (outcome.added, outcome.grown, outcome.known, outcome.events) == (0, 0, 60, 0)
    assert Event.objects.count() == before


def test_a_run_that_stopped_halfway_is_finished_by_the_next():
    client = load.practice("uci498", uci498.PRACTICE, now=NOW)
    next(load.load("uci498", pasts(), client=client, now=NOW, size=25))

    outcome = bring_in(pasts(), now=LATER, size=25)

    assert (outcome.added, outcome.known) == (35, 25)
    assert Ticket.objects.count() == 60


def test_a_file_that_grew_adds_only_what_is_new():
    half = datetime(2016, 4, 7, 12, 25, tzinfo=UTC)
    begun = pasts(until=half)
    bring_in(begun)
    had = Event.objects.filter(stream__startswith="ticket/").count()

    outcome = bring_in(pasts(), now=LATER)

    whole = {each.number: each for each in pasts()}
    assert outcome.left_out == []
    assert outcome.added == 60 - len(begun) > 0
    assert outcome.grown == sum(each.length < whole[each.number].length for each in begun) > 0
    assert outcome.known == 60 - outcome.added - outcome.grown > 0
    assert had + outcome.events == sum(each.length for each in whole.values())
    assert Ticket.objects.filter(status="closed").count() == 60
    assert list(verify()) == []


def test_a_closing_taken_back_after_it_was_imported_is_left_out_by_name():
    bring_in(pasts(until=datetime(2016, 5, 18, tzinfo=UTC)))

    outcome = bring_in(pasts(), now=LATER)

    assert "INC0028411: event 6 is closed here and noted in the file" in outcome.left_out
    assert Ticket.objects.get(external_id="uci498/INC0028411").status == "closed"


def test_a_ticket_that_went_on_here_is_left_as_it_is():
    bring_in(pasts())
    ticket = Ticket.objects.get(external_id="uci498/INC0000045")
    with act(ticket, by="person/1", now=NOW) as done:
        done.record(Noted(NOW))
    had = len(story_of(ticket))

    outcome = bring_in(pasts(), now=LATER)

    assert (outcome.known, outcome.events, outcome.left_out) == (60, 0, [])
    assert len(story_of(ticket)) == had


def test_a_ticket_that_went_on_both_here_and_there_is_left_out_by_name():
    number = "INC0044260"
    bring_in([each for each in pasts(until=datetime(2016, 7, 20, tzinfo=UTC)) if each.number == number])
    ticket = Ticket.objects.get(external_id=f"uci498/{number}")
    with act(ticket, by="person/1", now=NOW) as done:
        done.record(Noted(NOW))

    outcome = bring_in([each for each in pasts() if each.number == number], now=LATER)

    assert outcome.grown == 0
    assert len(outcome.left_out) == 1
    assert outcome.left_out[0].startswith(f"{number}: event ")


def test_a_story_that_cannot_have_happened_is_left_out_and_the_rest_is_taken():
    broken = past(("opened", 1, {"priority": "P3"}), ("reopened", 2, {}), number="X1")
    sound = past(("opened", 1, {"priority": "P3"}), ("solved", 2, {}), number="X2")

    outcome = bring_in([broken, sound])

    assert (outcome.added, len(outcome.left_out)) == (1, 1)
    assert outcome.left_out == ["uci498-X1: event 2 reopens a ticket that is not solved"]
    assert Ticket.objects.get().external_id == "uci498/X2"


def test_the_preset_is_adopted_once_and_a_first_response_is_promised_to_nobody():
    bring_in(pasts())

    client = load.practice("uci498", uci498.PRACTICE, now=LATER)

    assert Client.objects.get() == client
    terms = terms_of(Ticket.objects.first())
    assert terms.policy == "field-guide"
    assert terms.clocks["resolution"].targets["P1"] is not None
    for clock in load.UNTOLD:
        assert set(terms.clocks[clock].targets.values()) == {None}


def test_attainment_has_every_incident_and_the_medians_of_the_script_without_tocsin():
    bring_in(pasts())

    lines = {(line.priority, line.clock): line for line in attainment.gather(client="uci498")}

    oracle = oracle_uci498.figures(oracle_uci498.read(str(SLICE)))["open_to_solved_by_state"]
    for priority, figure in oracle.items():
        line = lines[priority, "resolution"]
        assert line.met + line.breached == figure["count"]
        assert line.running == 0
        assert metrics.median(line.times).total_seconds() / 3600 == pytest.approx(figure["median_hours"], abs=1e-3)
        assert metrics.percentile(line.times, 90).total_seconds() / 3600 == pytest.approx(figure["p90_hours"], abs=1e-3)
        assert not lines[priority, "response"].recorded


@pytest.mark.slow
def test_the_whole_year_is_on_record_as_its_readme_counts_it():
    outcome = bring_in(pasts(YEAR))

    kinds = Counter(Event.objects.filter(stream__startswith="ticket/").values_list("kind", flat=True))
    assert (outcome.added, outcome.left_out) == (24_918, [])
    assert Ticket.objects.filter(status="closed", look_at=None).count() == 24_918
    assert (kinds["opened"], kinds["closed"]) == (24_918, 24_918)
    assert kinds["priority_changed"] == 436
    assert kinds["reopened"] == 320 + 12
    waited = Event.objects.filter(kind="paused", body__contains='"on":"client"').values("stream").distinct()
    assert waited.count() == 5_471
    oracle = oracle_uci498.figures(oracle_uci498.read(str(YEAR)))["open_to_solved_by_state"]
    for line in attainment.gather():
        if line.clock == "resolution":
            assert line.met + line.breached == oracle[line.priority]["count"]
            median = metrics.median(line.times).total_seconds() / 3600
            assert median == pytest.approx(oracle[line.priority]["median_hours"], abs=1e-3)
