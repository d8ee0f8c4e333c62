"""Do the words of a message say what is on record, and nothing else?"""

from datetime import timedelta

import pytest

from tocsin.desk.facts import LONGEST, cut, facts_of
from tocsin.desk.phrases import lasted


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (timedelta(seconds=5), "1 min"),
        (timedelta(minutes=59), "59 min"),
        (timedelta(hours=3, minutes=20), "3 h 20 min"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=2, minutes=1), "2 days 1 min"),
    ],
)
def test_a_span_is_said_in_days_hours_and_minutes(time, words):
    assert lasted(time) == words


def test_a_long_text_is_cut_and_shows_it():
    assert cut("short") == "short"
    assert cut("x" * 1000) == "x" * (LONGEST - 1) + "…"


def test_what_nobody_recorded_is_blank(world):
    ticket = world.opens()

    facts = facts_of([ticket])[ticket.pk]

    assert (facts.impact, facts.told, facts.tried, facts.next_step, facts.cause, facts.done) == ("",) * 6


def test_facts_are_those_of_the_ticket_and_of_no_other(world):
    first, second = world.opens("first", impact="accounts"), world.opens("second", impact="sales")
    world.updates(first, "We restart it.")
    world.updates(first, "It is up.")
    world.escalates(second, "L2")
    world.solves(first, cause="a full disk")

    facts = facts_of([first, second])

    assert (facts[first.pk].impact, facts[second.pk].impact) == ("accounts", "sales")
    assert (facts[first.pk].cause, facts[second.pk].cause) == ("a full disk", "")
    assert (facts[first.pk].tried, facts[second.pk].tried) == ("", "restarted the service")


def test_what_the_client_was_told_is_our_last_word_and_not_the_clients(world):
    ticket = world.opens()
    world.updates(ticket, "We restart it.")
    world.updates(ticket, "It is up.")
    world.replies(ticket, "It is not!")
    world.notes(ticket, "She is right.")

    assert facts_of([ticket])[ticket.pk].told == "It is up."


def test_the_facts_of_many_tickets_are_read_with_two_queries(world, django_assert_num_queries):
    found = [world.opens(f"number {n}") for n in range(5)]

    with django_assert_num_queries(2):
        facts_of(found)
