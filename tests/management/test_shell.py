"""Does the command line answer whoever does not know it yet?"""

import pytest

from tocsin.__main__ import run


def test_tocsin_alone_teaches(capsys: pytest.CaptureFixture[str]):
    code = run([])

    said = capsys.readouterr().out
    assert code == 0
    assert "tocsin run" in said
    assert "docs/operate.md" in said


def test_a_mistyped_command_is_answered_with_the_nearest(capsys: pytest.CaptureFixture[str]):
    code = run(["migrat"])

    said = capsys.readouterr().err
    assert code == 2
    assert "Did you mean `tocsin migrate`?" in said


def test_a_command_of_django_is_not_one_of_tocsin(capsys: pytest.CaptureFixture[str]):
    assert run(["runserver"]) == 2


def test_a_mistyped_option_is_explained_and_exits_with_2(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as end:
        run(["backup", "--fiel"])

    assert end.value.code == 2
    assert "unrecognized arguments: --fiel" in capsys.readouterr().err


def test_what_cannot_be_done_is_a_sentence_and_exits_with_1(capsys: pytest.CaptureFixture[str], tmp_path):
    (tmp_path / "there").touch()

    code = run(["backup", str(tmp_path / "there")])

    assert code == 1
    assert capsys.readouterr().err == f"tocsin backup: {tmp_path}/there is there already; name another file.\n"


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]):
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("Tocsin 0.")
