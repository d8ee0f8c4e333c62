"""How does one person start the whole desk with one command?"""

import http.client
import sys
import time
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandParser
from django.db import connections

from tocsin.demo import starter
from tocsin.directory.account import Account
from tocsin.management.children import Children
from tocsin.management.command import Command as Taught
from tocsin.management.commands import demo
from tocsin.management.listening import free_or_say, url_of
from tocsin.management.lock import only_engine

READY_WITHIN_S = 60


class Command(Taught):
    help = """
        Start the desk: make its secrets on the first run, bring the database up to date, start web and
        engine, say where to sign in, print pages to this console. Ctrl-C stops everything.

        A desk with nobody in it first lives through a fortnight of invented work, so that there is something to
        look at; it takes half a minute. With --bare it begins with a few people, one client and no past.

        The engine audits itself; TOCSIN_HEARTBEAT_URL and TOCSIN_ALARM_URL or TOCSIN_ALARM_MAIL let
        somebody outside know whether it passes. All settings: docs/operate.md
        """
    example = """
        tocsin run
        tocsin run --bare                              no invented past
        TOCSIN_BIND=127.0.0.1:8001 tocsin run          another port
        TOCSIN_HOME=/srv/tocsin tocsin run             database, keys and files somewhere else
        """
    needs_desk = False
    furnishes = True

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--bare", action="store_true", help="begin an empty desk without the invented past")

    def handle(self, *, bare: bool, **_: Any) -> None:
        with only_engine("run", self.say) as lock:
            code = self.work(lock, bare=bare)
        if code:
            sys.exit(code)

    def work(self, lock: int | None, *, bare: bool) -> int:
        free_or_say(*settings.TOCSIN_BIND, command="make run")
        call_command("migrate", stdout=self.stdout, interactive=False)
        welcome = self.begun(bare=bare)
        connections.close_all()
        with Children(self.say) as children:
            children.start("web", ["web"])
            if lock is None:
                children.start("engine", ["engine"])
            else:
                children.start("engine", ["engine", f"--lock={lock}"], lock)
            if answers(children):
                self.say(self.greeting(welcome))
            code = children.watch()
            self.say("Stopping …")
        self.say("Stopped.")
        return code

    def begun(self, *, bare: bool) -> str:
        """An empty desk has people and clients; returns what to tell whoever starts it, "" for nothing."""
        if bare or not starter.is_empty():
            return starter.ensure(datetime.now(UTC)) or nobody_yet()
        self.say("Nobody is here yet: living through a fortnight of invented work first, about half a minute.")
        return demo.fill()

    def say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()

    def greeting(self, welcome: str) -> str:
        lines = [
            "",
            f"Tocsin is running at {url()}",
            f"  sign in   {url()}/accounts/login/",
            f"  database  {whereabouts()}",
            f"  health    {url()}/healthz",
            "  stop      Ctrl-C",
        ]
        return "\n".join([*lines, "", welcome.rstrip(), ""] if welcome else [*lines, ""])


def nobody_yet() -> str:
    """What to say on a desk with people of whom none can sign in: one that is older than its screens."""
    if Account.objects.exists():
        return ""
    return "Nobody can sign in yet. .venv/bin/tocsin account add --help says how to let somebody in."


def answers(children: Children) -> bool:
    """Wait until the web answers; False when a child died first, somebody lost patience, or it took too long."""
    host, port = reachable()
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline and not children.asked_to_stop and not children.dead():
        connection = http.client.HTTPConnection(host, port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse().read()
            return True
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    return False


def reachable() -> tuple[str, int]:
    host, port = settings.TOCSIN_BIND
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port


def url() -> str:
    return url_of(*settings.TOCSIN_BIND)


def whereabouts() -> str:
    """The database in words, without its password."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        return str(database["NAME"])
    return f"PostgreSQL, {database['NAME']} at {database['HOST'] or 'the local socket'}"
