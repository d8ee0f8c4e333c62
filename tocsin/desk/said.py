"""What is said of an event, for whom, and how does it strike? What every sentence is made of."""

from __future__ import annotations

from typing import Any

Data = dict[str, Any]
TO_CLIENT, FROM_CLIENT, INTERNAL, BY_ITSELF = "to-client", "from-client", "internal", "by-itself"
GOOD, BAD, NEWS, QUIET = "good", "bad", "news", "quiet"

Said = dict[str, Any]


def said(said: str, tone: str = QUIET, audience: str = INTERNAL, detail: str = "", other: str = "") -> Said:
    return {"said": said, "tone": tone, "audience": audience, "detail": detail, "other": other}


def details(*parts: tuple[str, Any]) -> str:
    return " · ".join(f"{name}: {value}" if name else str(value) for name, value in parts if value)
