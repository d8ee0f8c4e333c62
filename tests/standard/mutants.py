"""Which faults in the life of a standard should the suite notice?"""

from __future__ import annotations

from tests.mutate import Mutant

LIFE = ("tests/standard/test_life.py",)
DRAFTS = ("tests/standard/test_drafts.py",)
STEPS_TAKEN = [
    Mutant(
        "a pilot that everybody works by",
        "tocsin/standard/life.py",
        "Place(client.pk, version, contract.policy, until)",
        "Place(None, version, contract.policy, until)",
        LIFE,
    ),
    Mutant(
        "a pilot that ends in silence",
        "tocsin/standard/standing.py",
        "Q(client=client_pk, over=named) |",
        "Q(client=client_pk, over=named, until=None) |",
        LIFE,
    ),
    Mutant(
        "a contract that names another standard and is not heard",
        "tocsin/standard/standing.py",
        "Q(client=client_pk, over=named) |",
        "Q(client=client_pk) |",
        LIFE,
    ),
    Mutant(
        "a roll-out that passes by who tried the standard",
        "tocsin/standard/steps.py",
        "return found\n\n\ndef _told",
        "return found[:1]\n\n\ndef _told",
        LIFE,
    ),
    Mutant(
        "a rollback beneath a newer step",
        "tocsin/standard/life.py",
        "if (newer := pile[-1]) != row:",
        "if (newer := pile[-1]) is None:",
        LIFE,
    ),
    Mutant(
        "a rollback that forgets the pilot's end",
        "tocsin/standard/life.py",
        "Place(row.client_id, version, row.over, until)",
        "Place(row.client_id, version, row.over)",
        LIFE,
    ),
    Mutant(
        "a rollback that gives back what another contract was tried with",
        "tocsin/standard/life.py",
        "filter(client=row.client_id, over=row.over)",
        "filter(client=row.client_id)",
        ("tests/standard/test_changed_contract.py",),
    ),
    Mutant(
        "a contract that does not fit, and is not looked at",
        "tocsin/standard/life.py",
        "        contracts += _naming(policy.name, known)\n    _fits",
        "        pass\n    _fits",
        LIFE,
    ),
    Mutant(
        "a step that nobody took, unnoticed",
        "tocsin/standard/proof.py",
        "        if expected is None:\n",
        "        if expected is False:\n",
        ("tests/standard/test_proof.py",),
    ),
    Mutant(
        "a pilot's end told again at each turn",
        "tocsin/engine/pilots.py",
        "not in told]",
        "not in ()]",
        (
            "tests/stories/test_pilot.py::test_a_pilot_that_is_over_stays_in_force_and_whoever_began_it_hears_of_it_once",
        ),
        also=(
            (
                "tocsin/engine/pilots.py",
                "if Event.objects.filter(stream=policy.stream_name, key=_key(row)).exists():",
                "if False:",
            ),
        ),
    ),
    Mutant(
        "a draft written over what nobody saw",
        "tocsin/standard/drafts.py",
        "found.revision != revision:",
        "found.revision < revision:",
        DRAFTS,
    ),
]
