"""`slipcast desk run`: the desk against plain policies on a tape, and the journal that it leaves."""

import json

import pytest

SMALL = ("--orders", 120, "--learning-orders", 400, "--max-horizon", "20min", "--resamples", 200)


@pytest.fixture(scope="module")
def folder(slipcast, tmp_path_factory):
    folder = tmp_path_factory.mktemp("trial")
    made = slipcast(
        "sim", "market", "--symbols", 2, "--days", 3, "--quotes-per-day", 8000, "--seed", 4, "--out", folder / "tape"
    )
    assert made.returncode == 0, made.stderr
    return folder


def rows(text, table):
    made = json.loads(text)[table]
    names = [column["name"] for column in made["columns"]]
    return [dict(zip(names, row, strict=True)) for row in made["rows"]]


def test_the_desk_runs_and_its_journal_replays(slipcast, folder):
    shown = slipcast("desk", "run", folder / "tape", *SMALL, "--json", "--out", folder / "one")
    assert shown.returncode == 0, shown.stderr
    policies = {row["policy"]: row for row in rows(shown.stdout, "trial_policies")}
    assert list(policies) == ["desk", "desk_lit", "desk_no_ladder", "twap", "vwap", "pov", "immediate"]
    assert len({row["orders"] for row in policies.values()}) == 1
    assert policies["desk"]["mean_low"] <= policies["desk"]["mean_bps"] <= policies["desk"]["mean_high"]
    assert "replay.impact: own impact" in shown.stderr
    assert {path.name for path in (folder / "one").iterdir()} == {
        "desk.sqlite",
        "trial_policies.parquet",
        "trial_pairs.parquet",
        "trial_orders.parquet",
        "cost_summary.parquet",
        "trial_learning.parquet",
    }
    replayed = slipcast("desk", "replay", folder / "one" / "desk.sqlite")
    assert replayed.returncode == 0
    assert "identical: every decision bit for bit" in replayed.stdout


def test_a_model_of_the_learning_orders_knows_the_tactics(slipcast, folder):
    learning = folder / "one" / "trial_learning.parquet"
    if not learning.exists():
        pytest.skip("needs the run before")
    model = folder / "model.json"
    terms = ["--mean", "sqrt_participation,spread,tactic", "--scale", "log_volatility,tactic", "--completion", "tactic"]
    fitted = slipcast("cost", "fit", learning, *terms, "--model", model)
    assert fitted.returncode == 0, fitted.stderr
    (tactic,) = [each for each in json.loads(model.read_text())["inputs"] if each["name"] == "tactic"]
    assert sorted(tactic["levels"]) == ["immediate", "passive", "vwap_pace"]


def test_the_page_opens_with_the_baselines(slipcast, folder):
    first = folder / "one"
    if not first.exists():
        pytest.skip("needs the run before")
    page = folder / "desk.html"
    shown = slipcast("desk", "status", first / "desk.sqlite", "--trial", first, "--report", page, "-q")
    assert shown.returncode == 0, shown.stderr
    assert "immediate" in page.read_text()


def test_what_cannot_be_tried_is_refused(slipcast, folder):
    misspelled = slipcast("desk", "run", folder / "tape", "--policies", "desk,vwpa", "--out", folder / "two")
    assert misspelled.returncode != 0
    assert "the nearest is vwap" in misspelled.stderr
    days = slipcast("desk", "run", folder / "tape", "--trial-days", 2, "--out", folder / "three")
    assert days.returncode == 1
    assert "needs two days before the trial" in days.stderr
    assert not (folder / "two").exists()
    assert not (folder / "three").exists()
