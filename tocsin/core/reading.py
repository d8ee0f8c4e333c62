"""What does one alert say, whoever sent it?"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, get_args

State = Literal["firing", "acknowledged", "resolved", "unknown"]
STATES: tuple[State, ...] = get_args(State)

SUMMARY_LIMIT = 300
KEY_LIMIT = 200
SEVERITY_LIMIT = 40
NAME_LIMIT = 200
MESSAGE_LIMIT = 4000
LINK_LIMIT = 2000
DETAILS_LIMIT = 60
DETAIL_NAME_LIMIT = 100
DETAIL_LIMIT = 1000

# Neither database stores a NUL or half a surrogate pair; the other controls, and those that turn the direction of
# writing, could make a console or a screen show what nobody sent.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class BadReading(ValueError):
    """A source made a reading that breaks its bounds: the source is wrong, not the sender."""


@dataclass(frozen=True, slots=True)
class AlertReading:
    """One alert as the sender meant it, in bounds, with nothing guessed.

    - `state` "unknown" neither opens nor closes anything.
    - `dedup_key` is never empty and pairs a problem with its recovery.
    - `severity` is the sender's own word in lower case; None when the sender named none, so that the integration's
      default can apply.
    - `host`, `service`, `message`, `link` are empty when the sender named none; `link` is http or https.
    - `starts_at`, `ends_at` are aware UTC instants or None; `ends_at` only on a recovery.
    - `details` holds the rest, for people and for rules.

    All text is free of control characters (line feeds and tabs stay in `message` and `details`) and no longer than the
    limits above. Raises BadReading for anything else. (R11.1)
    """

    state: State
    dedup_key: str
    summary: str
    severity: str | None = None
    host: str = ""
    service: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    details: Mapping[str, str] = field(default_factory=dict)
    link: str = ""
    message: str = ""

    def __post_init__(self) -> None:
        if self.state not in STATES:
            raise BadReading(f"state: {self.state!r} is none of {', '.join(STATES)}")
        if not self.dedup_key or not self.summary:
            raise BadReading("dedup_key and summary must not be empty")
        if self.severity == "":
            raise BadReading("severity: no severity is None, not an empty text")
        for name, limit in _LIMITS.items():
            if len(getattr(self, name) or "") > limit:
                raise BadReading(f"{name}: longer than {limit} characters")
        for name in ("starts_at", "ends_at"):
            at = getattr(self, name)
            if at is not None and at.utcoffset() != timedelta(0):
                raise BadReading(f"{name}: {at!r} is not an aware UTC instant")
        if self.ends_at is not None and self.state != "resolved":
            raise BadReading("ends_at: only a recovery has ended")
        if len(self.details) > DETAILS_LIMIT:
            raise BadReading(f"details: more than {DETAILS_LIMIT}")


_LIMITS = {
    "dedup_key": KEY_LIMIT,
    "summary": SUMMARY_LIMIT,
    "severity": SEVERITY_LIMIT,
    "host": NAME_LIMIT,
    "service": NAME_LIMIT,
    "link": LINK_LIMIT,
    "message": MESSAGE_LIMIT,
}


def clean(text: str) -> str:
    """Return the text with line ends as line feeds and every character that cannot be stored or shown as U+FFFD."""
    return _UNPRINTABLE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def cut(text: str, limit: int) -> str:
    """Return the text cleaned, stripped and at most `limit` characters long; what was cut off shows as `…`."""
    # Cut before cleaning too: a sender's megabyte is not worth reading to its end for 300 characters.
    stripped = text.strip()
    whole = clean(stripped[: 2 * limit])
    return whole if len(whole) <= limit else whole[: limit - 1].rstrip() + "…"


def one_line(text: str, limit: int) -> str:
    """Return the text as `cut` does, with every run of white space made one space."""
    return cut(" ".join(clean(text[: 8 * limit]).split()), limit)


def digest(*parts: str) -> str:
    """Return a key for the parts, in order: "sha256:" and 64 hexadecimal digits; parts never run into each other."""
    framed = "".join(f"{len(part)}:{part}" for part in parts)
    return "sha256:" + hashlib.sha256(framed.encode("utf-8", "surrogatepass")).hexdigest()


def bounded_key(text: str) -> str:
    """Return the sender's key as it is, or its digest where it is too long or could not be stored unchanged.

    Two different keys never become one: nothing is cut off or replaced. (R11.1)
    """
    stripped = text.strip()
    fits = len(stripped) <= KEY_LIMIT and clean(stripped) == stripped and "\n" not in stripped
    return stripped if fits else digest(stripped)


def standing_severity(stored: str | None, reading: AlertReading) -> str | None:
    """Return the severity an alert has after this reading.

    Only a firing reading that names one changes it: a recovery often arrives as "ok" or "info" and must not make the
    problem it ends look small. (R11.7)
    """
    if reading.state == "firing" and reading.severity is not None:
        return reading.severity
    return stored
