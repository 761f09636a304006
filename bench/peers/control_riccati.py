"""Slipcast beside scipy: the many-asset trading problem, solved by both in one run.

    bench/peers/control_riccati.py            1, 10 and 50 assets, as many signals

scipy solves the whole (3n) Riccati equation with solve_continuous_are, and the split one (2n, then a Sylvester
equation). Gains must agree to 1e-8 or no time is printed. Least of `--rounds` runs, processor time of this thread.
"""

from __future__ import annotations

import argparse
import sys
import time

import numpy as np
import scipy.linalg as la

import slipcast as sc


def problem(n: int) -> dict:
    rng = np.random.default_rng(n)
    one, two = rng.uniform(-1, 1, (n, n)), rng.uniform(-1, 1, (n, n))
    eye = np.eye(n)
    return {
        "trading_cost": one @ one.T / n + eye,
        "covariance": 0.2 * (two @ two.T / n + 0.5 * eye),
        "impact": 0.1 * eye + 0.01 / n * rng.uniform(-1, 1, (n, n)),
        "impact_decay": 0.1 * eye + 0.01 / n * rng.uniform(-1, 1, (n, n)),
        "loadings": eye,
        "signal_decay": np.diag(np.linspace(0.5, 1.5, n)),
        "signal_covariance": eye,
        "risk_aversion": 5.0,
        "discount": 0.2,
    }


def matrices(p: dict) -> tuple[np.ndarray, ...]:
    n = len(p["impact"])
    zero, eye = np.zeros((n, n)), np.eye(n)
    a = la.block_diag(zero, -p["impact_decay"], -p["signal_decay"]) - p["discount"] / 2 * np.eye(3 * n)
    b = np.vstack([eye, p["impact"], zero])
    q = np.block(
        [
            [p["risk_aversion"] * p["covariance"], p["impact_decay"], -p["loadings"]],
            [p["impact_decay"].T, zero, zero],
            [-p["loadings"].T, zero, zero],
        ]
    )
    s = np.vstack([-p["impact"], zero, zero])
    return a, b, q, s


def whole(p: dict) -> np.ndarray:
    a, b, q, s = matrices(p)
    x = la.solve_continuous_are(a, b, q, p["trading_cost"], s=s)
    return -np.linalg.solve(p["trading_cost"], b.T @ x + s.T)


def split(p: dict) -> np.ndarray:
    n = len(p["impact"])
    a, b, q, s = (part[: 2 * n] for part in matrices(p))
    a, q, load = a[:, : 2 * n], q[:, : 2 * n], q[:, 2 * n :]
    x = la.solve_continuous_are(a, b, q, p["trading_cost"], s=s)
    gain = -np.linalg.solve(p["trading_cost"], b.T @ x + s.T)
    decay = -p["signal_decay"] - p["discount"] / 2 * np.eye(n)
    x12 = la.solve_sylvester((a + b @ gain).T, decay, -load)
    return np.hstack([gain, -np.linalg.solve(p["trading_cost"], b.T @ x12)])


def slipcast(p: dict) -> np.ndarray:
    rule = sc.control.solve_multi_asset(**p, general=True)
    return np.hstack([rule.position_gain, rule.impact_gain, rule.signal_gain])


def least(work, p: dict, rounds: int) -> float:
    times = []
    for _ in range(rounds):
        begin = time.thread_time()
        work(p)
        times.append(time.thread_time() - begin)
    return min(times) * 1e3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    print(f"{'assets':>6} {'slipcast ms':>12} {'scipy split ms':>15} {'scipy whole ms':>15} {'largest gap':>12}")
    for n in (1, 10, 50):
        p = problem(n)
        ours = slipcast(p)
        gap = max(np.abs(ours - other(p)).max() for other in (split, whole))
        if gap > 1e-8:
            sys.exit(f"{n} assets: gains differ by {gap}")
        times = [least(work, p, rounds) for work in (slipcast, split, whole)]
        print(f"{n:>6} {times[0]:>12.3f} {times[1]:>15.3f} {times[2]:>15.3f} {gap:>12.1e}")


if __name__ == "__main__":
    main()
