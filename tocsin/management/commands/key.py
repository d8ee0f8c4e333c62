"""Which programs may speak to the desk, in a shell?"""

import difflib
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import CommandError, CommandParser

from tocsin.directory import api_keys
from tocsin.directory.api_key import RATE, READ, SCOPES, ApiKey
from tocsin.directory.api_keys import KeyRefused
from tocsin.directory.client import Client
from tocsin.directory.person import Person
from tocsin.management.command import Command as Taught
from tocsin.management.listening import desk_url


class Command(Taught):
    help = """
        Say which programs may speak to the desk by its API. A key belongs to a person: what comes with it is done by
        them, within their rights. A program that belongs to nobody gets a person of its own. docs/api.md has the rest.

        A key is shown once, when it is made: only its hash is stored. Monitors have keys of their own: tocsin intake.
        """
    example = """
        tocsin key                                                          every key
        tocsin key add --person "Ann Berg" --scope tickets:read             it reads what Ann may see
        tocsin key add --person "Ann Berg" --scope tickets:read --scope tickets:write --client acme
        tocsin key revoke 3
        """

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", metavar="ACT", title="acts")
        added = _act(acts, "add", "A new key is valid. It is shown now and never again: only its hash is stored.")
        added.add_argument("--person", required=True, metavar="NAME", help="who does what comes with it; name or mail")
        added.add_argument("--scope", action="append", metavar="SCOPE", help=f"{', '.join(SCOPES)} (default {READ})")
        added.add_argument("--client", metavar="SLUG", help="it sees this client alone")
        added.add_argument("--name", default="", help="what the key is for, to tell it from others")
        added.add_argument("--rate", type=int, default=RATE, help=f"requests a second in the long run (default {RATE})")
        added.add_argument("--plain", action="store_true", help="print the key alone, for scripts")
        _act(acts, "list", "Every key, whose it is, what it may, when it was made, last used and revoked.")
        revoked = _act(acts, "revoke", "The key opens nothing any more, from the next request on.")
        revoked.add_argument("key", type=int, metavar="ID", help="its number, as `tocsin key list` says it")

    def handle(self, *, act: str | None, **options: Any) -> None:
        try:
            getattr(self, act or "list")(**options)
        except KeyRefused as error:
            raise CommandError(str(error)) from error

    def add(
        self,
        *,
        person: str,
        scope: list[str] | None,
        client: str | None,
        name: str,
        rate: int,
        plain: bool,
        **_: Any,
    ) -> None:
        whose = _person(person)
        key, text = api_keys.add(
            person=whose,
            scopes=scope or [READ],
            client=_client(client) if client else None,
            name=name,
            rate=rate,
            now=datetime.now(UTC),
        )
        if plain:
            self.stdout.write(text)
            return
        self.stdout.write(
            f"Key {key.pk} speaks as {whose}, for {key.scopes}. It is shown this once:\n\n"
            f"  {text}\n\n"
            f"To try it:\n\n"
            f"curl -i {desk_url()}/api/v1/tickets -H 'Authorization: Bearer {text}'"
        )

    def list(self, **_: Any) -> None:
        keys = list(ApiKey.objects.select_related("person", "client"))
        if not keys:
            self.stdout.write("No program may speak to the desk yet: tocsin key add --help")
            return
        rows = [
            (str(key.pk), str(key.person), key.scopes, str(key.client or "every client"), _state(key)) for key in keys
        ]
        widths = [max(len(row[column]) for row in rows) for column in range(4)]
        for row, key in zip(rows, keys, strict=True):
            cells = "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False))
            self.stdout.write(f"{cells}  {row[4]}{f'  {key.name}' if key.name else ''}")

    def revoke(self, *, key: int, **_: Any) -> None:
        found = ApiKey.objects.select_related("person").filter(pk=key).first()
        if found is None:
            raise CommandError(f"There is no key {key}: `tocsin key list` lists them.")
        api_keys.revoke(found, now=datetime.now(UTC))
        self.stdout.write(f"Key {key} of {found.person} opens nothing any more.")


def _act(acts: Any, name: str, says: str) -> CommandParser:
    parser: CommandParser = acts.add_parser(name, help=says, description=says)
    return parser


def _state(key: ApiKey) -> str:
    if key.revoked_at:
        return f"revoked {key.revoked_at:%Y-%m-%d %H:%M} UTC"
    if not key.person.active:
        return "no longer works here"
    return f"used {key.last_used_at:%Y-%m-%d %H:%M} UTC" if key.last_used_at else "never used"


def _person(word: str) -> Person:
    found = list(Person.objects.filter(**{"email__iexact" if "@" in word else "name": word})[:2])
    if len(found) > 1:
        raise CommandError(f"Several people are called {word}: give the mail address.")
    if not found:
        raise CommandError(f"Nobody here is {word!r}. {_near(word, Person.objects.values_list('name', flat=True))}")
    return found[0]


def _client(slug: str) -> Client:
    found = Client.objects.filter(slug=slug).first()
    if found is None:
        raise CommandError(f"There is no client {slug!r}. {_near(slug, Client.objects.values_list('slug', flat=True))}")
    return found


def _near(word: str, known: Any) -> str:
    words = sorted(known)
    near = difflib.get_close_matches(word, words, n=1)
    if near:
        return f"Did you mean {near[0]}?"
    return f"There are {', '.join(words[:20])}." if words else "There is none yet."
