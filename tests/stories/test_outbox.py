"""Does what is to be told arrive, whatever becomes of the channels?"""

from datetime import timedelta

from tocsin.channels.base import Refused, Uncertain, Unreachable
from tocsin.engine import deliveries
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


def test_a_way_out_of_reach_is_tried_again_after_a_while_and_longer_each_time(world):
    world.edges["phone"].fails(*[Unreachable("no signal")] * 3)
    world.opens("Ransomware", priority="P1")

    world.phone("omar").is_silent()
    world.forward(minutes=4)

    assert [at - world.at("10:00") for at in world.edges["phone"].tried_at] == [
        timedelta(seconds=0),
        timedelta(seconds=5),
        timedelta(seconds=35),
        timedelta(minutes=2, seconds=35),
    ]
    assert world.phone("omar").gets_one("Ransomware").duplicate is False


def test_a_way_that_stays_out_of_reach_gives_way_to_the_next(world):
    world.edges["phone"].fails(*[Unreachable("no signal")] * 4)
    world.opens("Ransomware", priority="P1")

    world.forward(minutes=4)

    assert world.phone("omar").gets_one("Ransomware").to == "omar@msp.example"


def test_an_answer_that_was_lost_is_sent_again_and_marked_as_possible_duplicate(world):
    world.edges["phone"].fails(Uncertain("the line went dead after the text"))
    ticket = world.opens("Ransomware", priority="P1")

    world.forward(seconds=5)

    assert world.phone("omar").gets_one("Ransomware").duplicate is True
    delivered = world.event(ticket, f"delivered/step/page@1/primary/{world.omar.actor}")
    assert delivered.data["possible_duplicate"] is True


def test_every_attempt_at_a_letter_has_the_same_key(world):
    world.edges["phone"].fails(Uncertain("lost"), Unreachable("no signal"))
    ticket = world.opens("Ransomware", priority="P1")

    world.forward(minutes=1)

    keys = {letter.key for letter in world.edges["phone"].tried}
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
    (delivery,) = deliveries.claim(world.now, 10)
    Delivery.objects.filter(pk=delivery.pk).update(handed_at=world.now)

    world.forward(minutes=4, seconds=59)
    world.phone("sam").is_silent()
    world.forward(seconds=1)

    assert world.phone("sam").gets_one("Ransomware").duplicate is True


def test_a_sender_that_died_before_handing_over_leaves_a_letter_that_is_no_duplicate(world):
    ticket = world.opens("Ransomware", priority="P3")
    world.escalates(ticket, "L2", engine=False)
    world.turns_deciding()
    deliveries.claim(world.now, 10)

    world.forward(minutes=5)

    assert world.phone("sam").gets_one("Ransomware").duplicate is False


def test_a_late_sender_whose_lease_is_over_does_nothing(world):
    ticket = world.opens("Ransomware", priority="P3")
    world.escalates(ticket, "L2", engine=False)
    world.turns_deciding()
    (late,) = deliveries.claim(world.now, 10)
    world.forward(minutes=5)
    sent = Delivery.objects.get(pk=late.pk)

    world.sends(late)

    assert len(world.phone("sam").letters) == 1
    again = Delivery.objects.get(pk=late.pk)
    assert (again.state, again.token, again.receipt) == ("sent", sent.token, sent.receipt)


def test_a_far_side_that_can_be_asked_is_asked_before_sending_again(world):
    ticket = world.opens("Ransomware", priority="P3")
    world.escalates(ticket, "L2", engine=False)
    world.turns_deciding()
    (delivery,) = deliveries.claim(world.now, 10)
    Delivery.objects.filter(pk=delivery.pk).update(handed_at=world.now)
    world.edges["email"].knows.add(f"{ticket.pk}:{delivery.key}")

    world.forward(minutes=5)

    world.phone("sam").is_silent()
    assert Delivery.objects.get(pk=delivery.pk).state == "sent"
