"""Does the command line answer whoever does not know it yet?"""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

import tocsin
from tests.endtoend.desk import free_port
from tocsin.__main__ import run


def typed(home: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """What a shell makes of `tocsin` with these words, in a home of its own."""
    return subprocess.run(
        [sys.executable, "-m", "tocsin", *words],
        env={"PATH": os.environ["PATH"], "HOME": str(home), "TOCSIN_HOME": str(home)} | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_tocsin_alone_teaches(capsys: pytest.CaptureFixture[str]):
    code = run([])

    said = capsys.readouterr().out
    assert code == 0
    assert "tocsin run" in said
    assert "docs/operate.md" in said


def test_help_on_a_command_is_what_its_own_help_is(capsys: pytest.CaptureFixture[str]):
    said = []
    for words in (["help", "run"], ["run", "--help"]):
        with pytest.raises(SystemExit) as end:
            run(words)
        assert end.value.code == 0
        said.append(capsys.readouterr().out)

    assert said[0] == said[1]
    assert "Start the desk" in said[0]


def test_help_on_a_mistyped_command_is_answered_with_the_nearest(capsys: pytest.CaptureFixture[str]):
    assert run(["help", "rum"]) == 2
    assert "Did you mean `tocsin run`?" in capsys.readouterr().err


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
    code = run(["lint", str(tmp_path / "empty.toml")])

    assert code == 1
    assert capsys.readouterr().err == f"tocsin lint: {tmp_path}/empty.toml: No such file or directory\n"


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]):
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("Tocsin 0.")


def test_a_sender_that_is_no_address_stops_the_start_with_a_sentence(tmp_path: Path):
    done = typed(tmp_path, "engine", TOCSIN_MAIL_FROM="the desk")

    assert done.returncode == 1
    assert done.stderr.startswith("tocsin: TOCSIN_MAIL_FROM is 'the desk', which holds no mail address;")


def test_a_home_without_a_desk_is_told_from_one_that_is_broken(tmp_path: Path):
    (tmp_path / "tocsin.sqlite3").touch()

    done = typed(tmp_path, "attainment")

    assert done.returncode == 1
    assert "There is no desk in it yet" in done.stderr
    assert "tocsin migrate" in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("attainment",),
        ("verify",),
        ("import", "uci498", "examples/uci498/incident_event_log.csv.gz"),
        ("intake",),
        ("backup",),
        ("web",),
        ("engine",),
    ],
    ids=lambda words: words[0],
)
def test_where_there_is_no_desk_it_is_said_and_nothing_is_made(tmp_path: Path, words: tuple[str, ...]):
    done = typed(tmp_path, *words, TOCSIN_HOME=str(tmp_path / "desc"))

    assert done.returncode == 1
    assert f"tocsin {words[0]}: there is no desk in {tmp_path}/desc: no tocsin.sqlite3 is there." in done.stderr
    assert "tocsin run" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_demo_makes_the_desk_that_is_not_there_and_leaves_it_empty_when_it_is_stopped(tmp_path: Path):
    home = tmp_path / "desc"
    demo = subprocess.Popen(
        [sys.executable, "-m", "tocsin", "demo"],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TOCSIN_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    database = home / "tocsin.sqlite3"
    while demo.poll() is None and not clients_can_be_asked_for(database):
        time.sleep(0.1)
    demo.send_signal(signal.SIGINT)

    said, _ = demo.communicate(timeout=60)

    assert demo.returncode == 130, said
    with closing(sqlite3.connect(database)) as asked:
        assert asked.execute("SELECT count(*) FROM tocsin_client").fetchone() == (0,)


def clients_can_be_asked_for(database: Path) -> bool:
    """Whether every migration has been made, and the fortnight is being lived."""
    if not database.exists():
        return False
    with closing(sqlite3.connect(database, timeout=20)) as asked:
        there = {name for (name,) in asked.execute("SELECT name FROM sqlite_master")}
        if "django_migrations" not in there:
            return False
        made = asked.execute("SELECT count(*) FROM django_migrations WHERE app = 'tocsin'").fetchone()[0]
    return made == len(list((Path(tocsin.__file__).parent / "migrations").glob("0*.py")))


def test_a_home_that_was_given_relative_to_the_folder_is_said_in_full():
    done = typed(Path("desc"), "attainment")

    assert f"there is no desk in {Path.cwd()}/desc:" in done.stderr
    assert not Path("desc").exists()


def test_help_makes_nothing(tmp_path: Path):
    done = typed(tmp_path, "migrate", "--help", TOCSIN_HOME=str(tmp_path / "desk"))

    assert done.returncode == 0
    assert list(tmp_path.iterdir()) == []


def test_the_help_of_migrate_shows_nothing_of_djangos(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        run(["migrate", "--help"])

    said = capsys.readouterr().out
    assert "Bring the database to the shape" in said
    assert not {"--fake", "--run-syncdb", "--database", "app_label"} & set(re.split(r"[\s\[\],]+", said))


@pytest.mark.parametrize("command", ["verify", "migrate", "run", "backup", "engine"])
def test_a_damaged_database_is_said_with_the_way_back(tmp_path: Path, command: str):
    (tmp_path / "tocsin.sqlite3").write_bytes(os.urandom(50_000))

    done = typed(tmp_path, command, TOCSIN_BIND=f"127.0.0.1:{free_port()}")

    assert done.returncode == 1
    assert "bring back a backup" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path):
    (tmp_path / "file").touch()
    typed(tmp_path, "migrate")

    done = typed(tmp_path, "backup", str(tmp_path / "file" / "copy.tar.gz"))

    assert done.returncode == 1
    assert f"{tmp_path}/file: " in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("number", ["0", "-1", "many", "101", "99999999999", "9" * 5000])
def test_a_web_of_no_processes_or_of_more_than_a_machine_bears_is_refused(tmp_path: Path, number: str):
    done = typed(tmp_path, "web", f"--workers={number}")

    assert done.returncode == 2
    assert "not a number of processes, 1 to 100" in done.stderr


def test_a_web_does_not_share_a_port_with_another_desk(tmp_path: Path):
    typed(tmp_path, "migrate")

    with socket.create_server(("127.0.0.1", 0), reuse_port=True) as another:
        done = typed(tmp_path, "web", TOCSIN_BIND=f"127.0.0.1:{another.getsockname()[1]}")

    assert done.returncode == 1
    assert "is in use" in done.stderr


def test_two_that_bring_the_same_database_up_to_date_at_once_both_succeed(tmp_path: Path):
    together = [
        subprocess.Popen(
            [sys.executable, "-m", "tocsin", "migrate"],
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TOCSIN_HOME": str(tmp_path)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(3)
    ]

    said = [process.communicate(timeout=60)[0] for process in together]

    assert [process.returncode for process in together] == [0, 0, 0], said
    assert all("up to date." in words for words in said)
