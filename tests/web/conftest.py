"""Who signs in to the screens in these tests?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client as Browser

from tests.world import World
from tocsin.directory import accounts
from tocsin.directory.account import Account
from tocsin.directory.person import EVERY_CLIENT, Person

PASSWORD = "a heron on the weir"


@pytest.fixture
def world(db: None) -> World:
    """The small world, twenty minutes ago: what a face asks for is asked now."""
    world = World()
    world.now = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=20)
    return world


@pytest.fixture(autouse=True)
def _quick_passwords(settings) -> None:
    """A hash that takes its time is for guessers, not for tests."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def account(db) -> Callable[..., Account]:
    """account("Ann", access=…) can sign in as ann@msp.example."""

    def made(name: str = "Ann", *, access: str = EVERY_CLIENT) -> Account:
        person = Person.objects.create(name=name, access=access, email=f"{name.lower()}@msp.example")
        return accounts.add(person.email, password=PASSWORD, person=person, now=datetime.now(UTC))

    return made


@pytest.fixture
def browser(account: Callable[..., Account]) -> Callable[..., Browser]:
    """browser("Ann", access=…): a browser in which that person has signed in."""

    def opened(name: str = "Ann", *, access: str = EVERY_CLIENT) -> Browser:
        browser = Browser(headers={"accept": "text/html"})
        browser.force_login(account(name, access=access))
        return browser

    return opened
