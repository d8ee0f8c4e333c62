"""Who hears a client that is not content, if nobody has answered it by then?"""


def test_a_complaint_goes_to_the_account_manager_at_once(world):
    ticket = world.complains()

    world.phone("alma").gets_one("Nobody calls back")
    assert (ticket.number, ticket.priority) == ("CMP-1", "complaint")
    for who in ("omar", "sam", "tom", "carla"):
        world.phone(who).is_silent()


def test_one_business_day_later_the_head_of_accounts_has_it_and_then_leadership(world):
    world.complains()

    world.forward(to=world.at("09:59:59", day=17))
    world.phone("hanna").is_silent()
    world.forward(to=world.at("10:00", day=17))
    world.phone("hanna").gets_one("Nobody calls back")
    world.forward(to=world.at("09:59:59", day=18))
    world.phone("leo").is_silent()
    world.forward(to=world.at("10:00", day=18))
    world.phone("leo").gets_one("Nobody calls back")


def test_a_complaint_never_waits(world):
    ticket = world.complains()

    world.waits(ticket, "client")
    world.forward(to=world.at("10:00", day=17))

    world.phone("hanna").gets_one("Nobody calls back")


def test_a_weekend_is_no_business_day(world):
    world.forward(to=world.at("12:00", day=20))
    world.complains()

    world.forward(to=world.at("11:59:59", day=23))
    world.phone("hanna").is_silent()
    world.forward(to=world.at("12:00", day=23))

    world.phone("hanna").gets_one("Nobody calls back")


def test_a_complaint_that_is_heard_and_solved_climbs_no_further(world):
    ticket = world.complains()
    world.forward(hours=2)
    world.responds(ticket, "I am sorry. I shall call you at two.", by="alma")
    assert world.reading(ticket, "response").verdict == "met"

    world.solves(ticket, by="alma")
    world.forward(days=3)

    world.phone("hanna").is_silent()
    world.phone("leo").is_silent()


def test_a_complaint_not_heard_in_four_support_hours_breaks_its_promise(world):
    ticket = world.complains()

    world.forward(hours=4)
    assert world.keys(ticket, "breach/") == []
    world.forward(seconds=1)

    assert world.keys(ticket, "breach/") == ["breach/response@1"]
    assert world.reading(ticket, "resolution").state == "void"
