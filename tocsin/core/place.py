"""On which line of a TOML document does each key stand?

Python's tomllib tells what a document says and not where. The text given here has been read by it already, so its
grammar is taken for granted: this only walks it and counts lines.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping

Path = tuple[str | int, ...]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SPACE = re.compile(r"[ \t]*")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|' r"'''.*?'{3,5}|" r'"(?:\\.|[^"\\\n])*"|' r"'[^'\n]*'",
    re.DOTALL,
)
_SCALAR = re.compile(r"[^,\]}\n#]+")


def places(text: str) -> dict[Path, int]:
    """Return the line, counted from 1, of every key, table and array element of a valid TOML document.

    A path is the keys from the top down, with the index of an element for arrays: `("steps", 0, "to")`.
    """
    return dict(_Walk(text).walk())


def line_of(lines: Mapping[Path, int], path: Path) -> int:
    """The line of a path, or of the nearest thing that contains it; 1 when nothing does."""
    while path:
        if path in lines:
            return lines[path]
        path = path[:-1]
    return 1


class _Walk:
    """A walk through a document: where it is, and what it has seen."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.line = 1
        self.counted_to = 0
        self.lines: dict[Path, int] = {}
        self.elements: dict[Path, int] = {}

    def walk(self) -> dict[Path, int]:
        table: Path = ()
        self._pass(_BLANK)
        while self.at < len(self.text):
            if self._ahead("["):
                table = self._header()
            else:
                self._entry(table)
            self._pass(_BLANK)
        return self.lines

    def _header(self) -> Path:
        """`[a.b]`, or `[[a.b]]` which begins one more element."""
        many = self._ahead("[[")
        line = self._line()
        self.at += 2 if many else 1
        keys = self._keys()
        self.at += 2 if many else 1
        path: Path = ()
        for key in keys[:-1]:
            path = self._within((*path, key), line)
        path = (*path, keys[-1])
        self.lines.setdefault(path, line)
        if not many:
            return self._within(path, line)
        index = self.elements[path] = self.elements.get(path, -1) + 1
        self.lines[(*path, index)] = line
        return (*path, index)

    def _within(self, path: Path, line: int) -> Path:
        """The path itself, or that of the newest element where it is an array of tables."""
        self.lines.setdefault(path, line)
        return (*path, self.elements[path]) if path in self.elements else path

    def _entry(self, table: Path) -> None:
        line = self._line()
        path = table
        for key in self._keys():
            path = (*path, key)
            self.lines.setdefault(path, line)
        self.at += 1  # the equals sign
        self._pass(_SPACE)
        self._value(path)

    def _value(self, path: Path) -> None:
        if self._ahead("{"):
            self._inline(path)
        elif self._ahead("["):
            self._array(path)
        elif self._ahead('"') or self._ahead("'"):
            self._pass(_STRING)
        else:
            self._pass(_SCALAR)

    def _inline(self, path: Path) -> None:
        self.at += 1
        self._pass(_BLANK)
        while not self._ahead("}"):
            self._entry(path)
            self._pass(_BLANK)
            if self._ahead(","):
                self.at += 1
                self._pass(_BLANK)
        self.at += 1

    def _array(self, path: Path) -> None:
        self.at += 1
        self._pass(_BLANK)
        index = 0
        while not self._ahead("]"):
            self.lines[(*path, index)] = self._line()
            self._value((*path, index))
            index += 1
            self._pass(_BLANK)
            if self._ahead(","):
                self.at += 1
                self._pass(_BLANK)
        self.at += 1

    def _keys(self) -> list[str]:
        """A dotted key; what follows it is next."""
        keys = []
        while True:
            self._pass(_SPACE)
            quoted = self._ahead('"') or self._ahead("'")
            written = self._pass(_STRING if quoted else _BARE)
            keys.append(next(iter(tomllib.loads(f"{written} = 1"))) if quoted else written)
            self._pass(_SPACE)
            if not self._ahead("."):
                return keys
            self.at += 1

    def _ahead(self, what: str) -> bool:
        return self.text.startswith(what, self.at)

    def _pass(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.at)
        if found is None:
            raise ValueError(f"line {self._line()}: this is no TOML document")
        self.at = found.end()
        return found[0]

    def _line(self) -> int:
        self.line += self.text.count("\n", self.counted_to, self.at)
        self.counted_to = self.at
        return self.line
