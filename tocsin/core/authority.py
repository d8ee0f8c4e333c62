"""Who does what, who may allow it, and who decides, by the words of a standard?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from tocsin.core.agreed import ALWAYS, Agreement
from tocsin.core.document import Part
from tocsin.core.practice import Activity, Approval, Decision, Level

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


def raci(top: Part, roles: Mapping[str, Role], levels: Mapping[str, Level]) -> dict[str, Activity]:
    """Who does what: somebody does it, exactly one answers for it, and nobody is told of what they do or are asked."""
    found = {}
    workers = [*roles, *levels]
    for name, part in top.named("raci", "raci.*").items():
        responsible, consulted, informed = (
            part.words(key, workers, what="role or level") for key in ("responsible", "consulted", "informed")
        )
        if not responsible:
            part.note(None, "Nobody does this: give responsible at least one role or level.")
        accountable = part.one_of("accountable", workers, what="role or level")
        taken = dict.fromkeys(responsible, "responsible") | {accountable: "accountable"}
        for key, words in (("consulted", consulted), ("informed", informed)):
            for each in words:
                if each in taken:
                    place = list(part.content[key]).index(each)
                    part.document.note((*part.path, key, place), f"{each!r} is {taken[each]} already: say it once.")
            taken |= dict.fromkeys(words, key)
        found[name] = Activity(name, part.text("title"), responsible, accountable, consulted, informed)
    return found


def decisions(
    top: Part, roles: Mapping[str, Role], levels: Mapping[str, Level], waits: Collection[str]
) -> dict[str, Decision]:
    found = {}
    ours = [role.name for role in roles.values() if role.side == "staff"]
    theirs = [role.name for role in roles.values() if role.side == "client"]
    for name, part in top.named("decisions", "decisions.*").items():
        found[name] = Decision(
            name,
            part.text("title"),
            part.one_of("to", [*ours, *levels], what="role of the staff or level"),
            part.words("examples"),
            part.one_of("asks", theirs, "", what="role of the client"),
            part.one_of("waits", waits, "", what="wait"),
        )
    return found
