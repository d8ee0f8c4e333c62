"""How are monitors let in, and what of theirs could not be read, in a shell?"""

import difflib
from argparse import RawDescriptionHelpFormatter
from datetime import UTC, datetime
from textwrap import dedent
from typing import Any

from django.core.management.base import CommandError, CommandParser

from tocsin.desk import intake, intake_keys, received
from tocsin.desk.intake_key import RATE, IntakeKey
from tocsin.desk.refusal import Refusal
from tocsin.directory.client import Client, Service
from tocsin.management.command import Command as Taught
from tocsin.management.listening import desk_url
from tocsin.sources import SOURCES

SAMPLES = {
    "alertmanager": '{"alerts": [{"status": "firing", "labels": {"alertname": "DiskFull", "instance": "db-1", '
    '"severity": "critical"}}]}',
    "generic": '{"alert_uid": "try", "title": "Disk full on db-1", "state": "alerting", "severity": "critical"}',
}


class Command(Taught):
    help = """
        Show what monitors sent: per client and source how many bodies came, wait or could not be read, what was
        turned away at the door, and which bodies could not be read and why. A body that was answered 202 is never
        lost: when the reason is mended, `retry` reads it again.

        Monitors POST to /in/SOURCE with a key of their own, made with `key add`; docs/intake.md has the formats.
        """
    example = """
        tocsin intake                                                  what came, and what could not be read
        tocsin intake key add --client acme --source alertmanager      a key, shown once, and a curl to try it
        tocsin intake key list
        tocsin intake key revoke 3
        tocsin intake show 17                                          a body as it came, and what became of it
        tocsin intake retry 17                                         read it again; --all reads all of them again
        """

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", metavar="ACT", title="acts")
        shown = _act(acts, "show", "A body as it came, what is wrong with it, or what it did.")
        shown.add_argument("item", type=int, metavar="ID", help="its number, as `tocsin intake` and the 202 say it")
        again = _act(acts, "retry", "A body that could not be read is read again by the engine.")
        which = again.add_mutually_exclusive_group(required=True)
        which.add_argument("item", type=int, nargs="?", metavar="ID", help="its number, as `tocsin intake` says it")
        which.add_argument("--all", action="store_true", help="every one that could not be read")
        keys = _act(acts, "key", "Make, list and revoke keys. Two of a client and source are valid at once.")
        keyed = keys.add_subparsers(dest="key_act", metavar="ACT", required=True, title="acts")
        added = _act(keyed, "add", "A new key is valid. It is shown now and never again: only its hash is stored.")
        added.add_argument("--client", required=True, metavar="SLUG", help="whose alerts come with it")
        added.add_argument("--source", required=True, metavar="SOURCE", help=", ".join(SOURCES))
        added.add_argument("--service", metavar="SLUG", help="what they are about, whatever they say themselves")
        added.add_argument("--name", default="", help="what the key is for, to tell it from others")
        added.add_argument("--priority", default="", metavar="P", help="of alerts whose severity says nothing")
        added.add_argument("--rate", type=int, default=RATE, help=f"POSTs a second in the long run (default {RATE})")
        added.add_argument("--plain", action="store_true", help="print the key alone, for scripts")
        listed = _act(keyed, "list", "Every key, when it was made, last used and revoked.")
        listed.add_argument("--client", metavar="SLUG", help="of one client only")
        revoked = _act(keyed, "revoke", "The key opens nothing any more, within 5 seconds.")
        revoked.add_argument("key", type=int, metavar="ID", help="its number, as `tocsin intake key list` says it")

    def handle(self, *, act: str | None, key_act: str | None = None, **options: Any) -> None:
        name = f"key_{key_act}" if act == "key" else act or "overview"
        try:
            getattr(self, name)(**options)
        except Refusal as error:
            raise CommandError(str(error)) from error

    def overview(self, **_: Any) -> None:
        self.stdout.write(received.overview())

    def show(self, *, item: int, **_: Any) -> None:
        self.stdout.write(received.shown(item))

    def retry(self, *, item: int | None, **_: Any) -> None:
        if item is None:
            self.stdout.write(f"{intake.retry_all()} items are new again: the engine reads them next.")
            return
        intake.retry(item)
        self.stdout.write(f"Item {item} is new again: the engine reads it next.")

    def key_add(
        self,
        *,
        client: str,
        source: str,
        service: str | None,
        name: str,
        priority: str,
        rate: int,
        plain: bool,
        **_: Any,
    ) -> None:
        if source not in SOURCES:
            raise CommandError(f"There is no source {source!r}: it is one of {', '.join(SOURCES)}.")
        whose = _client(client)
        key, text = intake_keys.add(
            client=whose,
            source=source,
            service=_service(whose, service) if service else None,
            name=name,
            default_priority=priority,
            rate=rate,
            by="shell",
            now=datetime.now(UTC),
        )
        if plain:
            self.stdout.write(text)
            return
        self.stdout.write(
            f"Key {key.pk} lets the {SOURCES[source].title} of {whose} in. It is shown this once:\n\n"
            f"  {text}\n\n"
            f"Let it POST to {desk_url()}/in/{source}. To try it:\n\n"
            f"curl -i {desk_url()}/in/{source} \\\n"
            f"  -H 'Authorization: Bearer {text}' -H 'Content-Type: application/json' \\\n"
            f"  -d '{SAMPLES.get(source, '{}')}'"
        )

    def key_list(self, *, client: str | None, **_: Any) -> None:
        keys = IntakeKey.objects.select_related("client", "service")
        self.stdout.write(received.keys(keys.filter(client=_client(client)) if client else keys))

    def key_revoke(self, *, key: int, **_: Any) -> None:
        found = IntakeKey.objects.select_related("client").filter(pk=key).first()
        if found is None:
            raise CommandError(f"There is no key {key}: `tocsin intake key list` lists them.")
        intake_keys.revoke(found, by="shell", now=datetime.now(UTC))
        self.stdout.write(f"Key {key} ({found.source} of {found.client}) opens nothing any more.")


def _act(acts: Any, name: str, says: str) -> CommandParser:
    parser: CommandParser = acts.add_parser(
        name, help=says, description=dedent(says).strip(), formatter_class=RawDescriptionHelpFormatter
    )
    return parser


def _client(slug: str) -> Client:
    found = Client.objects.filter(slug=slug).first()
    if found is None:
        raise CommandError(f"There is no client {slug!r}. {_near(slug, Client.objects.values_list('slug', flat=True))}")
    return found


def _service(client: Client, slug: str) -> Service:
    services = Service.objects.filter(client=client)
    found = services.filter(slug=slug).first()
    if found is None:
        near = _near(slug, services.values_list("slug", flat=True))
        raise CommandError(f"{client} has no service {slug!r}. {near}")
    return found


def _near(slug: str, known: Any) -> str:
    slugs = sorted(known)
    near = difflib.get_close_matches(slug, slugs, n=1)
    if near:
        return f"Did you mean {near[0]}?"
    return f"There are {', '.join(slugs[:20])}." if slugs else "There is none yet."
