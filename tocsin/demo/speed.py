"""How would this standard be if everything in it went faster?

A running desk's clock is moved by nobody; what goes faster is a drill whose terms have every duration divided.
(semantics 10)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tocsin.core.document import Document
from tocsin.core.duration import BadDuration, parse
from tocsin.core.place import Path, line_of

BUSINESS_DAY_S = 8 * 3600  # what a business day comes to where everything else is divided, too
_WRITTEN = re.compile(r'"([0-9]+(?:s|m|h|bd))( on [A-Za-z0-9_-]+)?"')


def faster(text: str, *, by: int, name: str) -> str:
    """The standard in this text under another name, with every duration divided, each at least a second long.

    What was counted in business days is counted round the clock, as nobody can wait for the next morning to see it.
    What it says, and to whom, is the same. Raises BadPolicy for what is no TOML.
    """
    document = Document.read(text, name=name)
    lines = text.splitlines(keepends=True)
    places = document.lines or {}
    for number in {line_of(places, path) for path, value in _values(document.content) if _is_duration(value)}:
        lines[number - 1] = _WRITTEN.sub(lambda found: _divided(found[1], found[2] or "", by), lines[number - 1])
    named = line_of(places, ("standard", "name"))
    lines[named - 1] = re.sub(r'"[^"]*"', f'"{name}"', lines[named - 1], count=1)
    return "".join(lines)


def _values(content: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value that is no table and no list, and where it stands."""
    if isinstance(content, Mapping):
        inside: Iterator[tuple[str | int, Any]] = iter(content.items())
    elif isinstance(content, list):
        inside = iter(enumerate(content))
    else:
        yield path, content
        return
    for key, value in inside:
        yield from _values(value, (*path, key))


def _is_duration(value: Any) -> bool:
    return isinstance(value, str) and bool(_WRITTEN.fullmatch(f'"{value}"'))


def _divided(duration: str, calendar: str, by: int) -> str:
    try:
        written = parse(duration)
    except BadDuration:
        return f'"{duration}{calendar}"'
    seconds = written.amount * BUSINESS_DAY_S if written.is_days else int(written.delta.total_seconds())
    if not seconds:
        return f'"{duration}{calendar}"'
    return f'"{max(1, round(seconds / by))}s{" on always" if written.is_days else calendar}"'
