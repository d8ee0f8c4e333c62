"""How is a standard written: begun, saved, thrown away, adopted?

Every save is on the log of its standard with author, why and the text's SHA-256. Whoever saves says which revision they
had read, so that nobody writes over what they have not seen. (R16.1)
"""

from __future__ import annotations

import re
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from tocsin.core.document import BadPolicy, Document
from tocsin.core.linted import Linted, lint_text
from tocsin.core.place import line_of, places
from tocsin.directory.reach import Reachable, actor
from tocsin.log.append import append
from tocsin.log.chain import Draft as Event
from tocsin.standard import presets
from tocsin.standard.adopt import adopt as adopt_text
from tocsin.standard.draft import ADOPTED, DISCARDED, OPEN, Draft
from tocsin.standard.life import roll_out
from tocsin.standard.steps import locked
from tocsin.standard.version import Policy, PolicyVersion

OPENED, SAVED, DROPPED = "draft_opened", "draft_saved", "draft_discarded"
LONGEST = 1_000_000
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


class DraftRefused(ValueError):
    """What cannot be done to a draft: why, and what to do. Nothing was stored."""


class SavedMeanwhile(DraftRefused):
    """Somebody else has saved since: `theirs` is the draft as it is now."""

    def __init__(self, theirs: Draft) -> None:
        super().__init__(f"{theirs} was saved by somebody else meanwhile: look at their text, then save yours again.")
        self.theirs = theirs


@transaction.atomic
def begin(
    name: str = "",
    *,
    base: PolicyVersion | None = None,
    preset: str = "",
    text: str = "",
    by: Reachable | str,
    note: str = "",
    now: datetime,
) -> Draft:
    """There is a draft of the standard of that name, which need not be there yet: a copy of base, preset or text.

    Without a name it is that of base or preset. A copy under another name says so in its own `standard.name`.
    """
    if preset and preset not in presets.NAMES:
        raise DraftRefused(f"No standard {preset!r} ships: {', '.join(presets.NAMES)}.")
    name = name or (base.policy.name if base else preset)
    if not _NAME.fullmatch(name):
        raise DraftRefused(f"{name!r} is no name for a standard: write it short, of letters, digits, - and _.")
    text = text.replace("\r\n", "\n")
    text = _renamed(text or (base.text if base else presets.text(preset) if preset else ""), name)
    policy, _ = Policy.objects.get_or_create(name=name)
    policy = Policy.objects.select_for_update().get(pk=policy.pk)
    draft = Draft(policy=policy, base=base, preset=preset, note=note, started_by=actor(by), started_at=now)
    _write(draft, text, by=by, now=now)
    draft.save()
    data = {"base": base.number if base else None, "preset": preset, "sha256": draft.sha256}
    _record(draft, OPENED, data, by=by, why=note, now=now)
    return draft


@transaction.atomic
def save(
    draft: Draft,
    text: str,
    *,
    revision: int,
    by: Reachable | str,
    why: str = "",
    note: str | None = None,
    now: datetime,
) -> Draft:
    """The draft is this text, read and judged; a text that is the same is not saved again.

    Whatever can be typed can be saved: what is wrong with it is in `linted`. Raises SavedMeanwhile where `revision` is
    not the one that is stored.
    """
    text = text.replace("\r\n", "\n")  # as browsers end lines
    draft = _locked(draft, revision)
    note = draft.note if note is None else note
    if (text, note) == (draft.text, draft.note):
        return draft
    draft.note = note
    draft.revision += 1
    _write(draft, text, by=by, now=now)
    draft.save()
    _record(draft, SAVED, {"revision": draft.revision, "sha256": draft.sha256}, by=by, why=why, now=now)
    return draft


@transaction.atomic
def discard(draft: Draft, *, by: Reachable | str, why: str = "", now: datetime) -> Draft:
    """Nobody goes on with it. Its text stays."""
    draft = _locked(draft, None)
    draft.state, draft.by, draft.updated_at = DISCARDED, actor(by), now
    draft.save()
    _record(draft, DROPPED, {"sha256": draft.sha256}, by=by, why=why, now=now)
    return draft


@transaction.atomic
def adopt(
    draft: Draft,
    *,
    revision: int,
    by: Reachable | str,
    why: str = "",
    now: datetime,
    in_force: bool = False,
    as_it_is: bool = False,
) -> PolicyVersion:
    """The draft is the newest version of its standard; it is in force nowhere unless it is the first, or `in_force`.

    One that promises what it cannot keep is adopted only `as_it_is`; one nobody can work by never. What says just what
    the newest version says is no new version, and refused.
    """
    locked()  # all of them first, in the order in which steps lock them
    draft = _locked(draft, revision)
    if draft.mistakes:
        raise DraftRefused(f"{draft} has {_counted(draft.mistakes, 'mistake')}: nobody could work by it.")
    if draft.errors and not as_it_is:
        where = _counted(draft.errors, "place")
        raise DraftRefused(f"{draft} promises what it cannot keep, in {where}: mend it, or say that it is meant so.")
    newest = draft.policy.versions.order_by("-number").first()
    if newest is not None and newest.sha256 == draft.sha256:
        raise DraftRefused(f"{draft} says just what {newest} says: there is nothing to adopt.")
    name = draft.policy.name
    about = {"draft": draft.pk}
    version = adopt_text(draft.text, name=name, by=by, why=why, now=now, in_force=False, about=about)
    if in_force and version.number > 1:
        roll_out(version, by=by, why=why, now=now)
    draft.state, draft.version, draft.by, draft.updated_at = ADOPTED, version, actor(by), now
    draft.save()
    return version


def drafts(name: str = "") -> QuerySet[Draft]:
    """The drafts that are open, of one standard or of all, the last saved first."""
    found = Draft.objects.filter(state=OPEN).select_related("policy", "base__policy")
    return found.filter(policy__name=name) if name else found


def draft(pk: int) -> Draft | None:
    """The draft of this number, whatever became of it."""
    return Draft.objects.select_related("policy", "base__policy", "version__policy").filter(pk=pk).first()


def _counted(found: list[Linted], what: str) -> str:
    return f"{len(found)} {what}{'' if len(found) == 1 else 's'}"


def _locked(draft: Draft, revision: int | None) -> Draft:
    Policy.objects.select_for_update().get(pk=draft.policy_id)
    found = Draft.objects.select_for_update(of=("self",)).select_related("policy").get(pk=draft.pk)
    if found.state != OPEN:
        became = f"became {found.version}" if found.version else "was discarded"
        raise DraftRefused(f"{found} {became}: begin another one.")
    if revision is not None and found.revision != revision:
        raise SavedMeanwhile(found)
    return found


def _write(draft: Draft, text: str, *, by: Reachable | str, now: datetime) -> None:
    if len(text) > LONGEST:
        raise DraftRefused(f"A standard of {len(text)} characters cannot be kept: the longest has {LONGEST}.")
    if "\0" in text:
        raise DraftRefused("A standard is a text: it holds a character of no text (NUL).")
    draft.text, draft.sha256 = text, sha256(text.encode()).hexdigest()
    draft.said = [list(each) for each in lint_text(text)]
    draft.by, draft.updated_at = actor(by), now


def _record(draft: Draft, kind: str, data: dict[str, Any], *, by: Reachable | str, why: str, now: datetime) -> None:
    said = data | {"draft": draft.pk} | ({"why": why} if why else {})
    policy = Policy.objects.select_for_update().get(pk=draft.policy_id)
    append(policy, [Event(kind, now, actor(by), said)], now=now)


def _renamed(text: str, name: str) -> str:
    """The text under that name, where it can be read and has another."""
    try:
        content = Document.read(text, name=name).content
    except BadPolicy:
        return text
    standard = content.get("standard")
    if not isinstance(standard, dict) or standard.get("name") in (None, name):
        return text
    lines = text.split("\n")
    at = line_of(places(text), ("standard", "name")) - 1
    lines[at] = re.sub(r"""(=\s*)("[^"]*"|'[^']*')""", rf'\g<1>"{name}"', lines[at], count=1)
    return "\n".join(lines)
