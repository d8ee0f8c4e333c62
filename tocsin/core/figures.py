"""Which figures does a standard fix besides its times: ratings, credits, uptime, weights, pay, drills?

Each is None, or empty, where the document does not say it. Amounts and percentages are decimals, never fractions of a
float. (semantics 7, 8, 9)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from tocsin.core.agreed import ALWAYS, Agreement
from tocsin.core.document import Part, nearest
from tocsin.core.duration import BadDuration, Duration, parse
from tocsin.core.keys_of_practice import PERCENT, SCORED
from tocsin.core.practice import Credits, Drills, Overtime, Pay, PayRule, Rate, Rating, Uptime

_CREDITED = ("response", "resolution")
_GUARANTEE = "only a guarantee earns a credit, so leave it out, or guarantee it."
_PERCENT = "a number and %, such as 5% or 2.5%"
_RATE = "an amount an hour, such as 4.50, or a percentage of an ordinary hour, such as 150%"


def rating(top: Part, agreed: Agreement) -> Rating | None:
    if not top.has("rating"):
        return None
    part = top.part("rating", "rating")
    asked_after = agreed.time(part, "asked_after", on=ALWAYS) if part.has("asked_after") else None
    at_once = Duration(0, "m"), agreed.calendars[ALWAYS]
    return Rating(part.text("question"), part.number("scale"), asked_after or at_once)


def credits(top: Part, agreed: Agreement, clocks: Mapping[str, object], up: Uptime | None) -> Credits | None:
    """What broken guarantees cost; what is only a target earns no credit. (R2.15)"""
    if not top.has("credits"):
        return None
    part = top.part("credits", "credits")
    cap = _percent(part, "cap")
    by_clock = {}
    for clock in _CREDITED:
        if not part.has(clock):
            continue
        if clock not in clocks:
            part.note(clock, f"The clock {clock!r} is not declared: {nearest(clock, clocks)}")
        elif not _guaranteed(clocks[clock]):
            part.note(clock, f"{clock} is a target: {_GUARANTEE}")
        by_clock[clock] = _by_priority(part.part(clock), agreed, cap)
    uptime = _percent(part, "uptime") if part.has("uptime") else None
    if uptime is not None and (up is None or up.kind != "guarantee"):
        part.note("uptime", f"No uptime is guaranteed: {_GUARANTEE}")
    if uptime is not None and cap is not None and uptime > cap:
        part.note("uptime", f"{uptime}% is more than the cap of {cap}%.")
    return Credits(cap or Decimal(0), by_clock, uptime)


def _guaranteed(clock: object) -> bool:
    return isinstance(clock, Mapping) and clock.get("kind") == "guarantee"


def _by_priority(table: Part, agreed: Agreement, cap: Decimal | None) -> dict[str, Decimal]:
    found = {}
    for name in table.content:
        if name not in agreed.counts_on:
            table.note(name, f"The priority {name!r} is not declared: {nearest(name, agreed.counts_on)}")
        said = _percent(table, name)
        if said is not None and cap is not None and said > cap:
            table.note(name, f"{said}% is more than the cap of {cap}%.")
        if said is not None:
            found[name] = said
    return found


def uptime(top: Part, agreed: Agreement) -> Uptime | None:
    if not top.has("uptime"):
        return None
    part = top.part("uptime", "uptime")
    said = part.matching("percent", such_as='a number in quotes, such as "99.9"')
    percent = Decimal(said) if said else Decimal(0)
    if said and not 0 < percent <= 100:
        part.note("percent", f"{said} will not do: it is above 0, and at most 100.")
    return Uptime(
        percent,
        part.choice("period", what="period"),
        part.choice("kind"),
        part.words("includes"),
        part.words("exclusions"),
        agreed.time(part, "applies_after", on=ALWAYS) if part.has("applies_after") else None,
    )


def documentation(top: Part) -> dict[str, int]:
    """What counts how much in the documentation score: together 100."""
    if not top.has("documentation"):
        return {}
    part = top.part("documentation", "documentation")
    table = part.part("weights")
    found = {}
    for name, weight in table.content.items():
        if name not in SCORED:
            table.note(name, f"{name!r} is not scored: {nearest(name, SCORED)}")
        elif not isinstance(weight, int) or isinstance(weight, bool):
            table.note(name, f"{weight!r} will not do: it is a whole number from 0 to 100.")
        elif not 0 <= weight <= 100:
            table.note(name, f"{weight} will not do: it is a whole number from 0 to 100.")
        else:
            found[name] = weight
    if len(found) == len(table.content) and sum(found.values()) != 100:
        part.note(
            "weights" if part.has("weights") else None, f"They come to {sum(found.values())}: together they are 100."
        )
    return found


def pay(top: Part) -> Pay | None:
    if not top.has("pay"):
        return None
    part = top.part("pay", "pay")
    currency = part.matching("currency", such_as="its three letters, such as AUD")
    if not any(part.has(key) for key in ("standby", "call_in", "overtime")):
        part.note(None, "Nothing is paid: give standby, call_in or overtime, or leave the section out.")
    return Pay(
        currency,
        _rule(part, "standby"),
        _rule(part, "call_in"),
        _overtime(part),
        part.flag("time_in_lieu"),
    )


def _rule(whole: Part, key: str) -> PayRule | None:
    if not whole.has(key):
        return None
    part = whole.part(key, f"pay.{key}")
    ordinary = _rate(part, "ordinary") or Rate(Decimal(0))
    weekend = _rate(part, "weekend") or ordinary
    holiday = _rate(part, "holiday") or weekend
    minimum = by_phone = None
    if key == "call_in":
        minimum = _length(part, "minimum")
        by_phone = _length(part, "by_phone") or minimum
        if minimum and by_phone and by_phone.delta > minimum.delta:
            part.note("by_phone", f"{by_phone} by phone is more than the minimum of {minimum}.")
    return PayRule(ordinary, weekend, holiday, part.text("source"), _day(part, "as_of"), minimum, by_phone)


def _overtime(whole: Part) -> Overtime | None:
    if not whole.has("overtime"):
        return None
    part = whole.part("overtime", "pay.overtime")
    limit, rate = _length(part, "limit"), _rate(part, "rate")
    source, as_of = part.text("source"), _day(part, "as_of")
    return Overtime(limit, rate, source, as_of) if limit and rate else None


def drills(top: Part) -> Drills | None:
    if not top.has("drills"):
        return None
    part = top.part("drills", "drills")
    return Drills(part.choice("every", what="rhythm"), part.flag("announced"))


def _percent(part: Part, key: str) -> Decimal | None:
    """Percent at the key, above zero and at most 100; `5%` is 5."""
    said = part.text(key)
    if not said.strip():
        return None
    if not re.fullmatch(PERCENT.pattern, said):
        part.note(key, f"{said!r} is no percentage: write {_PERCENT}.")
        return None
    percent = Decimal(said.removesuffix("%"))
    if not 0 < percent <= 100:
        part.note(key, f"{said} will not do: it is above 0%, and at most 100%.")
    return percent


def _rate(part: Part, key: str) -> Rate | None:
    said = part.matching(key, such_as=_RATE)
    return Rate(Decimal(said.removesuffix("%")), said.endswith("%")) if said else None


def _length(part: Part, key: str) -> Duration | None:
    """A length of work, in hours or less; None where there is none."""
    if not part.has(key) and not part.spec(key).must:
        return None
    said = part.text(key)
    try:
        length = parse(said) if said.strip() else None
    except BadDuration as error:
        part.note(key, str(error))
        return None
    if length is not None and length.is_days:
        part.note(key, f"{length} counts business days, and work is paid by the hour: write hours, such as 38h.")
        return None
    if length is not None and not length.amount:
        part.note(key, f"{length} is no time: write more, or leave the key out.")
        return None
    return length


def _day(part: Part, key: str) -> date:
    said = part.text(key)
    try:
        day = date.fromisoformat(said) if said.strip() else None
    except ValueError:
        day = None
    if said.strip() and (day is None or day.isoformat() != said):
        part.note(key, f"{said!r} is no date: write year, month and day, such as 2026-07-01.")
    return day or date.min
