"""Is every text of a standard the one that was adopted, and in force where its log says?

Its log has the SHA-256 of each version, and every clock is read by the text; and each step that put a version in force
somewhere, for a row that nobody took the step for would change promises. (R16.1, R17.2)
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from tocsin.log.said import Said, differences, of_kinds
from tocsin.log.snapshot import instant_in, rows
from tocsin.log.verify import Fault
from tocsin.standard.draft import Draft
from tocsin.standard.drafts import OPENED, SAVED
from tocsin.standard.standing import Standing
from tocsin.standard.steps import ADOPTED, STEPS
from tocsin.standard.version import Policy, PolicyVersion

_Row = tuple[str, int, Any]  # a stream, a batch, and a client or None
_COLUMNS = ("policy", "batch", "client", "step", "version", "over", "since", "until", "undoes", "by", "why")


def compare() -> Iterator[Fault]:
    """Every version, standing and draft that is not as its log says, that is on no record, or that is gone."""
    steps = list(of_kinds(*STEPS))
    yield from _versions({(said.stream, said.number("number")): said for said in steps if said.kind == ADOPTED})
    yield from _standings(steps)
    yield from _drafts([*of_kinds(OPENED, SAVED), *steps])


def _versions(adopted: dict[tuple[str, int], Said]) -> Iterator[Fault]:
    names = dict(rows(Policy, ("pk", "name")))
    columns = ("policy", "number", "text", "sha256", "adopted_at")
    for policy, number, text, written, adopted_at in list(rows(PolicyVersion, columns, order=("policy", "number"))):
        stream = f"{Policy.stream_kind}/{policy}"
        said = adopted.pop((stream, number), None)
        fingerprint = sha256(str(text).encode(errors="surrogateescape")).hexdigest()
        stored = {"name": names.get(policy), "sha256": written, "adopted_at": instant_in(adopted_at)}
        if said is None:
            yield Fault(stream, 0, f"version {number} is one that no record says was adopted")
            continue
        wrong = differences(stored, said.data | {"adopted_at": said.effective_at})
        if fingerprint != said.data.get("sha256"):
            wrong = ", ".join(filter(None, (f"its text has the SHA-256 {fingerprint}", wrong)))
        if wrong:
            yield Fault(stream, said.seq, f"version {number} is not the one that was adopted: {wrong}")
    for (stream, number), said in adopted.items():
        yield Fault(stream, said.seq, f"version {number}, which was adopted here, is gone")


def _standings(steps: list[Said]) -> Iterator[Fault]:
    told = dict(row for said in steps for row in _told(said))
    known = list(rows(PolicyVersion, ("pk", "policy", "number")))
    versions = {pk: f"policy/{policy} {number}" for pk, policy, number in known}
    adopted = {f"{said.stream} {said.number('number')}" for said in steps if said.kind == ADOPTED}
    adopted &= set(versions.values())
    for policy, batch, client, *columns in list(rows(Standing, _COLUMNS, order=("pk",))):
        stream = f"{Policy.stream_kind}/{policy}"
        expected = told.pop((stream, batch, client), None)
        where = "everywhere" if client is None else f"at client/{client}"
        stored = dict(zip(_COLUMNS[3:], columns, strict=True))
        version = stored["version"]
        stored |= {
            "version": version if version is None else versions.get(version, f"none of its versions ({version})"),
            "since": instant_in(stored["since"]),
            "until": stored["until"] if stored["until"] is None else instant_in(stored["until"]),
        }
        if expected and not {stored["version"], expected["version"]} & {*adopted, None}:
            stored["version"] = expected["version"]  # a version that is gone or renumbered was named above
        if expected is None:
            yield Fault(stream, 0, f"{stored['version'] or 'nothing'} is in force {where} by no step of its log")
        elif wrong := differences(stored, expected):
            yield Fault(stream, batch, f"what is in force {where} is not what this step says: {wrong}")
    for stream, batch, client in told:
        where = "everywhere" if client is None else f"at client/{client}"
        yield Fault(stream, batch, f"what this step put in force {where} is gone")


def _drafts(steps: list[Said]) -> Iterator[Fault]:
    saved: dict[tuple[str, int], Said] = {}
    for said in sorted(steps, key=lambda said: said.seq):
        if "draft" in said.data:
            saved[said.stream, said.number("draft")] = said
    for pk, policy, text in list(rows(Draft, ("pk", "policy", "text"), order=("pk",))):
        stream = f"{Policy.stream_kind}/{policy}"
        last = saved.pop((stream, pk), None)
        if last is None:
            yield Fault(stream, 0, f"draft {pk} is one that no record says was begun")
        elif sha256(str(text).encode(errors="surrogateescape")).hexdigest() != last.data.get("sha256"):
            yield Fault(stream, last.seq, f"draft {pk} has another text than the one that was saved")
    for (stream, pk), said in saved.items():
        yield Fault(stream, said.seq, f"draft {pk}, which was saved here, is gone")


def _told(said: Said) -> Iterator[tuple[_Row, dict[str, Any]]]:
    """What the row of each place must say after this step."""
    general = {"client": None, "policy": said.stream.removeprefix("policy/"), "number": said.data.get("number")}
    places = said.data.get("standings", [general] if said.kind == ADOPTED else [])
    for place in places if isinstance(places, list) else []:
        if not isinstance(place, dict) or not isinstance(place.get("client"), int | None):
            continue
        has = place.get("number") is not None
        yield (
            (said.stream, said.seq, place.get("client")),
            {
                "step": STEPS[said.kind],
                "version": f"policy/{place.get('policy')} {place.get('number')}" if has else None,
                "over": place.get("over", ""),
                "since": said.effective_at,
                "until": place.get("until"),
                "undoes": said.data.get("undoes"),
                "by": said.actor,
                "why": said.data.get("why", ""),
            },
        )
