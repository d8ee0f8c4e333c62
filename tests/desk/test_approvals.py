"""Who approves what before it is done, and what waits for it?"""

from datetime import timedelta

import pytest

from tests.approving import APPROVALS, with_approvals
from tests.desk.refusing import refused
from tests.world import FIELD_GUIDE, World
from tocsin.desk import approvals, escalations, stages, tickets
from tocsin.desk.approved import Request, for_them, requests_of
from tocsin.desk.chronicle import chronicle
from tocsin.desk.staged import place_of
from tocsin.desk.ticket import Ticket
from tocsin.desk.timeline import terms_of
from tocsin.standard.adopt import adopt

WEIGHED = {"risk": "mail is down for ten minutes", "way_back": "start it again by hand"}


@pytest.fixture
def desk(world: World) -> World:
    return with_approvals(world)


def asks(desk: World, ticket: Ticket, approval: str = "change", what: str = "Restart the mail server", **more) -> int:
    desk._do(approvals.ask, ticket, approval, what, **more)
    return desk.last(ticket, "approval_asked").seq


def only(ticket: Ticket) -> Request:
    (request,) = requests_of(ticket)
    return request


def told(ticket: Ticket) -> tuple[str, str]:
    line = chronicle(ticket, terms_of(ticket))[-1]
    return line.said, line.detail


def test_whoever_may_give_it_hears_what_is_to_be_done_what_may_go_wrong_and_why_they_are_asked(desk: World):
    ticket = desk.opens()

    asks(desk, ticket, assessment=WEIGHED)

    for who in ("dora", "viktor"):
        letter = desk.phone(who).gets("waits for your approval: Sensitive change")
        assert "Restart the mail server" in letter.text and "What may go wrong: mail is down" in letter.text
        assert "It expires at 2026-11-16 14:00Z" in letter.text
    assert "field-guide 2 has Service delivery manager, or Director in their place approve this" in letter.text
    assert ticket.approval_since == desk.now
    assert told(ticket) == (
        "asked for approval, Sensitive change: Restart the mail server",
        "what may go wrong: mail is down for ten minutes · the way back: start it again by hand",
    )


def test_it_is_given_with_the_role_by_which_and_whoever_asked_hears_of_it(desk: World):
    ticket = desk.opens()
    place = asks(desk, ticket)

    desk._do(approvals.give, ticket, of=place, comment="After six.", by="dora")

    request = only(ticket)
    assert (request.state, request.allows, request.role) == ("given", True, "service-delivery-manager")
    assert ticket.approval_since is None
    assert "Dora has given it. After six." in desk.phone("lena").gets("Sensitive change on INC-1").text
    assert told(ticket) == ("approved, Sensitive change (as Service delivery manager)", "After six.")


def test_a_delegate_gives_it_in_their_place(desk: World):
    ticket = desk.opens()
    place = asks(desk, ticket)

    desk._do(approvals.give, ticket, of=place, by="viktor")

    assert (only(ticket).state, only(ticket).role) == ("given", "director")


def test_nobody_approves_what_they_asked_for_whatever_they_hold(desk: World):
    desk.holds("lena", "service-delivery-manager")
    ticket = desk.opens()
    place = asks(desk, ticket)

    with refused("Lena asked for it: somebody else decides."):
        approvals.give(ticket, of=place, by=desk.lena, now=desk.now)


def test_whoever_alone_holds_the_role_cannot_even_ask(desk: World):
    for name in ("dora", "viktor"):
        desk.leaves(name)
    desk.holds("lena", "director")
    ticket = desk.opens()

    with refused(
        "Nobody but you may give Sensitive change (Service delivery manager, or Director in their place): "
        "have somebody else hold the role."
    ):
        approvals.ask(ticket, "change", "Restart it", by=desk.lena, now=desk.now)


def test_whoever_does_not_hold_the_role_does_not_decide(desk: World):
    ticket = desk.opens()
    place = asks(desk, ticket)

    with refused("Sensitive change is given by Service delivery manager, or Director in their place, and Sam is not."):
        approvals.give(ticket, of=place, by=desk.sam, now=desk.now)


def test_a_refusal_says_why(desk: World):
    ticket = desk.opens()
    place = asks(desk, ticket)

    with refused("Say why it is refused: whoever asked must know what to do instead."):
        approvals.refuse(ticket, of=place, comment=" ", by=desk.dora, now=desk.now)
    desk._do(approvals.refuse, ticket, of=place, comment="Not in office hours.", by="dora")

    assert (only(ticket).state, only(ticket).allows) == ("refused", False)
    assert "Dora has refused it: Not in office hours." in desk.phone("lena").gets("Sensitive change on INC-1").text
    with refused("It is refused already."):
        approvals.give(ticket, of=place, by=desk.viktor, now=desk.now)


def test_what_nobody_decides_on_expires_and_is_asked_for_anew(desk: World):
    ticket = desk.opens()
    place = asks(desk, ticket)
    with refused("Sensitive change is asked for already on INC-1: wait for it, or withdraw it."):
        approvals.ask(ticket, "change", "Restart it", by=desk.lena, now=desk.now)

    desk.jump(hours=4)
    with refused("Nobody decided on it by 2026-11-16 14:00Z, so it has expired: ask for it anew."):
        approvals.give(ticket, of=place, by=desk.dora, now=desk.now)
    again = asks(desk, ticket)
    desk._do(approvals.give, ticket, of=again, by="dora")

    assert [each.state for each in requests_of(ticket)] == ["anew", "given"]
    assert ticket.approval_since is None


def test_whoever_asked_withdraws_it(desk: World):
    ticket = desk.opens()
    place = asks(desk, ticket)

    with refused("Only whoever asked withdraws it, and only before it was acted on."):
        approvals.withdraw(ticket, of=place, by=desk.dora, now=desk.now)
    desk._do(approvals.withdraw, ticket, of=place)

    assert (only(ticket).state, ticket.approval_since) == ("withdrawn", None)


def test_what_has_expired_and_is_wanted_no_more_is_withdrawn(desk: World):
    ticket = desk.opens()
    place = asks(desk, ticket)
    desk.jump(hours=4)

    desk._do(approvals.withdraw, ticket, of=place)

    assert (only(ticket).state, ticket.approval_since) == ("withdrawn", None)
    with refused("Only whoever asked withdraws it, and only before it was acted on."):
        approvals.withdraw(ticket, of=place, by=desk.lena, now=desk.now)


def test_in_an_emergency_whoever_is_on_call_acts_first_and_it_is_looked_at_afterwards(desk: World):
    ticket = desk.opens(priority="P1")
    place = asks(desk, ticket)

    desk._do(approvals.act_first, ticket, of=place, why="Nobody could log in", by="omar")

    assert only(ticket).allows and only(ticket).waits(desk.now + timedelta(days=30)), "a review does not expire"
    with refused("Omar acted on it: somebody else decides."):
        approvals.give(ticket, of=place, by=desk.omar, now=desk.now)
    desk._do(approvals.give, ticket, of=place, comment="Right so.", by="dora")
    assert (only(ticket).state, only(ticket).allows) == ("reviewed", True)


def test_whoever_owns_the_ticket_acts_first_where_the_standard_has_the_owner_do_so(world: World):
    text = f"{FIELD_GUIDE.read_text()}\n{APPROVALS}".replace(
        'emergency_by = ["on-call-primary"]', 'emergency_by = ["owner"]'
    )
    adopt(text, by="test", now=world.now - timedelta(days=1))
    ticket = world.opens(priority="P1")
    world._do(tickets.assign, ticket, owner=world.sam)
    place = asks(world, ticket)

    with refused("In an emergency Owner of the ticket acts first, and Omar is not."):
        approvals.act_first(ticket, of=place, why="Nobody could log in", by=world.omar, now=world.now)
    world._do(approvals.act_first, ticket, of=place, why="Nobody could log in", by="sam")

    assert (only(ticket).state, only(ticket).acted_by) == ("acted", world.sam.actor)


def test_it_is_an_emergency_only_at_the_priorities_named_and_for_whom_the_standard_names(desk: World):
    calm, urgent = desk.opens(priority="P2"), desk.opens(priority="P1")
    first, second = asks(desk, calm), asks(desk, urgent)

    with refused("Sensitive change waits for nobody only in an emergency, which is P1: ask them."):
        approvals.act_first(calm, of=first, why="now", by=desk.omar, now=desk.now)
    with refused("In an emergency On-call engineer acts first, and Sam is not."):
        approvals.act_first(urgent, of=second, why="now", by=desk.sam, now=desk.now)
    with refused("Say why it could not wait: it is looked at afterwards."):
        approvals.act_first(urgent, of=second, why="", by=desk.omar, now=desk.now)


def test_a_contact_of_the_clients_gives_it_by_what_they_said(desk: World):
    ticket = desk.opens()
    place = asks(desk, ticket, "spending", "A new disk, 240 AUD")

    with refused("Say how Ivan gave it: by mail, on a call, when."):
        approvals.give(ticket, of=place, contact=desk.ivan, by=desk.lena, now=desk.now)
    with refused("Spending is given by IT manager, and Carla is not."):
        approvals.give(ticket, of=place, contact=desk.carla, comment="call", by=desk.lena, now=desk.now)
    desk._do(approvals.give, ticket, of=place, contact=desk.ivan, comment="On the phone, 10:05.")

    assert (only(ticket).state, only(ticket).decided_by) == ("given", desk.ivan.actor)
    assert told(ticket) == ("put on record that Ivan approved, Spending (as IT manager)", "On the phone, 10:05.")


def test_an_escalation_to_a_level_that_needs_it_waits_for_it_and_uses_it_up(desk: World):
    ticket = desk.opens()
    said = (
        "L3 Senior engineer needs Sensitive change first, which Service delivery manager, or Director in their place "
        "gives: ask for it."
    )

    with refused(said):
        escalations.escalate(
            ticket, to="L3", reason="skill limit", tried="all", next_step="look", by=desk.lena, now=desk.now
        )
    desk._do(approvals.give, ticket, of=asks(desk, ticket), by="dora")
    desk.escalates(ticket, "L3")
    desk.sends_back(ticket, by="tara")

    with refused(said):
        escalations.escalate(
            ticket, to="L3", reason="skill limit", tried="all", next_step="look", by=desk.lena, now=desk.now
        )


def test_a_refusal_of_what_was_asked_anew_takes_back_what_was_given_before(desk: World):
    ticket = desk.opens()
    desk._do(approvals.give, ticket, of=asks(desk, ticket), by="dora")
    desk._do(approvals.refuse, ticket, of=asks(desk, ticket), comment="Not any more.", by="viktor")

    assert not approvals.cleared(requests_of(ticket), "change", after=0)


def test_whoever_acted_first_does_not_put_a_clients_word_for_it_on_record(desk: World):
    ticket = desk.opens(priority="P1")
    place = asks(desk, ticket, "spending", "A new disk")
    desk._do(approvals.act_first, ticket, of=place, why="It was three in the morning", by="omar")

    with refused("Omar acted on it: somebody else decides."):
        approvals.give(ticket, of=place, contact=desk.ivan, comment="On the phone", by=desk.omar, now=desk.now)


def test_a_stage_that_asks_for_it_waits_until_it_is_given(desk: World):
    ticket = desk.opens()
    desk._do(stages.enter, ticket, "diagnose", reason="at once")
    place = asks(desk, ticket)

    lacking = [lack.word for lack in place_of(ticket, terms_of(ticket)).gate.lacking]
    desk._do(approvals.give, ticket, of=place, by="dora")
    after = [lack.word for lack in place_of(ticket, terms_of(ticket)).gate.lacking]

    assert "approved" in lacking and "approved" not in after


@pytest.mark.parametrize("before", ["refused", "expired"])
def test_a_stage_goes_by_what_was_asked_for_last(desk: World, before: str):
    ticket = desk.opens()
    desk._do(stages.enter, ticket, "diagnose", reason="at once")
    first = asks(desk, ticket)
    if before == "refused":
        desk._do(approvals.refuse, ticket, of=first, comment="Not in office hours.", by="dora")
    else:
        desk.jump(hours=4)

    again = asks(desk, ticket, what="Restart it after six")
    assert "approved" in [lack.word for lack in place_of(ticket, terms_of(ticket)).gate.lacking]
    desk._do(approvals.give, ticket, of=again, by="dora")

    assert "approved" not in [lack.word for lack in place_of(ticket, terms_of(ticket)).gate.lacking]


def test_what_was_refused_stays_refused_when_it_is_asked_for_anew_and_withdrawn(desk: World):
    ticket = desk.opens()
    desk._do(stages.enter, ticket, "diagnose", reason="at once")
    desk._do(approvals.refuse, ticket, of=asks(desk, ticket), comment="Never.", by="dora")

    desk._do(approvals.withdraw, ticket, of=asks(desk, ticket))

    assert "approved" in [lack.word for lack in place_of(ticket, terms_of(ticket)).gate.lacking]


def test_what_expired_hides_nothing_that_waits(desk: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("tocsin.desk.approved.BATCH", 2)
    for _ in range(3):
        asks(desk, desk.opens(), what="Long ago")
    desk.jump(hours=4)
    asks(desk, desk.opens(), what="Now")

    found = for_them(Ticket.objects.all(), who=desk.dora, now=desk.now)

    assert [request.what for _, request in found] == ["Now"]


def test_what_waits_for_somebody_is_found_for_them_alone(desk: World):
    ticket = desk.opens()
    asks(desk, ticket)

    found = {name: for_them(Ticket.objects.all(), who=desk.people[name], now=desk.now) for name in ("dora", "lena")}

    assert [request.what for _, request in found["dora"]] == ["Restart the mail server"]
    assert found["lena"] == [], "whoever asked decides on nothing of it"
    desk.solves(ticket, bypass="late")
    assert for_them(Ticket.objects.all(), who=desk.dora, now=desk.now) == [], "what is solved needs it no more"


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (("chnge", "x"), "This standard knows no approval 'chnge': did you mean 'change'?"),
        (("change", " "), "Say what is to be done, and why: whoever approves it must know."),
    ],
    ids=["mistyped", "blank"],
)
def test_what_cannot_be_asked_is_refused_with_the_remedy(desk: World, said: tuple[str, str], sentence: str):
    ticket = desk.opens()

    with refused(sentence):
        approvals.ask(ticket, *said, by=desk.lena, now=desk.now)
