"""What can be done from a shell? `tocsin` alone tells."""

import os
import re
import sqlite3
import sys
from importlib.util import find_spec

COMMANDS = {
    "run": "start the desk: secrets, database, web and engine in one go",
    "web": "answer the web: screens, webhooks, health, metrics",
    "engine": "watch the clocks, climb the ladders, send what is due",
    "demo": "fill an empty desk with an invented fortnight",
    "simulate": "play a critical ticket into the running desk, many times as fast",
    "migrate": "bring the database up to date",
    "import": "read a past from another desk's export",
    "attainment": "show which promises were kept, per priority and clock",
    "intake": "list what monitors sent that could not be read; make keys for them",
    "key": "let programs speak to the desk: make, list and revoke keys of the API",
    "person": "say who works here, and what they may see",
    "account": "say who may sign in to the screens",
    "policy": "adopt, show and change the standards the desk works by",
    "lint": "name what a standard cannot keep, before it is adopted",
    "verify": "prove that nothing in the log was changed",
    "backup": "copy database and keys into one file while the desk runs",
}
REMEDIES = {  # for what SQLite and PostgreSQL say; the first that matches
    "no such table": "There is no desk in it yet. Are TOCSIN_HOME and TOCSIN_DATABASE_URL right? Then: tocsin migrate",
    'relation ".*" does not exist': "There is no desk in it yet. Is TOCSIN_DATABASE_URL right? Then: tocsin migrate",
    'database "(.*)" does not exist': r"Is TOCSIN_DATABASE_URL right? Then make it: createdb --owner=USER \1",
    'role ".*" does not exist|authentication failed': (
        "Are user and password right in TOCSIN_DATABASE_URL, and does the server know that user? "
        "Else make it: createuser --pwprompt USER"
    ),
    "unable to open": "Is there such a folder, and may you write to it? TOCSIN_HOME and TOCSIN_DATABASE_URL say where.",
    "readonly": "May you write to the file and its folder? TOCSIN_HOME and TOCSIN_DATABASE_URL say where they are.",
    "disk is full": "Make room on its disk; nothing that was on record is lost.",
    "is not a database": "The file is damaged. Keep it, and bring back a backup: docs/operate.md, Backup.",
    "malformed": "The file is damaged. Keep it, and bring back a backup: docs/operate.md, Backup.",
    "is locked": "Something else writes to it for long: an import, or another copy of Tocsin. Try again after that.",
}
FOR_DEVELOPERS = "django"  # `tocsin django makemigrations`: Django's own commands, for who works on Tocsin itself


def main() -> None:
    """Do what the command line says and exit: 0 done, 1 it could not be, 2 it was not understood."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tocsin.settings")
    if arguments[:1] == ["help"] and arguments[1:]:
        arguments = [arguments[1], "--help"]  # `tocsin help run`
    name = arguments[0] if arguments else "help"
    if name in ("help", "-h", "--help"):
        print(lesson())
        return 0
    if name == "--version":
        from tocsin import __version__

        print(f"Tocsin {__version__}")
        return 0
    if name != FOR_DEVELOPERS and name not in present():
        return unknown(name)
    return perform(name, arguments[1:])


def perform(name: str, arguments: list[str]) -> int:
    import django
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line, load_command_class
    from django.core.management.base import CommandError
    from django.db import DatabaseError

    try:
        from tocsin.settings import furnished  # which raises what is wrong with a setting

        django.setup()
        if name == FOR_DEVELOPERS:
            settings.SECRET_KEY = furnished()
            execute_from_command_line(["tocsin django", *arguments])
            return 0
        command = load_command_class("tocsin", name)
        command._called_from_command_line = True  # so that a mistyped option is explained, not raised
        options = vars(command.create_parser("tocsin", name).parse_args(arguments))
        command.execute(*options.pop("args", ()), **options)
        return 0
    except CommandError as error:
        print(f"tocsin {name}: {error}", file=sys.stderr)
        return error.returncode
    except ImproperlyConfigured as error:
        print(f"tocsin: {error}", file=sys.stderr)
    except (DatabaseError, sqlite3.DatabaseError) as error:
        said = str(error).strip()
        print(f"tocsin {name}: the database does not do its part: {said}", file=sys.stderr)
        print(remedy(said), file=sys.stderr)
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return 130
    except BrokenPipeError:  # `tocsin attainment | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except OSError as error:
        if error.filename is None:
            raise
        print(f"tocsin {name}: {error.filename}: {error.strerror}", file=sys.stderr)
    return 1


def remedy(said: str) -> str:
    """What whoever reads this may do about what a database said."""
    for words, what in REMEDIES.items():
        if found := re.search(words, said):
            return found.expand(what)
    return "Is it running, and is TOCSIN_DATABASE_URL right? Settings: docs/operate.md"


def present() -> list[str]:
    return [name for name in COMMANDS if find_spec(f"tocsin.management.commands.{name}")]


def lesson() -> str:
    lines = "\n".join(f"  tocsin {name:<11} {COMMANDS[name]}" for name in present())
    return (
        "Tocsin keeps an incident desk's promises on time and can prove it.\n\n"
        f"{lines}\n\n"
        "New here?          tocsin run\n"
        "More on one:       tocsin run --help\n"
        "Settings, backup:  docs/operate.md"
    )


def unknown(name: str) -> int:
    import difflib

    near = difflib.get_close_matches(name, COMMANDS, n=1, cutoff=0.5)
    hint = f" Did you mean `tocsin {near[0]}`?" if near else ""
    print(f"tocsin: there is no command {name!r}.{hint} `tocsin` alone lists them all.", file=sys.stderr)
    return 2


if __name__ == "__main__":
    main()
