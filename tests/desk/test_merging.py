"""What is on record when two tickets become one?"""

from datetime import timedelta

from tests.desk.refusing import refused
from tocsin.desk import merging, next_steps, stopping


def test_each_of_the_two_says_so(world):
    first, second = world.opens("Mail is slow"), world.opens("Outlook hangs")

    merging.merge(first, into=second, reason="one server", by=world.lena, now=world.now)

    assert (first.status, first.closed_at, first.look_at) == ("merged", world.now, None)
    gone, kept = world.last(first, "merged"), world.last(second, "merged")
    assert (gone.data["into"], gone.data["reason"]) == ("INC-2", "one server")
    assert (kept.data["into"], kept.data["taken"], kept.data["reason"]) == (None, "INC-1", "one server")
    assert [promise["clock"] for promise in kept.data["promises"]] == ["response", "resolution", "client_notified"]


def test_what_was_consumed_goes_along(world):
    first = world.opens("Mail is slow", priority="P1")
    world.forward(minutes=10)
    second = world.opens("Outlook hangs", priority="P1")

    world.merges(first, into=second)

    assert world.reading(second, "response").due_at == world.at("10:15")
    assert world.reading(second, "response").consumed == timedelta(minutes=10)


def test_a_promise_the_survivor_has_kept_is_not_broken_again(world):
    first = world.opens("Mail is slow", priority="P1")
    world.forward(minutes=14)
    second = world.opens("Outlook hangs", priority="P1")
    world.responds(second)

    world.merges(first, into=second)
    world.forward(minutes=5)

    assert world.reading(second, "response").verdict == "met"
    assert world.keys(second, "breach/response") == []


def test_a_ticket_is_not_merged_into_itself(world):
    ticket = world.opens()

    with refused("INC-1 cannot be merged into itself."):
        merging.merge(ticket, into=ticket, reason="x", by=world.lena, now=world.now)


def test_tickets_of_two_clients_are_never_merged(world):
    other = world.client("Umbrella")
    first, second = world.opens(), world.opens(client=other)

    with refused("Two tickets of different clients are never merged: each sees only its own."):
        merging.merge(first, into=second, reason="x", by=world.lena, now=world.now)


def test_what_is_over_is_merged_neither_way(world):
    first, second = world.opens(), world.opens()
    world.solves(second)

    with refused("INC-2 is solved: reopen it first."):
        merging.merge(first, into=second, reason="x", by=world.lena, now=world.now)
    with refused("INC-2 is solved: reopen it first."):
        merging.merge(second, into=first, reason="x", by=world.lena, now=world.now)


def test_what_it_would_do_to_the_clocks_is_what_it_does(world):
    first = world.opens("Mail is slow", priority="P1")
    world.forward(minutes=10)
    second = world.opens("Outlook hangs", priority="P1")

    foreseen = merging.foresee(first, into=second, now=world.now)

    says = {each.after.name: (each.says, each.tone) for each in foreseen.effects}
    assert (says["response"], says["resolution"]) == (("due earlier", "soon"), ("due earlier", "soon"))
    assert (foreseen.broken, foreseen.alerts) == ([], 0)
    assert "merged" not in (*world.kinds(first), *world.kinds(second))
    world.merges(first, into=second)
    assert {each.after.name: each.after.due_at for each in foreseen.effects} == {
        each.after.name: world.reading(second, each.after.name).due_at for each in foreseen.effects
    }


def test_a_clock_that_the_survivor_would_break_by_it_is_foreseen(world):
    first = world.opens("Mail is slow", priority="P1")
    world.forward(minutes=16)
    second = world.opens("Outlook hangs", priority="P1")

    foreseen = merging.foresee(first, into=second, now=world.now)

    says = {each.after.name: (each.says, each.tone) for each in foreseen.effects}
    assert says["response"] == ("broken at once: that time is used up", "late")
    assert "response" in [reading.name for reading in foreseen.broken]


def test_the_more_severe_never_goes_into_the_milder_for_its_pages_would_end(world):
    down, slow = world.opens("Nobody can work", priority="P1"), world.opens("Mail is slow", priority="P3")
    why = "INC-1 is P1, and INC-2 only P3: merge it the other way round, or raise INC-2 first."

    with refused(why):
        merging.foresee(down, into=slow, now=world.now)
    with refused(why):
        merging.merge(down, into=slow, reason="one fault", by=world.lena, now=world.now)
    world.phone("nils").puts_away()
    world.forward(minutes=6)

    world.phone("nils").gets_one("Nobody can work")
    world.makes_it(slow, "P1", reason="it is the same")
    world.merges(down, into=slow)
    assert (down.status, slow.priority) == ("merged", "P1")


def test_it_is_foreseen_that_a_stopped_line_is_stood_down_first(world):
    ticket, other = world.opens(priority="P1"), world.opens(priority="P1")
    attack = "An attack is going on, or a system has been broken into"
    stopping.stop(ticket, conditions=[attack], by=world.sam, now=world.now)

    with refused("The line is stopped on INC-1: before it is merged away, the incident manager stands it down (Tara)."):
        merging.foresee(ticket, into=other, now=world.now)


def test_what_is_met_and_what_loses_nothing_is_said_to_stay(world):
    first = world.opens("Mail is slow", priority="P3")
    second = world.opens("Outlook hangs", priority="P3")
    world.responds(second)

    says = {each.after.name: each.says for each in merging.foresee(first, into=second, now=world.now).effects}

    assert (says["response"], says["resolution"]) == ("met already, and stays so", "as before")


def test_it_is_not_foreseen_where_it_would_be_refused(world):
    first, second = world.opens(), world.opens()
    world.solves(second)

    with refused("INC-2 is solved: reopen it first."):
        merging.foresee(first, into=second, now=world.now)


def test_it_says_why(world):
    first, second = world.opens(), world.opens()

    with refused("Say why the two are one: whoever reads either of them later must know."):
        merging.merge(first, into=second, reason=" ", by=world.lena, now=world.now)


def test_what_was_agreed_next_ends_with_the_ticket_that_goes(world):
    first, second = world.opens(), world.opens()
    for ticket in (first, second):
        next_steps.agree(ticket, "Call Carla", who=world.lena, due_at=world.at("12:00"), by=world.lena, now=world.now)

    world.merges(first, into=second)

    assert (next_steps.agreed(first), next_steps.agreed(second).step) == (None, "Call Carla")
