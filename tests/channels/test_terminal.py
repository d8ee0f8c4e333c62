"""Does whoever watches the console see who is told, how, what and why, and nothing else?"""

from __future__ import annotations

import io
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.channels.base import DUPLICATE_NOTE, Letter, Unreachable
from tocsin.channels.terminal import WIDTH, Terminal, width

PAGE = Letter(
    to="Ann Reed",
    subject="[P1] [Größe GmbH] - [Mail is down] - OUTAGE",
    text="Mail is down.\n\nWhy you: team lead, 15 min after the incident was opened, by step management@1/team-lead.",
    key="k",
)


class Counted(io.StringIO):
    def __init__(self):
        super().__init__()
        self.writes, self.flushes = [], 0

    def write(self, text):
        self.writes.append(text)
        return super().write(text)

    def flush(self):
        self.flushes += 1


def printed(letter, encoding="utf-8"):
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, newline="")
    Terminal(stream).send(letter)
    return raw.getvalue().decode(encoding)


def test_a_page_is_a_box_with_who_how_what_and_why():
    assert printed(PAGE) == (
        "┌────────────────────────────────────────────────────────────────────────────┐\n"
        "│ To      Ann Reed                                                           │\n"
        "│ By      Console                                                            │\n"
        "│ Subject [P1] [Größe GmbH] - [Mail is down] - OUTAGE                        │\n"
        "├────────────────────────────────────────────────────────────────────────────┤\n"
        "│ Mail is down.                                                              │\n"
        "│                                                                            │\n"
        "│ Why you: team lead, 15 min after the incident was opened, by step          │\n"
        "│ management@1/team-lead.                                                    │\n"
        "└────────────────────────────────────────────────────────────────────────────┘\n"
    )


def test_a_stream_that_cannot_draw_gets_ascii():
    page = printed(PAGE, "ascii")

    assert page.isascii()
    assert page.startswith("+" + "-" * 76 + "+\n| To      Ann Reed")
    assert "[Gr??e GmbH]" in page


def test_a_stream_that_cannot_draw_keeps_the_letters_it_can_write():
    page = printed(PAGE, "latin-1")

    assert page.startswith("+---") and "[Größe GmbH]" in page


def test_a_page_is_written_at_once_and_flushed():
    stream = Counted()

    receipt = Terminal(stream).send(PAGE)

    assert (len(stream.writes), stream.flushes) == (1, 1)
    assert receipt.reference == "printed for Ann Reed"


def test_standard_output_is_looked_up_when_the_page_is_printed(capsys):
    Terminal().send(PAGE)

    assert "Ann Reed" in capsys.readouterr().out


def test_a_possible_duplicate_says_so():
    letter = Letter(PAGE.to, PAGE.subject, PAGE.text, PAGE.key, duplicate=True)

    assert DUPLICATE_NOTE.removesuffix(" may have arrived.") in printed(letter)
    assert DUPLICATE_NOTE[:20] not in printed(PAGE)


def test_text_from_outside_cannot_steer_the_terminal():
    page = printed(Letter("Ann\x1b[2J", "a\r\nb", "\x1b]0;title\x07 \x9b31m\rover\u202egpj.exe", "k"))

    assert not set(page) & {"\x1b", "\x07", "\x9b", "\r", "\u202e"}
    assert "│ Subject a b" in page


@given(st.text(), st.text(), st.text(), st.sampled_from(["utf-8", "ascii", "latin-1", "cp437"]))
def test_every_line_of_the_box_is_as_wide_as_the_box(to, subject, text, encoding):
    lines = printed(Letter(to, subject, text, "k"), encoding).removesuffix("\n").split("\n")

    assert {width(line) for line in lines} == {WIDTH}


def test_a_long_word_and_wide_characters_are_broken_and_nothing_is_lost():
    page = printed(Letter("Ann", "s", "x" * 200 + " " + "障" * 100, "k"))

    assert page.count("x") == 200
    assert page.count("障") == 100


def test_a_closed_stream_is_unreachable():
    stream = io.StringIO()
    stream.close()

    with pytest.raises(Unreachable, match="console"):
        Terminal(stream).send(PAGE)


def test_a_broken_pipe_is_unreachable():
    reading, writing = os.pipe()
    os.close(reading)
    stream = open(writing, "w", encoding="utf-8")  # noqa: SIM115

    with pytest.raises(Unreachable, match="console"):
        Terminal(stream).send(PAGE)

    with pytest.raises(BrokenPipeError):
        stream.close()


def test_a_console_keeps_no_record():
    assert Terminal().sent("k") is None
