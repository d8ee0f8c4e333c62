"""Is it said what to do where a PostgreSQL server does not know whom or what it is asked for?"""

import os
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.management.test_shell import typed


@pytest.mark.only_on("postgresql")
@pytest.mark.parametrize("command", ["verify", "migrate"])
@pytest.mark.parametrize(
    ("user", "name", "remedy"),
    [
        ("tocsin", "nodb", "Then make it: createdb --owner=USER nodb"),
        ("nobody_here", "postgres", "Are user and password right in TOCSIN_DATABASE_URL"),
    ],
)
def test_what_the_server_does_not_know_is_said_with_how_to_make_it(
    tmp_path: Path, command: str, user: str, name: str, remedy: str
):
    place = urlsplit(os.environ["TOCSIN_DATABASE_URL"])
    host = place.netloc.rpartition("@")[2]
    url = place._replace(netloc=f"{user}@{host}" if user != "tocsin" else place.netloc, path=f"/{name}").geturl()

    done = typed(tmp_path, command, TOCSIN_DATABASE_URL=url)

    assert done.returncode == 1
    assert f'"{name if name == "nodb" else user}" does not exist' in done.stderr
    assert remedy in done.stderr
    assert "tocsin migrate" not in done.stderr.replace("tocsin migrate:", "")
