"""What must happen next, and who must do it?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.urls import reverse

from tocsin.core.agenda import Item, promise_item
from tocsin.core.at_level import AtLevel, at_level
from tocsin.core.dial import Reading
from tocsin.desk import approved, board, corrections
from tocsin.desk.names import Names
from tocsin.desk.seen import seen_by
from tocsin.desk.stopped import DRILL, comes_first, responders, standing_of
from tocsin.desk.ticket import Ticket
from tocsin.desk.what_next import NextStep, agreed_on, next_step
from tocsin.desk.whose import asked
from tocsin.directory import duty
from tocsin.directory.access import may_write
from tocsin.directory.duty import Hole
from tocsin.directory.holders import Holders
from tocsin.directory.person import Person
from tocsin.directory.roster import Roster
from tocsin.web.on_call import near
from tocsin.web.staff import staff

SIZE, MOST = 40, 400
QUIET = 20
SHOWN = ("response", "resolution")
ON_CALL = (("on-call-primary", "Primary"), ("on-call-secondary", "Second"), ("on-call-manager", "Manager"))
TO_CLIENT = ("client_notified", "next_update", "response")


@dataclass(frozen=True, slots=True)
class Tab:
    """One way to look at what is due; `count` is how many tickets it has, None where that is not counted."""

    name: str
    label: str
    url: str
    here: bool
    count: int | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A row as it is shown: what is due, on which ticket, how far its clocks are, and who is asked."""

    row: board.Row
    who: str
    level: str
    clocks: list[Reading]
    stops_for: str = ""
    following: NextStep | None = None
    following_by: str = ""

    @property
    def at_level(self) -> AtLevel | None:
        return at_level(self.row.planned, self.row.terms)

    @property
    def also(self) -> str:
        """What else is due at that instant."""
        return " · ".join(item.what for item in self.row.items[1:])


@staff
def now(request: HttpRequest) -> HttpResponse:
    """Everything due, the earliest first; the list alone for htmx, and 304 where nothing has changed since."""
    tickets = seen_by(request.person)
    show = request.GET.get("show", "")
    picked = FILTERS.get(show, FILTERS[""])
    size = _size(request.GET.get("size", ""))
    mine = picked.narrow(tickets, request)
    found = board.due(mine, now=request.at, size=size, wanted=picked.wanted)
    roster = Holders.of({row.ticket.client_id for row in found.rows}, at=request.at)
    alarms = _alarms(tickets, request)
    busy = {who.pk: alarm.ticket.number for alarm in reversed(alarms) if not alarm.drill for who in alarm.people}
    agreed = agreed_on([row.ticket for row in found.rows])
    names = Names(f"person/{step.who}" for step in agreed.values())
    rows = [_shown(row, roster, busy, agreed.get(row.ticket.pk), names) for row in found.rows]
    quiet = [] if found.until or picked.wanted else list(_quiet(mine))
    decides = may_write(request.person)
    corrected = corrections.for_them(tickets, who=request.person, now=request.at) if decides else []
    to_approve = approved.for_them(tickets, who=request.person, now=request.at) if decides else []
    holes = near(list(duty.seen_by(request.person)), request.at)
    on_call = _on_call(request)
    tag = _tag(request, show, size, rows, quiet, alarms, corrected, to_approve, holes, on_call)
    if request.htmx and request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    more = f"?{urlencode({'show': show, 'size': size + SIZE})}" if found.until and size < MOST else ""
    context = {
        "rows": rows,
        "quiet": quiet,
        "until": found.until,
        "more": more,
        "tabs": _tabs(tickets, request, show),
        "alarms": alarms,
        "corrections": corrected,
        "approvals": to_approve,
        "on_call": on_call,
        "holes": holes,
        "risky": _risky(found.rows),
        "here": request.get_full_path(),
        "show": show,
        "empty": picked.empty,
    }
    response = render(request, "now/_now.html" if request.htmx else "now/page.html", context)
    if request.htmx:  # a whole page is not kept by the browser for whoever comes next
        response["ETag"] = tag
    response["Vary"] = "HX-Request, Cookie"
    return response


def _size(said: str) -> int:
    return min(MOST, max(SIZE, int(said))) if said.isascii() and said.isdecimal() and len(said) < 6 else SIZE


def _shown(row: board.Row, roster: Holders, busy: dict[int, str], agreed: NextStep | None, names: Names) -> Shown:
    found = asked(row.ticket, row.item.to, roster, row.terms)
    first = found[0] if found else None
    level = first.level if isinstance(first, Person) else ""
    readings = [row.planned.readings[name] for name in SHOWN if name in row.planned.readings]
    counting = [reading for reading in readings if reading.state != "void"]
    stops_for = busy.get(first.pk, "") if isinstance(first, Person) else ""
    stops_for = "" if comes_first(row.ticket, row.terms) else stops_for
    following = next_step(row.ticket, row.planned, agreed)
    theirs = _whose(row.ticket, following, names)
    return Shown(row, first.name if first else "", level, counting, stops_for, following, theirs)


def _whose(ticket: Ticket, following: NextStep | None, names: Names) -> str:
    """The person, or else the level, whose the next step is."""
    if following is None or following.who is None:
        return following.level if following else ""
    ours = (who for who in (ticket.worker, ticket.owner) if who is not None and who.pk == following.who)
    return next((who.name for who in ours), None) or names(following.who)


def _quiet(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """Those on which nothing falls due by itself."""
    return (
        board.live(tickets.filter(next_at=None))
        .select_related("client", "owner", "worker")
        .order_by("-opened_at")[:QUIET]
    )


@dataclass(frozen=True, slots=True)
class Alarm:
    """A ticket of the most severe priority, which comes before all other work."""

    ticket: Ticket
    row: board.Row | None
    people: list[Person]
    bridge: str
    mine: bool

    @property
    def promise(self) -> Item | None:
        """What the client was promised to hear, and is due first."""
        if self.row is None:
            return None
        readings, terms = self.row.planned.readings, self.row.terms
        items = [promise_item(name, readings[name], terms) for name in TO_CLIENT if name in readings]
        return min((item for item in items if item is not None), key=lambda item: item.at, default=None)

    @property
    def drill(self) -> bool:
        """Whether nothing of it is real, so that no work stops for it."""
        return self.ticket.kind == DRILL

    @property
    def number(self) -> int:
        return self.ticket.updates_sent + 1


def _alarms(tickets: QuerySet[Ticket], request: HttpRequest) -> list[Alarm]:
    critical = board.critical(tickets)[:5]
    rows = board.first_due(critical, now=request.at)
    lines = standing_of(critical)
    found = []
    for ticket in critical:
        people, bridge = responders(ticket), lines[ticket.pk].bridge
        where = bridge.where if bridge else ""
        found.append(Alarm(ticket, rows.get(ticket.pk), people, where, request.person in people))
    return found


def _on_call(request: HttpRequest) -> list[tuple[str, str]]:
    roster = Holders.of([], at=request.at)
    return [(label, next((who.name for who in roster.holders(role, None)), "")) for role, label in ON_CALL]


def _risky(rows: list[board.Row]) -> list[tuple[Ticket, int]]:
    """Whose resolution is used up most, of those shown."""
    used = {row.ticket: row.planned.readings["resolution"].used for row in rows if "resolution" in row.planned.readings}
    worst = sorted(used.items(), key=lambda each: -each[1])[:5]
    return [(ticket, round(share * 100)) for ticket, share in worst if share >= 0.5]


@dataclass(frozen=True, slots=True)
class Filter:
    """A way to look: which tickets, and, where not everything on them, which items. `empty`: what no row means."""

    label: str
    narrow: Callable[[QuerySet[Ticket], HttpRequest], QuerySet[Ticket]]
    empty: tuple[str, str]
    wanted: Callable[[Item], bool] | None = None
    by_instant: bool = False  # only what somebody works on is listed by one

    def count(self, tickets: QuerySet[Ticket], request: HttpRequest) -> int:
        """How many tickets it has on which somebody works."""
        found = self.narrow(tickets, request)
        return found.count() if self.by_instant else board.live(found).count()


def _mine(tickets: QuerySet[Ticket], request: HttpRequest) -> QuerySet[Ticket]:
    person = request.person
    mine = Q(owner=person) | Q(worker=person)
    return tickets.filter(mine | Q(asked_level=person.level) if person.level else mine)


FILTERS = {
    "": Filter(
        "Everything due",
        lambda tickets, request: tickets,
        ("Nothing is due.", "What comes in by alert, mail or phone stands here at once."),
    ),
    "mine": Filter(
        "Mine", _mine, ("Nothing of yours is due.", "What you own, work on or are asked to accept is here.")
    ),
    "risk": Filter(
        "At risk",
        lambda tickets, request: tickets.filter(next_at__lte=request.at + board.SOON),
        ("Nothing is late or due within half an hour.", "Good. Everything due says what comes after."),
        by_instant=True,
    ),
    "waiting": Filter(
        "Waiting",
        lambda tickets, request: tickets.filter(status="pending"),
        ("Nothing waits.", "What waits for a client, a vendor or parts is here, with when that ends."),
    ),
    "unassigned": Filter(
        "Unassigned",
        lambda tickets, request: tickets.filter(owner=None),
        ("Every ticket has an owner.", "New tickets that nobody has taken yet are here."),
    ),
    "promises": Filter(
        "Promises to clients",
        lambda tickets, request: tickets,
        ("Nothing was promised to a client.", "First answers and updates that clients wait for are here."),
        wanted=lambda item: item.kind == "promise" and item.subject in TO_CLIENT,
    ),
}


def _tabs(tickets: QuerySet[Ticket], request: HttpRequest, show: str) -> list[Tab]:
    return [
        Tab(
            name,
            kind.label,
            f"{reverse('now')}{'?' + urlencode({'show': name}) if name else ''}",
            name == show,
            kind.count(tickets, request) if name and kind.wanted is None else None,
        )
        for name, kind in FILTERS.items()
    ]


def _noticed(
    quiet: list[Ticket],
    alarms: list[Alarm],
    corrected: list[Ticket],
    to_approve: list[tuple[Ticket, approved.Request]],
) -> tuple[list[Ticket], ...]:
    """The tickets that stand beside the list, by why they do."""
    return quiet, [alarm.ticket for alarm in alarms], corrected, [ticket for ticket, _ in to_approve]


def _tag(
    request: HttpRequest,
    show: str,
    size: int,
    rows: list[Shown],
    quiet: list[Ticket],
    alarms: list[Alarm],
    corrected: list[Ticket],
    to_approve: list[tuple[Ticket, approved.Request]],
    holes: list[tuple[Roster, Hole]],
    on_call: list[tuple[str, str]],
) -> str:
    """What is shown, but for the time that passes: the browser counts that down by itself."""
    said = [
        (
            each.row.at,
            each.row.ticket.head_hash,
            each.row.item.what,
            each.who,
            [round(c.used * 100) for c in each.clocks],
        )
        for each in rows
    ]
    rest = [[each.head_hash for each in some] for some in _noticed(quiet, alarms, corrected, to_approve)]
    ahead = [(roster.head_hash, hole.start > request.at) for roster, hole in holes]
    theirs = request.person.pk, show, size, bool(request.htmx), request.COOKIES.get("zone", "")
    return f'"{sha256(repr((said, rest, ahead, on_call, theirs)).encode()).hexdigest()[:32]}"'
