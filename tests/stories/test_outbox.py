"""Does what is to be told arrive, whatever becomes of the channels?"""

from datetime import timedelta

from tocsin.channels.base import Refused, Uncertain, Unreachable
from tocsin.desk import tickets
from tocsin.outbox import lease
from tocsin.outbox.delivery import Delivery


def test_a_letter_that_arrives_is_on_the_tickets_record_with_its_receipt(world):
    ticket = world.opens(priority="P1")

    delivered = world.event(ticket, f"delivered/step/page@1/primary/{world.omar.actor}")

    assert delivered.data["channel"] == "phone"
    assert delivered.data["receipt"] == "taken 1"
    assert delivered.data["possible_duplicate"] is False


def test_a_way_that_refuses_is_not_tried_again_and_the_next_way_is(world):
    world.edges["phone"].fails(Refused("no such number"))
    ticket = world.opens("Ransomware", priority="P1")

    assert world.phone("omar").gets_one("Ransomware").to == "omar@msp.example"
    assert [letter.to for letter in world.edges["phone"].tried] == ["omar"]
    delivered = world.event(ticket, f"delivered/step/page@1/primary/{world.omar.actor}")
    assert delivered.data["channel"] == "email"


def test_a_way_out_of_reach_gives_way_to_the_next_at_once(world):
    world.edges["phone"].fails(Unreachable("no signal"))
    ticket = world.opens("Ransomware", priority="P1")

    assert world.phone("omar").gets_one("Ransomware").to == "omar@msp.example"
    delivered = world.event(ticket, f"delivered/step/page@1/primary/{world.omar.actor}")
    assert (delivered.data["channel"], delivered.effective_at) == ("email", world.at("10:00"))


def test_each_way_has_its_turn_in_every_round_and_the_rounds_come_more_seldom(world):
    world.edges["phone"].fails(*[Unreachable("no signal")] * 9)
    world.edges["email"].fails(*[Unreachable("451 try later")] * 5)
    world.opens("Ransomware", priority="P1")

    world.phone("omar").is_silent()
    world.forward(minutes=4, seconds=59)

    rounds = [timedelta(seconds=seconds) for seconds in (0, 5, 35, 155)]
    for edge in world.edges.values():
        assert [at - world.at("10:00") for at, who in edge.tried_by if who.startswith("omar")] == rounds
    world.forward(minutes=2, seconds=36)
    letter = world.phone("omar").gets_one("Ransomware")
    assert (letter.to, letter.duplicate) == ("omar@msp.example", False)


def test_a_mail_server_that_is_down_for_an_hour_costs_nobody_their_letter(world):
    world.omar.ways = [["email", "omar@msp.example"]]
    world.omar.save()
    world.edges["email"].down_until = world.at("11:00")
    world.opens("Ransomware", priority="P1")

    world.forward(hours=1, minutes=5)

    world.phone("omar").gets_one("Ransomware")


def test_somebody_else_hears_while_a_letter_is_still_on_its_way(world):
    world.omar.ways = [["email", "omar@msp.example"]]
    world.omar.save()
    world.edges["email"].down_until = world.at("11:00")
    world.opens("Ransomware", priority="P1")

    world.forward(minutes=2, seconds=34)
    world.phone("mona").is_silent()
    world.forward(seconds=1)
    world.phone("mona").gets_one("Not delivered to Omar")
    world.forward(minutes=7)

    assert Delivery.objects.filter(key__startswith="alarm/").count() == 1


def test_what_stays_out_of_reach_is_given_up_after_four_hours(world):
    ticket = world.opens("Ransomware", priority="P3")
    world.sam.ways = [["email", "sam@msp.example"]]
    world.sam.save()
    world.edges["email"].down_until = world.at("18:00")
    world.escalates(ticket, "L2")

    world.forward(hours=3, minutes=45)
    assert not any(key.startswith("undelivered/") for key in world.all_keys(ticket))
    world.forward(minutes=15)

    undelivered = [key for key in world.all_keys(ticket) if key.startswith("undelivered/ask/")]
    assert len(undelivered) == 1


def test_an_answer_that_was_lost_goes_by_the_next_way_and_is_marked_as_possible_duplicate(world):
    world.edges["phone"].fails(Uncertain("the line went dead after the text"))
    ticket = world.opens("Ransomware", priority="P1")

    letter = world.phone("omar").gets_one("Ransomware")
    assert (letter.to, letter.duplicate) == ("omar@msp.example", True)
    delivered = world.event(ticket, f"delivered/step/page@1/primary/{world.omar.actor}")
    assert delivered.data["possible_duplicate"] is True


def test_every_attempt_at_a_letter_has_the_same_key(world):
    world.edges["phone"].fails(Uncertain("lost"))
    world.edges["email"].fails(Unreachable("no signal"))
    ticket = world.opens("Ransomware", priority="P1")

    world.forward(minutes=1)

    tried = [letter.key for edge in world.edges.values() for letter in edge.tried]
    assert len(tried) == 3
    keys = set(tried)
    assert keys == {f"{ticket.pk}:step/page@1/primary/{world.omar.actor}"}


def test_what_cannot_be_delivered_at_all_is_an_alarm_to_somebody_else(world):
    world.edges["phone"].fails(Refused("no such number"))
    world.edges["email"].fails(Refused("no such mailbox"))
    ticket = world.opens("Ransomware", priority="P1")

    alarm = world.phone("mona").gets_one(f"Not delivered to {world.omar}")
    assert "no such mailbox" in alarm.text
    assert "Ransomware" in alarm.text
    undelivered = world.event(ticket, f"undelivered/step/page@1/primary/{world.omar.actor}")
    assert undelivered.data["why"] == "no such mailbox"


def test_of_a_manager_who_cannot_be_reached_the_tickets_owner_hears(world):
    ticket = world.opens("Ransomware", priority="P3")
    world.unreachable("mona")

    world.is_to_hear("mona", about=ticket)

    world.phone("lena").gets("Not delivered to Mona")


def test_where_the_owner_cannot_be_reached_either_the_management_ladder_has_the_next(world):
    ticket = world.opens("Ransomware", priority="P3")
    world.unreachable("mona", "lena")

    world.is_to_hear("mona", about=ticket)

    world.phone("tom").gets("Not delivered to Mona")


def test_a_second_manager_hears_before_anybody_else(world):
    ticket = world.opens("Ransomware", priority="P3")
    world.unreachable("mona")
    world.holds("dora", "service-desk-manager", rank=1)

    world.is_to_hear("mona", about=ticket)

    world.phone("dora").gets("Not delivered to Mona")
    world.phone("lena").is_silent()


def test_when_nobody_of_any_rank_is_left_whoever_works_here_hears(world):
    ticket = world.opens("Ransomware", priority="P3")
    world.unreachable(*(name for name in world.people if name != "alma"))

    world.is_to_hear("mona", about=ticket)

    world.phone("alma").gets("Not delivered to Mona")


def test_when_truly_nobody_can_be_told_it_is_said_in_the_engines_log_and_on_the_tickets_record(world, caplog):
    ticket = world.opens("Ransomware", priority="P3")
    world.unreachable(*world.people)

    world.is_to_hear("mona", about=ticket)

    assert "nobody else can be told" in caplog.text
    assert [key for key in world.all_keys(ticket) if key.startswith("undelivered/")] == ["undelivered/test/mona"]
    assert not Delivery.objects.filter(key__startswith="alarm/").exists()


def test_an_alarm_that_cannot_be_delivered_raises_no_further_one(world):
    for edge in world.edges.values():
        edge.fails(*[Refused("down")] * 4)

    world.opens("Ransomware", priority="P1")

    assert Delivery.objects.filter(state="dead").count() == 2
    assert Delivery.objects.waiting().count() == 0


def test_somebody_nobody_knows_how_to_reach_is_an_alarm_at_once(world):
    world.tom.ways = []
    world.tom.save()
    world.opens("Ransomware", priority="P1")
    world.forward(minutes=14)
    world.phone("mona").puts_away()

    world.forward(minutes=1)

    assert any("Not delivered to Tom" in letter.subject for letter in world.phone("mona").unread)


def test_a_channel_with_a_bug_costs_nobody_their_page(world):
    world.edges["phone"].fails(ZeroDivisionError("a bug"))
    world.opens("Ransomware", priority="P1")

    letter = world.phone("omar").gets_one("Ransomware")
    assert (letter.to, letter.duplicate) == ("omar@msp.example", True)


def test_a_channel_the_desk_does_not_have_gives_way_to_one_it_has(world):
    world.omar.ways = [["pager", "4711"], ["email", "omar@msp.example"]]
    world.omar.save()

    world.opens("Ransomware", priority="P1")

    world.phone("omar").gets_one("Ransomware")


def test_a_sender_that_died_after_handing_over_leaves_a_letter_that_is_sent_again_and_marked(world):
    ticket = world.opens("Ransomware", priority="P3")
    world.escalates(ticket, "L2", engine=False)
    world.turns_deciding()
    (delivery,) = lease.claim(world.now, 10)
    lease.hold(delivery, world.now)

    world.forward(minutes=4, seconds=59)
    world.phone("sam").is_silent()
    world.forward(seconds=1)

    assert world.phone("sam").gets_one("Ransomware").duplicate is True


def test_a_page_whose_sender_died_before_handing_it_over_goes_out_after_seconds_and_is_no_duplicate(world):
    tickets.open(client=world.acme, title="Ransomware", priority="P1", by=world.lena, now=world.now)
    world.turns_deciding()
    lease.claim(world.now, 10)

    world.forward(seconds=9)
    world.phone("omar").is_silent()
    world.forward(seconds=1)

    assert world.phone("omar").gets_one("Ransomware").duplicate is False


def test_a_sender_that_comes_to_a_letter_late_still_sends_it_while_nobody_else_has_it(world):
    tickets.open(client=world.acme, title="Ransomware", priority="P1", by=world.lena, now=world.now)
    world.turns_deciding()
    (slow,) = lease.claim(world.now, 10)
    world.now += timedelta(minutes=3)

    world.sends(slow)

    world.phone("omar").gets_one("Ransomware")


def test_a_letter_that_is_being_handed_over_is_not_handed_over_by_another(world):
    tickets.open(client=world.acme, title="Ransomware", priority="P1", by=world.lena, now=world.now)
    world.turns_deciding()
    (slow,) = lease.claim(world.now, 10)
    world.now += timedelta(seconds=9)
    lease.hold(slow, world.now)

    assert lease.claim(world.now + timedelta(minutes=4, seconds=59), 10) == []
    assert len(lease.claim(world.now + timedelta(minutes=5), 10)) == 1


def test_a_late_sender_whose_lease_is_over_does_nothing(world):
    ticket = world.opens("Ransomware", priority="P3")
    world.escalates(ticket, "L2", engine=False)
    world.turns_deciding()
    (late,) = lease.claim(world.now, 10)
    world.forward(seconds=10)
    sent = Delivery.objects.get(pk=late.pk)

    world.sends(late)

    assert len(world.phone("sam").letters) == 1
    again = Delivery.objects.get(pk=late.pk)
    assert (again.state, again.token, again.receipt) == ("sent", sent.token, sent.receipt)


def test_a_far_side_that_can_be_asked_is_asked_before_sending_again(world):
    ticket = world.opens("Ransomware", priority="P3")
    world.escalates(ticket, "L2", engine=False)
    world.turns_deciding()
    (delivery,) = lease.claim(world.now, 10)
    lease.hold(delivery, world.now)
    world.edges["email"].knows.add(f"{ticket.pk}:{delivery.key}")

    world.forward(minutes=5)

    world.phone("sam").is_silent()
    assert Delivery.objects.get(pk=delivery.pk).state == "sent"
