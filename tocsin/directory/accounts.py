"""What is done to accounts?"""

import secrets
from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from tocsin.directory.account import Account, Attempt
from tocsin.directory.person import Person

CONSONANTS, VOWELS = "bdfghklmnprstvwz", "aeiou"


class AccountRefused(ValueError):
    """What was asked cannot be done; the text is a sentence fit to show."""


@transaction.atomic
def add(email: str, *, password: str, person: Person | None, now: datetime) -> Account:
    """This person may sign in with this address and password.

    Raises AccountRefused when the address is none or taken, the person has an account, or the password is weak.
    """
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise AccountRefused(f"{email!r} is no mail address; write ann@msp.example.") from error
    if Account.objects.filter(email=email).exists():
        raise AccountRefused(f"{email} can sign in already. A new password: tocsin account password {email}")
    if person and (theirs := Account.objects.filter(person=person).first()):
        raise AccountRefused(f"{person} can sign in already, as {theirs}. One person has one account.")
    account = Account(email=email, person=person, created_at=now)
    _set(account, password)
    account.save()
    return account


def add_demo(people: Iterable[Person], *, now: datetime) -> str:
    """Each of them may sign in with their mail address, all with one new password, which is returned."""
    password = new_password()
    hashed = make_password(password)  # once: hashing takes its time on purpose
    Account.objects.bulk_create(
        Account(email=person.email.lower(), password=hashed, person=person, created_at=now) for person in people
    )
    return password


def new_password() -> str:
    """One nobody can guess (62 bits) and everybody can type: lumo-karu-tiso-bewa-hidu."""
    syllables = [secrets.choice(CONSONANTS) + secrets.choice(VOWELS) for _ in range(10)]
    return "-".join(first + second for first, second in zip(syllables[::2], syllables[1::2], strict=True))


def set_password(account: Account, password: str) -> None:
    """The account's password is this, and whoever was signed in with the one before is out at their next request."""
    _set(account, password)
    account.save(update_fields=["password"])


def forget_attempts() -> None:
    """Whoever was shut out by failed attempts, their own or a guesser's, may try again now."""
    Attempt.objects.all().delete()


def disable(account: Account, *, now: datetime) -> None:
    """It opens nothing any more, from the next request on."""
    if account.disabled_at is None:
        account.disabled_at = now
        account.save(update_fields=["disabled_at"])


def enable(account: Account) -> None:
    """It opens again what it did."""
    account.disabled_at = None
    account.save(update_fields=["disabled_at"])


def _set(account: Account, password: str) -> None:
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise AccountRefused(" ".join(error.messages)) from error
    account.set_password(password)
