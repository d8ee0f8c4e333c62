"""Who does what, who may allow it, and who decides, by the words of a standard?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tocsin.core.agreed import ALWAYS, Agreement
from tocsin.core.document import Part
from tocsin.core.practice import Approval

if TYPE_CHECKING:
    from tocsin.core.clauses import Role


def approvals(
    top: Part, agreed: Agreement, roles: Mapping[str, Role], priorities: tuple[str, ...]
) -> dict[str, Approval]:
    found = {}
    ours = [role.name for role in roles.values() if role.side == "staff"]
    for name, part in top.named("approvals", "approvals.*").items():
        when, by = part.words("when"), part.words("by", roles, what="role")
        if not when:
            part.note(None, "Nothing needs this approval: give when at least one thing that does.")
        if not by:
            part.note(None, "Nobody may give this approval: give by at least one role.")
        delegates = part.words("delegates", roles, what="role")
        for place, each in enumerate(delegates):
            if each in by:
                part.document.note((*part.path, "delegates", place), f"{each!r} stands in by, too: say it once.")
        expires = None
        if part.has("expires"):
            expires = agreed.time(part, "expires", on=ALWAYS, least="The time until it expires")
        emergency_by = part.words("emergency_by", ours, what="role of the staff")
        emergency_for = part.words("emergency_for", priorities, what="priority")
        if emergency_by and not emergency_for:
            part.note("emergency_by", "An emergency is one of some priorities: say of which in emergency_for.")
        if emergency_for and not emergency_by:
            part.note("emergency_for", "Somebody acts in an emergency: say who in emergency_by.")
        found[name] = Approval(name, part.text("title"), when, by, delegates, expires, emergency_by, emergency_for)
    return found
