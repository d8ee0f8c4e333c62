"""Who hears of it when nobody answers a page?"""

import pytest


@pytest.fixture
def unanswered(world):
    """A critical ticket whose three pages nobody has answered, and the service desk manager is another person."""
    world.holds("tom", "service-desk-manager", client=world.acme)
    ticket = world.opens(priority="P1")
    world.forward(minutes=14, seconds=59)
    for phone in ("omar", "nils", "mona", "tom"):
        world.phone(phone).puts_away()
    return ticket


def test_five_minutes_after_the_last_page_the_service_desk_manager_hears_that_nobody_has_it(world, unanswered):
    world.forward(seconds=1)

    letter = world.phone("tom").gets("nobody is left to ask")
    assert "the page ladder has run out: nobody acknowledged the last page in 5m" in letter.text
    assert world.keys(unanswered, "exhausted/page") == ["exhausted/page@1"]


def test_it_pages_nobody_anew_and_tells_it_once(world, unanswered):
    world.forward(minutes=50)

    assert len(world.keys(unanswered, "step/page")) == 3
    assert len(world.keys(unanswered, "exhausted/page")) == 1
    for phone in ("omar", "nils", "mona"):
        world.phone(phone).is_silent()


def test_whoever_answers_in_the_last_second_spares_the_service_desk_manager(world, unanswered):
    world.acknowledges(unanswered, "step/page@1/manager", by="mona")
    world.forward(minutes=1)

    assert world.keys(unanswered, "exhausted/page") == []


def test_the_clients_answer_is_not_taken_for_ours(world):
    ticket = world.opens(priority="P1")
    world.waits(ticket)
    world.acknowledges(ticket, "step/page@1/primary", by="omar")
    world.phone("omar").puts_away()
    world.forward(minutes=10)

    world.replies(ticket)
    world.forward(minutes=14, seconds=59)
    assert world.keys(ticket, "again/") == []
    world.forward(seconds=1)

    world.phone("omar").gets("nothing has been done on it since")


def test_whoever_acknowledged_left_it_and_does_not_answer_again_is_reported(world):
    world.holds("tom", "service-desk-manager", client=world.acme)
    ticket = world.opens(priority="P1")
    world.acknowledges(ticket, "step/page@1/primary", by="omar")
    world.forward(minutes=15)
    world.phone("omar").gets("nothing has been done on it since")
    world.forward(minutes=4, seconds=59)
    world.phone("tom").puts_away()

    world.forward(seconds=1)

    letter = world.phone("tom").gets("nobody is left to ask")
    assert "whoever acknowledged was paged again, and did not answer" in letter.text


def test_whoever_is_paged_again_and_answers_is_left_alone(world):
    ticket = world.opens(priority="P1")
    world.acknowledges(ticket, "step/page@1/primary", by="omar")
    world.forward(minutes=15)
    (again,) = world.keys(ticket, "again/page")

    world.acknowledges(ticket, again, by="omar")
    world.forward(minutes=6)

    assert world.keys(ticket, "exhausted/page") == []
