"""Can one watch a critical ticket climb in a desk that runs?"""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.endtoend.desk import PATIENCE_S, Desk, wait

pytestmark = [pytest.mark.slow, pytest.mark.only_on("sqlite")]


def test_a_drill_moves_in_the_running_desk_by_itself_and_stopped_it_is_cancelled(tmp_path: Path):
    desk = Desk(tmp_path)
    with desk.running():
        told = desk.types("simulate", "ransomware", "--speed", "60")  # faster, and a busy engine could miss its moment
        stopped = subprocess.Popen(
            [sys.executable, "-m", "tocsin", "simulate", "slow-crm", "--speed", "60"],
            env={**desk.environment, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=_heeds_ctrl_c,
        )
        wait(lambda: "DRL-2" in desk.console, lambda: f"the second drill told nobody: {desk.console}")
        stopped.send_signal(signal.SIGINT)
        last, _ = stopped.communicate(timeout=PATIENCE_S)
        verified = desk.types("verify")

    assert "Lena Vogt opens DRL-1 and stops the line, P1: DRILL: Ransom note" in told
    assert re.search(r"engine: step, .+ told: the page ladder asks the Second on-call engineer", told), told
    assert "engine: breach, Lena Vogt told" in told
    assert "DRL-1 is solved." in told
    assert "Subject P1 Northgate Dental: DRILL: Ransom note" in desk.console
    assert stopped.returncode == 130
    assert "its ticket is cancelled" in last
    assert "The log is as it was recorded" in verified


def _heeds_ctrl_c() -> None:
    """Where a shell has put the tests into the background, all that they start would ignore it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
