"""Which faults in who is on duty should the suite notice?"""

from __future__ import annotations

from tests.mutate import Mutant

ON_DUTY = ("tests/stories/test_rosters.py",)
TURNS = ("tests/directory/test_rosters.py",)
TURNS_TAKEN = [
    Mutant(
        "a hole in which the fallback is not asked",
        "tocsin/directory/holders.py",
        "elif duty.wanted:",
        "elif False:",
        ON_DUTY,
    ),
    Mutant(
        "a fallback that is asked in holes alone",
        "tocsin/directory/holders.py",
        "for duty in duties if not duty.people and not duty.wanted)",
        "for duty in duties if False)",
        ON_DUTY,
    ),
    Mutant(
        "a page to who may not see the client",
        "tocsin/directory/holders.py",
        "return [who for who in found if self.may_act(who, client_id)]",
        "return [*found]",
        ("tests/directory/test_on_duty_for_whom.py",),
    ),
    Mutant(
        "half of a swap undone",
        "tocsin/directory/rosters.py",
        "found.swap is not None and each.swap == found.swap",
        "False",
        ("tests/directory/test_changing_rosters.py",),
    ),
    Mutant(
        "somebody on duty who has left",
        "tocsin/directory/duty.py",
        "Person.objects.filter(pk__in=numbers, active=True)}",
        "Person.objects.filter(pk__in=numbers)}",
        ON_DUTY,
    ),
    Mutant(
        "a page to who was on duty when it fell due",
        "tocsin/engine/tickets.py",
        "for ticket in tickets}, at=now)",
        "for ticket in tickets}, at=tickets[0].look_at or now)",
        ON_DUTY,
    ),
    Mutant(
        "a hole that nobody is told of",
        "tocsin/engine/letters.py",
        "if hole is None or",
        "if hole or hole is None or",
        ON_DUTY,
    ),
    Mutant(
        "a change that leaves the turns before it",
        "tocsin/directory/rosters.py",
        "else replace(layer, ends=since)",
        "else layer",
        TURNS,
    ),
    Mutant(
        "an override that changes what was",
        "tocsin/directory/rosters.py",
        "other = replace(other, start=now)",
        "pass",
        TURNS,
    ),
    Mutant("a swap agreed by anybody", "tocsin/directory/swaps.py", 'if swap["with"] != by.actor:', "if False:", TURNS),
    Mutant(
        "a hole told again at each look",
        "tocsin/engine/rosters.py",
        "if key not in set(known)",
        "if key",
        ("tests/stories/test_holes.py",),
    ),
]
