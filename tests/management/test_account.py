"""Does a shell let people in, and out again?"""

import io
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tocsin.demo import cast, starter
from tocsin.directory.account import Account
from tocsin.directory.person import Person
from tocsin.management.commands.run import nobody_yet

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ann(settings) -> Person:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return Person.objects.create(name="Ann Berg", email="ann@msp.example")


def typed(*words: str) -> str:
    said = io.StringIO()
    call_command("account", *words, stdout=said)
    return said.getvalue()


def shown(said: str) -> str:
    return said.split("shown this once:")[1].strip()


def test_an_account_is_made_with_a_password_shown_once(ann: Person):
    said = typed("add", "Ann@msp.example", "--person", "Ann Berg")

    account = Account.objects.get()
    assert (account.email, account.person) == ("ann@msp.example", ann)
    assert account.check_password(shown(said))
    assert shown(said) not in typed("list")


def test_whose_it_is_need_not_be_said_where_the_address_is_the_persons(ann: Person):
    typed("add", "ann@msp.example")

    assert Account.objects.get().person == ann


def test_passwords_made_are_never_the_same():
    one = typed("add", "ann@msp.example")
    other = typed("password", "ann@msp.example")

    assert shown(one) != shown(other)
    assert Account.objects.get().check_password(shown(other))


def test_a_password_is_taken_from_standard_input_and_not_shown(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("three otters at noon\n"))

    said = typed("add", "ann@msp.example", "--ask")

    assert Account.objects.get().check_password("three otters at noon")
    assert "otters" not in said


def test_the_list_says_whose_each_is_and_what_state_it_is_in(ann: Person):
    assert "Nobody can sign in yet" in typed()

    typed("add", "ann@msp.example")
    assert typed().split() == ["ann@msp.example", "Ann", "Berg", "never", "signed", "in"]
    typed("disable", "ann@msp.example")
    assert "disabled 20" in typed()
    typed("enable", "ann@msp.example")
    Person.objects.update(active=False)
    assert "no longer works here" in typed()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("add", "bo@msp.example"), "Nobody here has bo@msp.example: say whose it is, --person"),
        (("add", "bo@msp.example", "--person", "Ann Borg"), "Did you mean Ann Berg"),
        (("add", "bo", "--person", "Ann Berg"), "is no mail address"),
        (("password", "an@msp.example"), "Nobody signs in as an@msp.example. There is none yet"),
        (("disable", "an@msp.example"), "Nobody signs in as an@msp.example"),
    ],
)
def test_what_cannot_be_done_is_said_with_what_could_be_meant(words: tuple[str, ...], says: str):
    with pytest.raises(CommandError) as refused:
        typed(*words)

    assert says in str(refused.value)
    assert not Account.objects.exists()


def test_one_person_has_one_account_and_one_address_one_person():
    typed("add", "ann@msp.example")

    with pytest.raises(CommandError, match="can sign in already"):
        typed("add", "ann@msp.example")
    with pytest.raises(CommandError, match="Ann Berg can sign in already, as ann@"):
        typed("add", "berg@msp.example", "--person", "Ann Berg")


def test_a_desk_that_is_older_than_its_screens_says_how_to_let_somebody_in():
    assert "tocsin account add" in nobody_yet()

    typed("add", "ann@msp.example")

    assert nobody_yet() == ""


@pytest.mark.parametrize("act", ["password", "enable"])
def test_who_was_shut_out_by_guesses_is_let_in_again(client, act: str):
    password = shown(typed("add", "ann@msp.example"))
    for _ in range(6):
        guessed = client.post("/accounts/login/", {"login": "ann@msp.example", "password": "guess"})
    assert guessed.status_code == 429

    said = typed(act, "ann@msp.example")

    password = shown(said) if act == "password" else password
    assert client.post("/accounts/login/", {"login": "ann@msp.example", "password": password}).status_code == 302


@pytest.mark.parametrize("weak", ["short", "123456789012", "ann@msp.example", "password1234"])
def test_a_weak_password_is_refused(monkeypatch: pytest.MonkeyPatch, weak: str):
    monkeypatch.setattr("sys.stdin", io.StringIO(weak))

    with pytest.raises(CommandError, match=r"password is (too|entirely)"):
        typed("add", "ann@msp.example", "--ask")


def test_the_people_of_an_empty_desk_can_sign_in_with_a_password_made_up_for_this_desk(ann: Person):
    ann.delete()

    said = starter.ensure(datetime.now(UTC))

    password = said.split("password\n\n")[1].split()[0]
    accounts = list(Account.objects.all())
    assert len(accounts) == len(cast.STAFF) + len(cast.GUESTS)
    assert all(account.check_password(password) and account.email in said for account in accounts)
    assert starter.ensure(datetime.now(UTC)) == ""
