"""How fast to trade, from the command line: numbers, reasons and refusals."""

import json

import pyarrow.parquet as pq
import pytest

MARKET = {
    "trading-cost": 1,
    "impact": 0.1,
    "impact-decay": 0.1,
    "risk-aversion": 5,
    "discount": 0.2,
    "variance": 0.2,
    "signal-decay": 1,
    "signal-variance": 1,
}


def flags(**changed):
    market = MARKET | {name.replace("_", "-"): value for name, value in changed.items()}
    return [part for name, value in market.items() for part in (f"--{name}", value)]


def values(table):
    names = [column["name"] for column in table["columns"]]
    return {row[names.index("symbol")]: row[names.index("value")] for row in table["rows"]}


def test_solve_prints_the_published_example(slipcast, tmp_path):
    ran = slipcast("control", "solve", *flags(), "--json", "--out", tmp_path / "rule", "--csv")
    assert ran.returncode == 0, ran.stderr
    tables = json.loads(ran.stdout)
    assert values(tables["rule"])["M"] == pytest.approx(-0.895840542121, abs=1e-11)
    assert values(tables["value_function"])["A0"] == pytest.approx(0.256817270608, abs=1e-11)
    written = pq.read_table(tmp_path / "rule" / "rule.parquet").to_pylist()
    assert {row["symbol"]: row["value"] for row in written} == values(tables["rule"])
    text = slipcast("control", "solve", *flags()).stdout
    assert "-0.8958405421" in text


def test_a_rate_held_for_a_day_is_slower(slipcast):
    tables = json.loads(slipcast("control", "solve", *flags(), "--step", 1, "--json").stdout)
    assert values(tables["rule"])["M"] == pytest.approx(-0.608, abs=5e-4)
    assert slipcast("control", "solve", *flags(), "--step", 1, "--theta", 0.1).returncode == 2


def test_refusals_name_the_condition(slipcast):
    unstable = slipcast("control", "solve", *flags(impact=9))
    assert unstable.returncode == 1
    assert "stability" in unstable.stderr
    assert "no stable solution" in unstable.stderr
    theta = slipcast("control", "solve", *flags(), "--theta", 0.2)
    assert theta.returncode == 1
    assert "theta" in theta.stderr
    missing = slipcast("control", "solve", "--trading-cost", 1)
    assert missing.returncode == 2
    assert slipcast("control", "decide", *flags(), "--position", 0, "--signal", 1, "--guards", "aims").returncode == 1


def test_decide_says_which_guard_acted_and_why(slipcast):
    state = ("--position", 0.2, "--level", 0.05, "--signal", 7)
    fast = ("--fast-time-scale", 0.1, "--fast-mean-reversion", 1, "--fast-vol-of-variance", 0.5, "--variance-now", 0.4)
    tables = json.loads(slipcast("control", "decide", *flags(), *state, *fast, "--json").stdout)
    names = [column["name"] for column in tables["decision"]["columns"]]
    decision = dict(zip(names, tables["decision"]["rows"][0], strict=True))
    rate = 0.895840542121 + 0.1 * 5 * 0.2
    assert decision["rate"] == pytest.approx(rate, abs=1e-11)
    assert decision["trade"] == pytest.approx(rate * 0.8, abs=1e-11)
    assert tables["guards"]["rows"][0][0] == "aim"
    assert "clipped" in tables["guards"]["rows"][0][1]
    free = slipcast("control", "decide", *flags(), *state, "--guards", "overshoot", "--json")
    assert json.loads(free.stdout)["guards"]["rows"] == []


def decided(slipcast, *arguments):
    ran = slipcast(
        "control", "decide", *flags(), "--position", 0.2, "--level", 0.05, "--signal", 0.7, *arguments, "--json"
    )
    assert ran.returncode == 0, ran.stderr
    table = json.loads(ran.stdout)["decision"]
    return dict(zip([column["name"] for column in table["columns"]], table["rows"][0], strict=True))


def test_decide_and_solve_know_the_same_factors(slipcast):
    fast = ("--fast-time-scale", 0.02, "--fast-mean-reversion", 1, "--fast-vol-of-variance", 0.4)
    general = (*fast, "--fast-kind", "exponential", "--fast-order", 2, "--fast-correlation", -0.3, "--factor-now", 0.5)
    slow = ("--slow-time-scale", 0.05, "--slow-volatility", 0.4, "--slow-slope", 0.4, "--slow-curvature", 0.8)
    both = (*general, *slow, "--slow-correlation", -0.5, "--slow-order", 1)
    for chosen in (fast, general, slow, both):
        tables = json.loads(slipcast("control", "solve", *flags(), *chosen, "--json").stdout)
        rule = values(tables["factors"])
        trade = rule["M"] * 0.2 + rule["N"] * 0.05 + rule["P"] * 0.7 + rule["R"]
        assert decided(slipcast, *chosen)["trade"] == pytest.approx(trade, abs=1e-12)
        assert rule["least rate"] > 0
    # Of the exponential factor the rate rises where variance is high, as of the square-root one.
    high, low = (decided(slipcast, *general[:-1], y)["rate"] for y in (0.5, -0.5))
    assert high > 0.8958405421 > low
    refused = slipcast("control", "solve", *flags(), "--fast-time-scale", 0.02)
    assert refused.returncode == 2
    assert slipcast("control", "solve", *flags(), *fast, "--step", 1).returncode == 2


def test_losses_are_printed_with_digits_that_count(slipcast):
    ran = slipcast(
        "control",
        "compare",
        "--paths",
        20,
        "--time-scales",
        "0.0125,0.1",
        "--slow-time-scales",
        0.5,
        "--horizon",
        4,
        "-q",
    )
    assert ran.returncode == 0, ran.stderr
    first = next(line for line in ran.stdout.splitlines() if "0.0125" in line).split()
    assert first[1] == "0.451"
    assert float(first[2]) == pytest.approx(0.0002, abs=5e-5)
    assert float(first[4]) > 1000
    assert "e+" not in ran.stdout
