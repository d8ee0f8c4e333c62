"""How is this Tocsin set up? Read once from the environment; docs/operate.md describes every variable.

A setting says how the desk is *run*; what one client may have differently from another is policy, never a setting.
To add one: a line below that reads it, a row in docs/operate.md (a test compares the two).
"""

import difflib
import logging
import os
import re
import secrets
import socket
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

import structlog
from django.core.exceptions import ImproperlyConfigured

CHECKOUT = Path(__file__).resolve().parent.parent


class BadSetting(ImproperlyConfigured):
    """A variable that cannot be used; the text is a sentence fit to show."""


# Readers: each knows its variable's name, type and default, and remembers that it was asked for.

KNOWN: set[str] = set()
KEY_CHARACTERS = 32


def text(name: str, default: str = "") -> str:
    KNOWN.add(name)
    return os.environ.get(name, "").strip() or default


def secret(name: str) -> str:
    """As text(), or what stands in the file that NAME_FILE names, as containers mount secrets.

    A variable that is empty is not set. A file that is empty was meant to hold something.
    """
    path, plain = text(f"{name}_FILE"), text(name)
    if path and plain:
        raise BadSetting(f"{name} and {name}_FILE are both set; keep one of them.")
    if not path:
        return plain
    try:
        value = Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise BadSetting(f"{name}_FILE names {path}, which cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise BadSetting(f"{name}_FILE names {path}, which is no text in UTF-8.") from error
    if not value:
        raise BadSetting(f"{name}_FILE names {path}, which is empty. Write the value into it, or unset {name}_FILE.")
    return value


def signing_key(name: str) -> str:
    """As secret(); one that can be guessed is refused, for whoever has it can pass for the desk."""
    value = secret(name)
    if value and len(value) < KEY_CHARACTERS:
        raise BadSetting(
            f"{name} has {len(value)} characters, and {KEY_CHARACTERS} are the least. Make one with\n"
            "  python3 -c 'import secrets; print(secrets.token_urlsafe(48))'\n"
            "or unset it, and the desk makes one of its own."
        )
    return value


def words(name: str) -> list[str]:
    return [word for word in text(name).replace(",", " ").split() if word]


def hosts(name: str) -> list[str]:
    """Names of the desk, separated by commas or spaces: desk.example, 192.0.2.7, [2001:db8::7], .all.example."""
    given = words(name)
    for host in given:
        if not re.fullmatch(r"\*|\[[0-9A-Fa-f:.]+\]|\.?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?", host):
            raise BadSetting(
                f"{name} has {host!r} in it, which is more, or less, than a name; write desk.example, 192.0.2.7 or "
                "[2001:db8::7], without https://, port and path."
            )
    return given


def seconds(name: str, default: int) -> timedelta:
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit() or not 0 < int(value) <= 86_400:
        raise BadSetting(f"{name} is {value!r}; write seconds, 1 to 86400, for example {default}.")
    return timedelta(seconds=int(value))


def count(name: str, default: int) -> int:
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit() or int(value) > 9:
        raise BadSetting(f"{name} is {value!r}; write a number from 0 to 9.")
    return int(value)


def sender(name: str, default: str) -> str:
    """Who mail is from: an address, with a name before it or without."""
    value = text(name, default)
    if not _is_address(parseaddr(value)[1]) or not value.isprintable():
        raise BadSetting(f"{name} is {value!r}, which holds no mail address; write, for example, {default}.")
    return value


def addresses(name: str) -> list[str]:
    """Mail addresses, separated by commas or spaces."""
    given = words(name)
    for address in given:
        if not _is_address(address):
            raise BadSetting(f"{name} has {address!r} in it, which is no mail address; write ann@msp.example.")
    return given


def _is_address(place: str) -> bool:
    return bool(re.fullmatch(r"""[^\s@<>()\[\]\\,;:"]{1,64}@[^\s@<>()\[\]\\,;:"/]{1,253}""", place)) and place.isascii()


def web_address(name: str) -> str:
    """An http or https URL; what is wrong with it is said without it, for such URLs are secrets."""
    value = secret(name)
    if value:
        url, _ = taken_apart(name, value)
        if url.scheme not in ("http", "https") or not url.hostname or re.search(r"[^!-~]", value):
            raise BadSetting(f"{name} is no address that can be called; write https://host.example/path.")
    return value


def one_of(name: str, choices: tuple[str, ...], default: str) -> str:
    value = text(name, default).lower()
    if value not in choices:
        raise BadSetting(f"{name} is {value!r}; it can be {', '.join(choices)}.")
    return value


def address(name: str, default: str) -> tuple[str, int]:
    """host:port, [v6]:port or :port (all addresses)."""
    value = text(name, default)
    host, colon, port = value.rpartition(":")
    if not colon or not port.isdecimal() or not 0 < int(port) < 65536:
        raise BadSetting(f"{name} is {value!r}; write host:port, for example {default}.")
    return host.strip("[]") or "0.0.0.0", int(port)


def taken_apart(name: str, value: str) -> tuple[SplitResult, int | None]:
    """The URL and its port. What is wrong is said without the value, which may hold a password."""
    try:
        url = urlsplit(value)
        return url, url.port
    except ValueError as error:
        raise BadSetting(
            f"{name} is no URL that can be read. Is there a number after the last colon, and is each of @ / # % [ ] in "
            "a password written percent-encoded (%40 for @)?"
        ) from error


def database(name: str, home: Path) -> dict[str, Any]:
    """sqlite:///path/to/file or postgres://user:password@host:port/name; nothing: a SQLite file in TOCSIN_HOME."""
    value = secret(name)
    if not value:
        return sqlite(home / "tocsin.sqlite3")
    url, port = taken_apart(name, value)
    if url.scheme == "sqlite":
        path = "/" + unquote(url.path).lstrip("/")
        if url.netloc or path == "/":
            raise BadSetting(f"{name}: write sqlite:///absolute/path/to/file.sqlite3, with three slashes.")
        return sqlite(Path(path))
    if url.scheme in ("postgres", "postgresql"):
        options = dict(parse_qsl(url.query))
        # libpq takes a socket's folder as host, which no URL can carry in its host part.
        host = options.pop("host", "") or unquote(url.hostname or "")
        if len(url.path) < 2:
            raise BadSetting(f"{name} names no database; write postgres://user:password@host:5432/tocsin.")
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(url.path[1:]),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": host,
            "PORT": options.pop("port", "") or str(port or ""),
            "CONN_MAX_AGE": None,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": options,
        }
    raise BadSetting(f"{name} begins with {url.scheme or value[:12]!r}; it can be sqlite:///… or postgres://….")


def sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            # FULL: what was answered 202 must still be there after the power went.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }


@dataclass(frozen=True, slots=True)
class Smtp:
    """A mail server. tls: "tls" from the first byte, "starttls", or "none"."""

    host: str
    port: int
    user: str
    password: str
    tls: str


def smtp(name: str) -> Smtp | None:
    """smtp://user:password@host:port (add ?tls=starttls) or smtps://…; nothing: no email leaves this desk."""
    value = secret(name)
    if not value:
        return None
    url, port = taken_apart(name, value)
    tls = dict(parse_qsl(url.query)).get("tls", "tls" if url.scheme == "smtps" else "none")
    if url.scheme not in ("smtp", "smtps") or not url.hostname or tls not in ("tls", "starttls", "none"):
        raise BadSetting(f"{name}: write smtp://user:password@host:587?tls=starttls or smtps://user:password@host.")
    port = port or {"tls": 465, "starttls": 587, "none": 25}[tls]
    return Smtp(url.hostname, port, unquote(url.username or ""), unquote(url.password or ""), tls)


def kept_secret(path: Path) -> str:
    """What stands in this file; made now, readable by its owner alone, if it was not there."""
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        pass
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # the first of several processes wins, the others read what it wrote
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text(encoding="ascii").strip()


def refuse_unknown() -> None:
    """A misspelt variable would silently do nothing, so it stops the start instead."""
    for name in sorted(os.environ):
        if name.startswith("TOCSIN_") and not name.startswith("TOCSIN_TEST_") and name not in KNOWN:
            near = difflib.get_close_matches(name, KNOWN, n=1, cutoff=0.0)[0]
            raise BadSetting(f"{name} is not a setting of Tocsin. Did you mean {near}? All are in docs/operate.md.")


# The settings.


def home() -> Path:
    """TOCSIN_HOME; else var/ in a checkout, where one sees it; else where the system keeps a user's data."""
    if chosen := text("TOCSIN_HOME"):
        return Path(chosen).expanduser().absolute()
    if (CHECKOUT / "Makefile").is_file() and (CHECKOUT / "pyproject.toml").is_file():
        return CHECKOUT / "var"
    shared = os.environ.get("XDG_DATA_HOME", "")
    return (Path(shared) if shared else Path.home() / ".local" / "share") / "tocsin"


def made(path: Path) -> Path:
    """This folder, made now for its owner alone if it was not there."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BadSetting(f"TOCSIN_HOME is {path}, which cannot be made: {error.strerror}.") from error
    return path


TOCSIN_HOME = home()
TOCSIN_BIND = address("TOCSIN_BIND", "127.0.0.1:8000")
TOCSIN_PROXIES = count("TOCSIN_PROXIES", 0)
TOCSIN_BODY_WITHIN = seconds("TOCSIN_BODY_WITHIN", 30)
TOCSIN_SMTP = smtp("TOCSIN_SMTP_URL")
TOCSIN_MAIL_FROM = sender("TOCSIN_MAIL_FROM", "Tocsin <tocsin@localhost>")
TOCSIN_AUDIT_EVERY = seconds("TOCSIN_AUDIT_EVERY", 60)
TOCSIN_LATE_AFTER = seconds("TOCSIN_LATE_AFTER", 60)
TOCSIN_HEARTBEAT_URL = web_address("TOCSIN_HEARTBEAT_URL")
TOCSIN_ALARM_URL = web_address("TOCSIN_ALARM_URL")
TOCSIN_ALARM_MAIL = addresses("TOCSIN_ALARM_MAIL")
TOCSIN_ALARM_SMTP = smtp("TOCSIN_ALARM_SMTP_URL") or TOCSIN_SMTP
if TOCSIN_ALARM_MAIL and TOCSIN_ALARM_SMTP is None:
    raise BadSetting("TOCSIN_ALARM_MAIL needs a mail server: set TOCSIN_ALARM_SMTP_URL, or TOCSIN_SMTP_URL.")
TOCSIN_LOG_LEVEL = one_of("TOCSIN_LOG_LEVEL", ("debug", "info", "warning", "error"), "info")

DATABASES = {"default": database("TOCSIN_DATABASE_URL", TOCSIN_HOME)}
TOCSIN_HOSTS = hosts("TOCSIN_HOSTS")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", TOCSIN_BIND[0], socket.gethostname(), *TOCSIN_HOSTS]

_given_key = signing_key("TOCSIN_SECRET_KEY")
_kept_key = TOCSIN_HOME / "keys" / "secret.key"
refuse_unknown()
SECRET_KEY = _given_key or (kept_secret(_kept_key) if _kept_key.exists() else "")


def furnished() -> str:
    """The signing key; it and the desk's home are made now if they were not there.

    Not when settings are read: a command that only looks makes nothing, least of all at a misspelt TOCSIN_HOME.
    """
    made(TOCSIN_HOME)
    return _given_key or kept_secret(_kept_key)


# Django's own.

DEBUG = False
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "django_htmx",
    "tocsin",
]
MIDDLEWARE = [
    "tocsin.web.guard.guard",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "tocsin.urls"
WSGI_APPLICATION = "tocsin.wsgi.application"
APPEND_SLASH = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"

# Pages, and what they are made of.

_WEB = Path(__file__).parent / "web"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_WEB / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["django.templatetags.static", "tocsin.web.tags"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "tocsin.web.around.around",
                "tocsin.urls.engine",
            ],
        },
    }
]
STATIC_URL = "/static/"
STATICFILES_DIRS = [_WEB / "static"]
STORAGES = {"staticfiles": {"BACKEND": "tocsin.web.versioned.VersionedFiles"}}
WHITENOISE_USE_FINDERS = True  # straight from the package: nothing to collect before a start
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_MIMETYPES = {".webmanifest": "application/manifest+json"}
WHITENOISE_MAX_AGE = 300  # for what is asked for without its version

# Who signs in, and how long that lasts. Cookies are marked secure where the request was (tocsin/web/guard.py).

AUTH_USER_MODEL = "tocsin.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 3600
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "now"
LOGOUT_REDIRECT_URL = "account_login"
SESSION_COOKIE_NAME = "tocsin_session"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_NAME = "tocsin_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "tocsin.web.refusals.stale_form"
CSRF_TRUSTED_ORIGINS = [f"https://{name}" for name in TOCSIN_HOSTS]
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
if TOCSIN_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

ACCOUNT_ADAPTER = "tocsin.web.sign_in.Adapter"
ACCOUNT_FORMS = {
    "login": "tocsin.web.sign_in.SignIn",
    "change_password": "tocsin.web.sign_in.NewPassword",
    "reset_password": "tocsin.web.sign_in.AskForReset",
    "reset_password_from_key": "tocsin.web.sign_in.PasswordAfterReset",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ALLAUTH_TRUSTED_PROXY_COUNT = TOCSIN_PROXIES

# Attempts to sign in are counted in the database, which all web processes on all hosts share.

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "tocsin_attempt",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# Letters to whoever forgot their password; all others go through the outbox.

EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if TOCSIN_SMTP else 'dummy'}.EmailBackend"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = TOCSIN_MAIL_FROM
if TOCSIN_SMTP:
    EMAIL_HOST, EMAIL_PORT = TOCSIN_SMTP.host, TOCSIN_SMTP.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = TOCSIN_SMTP.user, TOCSIN_SMTP.password
    EMAIL_USE_SSL, EMAIL_USE_TLS = TOCSIN_SMTP.tls == "tls", TOCSIN_SMTP.tls == "starttls"

# Logs go to standard error, one line each, ours and the libraries' alike.

_stamps: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
structlog.configure(
    processors=[
        *_stamps,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[TOCSIN_LOG_LEVEL.upper()]),
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=False,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "structlog.stdlib.ProcessorFormatter",
            "foreign_pre_chain": _stamps,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
            ],
        },
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": TOCSIN_LOG_LEVEL.upper()},
    "loggers": {
        "django": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},  # a refused request is the sender's news, told in the answer
    },
}
