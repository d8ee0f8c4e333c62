"""Who is on call at this instant, when does that change, and where is a hole?"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, Final, Self

from tocsin.core.duration import BadDuration, parse
from tocsin.core.hours import BeyondHorizon, Calendar
from tocsin.core.rotation import BadRota, Layer, Shift, Turns, group
from tocsin.core.table import FIRST, LAST
from tocsin.core.zone import UnknownZone, named

__all__ = ["KINDS", "BadRota", "Layer", "Override", "Rota", "Shift", "alike"]

KINDS: Final = ("add", "remove", "replace")
_LAYER: Final = ("people", "starts", "every", "unit", "ends", "lasts", "windows", "count")
_OVERRIDE: Final = ("kind", "start", "end", "people", "of", "swap")


@dataclass(frozen=True)
class Override:
    """What differs from the layers during [start, end): these people are on call besides, are not, or are instead.

    `replace` puts them in the place of those `of`, as far as any of them is on call then; of everybody, where `of` is
    empty. A swap is two of them, agreed by two people, and both have its number. (semantics 6)
    """

    kind: str
    start: datetime
    end: datetime
    people: tuple[str, ...]
    of: tuple[str, ...] = ()
    swap: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "people", group(self.people, "An override"))
        object.__setattr__(self, "of", group(self.of, "of"))
        if self.kind not in KINDS:
            raise BadRota(f"An override says {', '.join(KINDS)}, not {self.kind!r}.")
        for end in ("start", "end"):
            at = getattr(self, end)
            if at.tzinfo is None:
                raise BadRota(f"An override from {at} names no time zone: give it one.")
            object.__setattr__(self, end, at.astimezone(UTC))
        if self.end <= self.start:
            raise BadRota(f"The override ends at {self.end}, not after it starts at {self.start}: end it later.")
        if not self.people:
            raise BadRota("An override needs somebody whom it is about.")
        if self.of and self.kind != "replace":
            raise BadRota(f"Only replace says instead of whom, not {self.kind}.")
        if self.swap is not None and type(self.swap) is not int:
            raise BadRota(f"swap is the number of a swap, not {self.swap!r}.")

    def applied(self, people: tuple[str, ...]) -> tuple[str, ...]:
        """Who is on call where these would have been."""
        if self.kind == "add":
            return _once((*people, *self.people))
        if self.kind == "remove":
            return tuple(who for who in people if who not in self.people)
        if not self.of:
            return _once(self.people)
        place = next((i for i, who in enumerate(people) if who in self.of), None)
        if place is None:
            return people
        stay = [who for who in people if who not in self.of]
        return _once((*stay[:place], *self.people, *stay[place:]))


class Rota:
    """A roster: layers, of which a higher one (a later in the list) wins where it covers, and overrides, which win.

    Overrides are applied one after the other, in their order. Instants go in as aware datetimes of the years 1900 to
    2200 and come out in UTC; a turn starts where the one before ended, whatever the clocks do. Who is removed leaves a
    hole, which no lower layer fills. What nobody can be woken by raises BadRota. (semantics 6)
    """

    def __init__(self, zone: str, layers: Iterable[Layer] = (), overrides: Iterable[Override] = ()) -> None:
        try:
            self.zone = named(str(zone)).key
        except UnknownZone as error:
            raise BadRota(str(error)) from None
        self.layers, self.overrides = tuple(layers), tuple(overrides)
        self._turns = [Turns(layer, self.zone) for layer in self.layers]

    def on_call(self, at: datetime) -> tuple[str, ...]:
        """Who is on call at this instant, the first first; empty in a hole."""
        at = _utc(at)
        people = next((found for turns in reversed(self._turns) if (found := turns.at(at))), ())
        for override in self.overrides:
            if override.start <= at < override.end:
                people = override.applied(people)
        return people

    def shifts(self, a: datetime, b: datetime) -> list[Shift]:
        """Who is on call when within [a, b): in order, holes left out, what touches and is the same joined."""
        cuts, people = self._pieces(_utc(a), _utc(b))
        changes = [i for i in range(len(people)) if i == 0 or people[i] != people[i - 1]]
        starts = [*(cuts[i] for i in changes), cuts[-1]]
        found = (Shift(*span, people[i]) for span, i in zip(pairwise(starts), changes, strict=True))
        return [shift for shift in found if shift.people]

    def gaps(self, a: datetime, b: datetime, within: Calendar | None = None) -> list[tuple[datetime, datetime]]:
        """The spans within [a, b) in which nobody is on call, each (from, until) in UTC, in order.

        Where `within` is given, only those that lie in its open hours, which somebody has to cover.
        """
        holes, reached, until = [], _utc(a), _utc(b)
        for shift in self.shifts(a, b):
            if reached < shift.start:
                holes.append((reached, shift.start))
            reached = shift.end
        if reached < until:
            holes.append((reached, until))
        return holes if within is None else [span for hole in holes for span in within.spans(*hole)]

    def spec(self) -> dict[str, Any]:
        """The roster as JSON can hold it; `Rota.from_spec` makes one of it that says the same."""
        return {
            "zone": self.zone,
            "layers": [_layer_spec(layer) for layer in self.layers],
            "overrides": [_override_spec(override) for override in self.overrides],
        }

    @classmethod
    def from_spec(cls, spec: Mapping[str, Any]) -> Self:
        """The roster a spec describes; a key it does not know, and what cannot be read, raise BadRota."""
        _known(spec, ("zone", "layers", "overrides"), "A roster")
        if "zone" not in spec:
            raise BadRota("This roster has no zone: it needs one, such as 'Europe/London'.")
        layers = [_layer(layer) for layer in _listed(spec, "layers")]
        return cls(spec["zone"], layers, [_override(override) for override in _listed(spec, "overrides")])

    def _pieces(self, a: datetime, b: datetime) -> tuple[list[datetime], list[tuple[str, ...]]]:
        """[a, b) cut wherever anything could change, and those on call in each piece between two cuts."""
        if b <= a:
            return [a], []
        shifts = [shift for turns in self._turns for shift in turns.between(a, b)]
        overrides = [override for override in self.overrides if override.start < b and a < override.end]
        ends = {when for shift in shifts for when in shift[:2]}
        ends.update(when for override in overrides for when in (override.start, override.end))
        cuts = [a, *sorted(when for when in ends if a < when < b), b]
        people: list[tuple[str, ...]] = [()] * (len(cuts) - 1)
        for shift in shifts:  # those of a higher layer come later
            for piece in range(bisect_left(cuts, shift.start), bisect_left(cuts, shift.end)):
                people[piece] = shift.people
        for override in overrides:
            for piece in range(bisect_left(cuts, override.start), bisect_left(cuts, min(b, override.end))):
                people[piece] = override.applied(people[piece])
        return cuts, people


def alike(one: Layer, other: Layer) -> bool:
    """Whether two layers say the same: the same turns, from the same moment on."""
    return _layer_spec(one) == _layer_spec(other)


def _once(people: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(people))


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"{at} names no time zone: give it one, as in datetime(2026, 11, 20, 9, tzinfo=timezone.utc).")
    if not FIRST <= at < LAST:
        raise BeyondHorizon("A roster is known for the years 1900 to 2200: check the year.")
    return at.astimezone(UTC)


def _layer_spec(layer: Layer) -> dict[str, Any]:
    return {
        "people": [list(turn) for turn in layer.turns],
        "starts": layer.starts.isoformat(timespec="minutes"),
        "every": layer.every,
        "unit": layer.unit,
        "ends": layer.ends and layer.ends.isoformat(timespec="minutes"),
        "lasts": layer.lasts and f"{layer.lasts // timedelta(minutes=1)}m",
        "windows": {day: [list(span) for span in spans] for day, spans in layer.windows.items()},
        "count": layer.count,
    }


def _override_spec(override: Override) -> dict[str, Any]:
    return {
        "kind": override.kind,
        "start": override.start.isoformat(),
        "end": override.end.isoformat(),
        "people": [*override.people],
        "of": [*override.of],
        **({"swap": override.swap} if override.swap is not None else {}),
    }


def _layer(spec: Mapping[str, Any]) -> Layer:
    _known(spec, _LAYER, "A layer")
    given: dict[str, Any] = {key: value for key, value in spec.items() if value is not None}
    for key in _LAYER[:2]:
        if key not in given:
            raise BadRota(f"A layer has no {key}: it needs people, and the wall time at which the first starts.")
    for key in ("starts", "ends"):
        if key in given:
            given[key] = _when(given[key], key)
    if "lasts" in given:
        try:
            given["lasts"] = parse(given["lasts"]).delta
        except BadDuration as error:
            raise BadRota(f"lasts: {error}") from None
    return Layer(**given)


def _override(spec: Mapping[str, Any]) -> Override:
    _known(spec, _OVERRIDE, "An override")
    given: dict[str, Any] = {key: value for key, value in spec.items() if value is not None}
    for key in _OVERRIDE[:4]:
        if key not in given:
            raise BadRota(f"An override has no {key}: it needs {', '.join(_OVERRIDE[:4])}.")
    return Override(**given | {key: _when(given[key], key) for key in ("start", "end")})


def _listed(spec: Mapping[str, Any], key: str) -> list[Any]:
    found = spec.get(key) or []
    if not isinstance(found, list) or not all(isinstance(each, Mapping) for each in found):
        raise BadRota(f"{key} is a list of tables, not {found!r}.")
    return found


def _known(spec: Mapping[str, Any], keys: tuple[str, ...], whose: str) -> None:
    for key in spec:
        if key not in keys:
            raise BadRota(f"{whose} has no {key!r}: its keys are {', '.join(keys)}.")


def _when(written: object, key: str) -> datetime:
    try:
        return datetime.fromisoformat(str(written))
    except ValueError:
        raise BadRota(f"{key}: {written!r} is no date and time: write '2026-11-23T09:00'.") from None
