"""By which standard does a desk work that leads its tickets through stages?"""

from __future__ import annotations

from datetime import timedelta

from tests.world import FIELD_GUIDE, World
from tocsin.standard.adopt import adopt

STAGES = """
[stages.triage]
title = "Triage"
status = "investigating"
exit = ["prioritised", "categorised", "owned"]

[stages.diagnose]
title = "Diagnose"
status = "investigating"
entry = ["client_told"]
artifacts = ["log"]
exit = ["cause_known"]

[stages.recover]
title = "Recover"
status = "monitoring"
exit = ["verified"]

[stages.review]
title = "Review"
priorities = ["P1", "P2", "P3"]
status = "resolved"
exit = ["reviewed"]
"""


def with_stages(world: World, more: str = "") -> World:
    """The world, its desk working by the field guide with these stages (and `more`) since yesterday."""
    adopt(f"{FIELD_GUIDE.read_text()}\n{STAGES}\n{more}", by="test", now=world.now - timedelta(days=1))
    return world
