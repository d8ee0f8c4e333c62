"""Which standards are there, and what is in force where?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import CommandError, CommandParser

from tocsin.core.document import nearest
from tocsin.desk.names import Names
from tocsin.management.policy import agreed
from tocsin.management.policy.lint import counted
from tocsin.management.policy.stepping import client_of
from tocsin.standard.adopted import Adopted, in_force, names
from tocsin.standard.history import Place, Step, history, places
from tocsin.standard.steps import ADOPTED, PILOTED, ROLLED_OUT

NAME = "show"
HELP = """
Show the standards: each version, since when and by whom, and where it is in force; pilots with their last day.

With a name: every step too, with its number, which `tocsin policy rollback` takes. With a client: by which version
it works, and each target with who promised it, the standard or its contract. It changes nothing.
"""
EXAMPLE = """
tocsin policy show                       every standard
tocsin policy show field-guide           with every step that was taken
tocsin policy show field-guide --text    print the text that is in force, to go on writing
tocsin policy show --client acme         what counts at acme, and what differs by its contract
tocsin policy show --client acme --service crm
"""
NEEDS_DESK = True


def add_arguments(parser: CommandParser) -> None:
    parser.add_argument("name", nargs="?", default="", metavar="NAME", help="one standard (default: every one)")
    parser.add_argument("--client", default="", metavar="SLUG", help="what counts for this client")
    parser.add_argument("--service", default="", metavar="SLUG", help="and for this service of it")
    parser.add_argument("--text", action="store_true", help="print the text that is in force, and nothing else")


def handle(command: Any, *, name: str = "", text: bool = False, client: str = "", service: str = "", **_: Any) -> None:
    if client:
        agreed.show(command, client_of(client), service, now=datetime.now(UTC))
        return
    if service:
        raise CommandError("Say whose service it is: --client SLUG")
    known = names()
    if name and name not in known:
        raise CommandError(f"No standard {name!r} was adopted here: {nearest(name, known)}")
    if not known:
        command.stdout.write("No standard has been adopted yet: tocsin policy adopt --help")
        return
    if text and not name:
        raise CommandError(f"Say which one's text: {', '.join(known)}.")
    now = datetime.now(UTC)
    everybody = places(now)
    for each in [name] if name else known:
        found = in_force(each)
        assert found is not None
        if text:
            command.stdout.write(found.text, ending="" if found.text.endswith("\n") else "\n")
            return
        versions = sorted([found.newest, *found.earlier], key=lambda version: -version.number)
        here = [place for place in everybody if place.version.name == each]
        steps = history(each)
        called = Names([*(version.by for version in versions), *(s.by for s in steps), *(p.by for p in here)])
        command.stdout.write(f"{each}: {found.document.title}")
        for version in versions:
            for line in _version(version, here, called, general=version is found.newest, now=now):
                command.stdout.write(line)
        if name:
            command.stdout.write("steps, the newest first:")
            for step in steps:
                command.stdout.write(_step(step, called))


def _version(version: Adopted, here: list[Place], called: Names, *, general: bool, now: datetime) -> Iterator[str]:
    works = [place for place in here if place.version.number == version.number]
    state = "in force" if general else "tried" if works else "-"
    yield f"  {version.number:>3}  {state:<9} adopted {_at(version.adopted_at)}{_by(version.by, called)}"
    if general:
        clients = [place.client.name for place in works if not place.own]
        yield f"{'':17}wherever the contract names it: {', '.join(clients) or counted(0, 'client')}"
    for place in works:
        if not place.own:
            continue
        end = f", a pilot until {_at(place.until)}" if place.until else ""
        late = ", OVERDUE: roll it out or back" if place.is_overdue(now) else ""
        yield f"{'':17}at {place.client} since {_at(place.since)}{_by(place.by, called)}{end}{late}"


def _step(step: Step, called: Names) -> str:
    where = ["everywhere"] if step.everywhere else []
    where += [client.name for client in step.clients]
    if step.kind == ADOPTED:
        what = f"{step.version} adopted{', in force everywhere' if step.everywhere else ''}"
    elif step.kind == PILOTED:
        what = f"{step.version} piloted at {', '.join(where)}{f' until {_at(step.until)}' if step.until else ''}"
    elif step.kind == ROLLED_OUT:
        what = f"{step.version} rolled out: {', '.join(where)}"
    else:
        what = f"step {step.undoes} rolled back: {', '.join(where)}"
    undone = f" (rolled back in step {step.undone_in})" if step.undone_in else ""
    why = f": {step.why}" if step.why else ""
    return f"  {step.batch:>3}  {_at(step.at)}  {what}{_by(step.by, called)}{undone}{why}"


def _at(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _by(actor: str, called: Names) -> str:
    return f" by {called(actor)}" if actor else ""
