"""How is anything read from JSON that anybody may have sent?"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol

from tocsin.core.field import Field
from tocsin.core.reading import (
    DETAIL_LIMIT,
    DETAIL_NAME_LIMIT,
    DETAILS_LIMIT,
    LINK_LIMIT,
    SEVERITY_LIMIT,
    SUMMARY_LIMIT,
    AlertReading,
    cut,
    digest,
    one_line,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NOT_KEPT = "(not kept)"

_SEVERITY_WORDS = {
    "crit": "critical",
    "err": "error",
    "warn": "warning",
    "information": "info",
    "informational": "info",
}
_INSTANT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:[.,]([0-9]{1,12}))?"
    r" ?([Zz]|[+-][0-9]{2}:?[0-9]{2})?"
)
_LINK = re.compile(r"https?://[^\s\"'<>`\\\x00-\x20\x7f-\x9f\ud800-\udfff]+", re.IGNORECASE)
_KINDS = {dict: "an object", list: "a list", str: "a text", bool: "true or false", int: "a number", float: "a number"}


class Unreadable(Exception):
    """The body says nothing this source understands; the text is a sentence fit to show the person who set it up."""


class Source(Protocol):
    """One format in which alerts arrive. `name` is the last part of its address (`/in/<name>`)."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def fields(self) -> tuple[Field, ...]: ...

    def read(self, body: object) -> list[AlertReading]:
        """Return what the body (any JSON value) says: at least one reading, in the body's order.

        Raises Unreadable, and nothing else, when there is none. Pure: the same body always reads the same. (R11.1)
        """
        ...


def each(alerts: Sequence[object], read_one: Callable[[Mapping[str, object]], AlertReading]) -> list[AlertReading]:
    """Read every alert of a list; one that cannot be read must not cost the others.

    It becomes a reading of state unknown that says why, so that it is on record and opens nothing. Raises Unreadable
    when none could be read. (R11.4)
    """
    readings: list[AlertReading] = []
    faults: list[str] = []
    for number, alert in enumerate(alerts, start=1):
        try:
            if not isinstance(alert, dict):
                raise Unreadable(f"it is {kind(alert)}, not an object.")
            readings.append(read_one(alert))
        except Unreadable as unreadable:
            faults.append(f"Alert {number} of {len(alerts)} cannot be read: {unreadable}")
            readings.append(_unread(alert, faults[-1]))
    if not readings:
        raise Unreadable("The list of alerts is empty.")
    if len(faults) == len(readings):
        raise Unreadable(faults[0])
    return readings


def _unread(alert: object, why: str) -> AlertReading:
    shown = plain(alert)
    summary = one_line(why, SUMMARY_LIMIT)
    return AlertReading("unknown", digest("unreadable", shown), summary, details=details([("received", shown)]))


def kind(value: object) -> str:
    """Return what a JSON value is, in words."""
    return _KINDS.get(type(value), "null")


def plain(value: object) -> str:
    """Return a JSON value as text: a text as it is, null as nothing, everything else as JSON."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except (ValueError, RecursionError):  # a number of thousands of digits, or nested beyond all measure
        return "(cannot be shown)"


def text(value: object) -> str:
    """Return a text or a number as stripped text; empty for all else: null, true, a list and an object name nothing."""
    return plain(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def first(values: Mapping[str, object], names: Iterable[str]) -> str:
    """Return the first of these fields that holds a text or a number, else the empty text."""
    return next((found for name in names if (found := text(values.get(name)))), "")


def mapping(value: object) -> Mapping[str, object]:
    """Return an object as it is, and an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def severity(value: object) -> str | None:
    """Return the sender's word in lower case, common short forms written out, or None where there is none. (R11.1)"""
    word = one_line(text(value), SEVERITY_LIMIT).lower()[:SEVERITY_LIMIT]
    return _SEVERITY_WORDS.get(word, word) or None


def link(value: object) -> str:
    """Return an http or https address as it is; empty for anything else, and for one too long: half an address lies."""
    address = text(value)
    return address if len(address) <= LINK_LIMIT and _LINK.fullmatch(address) else ""


def instant(value: object) -> datetime | None:
    """Return the aware UTC instant a text or number stands for, to the microsecond (finer digits are cut off), or None.

    Texts are RFC 3339, `T` or a space between, `+0200` as good as `+02:00`, UTC where no zone is given. Numbers are
    seconds since 1970, or milliseconds from 1e11 on. Years before 1970 (`0001-01-01`: "not yet") are None.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _since_epoch(value)
    found = _INSTANT.fullmatch(value.strip()) if isinstance(value, str) and len(value) <= 64 else None
    if found is None:
        return None
    day, clock, fraction, zone = found.groups()
    try:
        at = datetime.fromisoformat(f"{day}T{clock}.{(fraction or '')[:6]:0<6}{(zone or 'Z').upper()}").astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at if at >= EPOCH else None


def _since_epoch(number: float) -> datetime | None:
    if not 0 < number < 1e14:  # NaN compares false too
        return None
    try:
        return EPOCH + (timedelta(milliseconds=number) if number >= 1e11 else timedelta(seconds=number))
    except OverflowError:
        return None


def details(pairs: Iterable[tuple[str, object]]) -> dict[str, str]:
    """Return those of the pairs that are not empty as texts, at most 60; "(not kept)" says how many more there were.

    Nested values are JSON text. Names are at most 100 characters long, values 1,000; the raw body has them whole.
    """
    kept: dict[str, str] = {}
    more = 0
    for name, value in pairs:
        if value is None or value == "":
            continue
        if len(kept) >= DETAILS_LIMIT - 1:
            more += 1
        elif shown := cut(plain(value), DETAIL_LIMIT):
            kept[one_line(name, DETAIL_NAME_LIMIT) or "(no name)"] = shown
    if more:
        kept[NOT_KEPT] = f"{more} more; the body as it was received has them"
    return kept
