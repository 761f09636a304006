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
    assert "largest size that every venue of the log was sent" in refused.stderr
    assert slipcast(*line, "--volume", 10, "--quiet").returncode == 0
    assert slipcast(*line, "--volume", 500, "--extrapolate", "--quiet").returncode == 0


def test_rounds_add_up_and_beat_greedy(slipcast):
    shown = slipcast("venue", "resubmit", 8000, *VENUES, "--levels", 8, "--json", "--quiet")
    assert shown.returncode == 0, shown.stderr
    plan = rows(shown, "plan")
    assert len(plan) == 16
    for done in {row["done"] for row in plan}:
        assert sum(row["quantity"] for row in plan if row["done"] == done) == 8000 - done
    assert "expected rounds" in slipcast("venue", "resubmit", 8000, *VENUES, "--levels", 8).stdout
    assert slipcast("venue", "resubmit", 8000, *VENUES, "--share", 1).returncode == 1


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
