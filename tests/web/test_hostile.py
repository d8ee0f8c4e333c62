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
