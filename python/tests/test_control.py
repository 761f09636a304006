"""The closed form against SciPy's Riccati solvers, and the surface of slipcast.control."""

import math

import numpy as np
import pytest
from scipy import linalg

import slipcast as sc

EXAMPLE = {
    "trading_cost": 1.0,
    "impact": 0.1,
    "impact_decay": 0.1,
    "risk_aversion": 5.0,
    "discount": 0.2,
    "signal_decay": 1.0,
    "signal_variance": 1.0,
    "variance": 0.2,
}


def random_problems(count, seed, signals=1):
    """Stable parameters over six orders of magnitude."""
    random = np.random.default_rng(seed)

    def draw(low, high, size=None):
        return np.exp(random.uniform(np.log(low), np.log(high), size))

    made = []
    while len(made) < count:
        problem = {
            "trading_cost": draw(1e-3, 1e3),
            "impact": draw(1e-3, 1e3),
            "impact_decay": draw(1e-3, 1e1),
            "risk_aversion": draw(1e-3, 1e3),
            "discount": draw(1e-3, 1e1),
            "variance": draw(1e-3, 1e1),
            "signal_decay": draw(1e-3, 1e1, signals),
            "signal_variance": draw(1e-2, 1e2, signals),
            "loading": draw(1e-1, 1e1, signals),
        }
        p = problem
        if (
            p["risk_aversion"] * p["variance"] * (p["discount"] + p["impact_decay"])
            > 1.01 * p["impact"] * p["discount"] ** 2
        ):
            made.append(problem)
    return made


def matrices(p):
    """State (q, l, x...), shifted by half the discount, reward -z'Qz - 2 z'S u - R u^2."""
    m = len(p["signal_decay"])
    a = np.diag([0.0, -p["impact_decay"], *(-np.asarray(p["signal_decay"]))]) - 0.5 * p["discount"] * np.eye(2 + m)
    b = np.array([[1.0], [p["impact"]], *([[0.0]] * m)])
    q = np.zeros((2 + m, 2 + m))
    q[0, 0] = 0.5 * p["risk_aversion"] * p["variance"]
    q[0, 1] = q[1, 0] = 0.5 * p["impact_decay"]
    q[0, 2:] = q[2:, 0] = -0.5 * np.asarray(p["loading"])
    s = np.array([[-0.5 * p["impact"]], *([[0.0]] * (1 + m))])
    return a, b, q, s, np.array([[0.5 * p["trading_cost"]]])


@pytest.mark.parametrize("signals", [1, 3])
def test_the_closed_form_agrees_with_scipys_continuous_riccati_solver(signals):
    agreed = 0
    for p in random_problems(60, seed=signals, signals=signals):
        a, b, q, s, r = matrices(p)
        try:
            x = linalg.solve_continuous_are(a, b, q, r, s=s)
        except linalg.LinAlgError:
            continue  # SciPy gives up on some badly scaled problems; the closed form's residual covers them
        gains = -np.linalg.solve(r, b.T @ x + s.T)[0] * p["trading_cost"]
        # Its own residual says how far SciPy's solution can be trusted.
        left = a.T @ x + x @ a - (x @ b + s) @ np.linalg.solve(r, b.T @ x + s.T) + q
        trust = max(1e-9, 1e3 * np.abs(left).max() / np.abs(q).max())
        if trust > 1e-6:
            continue
        rule = sc.control.solve(**p)
        ours = np.array([rule.coefficients["M"], rule.coefficients["N"], *np.atleast_1d(rule.coefficients["P"])])
        np.testing.assert_allclose(ours, gains, rtol=trust, atol=trust * np.abs(gains[:1]).max())
        agreed += 1
    assert agreed >= 45


def test_coefficients_of_the_example_agree_with_scipy_to_twelve_digits():
    p = {**EXAMPLE, "signal_decay": [1.0], "signal_variance": [1.0], "loading": [1.0]}
    a, b, q, s, r = matrices(p)
    x = linalg.solve_continuous_are(a, b, q, r, s=s)
    c = sc.control.solve(**EXAMPLE).coefficients
    # V = -z'Xz.
    ours = np.array(
        [[c["Aqq"], -c["Aql"], -c["Aqx"]], [-c["Aql"], -c["All"], -c["Alx"]], [-c["Aqx"], -c["Alx"], -c["Axx"]]]
    )
    np.testing.assert_allclose(ours, 2 * x, rtol=1e-11, atol=1e-12)
    assert c["A0"] == pytest.approx(c["Axx"] / (2 * 0.2), rel=1e-14)
    assert sc.control.solve(**EXAMPLE).residual < 1e-14


def test_the_sampled_rule_agrees_with_scipys_discrete_riccati_solver():
    agreed = 0
    for index, p in enumerate(random_problems(40, seed=7)):
        a, b, q, s, r = matrices(p)
        speed = p["discount"] + p["impact_decay"] + p["signal_decay"][0]
        h = [0.05, 0.5, 2.0][index % 3] / speed
        n = 3
        # Van Loan: the discounted step and its reward, u held; u is a fourth state.
        big = np.zeros((4, 4))
        big[:n, :n], big[:n, n:] = a, b
        big[n, n] = -0.5 * p["discount"]
        weight = np.block([[q, s], [s.T, r]])
        block = linalg.expm(np.block([[-big.T, weight], [np.zeros((4, 4)), big]]) * h)
        step = block[4:, 4:]
        reward = step.T @ block[:4, 4:]
        ad, bd = step[:n, :n], step[:n, n:]
        try:
            x = linalg.solve_discrete_are(ad, bd, reward[:n, :n], reward[n:, n:], s=reward[:n, n:])
            rule = sc.control.sampled(**p, step=h)
        except (linalg.LinAlgError, sc.RefusedError):
            continue
        f = -np.linalg.solve(reward[n:, n:] + bd.T @ x @ bd, bd.T @ x @ ad + reward[n:, :n])[0] * p["trading_cost"]
        c = rule.coefficients
        np.testing.assert_allclose([c["M"], c["N"], c["P"]], f, rtol=1e-6, atol=1e-7 * abs(f[0]))
        agreed += 1
    assert agreed >= 30


def test_sampled_daily_gains_of_the_example():
    rule = sc.control.sampled(**EXAMPLE, step=1.0)
    c = rule.coefficients
    assert [round(c[name], digits) for name, digits in (("M", 3), ("N", 4), ("P", 3))] == [-0.608, -0.0536, 0.196]
    assert all(abs(multiplier) < 1 for multiplier in rule.facts["multipliers"])


def test_decisions_over_arrays_are_the_single_ones_and_copy_nothing():
    rule = sc.control.solve(**EXAMPLE)
    random = np.random.default_rng(1)
    q, level, x = random.normal(size=(3, 1000))
    u = rule.decide(position=q, impact_level=level, signal=x)
    assert u.shape == (1000,)
    for i in range(0, 1000, 97):
        assert u[i] == rule.decide(position=float(q[i]), impact_level=float(level[i]), signal=float(x[i]))
    c = rule.coefficients
    np.testing.assert_allclose(u, c["M"] * q + c["N"] * level + c["P"] * x, rtol=1e-12, atol=1e-13)
    # Broadcasting: a grid of positions against one state.
    grid = rule.decide(position=np.linspace(-1, 1, 5)[:, None], impact_level=0.1, signal=np.array([0.0, 1.0]))
    assert grid.shape == (5, 2)
    assert grid[0, 1] == rule.decide(position=-1.0, impact_level=0.1, signal=1.0)
    from slipcast._control_rule import _states

    _, seen_q, _, seen_x, _ = _states(1, q, level, x)
    assert np.shares_memory(seen_q, q)
    assert np.shares_memory(seen_x, x)


def test_several_signals_stand_on_the_last_axis():
    rule = sc.control.solve(
        **{**EXAMPLE, "signal_decay": [1.0, 0.3], "signal_variance": [1.0, 0.2], "loading": [1, -2]}
    )
    x = np.arange(8.0).reshape(4, 2)
    u = rule.decide(position=0.1, impact_level=0.0, signal=x)
    assert u.shape == (4,)
    assert u[2] == rule.decide(position=0.1, impact_level=0.0, signal=[4.0, 5.0])
    assert u[2] == rule.decide(position=0.1, impact_level=0.0, signal=x[2])
    assert np.shape(rule.coefficients["Axx"]) == (2, 2)
    with pytest.raises(sc.RefusedError, match="signal"):
        rule.decide(position=0.1, impact_level=0.0, signal=[1.0])


def test_factors_by_keyword_and_as_objects():
    rule = sc.control.solve(**EXAMPLE)
    options = {"mean": 0.2, "mean_reversion": 1.0, "vol_of_variance": 0.5, "time_scale": 0.1}
    fast = rule.with_fast(**options)
    u = fast.decide(position=0.5, impact_level=0.1, signal=0.3, variance=0.4)
    assert u == pytest.approx(rule.decide(position=0.5, impact_level=0.1, signal=0.3) - 0.1 * 5 * 0.2 * 0.5, abs=1e-15)
    assert fast.accuracy["time_scale_limit"] == pytest.approx(0.895840542121, abs=1e-12)
    slow = rule.with_slow(dvariance=0.4, d2variance=0.8, volatility=0.4, correlation=-0.5, time_scale=0.1)
    assert slow.shift > 0
    assert slow.decide(position=0.5, impact_level=0.1, signal=0.3) == pytest.approx(
        rule.decide(position=0.5, impact_level=0.1, signal=0.3) + slow.shift, abs=1e-15
    )
    both = rule.with_factors(fast=options, slow=sc.control.SlowFactor(0.4, 0.4, 0.1, correlation=-0.5))
    many = both.decide(position=0.5, impact_level=0.1, signal=0.3, variance=np.array([0.1, 0.4]))
    assert many[1] == pytest.approx(u + slow.shift, abs=1e-15)
    gains = both.gains(0.4)
    assert many[1] == pytest.approx(gains["M"] * 0.5 + gains["N"] * 0.1 + gains["P"] * 0.3 + gains["R"], abs=1e-14)
    with pytest.raises(sc.RefusedError, match="variance"):
        fast.decide(position=0.5, impact_level=0.1, signal=0.3)
    with pytest.raises(sc.RefusedError, match="time_scale"):
        rule.with_fast(**{**options, "time_scale": 0.9})
    with pytest.raises(sc.RefusedError, match="order"):
        rule.with_fast(**options, order=3)


def test_general_factors_take_python_functions():
    # y = ln v of the square-root factor, by quadrature, against its closed form.
    rule = sc.control.solve(**EXAMPLE)
    closed = rule.with_fast(mean=0.2, mean_reversion=1.0, vol_of_variance=0.5, time_scale=0.1, order=2)
    by_quadrature = rule.with_fast(
        sc.control.GeneralFastFactor(
            variance=math.exp,
            drift=lambda y: (0.2 - 0.125) * math.exp(-y) - 1.0,
            volatility=lambda y: 0.5 * math.exp(-0.5 * y),
            interval=(math.log(1e-9), math.log(8.0)),
            time_scale=0.1,
            order=2,
        )
    )
    for v in (0.05, 0.2, 0.6):
        states = {"position": 0.4, "impact_level": -0.1, "signal": 0.7}
        assert by_quadrature.decide(**states, factor=math.log(v)) == pytest.approx(
            closed.decide(**states, variance=v), abs=1e-7
        )
    gaussian = sc.control.GaussianFastFactor(lambda y: 0.2 * math.exp(2 * y - 0.16), 0.0, 1.0, 0.4, 0.1)
    high = rule.with_fast(gaussian)
    assert high.rate(factor=0.5) > rule.rate > high.rate(factor=-0.5)


def test_what_is_refused_says_which_condition_failed():
    with pytest.raises(sc.RefusedError) as unstable:
        sc.control.solve(**{**EXAMPLE, "impact": 7.6})
    assert unstable.value.field == "stability"
    with pytest.raises(sc.RefusedError) as negative:
        sc.control.solve(**{**EXAMPLE, "risk_aversion": -1.0})
    assert negative.value.field == "risk_aversion"
    with pytest.raises(TypeError, match="variance"):
        sc.control.solve(**{name: value for name, value in EXAMPLE.items() if name != "variance"})
    for theta in (0.0, 0.2):
        with pytest.raises(sc.RefusedError, match="theta"):
            sc.control.solve_small_impact(**EXAMPLE, theta=theta)


def test_small_impact_says_how_far_it_is_from_the_exact_rule():
    rule = sc.control.solve_small_impact(**{**EXAMPLE, "impact": 1.0, "impact_decay": 1.0}, theta=0.1)
    assert 1e4 * rule.facts["value_loss"] == pytest.approx(0.17, abs=0.005)
    assert 0 < rule.facts["gain_error"] < 0.05
    assert rule.parameters.as_dict()["impact"] == pytest.approx(0.1)
    assert rule.residual > 1e-6, "an expansion does not solve the equations"
    exact = sc.control.solve(rule.parameters)
    assert rule.linear_value()["A0"] < exact.linear_value()["A0"] == pytest.approx(exact.coefficients["A0"], rel=1e-12)


def test_recalibrate():
    assert sc.control.recalibrate(impact=0.1, realized=1.5, expected=1.0).impact == pytest.approx(0.15)
    assert sc.control.recalibrate(impact=0.1, realized=9.0, expected=1.0).factor == 2.0
    assert sc.control.recalibrate(impact=0.1, realized=9.0, expected=0.0) == (0.1, 1.0, False)
    with pytest.raises(sc.RefusedError, match="impact"):
        sc.control.recalibrate(impact=-0.1, realized=1.0, expected=1.0)


def test_a_trader_guards_and_remembers():
    rule = sc.control.solve(**EXAMPLE)
    trader = sc.control.Trader(rule, turnover_limit=0.5, least_fills=2)
    first = trader.decide(time=0.0, position=0.0, signal=5.0)
    assert first.guards == ["aim", "turnover"]
    assert first.trade == 0.5
    trader.record(time=1.0, quantity=0.5, realized_slippage=0.9)
    trader.record(time=8.0, quantity=0.1, realized_slippage=0.9)
    restored = sc.control.Trader.restore(rule, trader.state(), turnover_limit=0.5, least_fills=2)
    assert restored.state() == trader.state()
    assert trader.slippage_ratio > 2
    assert "slippage" in trader.decide(time=9.0, position=0.0, signal=0.1).guards
    outcome = trader.recalibrate(9.0)
    assert outcome.record is not None
    assert outcome.record[3] == 2.0
    assert trader.impact == pytest.approx(0.2)
    assert trader.coefficients["M"] == sc.control.solve(**{**EXAMPLE, "impact": 0.2}).coefficients["M"]
    with pytest.raises(sc.RefusedError, match="options"):
        sc.control.Trader.restore(rule, trader.state(), turnover_limit=0.6, least_fills=2)
    with pytest.raises(sc.RefusedError, match="turnover_limits"):
        sc.control.Trader(rule, turnover_limits=0.5)


def test_a_signal_is_only_what_was_known_strictly_before():
    column = sc.control.SignalColumn([0.1, 0.2, 0.3], known_at=[1.0, 2.0, 3.0])
    assert list(column.at([1.5, 2.0, 2.0001, 9.0])) == [0.1, 0.1, 0.2, 0.3]
    with pytest.raises(sc.RefusedError, match="time"):
        column.at(1.0)
    with pytest.raises(sc.RefusedError, match="ascending"):
        sc.control.SignalColumn([0.1, 0.2], known_at=[2.0, 1.0])
    with pytest.raises(sc.RefusedError, match="finite"):
        sc.control.SignalColumn([0.1, math.nan], known_at=[1.0, 2.0])
    days = np.array(["2024-01-02", "2024-01-03"], dtype="datetime64[D]")
    two = sc.control.SignalColumn([[0.1, 1.0], [0.2, 2.0]], known_at=days)
    assert list(two.at(np.datetime64("2024-01-03"))) == [0.1, 1.0]


def test_a_regime_label_chooses_the_rule():
    regimes = sc.control.RegimeRules(
        {"calm": sc.control.solve(**EXAMPLE), "stress": sc.control.solve(**{**EXAMPLE, "variance": 0.8})}
    )
    state = {"position": 0.5, "impact_level": 0.0, "signal": 0.2}
    assert (
        regimes.decide("stress", **state) == regimes.rules["stress"].decide(**state) < regimes.decide("calm", **state)
    )
    with pytest.raises(sc.RefusedError, match="regime"):
        regimes.decide("panic", **state)


def test_the_exit_rule_compares_exact_values():
    rule = sc.control.solve(**EXAMPLE)
    leave = sc.control.ExitRule(rule, fee=0.3)
    for q in (0.7, -0.7):
        state = {"impact_level": 0.1, "signal": -0.4}
        added = rule.value(position=q, **state) - rule.value(position=0.0, **state)
        assert leave.added_by_holding(position=q, **state) == pytest.approx(added, abs=1e-14)
        at = leave.threshold(position=q, impact_level=0.1)
        away = 1e-6 if q > 0 else -1e-6
        assert leave.leaves(position=q, impact_level=0.1, signal=at - away)
        assert not leave.leaves(position=q, impact_level=0.1, signal=at + away)
    assert list(leave.leaves(position=np.array([0.0, 1.0]), impact_level=0.0, signal=np.array([-9.0, -9.0]))) == [
        False,
        True,
    ]
    with pytest.raises(sc.RefusedError, match="fee"):
        sc.control.ExitRule(rule, fee=-1.0)
