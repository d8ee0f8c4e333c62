"""Under which address does a browser get this version of a file, and not the one it kept?"""

from functools import cache
from hashlib import sha256
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


class VersionedFiles(StaticFilesStorage):
    """`{% static "tocsin.css" %}` is /static/tocsin.css?v=…, which changes with what the file holds."""

    def url(self, name: str | None, force: bool = False) -> str:
        return f"{super().url(name)}?v={_version(name or '')}"


@cache
def _version(name: str) -> str:
    found = finders.find(name)
    if not found:
        raise ValueError(f"There is no static file {name!r}.")
    return sha256(Path(found).read_bytes()).hexdigest()[:12]
