"""What does a page answer to what nobody types by mistake?"""

from __future__ import annotations

import pytest

from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/tickets?q=%00", "/tickets?client=%00", "/tickets/new?client=%00", "/?show=%00"])
def test_a_question_with_a_nul_in_it_is_refused_in_words(browser, address: str):
    answer = browser("Ann").get(address)

    assert answer.status_code == 400
    assert "This address cannot be read" in answer.content.decode()


def test_at_an_address_with_a_nul_in_it_there_is_nothing(browser):
    assert browser("Ann").get("/tickets/%00").status_code == 404


@pytest.mark.parametrize(
    "address", ["/?size=99999999999", "/tickets?page=99999999999999999999", "/tickets?state=none", "/?show=none"]
)
def test_a_page_that_does_not_exist_shows_the_nearest_that_does(browser, address: str):
    assert browser("Ann").get(address).status_code == 200


def test_nobody_is_sent_elsewhere_after_an_act(browser):
    world = World()
    ticket = world.opens()

    answer = browser("Ann").post(
        f"/tickets/{ticket.number}/take", {"seen": ticket.head_seq, "next": "/\\attacker.example"}
    )

    assert answer["Location"] == f"/tickets/{ticket.number}"


@pytest.mark.parametrize("at", ["0001-01-01T00:00", "9999-12-31T23:59", "2101-01-01T00:00"])
@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Asia/Tokyo"])
def test_an_act_of_a_year_in_which_nobody_works_is_refused_with_a_sentence(db, browser, zone: str, at: str):
    ticket, ann = World().opens(), browser("Ann")
    ann.cookies["zone"] = zone
    late = {"at": at, "late_because": "x"}
    for verb, said in (
        ("wait", {"on": "client", "reason": "x", **late}),
        ("wait", {"on": "client", "reason": "x", "until": at}),
        ("solve", {"cause": "a", "actions": "b", "verification": "c", **late}),
        ("called", {"result": "x", **late}),
    ):
        answer = ann.post(f"/tickets/{ticket.number}/{verb}", {**said, "seen": "99"})
        assert (answer.status_code, "check the year" in answer.content.decode()) == (422, True), verb
