"""Who is woken, when a role is held in turns?"""

from datetime import datetime, timedelta

from tocsin.core.hours import Calendar
from tocsin.core.rota import Override
from tocsin.desk import tickets
from tocsin.desk.chronicle import chronicle
from tocsin.directory import rosters, swaps
from tocsin.standard.terms import terms_of

HOUR = timedelta(hours=1)


def test_a_page_goes_to_whoever_is_on_duty_and_next_week_to_the_next(world):
    world.roster("on-call-primary", "tara", "sam")

    first = world.opens("Ransomware on the file server", priority="P1")
    world.phone("tara").gets("Ransomware on the file server")
    world.solves(first)
    world.phone("omar").is_silent()

    world.jump(to=world.at("10:00", day=23))
    world.opens("The line to the second site is cut", priority="P1")

    world.phone("sam").gets("The line to the second site is cut")
    assert "line to" not in str(world.phone("tara").unread)


def test_who_holds_the_role_without_a_time_stands_in_for_whoever_has_left(world):
    world.roster("on-call-primary", "tara", fallback="tom")
    world.leaves("tara")
    world.leaves("tom")

    world.opens(priority="P1")

    letter = world.phone("omar").gets("Disk full")
    assert "Nobody is on duty by the roster on-call-primary weekly from now on; you are the next in line" in letter.text


def test_whoever_takes_over_is_paged_until_they_give_it_back(world):
    roster = world.roster("on-call-primary", "tara", "sam")
    evening = Override("replace", world.at("18:00"), world.at("22:00"), (world.nils.actor,), (world.tara.actor,))
    rosters.override(roster, evening, reason="parents' evening", by=world.nils, now=world.now)

    world.forward(to=world.at("18:00"))
    world.opens("Ransomware", priority="P1", client=world.client("Globex", hours=Calendar.always()))
    world.phone("nils").gets("Ransomware")
    world.forward(to=world.at("22:00"))
    world.opens("Line cut", priority="P1")

    world.phone("tara").gets("Line cut")
    assert "Ransomware" not in [letter.subject for letter in world.phone("tara").letters]


def test_a_page_sent_in_a_gap_goes_to_the_fallback_at_once_and_says_so(world):
    nights_off = {"turns": {"windows": {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}}}
    world.roster("on-call-primary", "tara", fallback="tom", **nights_off)
    world.forward(to=world.at("20:00", day=20))

    ticket = world.opens(priority="P1")

    letter = world.phone("tom").gets("Disk full")
    assert (
        "Nobody is on duty by the roster on-call-primary weekly until Mon 23 Nov 2026 09:00 UTC; you are its fallback"
        in letter.text
    )
    told = world.event(ticket, "step/page@1/primary").data
    assert told["told"] == [world.tom.actor]
    (line,) = [line for line in chronicle(ticket, terms_of(ticket)) if "asked the On-call engineer" in line.said]
    assert (
        "told Tom, for nobody is on duty by the roster on-call-primary weekly until 2026-11-23 09:00 UTC" in line.said
    )
    assert told["hole"] == {"roster": "on-call-primary weekly", "until": "2026-11-23T09:00+00:00"}


def test_whoever_is_on_duty_is_told_nothing_of_gaps(world):
    world.roster("on-call-primary", "tara", fallback="tom")

    ticket = world.opens(priority="P1")

    assert "roster" not in world.phone("tara").gets("Disk full").text
    assert "hole" not in world.event(ticket, "step/page@1/primary").data


def test_after_a_handoff_the_page_is_sent_again_to_whoever_is_on_duty_by_then(world):
    world.roster("on-call-primary", "tara", "sam")
    world.forward(to=world.at("08:50", day=23))
    ticket = world.opens(priority="P1")
    world.phone("tara").gets("Disk full")
    world.acknowledges(ticket, "step/page@1/primary", by="tara")

    world.forward(minutes=14, seconds=59)
    world.phone("sam").is_silent()
    world.forward(seconds=1)

    world.phone("sam").gets("nothing has been done on it since")
    assert "nothing has been done" not in str(world.phone("tara").unread)


def test_an_engine_that_comes_late_pages_who_is_on_duty_now(world):
    world.roster("on-call-primary", "tara", "sam")
    world.jump(to=world.at("08:59", day=23))
    tickets.open(client=world.acme, title="Line cut", priority="P1", by=world.lena, now=world.now)
    world.jump(to=world.at("09:01", day=23))

    world.phone("sam").gets("Line cut")
    world.phone("tara").is_silent()


def test_a_clients_own_roster_comes_before_the_one_for_all(world):
    world.roster("on-call-primary", "tara")
    world.roster("on-call-primary", "sam", client=world.acme)
    globex = world.client("Globex")

    world.opens("At Acme", priority="P1")
    world.opens("At Globex", priority="P1", client=globex)

    world.phone("sam").gets_one("At Acme")
    world.phone("tara").gets_one("At Globex")


def test_outside_the_hours_of_a_clients_roster_the_one_for_all_has_it(world):
    world.roster("on-call-primary", "tara")
    mornings = Calendar("UTC", {day: [("09:00", "12:00")] for day in ("mon", "tue", "wed", "thu", "fri")})
    in_the_mornings = {"turns": {"windows": {"mon": [["09:00", "12:00"]]}}}
    world.roster("on-call-primary", "sam", client=world.acme, hours=mornings, fallback="tom", **in_the_mornings)

    world.forward(to=world.at("13:00"))
    world.opens("In the afternoon", priority="P1")
    world.phone("tara").gets_one("In the afternoon")

    world.forward(to=world.at("10:00", day=17))
    world.opens("On a Tuesday morning, in its hole", priority="P1")
    world.phone("tom").gets("On a Tuesday morning, in its hole")


def test_a_level_is_held_in_turns_too(world):
    world.roster("L2", "nils", "sam")
    ticket = world.opens(priority="P2")

    world.escalates(ticket, "L2")

    world.phone("nils").gets("Disk full")


def test_two_who_swapped_their_weeks_are_paged_in_each_others(world):
    roster = world.roster("on-call-primary", "tara", "sam", "nils")
    sams = world.at("09:00", day=23), world.at("09:00", day=30)
    nilses = world.at("09:00", day=30), world.at("09:00", day=30) + timedelta(days=7)
    swaps.propose(roster, mine=sams, other=world.nils, theirs=nilses, reason="a wedding", by=world.sam, now=world.now)
    roster.refresh_from_db()
    (proposal,) = swaps.proposed(roster, world.now)
    swaps.agree(roster, proposal["id"], by=world.nils, now=world.now + HOUR)

    world.jump(to=world.at("10:00", day=24))
    world.opens("In Sam's week", priority="P1")
    world.phone("nils").gets("In Sam's week")

    world.jump(to=datetime.fromisoformat("2026-12-01T10:00+00:00"))
    world.opens("In Nils's week", priority="P1")
    world.phone("sam").gets("In Nils's week")


def test_outside_the_hours_in_which_somebody_has_to_be_on_duty_the_fallback_is_asked_too(world):
    mornings = {day: [("09:00", "12:00")] for day in ("mon", "tue", "wed", "thu", "fri")}
    turns = {"windows": {day: [list(span) for span in spans] for day, spans in mornings.items()}}
    world.roster("on-call-primary", "tara", hours=Calendar("UTC", mornings), fallback="tom", turns=turns)
    world.forward(to=world.at("13:00"))

    ticket = world.opens(priority="P1")

    assert "until Tue 17 Nov 2026 09:00 UTC; you are its fallback" in world.phone("tom").gets_one("Disk full").text
    assert world.event(ticket, "step/page@1/primary").data["told"] == [world.tom.actor]
    world.phone("tara").is_silent()
