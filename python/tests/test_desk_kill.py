"""A desk in one process is killed and released from another."""

import subprocess
import sys
from pathlib import Path

import pytest

import slipcast as sc

CONTEXT = {
    "order": 1,
    "side": "buy",
    "quantity": 5_000,
    "deadline": "2024-03-05T15:30:00Z",
    "bid": "99.99",
    "ask": "100",
    "volume_rate": 100.0,
    "market_volume": 6_000.0,
}


def step(desk, second):
    now = f"2024-03-05T14:30:{second:02}Z"
    return desk.step(CONTEXT, time=now, quote_time=now)


def ask(program, *arguments):
    return subprocess.run([program, "desk", *map(str, arguments)], capture_output=True, text=True, timeout=60)


def test_the_command_line_stops_a_desk_of_python_and_a_replay_stops_there_too(tmp_path, program):
    journal = tmp_path / "desk.sqlite"
    with sc.desk.Desk(journal=journal) as desk:
        assert step(desk, 0).action == "trade"
        asked = ask(program, "kill", journal, "--wait", "0s")
        assert asked.returncode == 0, asked.stderr
        assert "before its next decision" in asked.stdout
        assert "not taken up yet" in ask(program, "status", journal).stdout
        stopped = step(desk, 1)
        assert (stopped.action, stopped.binding, stopped.cancel_working) == ("wait", "kill_switch", True)
        assert "kill switch ON" in ask(program, "status", journal).stdout
        assert ask(program, "release", journal, "--wait", "0s").returncode == 0
        assert not desk.status().is_killed, "asking for the status takes requests up"
        assert step(desk, 2).action == "trade"
    commands = sc.desk.read_journal(journal).tables["desk_commands"].to_pandas()
    assert list(commands["command"]) == ["kill", "release"]
    assert list(commands["request"]) == [1, 2]
    assert sc.desk.replay(journal).identical


def test_python_stops_a_desk_of_another_python(tmp_path):
    journal = tmp_path / "desk.sqlite"
    other = (
        f"import sys; sys.path.insert(0, {str(Path(sc.__file__).parents[1])!r})\n"
        "import slipcast as sc, time\n"
        f"desk = sc.desk.Desk(journal={str(journal)!r})\n"
        "print('ready', flush=True)\n"
        "while not desk.status().is_killed: time.sleep(0.01)\n"
        "print('killed', flush=True)\n"
    )
    with subprocess.Popen([sys.executable, "-c", other], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "ready\n"
        asked = sc.desk.kill(journal, wait=30)
        assert (asked.number, asked.reach) == (1, "running")
        assert asked.record is not None
        assert process.stdout.readline() == "killed\n"
    # The one that goes on begins killed, and is released from outside before it began.
    asked = sc.desk.release(journal)
    assert (asked.reach, asked.record) == ("next", None)
    assert sc.desk.read_journal(journal).requests.to_pandas()["command"].tolist() == ["release"]
    with sc.desk.Desk(journal=journal, resume=True) as desk:
        assert not desk.status().is_killed


def test_a_wrong_name_or_a_removed_file_is_no_kill(tmp_path):
    with pytest.raises(sc.RefusedError):
        sc.desk.kill(tmp_path / "none.sqlite")
    journal = tmp_path / "desk.sqlite"
    with sc.desk.Desk(journal=journal) as desk:
        (tmp_path / "desk.sqlite-kill").unlink()
        with pytest.raises(sc.RefusedError) as refused:
            sc.desk.kill(journal)
        assert refused.value.field == "kill_file"
        assert step(desk, 0).action == "trade"
    with pytest.raises(sc.RefusedError):
        sc.desk.kill(journal, wait=-1)


def test_the_rung_is_checked_from_the_record(tmp_path):
    with sc.desk.Desk(journal=tmp_path / "desk.sqlite") as desk:
        decision = desk.step(CONTEXT, time=0, quote_time=0, symbol_observations=7, portfolio="RED")
    assert decision.rung == "RED"
    assert (decision.ladder.symbol_observations, decision.ladder.portfolio) == (7, "RED")
    row = sc.desk.read_journal(tmp_path / "desk.sqlite").decisions.to_pandas().iloc[0]
    assert (row["symbol_observations"], row["portfolio"]) == (7, "RED")
