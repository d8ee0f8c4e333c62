"""What did an engine do in a turn?"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Turn:
    """What was done: alerts read, tickets looked at, obligations performed, letters sent, tickets that raised."""

    alerts: int = 0
    tickets: int = 0
    obligations: int = 0
    failed: int = 0
    sent: int = 0
    dead: int = 0
    lateness: list[float] = field(default_factory=list)
