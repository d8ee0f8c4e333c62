"""Does every address of the desk answer everybody as it should?

Every address the router knows stands in RIGHTS; one that is new and has no line there fails. Three ask: nobody, a
technician who is assigned to another client, and an auditor who tries to change something.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.world import FIELD_GUIDE, World
from tocsin.directory.account import Account
from tocsin.directory.client import Client
from tocsin.directory.person import ASSIGNED, READ_ONLY, Person
from tocsin.standard import drafts, life, presets
from tocsin.standard.adopt import adopt
from tocsin.standard.draft import Draft
from tocsin.trials import backtest
from tocsin.trials.backtest import Backtest
from tocsin.web.staff import staff

pytestmark = pytest.mark.django_db

SIGN_IN, PAGE, REFUSED, HIDDEN, READ_ALONE, UNREADABLE = 302, 200, 403, 404, 405, 422


class Right(NamedTuple):
    """What is answered: nobody who looks and who sends, a stranger to that client who looks and sends, an auditor who
    looks and sends. `of` is what stands in the address, of the client and ticket that `world` has."""

    nobody: tuple[int, int]
    stranger: tuple[int, int]
    auditor: tuple[int, int]
    of: dict[str, str] | None = None


def everybody(looks: int, sends: int) -> Right:
    return Right((looks, sends), (looks, sends), (looks, sends))


READS = Right((SIGN_IN, SIGN_IN), (PAGE, READ_ALONE), (PAGE, READ_ALONE))

MANAGES = Right((SIGN_IN, SIGN_IN), (REFUSED, REFUSED), (REFUSED, REFUSED))  # for who manages the desk

DRAFT = {"pk": "1"}
BACKTEST = {"pk": "1"}
STANDARD = {"name": "field-guide"}
ROSTER = {"address": "on-call-primary"}
ONE_TICKET = {"number": "INC-1"}
HIDDEN_TO_STRANGERS = Right((SIGN_IN, SIGN_IN), (HIDDEN, READ_ALONE), (PAGE, READ_ALONE))

# Of the API: a sign-in opens nothing there, whoever's it is; what keys open is asked in tests/api/test_v1.py.
KEYLESS, NO_SUCH_ACT = 401, 405
ACTS = (
    *(
        "note",
        "update",
        "called",
        "wait",
        "resume",
        "escalate",
        "escalate-early",
        "accept",
        "send-back",
        "priority",
        "answer",
    ),
    *("hand-over", "solve", "reopen", "close", "cancel", "merge", "acknowledge", "record-act"),
    *("approve-correction", "refuse-correction"),
    *("stage", "state", "leave"),
    *("ask-approval", "approve-request", "refuse-request", "withdraw-request", "act-first"),
    *("stop-line", "stand-down", "name-leads", "open-bridge", "join-bridge", "close-bridge"),
)
BY_KEY = {
    "api:api-root": everybody(HIDDEN, HIDDEN),
    "api:openapi-json": everybody(PAGE, PAGE),
    "api:tickets": everybody(KEYLESS, KEYLESS),
    "api:open-ticket": everybody(KEYLESS, KEYLESS),
    "api:ticket": everybody(KEYLESS, NO_SUCH_ACT)._replace(of=ONE_TICKET),
    "api:timeline": everybody(KEYLESS, NO_SUCH_ACT)._replace(of=ONE_TICKET),
    "api:ticket-line": everybody(KEYLESS, NO_SUCH_ACT)._replace(of=ONE_TICKET),
    "api:ticket-other-work": everybody(KEYLESS, NO_SUCH_ACT)._replace(of=ONE_TICKET),
    "api:people": everybody(KEYLESS, NO_SUCH_ACT),
    "api:on-call": everybody(KEYLESS, NO_SUCH_ACT),
    "api:alerts": everybody(NO_SUCH_ACT, KEYLESS),
    **{f"api:ticket-{verb}": everybody(NO_SUCH_ACT, KEYLESS)._replace(of=ONE_TICKET) for verb in ACTS},
}

RIGHTS = {
    **BY_KEY,
    "healthz": everybody(503, 503),  # no engine runs beside these tests
    "metrics": everybody(PAGE, PAGE),
    "now": READS,
    "colours": READS,
    "tickets": READS,
    "new-ticket": Right((SIGN_IN, SIGN_IN), (PAGE, PAGE), (REFUSED, REFUSED)),  # a stranger has no client to choose
    "weighed": Right((SIGN_IN, SIGN_IN), (HIDDEN, READ_ALONE), (HIDDEN, READ_ALONE)),  # of a client that is asked for
    "ticket": HIDDEN_TO_STRANGERS._replace(of=ONE_TICKET),
    "ticket-act": Right((SIGN_IN, SIGN_IN), (HIDDEN, HIDDEN), (REFUSED, REFUSED), {**ONE_TICKET, "verb": "note"}),
    "correction": Right(
        (SIGN_IN, SIGN_IN), (HIDDEN, HIDDEN), (REFUSED, REFUSED), {**ONE_TICKET, "place": "1", "verb": "approve"}
    ),
    "merge": Right((SIGN_IN, SIGN_IN), (HIDDEN, HIDDEN), (REFUSED, REFUSED), ONE_TICKET),
    "other-work": HIDDEN_TO_STRANGERS._replace(of=ONE_TICKET),
    "hand-on": Right((SIGN_IN, SIGN_IN), (HIDDEN, HIDDEN), (REFUSED, REFUSED), {**ONE_TICKET, "other": "INC-1"}),
    "pager": READS,
    "pager-poll": READS,
    "pager-arm": Right((SIGN_IN, SIGN_IN), (READ_ALONE, PAGE), (REFUSED, REFUSED)),  # everybody their own
    "pager-disarm": Right((SIGN_IN, SIGN_IN), (READ_ALONE, PAGE), (REFUSED, REFUSED)),
    "pager-act": Right(
        (SIGN_IN, SIGN_IN), (READ_ALONE, HIDDEN), (REFUSED, REFUSED), {"pk": "1", "verb": "acknowledge"}
    ),
    "on-call": READS,
    "make-roster": Right((SIGN_IN, SIGN_IN), (REFUSED, REFUSED), (REFUSED, REFUSED)),  # for who manages the desk
    "roster": READS._replace(of=ROSTER),
    "change-roster": Right((SIGN_IN, SIGN_IN), (REFUSED, REFUSED), (REFUSED, REFUSED), ROSTER),
    "roster-act": Right((SIGN_IN, SIGN_IN), (READ_ALONE, UNREADABLE), (REFUSED, REFUSED), {**ROSTER, "verb": "swap"}),
    "clients": READS,
    "client": HIDDEN_TO_STRANGERS._replace(of={"slug": "acme"}),
    "client-kept": HIDDEN_TO_STRANGERS._replace(of={"slug": "acme"}),
    "client-pauses": HIDDEN_TO_STRANGERS._replace(of={"slug": "acme"}),
    "client-promises": Right(  # without a figure asked for there is none to list
        (SIGN_IN, SIGN_IN), (HIDDEN, READ_ALONE), (HIDDEN, READ_ALONE), {"slug": "acme"}
    ),
    "standard": READS,
    "standard-gallery": READS,
    "standard-history": READS._replace(of=STANDARD),
    "standard-step": MANAGES._replace(of={**STANDARD, "verb": "roll-out"}),
    "standard-move": MANAGES._replace(of=STANDARD),
    "standard-trial": HIDDEN_TO_STRANGERS._replace(of={**STANDARD, "client": "acme"}),
    "backtests": READS,
    "ask-backtest": Right((SIGN_IN, SIGN_IN), (READ_ALONE, REFUSED), (REFUSED, REFUSED)),
    "backtest": HIDDEN_TO_STRANGERS._replace(of=BACKTEST),
    "cancel-backtest": Right((SIGN_IN, SIGN_IN), (READ_ALONE, REFUSED), (REFUSED, REFUSED), BACKTEST),
    "backtest-flips": Right((SIGN_IN, SIGN_IN), (HIDDEN, READ_ALONE), (HIDDEN, READ_ALONE), BACKTEST),  # not done yet
    "backtest-credits": Right((SIGN_IN, SIGN_IN), (HIDDEN, READ_ALONE), (HIDDEN, READ_ALONE), BACKTEST),  # not done yet
    "begin-draft": MANAGES,
    "draft": READS._replace(of=DRAFT),
    "draft-desk": Right((SIGN_IN, SIGN_IN), (REFUSED, READ_ALONE), (REFUSED, READ_ALONE), DRAFT),
    "draft-act": Right((SIGN_IN, SIGN_IN), (READ_ALONE, REFUSED), (REFUSED, REFUSED), {**DRAFT, "verb": "save"}),
    "account_login": Right((PAGE, PAGE), (SIGN_IN, SIGN_IN), (SIGN_IN, SIGN_IN)),
    "account_logout": Right((SIGN_IN, SIGN_IN), (PAGE, SIGN_IN), (PAGE, SIGN_IN)),
    "account_inactive": everybody(PAGE, READ_ALONE),
    "account_change_password": Right((SIGN_IN, SIGN_IN), (PAGE, PAGE), (PAGE, PAGE)),  # everybody their own
    "account_reset_password": everybody(PAGE, PAGE),
    "account_reset_password_done": everybody(PAGE, READ_ALONE),
    "account_reset_password_from_key": everybody(PAGE, PAGE)._replace(of={"uidb36": "1", "key": "made-up"}),
    "account_reset_password_from_key_done": everybody(PAGE, READ_ALONE),
}


def names(patterns: list[URLPattern | URLResolver] | None = None) -> Iterator[str]:
    """Of every address the router knows, however deep it is included."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            within = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from (f"{within}{name}" for name in names(pattern.url_patterns))
        else:
            yield pattern.name or f"unnamed: {pattern.pattern}"


@pytest.fixture(autouse=True)
def world(db: None) -> World:
    """What the addresses are about: Acme (slug acme), ticket INC-1, a roster, draft and trial. Others have nothing."""
    world = World()
    world.roster("on-call-primary", "omar")
    assert world.opens().number == "INC-1"
    standard = adopt(FIELD_GUIDE.read_text() + "# reviewed", by=world.mona, now=world.now, in_force=False)
    drafts.begin(preset="sla-guard", by=world.mona, now=world.now)
    Draft.objects.update(id=1)
    life.pilot(standard, world.acme, until=datetime.now(UTC) + timedelta(days=1), by=world.mona, now=world.now)
    backtest.ask("sla-guard", presets.text("sla-guard"), zone="UTC", by=world.mona, now=world.now)
    Backtest.objects.update(id=1)
    return world


def answers(browser: Browser, name: str) -> tuple[int, int]:
    address = reverse(name, kwargs=RIGHTS[name].of)
    return browser.get(address).status_code, browser.post(address).status_code


def test_every_address_has_its_rights_in_the_table_and_no_other():
    assert sorted(names()) == sorted(RIGHTS)


@pytest.mark.parametrize("name", RIGHTS)
def test_nobody_sees_and_changes_nothing(client: Browser, name: str):
    assert answers(client, name) == RIGHTS[name].nobody


@pytest.mark.parametrize("name", RIGHTS)
def test_a_technician_of_another_client_finds_nothing_of_this_one(browser, name: str):
    technician = browser("Boris", access=ASSIGNED)
    Person.objects.get(name="Boris").clients.add(Client.objects.create(name="Globex", slug="globex"))

    assert answers(technician, name) == RIGHTS[name].stranger


@pytest.mark.parametrize("name", RIGHTS)
def test_an_auditor_reads_and_changes_nothing(browser, name: str):
    assert answers(browser("Audrey", access=READ_ONLY), name) == RIGHTS[name].auditor


def test_an_address_that_is_new_is_noticed(settings):
    settings.ROOT_URLCONF = "tests.web.one_more"

    assert set(names()) - set(RIGHTS) == {"drawer", "unnamed: cupboard"}


def test_a_view_that_writes_takes_no_change_from_an_auditor_and_one_from_a_technician(browser, rf):
    @staff(writes=True)
    def change(request):
        return HttpResponse(f"{request.person} at {request.at:%Z}")

    def sent_by(signed_in: Browser):
        request = rf.post("/")
        request.user = Account.objects.get(pk=signed_in.session["_auth_user_id"])
        return change(request)

    with pytest.raises(PermissionDenied, match="You read here and change nothing"):
        sent_by(browser("Audrey", access=READ_ONLY))
    assert sent_by(browser("Ann")).content == b"Ann at UTC"


def test_who_was_signed_out_while_they_wrote_comes_back_to_the_ticket_and_its_form(client: Browser, browser):
    sent = client.post("/tickets/INC-1/note", {"text": "Looked."})

    assert sent["Location"] == "/accounts/login/?next=/tickets/INC-1/note"
    assert browser("Ann").get("/tickets/INC-1/note")["Location"] == "/tickets/INC-1?do=note#composer"
    assert client.post("/pager/arm")["Location"] == "/accounts/login/?next=/"


def test_a_fragment_of_who_was_signed_out_sends_the_whole_page_to_sign_in(client: Browser):
    answer = client.get("/", headers={"hx-request": "true", "hx-current-url": "http://testserver/?client=acme"})

    assert answer["HX-Redirect"] == "/accounts/login/?next=/%3Fclient%3Dacme"
