"""Does `tocsin lint` name what a standard cannot keep, and let CI stop at it?"""

from pathlib import Path

import pytest

from tests.core.standards import SMALL
from tocsin.__main__ import run

FIELD_GUIDE = Path(__file__).parents[2] / "tocsin" / "policies" / "field-guide.toml"


@pytest.fixture
def lint(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def linted(text):
        Path("desk.toml").write_text(text)
        code = run(["lint", "desk.toml"])
        said = capsys.readouterr()
        same = run(["policy", "lint", "desk.toml"])
        as_said = capsys.readouterr()
        assert (same, as_said.out, as_said.err.replace("tocsin policy:", "tocsin lint:")) == (code, said.out, said.err)
        return code, said.out.splitlines(), said.err.strip()

    return linted


def line_of(text, words):
    return text[: text.index(words)].count("\n") + 1


def test_what_can_be_kept_exits_with_0_and_lists_its_warnings(lint):
    code, out, err = lint(FIELD_GUIDE.read_text())

    warnings = [line for line in out if ": warning: " in line]
    assert (code, err) == (0, "")
    assert warnings
    assert out == [*warnings, f"Field guide can be kept, with {len(warnings)} warning{'s' * (len(warnings) != 1)}."]


def test_a_promise_that_cannot_be_kept_is_named_where_it_stands_and_exits_with_1(lint):
    broken = SMALL.replace('targets = { P1 = "15m", P2 = "2h" }', 'targets = { P1 = "5h", P2 = "2h" }')

    code, out, err = lint(broken)

    line = line_of(broken, 'P1 = "5h"')
    place = f"desk.toml:{line}: clocks.response.targets.P1: error: "
    assert code == 1
    assert any(line.startswith(f"{place}P1: response is promised in 5h") for line in out)
    assert err.endswith("it promises what it cannot keep.")


def test_what_cannot_be_read_is_named_by_line_and_exits_with_1(lint):
    broken = SMALL.replace('P1 = "15m"', 'P1 = "15"', 1)

    code, out, err = lint(broken)

    line = line_of(broken, 'P1 = "15"')
    assert code == 1
    assert out == [
        f"desk.toml:{line}: clocks.response.targets.P1: "
        "'15' is no duration: write a whole number and its unit, such as 90s, 15m, 4h or 5bd."
    ]
    assert err == "tocsin lint: 1 mistake: nobody could work by it."


def test_a_file_that_is_not_there_or_no_text_is_a_sentence(lint, capsys):
    Path("picture.toml").write_bytes(b"\xff\xfe")

    assert run(["lint", "nowhere.toml"]) == 1
    assert run(["lint", "picture.toml"]) == 1

    said = capsys.readouterr().err
    assert "nowhere.toml: No such file or directory" in said
    assert "picture.toml is no text in UTF-8: byte 0 cannot be read." in said
