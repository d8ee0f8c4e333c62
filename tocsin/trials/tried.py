"""On which tickets is a standard tried, against what, and whom would it have woken?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from django.db.models import QuerySet

from tocsin.core.document import nearest
from tocsin.core.policy import load
from tocsin.desk.ticket import Ticket
from tocsin.directory.client import Client
from tocsin.directory.holders import Holders
from tocsin.directory.person import Person
from tocsin.directory.roster import Roster
from tocsin.standard import presets
from tocsin.standard.version import PolicyVersion
from tocsin.trials.figures import Page, Share
from tocsin.trials.past import Past
from tocsin.trials.side import Side
from tocsin.trials.tickets import of_desk

OWN = "the standard each was opened under"
RESOLVED_AT_MOST = 5_000  # pages to whose holders somebody waits


class NoSuchStandard(LookupError):
    """Nothing is called so; the sentence says what there is."""


def side(word: str, *, origin: str = "") -> Side:
    """The standard of this file, the preset, or the adopted one, NAME or NAME@VERSION.

    For an export of `origin` a standard that ships says how its priorities meet. Raises NoSuchStandard, BadPolicy.
    """
    title, text = document(word)
    name = load(text).name
    meets: Mapping[str, str] = presets.met(name, origin=origin) if origin and name in presets.NAMES else {}
    return Side(title, text, meets=meets)


def document(word: str) -> tuple[str, str]:
    """What it is called, and its text."""
    name, _, number = word.partition("@")
    if word.endswith(".toml") or "/" in word:
        try:
            return Path(word).name, Path(word).read_text("utf-8")
        except OSError as error:
            raise NoSuchStandard(f"{word} cannot be read: {error.strerror or error}") from error
    versions = PolicyVersion.objects.select_related("policy").filter(policy__name=name).order_by("-number")
    if number:
        if not number.isdecimal():
            raise NoSuchStandard(f"{word!r} names no version: write {name}@2.")
        versions = versions.filter(number=int(number))
    found = versions.first()
    if found is not None:
        return str(found), found.text
    if number:
        raise NoSuchStandard(f"{name} has no version {number} here.")
    if name in presets.NAMES:
        return f"{name} as it ships", presets.text(name)
    known = {*presets.NAMES, *PolicyVersion.objects.values_list("policy__name", flat=True)}
    raise NoSuchStandard(f"No standard is called {word!r}: {nearest(word, known)} A file ends in .toml.")


def own() -> Side:
    """Each ticket's own standard."""
    return Side(OWN, own=dict(PolicyVersion.objects.values_list("pk", "text")))


def chosen(
    *, client: Client | None = None, since: datetime | None = None, until: datetime | None = None
) -> QuerySet[Ticket]:
    """The tickets opened from then to then, the client's or everybody's; drills are none, nor what was merged away."""
    tickets = Ticket.objects.exclude(kind="drill").order_by("pk")
    if client is not None:
        tickets = tickets.filter(client=client)
    if since is not None:
        tickets = tickets.filter(opened_at__gte=since)
    if until is not None:
        tickets = tickets.filter(opened_at__lt=until)
    return tickets


def pasts(tickets: QuerySet[Ticket]) -> Iterator[Past]:
    return of_desk(tickets.select_related("service").iterator(chunk_size=500))


def zone() -> str:
    """Where the desk's night is: where its first roster is kept, else UTC."""
    roster = Roster.objects.order_by("pk").first()
    return str(roster.spec.get("zone", "UTC")) if roster is not None else "UTC"


def woken(share: Share) -> list[Mapping[str, Counter[bool]]]:
    """For each side, who was paged how often, by whether it was night: whoever was on duty then, as rosters say now.

    Nothing where the tickets are none of the desk's, or the pages too many to ask for each.
    """
    if any(len(pages) > RESOLVED_AT_MOST or any(not page.client_id for page in pages) for pages in share.pages):
        return []
    return [_by_person(pages) for pages in share.pages]


def clients(share: Share) -> dict[int, str]:
    """What the clients are called that have earned a credit on either side."""
    known = {earned.client_id for figures in share.sides for earned in figures.credits}
    return dict(Client.objects.filter(pk__in=known).values_list("pk", "name"))


def _by_person(pages: list[Page]) -> Mapping[str, Counter[bool]]:
    found: dict[str, Counter[bool]] = {}
    for page in pages:
        holders = Holders.of([page.client_id], at=page.at).holders(page.role, page.client_id)
        who = next((holder for holder in holders if isinstance(holder, Person)), None)
        found.setdefault(who.name if who else f"{page.role} (nobody)", Counter())[page.night] += 1
    return found
