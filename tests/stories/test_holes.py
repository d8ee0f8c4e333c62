"""Does whoever keeps a roster hear of a hole before a page falls into it?"""

from datetime import datetime, timedelta

from tocsin.core.hours import Calendar
from tocsin.core.rota import Override
from tocsin.directory import rosters
from tocsin.log.event import Event

WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
HALF = {"turns": {"windows": {day: [["09:00", "17:00"]] for day in WORKDAYS if day != "fri"}}}
OFFICE = Calendar("UTC", {day: [("09:00", "17:00")] for day in WORKDAYS})


def told(roster):
    events = Event.objects.filter(stream=roster.stream_name, kind="hole_ahead").order_by("seq")
    return [event.key for event in events]


def test_the_owner_hears_of_holes_within_the_hours_and_of_no_others(world):
    roster = world.roster("on-call-primary", "tara", owner="dora", fallback="tom", hours=OFFICE, **HALF)

    world.turn()

    letter = world.phone("dora").gets_one("Nobody is on duty as on-call-primary")
    assert "- Fri 20 Nov 2026 09:00 to Fri 20 Nov 2026 17:00 UTC (8 h)\n- Fri 27 Nov 2026 09:00" in letter.text
    assert "A page sent then goes to Tom, its fallback." in letter.text
    assert "Why you: you keep this roster." in letter.text
    assert told(roster) == ["hole/2026-11-20T09:00", "hole/2026-11-27T09:00"]


def test_a_hole_is_told_once_and_again_a_day_before_it_begins(world):
    roster = world.roster("on-call-primary", "tara", owner="dora", hours=OFFICE, **HALF)
    world.turn()
    world.phone("dora").puts_away()

    for day in (17, 18):
        world.jump(to=world.at("10:00", day=day))
    world.phone("dora").is_silent()
    world.jump(to=world.at("08:59", day=19))
    world.phone("dora").is_silent()
    world.jump(to=world.at("09:00", day=19))

    world.phone("dora").gets_one("- Fri 20 Nov 2026 09:00")
    assert told(roster)[2:] == ["hole/near/2026-11-20T09:00"]


def test_a_hole_that_a_change_opens_is_told_at_once(world):
    roster = world.roster("on-call-primary", "tara", owner="dora")
    world.turn()
    world.phone("dora").is_silent()

    off = Override("remove", world.at("18:00"), world.at("22:00"), (world.tara.actor,))
    rosters.override(roster, off, reason="parents' evening", by=world.tara, now=world.now)
    world.turn()

    world.phone("dora").gets_one("Mon 16 Nov 2026 18:00 to Mon 16 Nov 2026 22:00 UTC")
    assert "has no fallback to go to: name one" in world.phone("dora").letters[-1].text


def test_while_a_hole_lasts_it_is_told_once_a_day(world):
    world.roster("on-call-primary", "tara", owner="dora")
    world.turn()
    world.leaves("tara")

    world.jump(to=world.at("10:00", day=17))
    world.phone("dora").gets_one("Nobody is on duty as on-call-primary")
    world.jump(hours=5)
    world.phone("dora").is_silent()
    world.jump(to=world.at("10:00", day=18))
    world.phone("dora").gets_one("Nobody is on duty as on-call-primary")


def test_where_the_owner_has_left_somebody_else_hears_of_it(world):
    roster = world.roster("on-call-primary", "tara", owner="dora", hours=OFFICE, **HALF)
    world.leaves("dora")

    world.turn()

    assert "whoever keeps it has left or is unnamed" in world.phone("mona").gets("Nobody is on duty").text
    assert Event.objects.filter(stream=roster.stream_name, kind="hole_ahead").first().data["told"] == [world.mona.actor]


def test_a_roster_that_is_covered_troubles_nobody_and_is_looked_at_daily(world):
    roster = world.roster("on-call-primary", "tara", "sam", owner="dora")

    world.turn()

    roster.refresh_from_db()
    assert roster.look_at == world.now + timedelta(days=1)
    world.phone("dora").is_silent()


def test_a_roster_that_raises_stops_no_clock(world, monkeypatch):
    roster = world.roster("on-call-primary", "tara", owner="dora", hours=OFFICE, **HALF)
    monkeypatch.delattr("tocsin.engine.rosters.lasted")

    world.opens(priority="P1")

    world.phone("tara").gets("Disk full")
    roster.refresh_from_db()
    assert roster.look_at == world.now + timedelta(hours=1)


def test_a_hole_that_was_closed_and_opens_again_is_told_again(world):
    roster = world.roster("on-call-primary", "tara", owner="dora")
    off = Override("remove", world.at("18:00"), world.at("22:00"), (world.tara.actor,))
    roster = rosters.override(roster, off, reason="parents' evening", by=world.tara, now=world.now)
    world.turn()
    world.phone("dora").gets_one("18:00")
    cover = Override("add", world.at("18:00"), world.at("22:00"), (world.sam.actor,))
    roster = rosters.override(roster, cover, reason="I do it", by=world.sam, now=world.now)
    world.jump(minutes=10)
    world.phone("dora").is_silent()

    roster = rosters.undo(roster, rosters.mark(cover), reason="I cannot after all", by=world.sam, now=world.now)
    world.jump(minutes=10)

    world.phone("dora").gets_one("Mon 16 Nov 2026 18:00 to Mon 16 Nov 2026 22:00 UTC")
    assert told(roster) == ["hole/near/2026-11-16T18:00", "hole/near/2026-11-16T18:00/2"]
    assert Event.objects.filter(stream=roster.stream_name, kind="hole_closed").count() == 1


def test_a_second_hole_of_one_day_is_told_too(world):
    roster = world.roster("on-call-primary", "tara", owner="dora")
    for start, end in (("10:00", "10:30"), ("15:00", "23:00")):
        world.jump(to=world.at(start))
        off = Override("remove", world.now, world.at(end), (world.tara.actor,))
        roster = rosters.override(roster, off, reason="ill", by=world.tara, now=world.now)

        world.turn()

        world.phone("dora").gets_one(f"Mon 16 Nov 2026 {start} to Mon 16 Nov 2026 {end} UTC")


def test_a_hole_is_told_to_its_end_however_far_off_and_as_endless_where_it_has_none(world):
    world.roster("L2", "nils", owner="dora", turns={"ends": datetime.fromisoformat("2026-11-30T09:30")})
    roster = world.roster("L3", "tara", owner="olga")
    off = Override(
        "remove", world.at("18:00", day=29), world.at("18:00", day=29) + timedelta(days=20), (world.tara.actor,)
    )
    rosters.override(roster, off, reason="a journey", by=world.tara, now=world.now)

    world.turn()

    world.phone("olga").gets_one("- Sun 29 Nov 2026 18:00 to Sat 19 Dec 2026 18:00 UTC (20 days)")
    letter = world.phone("dora").gets_one("Nobody is on duty as L2: from Mon 30 Nov 2026 09:30 UTC on")
    assert "- from Mon 30 Nov 2026 09:30 UTC on, and nobody is foreseen after it\n" in letter.text
