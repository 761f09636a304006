"""Hidden liquidity from Python: against statsmodels, closed forms and the refusals of the surface."""

import math

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

# The established survival package is statsmodels: lifelines 0.30 pins pandas below 3, which the other tests need.
from statsmodels.duration.survfunc import SurvfuncRight

import slipcast as sc


def random_log(seed: int, rows: int, largest: int = 60):
    """Routes to a venue that is empty half of the time."""
    random = np.random.default_rng(seed)
    sent = random.integers(1, largest, rows)
    there = np.where(random.random(rows) < 0.5, 0, random.integers(1, largest, rows))
    return sent, np.minimum(sent, there)


@pytest.mark.parametrize("seed", range(40))
def test_kaplan_meier_is_the_survival_function_of_statsmodels(seed):
    rows = int(np.random.default_rng(seed).integers(2, 400))
    sent, filled = random_log(seed, rows)
    curve = sc.venue.kaplan_meier(sent, filled, max_liquidity=60)
    # A partial fill r is a death at r, a full fill is censored at sent - 1, and T(s) = S(s - 1).
    died = filled < sent
    other = SurvfuncRight(np.where(died, filled, sent - 1), died.astype(int))
    for size in curve.size:
        before = other.surv_times <= size - 1
        expected = other.surv_prob[before][-1] if before.any() else 1.0
        assert abs(curve.prob_at_least[size - 1] - expected) < 1e-12
    for time, at_risk, events in zip(other.surv_times, other.n_risk, other.n_events, strict=True):
        assert curve.at_risk[int(time)] == at_risk
        assert curve.events[int(time)] == events


@pytest.mark.parametrize("seed", range(5))
def test_band_is_the_log_log_interval_of_greenwoods_errors(seed):
    sent, filled = random_log(seed, 300)
    curve = sc.venue.kaplan_meier(sent, filled, max_liquidity=60)
    died = filled < sent
    other = SurvfuncRight(np.where(died, filled, sent - 1), died.astype(int))
    low, high = curve.band(0.9)
    for time, tail, error in zip(other.surv_times, other.surv_prob, other.surv_prob_se, strict=True):
        if not 0.0 < tail < 1.0:
            continue
        power = 1.6448536269514722 * error / (tail * math.log(tail))
        ends = sorted((tail ** math.exp(power), tail ** math.exp(-power)))
        assert low[int(time)] == pytest.approx(ends[0], abs=1e-12)
        assert high[int(time)] == pytest.approx(ends[1], abs=1e-12)


def test_fit_names_its_parameter_and_says_what_it_knows():
    truth = sc.venue.PowerLaw(zero_bin=0.6, exponent=0.8, max_liquidity=500)
    random = np.random.default_rng(1)
    sent = random.integers(1, 80, 2_000)
    tails = truth.prob_at_least(np.arange(1, 502))
    there = (random.random(2_000)[:, None] < tails[None, :]).sum(axis=1)
    filled = np.minimum(sent, there)
    for model, name in [("power_law", "exponent"), ("uniform", "upper"), ("poisson", "mean"), ("exponential", "ratio")]:
        fit = sc.venue.fit(sent, filled, model=model, max_liquidity=500)
        assert fit.identified
        assert fit.reason == "identified"
        assert getattr(fit, name) == fit.parameter
        assert fit.zero_bin == pytest.approx((filled == 0).mean())
        low, high = fit.parameter_interval(0.95)
        assert low <= fit.parameter <= high
        # Without smoothing the loss of the data it was fitted to is the log-likelihood.
        assert fit.log_loss(sent, filled, smoothing=0.0) * len(sent) == pytest.approx(-fit.log_likelihood)
    fit = sc.venue.fit(sent, filled, max_liquidity=500)
    low, high = fit.parameter_interval(1 - 1e-6)
    assert low < 0.8 < high
    with pytest.raises(AttributeError, match="ratio"):
        _ = fit.ratio
    steps = sc.venue.fit(sent, filled, model="kaplan_meier", max_liquidity=500)
    np.testing.assert_allclose(
        steps.prob_at_least(np.arange(1, 80)), sc.venue.kaplan_meier(sent, filled).prob_at_least[:79], atol=1e-15
    )
    assert steps.log_likelihood >= fit.log_likelihood


def test_minimum_quantities_are_read_as_intervals():
    sent, filled = [1_000] * 6, [0, 0, 0, 700, 1_000, 400]
    with_minimum = sc.venue.fit(sent, filled, min_quantity=[300] * 6)
    without = sc.venue.fit(sent, filled)
    assert with_minimum.zero_bin < without.zero_bin
    assert with_minimum.counts == {"observations": 6, "misses": 0, "minimum_misses": 3, "partial": 2, "full": 1}
    one_number = sc.venue.fit(sent, filled, min_quantity=300)
    assert one_number.counts == with_minimum.counts
    assert one_number.parameter == with_minimum.parameter
    assert one_number.log_loss(sent, filled, min_quantity=300) == with_minimum.log_loss(
        sent, filled, min_quantity=[300] * 6
    )
    with pytest.raises(sc.RefusedError, match="whole number"):
        sc.venue.fit(sent, filled, min_quantity=2.5)


def test_degenerate_logs_are_said_to_be():
    assert sc.venue.fit([10, 10], [0, 0]).reason == "no_fill"
    full = sc.venue.fit([10, 10, 10], [0, 10, 10])
    assert full.reason == "no_partial_fill"
    assert full.exponent == -math.inf
    assert full.prob_at_least(9_999) == pytest.approx(2 / 3)
    assert full.parameter_interval() == (None, None)
    assert sc.venue.fit([10, 10, 10], [0, 10, 10], model="kaplan_meier").reason == "no_partial_fill"


@pytest.mark.parametrize(
    ("sent", "filled", "field", "row"),
    [
        ([10, 10], [3, 11], "filled", 2),
        ([10, 10], [-1, 0], "filled", 1),
        ([10, -5], [1, 0], "sent", 2),
        ([10, 10], [1.5, 2.0], "filled", 1),
        ([10, float("nan")], [1, 2], "sent", 2),
        ([10, float("inf")], [1, 2], "sent", 2),
        ([10, 10, 10], [1, 2], "filled", None),
        ([10, 10], ["1", "2"], "filled", None),
    ],
)
def test_refusals_name_field_and_row(sent, filled, field, row):
    for call in (sc.venue.fit, sc.venue.kaplan_meier):
        with pytest.raises(sc.RefusedError) as refused:
            call(sent, filled)
        assert refused.value.field == field
        assert refused.value.place.row == row


def test_unknown_model_names_the_nearest():
    with pytest.raises(sc.RefusedError, match="did you mean 'power_law'"):
        sc.venue.fit([10], [1], model="powerlaw")


def test_optimistic_curve_raises_one_size():
    sent, filled = random_log(3, 4_000, 50)
    curve = sc.venue.optimistic_kaplan_meier(sent, filled, volume=50, epsilon=25.0, delta=0.1, constant=2.0)
    plain = sc.venue.kaplan_meier(sent, filled, max_liquidity=50)
    changed = np.flatnonzero(curve.prob_at_least != plain.prob_at_least)
    assert list(changed) == [curve.cut]
    assert curve.prob_at_least[curve.cut] == plain.prob_at_least[curve.cut - 1]


def routes():
    """A table of routes from two venues."""
    rows = []
    for seed, venue in [(1, "POOL1"), (2, "POOL2")]:
        sent, filled = random_log(seed, 200)
        rows.append(pd.DataFrame({"symbol": "ABC", "venue": venue, "sent": sent, "filled": filled}))
    return pd.concat(rows, ignore_index=True)


def test_compare_models_takes_any_arrow_table_and_wins_sum_to_pairs():
    comparison = sc.venue.compare_models(routes(), seed=1)
    models = comparison.models.to_pandas().set_index("model")
    assert models["wins"].sum() == comparison.compared == 2
    assert "held-out loss" in comparison.verdict
    assert set(models.index) == {"power_law", "uniform", "exponential", "poisson", "kaplan_meier"}
    same = sc.venue.compare_models(pa.Table.from_pandas(routes(), preserve_index=False), seed=1)
    assert same.models.to_arrow().equals(comparison.models.to_arrow())


def test_compare_models_has_a_synthetic_suite():
    comparison = sc.venue.compare_models(symbols=3, venues=2, observations=200, seed=4)
    assert comparison.compared == 6
    assert comparison.counts["routes"][0] == 1_200


def test_a_bad_row_of_a_table_goes_to_quarantine_with_its_number():
    table = routes()
    table.loc[7, "filled"] = 1_000
    for read in (sc.venue.compare_models, sc.venue.fit_pairs, sc.venue.pool):
        with pytest.warns(sc.QuarantineWarning, match="1 rows of the log are left out"):
            made = read(table)
        quarantined = made.quarantine.to_pandas()
        assert quarantined[["field", "row"]].to_numpy().tolist() == [["filled", 8]]
        assert made.quality_rules["count"][0] == 1
        assert made.quality["quarantined"][0] == 1
        assert dict(zip(made.counts["count_of"], made.counts["routes"], strict=True))["left out: quarantined"] == 1
        assert "1 rows in quarantine" in repr(made)
    assert "quarantine" not in repr(sc.venue.fit_pairs(routes()))
    with pytest.raises(sc.RefusedError, match="did you mean sent"):
        sc.venue.fit_pairs(table.rename(columns={"sent": "sennt"}))


def test_results_of_routes_that_nobody_sent_say_so(tmp_path):
    table = routes().assign(hypothetical="sizes=100;window=10s")
    fits = sc.venue.fit_pairs(table)
    assert "400 of 400 routes are hypothetical" in fits.caveat and "sizes=100;window=10s" in fits.caveat
    assert "hypothetical" in repr(fits)
    assert "400 of 400 routes are hypothetical" in fits.report(tmp_path / "fits.html").read_text()
    assert sc.venue.compare_models(table).caveat == fits.caveat
    assert sc.venue.fit_pairs(routes()).caveat == ""


def test_fit_pairs_of_a_dataset_counts_what_it_leaves_out(replayed):
    fits = sc.venue.fit_pairs(replayed, venue_kinds="all", model="best")
    counts = dict(zip(fits.counts["count_of"], fits.counts["routes"], strict=True))
    assert counts["routes"] == counts["observations"] + sum(n for what, n in counts.items() if "left out" in what)
    assert len(fits.fits) > 0
    tails = fits.tails.to_pandas()
    assert tails["prob_at_least"].between(0, 1).all()
    with pytest.raises(sc.RefusedError, match="no route"):
        sc.venue.fit_pairs(replayed, venue_kinds="dark")


def test_a_report_draws_every_pair(tmp_path):
    fits = sc.venue.fit_pairs(routes(), confidence=0.9)
    page = fits.report(tmp_path / "fits.html", source="routes & more")
    text = page.read_text(encoding="utf-8")
    assert page == tmp_path / "fits.html"
    assert "routes & more" in text
    for symbol in set(fits.fits["symbol"]):
        assert symbol in text
    assert "90" in text
    assert [path.name for path in tmp_path.iterdir()] == ["fits.html"]


def test_a_pool_lends_to_a_pair_with_few_routes():
    few = pd.DataFrame({"symbol": "NEW", "venue": "POOL1", "sent": [30] * 4, "filled": [0] * 4})
    pool = sc.venue.pool(pd.concat([routes(), few], ignore_index=True), max_liquidity=100)
    member = pool.table.to_pandas().set_index(["symbol", "venue"]).loc[("NEW", "POOL1")]
    assert 0.5 < member["zero_bin"] < 1.0
    assert pool.power_law("NEW", "POOL1").zero_bin == member["zero_bin"]
    assert member["zero_bin_low"] < member["zero_bin"] < member["zero_bin_high"]
    assert pool.belief("NEW", "POOL1") == pytest.approx(member.to_dict())
    unseen = pool.belief("OTHER", "POOL2")
    assert unseen["observations"] == 0
    assert pool.power_law("OTHER", "POOL2").zero_bin == unseen["zero_bin"]
    assert unseen["zero_bin_low"] < 0.5 < unseen["zero_bin_high"]
    half = sc.venue.pool(routes(), max_liquidity=100, confidence=0.5).belief("OTHER", "POOL2")
    assert unseen["zero_bin_low"] < half["zero_bin_low"] < half["zero_bin_high"] < unseen["zero_bin_high"]
    with pytest.raises(sc.RefusedError, match="confidence"):
        sc.venue.pool(routes(), confidence=1.0)
    assert pool.termination == "converged"
    judged = pool.diagnostics.to_pandas().set_index("quantity")
    assert (judged["termination"] == "converged").all() and (judged["sweeps"] > 1).all()
    for quantity, spread in (("zero_bin", pool.zero_bin_spread), ("exponent", pool.exponent_spread)):
        assert set(spread) == {"symbol", "venue", "pair"}
        for effect, deviation in spread.items():
            assert deviation == judged.loc[quantity, f"spread_{effect}"] > 0.0


def test_a_pool_of_one_short_log_says_how_little_it_knows():
    one = pd.DataFrame({"symbol": ["A"], "venue": ["P"], "sent": [100], "filled": [50]})
    believed = sc.venue.pool(one).belief("A", "P")
    assert believed["zero_bin_low"] < 0.05
    assert believed["zero_bin_high"] > 0.85
