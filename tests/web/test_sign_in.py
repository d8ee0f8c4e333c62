"""Does the right person get in, and does nobody else?"""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import OperationalError
from django.test import Client as Browser

from tests.web.conftest import PASSWORD
from tocsin.directory import accounts
from tocsin.directory.account import Attempt
from tocsin.settings import Smtp

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


def sign_in(browser: Browser, email: str, password: str = PASSWORD, **more: str):
    return browser.post(LOGIN, {"login": email, "password": password, **more}, headers={"accept": "text/html"})


def test_whoever_knows_the_password_gets_in_however_they_write_their_address(client: Browser, account):
    account("Ann")

    answer = sign_in(client, "Ann@MSP.example")

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/").status_code == 200


def test_whoever_does_not_is_told_nothing_about_the_address(client: Browser, account):
    account("Ann")

    answers = [sign_in(client, email, "wrong") for email in ("ann@msp.example", "nobody@msp.example")]

    errors = [re.findall(r'role="alert">(.*?)</div>', answer.content.decode()) for answer in answers]
    assert errors[0] == errors[1] != []
    assert client.get("/").status_code == 302


def test_nobody_is_sent_to_sign_in_and_then_to_where_they_wanted(client: Browser, account):
    account("Ann")
    asked = client.get("/?client=acme")

    answer = sign_in(client, "ann@msp.example", next="/?client=acme")

    assert asked["Location"] == "/accounts/login/?next=/%3Fclient%3Dacme"
    assert answer["Location"] == "/?client=acme"


@pytest.mark.parametrize("elsewhere", ["https://attacker.example/", "//attacker.example", "javascript:alert(1)"])
def test_nobody_is_sent_to_another_site_after_signing_in(client: Browser, account, elsewhere: str):
    account("Ann")

    answer = sign_in(client, "ann@msp.example", next=elsewhere)

    assert answer["Location"] == "/"


def test_the_form_has_labels_and_the_cursor_in_the_first_field(client: Browser):
    page = client.get(LOGIN).content.decode()

    assert re.findall(r'<label for="(\w+)">([\w ]+)</label>', page) == [
        ("id_login", "Mail address"),
        ("id_password", "Password"),
    ]
    assert re.findall(r"<input[^>]*autofocus[^>]*>", page) == re.findall(r'<input[^>]*name="login"[^>]*>', page)


@pytest.mark.parametrize("how", ["disabled", "left"])
def test_who_may_no_longer_sign_in_is_out_at_the_next_request(browser, how: str):
    ann = browser("Ann")
    assert ann.get("/").status_code == 200

    account = accounts.Account.objects.get()
    if how == "disabled":
        accounts.disable(account, now=datetime.now(UTC))
    else:
        account.person.active = False
        account.person.save()

    assert ann.get("/")["Location"].startswith(LOGIN)
    assert sign_in(ann, "ann@msp.example")["Location"] == "/accounts/inactive/"
    assert ann.get("/").status_code == 302


def test_a_new_password_ends_every_session_with_the_old_one(browser):
    ann = browser("Ann")

    accounts.set_password(accounts.Account.objects.get(), "three otters at noon")

    assert ann.get("/").status_code == 302


def test_an_account_of_nobody_opens_nothing(client: Browser):
    client.force_login(accounts.add("robot@msp.example", password=PASSWORD, person=None, now=datetime.now(UTC)))

    answer = client.get("/", headers={"accept": "text/html"})

    assert answer.status_code == 403
    assert "belongs to nobody on this desk" in answer.content.decode()


@pytest.mark.parametrize(
    "path", ["/accounts/signup/", "/accounts/email/", "/accounts/login/code/", "/accounts/reauthenticate/", "/admin/"]
)
def test_what_else_the_library_could_do_cannot_be_reached(client: Browser, browser, path: str):
    assert client.get(path).status_code == 404
    assert browser().get(path).status_code == 404


def test_cookies_are_kept_from_scripts_and_other_sites_for_twelve_hours(client: Browser, account):
    account("Ann")

    sign_in(client, "ann@msp.example")

    session = client.cookies["tocsin_session"]
    assert (session["httponly"], session["samesite"], session["max-age"]) == (True, "Lax", 12 * 3600)
    assert not session["secure"]


def test_cookies_by_https_are_secure(client: Browser, account):
    account("Ann")

    client.post(LOGIN, {"login": "ann@msp.example", "password": PASSWORD}, secure=True)

    assert {name: cookie["secure"] for name, cookie in client.cookies.items()} == {
        "tocsin_session": True,
        "tocsin_csrf": True,
    }


def test_a_form_of_another_session_is_refused_and_says_what_to_do(account):
    account("Ann")
    strict = Browser(enforce_csrf_checks=True)

    answer = sign_in(strict, "ann@msp.example")

    assert answer.status_code == 403
    assert "Go back, load the page anew" in answer.content.decode()


def test_guessing_is_slowed_down_for_that_account_and_says_so(client: Browser, account):
    account("Ann")

    answers = [sign_in(client, "ann@msp.example", f"guess {number}") for number in range(6)]

    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert "Try again in five minutes" in answers[-1].content.decode()
    assert sign_in(client, "ann@msp.example").status_code == 429


def test_calling_the_desk_by_other_names_grants_no_more_guesses(client: Browser, account):
    account("Ann")
    guessed = {"login": "ann@msp.example", "password": "guess"}

    answers = [client.post(LOGIN, guessed, headers={"host": f"testserver:{port}"}) for port in range(8000, 8006)]

    assert [answer.status_code for answer in answers] == [200] * 5 + [429]


def test_guessing_one_password_for_many_accounts_is_slowed_down_too(client: Browser, account):
    account("Ann")

    answers = [sign_in(client, f"p{number}@msp.example", "summer 2026") for number in range(11)]

    assert [answer.status_code for answer in answers] == [200] * 10 + [429]


def test_attempts_are_counted_where_every_process_of_every_host_sees_them(client: Browser, account):
    account("Ann")

    sign_in(client, "ann@msp.example", "guess")

    assert Attempt.objects.count() >= 2  # for the account and for the sender


def test_a_guesser_cannot_choose_another_address_for_each_guess(client: Browser, account):
    answers = [guess(client, number) for number in range(11)]

    assert answers[-1] == 429


def test_behind_a_proxy_each_sender_is_counted_alone(client: Browser, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    answers = [guess(client, number) for number in range(11)]

    assert answers == [200] * 11


def guess(browser: Browser, number: int) -> int:
    """A guess for another account each time, said to come from another address each time."""
    said = {"login": f"p{number}@msp.example", "password": "summer 2026"}
    return browser.post(LOGIN, said, headers={"x-forwarded-for": f"198.51.100.{number}"}).status_code


def test_behind_a_proxy_that_says_so_a_request_is_secure(client: Browser, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

    client.get(LOGIN, headers={"x-forwarded-proto": "https"})

    assert client.cookies["tocsin_csrf"]["secure"]


def test_sessions_that_ended_are_cleared_away_when_somebody_signs_in(client: Browser, account):
    account("Ann")
    Session.objects.create(session_key="old", session_data="", expire_date=datetime(2026, 1, 1, tzinfo=UTC))

    sign_in(client, "ann@msp.example")

    assert [session.session_key for session in Session.objects.all()] == [client.session.session_key]


def test_a_forgotten_password_is_chosen_anew_by_a_link_that_works_once(client: Browser, account, settings):
    settings.TOCSIN_SMTP = Smtp("mail.example", 25, "", "", "none")
    account("Ann")
    for _ in range(6):
        sign_in(client, "ann@msp.example", "forgotten")

    client.post("/accounts/password/reset/", {"email": "ann@msp.example"})
    (letter,) = mail.outbox
    (link,) = re.findall(r"http://testserver(/accounts/password/reset/key/\S+)", letter.body)
    form = client.get(link)["Location"]
    new = {"password1": "three otters at noon", "password2": "three otters at noon"}

    assert client.post(form, new)["Location"] == "/accounts/password/reset/key/done/"
    assert sign_in(client, "ann@msp.example", "three otters at noon")["Location"] == "/"
    assert "used already" in Browser().get(link).content.decode()


def test_who_is_unknown_gets_no_letter_and_the_same_answer(client: Browser, account, settings):
    settings.TOCSIN_SMTP = Smtp("mail.example", 25, "", "", "none")
    account("Ann")

    answers = [client.post("/accounts/password/reset/", {"email": f"{name}@msp.example"}) for name in ("ann", "bo")]

    assert answers[0]["Location"] == answers[1]["Location"]
    assert [letter.to for letter in mail.outbox] == [["ann@msp.example"]]


def test_a_desk_without_a_mail_server_says_whom_to_ask_for_a_new_password(client: Browser):
    assert "tocsin account password" in client.get("/accounts/password/reset/").content.decode()


def test_a_weak_password_is_refused_with_the_reason(browser):
    weak = {"oldpassword": PASSWORD, "password1": "123456", "password2": "123456"}

    page = browser("Ann").post("/accounts/password/change/", weak).content.decode()

    assert "at least 12 characters" in page


def test_every_page_forbids_foreign_scripts_and_frames(client: Browser, browser):
    for answer in (client.get(LOGIN), browser().get("/"), client.get("/nowhere", headers={"accept": "text/html"})):
        assert "script-src 'self'" in answer["Content-Security-Policy"]
        assert "unsafe" not in answer["Content-Security-Policy"]
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Referrer-Policy"] == "same-origin"
        assert not re.search(r"<style|style=|<script(?![^>]*src=)|\son\w+=", answer.content.decode())


def test_a_mail_server_that_is_down_is_the_logs_news(client: Browser, account, settings):
    settings.TOCSIN_SMTP = Smtp("127.0.0.1", 9, "", "", "none")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    account("Ann")

    answer = client.post("/accounts/password/reset/", {"email": "ann@msp.example"})

    assert answer["Location"] == "/accounts/password/reset/done/"


def test_a_fault_of_the_desk_is_a_page_that_needs_neither_database_nor_session(browser, monkeypatch):
    signed_in = browser()
    signed_in.raise_request_exception = False

    def broken(*_, **__):
        raise OperationalError("the disk is full")

    monkeypatch.setattr(SessionStore, "load", broken)
    answer = signed_in.get("/")

    assert answer.status_code == 500
    assert "look before you send it again" in answer.content.decode()
    assert "the disk is full" not in answer.content.decode()


def test_what_somebody_saw_is_not_kept_by_the_browser(browser):
    assert "no-store" in browser().get("/")["Cache-Control"]
