"""How does a text become the standard the desk works by?"""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from tocsin.core import policy as document
from tocsin.directory.reach import Reachable
from tocsin.standard.fits import signed
from tocsin.standard.standing import everywhere
from tocsin.standard.steps import ADOPTED, ROLLED_OUT, locked, places_everywhere, take
from tocsin.standard.version import Policy, PolicyVersion


@transaction.atomic
def adopt(
    text: str,
    *,
    name: str = "",
    file: str = "policy.toml",
    by: Reachable | str,
    why: str = "",
    now: datetime,
    in_force: bool = True,
    about: Mapping[str, Any] | None = None,
) -> PolicyVersion:
    """The text is the newest version of its standard, and the standard's log says who adopted it, and why.

    It is in force from now on for everybody whose contract names the standard, unless `in_force` is not wanted: then it
    is only stored, to be piloted or rolled out (life.py). The first version of a standard is in force at once.

    A text that is the newest version already is left as it is. The standard's name is the one the text gives, or
    `name`; `about` goes on record besides. A text that cannot be worked by raises BadPolicy, which names file, line and
    key, and nothing is stored. (R16.1)
    """
    read = document.load(text, name=file)
    policy, _ = Policy.objects.get_or_create(name=name or read.name)
    policy = next(each for each in locked() if each.pk == policy.pk)
    fingerprint = sha256(text.encode()).hexdigest()
    newest = policy.versions.order_by("-number").first()
    named = {pk: each.now.policy for pk, each in signed(now).items()}
    if newest is not None and newest.sha256 == fingerprint:
        current = everywhere(policy)
        if in_force and (current is None or current.version_id != newest.pk):
            said = {"name": policy.name, "number": newest.number, "sha256": fingerprint}
            take(policy, ROLLED_OUT, places_everywhere(newest, named), data=said, by=by, why=why, now=now)
        return newest
    version = policy.versions.create(
        number=newest.number + 1 if newest else 1, text=text, sha256=fingerprint, adopted_at=now
    )
    data: dict[str, Any] = {"name": policy.name, "number": version.number, "sha256": fingerprint, **(about or {})}
    places = places_everywhere(version, named) if in_force or newest is None else []
    take(policy, ADOPTED, places, data=data, by=by, why=why, now=now, key=f"adopt/{version.number}")
    return version
