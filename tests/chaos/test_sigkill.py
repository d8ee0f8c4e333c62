"""Does a desk whose engines are killed at random moments still do everything that is due, once?

Shipped engines, a real mail server, a database of their own. What was due comes from `oracle`; what was sent from the
mail server's own record; what Tocsin believes from its log, read by SQL. (semantics 6 and 10)
"""

from __future__ import annotations

import json
import os
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.chaos.fleet import Fleet
from tests.chaos.oracle import MOVED, STORIES, Ticket, complete_until, obligations
from tests.chaos.sink import Sink, Taken
from tests.chaos.stores import Postgres, Sqlite
from tests.postgres import Cluster

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("TOCSIN_TEST_KILLS", "50"))
SHARE = KILLS / 50
NO_PROGRESS_S = 30
SLEEPS = max(3, KILLS // 8)


@pytest.mark.only_on("sqlite")
def test_one_engine_on_sqlite_is_killed_again_and_again_and_misses_and_repeats_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = Sqlite(tmp_path / "desk.sqlite3")

    _endure(store, tmp_path, capsys)


@pytest.mark.only_on("postgresql")
def test_two_engines_on_postgresql_are_killed_again_and_again_and_miss_and_repeat_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = Postgres(Cluster(os.environ["TOCSIN_DATABASE_URL"]).create("tocsin_chaos"))

    with closing(store.connection):
        _endure(store, tmp_path, capsys)


def _endure(store: Sqlite | Postgres, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    seed = int(os.environ.get("TOCSIN_TEST_SEED", "") or random.SystemRandom().randrange(1_000_000))
    dice = random.Random(seed)
    begun = time.monotonic()
    with closing(Sink(home / "letters", store.engines, dice)) as sink:
        fleet = Fleet(home, store, sink, dice)
        fleet.run("tocsin", "migrate")
        store.watch()
        opened = json.loads(fleet.run("tests.chaos.opening", str(seed), str(SHARE)))
        desk = Desk(store, opened)
        try:
            fleet.start()
            _interrupt(fleet, desk)
            _finish(fleet, desk)
            fleet.stop()
        finally:
            fleet.end()
        with capsys.disabled():
            print(f"\n  seed {seed}: {fleet.tally}; {len(desk.due())} obligations, {sink.count} letters taken over,")
            print(f"  {sum(letter.marked for letter in sink.taken())} of them marked; {time.monotonic() - begun:.0f} s")

        assert datetime.now(UTC) < complete_until(desk.tickets), "this took longer than the oracle's lists reach"
        faults = [*desk.decided_wrong(), *desk.sent_wrong(sink.taken(), fleet)]
        assert not faults, "\n".join([f"{len(faults)} faults with seed {seed}, among them:", *faults[:20]])
        fleet.run("tocsin", "verify")
        assert not fleet.errors()
        assert fleet.tally.either >= KILLS * 3 // 5 and fleet.tally.open_work and fleet.tally.unanswered
        assert len(desk.due()) >= 2000 * SHARE


def _interrupt(fleet: Fleet, desk: Desk) -> None:
    """Engines are killed until it was often enough, and often enough in the middle of something."""
    sleeps = SLEEPS if fleet.store.engines > 1 else 0
    acts = ["kill"] * KILLS + ["sleep"] * sleeps
    fleet.dice.shuffle(acts)
    while acts:
        # The mail server takes its time, so that there is work left until the last kill.
        left = max(1, desk.letters_at_most() - fleet.sink.count)
        fleet.sink.pace_s = min(0.2, max(0.04, 0.4 * fleet.store.engines * len(acts) / left))
        if acts.pop() == "sleep":
            fleet.let_one_sleep()
        else:
            fleet.kill_one()
        if not acts and fleet.tally.either < KILLS * 3 // 5:
            assert not desk.is_done(), f"all was done after {fleet.tally}"
            acts.append("kill")
    fleet.sink.pace_s = 0.0


def _finish(fleet: Fleet, desk: Desk) -> None:
    """What is left is done; it may take its time as long as it goes on."""
    seen, since = desk.progress(), time.monotonic()
    while not desk.is_done():
        time.sleep(0.2)
        if (now := desk.progress()) != seen or datetime.now(UTC) < desk.last_at:
            seen, since = now, time.monotonic()
        assert not fleet.errors()
        assert time.monotonic() < since + NO_PROGRESS_S, f"nothing goes on: {fleet.complaints()}"


class Desk:
    """What the database says, beside what the oracle says."""

    def __init__(self, store: Sqlite | Postgres, opened: dict) -> None:
        self.store = store
        self.who: dict[str, str] = opened["who"]
        self.client = {one["pk"]: one["client"] for one in opened["tickets"]}
        self.tickets = [
            Ticket(one["pk"], one["story"], datetime.fromisoformat(one["reported_at"])) for one in opened["tickets"]
        ]
        self.number = {one["pk"]: one["number"] for one in opened["tickets"]}
        # What people's acts told the clients, put into the outbox by the verbs themselves.
        self.queued = [
            (pk, key) for pk, key in store.rows("SELECT ticket_id, key FROM tocsin_delivery WHERE state = 'queued'")
        ]
        self.last_at = max(t.reported_at + timedelta(minutes=STORIES[t.story].last) for t in self.tickets)

    # -- while it goes on

    def progress(self) -> object:
        return self.store.rows("SELECT count(*), max(id) FROM tocsin_event")

    def is_done(self) -> bool:
        waiting = "SELECT count(*) FROM tocsin_delivery WHERE state IN ('queued', 'sending')"
        looks = "SELECT min(look_at) FROM tocsin_ticket"
        now = datetime.now(UTC)
        if now <= self.last_at or self.store.rows(waiting)[0][0]:
            return False
        first = self.store.rows(looks)[0][0]
        return first is None or self.store.instant(first) > now

    def letters_at_most(self) -> int:
        return sum(len({role for row in STORIES[t.story].rows for role in row.told}) for t in self.tickets)

    # -- when it is over

    def due(self) -> dict[tuple[int, str], tuple[datetime, tuple[str, ...]]]:
        moved = {pk: seq for pk, seq, _, key, *_ in self._log() if key == MOVED}
        return obligations(self.tickets, moved)

    def decided_wrong(self) -> Iterator[str]:
        """Where the log differs from what was due: by a key, by how often, or by a microsecond."""
        due = self.due()
        times = Counter()
        for pk, _, kind, key, effective_at, _, _ in self._log():
            if key is None or key.startswith("delivered/"):
                if kind in ("engine_error", "undelivered"):
                    yield f"ticket {pk}: {kind}"
                continue
            times[pk, key] += 1
            if (pk, key) not in due:
                yield f"ticket {pk}: {key} is on record and was not due"
            elif due[pk, key][0] != effective_at:
                yield f"ticket {pk}: {key} fell due at {due[pk, key][0]}, and the log has {effective_at}"
        yield from (f"ticket {pk}: {key} is on record {n} times" for (pk, key), n in times.items() if n > 1)
        yield from (f"ticket {pk}: {key} was due and is not on record" for pk, key in due if (pk, key) not in times)

    def sent_wrong(self, taken: list[Taken], fleet: Fleet) -> Iterator[str]:
        """Where the mail server's record differs from what had to be told, or from what the log says was."""
        by_id: dict[str, list[Taken]] = defaultdict(list)
        for letter in taken:
            by_id[letter.id].append(letter)
        addressed = {self.who[role]: role.split(" of ")[0].lower() for role in self.who}
        wanted, told = self._letters_due(), set()
        for pk, _, kind, key, _, _, data in self._log():
            if kind != "delivered":
                continue
            letter_key, id = key.removeprefix("delivered/"), data["receipt"].split()[0]
            told.add((pk, letter_key))
            copies = by_id.pop(id, [])
            if not copies:
                yield f"ticket {pk}: {letter_key} is said to be delivered, and the mail server has never seen it"
                continue
            for copy in copies:
                if copy.to != f"{addressed[data['person']]}@msp.example" or copy.about != [self.number[pk]]:
                    yield f"ticket {pk}: {letter_key} went to {copy.to} and was about {copy.about}"
            unmarked = [number for number, copy in enumerate(copies) if not copy.marked]
            asleep = (pk, letter_key) in fleet.tally.slept_on  # its first copy may have come after its second
            if len(unmarked) > 1 or (unmarked and unmarked[0] > 0 and not asleep):
                yield f"ticket {pk}: {letter_key} came {len(copies)} times, unmarked: number {unmarked}"
            if len(copies) > 1 and not data["possible_duplicate"]:
                yield f"ticket {pk}: {letter_key} came {len(copies)} times, and the log does not say it may have"
        yield from (f"the mail server has {copies[0]}, of which the log knows nothing" for copies in by_id.values())
        for pk, keys in wanted:
            if len(found := keys & {key for of, key in told if of == pk}) != 1:
                yield f"ticket {pk}: one of {sorted(keys)} had to be delivered, and {sorted(found) or 'none'} was"
        allowed = {(pk, key) for pk, keys in wanted for key in keys}
        yield from (f"ticket {pk}: {key} was delivered, and nobody had to hear it" for pk, key in told - allowed)
        marked = {letter.id for letter in taken if letter.marked}
        if len(marked) > fleet.tally.kills + 2 * fleet.tally.sleeps:
            yield f"{len(marked)} letters are marked as possible duplicates after {fleet.tally}"

    def _letters_due(self) -> list[tuple[int, set[str]]]:
        """(ticket, keys): one letter, under one of these keys. Who is told of several things at once gets one letter,
        for the last of them; what is said at once is what was put on record at once."""
        due = self.due()
        groups: dict[tuple[int, datetime, str], list[tuple[datetime, str]]] = defaultdict(list)
        for pk, _, _, key, _, recorded_at, _ in self._log():
            at, roles = due.get((pk, key), (recorded_at, ()))
            for role in roles:
                person = self.who.get(role) or self.who[f"{role} of {self.client[pk]}"]
                groups[pk, recorded_at, person].append((at, f"{key}/{person}"))
        at_once = [(pk, {key for at, key in found if at == max(found)[0]}) for (pk, _, _), found in groups.items()]
        return [*at_once, *((pk, {key}) for pk, key in self.queued)]

    def _log(self) -> list[tuple[int, int, str, str | None, datetime, datetime, dict]]:
        """Every ticket's events: ticket, sequence, kind, key, effective_at, recorded_at, fields."""
        if not hasattr(self, "_read"):
            query = "SELECT stream, seq, kind, key, effective_at, recorded_at, body FROM tocsin_event ORDER BY id"
            instant = self.store.instant
            self._read = [
                (int(stream[7:]), seq, kind, key, instant(at), instant(recorded), json.loads(body)["data"])
                for stream, seq, kind, key, at, recorded, body in self.store.rows(query)
                if stream.startswith("ticket/")
            ]
        return self._read
