"""Can two tickets be made one on a screen that says beforehand what happens to the clocks?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client as Browser

from tests.world import World
from tocsin.desk import tickets
from tocsin.desk.ticket import Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(browser) -> Browser:
    return browser("Ann")


def presses(ann: Browser, gone: Ticket, into: Ticket, reason: str = "one fault"):
    said = {"into": into.number, "reason": reason, "seen": gone.head_seq, "seen_into": into.head_seq}
    return ann.post(f"/tickets/{gone.number}/merge", said)


def test_open_tickets_of_the_client_that_look_alike_are_offered_first(world: World, ann: Browser):
    gone = world.opens("VPN drops for the branch")
    world.opens("Toner is low")
    world.opens("The branch has no VPN")
    world.opens("VPN drops for the branch", client=world.client("Globex"))
    world.solves(world.opens("VPN drops in the branch again"))

    page = ann.get(f"/tickets/{gone.number}/merge").content.decode()

    alike, others = page.index("They look alike"), page.index("Open as well")
    assert alike < page.index("INC-3") < others < page.index("INC-2")
    assert "INC-4" not in page and "INC-5" not in page


def test_it_says_before_the_press_what_happens_to_the_clocks(world: World, ann: Browser):
    gone = world.opens("VPN drops", priority="P1")
    world.forward(minutes=16)
    into = world.opens("No tunnel", priority="P1")

    page = ann.get(f"/tickets/{gone.number}/merge?into={into.number.lower()}").content.decode()

    for words in (
        "Merge INC-1 into INC-2?",
        "broken at once: that time is used up",
        "due earlier",
        "What INC-1 has broken stays with it and counts: first response",
    ):
        assert words in page, words
    assert Ticket.objects.filter(status="merged").count() == 0


def test_the_more_severe_is_not_merged_into_the_milder_and_the_other_way_round_is_a_press_away(
    world: World, ann: Browser
):
    gone, into = world.opens("VPN is down", priority="P1"), world.opens("No tunnel", priority="P3")
    why = "INC-1 is P1, and INC-2 only P3: merge it the other way round, or raise INC-2 first."

    for answer in (ann.get(f"/tickets/INC-1/merge?into={into.number}"), presses(ann, gone, into)):
        assert answer.status_code == 422
        page = answer.content.decode()
        assert why in page and '<a href="/tickets/INC-2/merge?into=INC-1">Merge INC-2 into INC-1</a>' in page

    assert presses(ann, into, gone)["Location"] == "/tickets/INC-1"


def test_pressed_both_say_so_with_a_link_to_the_other(world: World, ann: Browser):
    gone, into = world.opens("VPN drops"), world.opens("No tunnel")

    answer = presses(ann, gone, into)

    assert answer["Location"] == "/tickets/INC-2"
    there, here = (ann.get(f"/tickets/{number}").content.decode() for number in ("INC-1", "INC-2"))
    assert 'Merged into <a href="/tickets/INC-2">INC-2</a>' in there
    assert 'merged it into <a href="/tickets/INC-2">INC-2</a>' in there
    assert 'Took over <a href="/tickets/INC-1">INC-1</a>' in here
    assert 'took <a href="/tickets/INC-1">INC-1</a> over' in here
    assert "one fault" in there and "one fault" in here
    world.is_proven()


def test_a_number_of_another_client_or_of_nobody_is_not_taken(world: World, ann: Browser):
    gone, theirs = world.opens("VPN drops"), world.opens("No tunnel", client=world.client("Globex"))

    for number in (theirs.number, "INC-99", "\N{SNOWMAN}" * 200):
        answer = ann.get(f"/tickets/{gone.number}/merge", {"into": number})
        assert answer.status_code == 422
        assert "Acme has no ticket" in answer.content.decode() and "No tunnel" not in answer.content.decode()
        assert presses(ann, gone, theirs).status_code == 422


def test_it_is_not_pressed_past_what_somebody_did_meanwhile_nor_without_a_reason(world: World, ann: Browser):
    gone, into = world.opens("VPN drops"), world.opens("No tunnel")
    assert presses(ann, gone, into, reason="").status_code == 422
    seen = Ticket.objects.get(pk=into.pk)
    tickets.note(into, "It is another fault.", by=world.lena, now=datetime.now(UTC))

    answer = presses(ann, gone, seen, reason="one fault")

    assert answer.status_code == 409
    assert "Somebody has been on one of the two meanwhile" in answer.content.decode()
    assert Ticket.objects.filter(status="merged").count() == 0


def test_pressed_twice_it_is_merged_once(world: World, ann: Browser):
    gone, into = world.opens("VPN drops"), world.opens("No tunnel")

    answers = [presses(ann, gone, into) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert world.kinds(into).count("merged") == 1


def test_what_is_solved_is_merged_neither_way_and_it_says_what_to_do(world: World, ann: Browser):
    gone, into = world.opens("VPN drops"), world.opens("No tunnel")
    world.solves(into)

    for one, other in ((gone, into), (into, gone)):
        answer = ann.get(f"/tickets/{one.number}/merge", {"into": other.number})
        assert answer.status_code == 422
        assert "INC-2 is solved: reopen it first." in answer.content.decode()


def test_where_there_is_nothing_to_merge_it_into_it_says_so(world: World, ann: Browser):
    gone = world.opens("VPN drops")

    page = ann.get(f"/tickets/{gone.number}/merge").content.decode()

    assert "Acme has no other open ticket." in page
