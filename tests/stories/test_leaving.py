"""Who hears of a ticket whose owner or worker works here no more?"""

from tests.desk.refusing import refused
from tocsin.desk import tickets
from tocsin.directory.person import Person


def gives(world, ticket, **hands):
    tickets.assign(ticket, **hands, by=world.mona, now=world.now)
    world.turn()
    for who in ("lena", "sam", "tara"):
        world.phone(who).puts_away()


def test_what_the_owner_was_to_hear_goes_to_the_holder_of_the_level(world):
    world.holds("sam", "L1", rank=1)
    ticket = world.opens(priority="P2")
    world.responds(ticket)
    world.phone("lena").puts_away()
    world.leaves("lena")

    world.forward(hours=4)

    assert world.event(ticket, "threshold/resolution@1/50").data["told"] == [world.sam.actor]
    world.phone("sam").gets("50 % of the time for INC-1 is used")
    world.phone("lena").is_silent()


def test_what_the_worker_was_to_hear_goes_to_the_owner(world):
    ticket = world.opens(priority="P2")
    world.waits(ticket, until=world.at("15:00"))
    gives(world, ticket, owner=world.tara, worker=world.lena)
    world.leaves("lena")

    world.forward(to=world.at("15:00"))

    world.phone("tara").gets("the wait on INC-1 is over")
    world.phone("lena").is_silent()


def test_what_the_client_answers_goes_to_the_owner_when_the_worker_has_left(world):
    ticket = world.opens(priority="P3")
    gives(world, ticket, owner=world.tara, worker=world.lena)
    world.leaves("lena")

    world.replies(ticket)

    world.phone("tara").gets_one("Carla has answered on INC-1")
    world.phone("lena").is_silent()


def test_what_the_client_answers_goes_to_the_level_when_both_have_left(world):
    world.holds("sam", "L1", rank=1)
    ticket = world.opens(priority="P3")
    world.phone("lena").puts_away()
    world.leaves("lena")

    world.replies(ticket)

    world.phone("sam").gets_one("Carla has answered on INC-1")
    world.phone("lena").is_silent()


def test_a_ticket_is_given_to_nobody_who_has_left(world):
    ticket = world.opens(priority="P3")
    world.leaves("sam")
    sam = Person.objects.get(name="Sam")

    with refused("Sam has left: give INC-1 to somebody who works for Acme."):
        tickets.assign(ticket, worker=sam, by=world.lena, now=world.now)
