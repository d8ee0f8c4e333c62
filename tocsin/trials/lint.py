"""What does a standard promise that this desk, with its people, rosters, clients and contracts, cannot keep? (R2.10)"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from tocsin.core.policy import Policy
from tocsin.trials import arrivals, asking, contracts, covering
from tocsin.trials.arrivals import Arrivals
from tocsin.trials.found import Found
from tocsin.trials.scope import scope


@dataclass(frozen=True, slots=True)
class Held:
    """What was found, errors first; the clients it was held against, by name; and how many tickets came, if any."""

    found: tuple[Found, ...]
    clients: tuple[str, ...]
    arrivals: Arrivals | None


def lint_desk(policy: Policy, *, now: datetime, clients: Collection[int] | None = None) -> Held:
    """What is found when the standard is held against the desk as it is now and will be within two weeks.

    `clients` are those, by primary key, who would work by it; those who do, where it is None. What the document says
    of itself is not repeated: that is core.policy.lint. Nothing is stored. (R2.10, R4.10, R15.1)
    """
    looked_at = scope(policy, now=now, clients=clients)
    desk = asking.desk_of(looked_at)
    came = arrivals.arrivals(desk)
    found = [
        *contracts.look(looked_at),
        *asking.roles(desk),
        *asking.contacts(desk),
        *asking.reach(desk),
        *asking.page_paths(desk),
        *asking.shared_turns(desk),
        *covering.look(desk),
        *arrivals.look(came),
    ]
    ordered = sorted(dict.fromkeys(found), key=lambda each: each.level)
    return Held(tuple(ordered), tuple(client.name for client in looked_at.clients), came)
