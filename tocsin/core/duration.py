"""How much time is promised, and what is it counted in?"""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

UNITS: Final = {"s": timedelta(seconds=1), "m": timedelta(minutes=1), "h": timedelta(hours=1)}
LONGEST: Final = timedelta(days=7305)  # 20 years: what no calendar would reach is refused where it is written
_WRITTEN: Final = re.compile(r"([0-9]{1,12})([A-Za-z]+)")


class BadDuration(ValueError):
    """A duration nobody can count; the text says which, why, and what to write instead."""


@dataclass(frozen=True, slots=True)
class Duration:
    """An amount of seconds `s`, minutes `m`, hours `h` or business days `bd`, counted on the calendar named beside it.

    Zero is a duration here (a level may be passed through at once); that a target is above zero is the policy's
    business. More than 20 years raises BadDuration. `60m` and `1h` last as long and are not equal: each keeps the
    words it was written in. (semantics 1)
    """

    amount: int
    unit: str
    length: timedelta | None = field(init=False, repr=False, compare=False, default=None)  # None: in business days

    def __post_init__(self) -> None:
        if self.unit != "bd" and self.unit not in UNITS:
            raise BadDuration(f"A duration is counted in s, m, h or bd, not in {self.unit!r}.")
        if type(self.amount) is not int or self.amount < 0:
            raise BadDuration(f"A duration is a whole number of {self.unit}, zero or more, not {self.amount!r}.")
        if self.amount > LONGEST // UNITS.get(self.unit, timedelta(days=1)):
            raise BadDuration(f"{self} is more than 20 years: write a shorter duration.")
        if self.unit in UNITS:
            object.__setattr__(self, "length", self.amount * UNITS[self.unit])

    @property
    def is_days(self) -> bool:
        """Whether it is counted in business days, whose length only a calendar knows (`Calendar.budget`)."""
        return self.unit == "bd"

    @property
    def delta(self) -> timedelta:
        """The working time it stands for; business days have none of their own and raise BadDuration."""
        if self.length is None:
            raise BadDuration(f"{self} has no length of its own: ask its calendar, Calendar.budget(start, duration).")
        return self.length

    def __str__(self) -> str:
        """The text that parses to this duration again."""
        return f"{self.amount}{self.unit}"


def parse(text: str) -> Duration:
    """Read `90s`, `15m`, `4h` or `5bd`; anything else raises BadDuration. (semantics 1)

    A bare `5d` is refused, because "5 days" is where desks and clients quarrel.
    """
    written = _WRITTEN.fullmatch(text.strip()) if isinstance(text, str) else None
    if written is None:
        raise BadDuration(f"{text!r} is no duration: write a whole number and its unit, such as 90s, 15m, 4h or 5bd.")
    amount, unit = int(written[1]), written[2]
    if unit == "d":
        raise BadDuration(
            f"{text.strip()} could mean days or business days: "
            f"write {amount * 24}h for days round the clock, or {amount}bd for business days."
        )
    if unit != "bd" and unit not in UNITS:
        raise BadDuration(f"{text.strip()} is counted in {unit!r}, which is no unit here: use s, m, h or bd.")
    return Duration(amount, unit)
