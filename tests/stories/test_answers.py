"""What do facts make of a ticket when it is opened, and when somebody finds out more?"""

import pytest

from tocsin.desk import answers, tickets
from tocsin.desk.chronicle import chronicle
from tocsin.desk.refusal import Refusal
from tocsin.desk.severity import severity_of
from tocsin.desk.ticket import Ticket
from tocsin.standard.terms import terms_of


def why(ticket: Ticket) -> list[str]:
    return list(severity_of(ticket, terms_of(ticket)).because)


def answered(world, ticket: Ticket, by: str = "lena", **facts: str | None):
    return world._do(answers.answer, ticket, facts, by=by)


def lines(ticket: Ticket, kind: str) -> list[str]:
    return [
        f"{line.who} {line.said} ({line.detail})" for line in chronicle(ticket, terms_of(ticket)) if line.kind == kind
    ]


def test_facts_give_a_new_ticket_its_priority_and_stay_on_record(world):
    ticket = world.opens(priority=None, facts={"users": "many"})

    assert ticket.priority == "P2"
    opened = world.last(ticket, "opened").data
    assert (opened["facts"], opened["matrix"]["decided_by"]) == ({"users": "many"}, ["impact", "users"])
    assert opened["matrix"]["assumed"]["workaround"] == "none"
    assert why(ticket) == [
        "P2, because impact: a convenience or a single task is impaired (assumed) "
        "and users: more than a fifth (answered)"
    ]
    assert world.reading(ticket).binding.priority == "P2"


def test_nobody_need_know_any_fact(world):
    plain, chosen = world.opens(priority=None), world.opens(priority="P1", facts={"users": ""})

    assert (plain.priority, chosen.priority) == ("P3", "P1")
    assert why(plain) == ["P3, as it was opened"]
    assert "facts" not in world.last(plain, "opened").data
    assumed = world.last(plain, "opened").data["assumed"]
    assert set(assumed) == set(terms_of(plain).matrix.inputs) and assumed["users"] == "one"
    assert "users: one" in severity_of(plain, terms_of(plain)).taken
    assert "assumed" not in world.last(chosen, "opened").data, "somebody has said what it is"


def test_a_person_may_differ_from_the_facts_with_a_reason_and_both_stay_on_record(world):
    with pytest.raises(Refusal, match=r"^By the facts it is P2, because .*\. Say why it is P3 instead\.$"):
        world.opens(priority="P3", facts={"impact": "major"})

    ticket = world.opens(priority="P3", facts={"impact": "major"}, differs_because="they move house anyway")

    assert ticket.priority == "P3"
    assert world.last(ticket, "opened").data["matrix"]["priority"] == "P2"
    assert why(ticket) == ["P3 and not P2, because they move house anyway"]
    assert severity_of(ticket, terms_of(ticket)).proposes == "P2"
    assert "chosen otherwise: they move house anyway" in lines(ticket, "opened")[0]


def test_whoever_agrees_with_the_facts_needs_no_reason(world):
    assert world.opens(priority="P2", facts={"impact": "major"}).priority == "P2"


def test_a_fact_that_is_none_is_refused_with_the_nearest_word(world):
    with pytest.raises(Refusal, match="did you mean 'users'"):
        world.opens(priority=None, facts={"usres": "many"})
    with pytest.raises(Refusal, match=r"users: 'al' is not on its scale: did you mean 'all'\?"):
        world.opens(priority=None, facts={"users": "al"})

    assert not Ticket.objects.exists()


def test_a_complaint_has_times_of_its_own_and_no_fact_decides_them(world):
    with pytest.raises(Refusal, match="its facts decide nothing"):
        tickets.open(
            client=world.acme,
            title="Nobody calls",
            kind="complaint",
            facts={"users": "all"},
            by=world.lena,
            now=world.now,
        )
    complaint = world.complains()

    with pytest.raises(Refusal, match="times of its own"):
        answers.answer(complaint, {"users": "all"}, by=world.lena, now=world.now)


def test_what_was_agreed_for_the_service_counts_from_its_day_in_the_clients_zone(world):
    agreed = {"assumed": {"service": "core"}, "starts_on": "2026-11-17"}
    sydney = world.client("Sydney", zone="Australia/Sydney", overrides={"services": {"files": {"matrix": agreed}}})
    files = sydney.services.get(slug="files")

    before = world.opens(client=sydney, service=files, priority=None, facts={"impact": "down"})
    world.forward(hours=4)
    after = world.opens(client=sydney, service=files, priority=None, facts={"impact": "down"})

    assert (before.priority, after.priority) == ("P2", "P1"), "14:00Z on the 16th is the 17th in Sydney"
    assert "as agreed with the client for files since 2026-11-17" in why(after)[0]


def test_a_more_severe_answer_raises_at_once_by_rule(world):
    ticket = world.opens(priority=None, facts={"users": "a-few"})
    world.phone("lena").puts_away()

    answered(world, ticket, by="sam", users="all", impact="down")

    assert ticket.priority == "P1"
    raised = world.last(ticket, "priority_changed")
    assert (raised.actor, raised.data["rule"], raised.data["was"]) == ("rule/matrix", "matrix", "P3")
    assert "users: all (answered)" in raised.data["reason"]
    assert why(ticket) == [
        "P1, because impact: the business, or its core, is down (answered) and users: all (answered)"
    ]
    assert lines(ticket, "priority_changed")[0].startswith("Tocsin changed the priority P3 → P1 (")
    world.phone("lena").gets("was raised").text.index("P1 now, and was P3")
    world.phone("omar").gets("Disk full on db-1")


def test_what_was_answered_before_stays_answered(world):
    ticket = world.opens(priority=None, facts={"users": "all"}, differs_because="")

    answered(world, ticket, impact="down")

    assert ticket.priority == "P1"
    assert world.last(ticket, "facts_answered").data["facts"] == {"impact": "down", "users": "all"}
    assert lines(ticket, "facts_answered")[0].startswith(
        "Lena answered anew: impact: the business, or its core, is down ("
    )


def test_a_less_severe_answer_only_proposes(world):
    ticket = world.opens(priority=None, facts={"impact": "major"})

    answered(world, ticket, impact="none")

    assert ticket.priority == "P2"
    assert severity_of(ticket, terms_of(ticket)).proposes == "P4"
    assert "it could be P4 by that: change the priority if you agree" in lines(ticket, "facts_answered")[0]
    assert world.kinds(ticket).count("priority_changed") == 0


def test_facts_answered_for_the_first_time_never_lower_what_somebody_chose(world):
    ticket = world.opens(priority="P1")

    answered(world, ticket, impact="major")

    assert ticket.priority == "P1"
    assert severity_of(ticket, terms_of(ticket)).proposes == "P2"
    assert why(ticket) == ["P1, as it was opened"]


def test_who_differed_with_a_reason_is_not_overruled_until_more_is_known(world):
    ticket = world.opens(priority="P3", facts={"impact": "major"}, differs_because="they move house anyway")

    answered(world, ticket, users="a-few")
    assert ticket.priority == "P3"
    answered(world, ticket, data="personal")

    assert ticket.priority == "P1"


def test_an_answer_that_decides_nothing_overrules_nobody(world):
    """It was opened as P4 without any fact: that one user is hit says nothing against it, nor does what is assumed."""
    ticket = world.opens(priority="P4")

    answered(world, ticket, users="one")
    assert ticket.priority == "P4"
    assert severity_of(ticket, terms_of(ticket)).proposes == "P3"
    answered(world, ticket, impact="major")

    assert ticket.priority == "P2"


def test_a_fact_may_turn_out_not_to_be_known(world):
    ticket = world.opens(priority=None, facts={"users": "many"})

    after = answered(world, ticket, users=None)

    assert (after.facts, after.proposes) == ({}, "")
    assert "users: not known any more" in lines(ticket, "facts_answered")[0]


@pytest.mark.parametrize("facts", [{}, {"users": "many"}, {"data": ""}])
def test_an_answer_that_says_nothing_new_is_refused(world, facts):
    ticket = world.opens(priority=None, facts={"users": "many"})

    with pytest.raises(Refusal, match="That is what is known already"):
        answered(world, ticket, **facts)


def test_whoever_answers_has_begun_on_a_new_ticket(world):
    ticket = tickets.open(client=world.acme, title="Files are gone", by=world.lena, now=world.now)
    assert ticket.status == "new"

    answered(world, ticket, data="internal")

    assert (ticket.priority, ticket.status) == ("P1", "in progress")


def test_a_solved_ticket_is_answered_no_more(world):
    ticket = world.opens(priority=None, facts={"users": "many"})
    world.solves(ticket)

    with pytest.raises(Refusal, match="reopen it first"):
        answered(world, ticket, users="all")


def test_a_raise_by_age_and_a_change_by_hand_say_why_it_has_the_priority_it_has(world):
    ticket = world.opens(priority=None, facts={"impact": "major"})
    world.responds(ticket)
    world.forward(hours=5)
    ticket.refresh_from_db()

    assert why(ticket)[0].startswith("P1, because ")
    assert severity_of(ticket, terms_of(ticket)).proposes == "P2"
