"""Who works here, in a shell?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db.models import Q

from tocsin.core.document import nearest
from tocsin.desk.board import LIVE
from tocsin.desk.ticket import Ticket
from tocsin.directory import people
from tocsin.directory.client import Client
from tocsin.directory.people import ACCESS, PersonRefused
from tocsin.directory.person import ASSIGNED, EVERY_CLIENT, Person
from tocsin.management.command import Command as Taught
from tocsin.standard.terms import NothingAgreed, terms_for


class Command(Taught):
    help = """
        Say who works here, what they may see, and what they are asked as. A person is no sign-in: tocsin account add
        gives them one. Somebody with read-only is an auditor: they see everything and change nothing. Who is assigned
        sees and works on their clients alone.

        A role is held for every client, behind who holds it already; a roster (On call) takes turns instead. Who has
        left cannot sign in and is paged no more; what they did stays on record under their name.
        """
    example = """
        tocsin person                                                       everybody
        tocsin person add "Ann Berg" ann@msp.example --level L1 --role L1
        tocsin person add "Rita Sole" rita@audit.example --access read-only
        tocsin person add "Kai Moss" kai@msp.example --level L1 --access assigned --client acme --client bolt
        tocsin person leave ann@msp.example
        """

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", metavar="ACT", title="acts")
        added = _act(acts, "add", "They work here. tocsin account add lets them sign in.")
        added.add_argument("name", metavar="NAME", help="what they are called")
        added.add_argument("email", metavar="EMAIL", help="where they are reached, and sign in")
        added.add_argument("--level", default="", help="the level they work at: L1, L2, … (left out: none)")
        added.add_argument(
            "--access", choices=ACCESS, default=EVERY_CLIENT, help=f"what they see (default {EVERY_CLIENT})"
        )
        added.add_argument(
            "--client", action="append", default=[], metavar="SLUG", help=f"one of theirs, with --access {ASSIGNED}"
        )
        added.add_argument("--role", action="append", default=[], help="what they are asked as, for every client")
        _act(acts, "list", "Everybody, their level, what they see and hold.")
        left = _act(acts, "leave", "They work here no more, from the next request on.")
        left.add_argument("who", metavar="WHO", help="name or mail address")

    def handle(self, *, act: str | None, **options: Any) -> None:
        try:
            getattr(self, act or "list")(**options)
        except PersonRefused as error:
            raise CommandError(str(error)) from error

    def list(self, **_: Any) -> None:
        found = list(Person.objects.prefetch_related("clients", "holdings"))
        if not found:
            self.stdout.write("Nobody works here yet: tocsin person add --help")
            return
        rows = [(str(one), one.email, one.level or "-", _sees(one)) for one in found]
        widths = [max(len(row[column]) for row in rows) for column in range(4)]
        for one, row in zip(found, rows, strict=True):
            cells = "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
            held = ", ".join(holding.role for holding in one.holdings.all())
            self.stdout.write(f"{cells}  {held if one.active else 'has left'}".rstrip())

    def add(
        self, *, name: str, email: str, level: str, access: str, client: list[str], role: list[str], **_: Any
    ) -> None:
        for each in role:
            _known(each)
        clients = [_client(slug) for slug in client]
        person = people.add(name, email=email, level=level, access=access, clients=clients, roles=role)
        self.stdout.write(
            f"{person} works here and sees {_sees(person)}. To let them sign in: tocsin account add {person.email}"
        )

    def leave(self, *, who: str, **_: Any) -> None:
        person = _person(who)
        people.leave(person)
        self.stdout.write(f"{person} works here no more: they cannot sign in, and nothing is sent to them.")
        theirs = Ticket.objects.filter(Q(owner=person) | Q(worker=person), status__in=LIVE).order_by("pk")
        if open_ones := [ticket.number for ticket in theirs]:
            self.stdout.write(f"Open tickets of theirs, to hand over: {', '.join(open_ones)}")


def _act(acts: Any, name: str, says: str) -> CommandParser:
    parser: CommandParser = acts.add_parser(name, help=says, description=says)
    return parser


def _sees(person: Person) -> str:
    if person.access != ASSIGNED:
        return "every client" if person.access == EVERY_CLIENT else "every client, read-only"
    return ", ".join(client.name for client in person.clients.all()) or "no client"


def _known(role: str) -> None:
    """The standard in force has this role, as far as one is. Raises CommandError."""
    for client in Client.objects.filter(ended_on=None):
        try:
            titles = terms_for(client, at=datetime.now(UTC)).titles
        except NothingAgreed:
            continue
        if role not in titles:
            raise CommandError(f"The standard asks nobody as {role!r}. {nearest(role, titles)}")
        return


def _client(slug: str) -> Client:
    found = Client.objects.filter(slug=slug).first()
    if found is None:
        known = Client.objects.values_list("slug", flat=True)
        raise CommandError(f"There is no client {slug!r}. {nearest(slug, known)}")
    return found


def _person(word: str) -> Person:
    found = list(Person.objects.filter(**{"email__iexact" if "@" in word else "name": word}).order_by("-active")[:1])
    if not found:
        raise CommandError(f"Nobody here is {word!r}. {nearest(word, Person.objects.values_list('name', flat=True))}")
    return found[0]
