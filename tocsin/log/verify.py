"""Is everything on record still as it was recorded?

Needs no right but to read, and trusts nothing it reads: each event is checked against its own hash, its columns against
its text, its place against the chain, the chain against the head on its stream's row, and all of it against the signed
roots. What a projection should say is known a floor above (desk/proof.py).
"""

import json
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from tocsin.log.chain import Entry, Unrecordable, link
from tocsin.log.event import Event
from tocsin.log.root import Root, digest
from tocsin.log.signature import is_signed, public_file, public_keys
from tocsin.log.snapshot import instant_in, rows, snapshot
from tocsin.log.stream import streams

Progress = Callable[[int, int], None]

_STEP = 1_000


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, where: the stream ("ticket/17", "root/2026-11-21") and the sequence, 0 for the whole of it."""

    stream: str
    seq: int
    what: str

    def __str__(self) -> str:
        return f"{self.stream} {self.seq}: {self.what}" if self.seq else f"{self.stream}: {self.what}"


@dataclass(frozen=True, slots=True)
class _Sealed:
    hash: str
    day: str


@dataclass(frozen=True, slots=True)
class _End:
    seq: int
    hash: str
    recorded_at: str


def verify(progress: Progress | None = None, *, trusted: Path | None = None) -> Iterator[Fault]:
    """Every fault of the log, read as of one moment; nothing when all is as it was recorded.

    `progress` is called now and then with the events read and their number. `trusted` is a file of public keys
    (signature.py); without one this machine's own root.pub, and without that the key that signed the first root.
    """
    with snapshot():
        sealed: dict[str, dict[int, _Sealed]] = {}
        sound = yield from _roots(sealed, trusted)
        newest = {stream: max(heads) for stream, heads in sealed.items()}
        ends: dict[str, _End] = {}
        yield from _events(sealed, ends, progress)
        for stream, heads in sealed.items():
            yield Fault(stream, 1, f"all its events are gone: {_sealed_until(heads)}")
        yield from _heads(ends, newest if sound else None)


def _roots(sealed: dict[str, dict[int, _Sealed]], trusted: Path | None) -> Generator[Fault, None, bool]:
    """Faults of the roots; returns whether every root can be relied on."""
    keys = public_keys(trusted) if trusted else public_keys(public_file()) if public_file().exists() else set()
    previous: set[str] | None = {""}
    newest: dict[str, int] = {}
    sound = True
    for pk, day in list(rows(Root, ("pk", "day"), order=("day",))):
        name = f"root/{day}"
        told = None
        try:
            root = Root.objects.get(pk=pk)
            true = digest(root.signed_text)
        except Exception:  # of what somebody made unreadable, nothing more can be said
            previous, sound = None, False
            yield Fault(name, 0, "it cannot be read")
            continue
        keys = keys or {root.public_key}
        if previous is not None and root.previous not in previous:
            told = "it does not follow the root before it: one is missing or was replaced"
        elif true != root.digest:
            told = "its text is not the one that was signed"
        elif root.public_key not in keys:
            told = "it is signed with a key that is not trusted here"
        elif not is_signed(root.signed_text, root.signature, root.public_key):
            told = "its signature is wrong"
        previous = {root.digest, true}  # of a changed one, either may be what the next one follows
        if told:
            sound = False
            yield Fault(name, 0, told)
            continue  # what it says proves nothing
        for head in root.lines():
            if head.seq < newest.get(head.stream, 0):
                yield Fault(head.stream, head.seq, f"{name} seals a shorter story than a root before it")
            newest[head.stream] = head.seq
            known = sealed.setdefault(head.stream, {}).setdefault(head.seq, _Sealed(head.hash, str(root.day)))
            if known.hash != head.hash:
                yield Fault(head.stream, head.seq, f"{name} and root/{known.day} seal it differently")
    return sound


def _events(sealed: dict[str, dict[int, _Sealed]], ends: dict[str, _End], progress: Progress | None) -> Iterator[Fault]:
    """Faults of every story; takes the streams it has read out of `sealed` and notes where each ends."""
    total = Event.objects.count() if progress else 0
    read = told = 0
    for name, found in groupby(rows(Event, Entry._fields, order=("stream", "seq")), key=itemgetter(0)):
        story = [_as_recorded(row) for row in found]
        ends[name] = yield from _story(name, story, sealed.pop(name, {}))
        read += len(story)
        if progress and read - told >= _STEP:
            told = read
            progress(read, total)
    if progress:
        progress(read, total)


def _story(name: str, story: list[Entry], sealed: dict[int, _Sealed]) -> Generator[Fault, None, _End]:
    before, expected, recorded, last = "", 1, "", ""
    others: list[str] = []  # hashes that the next event may also follow, because this one is at fault
    for entry in story:
        if type(entry.seq) is not int or entry.seq < expected:
            yield Fault(name, 0, f"an event has {entry.seq!r} for its sequence")
            continue
        gap = entry.seq > expected
        if gap:
            yield Fault(name, expected, _gone(expected, entry.seq - 1))
        right = _hash(before, entry.body)
        linked = gap or entry.hash == right or any(entry.hash == _hash(other, entry.body) for other in others)
        wrong = _differs(entry) or ("" if linked else "its text or its hash was changed")
        if not wrong and str(entry.recorded_at) < recorded:
            wrong = "it was recorded before the event before it"
        seal = sealed.pop(entry.seq, None)
        if not wrong and seal and seal.hash != entry.hash:
            wrong = f"the story up to here was rewritten after root/{seal.day} sealed it"
        if wrong:
            yield Fault(name, entry.seq, wrong)
        else:
            recorded = str(entry.recorded_at)
        others = [right, *(other.hash for other in story)] if wrong else []
        before, expected, last = entry.hash, entry.seq + 1, str(entry.recorded_at)
    if lost := {seq: seal for seq, seal in sealed.items() if seq >= expected}:
        yield Fault(name, expected, f"{_gone(expected, max(lost))}: {_sealed_until(lost)}")
    return _End(expected - 1, before, last)


def _heads(ends: dict[str, _End], newest: dict[str, int] | None) -> Iterator[Fault]:
    """Faults of the heads that stand on the streams' rows; empties `ends`.

    `newest` is up to where each stream is sealed; None where a root is at fault, for then no row's mark can be judged.
    """
    marked_too_far: list[tuple[str, Any]] = []
    for model in streams():
        for pk, seq, head, at, marked in rows(model, ("pk", "head_seq", "head_hash", "head_at", "sealed_seq")):
            name = f"{model.stream_kind}/{pk}"
            end = ends.pop(name, _End(0, "", ""))
            if seq != end.seq:
                where = min(seq, end.seq) + 1 if type(seq) is int else 0
                yield Fault(name, where, f"the head on its row stands at {seq}, its story ends at {end.seq}")
            elif head != end.hash:
                yield Fault(name, seq, "the head on its row has another hash than its last event")
            elif at is not None and instant_in(at) != end.recorded_at:
                yield Fault(name, seq, "the head on its row has another instant than its last event")
            # Behind the roots it may be: whoever sealed died before marking the rows.
            if newest is not None and (type(marked) is not int or marked > newest.get(name, 0)):
                marked_too_far.append((name, marked))
    if marked_too_far:  # one edit, where a root was taken away: said once
        name, marked = marked_too_far[0]
        others = f" (so with {more} more)" if (more := len(marked_too_far) - 1) else ""
        yield Fault(name, 0, f"its row says that a root has sealed it up to {marked}, and no root does{others}")
    for name, end in ends.items():
        yield Fault(name, end.seq, "the row of this stream is gone")


def _as_recorded(row: tuple[Any, ...]) -> Entry:
    # Its two instants as text, to be compared with those in the body.
    return Entry(*row[:4], instant_in(row[4]), instant_in(row[5]), *row[6:])


def _hash(before: str, body: Any) -> str:
    with suppress(Unrecordable):
        return link(before, body)
    return ""


def _differs(entry: Entry) -> str:
    """Where the columns say something else than the text; empty when they agree."""
    try:
        body = json.loads(entry.body)
        if (body["stream"], body["seq"]) != (entry.stream, entry.seq):
            return f"its text is that of {body['stream']} {body['seq']}"
        for column, named in _REPEATED:
            if body[named] != getattr(entry, column):
                return f"its {column} was changed: {getattr(entry, column)!r}, and its text says {body[named]!r}"
    except (ValueError, KeyError, TypeError, RecursionError):
        return "its text cannot be read"
    return ""


_REPEATED = [(name, "client" if name == "client_id" else name) for name in Entry._fields[2:8]]


def _gone(first: int, last: int) -> str:
    return "it is missing" if first == last else f"it and what follows, up to {last}, is missing"


def _sealed_until(heads: dict[int, _Sealed]) -> str:
    return f"root/{heads[max(heads)].day} sealed {max(heads)}"
