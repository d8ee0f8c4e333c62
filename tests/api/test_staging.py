"""Can a program take the work from stage to stage by the same gates as the screens?"""

from __future__ import annotations

import pytest

from tests.api.caller import Caller
from tests.api.test_v1 import problem
from tests.staged import with_stages
from tests.world import World

pytestmark = pytest.mark.django_db


def test_a_program_sees_what_a_gate_asks_for_makes_it_good_and_goes_on(world: World):
    lena = Caller(with_stages(world).lena)
    mine = f"/tickets/{world.opens(service=world.acme_files).number}"

    before = lena.get(mine).json()["stage"]
    refused = lena.post(f"{mine}/stage", {"to": "recover"})
    for verb, said in (
        ("stage", {"to": "diagnose", "reason": "nobody answers the phone"}),
        ("state", {"fact": "cause_known", "said": "The disk is full"}),
        ("leave", {"artifact": "log", "where": "https://files.msp.example/1"}),
    ):
        answer = lena.post(f"{mine}/{verb}", said)
        assert answer.status_code == 200, (verb, answer.content)
    after = answer.json()["stage"]

    assert (before["at"], before["next"], before["way"]) == (
        "triage",
        "diagnose",
        ["triage", "diagnose", "recover", "review"],
    )
    assert [(lack["stage"], lack["part"], lack["word"]) for lack in before["lacking"]] == [
        ("diagnose", "entry", "client_told")
    ]
    assert before["lacking"][0]["says"] == "Diagnose begins only when the client has been told"
    assert refused.status_code == 409 and "Diagnose leaves a log behind" in problem(refused)["detail"]
    assert (after["at"], after["next"], after["lacking"], after["bypasses"]) == ("diagnose", "recover", [], 1)


def test_without_stages_there_is_none(world: World):
    lena = Caller(world.lena)
    ticket = world.opens()

    assert lena.get(f"/tickets/{ticket.number}").json()["stage"] is None
    refused = lena.post(f"/tickets/{ticket.number}/stage", {"to": "recover"})
    assert problem(refused)["detail"] == "field-guide 1 has no stages for P3."


def test_solving_goes_without_only_with_a_reason(world: World):
    lena = Caller(with_stages(world).lena)
    mine = f"/tickets/{world.opens().number}"
    said = {"cause": "full disk", "actions": "cleared it", "verification": "Carla saves"}

    assert lena.post(f"{mine}/solve", said).status_code == 409
    solved = lena.post(f"{mine}/solve", {**said, "bypass": "It was the wrong tenant"})

    assert (solved.status_code, solved.json()["stage"]["at"]) == (200, "review")
