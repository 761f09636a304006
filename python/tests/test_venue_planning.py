"""Rounds, values and proxies of venues from Python, against their definitions."""

import numpy as np
import pytest

import slipcast as sc

VENUES = [
    sc.venue.PowerLaw(zero_bin=0.8, exponent=0.7, max_liquidity=10_000),
    sc.venue.PowerLaw(zero_bin=0.67, exponent=1.3, max_liquidity=10_000),
]


def test_a_plan_of_rounds_is_not_slower_than_greedy_and_sends_what_is_left():
    plan = sc.venue.ResubmissionPlan(8_000, VENUES)
    assert plan.target == 4_001
    assert plan.expected_rounds <= plan.greedy_rounds
    for done in (0, 1_000, 3_999):
        assert plan.quantity(done).sum() == 8_000 - done
    frame = plan.table.to_pandas()
    assert (frame.groupby("done").quantity.sum() == 8_000 - np.unique(frame.done)).all()
    assert frame.expected_rounds.iloc[0] == plan.expected_rounds
    with pytest.raises(sc.RefusedError, match="done"):
        plan.quantity(8_000)
    with pytest.raises(sc.RefusedError, match="share"):
        sc.venue.ResubmissionPlan(8_000, VENUES, share=1.0)
    coarse = sc.venue.ResubmissionPlan(8_000, VENUES, share=0.25, levels=8)
    assert coarse.target == 2_001
    assert len(np.unique(coarse.table.to_pandas().done)) == 8


def test_expected_rounds_are_those_of_a_simulation():
    # Any venue that fills finishes: S >= 2 with chance 0.4 a round, so rounds are geometric with mean 2.5.
    sure = sc.venue.Exponential(zero_bin=0.6, ratio=1.0)
    assert sc.venue.ResubmissionPlan(2, [sure]).expected_rounds == pytest.approx(2.5)


def test_values_shrink_mark_outs_towards_their_mean():
    table = sc.venue.venue_values(
        ["A", "B", "C"],
        markout=[-3.0, 0.0, 1.0],
        markout_std_error=[1.0, 0.5, 0.5],
        spread_saved=2.0,
        fee=[0.3, 0.1, 0.0],
    ).to_pandas()
    # DerSimonian and Laird by hand.
    y, e = np.array([-3.0, 0.0, 1.0]), np.array([1.0, 0.5, 0.5])
    w = e**-2.0
    q = (w * (y - (w * y).sum() / w.sum()) ** 2).sum()
    between = max(0.0, (q - 2) / (w.sum() - (w**2).sum() / w.sum()))
    v = 1 / (between + e**2)
    mean = (v * y).sum() / v.sum()
    shrunk = mean + between / (between + e**2) * (y - mean)
    np.testing.assert_allclose(table.markout_shrunk, shrunk, rtol=1e-12)
    np.testing.assert_allclose(table.value, 2.0 - np.array([0.3, 0.1, 0.0]) + shrunk, rtol=1e-12)
    sc.venue.allocate(1_000, VENUES, values=list(table.value[1:]))
    with pytest.raises(sc.RefusedError, match="fee"):
        sc.venue.venue_values(["A"], markout=[0.0], fee=-1.0)


def by_hand(result, horizon):
    """Means and errors of each venue, with pandas."""
    fills = result.fills.to_pandas()
    moves = result.markouts.to_pandas()
    moves = moves[(moves.horizon == horizon) & moves.observed].set_index("fill_id").mid_anchored_bps
    fills["move"] = fills.fill_id.map(moves)
    fills["w"] = fills.price.astype(float) * fills.quantity
    fills["saved"] = (fills.quoted_spread_bps - fills.effective_spread_bps) / 2
    fills["paid"] = fills.fee_cash.astype(float) / fills.w * 1e4
    fills = fills.dropna(subset=["move", "saved", "paid"])
    fills["hour"] = fills.symbol.astype(str) + fills.time.dt.floor("h").astype(str)
    rows = {}
    for venue, own in fills.groupby(fills.venue.astype(str)):
        mean = {name: np.average(own[name], weights=own.w) for name in ("move", "saved", "paid")}
        off = (own.w * (own.move - mean["move"])).groupby(own.hour).sum()
        error = np.sqrt((off**2).sum() * len(off) / (len(off) - 1)) / own.w.sum()
        rows[venue] = (mean["saved"], mean["paid"], mean["move"], error)
    return rows


def test_a_measurement_says_what_a_lot_is_worth_at_each_venue(replayed):
    result = sc.tca.measure(replayed, markouts=["-1s", "1s", "1min"])
    made = sc.venue.venue_values_of(result, "1s").to_pandas()
    expected = by_hand(result, "1s")
    assert list(made.venue) == sorted(expected)
    for row in made.itertuples():
        saved, paid, move, error = expected[row.venue]
        assert row.markout == pytest.approx(move, rel=1e-9)
        assert row.markout_std_error == pytest.approx(error, rel=1e-9)
        assert row.value == pytest.approx(saved - paid + row.markout_shrunk, rel=1e-9)
    with pytest.raises(sc.RefusedError, match="did you mean '1min'"):
        sc.venue.venue_values_of(result, "2min")
    with pytest.raises(sc.RefusedError, match="after the fill"):
        sc.venue.venue_values_of(result, "-1s")


def test_a_tape_without_hidden_prints_inside_the_spread_makes_no_proxy():
    market = sc.sim.market(symbols=1, days=1, seed=1, quotes_per_day=2000)
    with pytest.raises(sc.RefusedError, match="inside the spread"):
        sc.venue.proxy_log(market, sizes=["100", "500"], window="10s")
    with pytest.raises(sc.RefusedError, match="sizes"):
        sc.venue.proxy_log(market, sizes=["1.5"])
