"""Are settings read as docs/operate.md says, and is a wrong one refused with a sentence that helps?"""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tocsin import settings
from tocsin.channels.email import Email
from tocsin.settings import BadSetting, Smtp

HOME = Path("/nowhere")


def started(home: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """A fresh process that reads the settings."""
    return subprocess.run(
        [sys.executable, "-m", "tocsin", "migrate", "--plan"],
        env={"PATH": os.environ["PATH"], "HOME": str(home), "TOCSIN_HOME": str(home)} | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_misspelt_setting_stops_the_start_and_names_the_nearest(tmp_path: Path):
    done = started(tmp_path, TOCSIN_DATABSE_URL="sqlite:///x")

    assert done.returncode == 1
    assert "TOCSIN_DATABSE_URL is not a setting" in done.stderr
    assert "TOCSIN_DATABASE_URL?" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_first_start_makes_a_secret_only_its_owner_can_read_and_later_starts_keep_it(tmp_path: Path):
    key = tmp_path / "desk" / "keys" / "secret.key"

    first = settings.kept_secret(key)

    assert len(first) >= 50
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700
    assert settings.kept_secret(key) == first
    assert list(key.parent.iterdir()) == [key]


def test_a_postgres_url_is_taken_apart(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TOCSIN_DATABASE_URL", "postgres://ann:p%40ss@db.example:5433/desk?sslmode=require")

    database = settings.database("TOCSIN_DATABASE_URL", HOME)

    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert [database[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")] == [
        "ann",
        "p@ss",
        "db.example",
        "5433",
        "desk",
    ]
    assert database["OPTIONS"] == {"sslmode": "require"}
    assert database["CONN_MAX_AGE"] is None


def test_a_postgres_url_can_name_the_folder_of_a_socket(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TOCSIN_DATABASE_URL", "postgresql://ann@/desk?host=/run/postgresql&port=5433")

    database = settings.database("TOCSIN_DATABASE_URL", HOME)

    assert (database["HOST"], database["PORT"], database["OPTIONS"]) == ("/run/postgresql", "5433", {})


def test_without_a_url_the_database_is_a_durable_file_at_home(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("TOCSIN_DATABASE_URL", raising=False)

    database = settings.database("TOCSIN_DATABASE_URL", HOME)

    assert database["NAME"] == "/nowhere/tocsin.sqlite3"
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in database["OPTIONS"]["init_command"]


@pytest.mark.parametrize("slashes", ["///", "////"])
def test_a_sqlite_url_names_an_absolute_file(monkeypatch: pytest.MonkeyPatch, slashes: str):
    monkeypatch.setenv("TOCSIN_DATABASE_URL", f"sqlite:{slashes}srv/a%20desk.sqlite3")

    assert settings.database("TOCSIN_DATABASE_URL", HOME)["NAME"] == "/srv/a desk.sqlite3"


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://db.example/desk", "begins with 'mysql'"),
        ("postgres://db.example", "names no database"),
        ("sqlite://desk.sqlite3", "three slashes"),
        ("desk.sqlite3", "can be sqlite:///… or postgres://…"),
        ("postgres://ann:secret@db.example:five/desk", "no URL that can be read"),
        ("postgres://ann:secret[@db.example/desk", "percent-encoded"),
    ],
)
def test_a_database_nobody_can_open_is_refused(monkeypatch: pytest.MonkeyPatch, url: str, says: str):
    monkeypatch.setenv("TOCSIN_DATABASE_URL", url)

    with pytest.raises(BadSetting, match="TOCSIN_DATABASE_URL") as refused:
        settings.database("TOCSIN_DATABASE_URL", HOME)

    assert says in str(refused.value)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://127.0.0.1:2525", Smtp("127.0.0.1", 2525, "", "", "none")),
        ("smtp://ann:p%2Fw@mail.example?tls=starttls", Smtp("mail.example", 587, "ann", "p/w", "starttls")),
        ("smtps://ann:pw@mail.example", Smtp("mail.example", 465, "ann", "pw", "tls")),
        ("", None),
    ],
)
def test_a_mail_server_is_read_from_its_url(monkeypatch: pytest.MonkeyPatch, url: str, server: Smtp | None):
    monkeypatch.setenv("TOCSIN_SMTP_URL", url)

    assert settings.smtp("TOCSIN_SMTP_URL") == server


@pytest.mark.parametrize(
    "url",
    [
        "mail.example:25",
        "smtp://",
        "smtp://mail.example?tls=maybe",
        "http://mail.example",
        "smtp://mail.example:x",
        "smtp://[",
    ],
)
def test_a_mail_server_nobody_can_reach_is_refused(monkeypatch: pytest.MonkeyPatch, url: str):
    monkeypatch.setenv("TOCSIN_SMTP_URL", url)

    with pytest.raises(BadSetting, match="TOCSIN_SMTP_URL"):
        settings.smtp("TOCSIN_SMTP_URL")


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ("", ("127.0.0.1", 8000)),
        ("0.0.0.0:80", ("0.0.0.0", 80)),
        (":9000", ("0.0.0.0", 9000)),
        ("[::1]:8000", ("::1", 8000)),
    ],
)
def test_an_address_to_listen_at_is_read(monkeypatch: pytest.MonkeyPatch, value: str, place: tuple[str, int]):
    monkeypatch.setenv("TOCSIN_BIND", value)

    assert settings.address("TOCSIN_BIND", "127.0.0.1:8000") == place


@pytest.mark.parametrize("value", ["8000", "localhost", "localhost:http", "localhost:0", "localhost:65536"])
def test_an_address_without_a_port_is_refused(monkeypatch: pytest.MonkeyPatch, value: str):
    monkeypatch.setenv("TOCSIN_BIND", value)

    with pytest.raises(BadSetting, match="host:port"):
        settings.address("TOCSIN_BIND", "127.0.0.1:8000")


def test_a_secret_can_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / "url").write_text("smtp://mail.example\n")
    monkeypatch.setenv("TOCSIN_SMTP_URL_FILE", str(tmp_path / "url"))

    assert settings.secret("TOCSIN_SMTP_URL") == "smtp://mail.example"


def test_a_secret_given_twice_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("TOCSIN_SMTP_URL_FILE", str(tmp_path / "url"))
    monkeypatch.setenv("TOCSIN_SMTP_URL", "smtp://mail.example")

    with pytest.raises(BadSetting, match="both set"):
        settings.secret("TOCSIN_SMTP_URL")


def test_a_secrets_file_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("TOCSIN_SMTP_URL_FILE", str(tmp_path / "absent"))

    with pytest.raises(BadSetting, match="absent, which cannot be read"):
        settings.secret("TOCSIN_SMTP_URL")


@pytest.mark.parametrize("held", ["", " \n"])
def test_a_secrets_file_that_is_empty_is_never_taken_for_a_secret_not_set(tmp_path: Path, held: str):
    (tmp_path / "url").write_text(held)

    done = started(tmp_path / "desk", TOCSIN_DATABASE_URL_FILE=str(tmp_path / "url"))

    assert done.returncode == 1
    assert f"TOCSIN_DATABASE_URL_FILE names {tmp_path / 'url'}, which is empty." in done.stderr
    assert not (tmp_path / "desk").exists()


def test_a_secrets_file_that_is_no_text_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / "url").write_bytes(b"\xff\xfe")
    monkeypatch.setenv("TOCSIN_SMTP_URL_FILE", str(tmp_path / "url"))

    with pytest.raises(BadSetting, match="url, which is no text in UTF-8"):
        settings.secret("TOCSIN_SMTP_URL")


def test_an_empty_variable_is_not_set(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TOCSIN_SMTP_URL", " ")
    monkeypatch.setenv("TOCSIN_SMTP_URL_FILE", "")

    assert settings.secret("TOCSIN_SMTP_URL") == ""


def test_a_signing_key_that_can_be_guessed_is_refused_without_being_shown(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TOCSIN_SECRET_KEY", "hush-hush")

    with pytest.raises(BadSetting, match="TOCSIN_SECRET_KEY has 9 characters, and 32 are the least") as refused:
        settings.signing_key("TOCSIN_SECRET_KEY")

    assert "token_urlsafe" in str(refused.value)
    assert "hush-hush" not in str(refused.value)


@pytest.mark.parametrize("value", ["", "x" * 32])
def test_a_signing_key_of_some_length_or_none_is_taken(monkeypatch: pytest.MonkeyPatch, value: str):
    monkeypatch.setenv("TOCSIN_SECRET_KEY", value)

    assert settings.signing_key("TOCSIN_SECRET_KEY") == value


def test_names_of_the_desk_are_separated_by_commas_or_spaces(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TOCSIN_HOSTS", "desk.example 192.0.2.7,,[2001:db8::7], .msp.example my_host")

    assert settings.hosts("TOCSIN_HOSTS") == ["desk.example", "192.0.2.7", "[2001:db8::7]", ".msp.example", "my_host"]


@pytest.mark.parametrize(
    "host", ["https://desk.example", "desk.example/tocsin", "desk.example:8000", "2001:db8::7", "désk.example"]
)
def test_a_name_with_a_scheme_a_path_or_a_port_would_never_be_asked_for_and_is_refused(
    monkeypatch: pytest.MonkeyPatch, host: str
):
    monkeypatch.setenv("TOCSIN_HOSTS", f"localhost, {host}")

    with pytest.raises(BadSetting, match=r"TOCSIN_HOSTS has .* without https://, port and path") as refused:
        settings.hosts("TOCSIN_HOSTS")

    assert repr(host) in str(refused.value)


def test_a_choice_outside_the_list_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TOCSIN_LOG_LEVEL", "loud")

    with pytest.raises(BadSetting, match="'loud'; it can be debug, info"):
        settings.one_of("TOCSIN_LOG_LEVEL", ("debug", "info"), "info")


@pytest.mark.parametrize("value", ["Tocsin", "desk@", "Desk, Acme <desk@msp.example>", "ä@b.example"])
def test_a_sender_nobody_can_answer_is_refused(monkeypatch: pytest.MonkeyPatch, value: str):
    monkeypatch.setenv("TOCSIN_MAIL_FROM", value)

    with pytest.raises(BadSetting, match=r"TOCSIN_MAIL_FROM is .* write, for example, Tocsin <tocsin@localhost>"):
        settings.sender("TOCSIN_MAIL_FROM", "Tocsin <tocsin@localhost>")


@pytest.mark.parametrize("value", ["desk@msp.example", "Desk <desk@msp.example>", '"Desk, Acme" <desk@msp.example>'])
def test_a_sender_is_taken_as_the_mail_channel_takes_it(monkeypatch: pytest.MonkeyPatch, value: str):
    monkeypatch.setenv("TOCSIN_MAIL_FROM", value)

    assert settings.sender("TOCSIN_MAIL_FROM", "") == value
    assert Email("mail.example", 25, value, tls="none").sender == value


@pytest.mark.parametrize("value", ["-1", "10", "one", "1.0"])
def test_a_number_of_proxies_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, value: str):
    monkeypatch.setenv("TOCSIN_PROXIES", value)

    with pytest.raises(BadSetting, match=r"TOCSIN_PROXIES is .* write a number from 0 to 9"):
        settings.count("TOCSIN_PROXIES", 0)


@pytest.mark.parametrize("value", ["0", "-5", "1m", "1.5", "86401"])
def test_seconds_that_are_none_are_refused(monkeypatch: pytest.MonkeyPatch, value: str):
    monkeypatch.setenv("TOCSIN_AUDIT_EVERY", value)

    with pytest.raises(BadSetting, match="write seconds, 1 to 86400"):
        settings.seconds("TOCSIN_AUDIT_EVERY", 60)


@pytest.mark.parametrize(
    "value", ["switch.example/hush-hush", "ftp://switch.example/hush-hush", "https://", "http://[/hush-hush"]
)
def test_an_address_that_cannot_be_called_is_refused_without_being_shown(monkeypatch: pytest.MonkeyPatch, value: str):
    monkeypatch.setenv("TOCSIN_HEARTBEAT_URL", value)

    with pytest.raises(BadSetting, match="TOCSIN_HEARTBEAT_URL") as refused:
        settings.web_address("TOCSIN_HEARTBEAT_URL")

    assert "hush-hush" not in str(refused.value)


def test_who_is_mailed_an_alarm_is_a_list_of_addresses(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TOCSIN_ALARM_MAIL", "ann@msp.example, bo@msp.example")
    assert settings.addresses("TOCSIN_ALARM_MAIL") == ["ann@msp.example", "bo@msp.example"]

    monkeypatch.setenv("TOCSIN_ALARM_MAIL", "ann@msp.example bo")
    with pytest.raises(BadSetting, match="TOCSIN_ALARM_MAIL has 'bo' in it"):
        settings.addresses("TOCSIN_ALARM_MAIL")


def test_alarms_by_mail_without_a_mail_server_are_refused_at_the_start(tmp_path: Path):
    done = started(tmp_path, TOCSIN_ALARM_MAIL="ann@msp.example")

    assert done.returncode == 1
    assert "TOCSIN_ALARM_MAIL needs a mail server: set TOCSIN_ALARM_SMTP_URL" in done.stderr


def test_the_first_start_makes_a_home_only_its_owner_can_enter(tmp_path: Path):
    home = tmp_path / "desk"

    done = started(tmp_path, TOCSIN_HOME=str(home), TOCSIN_SECRET_KEY="given" * 7)

    assert done.returncode == 0, done.stderr
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_a_home_that_cannot_be_made_is_said(tmp_path: Path):
    (tmp_path / "file").touch()

    done = started(tmp_path, TOCSIN_HOME=str(tmp_path / "file" / "desk"))

    assert done.returncode == 1
    assert "TOCSIN_HOME is" in done.stderr
    assert "Traceback" not in done.stderr
