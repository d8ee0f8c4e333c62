"""What does whoever watches the console see of a page?"""

from __future__ import annotations

import re
import sys
import threading
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TextIO

from tocsin.channels.base import DUPLICATE_NOTE, Channel, Letter, Receipt, Unreachable
from tocsin.core.field import Field
from tocsin.core.reading import clean

WIDTH = 78
LINES = "┌─┐│├┤└┘"
ASCII_LINES = "+-+|++++"

_WORDS = re.compile(r"\s+|\S+")


@dataclass(frozen=True, slots=True)
class Terminal:
    """A page as a box of text on a stream (standard output, when none is given), in one write.

    Shows who is told, how, the subject and the text, which says why. Where the stream's encoding has no lines to draw
    with, the box is ASCII, and characters it lacks are shown as `?`.
    """

    stream: TextIO | None = None
    name: str = field(default="terminal", init=False)
    title: str = field(default="Console", init=False)
    fields: tuple[Field, ...] = field(default=(), init=False, repr=False)

    def send(self, letter: Letter) -> Receipt:
        """Print the letter. Raises Unreachable when nobody can see it: the stream is closed or broken."""
        stream = sys.stdout if self.stream is None else self.stream
        encoding = getattr(stream, "encoding", None) or "utf-8"
        shown = replace(
            letter,
            to=_shown(letter.to, encoding),
            subject=_shown(letter.subject, encoding),
            text=_shown(letter.text, encoding),
        )
        page = box(shown, how=self.title, lines=LINES if _shown(LINES, encoding) == LINES else ASCII_LINES)
        try:
            with _WRITING:
                stream.write(page)
                stream.flush()
        except (OSError, ValueError) as error:  # a closed stream raises ValueError
            raise Unreachable(f"The console cannot be written to: {error}") from error
        return Receipt(f"printed for {letter.to}"[:300])

    def sent(self, key: str) -> bool | None:
        """Return None: a console keeps no record."""
        return None


class _TerminalKind:
    name = "terminal"
    title = "Console"
    fields: tuple[Field, ...] = ()

    def set_up(self, answers: Mapping[str, str]) -> Channel:
        return Terminal()


KIND = _TerminalKind()
# Two threads that print at once must not share a box.
_WRITING = threading.Lock()


def box(letter: Letter, *, how: str, lines: str = LINES) -> str:
    """Return the letter as a box 78 columns wide, each line ended; nothing in it can steer the terminal."""
    left_top, across, right_top, side, left_mid, right_mid, left_end, right_end = tuple(lines)
    head = [*wrap(f"To      {letter.to}"), f"By      {how}", *wrap(f"Subject {letter.subject}")]
    if letter.duplicate:
        head.extend(wrap(f"Note    {DUPLICATE_NOTE}"))
    rows = [f"{left_top}{across * (WIDTH - 2)}{right_top}"]
    rows.extend(_row(line, side) for line in head)
    rows.append(f"{left_mid}{across * (WIDTH - 2)}{right_mid}")
    rows.extend(_row(line, side) for paragraph in clean(letter.text).strip().split("\n") for line in wrap(paragraph))
    rows.append(f"{left_end}{across * (WIDTH - 2)}{right_end}")
    return "\n".join(rows) + "\n"


def _row(line: str, side: str) -> str:
    return f"{side} {line}{' ' * (WIDTH - 4 - width(line))} {side}"


def wrap(paragraph: str, columns: int = WIDTH - 4) -> list[str]:
    """Return the paragraph as lines of at most so many columns, broken at spaces, and inside a word that is longer."""
    lines: list[str] = [""]
    for word in _WORDS.findall(clean(paragraph).expandtabs(4).replace("\n", " ")):
        if width(lines[-1]) + width(word) <= columns:
            lines[-1] += word
        elif not word.isspace():
            pieces = list(_pieces(word, columns))
            lines.extend(pieces)
    return [line.rstrip() for line in lines if line.strip()] or [""]


def _pieces(word: str, columns: int) -> Iterator[str]:
    piece = ""
    for character in word:
        if width(piece) + width(character) > columns:
            yield piece
            piece = ""
        piece += character
    yield piece


def width(text: str) -> int:
    """Return how many columns a terminal needs for the text: two for a wide character, none for a combining one."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Cf", "Me", "Mn"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def _shown(text: str, encoding: str) -> str:
    return clean(text).encode(encoding, "replace").decode(encoding)
