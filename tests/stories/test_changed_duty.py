"""Does somebody hear that another has changed when they are on duty, or asks them for a swap?"""

from datetime import datetime, timedelta

from tocsin.core.rota import Layer, Override
from tocsin.directory import rosters, swaps
from tocsin.directory.duty import rota_of

WEEK = timedelta(weeks=1)


def weeks_of(world):
    """Sam's week and Nils's, which come after Tara's."""
    monday = world.at("09:00", day=23)
    return (monday, monday + WEEK), (monday + WEEK, monday + 2 * WEEK)


def evening(world, kind, *who):
    return Override(kind, world.at("18:00"), world.at("22:00"), tuple(world.people[name].actor for name in who))


def test_who_is_put_on_duty_by_somebody_else_hears_of_it_and_so_does_whose_duty_it_was(world):
    roster = world.roster("on-call-primary", "tara", "sam")
    world.turn()

    rosters.override(roster, evening(world, "replace", "sam"), reason="Tara is ill", by=world.lena, now=world.now)
    world.turn()

    letter = world.phone("sam").gets_one("You are on duty as on-call-primary: Mon 16 Nov 2026 18:00 to Mon 16 Nov")
    assert "Lena changed when you are on duty by the roster on-call-primary weekly." in letter.text
    assert "You are on duty:\n- Mon 16 Nov 2026 18:00 to Mon 16 Nov 2026 22:00 UTC\n\nWhy: Tara is ill" in letter.text
    letter = world.phone("tara").gets_one("You are not on duty as on-call-primary: Mon 16 Nov 2026 18:00")
    assert "You are not on duty any more:\n- Mon 16 Nov 2026 18:00 to Mon 16 Nov 2026 22:00 UTC" in letter.text
    world.phone("lena").is_silent()
    world.jump(hours=30)
    for name in ("sam", "tara", "nils"):
        world.phone(name).is_silent()


def test_who_takes_over_themselves_hears_nothing_of_it(world):
    roster = world.roster("on-call-primary", "tara", "sam")

    rosters.override(roster, evening(world, "add", "sam"), reason="two are better", by=world.sam, now=world.now)
    world.turn()

    for name in ("sam", "tara"):
        world.phone(name).is_silent()


def test_what_is_further_off_than_two_weeks_is_told_to_nobody(world):
    roster = world.roster("on-call-primary", "tara", "sam")
    start = world.now + timedelta(days=15)
    later = Override("replace", start, start + WEEK, (world.nils.actor,))

    rosters.override(roster, later, reason="a journey", by=world.lena, now=world.now)
    world.turn()

    for name in ("nils", "tara", "sam"):
        world.phone(name).is_silent()


def test_who_is_asked_for_a_swap_hears_of_it_and_who_proposed_it_that_it_is_agreed(world):
    roster = world.roster("on-call-primary", "tara", "sam", "nils")
    sams, nilses = weeks_of(world)

    roster = swaps.propose(
        roster, mine=sams, other=world.nils, theirs=nilses, reason="a wedding", by=world.sam, now=world.now
    )
    world.turn()
    letter = world.phone("nils").gets_one("Sam asks you to swap a shift as on-call-primary")
    assert "You would have:\n- Mon 23 Nov 2026 09:00 to Mon 30 Nov 2026 09:00 UTC" in letter.text
    assert "You would give:\n- Mon 30 Nov 2026 09:00 to Mon 07 Dec 2026 09:00 UTC" in letter.text
    world.phone("sam").is_silent()

    swaps.agree(roster, roster.revision, by=world.nils, now=world.now)
    world.turn()

    letter = world.phone("sam").gets_one("Nils changed when you are on duty")
    assert "You are on duty:\n- Mon 30 Nov 2026 09:00 to Mon 07 Dec 2026 09:00 UTC" in letter.text
    world.phone("nils").is_silent()


def test_a_change_of_the_turns_and_an_undoing_tell_those_whose_duty_they_change_and_nobody_else(world):
    roster = world.roster("on-call-primary", "tara", "sam", "nils")
    since = datetime.fromisoformat("2026-11-23T09:00")
    fresh = Layer([world.omar.actor], since)
    roster = rosters.change(roster, layers=[fresh], reason="a new team", by=world.mona, now=world.now)
    world.turn()
    world.phone("omar").gets_one("You are on duty as on-call-primary: from Mon 23 Nov 2026 09:00 UTC on")
    world.phone("sam").gets_one("You are not on duty as on-call-primary: Mon 23 Nov 2026 09:00 to Mon 30 Nov")
    world.phone("tara").puts_away()
    world.phone("nils").puts_away()

    roster = rosters.override(roster, evening(world, "replace", "sam"), reason="x", by=world.sam, now=world.now)
    world.turn()
    world.phone("tara").gets_one("You are not on duty")
    (found,) = rota_of(roster).overrides
    rosters.undo(roster, rosters.mark(found), reason="Tara is well", by=world.mona, now=world.now)
    world.turn()

    world.phone("tara").gets_one("You are on duty as on-call-primary: Mon 16 Nov 2026 18:00")
    world.phone("sam").gets_one("You are not on duty as on-call-primary: Mon 16 Nov 2026 18:00")
    world.phone("omar").is_silent()
