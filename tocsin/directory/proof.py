"""Does every client, contract and roster say what is on its record?

What was promised is judged by the contract's row, so a row that nobody signed would rewrite every promise; and a roster
that nobody changed would say that somebody else was on duty. (R17.2)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tocsin.directory.client import Client
from tocsin.directory.clients import AGREED, OF_A_CLIENT
from tocsin.directory.contract import Contract
from tocsin.directory.roster import Roster
from tocsin.log.said import Said, differences, json_in, of_kinds
from tocsin.log.snapshot import instant_in, rows
from tocsin.log.verify import Fault

ADDED = ("client_added", "client_changed")
OF_A_ROSTER = ("name", "role", "client", "spec", "hours", "owner", "fallback", "swaps", "revision", "ended_at")
ROSTERED = (
    *("roster_added", "roster_changed", "roster_overridden", "roster_override_undone"),
    *("roster_swap_proposed", "roster_swap_agreed", "roster_swap_declined", "roster_ended"),
)


def compare() -> Iterator[Fault]:
    """Every client, contract and roster that is not as it was put on record last, on no record, or gone."""
    added: dict[str, Said] = {}
    agreed: dict[tuple[str, int], Said] = {}
    for said in of_kinds(*ADDED, "contract_signed", "contract_revised"):
        if said.kind in ADDED:
            added[said.stream] = said
        else:
            agreed[said.stream, said.number("contract")] = said
    yield from _clients(added)
    yield from _contracts(agreed)
    yield from _rosters({said.stream: said for said in of_kinds(*ROSTERED)})


def _clients(added: dict[str, Said]) -> Iterator[Fault]:
    for pk, *columns in list(rows(Client, ("pk", *OF_A_CLIENT), order=("pk",))):
        name = f"{Client.stream_kind}/{pk}"
        said = added.get(name)
        if said is None:
            yield Fault(name, 0, "it is a client that no record says was added")
        elif wrong := differences(dict(zip(OF_A_CLIENT, columns, strict=True)), said.data):
            yield Fault(name, said.seq, f"its row shows what its log does not say: {wrong}")


def _contracts(agreed: dict[tuple[str, int], Said]) -> Iterator[Fault]:
    columns = ("pk", "client", *AGREED, "revision", "revised_at")
    for pk, client, *row in list(rows(Contract, columns, order=("pk",))):
        name = f"{Client.stream_kind}/{client}"
        said = agreed.pop((name, pk), None)
        stored = _as_recorded(dict(zip(columns[2:], row, strict=True)))
        if said is None:
            yield Fault(name, 0, f"contract/{pk} from {stored['starts_on']} is on no record of this client")
        elif wrong := differences(stored, said.data | {"revised_at": said.effective_at}):
            yield Fault(name, said.seq, f"contract/{pk} shows what the log does not say: {wrong}")
    for (name, pk), said in agreed.items():
        yield Fault(name, said.seq, f"contract/{pk}, which was put on record here, is gone")


def _rosters(told: dict[str, Said]) -> Iterator[Fault]:
    for pk, *row in list(rows(Roster, ("pk", *OF_A_ROSTER), order=("pk",))):
        name = f"{Roster.stream_kind}/{pk}"
        said = told.get(name)
        stored = dict(zip(OF_A_ROSTER, row, strict=True))
        ended = stored["ended_at"]
        stored |= {column: json_in(stored[column]) for column in ("spec", "hours", "swaps")}
        stored["ended_at"] = ended if ended is None else instant_in(ended)
        if said is None:
            yield Fault(name, 0, "it is a roster that no record says was made")
        elif wrong := differences(stored, said.data):
            yield Fault(name, said.seq, f"its row shows what its log does not say: {wrong}")


def _as_recorded(stored: dict[str, Any]) -> dict[str, Any]:
    at = stored["revised_at"]
    return stored | {
        "hours": json_in(stored["hours"]),
        "overrides": json_in(stored["overrides"]),
        "revised_at": at if at is None else instant_in(at),
    }
