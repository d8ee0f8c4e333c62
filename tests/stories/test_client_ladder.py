"""Who at the client knows, while it lasts?"""

from tests.world import FIELD_GUIDE
from tocsin.standard.adopt import adopt


def test_the_primary_contact_is_written_to_and_somebody_of_ours_is_to_call(world):
    ticket = world.opens("Ransomware on the file server", priority="P1")
    world.forward(minutes=14, seconds=59)
    world.phone("carla").is_silent()

    world.forward(seconds=1)

    told = world.phone("carla").gets_one("a fault lasts this long: Ransomware on the file server.")
    assert told.subject == "[P1] [Acme] - [Ransomware on the file server] - for your attention"
    call = world.phone("lena").gets("Call Carla about INC-1")
    assert "please call Carla of Acme on +61 2 5550 0100 by Mon 16 Nov 2026 10:30 UTC" in call.text
    assert "A voicemail is not a call" in call.text
    assert "This is the service desk about INC-1: Ransomware on the file server" in call.text
    assert world.event(ticket, "step/client@1/primary-contact").data["asked"] == [world.lena.actor]


def test_a_call_that_nobody_recorded_is_missed_by_whoever_was_to_make_it(world):
    ticket = world.opens(priority="P1")
    world.forward(minutes=29, seconds=59)
    world.phone("mona").puts_away()

    world.forward(seconds=1)

    letter = world.phone("mona").gets("was not done on INC-1")
    assert "Call to the Primary contact (Lena)" in letter.text
    assert world.event(ticket, "missed/client@1/primary-contact").data["asked"] == [world.lena.actor]


def test_whoever_took_the_call_upon_them_and_did_nothing_is_asked_again_and_not_the_client(world):
    ticket = world.opens(priority="P1")
    world.forward(minutes=15)
    world.acknowledges(ticket, "step/client@1/primary-contact", by="lena")
    for who in ("carla", "lena"):
        world.phone(who).puts_away()

    world.forward(minutes=15)

    (again,) = world.keys(ticket, "again/client")
    assert world.event(ticket, again).data["told"] == [world.lena.actor]
    letter = world.phone("lena").gets("was acknowledged, and nothing has been done on it since")
    assert "you are told as the one who works on it" in letter.text
    world.phone("carla").is_silent()


def test_a_contact_whose_role_is_called_like_one_of_ours_reads_nothing_of_ours(world):
    world.contact(world.acme, "dirk", role="director")
    ticket = world.opens(priority="P1")

    world.forward(hours=6)

    world.phone("dirk").is_silent()
    assert world.event(ticket, "step/management@1/director").data["told"] == [world.viktor.actor]
    assert world.event(ticket, "missed/management@1/executive-briefing").data["asked"] == [world.viktor.actor]


def test_a_step_of_ours_that_nobody_holds_is_not_told_to_the_client_who_comes_next(world):
    text = FIELD_GUIDE.read_text().replace('to = "team-lead"', 'to = "head-of-delivery"')
    text = text.replace("[roles]", '[roles]\nhead-of-delivery = { title = "Head of delivery" }')
    text = text.replace(
        'to = "service-delivery-manager"\nby = ["email"]\nafter = { P1 = "30m", P2 = "30m" }\nmessage = "step"',
        'to = "it-manager"\nby = ["email"]\nafter = { P1 = "30m" }\nmessage = "client-step"',
    )
    adopt(text, by="test", now=world.now)
    ticket = world.opens(priority="P1")

    world.forward(minutes=15)

    assert world.event(ticket, "step/management@1/team-lead").data["told"][0] == world.olga.actor
    world.phone("ivan").is_silent()


def test_a_call_on_record_is_missed_by_nobody(world):
    ticket = world.opens(priority="P1")
    world.forward(minutes=20)

    world.records(ticket, "step/client@1/primary-contact", result="reached, will tell the branches")
    world.forward(minutes=30)

    assert world.keys(ticket, "missed/client") == []
    assert world.last(ticket, "done").data["result"] == "reached, will tell the branches"


def test_the_it_manager_the_sponsor_and_the_briefing_follow(world):
    ticket = world.opens(priority="P1")

    world.forward(minutes=30)
    world.phone("ivan").gets_one("still open")
    world.forward(minutes=30)
    world.phone("eva").gets_one("still open")
    world.forward(hours=1)
    briefing = world.phone("alma").gets_one("Briefing of the client's leadership")
    assert "by Mon 16 Nov 2026 14:00 UTC" in briefing.text

    world.records(ticket, "step/client@1/leadership-briefing", result="held", by="alma")
    world.forward(hours=3)
    assert "missed/client@1/leadership-briefing" not in world.keys(ticket)
    assert world.keys(ticket, "exhausted/client") == []


def test_a_ladder_whose_last_act_is_missed_has_run_out(world):
    ticket = world.opens(priority="P1")

    world.forward(hours=4)

    assert "missed/client@1/leadership-briefing" in world.keys(ticket)
    assert world.keys(ticket, "exhausted/client") == ["exhausted/client@1"]


def test_of_a_high_ticket_the_it_manager_alone_is_told(world):
    world.opens(priority="P2")

    world.forward(hours=3)

    world.phone("ivan").gets_one("still open")
    for who in ("carla", "eva", "alma"):
        world.phone(who).is_silent()


def test_waiting_for_the_client_holds_the_ladder(world):
    ticket = world.opens(priority="P1")
    world.forward(minutes=10)

    world.waits(ticket)
    world.forward(hours=1)
    world.phone("carla").is_silent()
    world.resumes(ticket)
    world.forward(minutes=5)

    world.phone("carla").gets_one("still open")


def test_what_the_client_reads_comes_from_what_is_on_record(world):
    ticket = world.opens(
        "Ransomware on the file server",
        priority="P1",
        service=world.acme_files,
        impact="forty people in accounts cannot open a file",
    )
    world.responds(ticket, "The server is off the network, and the backup is being checked.")
    world.phone("carla").puts_away()
    world.escalates(ticket, "L2")
    world.accepts(ticket, by="sam")

    world.forward(minutes=15)

    text = world.phone("carla").gets_one("still open").text
    assert "Who is hit:         forty people in accounts cannot open a file" in text
    assert "Done so far:        The server is off the network, and the backup is being checked." in text
    assert "Service:            Files" in text
    assert "Engineer:           Sam" in text
    assert "Status:             investigating" in text
    assert "Next update:        Mon 16 Nov 2026 10:30 UTC" in text
    assert "restarted the service" not in text
    assert "Why you" not in text


def test_what_our_own_people_tried_is_not_told_to_the_client(world):
    ticket = world.opens(priority="P1")
    world.notes(ticket, "Carla's password was the cause.")
    world.escalates(ticket, "L2")

    world.forward(minutes=15)

    text = world.phone("carla").gets_one("still open").text
    assert "Carla's password" not in text
    assert "Done so far:        nothing to report yet" in text


def test_times_are_those_of_the_clients_zone(world):
    sydney = world.client("Koala", zone="Australia/Sydney")
    world.contact(sydney, "kim", role="primary-contact")
    world.opens(priority="P1", client=sydney)

    world.forward(minutes=15)

    assert "Since:              Mon 16 Nov 2026 21:00 AEDT" in world.phone("kim").gets("still open").text


def test_one_client_hears_nothing_of_anothers_ticket(world):
    other = world.client("Umbrella")
    world.contact(other, "ulla", role="primary-contact")

    world.opens(priority="P1", client=other)
    world.forward(hours=2)

    world.phone("ulla").gets_one("still open")
    for who in ("carla", "ivan", "eva"):
        world.phone(who).is_silent()
