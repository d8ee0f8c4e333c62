"""What has happened at the demo's desk in the last fortnight, and how does it stand now?

History by the desk's own verbs and its own engine, over a script with a seed: the same seed and instant tell the same
story. Nothing is put in as a result, and nothing leaves the desk.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from django.db import transaction

from tocsin.demo import cast, plots, starter, tonight
from tocsin.demo.case import Case
from tocsin.demo.faults import CRITICAL, HIGH, LOW, MEDIUM, Fault
from tocsin.demo.stage import Place, Plot, Stage, Told
from tocsin.demo.wishes import COMPLAINTS, REQUESTS
from tocsin.desk import intake_keys
from tocsin.directory import accounts
from tocsin.standard import presets
from tocsin.standard.adopt import adopt

FIRST = "The desk has a fortnight behind it, and tickets that need somebody now."
LENGTH = timedelta(days=14)
QUIET = timedelta(hours=2)  # between the last of the history and now

# Plot, of which faults, how often, how many minutes it takes at most; of the clock on the wall, or of support hours.
ROUND_THE_CLOCK: tuple[tuple[Callable[..., Plot], tuple[Fault, ...], int, int], ...] = (
    (plots.major, CRITICAL, 4, 24 * 60),
    (plots.major_unheard, CRITICAL, 2, 24 * 60),
    (plots.major_long, CRITICAL, 1, 28 * 60),
    (plots.urgent, HIGH, 12, 240),
    (plots.urgent_waits_for_vendor, HIGH, 4, 300),
    (plots.silent, HIGH, 3, 260),
    (plots.answered_too_late, HIGH, 2, 240),
    (plots.raised_by_age, HIGH, 2, 480),
)
IN_SUPPORT_HOURS: tuple[tuple[Callable[..., Plot], tuple[Fault, ...], int, int], ...] = (
    (plots.plain, MEDIUM, 34, 480),
    (plots.escalated_by_hand, MEDIUM, 10, 480),
    (plots.escalated_by_time, MEDIUM, 6, 480),
    (plots.not_accepted, MEDIUM, 2, 540),
    (plots.sent_back, MEDIUM, 5, 480),
    (plots.waits_for_client, MEDIUM, 12, 840),
    (plots.waits_in_vain, MEDIUM, 3, 720),
    (plots.waits_for_vendor, MEDIUM, 5, 720),
    (plots.waits_for_parts, MEDIUM, 3, 840),
    (plots.answered_late, MEDIUM, 6, 480),
    (plots.overdue, MEDIUM, 3, 2200),
    (plots.reopened, MEDIUM, 6, 960),
    (plots.cancelled, MEDIUM, 4, 120),
    (plots.grows, MEDIUM, 3, 360),
    (plots.too_high, HIGH, 2, 360),
    (plots.written_up_late, MEDIUM, 3, 360),
    (plots.low, LOW, 9, 1800),
    (plots.low_overdue, LOW, 1, 3600),
    (plots.low, REQUESTS, 24, 1800),
    (plots.complained, COMPLAINTS, 1, 600),
    (plots.complained_in_vain, COMPLAINTS, 1, 1200),
)
SEEN_BY_MONITORS = tuple(fault for fault in MEDIUM if fault.alert)
BY_MONITOR = ((plots.recovered, 3), (plots.flapping, 2))
TWICE = 4


def make(*, seed: int, now: datetime, told: Told = lambda done, total: None) -> tuple[Stage, str]:
    """The empty desk has a cast, a fortnight's history, and open tickets in every state; or, if it fails, nothing.

    Returns the stage as it was left, and what to tell the newcomer.
    """
    with transaction.atomic():
        stage, key = _set_up(now)
        history(stage, Random(seed))
        tonight.enter(stage, Random(seed + 1))
        stage.play(told)
        people = [*stage.people.values(), *cast.guests()]
        password = accounts.add_demo(people, now=now)
    return stage, starter.welcome(people, password=password, key=key, first=FIRST)


def _set_up(now: datetime) -> tuple[Stage, str]:
    """Everybody is there, a day before the fortnight begins; returns the first client's key with them."""
    start = (now - LENGTH).replace(microsecond=0)
    before = start - timedelta(days=1)
    for name in presets.NAMES:
        adopt(presets.text(name), by=cast.BY, now=before)
    people = cast.staff()
    cast.take_turns(people, at=now, now=before)
    places, keys = {}, []
    for firm in cast.FIRMS:
        client = cast.client(firm, now=before)
        key, text = intake_keys.add(client=client, source="generic", name="starter", by=cast.BY, now=before)
        places[firm] = Place(firm, client, key)
        keys.append(text)
    return Stage(people, places, start=start, end=now), keys[0]


def history(stage: Stage, chance: Random) -> None:
    """Tickets that come and go, all of them over by now."""
    for plot, faults, times, takes in ROUND_THE_CLOCK:
        for _ in range(times):
            case = _case(stage, faults, chance, by_age=plot is plots.raised_by_age)
            stage.enter(_at_any_time(stage, takes, chance), plot(case))
    for plot, faults, times, takes in IN_SUPPORT_HOURS:
        for _ in range(times):
            case = _case(stage, faults, chance)
            stage.enter(_in_hours(stage, case, takes, chance), plot(case))
    for monitored, times in BY_MONITOR:
        for _ in range(times):
            case = _case(stage, SEEN_BY_MONITORS, chance)
            stage.enter(_in_hours(stage, case, 480, chance), monitored(case))
    for _ in range(TWICE):
        fault = chance.choice(HIGH[:3])
        case = _case(stage, (fault,), chance)
        again = Case(stage, case.place, fault, Random(chance.getrandbits(64)))
        stage.enter(_in_hours(stage, case, 480, chance), plots.twice(case, again))


def _case(stage: Stage, faults: tuple[Fault, ...], chance: Random, *, by_age: bool = False) -> Case:
    """One of these faults, at a client that it can happen to; `by_age`: whose standard raises what lasts too long."""
    places = [place for place in stage.places.values() if place.firm.raises_by_age or not by_age]
    known = {service for place in places for service in place.services}
    fault = chance.choice([each for each in faults if known & set(each.services)])
    where = [place for place in places if set(fault.services) & set(place.services)]
    return Case(stage, chance.choice(where), fault, Random(chance.getrandbits(64)))


def _at_any_time(stage: Stage, takes: int, chance: Random) -> datetime:
    last = stage.end - QUIET - timedelta(minutes=takes)
    return (stage.start + (last - stage.start) * chance.random()).replace(microsecond=0)


def _in_hours(stage: Stage, case: Case, takes: int, chance: Random) -> datetime:
    """An instant of the client's support hours from which on there is time enough."""
    calendar = case.place.calendar
    at = (stage.start + (stage.end - QUIET - stage.start) * chance.random()).replace(microsecond=0)
    while True:
        opens = calendar.due(calendar.next_open(at), timedelta(minutes=chance.randint(1, 300)))
        if calendar.due(opens, timedelta(minutes=takes)) <= stage.end - QUIET:
            return opens
        at -= timedelta(hours=9)
