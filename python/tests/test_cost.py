"""The cost model through Python: the maximum agrees with independent optimizers, tables of any library, refusals."""

import typing

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy import optimize, special, stats

import slipcast as sc
from slipcast import _engine, options

FLAT = {
    "prior_intercept_sd": 0,
    "prior_mean_sd": 0,
    "prior_scale_intercept_sd": 0,
    "prior_scale_sd": 0,
    "prior_nu_shape": 0,
    "prior_nu_rate": 0,
    "prior_completion_sd": 0,
}


def orders(count, seed):
    rng = np.random.default_rng(seed)
    participation = np.exp(rng.normal(-3, 1, count))
    spread = np.exp(rng.normal(1, 0.5, count))
    volatility = 100 * np.exp(rng.normal(0, 0.4, count))
    scale = 3 * (volatility / 100) ** 0.6
    cost = 1 + 12 * np.sqrt(participation) + 0.5 * spread + scale * rng.standard_t(4, count)
    finished = rng.random(count) < special.expit(-0.5 - 0.8 * np.log(participation))
    side = np.where(rng.random(count) < 0.5, "buy", "sell")
    start = pd.Timestamp("2024-03-05T14:30:00Z")
    return pd.DataFrame(
        {
            "cost_bps": cost,
            "participation": participation,
            "spread_bps": spread,
            "volatility_bps": volatility,
            "side": side,
            "finished": finished,
            "symbol": np.where(np.arange(count) % 2 == 0, "AAA", "BBB"),
            "quantity": 1000.0,
            "decision_time": start + pd.to_timedelta(np.arange(count), unit="min"),
            "end_time": start + pd.to_timedelta(np.arange(count) + 30, unit="min"),
        }
    )


def fitted(table, **options):
    asked = {
        "mean": ["sqrt_participation", "spread"],
        "scale": ["log_volatility"],
        "completion": ["log_participation"],
        "completed": "finished",
        "partial": "whole",
    }
    return sc.cost.fit(table, "cost_bps", progress=False, **(asked | options))


def coefficients(model, part):
    frame = model.summary().to_pandas()
    return frame[frame.part == part].coefficient.to_numpy()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_maximum_is_scipys(seed):
    table = orders(400, seed)
    model = fitted(table, unscaled=True, **FLAT)
    x = np.column_stack([np.ones(400), np.sqrt(table.participation), table.spread_bps])
    w = np.column_stack([np.ones(400), np.log(table.volatility_bps)])

    def loss(at):
        scale = np.exp(w @ at[3:5])
        return -stats.t.logpdf(table.cost_bps, 2 + np.exp(at[5]), x @ at[:3], scale).sum()

    start = np.array([*np.linalg.lstsq(x, table.cost_bps, rcond=None)[0], 1.0, 0.0, 1.0])
    best = optimize.minimize(
        loss, start, method="Nelder-Mead", options={"maxiter": 40_000, "xatol": 1e-9, "fatol": 1e-11}
    )
    best = optimize.minimize(loss, best.x, method="BFGS", options={"gtol": 1e-7})
    assert -best.fun == pytest.approx(float(model.diagnostics["log_likelihood"]), abs=2e-3)
    assert coefficients(model, "mean") == pytest.approx(best.x[:3], abs=2e-4)
    assert coefficients(model, "scale") == pytest.approx(best.x[3:5], abs=2e-4)
    assert model.degrees == pytest.approx(2 + np.exp(best.x[5]), abs=2e-3)


def test_the_completion_head_is_a_logistic_regression():
    table = orders(3000, 4)
    model = fitted(table, unscaled=True, **FLAT)
    x = np.column_stack([np.ones(3000), np.log(table.participation)])
    sign = np.where(table.finished, 1.0, -1.0)
    best = optimize.minimize(lambda at: np.logaddexp(0, -sign * (x @ at)).sum(), np.zeros(2), method="BFGS")
    assert coefficients(model, "completion") == pytest.approx(best.x, abs=1e-4)


def test_statsmodels_agrees_with_both_heads():
    logit = pytest.importorskip("statsmodels.discrete.discrete_model")
    miscmodels = pytest.importorskip("statsmodels.miscmodels.tmodel")
    table = orders(1500, 11)
    table["cost_bps"] = 1 + 12 * np.sqrt(table.participation) + 3 * np.random.default_rng(5).standard_t(4, 1500)
    model = fitted(table, mean=["sqrt_participation"], scale=[], unscaled=True, **FLAT)
    summary = model.summary().to_pandas().set_index(["part", "term"])
    x = np.column_stack([np.ones(1500), np.sqrt(table.participation)])
    student = miscmodels.TLinearModel(table.cost_bps.to_numpy(), x).fit(
        start_params=np.array([1.0, 12.0, 4.0, 3.0]), method="bfgs", disp=0, gtol=1e-7
    )
    assert coefficients(model, "mean") == pytest.approx(student.params[:2], abs=1e-3)
    assert model.degrees == pytest.approx(student.params[2], abs=1e-2)
    assert summary.loc[("scale", "intercept"), "effect"] == pytest.approx(student.params[3], abs=1e-3)
    slope = summary.loc[("mean", "sqrt_participation")]
    assert (slope.high - slope.low) / (2 * 1.959964) == pytest.approx(student.bse[1], rel=0.02)

    z = np.column_stack([np.ones(1500), np.log(table.participation)])
    logistic = logit.Logit(table.finished.astype(float).to_numpy(), z).fit(disp=0)
    assert coefficients(model, "completion") == pytest.approx(logistic.params, abs=1e-6)
    odds = summary.loc[("completion", "log_participation")]
    assert np.log(odds.high / odds.low) / (2 * 1.959964) == pytest.approx(logistic.bse[1], rel=1e-4)


def test_any_arrow_table_gives_the_same_model(tmp_path):
    frame = orders(300, 5)
    model = fitted(frame)
    again = fitted(pl.from_pandas(frame))
    assert again._model.to_json() == model._model.to_json()
    loaded = sc.cost.load(model.save(tmp_path / "m.json"))
    assert loaded.predict(frame)["p99"] == pytest.approx(model.predict(frame)["p99"], abs=0)


def test_predictions_hold_together():
    frame = orders(500, 6)
    predicted = fitted(frame).predict(frame, [0.05, 0.5, 0.95, 0.999]).to_pandas()
    assert list(predicted)[:5] == ["mean", "p5", "p50", "p95", "p99_9"]
    assert (predicted.p5 < predicted.p50).all() and (predicted.p95 < predicted.p99_9).all()
    assert np.allclose(predicted["mean"], predicted.p50)
    assert predicted.miss_risk.between(predicted.miss_low, predicted.miss_high).all()


def test_online_learns_and_goes_on_from_its_file(tmp_path):
    frame = orders(400, 7)
    live = fitted(frame).online(half_life=20)
    row = {"participation": 0.05, "spread": 3.0, "volatility": 100.0}
    before = live.predict(row)["mean"]
    for _ in range(200):
        live.update(row, before + 5.0)
    assert live.predict(row)["mean"] == pytest.approx(before + 5.0, abs=0.5)
    risk = live.predict(row)["miss_risk"]
    for _ in range(30):
        live.update_completion(row, finished=False)
    assert live.predict(row)["miss_risk"] > risk
    again = sc.cost.load_online(live.save(tmp_path / "live.json"))
    assert again.predict(row) == live.predict(row)
    assert (again.updates, again.completions) == (200, 30)
    assert live.update_table(orders(100, 8)) == (100, 100)


def test_evaluate_and_estimate():
    frame = orders(900, 8)
    model = fitted(frame, scale=["log_volatility"], completion=["log_participation"])
    scores = sc.cost.evaluate(model, frame, folds=2, progress=False)
    table = scores["cost_scores"].to_pandas().set_index(["member", "metric"])
    assert table.loc[("model", "log_score"), "difference"] < 0
    assert scores["cost_folds"].to_pandas().train_orders.is_monotonic_increasing
    estimate = model.estimate("buy", 500, "AAA", over="2h", given={"volume_per_s": 1.0})
    assert estimate["cost_by_size"].to_pandas()["mean"].is_monotonic_increasing
    with pytest.raises(sc.RefusedError, match="did you mean 'AAA'"):
        model.estimate("buy", 500, "AAC", over="2h")


@pytest.mark.parametrize(
    ("change", "code", "says"),
    [
        ({"hierarchy": ["symbol"]}, "invalid_value", "hierarchical method"),
        ({"slopes": ["spread"]}, "invalid_value", "hierarchical method"),
        ({"method": "laplace"}, "invalid_value", "must be one of global"),
        ({"mean": ["sprad"]}, "unknown_field", "did you mean 'spread'"),
        ({"prior_men_sd": 1}, "unknown_field", "did you mean 'prior_mean_sd'"),
        ({"mean": ["quantity"]}, "not_identified", "does not vary"),
        ({"mean": ["near_open"]}, "missing_field", "needs column"),
        ({"weight": "wait"}, "missing_field", "must be a column"),
    ],
)
def test_refusals(change, code, says):
    with pytest.raises(sc.RefusedError, match=says) as raised:
        fitted(orders(100, 9), **change)
    assert raised.value.code == code


def test_times_without_a_zone_are_refused():
    frame = orders(100, 10)
    frame["decision_time"] = frame.decision_time.dt.tz_localize(None)
    with pytest.raises(sc.RefusedError, match="without a zone"):
        fitted(frame)


def test_typed_options_are_the_engine_s():
    declared = {setting["name"] for setting in _engine.cost_fit_settings()}
    own = {"target", "method", "weight", "censored"}
    assert set(typing.get_type_hints(options.FitOptions)) | own == declared
    for setting in _engine.cost_fit_settings():
        assert f"{setting['name']} = {setting['default'] or 'none'}" in sc.cost.fit.__doc__
