"""Does a step still do what it says, where a contract was changed meanwhile?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.standard.test_life import GUIDE, STRICT, desk, proven  # noqa: F401
from tocsin.directory import clients
from tocsin.directory.contract import Contract
from tocsin.standard.adopt import adopt
from tocsin.standard.life import StepRefused
from tocsin.standard.terms import terms_for

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ON_SITE = '[clocks.on-site]\ntitle = "On site"\nmet_by = ["solved"]\ntargets = { P1 = "4h" }\n\n[clocks.response]'
SOONER = {"targets": {"on-site": {"P1": "2h"}}}


def revise(desk, **agreed):  # noqa: F811
    desk.now += DAY
    clients.revise(Contract.objects.get(client=desk.acme), by="test", now=desk.now, **agreed)


def test_a_pilot_is_rolled_back_though_another_was_tried_while_the_contract_named_another_standard(desk):  # noqa: F811
    desk.pilot(desk.second, desk.acme)
    revise(desk, policy="strict")
    stricter = adopt(f"{STRICT}\n# 2\n", by="test", now=desk.now, in_force=False)
    batch = desk.pilot(stricter, desk.acme)
    assert desk.has() == ["strict 2", "field-guide 1"]

    desk.roll_back(batch, "strict")

    assert desk.has() == ["strict 1", "field-guide 1"]


def test_what_was_tried_under_the_contract_before_is_rolled_back_beneath_what_is_tried_now(desk):  # noqa: F811
    before = desk.pilot(desk.second, desk.acme)
    revise(desk, policy="strict")
    stricter = adopt(f"{STRICT}\n# 2\n", by="test", now=desk.now, in_force=False)
    desk.pilot(stricter, desk.acme)

    desk.roll_back(before)
    assert desk.has() == ["strict 2", "field-guide 1"]
    revise(desk, policy="field-guide")

    assert desk.has() == ["field-guide 1", "field-guide 1"]


def test_a_pilot_is_not_rolled_back_to_what_the_contract_does_not_fit_any_more(desk):  # noqa: F811
    with_on_site = GUIDE.replace("[clocks.response]", ON_SITE)
    on_site = adopt(with_on_site, by="test", now=desk.now, in_force=False)
    batch = desk.pilot(on_site, desk.acme)
    revise(desk, overrides=SOONER)

    with pytest.raises(StepRefused, match=r"Acme: its contract from 2026-01-01 does not fit field-guide 1: .*on-site"):
        desk.roll_back(batch)
    assert "on-site" in terms_for(desk.acme, at=desk.now).clocks

    revise(desk, overrides={})
    desk.roll_back(batch)
    assert desk.has() == ["field-guide 1", "field-guide 1"]
