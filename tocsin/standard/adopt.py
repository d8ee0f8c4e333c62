"""How does a text become the standard the desk works by?"""

from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from tocsin.core import policy as document
from tocsin.directory.reach import Reachable, actor
from tocsin.log.append import append
from tocsin.log.chain import Draft
from tocsin.standard.version import Policy, PolicyVersion


@transaction.atomic
def adopt(
    text: str, *, name: str = "", file: str = "policy.toml", by: Reachable | str, why: str = "", now: datetime
) -> PolicyVersion:
    """The text is the newest version of its standard, and the standard's log says who adopted it.

    A text that is the newest version already is left as it is; an earlier one adopted again is a new version, which is
    how a standard is rolled back. The standard's name is the one the text gives, or `name`. A text that cannot be
    worked by raises BadPolicy, which names file, line and key, and nothing is stored. (R16.1)
    """
    read = document.load(text, name=file)
    policy, _ = Policy.objects.get_or_create(name=name or read.name)
    policy = Policy.objects.select_for_update().get(pk=policy.pk)
    fingerprint = sha256(text.encode()).hexdigest()
    newest = policy.versions.order_by("-number").first()
    if newest is not None and newest.sha256 == fingerprint:
        return newest
    version = policy.versions.create(
        number=newest.number + 1 if newest else 1, text=text, sha256=fingerprint, adopted_at=now
    )
    data: dict[str, Any] = {"name": policy.name, "number": version.number, "sha256": fingerprint}
    data |= {"why": why} if why else {}
    append(policy, [Draft("policy_adopted", now, actor(by), data, key=f"adopt/{version.number}")], now=now)
    return version
