"""What stands on each line of a table somebody exported, and which lines cannot be read?

CSV with a header line, plain or gzipped, in UTF-8. A cell never holds a line break here, so a broken line spoils itself
only and never the rest of the file.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

Progress = Callable[[int, int], None]

_GZIP = b"\x1f\x8b"
_NOT_TABLES = {
    b"PK\x03\x04": "a zip archive or a spreadsheet: unpack it, or save it as CSV, first",
    b"\xff\xfe": "text in UTF-16: save it as UTF-8 first",
    b"\xfe\xff": "text in UTF-16: save it as UTF-8 first",
    b"%PDF": "a PDF",
    b"SQLite format 3": "a database",
}
_BETWEEN_REPORTS = 1_000


class Unreadable(ValueError):
    """The file as a whole cannot be read: the sentence names it, says why, and is fit to show."""


@dataclass(frozen=True, slots=True)
class Line:
    """The cells asked for, in the order they were asked for; `number` counts the header as line 1."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that was left out, and why."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


def lines(path: Path, columns: Sequence[str], *, progress: Progress | None = None) -> Iterator[Line | Fault]:
    """Each line below the header: its cells, or the fault that keeps it out; blank lines are passed over.

    `progress` is told (bytes read so far, bytes in all) of the file as it lies on disk, now and then and at the end.
    A file that is no such table, lacks one of the columns or ends in the middle of its gzip raises Unreadable.
    """
    try:
        yield from _lines(path, columns, progress)
    except (gzip.BadGzipFile, zlib.error) as error:
        raise Unreadable(f"{path} is damaged: its gzip cannot be unpacked ({error})") from error
    except EOFError as error:
        raise Unreadable(f"{path} ends in the middle: the gzip is cut off, so copy or download it again") from error
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror or error}") from error


def _lines(path: Path, columns: Sequence[str], progress: Progress | None) -> Iterator[Line | Fault]:
    total = path.stat().st_size
    with path.open("rb") as raw:
        table = _unpacked(raw, path)
        header = _header(table.readline(), path)
        at = _places(header, columns, path)
        for number, line in enumerate(table, start=2):
            if progress and number % _BETWEEN_REPORTS == 0:
                progress(raw.tell(), total)
            if not line.strip():
                continue
            cells = _cells(line)
            if isinstance(cells, str):
                yield Fault(number, cells)
            elif len(cells) != len(header):
                yield Fault(number, f"has {len(cells)} columns, the header has {len(header)}")
            else:
                yield Line(number, tuple(cells[place] for place in at))
    if progress:
        progress(total, total)


def _unpacked(raw: io.BufferedReader, path: Path) -> io.BufferedReader:
    start = raw.peek(16)[:16]
    if not start:
        raise Unreadable(f"{path} is empty")
    for magic, what in _NOT_TABLES.items():
        if start.startswith(magic):
            raise Unreadable(f"{path} is {what}")
    if start.startswith(_GZIP):
        return io.BufferedReader(gzip.GzipFile(fileobj=raw), 1 << 16)
    return raw


def _header(line: bytes, path: Path) -> list[str]:
    cells = _cells(line.removeprefix(b"\xef\xbb\xbf"))
    if isinstance(cells, str) or "\0" in "".join(cells):
        raise Unreadable(f"{path} is neither CSV nor gzipped CSV: its first line is no header of column names")
    return [cell.strip() for cell in cells]


def _places(header: list[str], columns: Sequence[str], path: Path) -> tuple[int, ...]:
    missing = [column for column in columns if column not in header]
    if missing:
        found = ", ".join(header)
        found = found if len(found) <= 200 else found[:200] + "…"
        raise Unreadable(
            f"{path} is not the table expected: its header lacks {', '.join(missing)}; it has {found or 'nothing'}"
        )
    twice = sorted({column for column in columns if header.count(column) > 1})
    if twice:
        raise Unreadable(f"{path} has two columns named {', '.join(twice)}: which one counts cannot be told")
    return tuple(header.index(column) for column in columns)


def _cells(line: bytes) -> list[str] | str:
    """The cells of a line, or the sentence that says why it has none."""
    try:
        text = line.rstrip(b"\r\n").decode("utf-8")
    except UnicodeDecodeError:
        return "is not text in UTF-8"
    if '"' not in text:
        return text.split(",")
    try:
        return next(csv.reader([text], strict=True))
    except csv.Error as error:
        return f"is not CSV ({error})"
