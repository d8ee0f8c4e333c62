"""What has an engine to make good that did not run for a while?

Nothing is skipped, each at its true instant; each person gets one message; what is pointless by now is told to nobody.
"""


def test_everything_that_fell_due_is_on_record_at_its_true_instant(world):
    watched = world.opens("Watched", priority="P1")
    world.forward(hours=6)
    expected = {e.key: (e.kind, e.effective_at) for e in world.log(watched) if e.key and "delivered/" not in e.key}
    world.now = world.at("10:00")
    alone = world.opens("Alone", priority="P1")

    world.jump(hours=6)

    found = {e.key: (e.kind, e.effective_at) for e in world.log(alone) if e.key and "delivered/" not in e.key}
    told_apart = {key for key in found.keys() ^ expected.keys() if "functional" not in key}
    assert told_apart == set()
    assert all(found[key] == expected[key] for key in found if "functional" not in key)


def test_each_person_gets_one_message_for_what_fell_due_last(world):
    world.opens("Ransomware on the file server", priority="P1")
    for who in world.people:
        world.phone(who).puts_away()

    world.jump(hours=3, minutes=40)

    for who in ("nils", "mona", "tom", "dora", "olga", "viktor", "alma", "carla", "ivan", "eva"):
        assert len(world.phone(who).unread) == 1, who
    letter = world.phone("dora").gets_one("90 % of the time for INC-1 is used")
    assert "Also due by now:" in letter.text
    assert "the management ladder asks the Service delivery manager" in letter.text


def test_of_several_thresholds_a_person_hears_of_the_highest(world):
    ticket = world.opens(priority="P1")
    world.responds(ticket)
    world.phone("lena").puts_away()

    world.jump(to=world.at("13:10"))

    letters = [letter for letter in world.phone("lena").unread if "% of the time" in letter.subject]
    assert [letter.subject for letter in letters] == ["P1 Acme: 75 % of the time for INC-1 is used"]
    assert {"threshold/resolution@1/50", "threshold/resolution@1/75"} <= set(world.keys(ticket))


def test_what_is_moot_by_now_is_logged_at_its_instant_and_told_to_nobody(world):
    ticket = world.opens(priority="P1")
    for who in world.people:
        world.phone(who).puts_away()

    world.now = world.at("13:45")
    world.solves(ticket)

    for who in ("nils", "tom", "dora", "olga", "viktor", "tara", "ivan", "eva", "alma"):
        world.phone(who).is_silent()
    moot = world.event(ticket, "step/management@1/team-lead")
    assert (moot.effective_at, moot.data["moot"]) == (world.at("10:15"), True)
    assert "told" not in moot.data or moot.data["told"] == []
    ninety = world.event(ticket, "threshold/resolution@1/90")
    assert (ninety.effective_at, ninety.data["moot"]) == (world.at("13:36"), True)
    world.phone("carla").gets_one("RESOLVED")


def test_a_breach_on_a_ticket_solved_since_is_still_a_breach(world):
    ticket = world.opens(priority="P1")

    world.now = world.at("14:30")
    world.solves(ticket)

    breach = world.event(ticket, "breach/resolution@1")
    assert (breach.effective_at, breach.data["moot"]) == (world.at("14:00"), True)
    assert world.reading(ticket).verdict == "breached"


def test_what_fell_due_before_a_wait_began_is_logged_and_what_would_have_come_after_is_not(world):
    ticket = world.opens(priority="P1")
    world.now = world.at("10:20")
    world.waits(ticket)

    world.jump(hours=3)

    steps = world.keys(ticket, "step/management")
    assert steps == ["step/management@1/team-lead"]
    assert world.event(ticket, steps[0]).data["moot"] is True
    world.phone("tom").is_silent()


def test_a_priority_lowered_since_silences_the_steps_of_the_higher_one(world):
    ticket = world.opens(priority="P1")
    world.now = world.at("11:05")
    world.makes_it(ticket, "P3", reason="one user after all")

    assert world.event(ticket, "step/management@1/operations-manager").data["moot"] is True
    world.phone("olga").is_silent()


def test_a_second_look_at_the_same_instant_does_nothing(world):
    ticket = world.opens(priority="P1")
    world.jump(hours=6)
    ticket.refresh_from_db()
    before = (ticket.head_seq, ticket.head_hash, sum(len(edge.letters) for edge in world.edges.values()))

    done = world.turn()

    ticket.refresh_from_db()
    assert (done.obligations, done.sent) == (0, 0)
    assert (ticket.head_seq, ticket.head_hash, sum(len(edge.letters) for edge in world.edges.values())) == before


def test_the_engine_says_how_late_it_was(world):
    world.opens(priority="P1")

    done = world.jump(minutes=20)

    assert max(done.lateness) == 15 * 60


def test_many_tickets_are_made_good_in_one_turn(world):
    found = [world.opens(f"Disk {n} is full", priority="P2") for n in range(12)]

    done = world.jump(hours=1)

    assert done.tickets >= 12
    assert all(world.keys(ticket, "breach/response") == ["breach/response@1"] for ticket in found)


def test_a_raise_by_age_that_fell_due_meanwhile_takes_effect_at_its_instant(world):
    ticket = world.opens(priority="P2")
    world.responds(ticket)

    world.jump(to=world.at("15:00"))

    ticket.refresh_from_db()
    assert ticket.priority == "P1"
    assert world.event(ticket, "raise/P2-P1@1").effective_at == world.at("14:00")
    assert world.reading(ticket).due_at == world.at("18:00")
    world.phone("omar").gets_one("Disk full on db-1")
