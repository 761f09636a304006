"""Exact policies, many assets, comparison and calibration from Python, against second methods in NumPy and SciPy."""

import math

import numpy as np
import pyarrow as pa
import pytest

import slipcast as sc

EXAMPLE = {
    "trading_cost": 1.0,
    "impact": 0.1,
    "impact_decay": 0.1,
    "risk_aversion": 5.0,
    "discount": 0.2,
    "variance": 0.2,
    "signal_decay": 1.0,
    "signal_variance": 1.0,
}
FACTOR = sc.control.CIRFactor(mean=0.2, mean_reversion=1.0, vol_of_variance=0.5, time_scale=0.1)


@pytest.fixture(scope="module")
def policy():
    return sc.control.exact(sc.control.Parameters(**EXAMPLE), fast=FACTOR)


def chebyshev(top: float, count: int):
    """Nodes on [0, top] and the differentiation matrix (Trefethen 2000, chapter 6)."""
    k = np.arange(count)
    x = np.cos(np.pi * k / (count - 1))
    c = np.where((k == 0) | (k == count - 1), 2.0, 1.0) * (-1.0) ** k
    gap = x[:, None] - x[None, :]
    d = np.outer(c, 1 / c) / (gap + np.eye(count))
    d -= np.diag(d.sum(axis=1))
    return 0.5 * top * (x + 1), d * 2 / top


def collocated(count: int = 36):
    """M at the nodes of s = sqrt(y) and the invariant mean of A0, by Chebyshev collocation and Newton's method."""
    cost, lam, beta, gamma, rho, kappa, eta = 1.0, 0.1, 0.1, 5.0, 0.2, 1.0, 1.0
    mu, theta, xi, eps = 0.2, 1.0, 0.5, 0.1
    s, d = chebyshev(1.45, count)
    with np.errstate(divide="ignore", invalid="ignore"):
        drift = np.where(s > 0, theta * (mu - s**2) / (2 * s) - xi**2 / (8 * s), 0.0)
    g = (xi**2 / 8 * (d @ d) + drift[:, None] * d) / eps
    top, bottom = 0, count - 1
    boundary = {bottom: d[bottom], top: s[top] * (d @ d)[top] - d[top]}
    v = s**2
    eye = np.eye(count)

    def system(blocks, sources):
        size = len(sources)
        a = np.zeros((size * count, size * count))
        for i, row in enumerate(blocks):
            for j, block in enumerate(row):
                a[i * count : (i + 1) * count, j * count : (j + 1) * count] = block
        b = np.concatenate(sources)
        for i in range(size):
            for node, condition in boundary.items():
                a[i * count + node] = 0.0
                a[i * count + node, i * count : (i + 1) * count] = condition
                b[i * count + node] = 0.0
        return np.split(np.linalg.solve(a, b), size)

    zero = np.zeros((count, count))
    r = rho / 2
    m = r - np.sqrt(r**2 + gamma * np.maximum(v, 0.05) / cost)
    n = np.zeros(count)
    for _ in range(12):
        blocks = [
            [np.diag(rho - 2 * m) - g, np.diag(2 * lam * m), zero],
            [np.diag(n), np.diag(rho + beta - lam * n - m) - g, np.diag(-lam * m)],
            [zero, np.diag(-2 * n), np.diag(rho + 2 * beta - 2 * lam * n) - g],
        ]
        qq, ql, ll = system(
            blocks, [gamma * v + cost * m**2 - 2 * lam * m, lam * n - beta - cost * m * n, -cost * n**2]
        )
        m, n = (lam * (1 + ql) - qq) / cost, (ql + lam * ll) / cost
    blocks = [
        [np.diag(rho + kappa - m) - g, np.diag(-lam * m)],
        [np.diag(-n), np.diag(rho + beta + kappa - lam * n) - g],
    ]
    qx, lx = system(blocks, [np.ones(count), np.zeros(count)])
    p = (qx + lam * lx) / cost
    (xx,) = system([[(rho + 2 * kappa) * eye - g]], [cost * p**2])
    (a0,) = system([[rho * eye - g]], [eta * xx / 2])
    return s, cost * m, a0


def barycentric(s, f, at):
    weight = np.where((np.arange(len(s)) == 0) | (np.arange(len(s)) == len(s) - 1), 0.5, 1.0) * (-1.0) ** np.arange(
        len(s)
    )
    terms = weight / (at - s)
    return float(terms @ f / terms.sum())


def test_the_grid_agrees_with_chebyshev_collocation(policy):
    s, m, a0 = collocated()
    for variance, published in ((0.2, -0.89388854), (0.4, -0.97662618)):
        second = barycentric(s, m, math.sqrt(variance))
        assert second == pytest.approx(published, abs=2e-8)
        assert policy.gains(variance)["M"] == pytest.approx(second, abs=2e-6)
    # The invariant law of the factor is a gamma: shape 2 theta mu/xi^2, scale xi^2/(2 theta).
    shape, scale = 1.6, 0.125
    y = np.linspace(1e-9, 4.0, 200_001) ** 2 / 4.0
    density = y ** (shape - 1) * np.exp(-y / scale)
    value = np.interp(np.sqrt(y), s[::-1], np.array([barycentric(s, a0, at + 1e-12) for at in s[::-1]]))
    mean = np.trapezoid(density * value, y) / np.trapezoid(density, y)
    assert mean == pytest.approx(0.25743088, abs=2e-5)
    assert policy.mean_value == pytest.approx(0.25743088, abs=5e-8)


def test_prices_of_rules_and_what_they_lose(policy):
    rule = sc.control.solve(**EXAMPLE)
    fast = rule.with_fast(mean=0.2, mean_reversion=1.0, vol_of_variance=0.5, time_scale=0.1)
    loss = [1e4 * (1 - policy.price(other).mean_value / policy.mean_value) for other in (rule, fast)]
    assert loss == pytest.approx([23.8, 0.52], rel=0.01)
    by_hand = policy.price(lambda first, second, variance: {"M": -0.9, "N": 0.0, "P": 0.4, "R": 0.0})
    assert by_hand.mean_value < policy.mean_value
    assert policy.value(0.4, position=0.5, signal=1.0) > by_hand.value(0.4, position=0.5, signal=1.0)
    with pytest.raises(sc.RefusedError) as refused:
        policy.price(lambda *state: {"M": 0.5, "N": 0.0, "P": 0.4})
    assert refused.value.field == "rule"


def test_two_factors_and_refusals():
    parameters = sc.control.Parameters(**EXAMPLE)
    slow = sc.control.OUFactor(mean=0.0, mean_reversion=1.0, volatility=0.4, time_scale=0.1, correlation=-0.5)
    policy = sc.control.exact(
        parameters, fast=FACTOR, slow=slow, variance=lambda y, z: y * math.exp(2 * z), nodes=60, slow_nodes=16
    )
    assert policy.gains(0.2, 0.0)["R"] > 0.0
    assert policy.gains(0.2, 0.3)["M"] < policy.gains(0.2, -0.3)["M"]
    assert policy.contains(0.2, 0.0) and not policy.contains(50.0, 0.0)
    with pytest.raises(sc.RefusedError) as refused:
        sc.control.exact(parameters, fast=FACTOR, slow=slow)
    assert refused.value.field == "variance"


def matrices(n: int, m: int) -> dict:
    rng = np.random.default_rng(7)
    one, two, three = rng.normal(size=(n, n)), rng.normal(size=(n, n)), rng.normal(size=(m, m))
    return {
        "trading_cost": one @ one.T / n + np.eye(n),
        "covariance": 0.2 * (two @ two.T / n + np.eye(n)),
        "impact": 0.1 * np.eye(n) + 0.01 * rng.normal(size=(n, n)),
        "impact_decay": 0.2 * np.eye(n) + 0.01 * rng.normal(size=(n, n)),
        "loadings": rng.normal(size=(n, m)),
        "signal_decay": np.eye(m) + 0.1 * rng.normal(size=(m, m)),
        "signal_covariance": three @ three.T,
        "risk_aversion": 5.0,
        "discount": 0.2,
    }


@pytest.mark.parametrize(("n", "m"), [(1, 1), (4, 2), (8, 5)])
def test_many_assets_agree_with_scipy(n, m):
    linalg = pytest.importorskip("scipy.linalg")
    p = matrices(n, m)
    rule = sc.control.solve_multi_asset(**p)
    a = linalg.block_diag(np.zeros((n, n)), -p["impact_decay"], -p["signal_decay"]) - 0.1 * np.eye(2 * n + m)
    b = np.vstack([np.eye(n), p["impact"], np.zeros((m, n))])
    q = np.zeros((2 * n + m, 2 * n + m))
    q[:n, :n] = 5.0 * p["covariance"]
    q[:n, n : 2 * n] = p["impact_decay"]
    q[n : 2 * n, :n] = p["impact_decay"].T
    q[:n, 2 * n :] = -p["loadings"]
    q[2 * n :, :n] = -p["loadings"].T
    s = np.vstack([-p["impact"], np.zeros((n, n)), np.zeros((m, n))])
    x = linalg.solve_continuous_are(a, b, q, p["trading_cost"], s=s)
    gain = -np.linalg.solve(p["trading_cost"], b.T @ x + s.T)
    ours = np.hstack([rule.position_gain, rule.impact_gain, rule.signal_gain])
    assert np.abs(ours - gain).max() < 1e-9 * np.abs(gain).max()
    assert np.abs(rule.value_matrix - x).max() < 1e-9 * np.abs(x).max()
    position, level, signal = np.linspace(-1, 1, n), np.linspace(0, 1, n), np.ones(m)
    trade = rule.decide(position=position, impact_level=level, signal=signal)
    aim = rule.aim(impact_level=level, signal=signal)
    assert trade == pytest.approx(-rule.position_gain @ (aim - position))


def test_compare_and_simulate_return_tables():
    tables = sc.control.compare(
        time_scales=[0.1], slow_time_scales=[0.1], nodes=100, paths=60, step=0.1, horizon=2.0, progress=False
    )
    assert set(tables) == {"fast_loss", "slow_loss", "states", "paired", "guards"}
    fast = pa.table(tables["fast_loss"]).to_pydict()
    assert fast["order_0"][0] == pytest.approx(23.8, abs=0.2)
    assert "seed" in pa.table(tables["paired"]).to_pydict()["rule"]
    again = sc.control.simulate(nodes=100, paths=60, step=0.1, horizon=2.0, threads=1, progress=False)
    assert pa.table(again["paired"]).equals(pa.table(tables["paired"]))
    with pytest.raises(sc.RefusedError):
        sc.control.compare(time_scales=[-1.0], progress=False)


def test_calibrate_says_what_is_not_identified():
    rng = np.random.default_rng(3)
    sessions, length, speed = 40, 60, 6.0
    keep = math.exp(-speed / length)
    x = np.empty(sessions * length)
    x[0] = rng.normal()
    for i in range(1, len(x)):
        x[i] = keep * x[i - 1] + math.sqrt(1 - keep**2) * rng.normal()
    block = np.repeat(np.arange(sessions), length)
    noise = rng.normal(size=len(x))
    made = sc.control.calibrate(
        signal=x, block=block, spacing=1 / length, returns=noise, flow=rng.normal(size=len(x)), resamples=200
    )
    value, low, high = made["signal_decay"]
    assert low < speed < high and low < value < high
    assert isinstance(made["impact"], sc.RefusedError) and made["impact"].code == "not_identified"
    with pytest.raises(sc.RefusedError):
        sc.control.calibrate()
