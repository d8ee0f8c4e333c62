"""By which standard does a desk work that has sensitive changes approved?"""

from __future__ import annotations

from datetime import timedelta

from tests.staged import STAGES
from tests.world import FIELD_GUIDE, World
from tocsin.standard.adopt import adopt

APPROVALS = """
[approvals.change]
title = "Sensitive change"
when = ["A change to the security of a system", "A restart of a server the business depends on"]
by = ["service-delivery-manager"]
delegates = ["director"]
expires = "4h"
emergency_by = ["on-call-primary"]
emergency_for = ["P1"]

[approvals.spending]
title = "Spending"
when = ["Anything has to be bought"]
by = ["it-manager"]
emergency_by = ["on-call-primary"]
emergency_for = ["P1"]
"""


def with_approvals(world: World) -> World:
    """The world, its desk working by the field guide with these approvals, and L3 only after one, since yesterday."""
    text = FIELD_GUIDE.read_text().replace("[levels.L3]\n", '[levels.L3]\napproval = "change"\n')
    stages = STAGES.replace('exit = ["cause_known"]', 'exit = ["cause_known", "approved"]')
    adopt(f"{text}\n{stages}\n{APPROVALS}", by="test", now=world.now - timedelta(days=1))
    return world
