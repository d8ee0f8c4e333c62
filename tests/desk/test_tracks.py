"""Do a ticket's ladders say what was so, and what will be?"""

from __future__ import annotations

from tocsin.core import plan
from tocsin.desk import tickets
from tocsin.desk.chronicle import recorded
from tocsin.desk.timeline import story_of
from tocsin.desk.tracks import tracks
from tocsin.standard.terms import terms_of


def track(world, ticket, name):
    """What each step shows: state, words, instant."""
    ticket.refresh_from_db()
    terms = terms_of(ticket)
    planned = plan.due(story_of(ticket), terms, now=world.now)
    found = {each.name: each for each in tracks(ticket, terms, planned, recorded(ticket))}
    return {mark.name: (mark.state, mark.says, mark.at) for mark in found[name].marks}


def test_a_level_that_was_left_out_is_skipped_with_the_reason_and_one_that_had_it_is_not(world):
    ticket = world.opens(priority="P2")
    world.escalates(ticket, "L3", reason="impact")
    assert track(world, ticket, "functional")["L2"] == ("skipped", "skipped: impact", None)

    world.accepts(ticket, by="tara")

    found = track(world, ticket, "functional")
    assert found["L1"] == ("done", "had it", None)
    assert found["L2"] == ("skipped", "skipped: impact", None)
    assert found["L3"][1].startswith("Tara has it")


def test_a_level_that_did_not_accept_was_left_out_and_one_that_accepted_had_it(world):
    passed = world.opens(priority="P2")
    world.forward(minutes=60)  # L2 is asked, and asked again, and does not accept
    world.accepts(passed, by="tara")
    taken = world.opens(priority="P2")
    world.escalates(taken, "L2")
    world.accepts(taken, by="sam")
    world.escalates(taken, "L3")
    world.accepts(taken, by="tara")

    assert track(world, passed, "functional")["L2"] == ("skipped", "skipped: not accepted", None)
    assert track(world, taken, "functional")["L2"] == ("done", "had it", None)


def test_a_level_of_which_nobody_has_it_yet_is_waited_for(world):
    ticket = tickets.open(client=world.acme, title="Mail is slow", priority="P2", by=world.lena, now=world.now)

    state, says, at = track(world, ticket, "functional")["L1"]

    assert (state, says, at) == ("next", "waits for somebody of L1, until", world.at("10:30"))


def test_an_acknowledgement_shows_when_it_came_and_ends_the_rest_of_the_page_path(world):
    ticket = world.opens(priority="P1")
    world.forward(minutes=3)
    before = track(world, ticket, "page")
    world.acknowledges(ticket, "step/page@1/primary", by="omar")

    (first, *rest) = track(world, ticket, "page").values()

    assert [state for state, _, _ in before.values()] == ["done", "next", "later"]
    assert first == ("done", "acknowledged by Omar", world.at("10:03"))
    assert rest and all(mark == ("ended", "not needed: acknowledged", None) for mark in rest)


def test_a_call_that_was_made_shows_when_it_was_recorded(world):
    ticket = world.opens(priority="P1")
    world.forward(minutes=40)
    of = next(key for key in world.keys(ticket, "step/client@1/"))
    world.records(ticket, of, by="tom")

    said = [mark for mark in track(world, ticket, "client").values() if mark[1] == "done by Tom"]

    assert said == [("done", "done by Tom", world.at("10:40"))]


def test_nothing_comes_any_more_once_it_is_solved(world):
    ticket = world.opens(priority="P1")
    world.forward(minutes=3)
    world.solves(ticket)

    for name in ("page", "functional", "management", "client"):
        found = track(world, ticket, name).values()
        assert not [mark for mark in found if mark[0] in ("next", "later")], name
        assert ("ended", "ended: solved", None) in found, name


def test_what_is_paged_anew_after_a_reopening_is_to_come_again(world):
    ticket = world.opens(priority="P1")
    world.acknowledges(ticket, "step/page@1/primary", by="omar")
    world.forward(minutes=3)
    world.solves(ticket)
    world.forward(minutes=3)
    world.reopens(ticket)

    assert [state for state, _, _ in track(world, ticket, "page").values()] == ["done", "next", "later"]
