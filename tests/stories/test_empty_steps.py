"""What if nobody holds the role that a step asks?"""


def test_the_holder_of_the_next_step_is_asked_at_once_and_the_owner_told_which_role_is_empty(world):
    ticket = world.opens(priority="P1", client=world.acme)
    world.acknowledges(ticket, "step/page@1/primary", by="omar")
    world.leaves("tom")
    world.phone("mona").puts_away()

    world.forward(minutes=15)

    letter = world.phone("dora").gets_one("you are told of INC-1")
    assert "and nobody is Team lead" in letter.text
    assert world.event(ticket, "step/management@1/team-lead").data["empty"] == "team-lead"
    assert world.event(ticket, "step/management@1/team-lead").data["told"][0] == world.dora.actor
    world.phone("mona").gets("nobody holds Team lead, asked for by INC-1")


def test_the_next_holders_own_step_still_fires_at_its_time(world):
    ticket = world.opens(priority="P1")
    world.leaves("tom")
    world.forward(minutes=15)
    world.phone("dora").puts_away()

    world.forward(minutes=15)

    world.phone("dora").gets_one("as Service delivery manager")
    assert "step/management@1/service-delivery-manager" in world.keys(ticket)


def test_a_page_with_nobody_on_call_goes_to_the_second_person_at_once(world):
    world.leaves("omar")
    world.opens("Ransomware on the file server", priority="P1")

    letter = world.phone("nils").gets_one("Ransomware on the file server")
    assert "nobody is On-call engineer" in letter.text
    world.phone("mona").gets_one("nobody holds On-call engineer")
    world.forward(minutes=5)
    world.phone("nils").gets_one("Ransomware on the file server")


def test_two_empty_steps_in_a_row_go_to_the_third(world):
    world.leaves("omar")
    world.leaves("nils")
    world.opens("Ransomware on the file server", priority="P1")

    world.phone("mona").gets_one("Ransomware on the file server")


def test_a_level_nobody_works_at_asks_the_next_and_says_so(world):
    world.leaves("sam")
    ticket = world.opens(priority="P2")
    world.phone("mona").puts_away()

    world.escalates(ticket, "L2")

    world.phone("tara").gets_one("and nobody is Systems engineer")
    world.phone("mona").gets_one("nobody holds Systems engineer")


def test_where_nobody_at_all_can_be_asked_the_log_says_so(world):
    ticket = world.opens(priority="P1")
    for who in world.people:
        world.leaves(who)

    world.forward(minutes=15)

    fired = world.event(ticket, "step/management@1/team-lead")
    assert (fired.data["told"], fired.data["empty"]) == ([], "team-lead")


def test_a_page_path_whose_every_role_and_owner_have_left_goes_to_whoever_has_the_ticket(world):
    for who in ("omar", "nils", "mona"):
        world.leaves(who)
    ticket = world.opens("Ransomware on the file server", priority="P1")

    letter = world.phone("lena").gets_one("nobody holds On-call engineer, asked for by INC-1")
    assert "and nobody is Service desk manager" in letter.text
    assert "you are told as the first of us who can be reached" in letter.text
    world.forward(minutes=15)
    world.phone("lena").gets("nobody is left to ask about INC-1")
    for key in ("step/page@1/primary", "step/page@1/secondary", "step/page@1/manager", "exhausted/page@1"):
        assert world.event(ticket, key).data["told"] == [world.lena.actor], key


def test_a_broken_promise_is_told_to_somebody_when_there_is_no_service_desk_manager(world):
    world.leaves("mona")
    ticket = world.opens(priority="P1")

    world.forward(hours=4, minutes=1)

    assert world.event(ticket, "breach/resolution@1").data["told"] == [world.lena.actor]
    letter = world.phone("lena").gets("the resolution time promised on INC-1 ended")
    assert "nobody is Service desk manager" in letter.text


def test_whoever_is_told_instead_can_be_reached(world):
    world.leaves("mona")
    world.unreachable("lena", "tom")
    ticket = world.opens(priority="P2", client=world.acme)

    world.forward(hours=8, minutes=1)

    assert world.event(ticket, "breach/resolution@1").data["told"] == [world.dora.actor]


def test_a_ticket_that_nobody_has_and_whose_level_is_empty_is_told_to_those_above(world):
    world.leaves("lena")
    ticket = world.opens(priority="P2")
    world.phone("mona").puts_away()

    world.forward(hours=4)

    assert world.event(ticket, "threshold/resolution@1/50").data["told"] == [world.mona.actor]
    world.phone("mona").gets("50 % of the time for INC-1 is used")


def test_a_client_without_an_it_manager_is_told_by_the_next_contact(world):
    ticket = world.opens(priority="P1")
    world.contacts["ivan"].delete()

    world.forward(minutes=30)

    world.phone("eva").gets_one("is still open")
    assert world.event(ticket, "step/client@1/it-manager").data["empty"] == "it-manager"


def test_a_clients_own_holder_comes_before_the_one_for_all(world):
    world.holds("nils", "team-lead", client=world.acme)
    world.opens(priority="P1")
    world.phone("nils").puts_away()

    world.forward(minutes=15)

    assert any("as Team lead" in letter.text for letter in world.phone("nils").unread)
    world.phone("tom").is_silent()


def test_the_backup_is_asked_when_the_primary_has_left(world):
    world.holds("sam", "team-lead", rank=1)
    world.leaves("tom")
    world.opens(priority="P1")

    world.forward(minutes=15)

    world.phone("sam").gets_one("as Team lead")
