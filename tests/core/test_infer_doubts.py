"""Does an inferred promise say what the history cannot tell?"""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest

from tests.core.offices import weekdays
from tests.core.past import FIELD_GUIDE, HOUR, MONDAY, past, ticket
from tocsin.core.infer import told
from tocsin.core.infer.doubts import by_chance, disagreeing, fits, rival_stops, rival_waits, sign_test
from tocsin.core.infer.draft import document
from tocsin.core.infer.history import Answered
from tocsin.core.infer.known import majority, score, standard
from tocsin.core.infer.search import Search
from tocsin.core.infer.zones import said, sentence, zones
from tocsin.core.policy import load


def spread(count=60, *, limit=4.0, seed=1):
    """Tickets of up to eight hours, kept within the limit."""
    chance = Random(seed)
    took = [round(chance.uniform(0.2, 8), 2) for _ in range(count)]
    return [ticket(n, opened=MONDAY + n * 25 * HOUR, took=t * HOUR, kept=t <= limit) for n, t in enumerate(took)]


def test_a_target_is_told_between_the_durations_next_to_it():
    tickets = spread()
    search = Search(tickets)

    (fit,) = fits(search, search.best)

    kept = max(t.stops["solved"] - t.opened_at for t in tickets if t.kept)
    broken = min(t.stops["solved"] - t.opened_at for t in tickets if not t.kept)
    assert fit.same == (kept, broken)
    assert fit.promise.target is not None and kept <= fit.promise.target.length < broken
    low, high = fit.possible
    assert low is not None and high is not None and low < kept and broken < high
    assert fit.doubts == ()


def test_the_counts_add_up_to_the_tickets():
    terms = load(FIELD_GUIDE.read_text("utf-8")).terms(hours=weekdays("UTC", "08:00", "18:00"))
    tickets = past(terms, "resolution", seed=5, count=120)
    search = Search(tickets)

    found = fits(search, search.best)

    assert sum(fit.count for fit in found) == 120
    assert sum(fit.kept for fit in found) == sum(each.kept for each in tickets)
    assert sum(fit.count - fit.right for fit in found) == search.best.errors == len(disagreeing(search.best, tickets))


@pytest.mark.parametrize(
    ("tickets", "doubt"),
    [
        (spread(20), "P1 has 20 tickets: too few to tell what was promised."),
        (spread(60, limit=9), "next to one answer alone (0 were not kept)"),
        (spread(60, limit=0.1), "next to one answer alone (0 of 60 were kept)"),
        ([ticket(n, kept=n % 2 == 0) for n in range(60)], "no better than by always giving the commoner answer"),
    ],
    ids=["few", "all kept", "none kept", "no pattern"],
)
def test_what_cannot_be_told_of_a_priority_is_said(tickets, doubt):
    search = Search(tickets)

    (fit,) = fits(search, search.best)

    assert doubt in " ".join(fit.doubts)
    assert not fit.tells


def test_coins_thrown_are_not_taken_for_a_promise():
    chance = Random(7)
    coins = [
        ticket(n, opened=MONDAY + chance.uniform(0, 1400) * HOUR, took=chance.expovariate(1 / 8) * HOUR,
               kept=chance.random() < 0.5) for n in range(133)
    ]  # fmt: skip
    search = Search(coins)

    (fit,) = fits(search, search.best)

    assert fit.right > fit.majority, "the best of many hours fits better than none"
    assert "may be explained so well by chance alone: 1" in " ".join(fit.doubts)
    assert not fit.tells


def test_by_chance_is_what_counting_every_way_to_answer_comes_to():
    assert by_chance((3, 0, 0, 3)) == 1 / 20
    assert by_chance((3, 1, 1, 3)) == (16 + 1) / 70
    assert by_chance((4, 0, 2, 0)) == 1
    exact, near = by_chance((260, 240, 240, 260)), by_chance((261, 240, 240, 260))
    assert abs(exact - near) < 0.02, "the approximation for many goes on where counting ends"


def test_few_answers_of_both_kinds_are_too_few_and_not_next_to_one_alone():
    search = Search([ticket(n, took=n * HOUR, kept=n <= 5) for n in range(1, 11)])

    (fit,) = fits(search, search.best)

    assert fit.doubts == ("P1 has 10 tickets: too few to tell what was promised.",)


def test_tickets_that_disagree_are_named_with_what_they_used():
    wrong = ticket(99, took=HOUR, kept=False)
    search = Search([*spread(), wrong])

    (found,) = disagreeing(search.best, search.layout.tickets)

    assert (found.number, found.used, found.kept) == ("T99", HOUR, False)


def test_hours_that_explain_as_much_are_named_beside_those_chosen():
    by_day = [
        ticket(n, opened=MONDAY + timedelta(days=n // 5 * 7 + n % 5), took=took * HOUR, kept=took <= 2)
        for n, took in enumerate([0.5, 1, 1.5, 3, 3.5, 4] * 10)
    ]
    search = Search(by_day)

    (fit,) = fits(search, search.best)

    titles = {other.hours.title for other in fit.as_good}
    assert fit.promise.hours.title == "round the clock"
    assert {"Mon–Fri 08:00–18:00", "Mon–Fri 09:00–17:00"} <= titles


def waiting(n, *, worked, waited, kept):
    start = MONDAY + n * 25 * HOUR
    wait = ("vendor", start + HOUR / 4, start + HOUR / 4 + waited * HOUR)
    return ticket(n, opened=start, took=(worked + waited) * HOUR, kept=kept, waits=[wait])


def test_a_wait_that_holds_the_clock_is_told_from_one_that_does_not():
    chance = Random(2)
    some = [(round(chance.uniform(0.5, 7), 2), round(chance.uniform(0.1, 6), 2)) for _ in range(80)]
    held = Search([waiting(n, worked=w, waited=v, kept=w <= 4) for n, (w, v) in enumerate(some)])
    counted = Search([waiting(n, worked=w, waited=v, kept=w + v <= 4) for n, (w, v) in enumerate(some)])

    assert held.best.waits == {"vendor"}
    assert counted.best.waits == frozenset()
    assert [rival.is_possible for rival in rival_waits(held) + rival_waits(counted)] == [False, False]


def test_a_wait_nearly_nobody_had_cannot_be_told():
    search = Search([*spread(), waiting(70, worked=1, waited=1, kept=True)])

    (rival,) = rival_waits(search)

    assert (rival.what, rival.tickets, rival.is_possible) == ("vendor", 1, True)


def test_another_stop_at_the_same_instant_cannot_be_told_apart():
    both = [
        Answered(t.number, t.priority, t.opened_at, {**t.stops, "closed": t.stops["solved"]}, (), t.kept)
        for t in spread()
    ]
    search = Search(both)

    (rival,) = rival_stops(search)

    assert search.best.stop == "solved"
    assert (rival.what, rival.is_possible) == ("closed", True)


def test_the_sign_test_is_that_of_the_coin():
    assert sign_test(0, 0) == 1.0
    assert sign_test(5, 0) == pytest.approx(2 / 32)
    assert sign_test(0, 6) == pytest.approx(2 / 64)
    assert sign_test(3, 3) == 1.0
    assert sign_test(560, 460) == pytest.approx(0.00197, rel=0.05)


def drafted(tickets, zone="UTC"):
    search = Search(tickets, zone=zone)
    found = fits(search, search.best)
    return search, document(
        search.best, found, name="inferred", source='a "sheet".csv', remarks=["Look twice."], common="P3"
    )


def test_the_draft_is_a_standard_that_answers_as_what_was_inferred():
    terms = load(FIELD_GUIDE.read_text("utf-8")).terms(hours=weekdays("Europe/London", "08:00", "18:00"))
    tickets = past(terms, "resolution", seed=1, count=400)

    search, text = drafted(tickets, "Europe/London")

    policy = load(text)
    again = policy.terms(hours=weekdays("Asia/Tokyo", "01:00", "02:00"))
    judge = standard(again, "resolution", stop="solved", met={p: p for p in again.priorities})
    assert [judge(each) for each in tickets] == [search.best.keeps(each) for each in tickets]
    assert again.clocks["resolution"].paused_by == search.best.waits == {"client"}
    assert 'P4 = "5bd"' in text
    assert "# Look twice." in text
    assert all(len(line) <= 120 for line in text.splitlines())


def test_a_target_that_cannot_be_told_is_left_out_of_the_draft_and_said():
    _, text = drafted([*spread(), *(ticket(200 + n, priority="P2") for n in range(40))])

    policy = load(text.replace('default_priority = "P3"', 'default_priority = "P1"'))

    targets = policy.terms(hours=weekdays("UTC", "08:00", "18:00")).clocks["resolution"].targets
    assert set(targets) == {"P1"}
    assert "# P2 has next to one answer alone" in text


def test_the_commoner_answer_is_learnt_from_one_half_and_scored_on_the_other():
    learnt = [ticket(n, kept=n < 6) for n in range(10)]
    others = [ticket(n, kept=n < 2) for n in range(10)]

    found = score("always", majority(learnt), others)

    assert found.total == (2, 10)


def test_lengths_are_told_in_hours_and_minutes():
    assert told.span(timedelta(minutes=59, seconds=59)) == "59m"
    assert told.span(timedelta(hours=66, minutes=5)) == "66h 05m"
    assert told.between((HOUR, None)) == "any from 1h 00m"
    assert told.percent(2, 3) == "66.6 %"


def test_the_zone_is_found_as_far_as_the_answers_tell_it():
    """From 09:00 to 17:00 five hours behind UTC; one hour on it would be 10:00 to 18:00, which nothing tells apart."""
    terms = load(FIELD_GUIDE.read_text("utf-8")).terms(hours=weekdays("Etc/GMT+5", "09:00", "17:00"))
    tickets = past(terms, "response", seed=6, count=250)

    best, other, worse = found = zones(tickets, offsets=(0, -5, -4))

    assert {best.zone, other.zone} == {"Etc/GMT+5", "Etc/GMT+4"}
    assert other.is_possible
    assert not worse.is_possible
    assert sentence(found).endswith(
        f"disagree. Not told apart: {said(other.zone)}. Next: UTC, {worse.best.errors} disagree."
    )
    assert [said(zone) for zone in ("UTC", "Etc/GMT+5", "Etc/GMT-2")] == ["UTC", "UTC−5", "UTC+2"]
