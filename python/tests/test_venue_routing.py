"""Splits, routers and simulations of venues from Python, against their definitions and SciPy."""

import numpy as np
import pandas as pd
import pytest
from scipy import special, stats

import slipcast as sc

VENUES = [
    sc.venue.PowerLaw(zero_bin=0.8, exponent=0.7, max_liquidity=10_000),
    sc.venue.PowerLaw(zero_bin=0.67, exponent=1.3, max_liquidity=10_000),
]


def test_poisson_tails_are_scipy_s():
    for mean in (0.3, 20.0, 700.0, 40_000.0):
        sizes = np.unique(
            np.clip(np.linspace(mean - 8 * mean**0.5, mean + 8 * mean**0.5, 60), 1, None).astype(np.int64)
        )
        expected = 0.6 * stats.poisson.sf(sizes - 1, mean) / -np.expm1(-mean)
        got = sc.venue.Poisson(zero_bin=0.4, mean=mean).prob_at_least(sizes)
        np.testing.assert_allclose(got, expected, rtol=1e-9, atol=0)


def test_power_law_tails_are_differences_of_hurwitz_zeta():
    sizes = np.array([1, 2, 13, 50, 999, 123_456, 9_999_999])
    largest = 10_000_000
    for exponent in (1.2, 2.0, 3.5):
        total = special.zeta(exponent, 1) - special.zeta(exponent, largest + 1)
        expected = (special.zeta(exponent, sizes) - special.zeta(exponent, largest + 1)) / total
        got = sc.venue.PowerLaw(zero_bin=0.0, exponent=exponent, max_liquidity=largest).prob_at_least(sizes)
        np.testing.assert_allclose(got, expected, rtol=1e-8, atol=1e-15)


def test_the_split_takes_the_largest_marginal_values():
    plan = sc.venue.allocate(8_000, VENUES, values=None, reservation_value=None, min_quantity=None)
    sizes = np.arange(1, 8_001)
    tails = [venue.prob_at_least(sizes) for venue in VENUES]
    best = np.sort(np.concatenate(tails))[::-1][:8_000]
    assert plan.quantity.sum() == 8_000
    assert plan.threshold == best[-1]
    assert plan.expected_fill == pytest.approx(best.sum(), rel=1e-10)
    assert plan.marginal.min() == plan.threshold
    assert [(tail >= plan.threshold).sum() for tail in tails] == plan.quantity.tolist()
    assert "worth" in plan.explanation.to_pandas()["reason"][0]


def test_values_leakage_minimums_and_what_stays_outside():
    plan = sc.venue.allocate(1_000, VENUES, values=[1.0, -0.1], reservation_value=0.15)
    assert plan.quantity[1] == 0 and plan.outside > 0 and plan.quantity.sum() + plan.outside == 1_000
    small = sc.venue.allocate(100, VENUES, min_quantity=[80, 80])
    assert sorted(small.quantity.tolist())[0] == 0 and small.gap == 0.0
    assert (
        sc.venue.allocate(100, VENUES, leakage_rate=[0.0, 0.2]).quantity[0] > sc.venue.allocate(100, VENUES).quantity[0]
    )


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"values": -1.0}, "value"),
        ({"leakage_rate": -0.1}, "leakage_rate"),
        ({"leakage_rate": 0.1, "leakage_power": 0.5}, "leakage_power"),
        ({"min_quantity": 0}, "min_quantity"),
        ({"values": [1.0]}, "values"),
    ],
)
def test_what_breaks_the_greedy_is_refused_by_name(options, field):
    with pytest.raises(sc.RefusedError) as refused:
        sc.venue.allocate(100, VENUES, **options)
    assert refused.value.field == field


def test_a_router_learns_and_comes_back_bit_for_bit():
    router = sc.venue.Router(venues=4, max_order=8_000, seed=1)
    generator = np.random.default_rng(1)
    for _ in range(200):
        sent = router.allocate(8_000)
        assert sent.sum() == 8_000
        hidden = np.where(generator.random(4) < [0.9, 0.9, 0.9, 0.4], 0, generator.integers(1, 10_000, 4))
        router.observe(sent, np.minimum(sent, hidden))
    again = sc.venue.Router.restore(router.save())
    assert again.save() == router.save()
    assert (again.allocate(5_000) == router.allocate(5_000)).all()
    assert router.allocate(8_000).argmax() == 3
    beliefs = router.beliefs.to_pandas()
    assert abs(beliefs["zero_bin"][3] - 0.4) < 0.15
    router.observe([0, 0, 0, 50], [0, 0, 0, 0], min_quantity=20)
    with pytest.raises(sc.RefusedError, match="filled"):
        router.observe([1, 1, 1, 1], [0, 0, 0, 2])
    with pytest.raises(sc.RefusedError, match="router"):
        sc.venue.Router.restore(b"nothing")


def test_a_split_and_a_simulation_draw_their_pages(tmp_path):
    plan = sc.venue.allocate(5_000, VENUES, names=["ALPHA", "BETA"], min_quantity=300, max_nodes=1)
    page = plan.report(tmp_path / "pages" / "split.html")
    text = page.read_text(encoding="utf-8")
    assert "ALPHA" in text and "value missed at most" in text and "max_nodes=1" in text
    with pytest.raises(sc.RefusedError, match="max_nodes"):
        sc.venue.allocate(5_000, VENUES, max_nodes=0)
    options = {"episodes": 50, "trials": 1, "volume": 500, "algorithms": ["ideal", "slipcast"], "progress": False}
    made = sc.venue.simulate(VENUES, **options)
    assert "venues in memory" in made.report(tmp_path / "learning.html").read_text(encoding="utf-8")
    named = made.report(tmp_path / "learning.html", source="two & two").read_text(encoding="utf-8")
    assert "two & two" in named and "Cumulative regret" in named
    assert sorted(path.name for path in tmp_path.iterdir()) == ["learning.html", "pages"]


def test_sizes_beyond_a_fit_s_log_are_refused_or_marked(tmp_path):
    sent, filled = [100] * 8, [0, 3, 10, 0, 4, 1, 25, 100]
    fit = sc.venue.fit(sent, filled)
    options = {"episodes": 50, "trials": 1, "algorithms": ["slipcast"], "progress": False}
    with pytest.raises(sc.RefusedError, match="largest size that the log sent there") as refused:
        sc.venue.simulate([fit, fit], volume=8_000, **options)
    assert (refused.value.code, refused.value.field) == ("not_identified", "volume")
    sc.venue.simulate([fit, fit], volume=100, **options)
    sc.venue.simulate([fit, fit], volume=8_000, extrapolate=True, **options)
    sc.venue.simulate(VENUES, volume=8_000, **options)
    plan = sc.venue.allocate(400, [fit, VENUES[0]])
    beyond = plan.explanation.to_pandas()["beyond_log"]
    assert plan.beyond_log == max(0, plan.quantity[0] - 100) == beyond[0] > 0
    assert np.isnan(beyond[1])
    assert "beyond what the log sent" in repr(plan)
    assert "largest size its log sent" in plan.report(tmp_path / "split.html").read_text(encoding="utf-8")
    assert sc.venue.allocate(400, VENUES).beyond_log == 0


def test_a_simulator_from_a_log_uses_the_pairs_that_the_log_tells():
    fills = [0, 3, 10, 0, 4, 1]
    pairs = [("A", "X"), ("A", "Y"), ("B", "Y"), ("B", "Z"), ("C", "X"), ("C", "Y"), ("C", "Z")]
    log = pd.DataFrame(
        [
            {"symbol": symbol, "venue": venue, "sent": 10, "filled": 0 if (symbol, venue) == ("C", "Z") else filled}
            for symbol, venue in pairs
            for filled in fills
        ]
        + [{"symbol": "A", "venue": "X", "sent": 10, "filled": 11}]
    )
    options = {"episodes": 50, "trials": 1, "algorithms": ["slipcast"], "progress": False}
    with pytest.warns(sc.QuarantineWarning, match="1 rows of the log are left out"):
        made = sc.venue.simulate(from_log=log, volume=10, **options)
    log = log[:-1]
    assert made.left_out.to_pandas().to_numpy().tolist() == [["C", "Z", "no_fill"]]
    ranges = made.ranges.to_pandas()
    assert dict(zip(ranges["venue"], ranges["symbols"], strict=True)) == {"X": 2, "Y": 3, "Z": 1}
    assert {"least_zero_bin", "most_exponent", "negative_exponents", "largest_observed"} < set(ranges)
    assert len(made.quarantine) == 1
    assert "1 pairs left out" in repr(made) and "1 rows in quarantine" in repr(made)
    with pytest.raises(sc.RefusedError, match="largest size"):
        sc.venue.simulate(from_log=log, volume=11, **options)
    assert len(sc.venue.simulate(from_log=log, volume=11, extrapolate=True, **options).summary) == 1
    with pytest.raises(sc.RefusedError, match="beside venues"):
        sc.venue.simulate(VENUES, from_log=log)
    with pytest.raises(sc.RefusedError, match="patience"):
        sc.venue.simulate(VENUES, patience="1s")


def test_routes_of_a_simulation_are_a_log():
    made = sc.venue.simulate(VENUES, volume=200, episodes=3_000, trials=1, algorithms=["uniform"], progress=False)
    routes = made.routes("uniform")
    frame = routes.to_pandas()
    assert (frame["sent"] == 100).all() and (frame["filled"] <= frame["sent"]).all() and len(frame) == 6_000
    fits = sc.venue.fit_pairs(routes)
    # Four standard errors of the share of 3,000 misses.
    np.testing.assert_allclose(fits.fits["zero_bin"], [0.8, 0.67], atol=0.035)
    assert "simulated: algorithm=uniform;volume=200" in fits.caveat
    assert len(made.routes()) <= 6_000
    with pytest.raises(sc.RefusedError, match="algorithm"):
        made.routes("best")


@pytest.mark.parametrize(
    ("sent", "filled", "least", "field", "row"),
    [
        ([10, 10, 10], [5, 5, 50], 1, "filled", 3),
        ([0, 10, 10], [5, 5, 5], 1, "filled", 1),
        ([-3, 10, 10], [0, 5, 5], 1, "sent", 1),
        ([10, 10, 10], [5, 5, 5], [1, 1, 6], "filled", 3),
        ([10, 10], [5, 5], 1, "sent", None),
        ([10, 10, 10], [5, 5], 1, "filled", None),
        ([10, 10, 10], [5, 5], None, "filled", None),
        ([10, 10, 10], [5, 5, 5], [1, 1], "min_quantity", None),
        ([10, 10, 10], [5, 5, 5], 1.5, "min_quantity", 1),
    ],
)
def test_a_refused_observation_teaches_nothing(sent, filled, least, field, row):
    router = sc.venue.Router(venues=3, max_order=100)
    before = router.save()
    with pytest.raises(sc.RefusedError) as refused:
        router.observe(sent, filled, min_quantity=least)
    assert refused.value.field == field
    assert row is None or refused.value.place.row == row
    assert router.save() == before


def test_simulation_of_two_venues_and_its_repetition():
    options = {"volume": 800, "episodes": 100, "trials": 2, "algorithms": ["ideal", "slipcast", "uniform"], "seed": 3}
    first = sc.venue.simulate(VENUES, progress=False, **options)
    second = sc.venue.simulate(VENUES, progress=False, **options)
    frame = first.summary.to_pandas()
    assert frame.equals(second.summary.to_pandas())
    assert frame["fraction_of_ideal"][0] == pytest.approx(1.0, abs=1e-12)
    assert frame["fraction_of_ideal"][1] > 0.8
    assert first.curves.to_pandas()["episode"].max() == 100
    with pytest.raises(sc.RefusedError, match="algorithm"):
        sc.venue.simulate(VENUES, algorithms=["best"], progress=False)
