"""Does `tocsin key` let programs in, say which there are, and shut them out?"""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client as Http

from tests.world import World
from tocsin.directory.api_key import ApiKey
from tocsin.management.listening import listens

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def world(db: None) -> World:
    return World()


def tocsin_key(*arguments: str) -> str:
    out = io.StringIO()
    call_command("key", *arguments, stdout=out)
    return out.getvalue()


def opens(text: str) -> int:
    return Http(headers={"authorization": f"Bearer {text}"}).get("/api/v1/tickets").status_code


def test_a_key_is_made_shown_once_opens_and_is_revoked():
    said = tocsin_key("add", "--person", "Lena", "--client", "acme", "--name", "the RMM")
    text = re.search(r"^  (tocsin_api_\S+)$", said, re.MULTILINE)[1]
    number = re.search(r"^Key (\d+) speaks as Lena, for tickets:read\.", said)[1]

    assert f"Bearer {text}" in said and opens(text) == 200
    listed = tocsin_key("list")
    assert re.search(rf"^{number}  Lena  tickets:read  Acme  used 20\d\d.*  the RMM$", listed, re.MULTILINE)
    assert text not in listed

    assert tocsin_key("revoke", number) == f"Key {number} of Lena opens nothing any more.\n"
    assert opens(text) == 401
    assert "revoked 20" in tocsin_key()


def test_the_line_to_try_it_leads_to_where_the_desk_listens(settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    settings.TOCSIN_HOME = tmp_path
    monkeypatch.delenv("TOCSIN_BIND", raising=False)
    add = ("add", "--person", "Lena")
    assert "http://127.0.0.1:8000/api/v1" in tocsin_key(*add), "a desk that never listened anywhere"

    settings.TOCSIN_BIND = ("0.0.0.0", 8123)
    listens()
    settings.TOCSIN_BIND = ("127.0.0.1", 8000)
    assert "http://127.0.0.1:8123/api/v1" in tocsin_key(*add)

    monkeypatch.setenv("TOCSIN_BIND", "[::1]:9000")
    settings.TOCSIN_BIND = ("::1", 9000)
    assert "http://[::1]:9000/api/v1" in tocsin_key(*add)


def test_plain_prints_the_key_alone():
    text = tocsin_key("add", "--person", "Lena", "--scope", "tickets:write", "--scope", "tickets:read", "--plain")

    assert opens(text.strip()) == 200
    assert ApiKey.objects.get().scopes == "tickets:read tickets:write"


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        (["add", "--person", "Lean"], "Did you mean Lena?"),
        (["add", "--person", "Lena", "--client", "acne"], "Did you mean acme?"),
        (["add", "--person", "Lena", "--scope", "all"], "There is no scope 'all'"),
        (["add", "--person", "Lena", "--rate", "0"], "Give a rate of 1 to"),
        (["revoke", "9"], "There is no key 9"),
    ],
)
def test_what_cannot_be_done_is_said(said, refused):
    with pytest.raises(CommandError, match=re.escape(refused)):
        tocsin_key(*said)
    assert not ApiKey.objects.exists()


def test_a_desk_without_keys_says_how_to_make_one():
    assert "tocsin key add --help" in tocsin_key()
