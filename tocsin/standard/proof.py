"""Is every text of a standard the one that was adopted?

Its log has the SHA-256 of each version, and every clock is read by the text. (R16.1, R17.2)
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from tocsin.log.said import Said, differences, of_kinds
from tocsin.log.snapshot import instant_in, rows
from tocsin.log.verify import Fault
from tocsin.standard.version import Policy, PolicyVersion


def compare() -> Iterator[Fault]:
    """Every version that is not as it was adopted, that no record says was adopted, or that is gone."""
    adopted: dict[tuple[str, int], Said] = {}
    for said in of_kinds("policy_adopted"):
        adopted[said.stream, said.number("number")] = said
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
