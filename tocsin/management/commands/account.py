"""Who may sign in to the screens, in a shell?"""

import difflib
import sys
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import CommandError, CommandParser

from tocsin.directory import accounts
from tocsin.directory.account import Account
from tocsin.directory.accounts import AccountRefused
from tocsin.directory.person import Person
from tocsin.management.command import Command as Taught
from tocsin.management.listening import desk_url


class Command(Taught):
    help = """
        Say who may sign in to the screens. An account is a mail address and a password, and belongs to one person; what
        it shows is what that person may see. Who is disabled, or no longer works here, is out at their next request.

        Passwords are made here and shown once, or typed with --ask; never given on the command line, where others on
        the machine could read them. Who is signed in changes theirs at /accounts/password/change/.
        """
    example = """
        tocsin account                                            who may sign in, and who did when
        tocsin account add ann@msp.example --person "Ann Berg"    a password is made and shown once
        tocsin account password ann@msp.example                   a new one, when she forgot hers
        tocsin account password ann@msp.example --ask < secret    the one in this file
        tocsin account disable ann@msp.example
        """

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", metavar="ACT", title="acts")
        added = self._act(acts, "add", "The person can sign in with this address.")
        added.add_argument("--person", metavar="NAME", help="whose it is; left out: the person who has this address")
        self._act(acts, "list", "Every account, whose it is, when it last signed in.", of_one=False)
        renewed = self._act(
            acts,
            "password",
            "A new password; whoever has the old one is out, and failed attempts are forgotten.",
        )
        for one in (added, renewed):
            one.add_argument(
                "--ask", action="store_true", help="take the password from standard input, do not make one"
            )
        self._act(acts, "disable", "It opens nothing any more, from the next request on.")
        self._act(acts, "enable", "It opens again what it did, for those shut out after failed attempts too.")

    def _act(self, acts: Any, name: str, says: str, *, of_one: bool = True) -> CommandParser:
        parser: CommandParser = acts.add_parser(name, help=says, description=says)
        if of_one:
            parser.add_argument("email", metavar="EMAIL", help="the address one signs in with")
        return parser

    def handle(self, *, act: str | None, **options: Any) -> None:
        try:
            getattr(self, act or "list")(**options)
        except AccountRefused as error:
            raise CommandError(str(error)) from error

    def list(self, **_: Any) -> None:
        found = Account.objects.all()
        if not found:
            self.stdout.write("Nobody can sign in yet: tocsin account add --help")
            return
        rows = [(account.email, str(account.person or "nobody"), _state(account)) for account in found]
        widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
        for email, person, state in rows:
            self.stdout.write(f"{email:<{widths[0]}}  {person:<{widths[1]}}  {state}")

    def add(self, *, email: str, person: str | None, ask: bool, **_: Any) -> None:
        whose = _person(person) if person else _person_at(email)
        password = _password(ask)
        account = accounts.add(email, password=password, person=whose, now=datetime.now(UTC))
        self.stdout.write(f"{whose} signs in at {desk_url()} as {account}{_shown(password, ask)}")

    def password(self, *, email: str, ask: bool, **_: Any) -> None:
        account, password = _account(email), _password(ask)
        accounts.set_password(account, password)
        accounts.forget_attempts()
        self.stdout.write(f"{account} has a new password, and is signed out everywhere{_shown(password, ask)}")

    def disable(self, *, email: str, **_: Any) -> None:
        account = _account(email)
        accounts.disable(account, now=datetime.now(UTC))
        self.stdout.write(f"{account} opens nothing any more.")

    def enable(self, *, email: str, **_: Any) -> None:
        account = _account(email)
        accounts.enable(account)
        accounts.forget_attempts()
        self.stdout.write(f"{account} opens again what it did.")


def _state(account: Account) -> str:
    if account.disabled_at:
        return f"disabled {account.disabled_at:%Y-%m-%d %H:%M} UTC"
    if not account.is_active:
        return "no longer works here"
    return f"signed in {account.last_login:%Y-%m-%d %H:%M} UTC" if account.last_login else "never signed in"


def _password(ask: bool) -> str:
    """One made now, or the line on standard input; typed unseen where somebody sits at a keyboard."""
    if not ask:
        return accounts.new_password()
    if sys.stdin.isatty():
        from getpass import getpass

        return getpass("Password: ")
    return sys.stdin.readline().rstrip("\n")


def _shown(password: str, ask: bool) -> str:
    return "." if ask else f". The password, shown this once:\n\n  {password}"


def _account(email: str) -> Account:
    found = Account.objects.filter(email=email.strip().lower()).first()
    if found is None:
        raise CommandError(f"Nobody signs in as {email}. {_near(email.lower(), Account.objects.values_list('email'))}")
    return found


def _person(name: str) -> Person:
    found = list(Person.objects.filter(name=name)[:2])
    if len(found) > 1:
        raise CommandError(f"Several people are named {name}: leave --person out, and the address says who is meant.")
    if not found:
        raise CommandError(f"Nobody here is named {name!r}. {_near(name, Person.objects.values_list('name'))}")
    return found[0]


def _person_at(email: str) -> Person:
    found = list(Person.objects.filter(email__iexact=email.strip())[:2])
    if len(found) != 1:
        raise CommandError(
            f"{'Several people have' if found else 'Nobody here has'} {email}: say whose it is, --person."
        )
    return found[0]


def _near(word: str, known: Any) -> str:
    words = sorted({row[0] for row in known})
    near = difflib.get_close_matches(word, words, n=1)
    if near:
        return f"Did you mean {near[0]}?"
    return f"There are {', '.join(words[:20])}." if words else "There is none yet."
