"""The commands on small data: what they write, where it goes, and the exit status."""

import csv
import json
import os
import pty
import re
import shutil
import signal
import subprocess
import time
from decimal import Decimal

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from program import PROGRAM

PARTS = ["delay_cash", "spread_cash", "drift_cash", "opportunity_cash", "fees_cash", "unmarked_cash"]


@pytest.fixture(scope="module")
def result_folder(slipcast, replay_folder):
    folder = replay_folder / "result"
    outputs = ("--out", folder, "--csv", "--xlsx", folder / "tables.xlsx", "--report", folder / "tca.html")
    ran = slipcast("tca", "measure", replay_folder / "data", *outputs, "--title", "Our trading")
    assert ran.returncode in (0, 3), ran.stderr
    (folder / "stdout.txt").write_text(ran.stdout)
    (folder / "stderr.txt").write_text(ran.stderr)
    return folder


def test_parts_add_up_exactly_in_the_files(result_folder):
    orders = pq.read_table(result_folder / "orders.parquet").to_pylist()
    assert len(orders) == 40
    complete = [row for row in orders if all(row[name] is not None for name in [*PARTS, "shortfall_cash"])]
    assert len(complete) > 20
    for row in complete:
        assert sum(row[name] for name in PARTS) == row["shortfall_cash"]


def test_terminal_shows_quality_headline_parts_and_provenance(result_folder):
    text = (result_folder / "stdout.txt").read_text()
    order = [text.index(f"{title}\n") for title in ("data quality", "summary", "shortfall", "provenance")]
    assert order == sorted(order)
    assert re.search(r"replay\.impact: .*100", text)
    assert "arrival_cost_bps" in text


def test_parts_of_the_shortfall_add_up_as_they_are_printed(slipcast, result_folder):
    printed = (result_folder / "stdout.txt").read_text().split("\nshortfall\n")[1].split("\n\n")[0]
    rows = [line.split() for line in printed.splitlines()[2:]]
    for basis in ("order", "executed"):
        cash = {row[0]: Decimal(row[1]) for row in rows if basis in row}
        assert len(cash) == 7
        assert sum(cash.values()) == 2 * cash["total"] != 0
    orders = pq.read_table(result_folder / "orders.parquet").to_pylist()
    known = [row["order_id"] for row in orders if row["shortfall_cash"] is not None and row["delay_cash"] is not None]
    for order in known[:5]:
        shown = [line.split() for line in slipcast("tca", "order", result_folder, order).stdout.splitlines()]
        cash = {row[0]: Decimal(row[1]) for row in shown if row and row[0] in [*PARTS, "shortfall_cash"]}
        assert sum(cash[name] for name in PARTS) == cash["shortfall_cash"]


def test_log_goes_to_standard_error_and_no_bar_without_a_terminal(result_folder):
    log = (result_folder / "stderr.txt").read_text()
    assert "40 orders" in log
    assert "\x1b" not in log
    assert "wrote" not in (result_folder / "stdout.txt").read_text()


def test_csv_and_workbook_hold_the_same_rows(result_folder):
    orders = pq.read_table(result_folder / "orders.parquet").to_pylist()
    with open(result_folder / "orders.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["order_id"] for row in rows] == [row["order_id"] for row in orders]
    costs = [Decimal(row["shortfall_cash"]) if row["shortfall_cash"] else None for row in rows]
    assert costs == [row["shortfall_cash"] for row in orders]
    sheet = openpyxl.load_workbook(result_folder / "tables.xlsx", read_only=True)["orders"]
    assert sum(1 for _ in sheet.iter_rows()) == len(orders) + 1


def test_page_is_written_with_its_title(result_folder):
    assert "Our trading" in (result_folder / "tca.html").read_text()


def test_json_is_the_only_thing_on_standard_output(slipcast, replay_folder, result_folder):
    ran = slipcast("tca", "measure", replay_folder / "data", "--json")
    tables = json.loads(ran.stdout)
    assert {"orders", "fills", "summary", "shortfall"} <= set(tables)
    assert len(tables["orders"]["rows"]) == 40
    written = {path.stem for path in result_folder.glob("*.parquet")}
    assert set(tables) <= written


def test_summary_by_broker_and_one_order(slipcast, result_folder):
    brokers = json.loads(slipcast("tca", "summary", result_folder, "--by", "broker", "--json").stdout)["brokers"]
    names = [column["name"] for column in brokers["columns"]]
    assert sum(row[names.index("orders")] for row in brokers["rows"]) == 40
    shown = slipcast("tca", "order", result_folder, "O000007")
    assert shown.returncode == 0
    assert re.search(r"order_id +O000007", shown.stdout)
    missing = slipcast("tca", "order", result_folder, "O999999")
    assert missing.returncode == 1
    assert "O999999" in missing.stderr


def test_summary_by_any_columns(slipcast, result_folder):
    groups = json.loads(slipcast("tca", "summary", result_folder, "--by", "broker,side,hour", "--json").stdout)[
        "groups"
    ]
    names = [column["name"] for column in groups["columns"]]
    assert names[:3] == ["broker", "side", "hour"]
    assert sum(row[names.index("orders")] for row in groups["rows"]) == 40
    refused = slipcast("tca", "summary", result_folder, "--by", "brokr")
    assert refused.returncode == 1
    assert "did you mean 'broker'" in refused.stderr


def test_same_seed_same_bytes(slipcast, replay_folder, tmp_path):
    arguments = ("--orders", 40, "--seed", 4, "--impact", "--out", tmp_path / "again")
    assert slipcast("sim", "replay", replay_folder / "tape", *arguments).returncode == 0
    for file in sorted((replay_folder / "data").rglob("*.parquet")):
        again = tmp_path / "again" / file.relative_to(replay_folder / "data")
        assert again.read_bytes() == file.read_bytes(), file.name


def test_replay_without_impact_measures_on_its_own(slipcast, replay_folder, tmp_path):
    ran = slipcast("sim", "replay", replay_folder / "tape", "--orders", 10, "--out", tmp_path / "data")
    assert ran.returncode == 0, ran.stderr
    shutil.copytree(tmp_path / "data", tmp_path / "elsewhere" / "data")
    shown = slipcast("tca", "measure", tmp_path / "elsewhere" / "data", "--quiet")
    assert shown.returncode in (0, 3), shown.stderr
    assert "no own impact" in shown.stdout


def test_impact_parameters_need_the_impact(slipcast, replay_folder, tmp_path):
    ran = slipcast("sim", "replay", replay_folder / "tape", "--impact-own-bps", 50, "--out", tmp_path / "data")
    assert ran.returncode == 2
    assert "--impact-own-bps requires --impact" in ran.stderr


def test_a_folder_in_use_is_not_written_over(slipcast, replay_folder):
    ran = slipcast("sim", "market", "--symbols", 1, "--days", 1, "--out", replay_folder / "tape")
    assert ran.returncode == 1
    assert "new or empty folder" in ran.stderr


CSV_FOLDER = {
    "instruments": "symbol,market,currency,tick_size,lot_size,quantity_scale,multiplier,as_of\n"
    "XYZ,XNYS,USD,0.01,1,0,1,2024-03-05\n",
    "orders": "order_id,symbol,side,quantity,decision_time,arrival_time,end_time\n"
    "B1,XYZ,buy,1000,2024-03-05T14:30:00.5Z,2024-03-05T14:31:00.5Z,2024-03-05T14:40:00.5Z\n",
    "fills": "fill_id,order_id,time,price,quantity,fee\n"
    "F1,B1,2024-03-05T14:32:00.5Z,100.07,600,1.80\nF2,B1,2024-03-05T14:33:00.5Z,100.10,200,0.60\n",
    "quotes": "symbol,time,bid,ask\nXYZ,2024-03-05T14:30:00Z,99.99,100.01\nXYZ,2024-03-05T14:31:00Z,100.04,100.06\n"
    "XYZ,2024-03-05T14:32:00Z,100.05,100.07\nXYZ,2024-03-05T14:33:00Z,100.08,100.10\n"
    "XYZ,2024-03-05T14:40:00Z,100.19,100.21\n",
}


@pytest.fixture
def own_folder(tmp_path):
    for name, text in CSV_FOLDER.items():
        (tmp_path / f"{name}.csv").write_text(text)
    return tmp_path


def test_quickstart_makes_a_report_of_a_folder_of_csv(slipcast, own_folder):
    ran = slipcast("quickstart", own_folder)
    assert ran.returncode == 0, ran.stderr
    assert (own_folder / "slipcast" / "report.html").is_file()
    (order,) = pq.read_table(own_folder / "slipcast" / "tables" / "orders.parquet").to_pylist()
    assert order["shortfall_cash"] == Decimal("104.40")
    assert slipcast("quickstart", own_folder).returncode == 0, "a second run works as well"


def test_bad_rows_are_status_3_and_strict_makes_it_1(slipcast, own_folder):
    with open(own_folder / "fills.csv", "a") as file:
        file.write("F3,B1,2024-03-05T14:34:00.5Z,100.10,-5,0\n")
    checked = slipcast("data", "check", own_folder, "--out", own_folder.parent / "checked")
    assert checked.returncode == 3
    assert "fills.csv row 3" in checked.stdout
    assert slipcast("data", "check", own_folder, "--strict").returncode == 1
    assert slipcast("tca", "measure", own_folder).returncode == 3
    assert slipcast("tca", "measure", own_folder, "--strict").returncode == 1
    quarantine = pq.read_table(own_folder.parent / "checked" / "quarantine.parquet").to_pylist()
    assert any(row["value"] == "-5" for row in quarantine)


def test_rows_left_out_of_the_tape_are_status_3_of_a_replay(slipcast, replay_folder, tmp_path):
    shutil.copytree(replay_folder / "tape", tmp_path / "tape")
    row = {"table": "trades", "file": "raw.csv", "row": 7, "time": "", "field": "price", "value": "-1"}
    left_out = pa.table({name: [value] for name, value in row.items()} | {"rule": ["> 0"], "code": ["out_of_range"]})
    pq.write_table(left_out, tmp_path / "tape" / "left_out.parquet")
    orders = ("sim", "replay", tmp_path / "tape", "--orders", 5, "--seed", 1)
    worked = slipcast(*orders, "--out", tmp_path / "data")
    assert worked.returncode == 3
    assert "1 rows are left out" in worked.stderr
    assert slipcast(*orders, "--out", tmp_path / "again", "--strict").returncode == 1
    kept = pq.read_table(tmp_path / "data" / "left_out.parquet").to_pylist()
    assert [entry["file"] for entry in kept] == ["raw.csv"], "what is made from the tape carries the row on"
    assert slipcast("tca", "measure", tmp_path / "data").returncode == 3


def test_check_as_json(slipcast, own_folder):
    tables = json.loads(slipcast("data", "check", own_folder, "--json").stdout)
    assert set(tables) == {"quality", "quality_rules", "degradations", "quarantine"}
    assert tables["quarantine"]["rows"] == []
    names = [column["name"] for column in tables["quality"]["columns"]]
    rows = [dict(zip(names, row, strict=True)) for row in tables["quality"]["rows"]]
    read = {row["table"]: row["read"] for row in rows}
    assert (read["orders"], read["fills"]) == (1, 2)


def test_refusal_is_status_1_and_says_where(slipcast, tmp_path):
    ran = slipcast("tca", "measure", tmp_path / "nowhere")
    assert ran.returncode == 1
    assert "nowhere" in ran.stderr
    assert ran.stdout == ""


def interrupted(arguments, until):
    """Starts the program on a terminal, waits for `until` in what it shows, sends Ctrl-C; status and screen."""
    parent, child = pty.openpty()
    process = subprocess.Popen([PROGRAM, *map(str, arguments)], stdout=subprocess.DEVNULL, stderr=child)
    os.close(child)
    screen = ""
    sent = False
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            screen += os.read(parent, 65536).decode(errors="replace")
        except OSError:
            break
        if not sent and until in screen:
            process.send_signal(signal.SIGINT)
            sent = True
    os.close(parent)
    return process.wait(timeout=60), screen


def test_ctrl_c_stops_cleanly_and_leaves_nothing(tmp_path):
    arguments = ["sim", "market", "--symbols", 50, "--days", 5, "--out", tmp_path / "tape"]
    status, screen = interrupted(arguments, "writing the tape")
    assert status == 130, screen
    assert "interrupted" in screen
    assert not list((tmp_path / "tape").rglob("*.parquet")) if (tmp_path / "tape").exists() else True
