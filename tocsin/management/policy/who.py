"""Who does it, and why?"""

from __future__ import annotations

from django.core.management.base import CommandError, CommandParser

from tocsin.core.document import nearest
from tocsin.directory.person import Person

SHELL = "shell"  # what the log calls whoever gives no name


def add_by_and_why(parser: CommandParser) -> None:
    parser.add_argument("--by", default="", metavar="WHO", help="who decided it: name or mail (default: the shell)")
    parser.add_argument("--why", default="", metavar="TEXT", help="why, for whoever reads the log later")


def person(word: str) -> Person | str:
    """The person called so, or the shell where nobody is named. Raises CommandError."""
    if not word:
        return SHELL
    found = list(Person.objects.filter(**{"email__iexact" if "@" in word else "name": word}).order_by("-active")[:2])
    if not found:
        known = Person.objects.filter(active=True).values_list("name", flat=True)
        raise CommandError(f"Nobody here is {word!r}: {nearest(word, known)}")
    if len(found) > 1 and found[1].active:
        raise CommandError(f"Several people are called {word}: give the mail address.")
    return found[0]
