"""Which faults must the SIGKILL test catch, and by which words?

Each is planted in a copy of the tree, alone; the test, shortened, must then fail and say why. `tests.mutate` imports
MUTANTS; `python -m tests.chaos.mutants NAME…` plants them by itself.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEST = "tests/chaos/test_sigkill.py"
KILLS = "20"

Edit = tuple[str, str, str]  # a file, what stands in it (once), what stands there instead

LOG_TABLE = "tocsin/migrations/0001_log.py"
OUTBOX_TABLE = "tocsin/migrations/0004_outbox.py"
SEQUENCE_UNIQUE = "models.UniqueConstraint(fields=('stream', 'seq'), name='event_once_in_stream'), "
KEY_UNIQUE = (
    "models.UniqueConstraint(condition=models.Q(('key__isnull', False)), fields=('stream', 'key'),"
    " name='event_key_once_in_stream'), "
)
LETTER_UNIQUE = "models.UniqueConstraint(fields=('ticket_id', 'key'), name='delivery_once_a_ticket'), "


@dataclass(frozen=True, slots=True)
class Mutant:
    """A named fault: what is wrong, the edits that make it so, the database on which it shows, and words that the
    failing test says."""

    name: str
    fault: str
    edits: tuple[Edit, ...]
    database: str
    says: str


DELIVERIES = "tocsin/engine/deliveries.py"
TICKETS = "tocsin/engine/tickets.py"
NO_LOCK: Edit = (
    TICKETS,
    '        tickets = tickets.select_for_update(skip_locked=True, of=("self",))\n',
    "        pass\n",
)
HAND_OVER = "    try:\n        receipt = channel.send(letter)\n"
GATHER = "        entries += drafted\n"
COMMIT = """        connection.cursor().execute("COMMIT")
        connection.cursor().execute("BEGIN")
"""

MUTANTS = (
    Mutant(
        "unique_keys_dropped",
        "Two engines have a ticket in hand at once, and nothing in the database refuses an event's key, a place in the "
        "chain or a letter's key for the second time. (Any one of the four left standing keeps the second effect out.)",
        (
            NO_LOCK,
            (LOG_TABLE, SEQUENCE_UNIQUE, ""),
            (LOG_TABLE, KEY_UNIQUE, ""),
            (OUTBOX_TABLE, LETTER_UNIQUE, ""),
        ),
        "postgres",
        "is on record 2 times",
    ),
    Mutant(
        "lock_dropped",
        "Two engines may take the same ticket.",
        (NO_LOCK,),
        "postgres",
        "",
    ),
    Mutant(
        "claim_lock_dropped",
        "Two engines may claim the same letter under the same token.",
        ((DELIVERIES, "            found = found.select_for_update(skip_locked=True)\n", "            pass\n"),),
        "postgres",
        "times, unmarked",
    ),
    Mutant(
        "token_unchecked",
        "An engine that slept through its lease goes on as if it held it.",
        ((DELIVERIES, "pk=delivery.pk, token=delivery.token, state=", "pk=delivery.pk, state="),),
        "postgres",
        "times, unmarked",
    ),
    Mutant(
        "receipt_before_send",
        "A letter is on record as delivered before it is handed over.",
        (
            (
                DELIVERIES,
                HAND_OVER,
                '    _record_sent(delivery, Receipt(str(channel.message(letter)["Message-ID"])), clock(), done)\n'
                + HAND_OVER,
            ),
        ),
        "sqlite",
        "the mail server has never seen it",
    ),
    Mutant(
        "mark_not_set",
        "A letter that may have arrived is sent again as if it had not.",
        ((DELIVERIES, "            return\n        delivery.duplicate_possible = True\n", "            return\n"),),
        "sqlite",
        "times, unmarked",
    ),
    Mutant(
        "handing_over_not_durable",
        "That a letter is about to be handed over is not written down before it is.",
        ((DELIVERIES, "        handed_at=now,\n        lease_until=now + LEASE,", "        lease_until=now + LEASE,"),),
        "sqlite",
        "times, unmarked",
    ),
    Mutant(
        "commit_before_letters",
        "What is on record is committed, ticket by ticket, before the letters it asks for are in the outbox.",
        ((TICKETS, GATHER, "        insert(drafted)\n        save_all([ticket])\n" + COMMIT),),
        "sqlite",
        "had to be delivered, and none was",
    ),
    Mutant(
        "commit_before_look_at",
        "What is on record is committed, ticket by ticket, before the tickets' rows say so.",
        ((TICKETS, GATHER, "        insert(drafted)\n" + COMMIT),),
        "sqlite",
        "StaleHead",
    ),
)


def plant(mutant: Mutant, tree: Path) -> None:
    """The fault is in the tree."""
    for name, old, new in mutant.edits:
        path = tree / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{mutant.name}: {name} has {text.count(old)} times {old!r}"
        path.write_text(text.replace(old, new), encoding="utf-8")


def caught(mutant: Mutant) -> str:
    """Why the test failed with the fault planted; empty when it passed, or failed for another reason."""
    with tempfile.TemporaryDirectory(prefix="tocsin-mutant-", ignore_cleanup_errors=True) as folder:
        tree = Path(folder) / "tree"
        unwanted = shutil.ignore_patterns(".*", "__pycache__", "var")
        for part in ("tocsin", "tests"):
            shutil.copytree(ROOT / part, tree / part, ignore=unwanted)
        shutil.copy(ROOT / "pyproject.toml", tree)
        plant(mutant, tree)
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                TEST,
                "-q",
                "--basetemp",
                str(Path(folder) / "t"),
            ],
            cwd=tree,
            env={**os.environ, "TOCSIN_TEST_DATABASE": mutant.database, "TOCSIN_TEST_KILLS": KILLS},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode in (0, 1), f"{done.stdout}\n{done.stderr}"
        words = [line[1:].strip() for line in done.stdout.splitlines() if line.startswith("E ")]
        return next((line for line in words if mutant.says in line), "") if done.returncode == 1 else ""


if __name__ == "__main__":
    wanted = [name for name in sys.argv[1:] if not name.startswith("-")]
    missed = 0
    for mutant in MUTANTS:
        if not wanted or mutant.name in wanted:
            why = caught(mutant)
            missed += not why
            print(f"{mutant.name} on {mutant.database}: {'caught: ' + why[:200] if why else 'NOT CAUGHT'}", flush=True)
    sys.exit(missed > 0)
