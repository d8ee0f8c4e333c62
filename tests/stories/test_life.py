"""How does a ticket end, and can it begin again?"""

from datetime import timedelta


def test_a_solved_ticket_is_closed_when_its_day_is_over(world):
    ticket = world.opens(priority="P3")
    world.forward(hours=1)
    world.solves(ticket)
    solved = world.last(ticket, "solved").seq

    world.forward(hours=23, minutes=59, seconds=59)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.closed_at) == ("solved", None)
    world.forward(seconds=1)

    ticket.refresh_from_db()
    assert (ticket.status, ticket.closed_at, ticket.look_at) == ("closed", world.at("11:00", day=17), None)
    assert world.event(ticket, f"close@{solved}").actor == "engine"


def test_a_reopened_ticket_goes_on_with_the_time_it_had(world):
    ticket = world.opens(priority="P2")
    world.forward(hours=2)
    world.solves(ticket)
    world.forward(hours=5)

    world.reopens(ticket)

    reading = world.reading(ticket)
    assert (reading.verdict, reading.consumed, reading.due_at) == ("open", timedelta(hours=2), world.at("23:00"))
    assert ticket.status == "in progress"


def test_a_threshold_passed_before_the_reopening_is_not_told_again(world):
    ticket = world.opens(priority="P1")
    world.forward(hours=3)
    world.solves(ticket)
    world.phone("lena").puts_away()

    world.forward(hours=1)
    world.reopens(ticket)
    world.forward(minutes=30)

    assert world.keys(ticket, "threshold/resolution") == ["threshold/resolution@1/50", "threshold/resolution@1/75"]


def test_a_ticket_reopened_and_solved_again_is_closed_a_day_after_the_second_time(world):
    ticket = world.opens(priority="P3")
    world.solves(ticket)
    world.forward(hours=23)
    world.reopens(ticket)
    world.solves(ticket)

    world.forward(hours=2)
    ticket.refresh_from_db()
    assert ticket.status == "solved"
    world.forward(hours=22)

    ticket.refresh_from_db()
    assert ticket.status == "closed"


def test_a_breach_is_not_undone_by_solving_and_reopening(world):
    ticket = world.opens(priority="P1")
    world.forward(hours=5)
    world.solves(ticket)
    world.forward(hours=1)
    world.reopens(ticket)
    world.forward(hours=1)
    world.solves(ticket)

    assert world.reading(ticket).verdict == "breached"
    assert world.keys(ticket, "breach/resolution") == ["breach/resolution@1"]


def test_a_cancelled_ticket_is_silent_and_in_no_figure(world):
    ticket = world.opens(priority="P1")
    world.forward(minutes=2)

    world.cancels(ticket)
    world.phone("nils").is_silent()
    world.forward(days=1)

    assert ticket.look_at is None
    assert world.keys(ticket, "breach/") == []
    for clock in ("response", "resolution", "client_notified", "next_update"):
        assert (world.reading(ticket, clock).state, world.reading(ticket, clock).verdict) == ("void", "open")
    world.phone("nils").is_silent()


def test_cancelling_does_not_undo_a_breach(world):
    ticket = world.opens(priority="P1")
    world.forward(minutes=16)

    world.cancels(ticket)

    assert world.reading(ticket, "response").verdict == "breached"


def test_nothing_is_ever_due_on_a_closed_ticket(world):
    ticket = world.opens(priority="P1")
    world.solves(ticket)
    world.forward(days=2)
    count = ticket.__class__.objects.get(pk=ticket.pk).head_seq

    world.forward(days=30)

    ticket.refresh_from_db()
    assert ticket.head_seq == count


def test_merged_tickets_leave_one_that_never_gained_time(world):
    first = world.opens("Mail is slow", priority="P2")
    world.responds(first)
    world.forward(hours=2)
    second = world.opens("Outlook hangs", priority="P2")
    world.responds(second)

    world.merges(first, into=second)

    assert first.status == "merged"
    assert world.reading(first).state == "void"
    assert world.reading(second).due_at == world.at("18:00")
    assert world.reading(second).started_at == world.at("10:00")


def test_a_merged_ticket_tells_nobody_any_more_and_the_survivor_goes_on(world):
    first = world.opens("Mail is slow", priority="P1")
    second = world.opens("Outlook hangs", priority="P1")
    world.forward(minutes=3)

    world.merges(first, into=second)
    for who in world.people:
        world.phone(who).puts_away()
    world.forward(minutes=2)

    world.phone("nils").gets_one("Outlook hangs")
    assert first.look_at is None


def test_the_survivors_promise_breaks_when_the_older_one_would_have(world):
    older = world.opens("Mail is slow", priority="P1")
    world.responds(older)
    world.forward(hours=3)
    younger = world.opens("Outlook hangs", priority="P1")
    world.responds(younger)
    world.merges(older, into=younger)

    world.forward(hours=1)
    assert world.keys(younger, "breach/resolution") == []
    world.forward(microseconds=1)

    assert world.keys(younger, "breach/resolution") == ["breach/resolution@1"]


def test_a_breach_stays_with_the_ticket_that_was_merged_away(world):
    first = world.opens("Mail is slow", priority="P1")
    world.forward(minutes=20)
    second = world.opens("Outlook hangs", priority="P1")

    world.merges(first, into=second)

    assert world.reading(first, "response").verdict == "breached"
