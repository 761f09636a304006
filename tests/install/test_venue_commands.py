"""`slipcast venue`: tables of routes and datasets in, fits and comparisons out."""

import json
import os
from pathlib import Path

import pytest

from program import ROOT

ROUTES = """symbol,venue,sent,filled,min_quantity
ABC,POOL1,500,0,
ABC,POOL1,500,120,
ABC,POOL1,800,800,
ABC,POOL1,300,0,100
ABC,POOL2,300,30,
ABC,POOL2,400,0,
"""


@pytest.fixture
def routes(tmp_path):
    path = tmp_path / "routes.csv"
    path.write_text(ROUTES)
    return path


def rows(shown, table):
    made = json.loads(shown.stdout)[table]
    names = [column["name"] for column in made["columns"]]
    return [dict(zip(names, row, strict=True)) for row in made["rows"]]


def test_fit_reads_a_table_of_routes(slipcast, routes, tmp_path):
    shown = slipcast("venue", "fit", routes, "--json", "--out", tmp_path / "fits", "--csv", "--quiet")
    assert shown.returncode == 0, shown.stderr
    fits = {row["venue"]: row for row in rows(shown, "fits")}
    assert fits["POOL1"]["minimum_misses"] == 1
    assert fits["POOL1"]["partial"] == fits["POOL1"]["full"] == 1
    assert fits["POOL2"]["zero_bin"] == 0.5
    assert fits["POOL2"]["largest_sent"] == 400
    for name in ("log", "fits", "tails"):
        assert (tmp_path / "fits" / f"{name}.parquet").exists()
        assert (tmp_path / "fits" / f"{name}.csv").exists()


def test_a_pool_says_whether_it_converged(slipcast, routes):
    shown = slipcast("venue", "fit", routes, "--pool", "--json", "--quiet")
    assert shown.returncode == 0, shown.stderr
    assert shown.stderr == ""
    judged = rows(shown, "pool_diagnostics")
    assert [(row["quantity"], row["termination"]) for row in judged] == [
        ("zero_bin", "converged"),
        ("exponent", "converged"),
    ]
    assert all(row["spread_pair"] > 0.0 for row in judged)


def test_tables_carry_how_the_log_was_read(slipcast, routes, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    compared = slipcast(
        "venue", "compare-models", routes, "--quiet", "--min-observations", 2, "--patience", "2s", "--out", tmp_path
    )
    assert compared.returncode == 0, compared.stderr
    options = parquet.read_metadata(tmp_path / "models.parquet").metadata[b"slipcast.options"].decode()
    assert "patience=2s;" in options
    assert "min_observations=2;" in options


def test_a_bad_row_goes_to_quarantine_and_is_counted(slipcast, routes):
    routes.write_text(ROUTES + "ABC,POOL2,400,401,\nABC,POOL2,400.5,1,\n")
    shown = slipcast("venue", "fit", routes, "--quiet", "--json")
    assert shown.returncode == 3
    assert sum(row["observations"] for row in rows(shown, "fits")) == 6
    assert {"count_of": "left out: quarantined", "routes": 2} in rows(shown, "log")
    assert [(row["row"], row["field"]) for row in rows(shown, "quarantine")] == [(7, "filled"), (8, "sent")]
    assert slipcast("venue", "fit", routes, "--quiet", "--strict").returncode == 1


def test_quarantined_rows_are_printed_by_rule_and_written(slipcast, routes, tmp_path):
    routes.write_text(ROUTES + "ABC,POOL2,400,401,\nABC,POOL2,400,402,\nABC,POOL2,0,0,\n")
    for command in ("fit", "compare-models"):
        few = ("--min-observations", 2) if command == "compare-models" else ()
        shown = slipcast("venue", command, routes, "--quiet", *few, "--out", tmp_path / command, "--csv")
        assert shown.returncode == 3, shown.stderr
        assert "routes.filled: must not exceed what was sent: 2" in shown.stdout
        assert "routes.sent: must be > 0: 1" in shown.stdout
        assert (tmp_path / command / "quarantine.csv").read_text().count("routes.csv") == 3


def test_numbers_from_routes_that_nobody_sent_say_so(slipcast, routes, tmp_path):
    lines = ROUTES.splitlines()
    declared = '"sizes=500,800;window=10s"'
    routes.write_text("\n".join([lines[0] + ",hypothetical", *(f"{line},{declared}" for line in lines[1:])]) + "\n")
    page = tmp_path / "fits.html"
    fitted = slipcast("venue", "fit", routes, "--quiet", "--report", page)
    assert fitted.returncode == 0, fitted.stderr
    compared = slipcast("venue", "compare-models", routes, "--quiet", "--min-observations", 2)
    for shown in (fitted, compared):
        assert "6 of 6 routes are hypothetical: nobody sent them. Declared: sizes=500,800;window=10s." in shown.stdout
        assert "would have filled they cannot say" in shown.stdout
        assert "hypothetical: sizes=500,800;window=10s" in shown.stdout
    assert "6 of 6 routes are hypothetical: nobody sent them" in page.read_text()


def test_unknown_columns_and_values_are_refused_with_the_nearest(slipcast, routes):
    routes.write_text(ROUTES.replace("filled", "fild", 1))
    assert "filled" in slipcast("venue", "fit", routes).stderr
    assert slipcast("venue", "fit", routes, "--model", "powerlaw").returncode == 2


def test_compare_models_says_its_smoothing_and_wins_sum_to_pairs(slipcast):
    arguments = ("venue", "compare-models", "--symbols", "3", "--venues", "2", "--observations", "200", "--quiet")
    shown = slipcast(*arguments)
    assert shown.returncode == 0, shown.stderr
    assert "nats" in shown.stdout
    assert "weight 0.001" in shown.stdout
    assert "lowest held-out loss" in shown.stdout
    models = rows(slipcast(*arguments, "--json"), "models")
    assert sum(row["wins"] for row in models) == pytest.approx(6)


def test_placements_of_a_dataset_are_read_by_stated_rules(slipcast, replay_folder):
    shown = slipcast("venue", "fit", replay_folder / "data", "--venue-kinds", "all", "--json", "--quiet")
    assert shown.returncode == 0, shown.stderr
    counted = {row["count_of"]: row["routes"] for row in rows(shown, "log")}
    assert counted["routes"] == counted["observations"] + sum(
        count for what, count in counted.items() if what.startswith("left out")
    )
    none = slipcast("venue", "fit", replay_folder / "data", "--quiet")
    assert none.returncode == 1
    assert "no route" in none.stderr


SHARED = Path(os.environ.get("SLIPCAST_SHARED_DATA", ROOT.parent / "shared" / "data")) / "lobster-lob-2012"


@pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared/data/lobster-lob-2012 or SLIPCAST_SHARED_DATA")
def test_hidden_executions_of_a_real_book_say_what_the_explanation_says(slipcast, tmp_path):
    book, proxy = tmp_path / "book", tmp_path / "proxy"
    imported = slipcast("data", "import", "lobster", *sorted(SHARED.glob("*.zip")), "--out", book)
    assert imported.returncode in (0, 3), imported.stderr
    made = slipcast("venue", "proxy-log", book, "--out", proxy)
    assert made.returncode == 0, made.stderr
    assert "These routes were never sent" in made.stdout + made.stderr
    routes = proxy / "routes.parquet"
    assert "routes are hypothetical: nobody sent them" in slipcast("venue", "fit", routes).stdout
    fits = {row["symbol"]: row for row in rows(slipcast("venue", "fit", routes, "--json"), "fits")}
    assert fits["AAPL"]["zero_bin"] == pytest.approx(0.216, abs=5e-4)
    assert fits["AMZN"]["zero_bin"] == pytest.approx(0.652, abs=5e-4)
    compared = rows(slipcast("venue", "compare-models", routes, "--json"), "models")
    wins = {row["model"]: row["wins"] for row in compared}
    assert wins["exponential"] == 2 and wins["power_law"] == 0, "the power law does not win here"
