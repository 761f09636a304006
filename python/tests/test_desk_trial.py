"""The desk on a market from Python, against plain policies on the same orders."""

import pytest

import slipcast as sc

SMALL = {"orders": 120, "learning_orders": 400, "max_horizon": "20min", "resamples": 200, "progress": False}


@pytest.fixture(scope="module")
def market():
    return sc.sim.market(symbols=2, days=3, seed=4, quotes_per_day=8_000)


def test_every_policy_works_the_same_orders(market):
    trial = sc.desk.run(market, **SMALL)
    policies = trial.policies.to_pandas().set_index("policy")
    assert list(policies.index) == ["desk", "desk_lit", "desk_no_ladder", "twap", "vwap", "pov", "immediate"]
    assert policies.orders.nunique() == 1
    orders = trial.orders.to_pandas()
    assert orders.groupby("order_id").size().eq(7).all()
    # What the tables say is what the orders say.
    for policy, row in policies.iterrows():
        own = orders[orders.policy == policy].shortfall_bps
        assert row.mean_bps == pytest.approx(own.mean(), abs=1e-9)
        assert row.p90_bps == pytest.approx(own.quantile(0.9), abs=1e-9)
    pair = trial.pairs.to_pandas().set_index(["policy", "baseline"]).loc[("desk", "twap")]
    assert pair.mean_difference_bps == pytest.approx(policies.mean_bps["desk"] - policies.mean_bps["twap"], abs=1e-9)
    assert "own impact" in trial.provenance["replay.impact"]
    assert "120" in repr(trial) or "left out" in repr(trial)


def test_the_journal_is_kept_and_replays(market, tmp_path):
    journal = tmp_path / "desk.sqlite"
    sc.desk.run(market, journal=journal, policies=["desk"], **SMALL)
    replay = sc.desk.replay(journal)
    assert replay.identical
    assert replay.decisions > 100
    with pytest.raises(sc.RefusedError) as refused:
        sc.desk.run(market, journal=journal, **SMALL)
    assert refused.value.field == "journal"


def test_what_ends_before_a_desk_begins_leaves_nothing(market, tmp_path):
    journal = tmp_path / "deep" / "desk.sqlite"
    with pytest.raises(sc.RefusedError):
        sc.desk.run(market, journal=journal, trial_days=2, progress=False)
    sc.desk.run(market, journal=journal, policies=["twap", "vwap"], **SMALL)
    assert not journal.parent.exists()
    with pytest.raises(sc.RefusedError) as refused:
        sc.desk.run("tape/")
    assert refused.value.field == "data"


def test_options_are_the_engine_s(market):
    with pytest.raises(sc.RefusedError) as refused:
        sc.desk.run(market, policies=["vwpa"], progress=False)
    assert refused.value.value == "vwpa"
    with pytest.raises(sc.RefusedError) as refused:
        sc.desk.run(market, trial_days=2, progress=False)
    assert refused.value.field == "trial_days"
    assert "learning_orders = 2000" in sc.desk.run.__doc__
