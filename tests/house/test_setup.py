"""Is a newcomer who lacks a package told which one?"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

MAKE_VENV = Path(__file__).parents[2] / "requirements" / "venv"
NEEDED_BY_THE_SCRIPT = ("bash", "env", "rm", "cut")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A PATH with git, a Python that can do anything, and the shell's own tools."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in NEEDED_BY_THE_SCRIPT:
        found = shutil.which(name)
        assert found
        (programs / name).symlink_to(found)
    for name in ("git", "python3"):
        program(programs / name, "exit 0")
    return programs


def program(path: Path, does: str) -> None:
    path.unlink(missing_ok=True)
    path.write_text(f"#!{shutil.which('bash')}\n{does}\n")
    path.chmod(0o755)


def made(machine: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [MAKE_VENV, machine.parent / "venv"],
        env={"PATH": str(machine), "HOME": os.devnull},
        capture_output=True,
        text=True,
        check=False,
    )


def test_nothing_lacking_makes_the_environment(machine: Path):
    assert made(machine).returncode == 0


@pytest.mark.parametrize("package", ["git", "python3"])
def test_a_missing_package_is_named_with_the_line_to_type(machine: Path, package: str):
    (machine / package).unlink()

    done = made(machine)

    assert done.returncode == 1
    assert f"sudo apt-get install {package}" in done.stderr


def test_a_python_without_venv_names_its_package(machine: Path):
    program(machine / "python3", "[[ $* != *ensurepip* ]]")

    done = made(machine)

    assert done.returncode == 1
    assert "sudo apt-get install python3-venv" in done.stderr


def test_a_python_too_old_is_named_with_its_version(machine: Path):
    program(machine / "python3", 'if [[ $1 == -V ]]; then echo "Python 3.10.13"; else [[ $* != *version_info* ]]; fi')

    done = made(machine)

    assert done.returncode == 1
    assert "3.11 or later; python3 is 3.10.13" in done.stderr
