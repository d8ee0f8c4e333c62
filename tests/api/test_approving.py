"""Can a program have something approved, and never approve what it asked for itself?"""

from __future__ import annotations

import pytest

from tests.api.caller import Caller
from tests.api.test_v1 import problem
from tests.approving import with_approvals
from tests.world import World

pytestmark = pytest.mark.django_db


def test_what_one_asks_for_another_approves(world: World):
    lena, dora = Caller(with_approvals(world).lena), Caller(world.dora)
    mine = f"/tickets/{world.opens().number}"
    said = {"approval": "change", "what": "Restart it", "assessment": {"risk": "ten minutes without mail"}}

    asked = lena.post(f"{mine}/ask-approval", said).json()["approvals"][0]
    own = lena.post(f"{mine}/approve-request", {"of": asked["id"]})
    given = dora.post(f"{mine}/approve-request", {"of": asked["id"], "comment": "After six."})

    assert (asked["state"], asked["assessment"]["risk"]) == ("open", "ten minutes without mail")
    assert own.status_code == 409 and problem(own)["detail"] == "Lena asked for it: somebody else decides."
    approval = given.json()["approvals"][0]
    assert (approval["state"], approval["role"], approval["comment"]) == (
        "given",
        "service-delivery-manager",
        "After six.",
    )


def test_what_is_refused_withdrawn_or_done_first_says_so(world: World):
    lena, dora, omar = Caller(with_approvals(world).lena), Caller(world.dora), Caller(world.omar)
    mine = f"/tickets/{world.opens(priority='P1').number}"

    def asks() -> int:
        return int(
            lena.post(f"{mine}/ask-approval", {"approval": "change", "what": "Restart it"}).json()["approvals"][-1][
                "id"
            ]
        )

    for caller, verb, said, state in (
        (dora, "refuse-request", {"comment": "Not now."}, "refused"),
        (lena, "withdraw-request", {}, "withdrawn"),
        (omar, "act-first", {"why": "Nobody can log in"}, "acted"),
    ):
        answer = caller.post(f"{mine}/{verb}", {"of": asks(), **said})
        assert answer.status_code == 200, (verb, answer.content)
        assert answer.json()["approvals"][-1]["state"] == state

    nobody = lena.post(f"{mine}/approve-request", {"of": 1, "contact": 10**9})
    assert nobody.status_code == 404
