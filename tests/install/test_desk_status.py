"""`slipcast desk status`: what a journal says, on the terminal, as tables, as a page, and while a desk writes it."""

import contextlib
import json
import os
import shutil
import sqlite3

import pytest

from program import BUILD, PROGRAM, ROOT, run

MAKE = """
import subprocess, sys
import slipcast as sc
program, path = sys.argv[1:]
with sc.desk.Desk(journal=path) as desk:
    for second in range(10):
        for order in (1, 2):
            now = f"2024-03-05T14:30:{3 * second + order:02}Z"
            desk.step(time=now, order=order, side="buy", quantity=5_000, deadline="2024-03-05T15:30:00Z", bid="99.99",
                      ask="100", quote_time=now if second != 4 else "2024-03-05T14:30:00Z", volume_rate=100.0,
                      market_volume=6_000.0)
    # The desk still has its journal open.
    print(subprocess.run([program, "desk", "status", path], capture_output=True, text=True, check=True).stdout)
    desk.kill()
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A journal, and what the status said while the desk wrote it."""
    path = tmp_path_factory.mktemp("status") / "desk.sqlite"
    environment = os.environ | {"PYTHONPATH": str(BUILD / "python")}
    shown = run(ROOT / ".venv" / "bin" / "python", "-c", MAKE, PROGRAM, path, env=environment)
    assert shown.returncode == 0, shown.stderr
    return path, shown.stdout


def rows(shown, table):
    found = json.loads(shown.stdout)[table]
    names = [column["name"] for column in found["columns"]]
    return [dict(zip(names, row, strict=True)) for row in found["rows"]]


def test_it_answers_while_a_desk_writes(made):
    _, during = made
    assert "kill switch off" in during
    assert "2 orders, 2 open, 0 finished; 20 decisions" in during
    assert "model none: the fallback policy decides" in during


def test_people_read_the_state_rungs_and_guards(slipcast, made):
    shown = slipcast("desk", "status", made[0])
    assert shown.returncode == 0, shown.stderr
    assert "kill switch ON: nothing is sent until it is released" in shown.stdout
    assert "the model has seen few orders of this symbol" in shown.stdout
    assert "no finished order has both a forecast and a known cost yet" in shown.stdout
    for table in ("open orders", "desk_rungs", "desk_guards"):
        assert f"\n{table}\n" in shown.stdout
    stale = next(line for line in shown.stdout.splitlines() if "stale_data" in line).split()
    # Orders 1 and 2 at the fifth step: quotes 13 and 14 seconds old against a limit of 5.
    assert stale[-1] == stale[-2] == "2"
    assert float(stale[2]) == 14.0


def test_tables_as_json_and_files(slipcast, made, tmp_path):
    as_json = slipcast("desk", "status", made[0], "--json")
    (state,) = rows(as_json, "desk_state")
    assert state["kill_switch"] is True
    assert (state["orders"], state["open_orders"]) == (2, 2)
    assert state["champion"] is None, "a missing word is null"
    assert [row["last_rung"] for row in rows(as_json, "desk_orders")] == ["AMBER", "AMBER"]
    assert rows(as_json, "desk_orders")[0]["ladder_p95_bps"] is None, "no model, no tail"
    assert rows(as_json, "desk_scorecards") == rows(as_json, "desk_requests") == []
    assert [row["command"] for row in rows(as_json, "desk_commands")] == ["kill"]
    assert "desk_decisions" not in json.loads(as_json.stdout)
    written = slipcast("desk", "status", made[0], "--out", tmp_path / "out", "--csv", "--quiet")
    assert written.returncode == 0, written.stderr
    lines = (tmp_path / "out" / "desk_decisions.csv").read_text().splitlines()
    assert len(lines) == 21
    assert (tmp_path / "out" / "desk_orders.parquet").exists()


def test_the_page_is_one_file(slipcast, made, tmp_path):
    page = tmp_path / "desk.html"
    shown = slipcast("desk", "status", made[0], "--report", page)
    assert shown.returncode == 0, shown.stderr
    text = page.read_text()
    assert "The kill switch is on" in text
    assert 'http-equiv="Content-Security-Policy"' in text
    refused = slipcast("desk", "status", made[0], "--report", page, "--trial", tmp_path)
    assert refused.returncode == 1
    assert "trial_policies.parquet" in refused.stderr


def test_a_journal_without_records_says_so(slipcast, made, tmp_path):
    path = tmp_path / "empty.sqlite"
    shutil.copy(made[0], path)
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("DELETE FROM record")
        database.commit()
    shown = slipcast("desk", "status", path)
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout == "no records, not even a beginning: no desk has written to this journal\n"
    (state,) = rows(slipcast("desk", "status", path, "--json"), "desk_state")
    assert (state["records"], state["first_time"], state["last_time"]) == (0, None, None)


def test_what_is_no_journal_is_refused(slipcast, tmp_path):
    missing = slipcast("desk", "status", tmp_path / "none.sqlite")
    assert missing.returncode == 1
    assert "none.sqlite" in missing.stderr
