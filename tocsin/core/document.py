"""What does a document say at this key, and if it cannot be read, on which line?

Reading never stops at the first mistake: each is noted with its line and key, and all are raised together.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tocsin.core.keys import KEYS
from tocsin.core.place import Path, line_of, places
from tocsin.core.spec import NAME, Choice, Key, Number, Text

_AT_LINE = re.compile(r" \(at line (\d+), column \d+\)")
_NAME = re.compile(NAME)


class Mistake(NamedTuple):
    """Something that cannot be read: on which line (0 where there are none), at which key, and all of it in words."""

    line: int
    key: str
    sentence: str
    said: str


class BadPolicy(ValueError):
    """A standard nobody can work by: one line a mistake, `file:line: key: sentence`; `mistakes` has them apart."""

    def __init__(self, said: str, mistakes: Iterable[Mistake] = ()) -> None:
        super().__init__(said)
        self.mistakes = tuple(mistakes)


@dataclass(eq=False)
class Document:
    """A parsed text, where its keys stand, and what is wrong with it so far. Without `lines` it has only keys."""

    name: str
    content: Mapping[str, Any]
    lines: Mapping[Path, int] | None = None
    problems: list[Mistake] = field(default_factory=list)

    @classmethod
    def read(cls, text: str, *, name: str) -> Document:
        """The document a TOML text makes; BadPolicy with the line where it is none."""
        try:
            content = tomllib.loads(text)
            found = cls(name, content, places(text.replace("\r\n", "\n")))
        except tomllib.TOMLDecodeError as error:
            at = _AT_LINE.search(str(error))
            line = int(at[1]) if at else text.count("\n") + 1
            said = _AT_LINE.sub("", str(error)).replace(" (at end of document)", ", and the document ends there")
            raise _bad(name, line, f"This is no TOML: {said[:1].lower()}{said[1:]}.") from None
        except RecursionError:
            raise _bad(name, 1, "This is nested too deeply to be a standard.") from None
        for path in _unwritable(content, ()):
            found.note(path, "It has a character without a form, \\u0000, which no database keeps: leave it out.")
        return found

    @property
    def top(self) -> Part:
        return Part(self, (), self.content, "")

    def where(self, path: Path) -> str:
        """`file:line: key`, as a person writes it."""
        if self.lines is None:
            return f"{self.name}: {dotted(path)}"
        return f"{self.name}:{line_of(self.lines, path)}: {dotted(path)}"

    def note(self, path: Path, sentence: str) -> None:
        """One more mistake, at this path."""
        line = line_of(self.lines, path) if self.lines is not None else 0
        said = f"{self.where(path)}: {sentence}" if path else f"{self.name}:{line or 1}: {sentence}"
        problem = Mistake(line, dotted(path), sentence, said)
        if problem not in self.problems:
            self.problems.append(problem)

    def judge(self) -> None:
        """Raise BadPolicy if there is any mistake, all of them in the order of their lines."""
        if self.problems:
            mistakes = sorted(self.problems, key=lambda problem: problem.line)
            raise BadPolicy("\n".join(mistake.said for mistake in mistakes), mistakes)


def _unwritable(value: object, path: Path) -> Iterator[Path]:
    """Where a NUL stands, in a text or a name."""
    if isinstance(value, str):
        yield from [path] if "\0" in value else []
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from [path] if "\0" in key else _unwritable(each, (*path, key))
    elif isinstance(value, list):
        for place, each in enumerate(value):
            yield from _unwritable(each, (*path, place))


def _bad(name: str, line: int, sentence: str) -> BadPolicy:
    said = f"{name}:{line}: {sentence}"
    return BadPolicy(said, [Mistake(line, "", sentence, said)])


def dotted(path: Path) -> str:
    """`ladders.page.steps[1].to`: elements are counted from 1, as people do."""
    said = ""
    for key in path:
        said += f"[{key + 1}]" if isinstance(key, int) else f".{key}" if said else key
    return said


def nearest(word: str, known: Iterable[str]) -> str:
    """` Did you mean 'x'?` for the nearest known word, or what is known."""
    words = list(known)
    near = difflib.get_close_matches(word, words, n=1, cutoff=0.6)
    if near:
        return f"did you mean {near[0]!r}?"
    return f"it is one of {', '.join(words)}." if words else "there is none."


@dataclass(frozen=True, eq=False)
class Part:
    """A table of a document; `kind` is its section in `core.keys`. Reading a key that will not do notes why."""

    document: Document
    path: Path
    content: Mapping[str, Any]
    kind: str | None = None

    def __post_init__(self) -> None:
        known = KEYS.get(self.kind) if self.kind is not None else None
        for key in self.content if known is not None else ():
            if known is not None and key not in known:
                self.note(key, f"There is no such key here: {nearest(key, known)}")

    def note(self, key: str | int | None, sentence: str) -> None:
        self.document.note(self.path if key is None else (*self.path, key), sentence)

    def has(self, key: str) -> bool:
        return key in self.content

    def text(self, key: str, default: str | None = None) -> str:
        """The text at the key, never blank; without a default it must be there."""
        value = self._value(key, str, "a text in quotes", default)
        if isinstance(value, str) and key in self.content and not value.strip():
            self.note(key, "This is blank: say it, or leave the key out.")
        return value if isinstance(value, str) else default or ""

    def flag(self, key: str) -> bool:
        """true or false; where it is not there, as `core.keys` has it."""
        default = bool(self.spec(key).default)
        value = self._value(key, bool, "true or false", default)
        return value if isinstance(value, bool) else default

    def number(self, key: str) -> int:
        """A whole number within the bounds that `core.keys` gives it."""
        spec = self.spec(key)
        assert isinstance(spec.is_a, Number)
        low, high = spec.is_a.low, spec.is_a.high
        value = self._value(key, int, "a whole number", spec.default)
        if not isinstance(value, int):
            return low
        if not low <= value <= high:
            self.note(key, f"{value} will not do: it is a whole number from {low} to {high}.")
        return value

    def choice(self, key: str, *, what: str = "choice") -> str:
        """One of the words that `core.keys` gives it."""
        spec = self.spec(key)
        assert isinstance(spec.is_a, Choice)
        return self.one_of(key, spec.is_a.words, None if spec.must else str(spec.default or ""), what=what)

    def matching(self, key: str, *, such_as: str) -> str:
        """A text of the form that `core.keys` gives it; empty where it is not there or has another."""
        spec = self.spec(key)
        assert isinstance(spec.is_a, Text)
        said = self.text(key, None if spec.must else str(spec.default or ""))
        if not said or re.fullmatch(spec.is_a.pattern, said):
            return said
        self.note(key, f"{said!r} is no {spec.is_a.said.removeprefix('a ')}: write {such_as}.")
        return ""

    def spec(self, key: str) -> Key:
        """What `core.keys` says of the key."""
        return KEYS[self.kind or ""][key]

    def words(self, key: str, known: Collection[str] | None = None, *, what: str = "word") -> tuple[str, ...]:
        """A list of texts, each of them known where that matters; empty when the key is not there."""
        value = self._value(key, list, "a list", [])
        words: list[str] = []
        for place, word in enumerate(value if isinstance(value, list) else ()):
            if not isinstance(word, str):
                self.document.note((*self.path, key, place), f"This is {_kind(word)}, not a text in quotes.")
            elif known is not None and word not in known:
                self.document.note((*self.path, key, place), f"{word!r} is no {what}: {nearest(word, known)}")
            elif word in words:
                self.document.note((*self.path, key, place), f"{word!r} is listed twice.")
            else:
                words.append(word)
        return tuple(words)

    def one_of(self, key: str, known: Collection[str], default: str | None = None, *, what: str = "choice") -> str:
        """A word out of those known."""
        word = self.text(key, default)
        if isinstance(self.content.get(key), str) and word not in known:
            self.note(key, f"{word!r} is no {what}: {nearest(word, known)}")
        return word

    def part(self, key: str, kind: str | None = None) -> Part:
        """The table at the key; an empty one when it is not there."""
        value = self._value(key, dict, "a table", {})
        return Part(self.document, (*self.path, key), value if isinstance(value, dict) else {}, kind)

    def parts(self, key: str, kind: str) -> list[Part]:
        """The tables of the array at the key."""
        value = self._value(key, list, "an array of tables", [])
        found = []
        for place, element in enumerate(value if isinstance(value, list) else ()):
            if isinstance(element, dict):
                found.append(Part(self.document, (*self.path, key, place), element, kind))
            else:
                self.document.note((*self.path, key, place), f"This is {_kind(element)}, not a table.")
        return found

    def named(self, key: str, kind: str) -> dict[str, Part]:
        """The tables within the table at the key, by the names the document gives them."""
        return dict(self._named(self.part(key), kind))

    def _named(self, whole: Part, kind: str) -> Iterator[tuple[str, Part]]:
        for name, value in whole.content.items():
            if not name.strip():
                whole.note(name, "A name is missing here: a blank never means all.")
            elif not _NAME.fullmatch(name):
                whole.note(name, f"{name!r} is no name: use letters, digits, - and _.")
            elif not isinstance(value, dict):
                whole.note(name, f"This is {_kind(value)}, not a table.")
            else:
                yield name, Part(self.document, (*whole.path, name), value, kind)

    def _value(self, key: str, kind: type, said: str, default: object) -> object:
        if key not in self.content:
            if default is None:
                self.note(None, f"The key {key!r} is missing.")
            return default
        value = self.content[key]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.note(key, f"This is {_kind(value)}, not {said}.")
            return default
        return value


def _kind(value: object) -> str:
    for kind, said in (
        (bool, "true or false"),
        (str, "a text"),
        (int, "a number"),
        (float, "a number with a fraction"),
        (list, "a list"),
        (dict, "a table"),
    ):
        if isinstance(value, kind):
            return said
    return "a date or time"
