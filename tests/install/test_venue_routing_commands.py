"""`slipcast venue allocate`, `simulate` and `proxy-log`: texts in, splits, curves and pages out."""

import json

VENUES = ("A:zero_bin=.8,exponent=.7", "B:zero_bin=.67,exponent=1.3")


def rows(shown, table):
    made = json.loads(shown.stdout)[table]
    names = [column["name"] for column in made["columns"]]
    return [dict(zip(names, row, strict=True)) for row in made["rows"]]


def test_a_split_adds_up_and_its_page_stands_alone(slipcast, tmp_path):
    page = tmp_path / "split.html"
    shown = slipcast("venue", "allocate", 8000, *VENUES, "--json", "--quiet", "--report", page)
    assert shown.returncode == 0, shown.stderr
    split = rows(shown, "split")
    assert sum(row["quantity"] for row in split) == 8000
    assert all(row["marginal_last"] >= row["threshold"] >= row["marginal_next"] for row in split)
    text = page.read_text()
    assert "What one more lot is worth" in text
    assert 'src="http' not in text


def test_keeping_lots_and_minimum_sizes(slipcast):
    kept = slipcast("venue", "allocate", 8000, *VENUES, "--reservation-value", ".05", "--json", "--quiet")
    assert sum(row["quantity"] for row in rows(kept, "split")) < 8000
    least = slipcast("venue", "allocate", 100, *(venue + ",min_quantity=80" for venue in VENUES), "--json", "--quiet")
    assert sorted(row["quantity"] for row in rows(least, "split"))[0] == 0


def test_a_venue_that_cannot_be_read_is_refused(slipcast):
    for text, field in (("A:exponent=.7,bogus=1", "bogus"), ("A", "venue"), ("A:zero_bin=.5", "venue")):
        shown = slipcast("venue", "allocate", 10, text)
        assert shown.returncode == 1
        assert field in shown.stderr


def test_numbers_of_a_venue_are_checked_by_name(slipcast):
    refusals = {
        "A:exponent=.7,zero_bn=.8": "did you mean 'zero_bin'?",
        "A:exponent=.7,min_quantity=60.7": "min_quantity = 60.7: must be a whole number of lots",
        "A:exponent=.7,max_liquidity=99.9": "max_liquidity = 99.9: must be a whole number of lots",
        "A:exponent=x": "exponent = x: must be a number",
        "A:exponent=.7,exponent=.8": "must be given once",
        "A:exponent=.7,upper=100": "must name one shape",
        "A:upper=100,max_liquidity=100": "max_liquidity= goes with exponent=",
    }
    for text, words in refusals.items():
        shown = slipcast("venue", "allocate", 10, text)
        assert shown.returncode == 1, text
        assert words in shown.stderr
    assert slipcast("venue", "allocate", 10, "A:exponent=.7,max_liquidity=1e4").returncode == 0


def test_resubmission_takes_liquidity_alone(slipcast):
    for key in ("value", "leakage", "min_quantity"):
        shown = slipcast("venue", "resubmit", 100, f"A:zero_bin=.5,exponent=.7,{key}=2")
        assert shown.returncode == 1, key
        assert key in shown.stderr and "must be one of" in shown.stderr


def test_lots_beyond_what_a_log_sent_are_marked(slipcast):
    shown = slipcast("venue", "allocate", 100, "A:exponent=.7,largest_sent=20", "B:exponent=.7", "--quiet")
    assert "30 lots lie beyond largest_sent" in shown.stdout
    assert "beyond_log" in shown.stdout
    assert "beyond_log" not in slipcast("venue", "allocate", 100, "A:exponent=.7", "B:exponent=.7").stdout


def test_simulate_repeats_itself_and_draws_its_page(slipcast, tmp_path):
    line = ("venue", "simulate", "--trials", 2, "--episodes", 100, "--volume", 1000, "--half-life-orders", 2)
    line += ("--algorithms", "ideal,slipcast,uniform", "--json", "--quiet")
    first = slipcast(*line, "--report", tmp_path / "learning.html", "--out", tmp_path / "out")
    assert first.returncode == 0, first.stderr
    assert first.stdout == slipcast(*line).stdout
    summary = {row["algorithm"]: row for row in rows(first, "summary")}
    assert abs(summary["ideal"]["fraction_of_ideal"] - 1.0) < 1e-12
    assert summary["uniform"]["fraction_of_ideal"] < summary["slipcast"]["fraction_of_ideal"] <= 1.0
    assert "Fraction of ideal" in (tmp_path / "learning.html").read_text()
    assert (tmp_path / "out" / "curves.parquet").exists()


def test_sizes_that_a_log_never_sent_are_refused_with_the_reason(slipcast, tmp_path):
    log = tmp_path / "routes.csv"
    lines = ["symbol,venue,sent,filled"]
    for venue in ("X", "Y"):
        lines += [f"A,{venue},10,{filled}" for filled in (0, 3, 10, 0, 4, 1)]
    log.write_text("\n".join(lines) + "\n")
    line = ("venue", "simulate", "--from-log", log, "--trials", 1, "--episodes", 50, "--algorithms", "slipcast")
    refused = slipcast(*line, "--volume", 500)
    assert refused.returncode == 1
    assert "A at X" in refused.stderr
    assert "the largest size that the log sent there" in refused.stderr
    assert slipcast(*line, "--volume", 10, "--quiet").returncode == 0
    assert slipcast(*line, "--volume", 500, "--extrapolate", "--quiet").returncode == 0


def test_pairs_that_a_log_cannot_tell_are_named_and_quarantine_is_said(slipcast, tmp_path):
    log = tmp_path / "routes.csv"
    fills = (0, 3, 10, 0, 4, 1)
    lines = ["symbol,venue,sent,filled"]
    # Each symbol at two of three venues; C never fills at Z; two rows that cannot have happened.
    for symbol, venues in (("A", "XY"), ("B", "YZ"), ("C", "XYZ")):
        lines += [
            f"{symbol},{venue},10,{0 if symbol + venue == 'CZ' else filled}" for venue in venues for filled in fills
        ]
    lines += ["A,X,10,11", "A,X,0,0"]
    log.write_text("\n".join(lines) + "\n")
    line = ("venue", "simulate", "--from-log", log, "--trials", 1, "--episodes", 50, "--volume", 10, "--quiet")
    shown = slipcast(*line, "--algorithms", "slipcast", "--json", "--out", tmp_path / "out")
    assert shown.returncode == 3, shown.stderr
    assert rows(shown, "left_out") == [{"symbol": "C", "venue": "Z", "reason": "no_fill"}]
    assert {row["venue"]: row["symbols"] for row in rows(shown, "ranges")} == {"X": 2, "Y": 3, "Z": 1}
    assert {"count_of": "left out: quarantined", "routes": 2} in rows(shown, "log")
    assert len(rows(shown, "quarantine")) == 2
    assert (tmp_path / "out" / "quarantine.parquet").exists()
    text = slipcast(*line, "--algorithms", "slipcast", "--strict")
    assert text.returncode == 1
    assert "no_fill" in text.stdout and "routes.filled: must not exceed what was sent: 1" in text.stdout


def test_routes_of_a_simulation_are_a_log(slipcast, tmp_path):
    line = ("venue", "simulate", "--trials", 1, "--episodes", 200, "--volume", 1000, "--half-life-orders", 0)
    line += ("--algorithms", "uniform", "--quiet", "--routes-of")
    for name in ("routes.csv", "routes.parquet"):
        made = slipcast(*line, "uniform", "--routes", tmp_path / name)
        assert made.returncode == 0, made.stderr
        fitted = slipcast("venue", "fit", tmp_path / name, "--json", "--quiet")
        assert fitted.returncode == 0, fitted.stderr
        assert len(rows(fitted, "fits")) == 48
        assert all(row["observations"] == 200 for row in rows(fitted, "fits"))
        assert "48 pairs compared" in slipcast("venue", "compare-models", tmp_path / name, "--quiet").stdout
    said = slipcast("venue", "fit", tmp_path / "routes.csv", "--quiet").stdout
    assert "9600 of 9600 routes are hypothetical" in said and "Declared: simulated: algorithm=uniform" in said
    assert slipcast(*line, "uniform", "--routes", tmp_path / "routes.txt").returncode == 1
    assert slipcast(*line, "unifrm", "--routes", tmp_path / "r.csv").returncode == 1


def test_rounds_add_up_and_beat_greedy(slipcast):
    shown = slipcast("venue", "resubmit", 8000, *VENUES, "--levels", 8, "--json", "--quiet")
    assert shown.returncode == 0, shown.stderr
    plan = rows(shown, "plan")
    assert len(plan) == 16
    for done in {row["done"] for row in plan}:
        assert sum(row["quantity"] for row in plan if row["done"] == done) == 8000 - done
    assert "expected rounds" in slipcast("venue", "resubmit", 8000, *VENUES, "--levels", 8).stdout
    assert slipcast("venue", "resubmit", 8000, *VENUES, "--share", 1).returncode == 2


def test_values_of_one_venue_are_its_own(slipcast):
    shown = slipcast("venue", "values", "A:spread_saved=2,fee=.5,markout=-1,markout_std_error=.3", "--json", "--quiet")
    assert abs(rows(shown, "values")[0]["value"] - 0.5) < 1e-12
    refused = slipcast("venue", "values", "A:fees=1")
    assert refused.returncode == 1
    assert "fees" in refused.stderr


def test_a_fit_is_drawn(slipcast, tmp_path):
    log = tmp_path / "routes.csv"
    log.write_text("symbol,venue,sent,filled\n" + "".join(f"A,X,10,{filled}\n" for filled in (0, 3, 10, 0, 4, 1)))
    shown = slipcast("venue", "fit", log, "--report", tmp_path / "fits.html", "--quiet")
    assert shown.returncode == 0, shown.stderr
    assert "Kaplan-Meier" in (tmp_path / "fits.html").read_text()
