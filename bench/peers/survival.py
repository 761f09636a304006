"""Slipcast beside statsmodels on the same censored routes, in one run: Kaplan-Meier with Greenwood's errors, and the
censored power law that a careful user would write with NumPy and SciPy.

    bench/peers/survival.py [--rounds N]      SLIPCAST_BUILD names the build folder, default build/release

Answers are compared before any time is printed: the curves to 1e-12, the exponents to 1e-5. CPU time, medians; the
ratio is above 1 where Slipcast is faster.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from pathlib import Path

import numpy as np
from scipy.optimize import minimize_scalar
from statsmodels.duration.survfunc import SurvfuncRight

BUILD = Path(os.environ.get("SLIPCAST_BUILD", Path(__file__).resolve().parents[2] / "build" / "release"))
sys.path.insert(0, str(BUILD / "python"))

import slipcast as sc  # noqa: E402

LARGEST = 10_000


def routes(count: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(1)
    tails = sc.venue.PowerLaw(zero_bin=0.8, exponent=0.7, max_liquidity=LARGEST).prob_at_least(
        np.arange(1, LARGEST + 1)
    )
    there = np.searchsorted(-tails, -random.random(count))
    sent = random.integers(1, LARGEST // 2, count)
    return sent, np.minimum(sent, there)


def statsmodels_curve(sent: np.ndarray, filled: np.ndarray) -> np.ndarray:
    died = filled < sent
    curve = SurvfuncRight(np.where(died, filled, sent - 1), died.astype(int))
    before = np.searchsorted(curve.surv_times, np.arange(1, sent.max() + 1) - 1, side="right")
    return np.concatenate([[1.0], curve.surv_prob])[before]


def numpy_exponent(sent: np.ndarray, filled: np.ndarray) -> float:
    partial = filled[(filled > 0) & (filled < sent)]
    full = sent[filled == sent]
    logs = np.log(np.arange(1, LARGEST + 1))
    sum_logs = logs[partial - 1].sum()

    def loss(b: float) -> float:
        weights = np.exp(-b * logs)
        tails = np.cumsum(weights[::-1])[::-1]
        return b * sum_logs + (len(partial) + len(full)) * np.log(tails[0]) - np.log(tails[full - 1]).sum()

    return minimize_scalar(loss, bounds=(-4, 4), method="bounded", options={"xatol": 1e-9}).x


def seconds(call, rounds: int) -> float:
    taken = []
    for _ in range(rounds):
        start = time.process_time()
        call()
        taken.append(time.process_time() - start)
    return statistics.median(taken)


def compare(count: int, rounds: int) -> None:
    sent, filled = routes(count)

    def own_curve() -> np.ndarray:
        return sc.venue.kaplan_meier(sent, filled).prob_at_least

    def own_exponent() -> float:
        return sc.venue.fit(sent, filled, max_liquidity=LARGEST).exponent

    if not np.allclose(own_curve(), statsmodels_curve(sent, filled), rtol=0, atol=1e-12):
        sys.exit("the curves disagree: no times are reported")
    if abs(own_exponent() - numpy_exponent(sent, filled)) > 1e-5:
        sys.exit("the exponents disagree: no times are reported")
    for what, other, mine, theirs in [
        ("Kaplan-Meier", "statsmodels", own_curve, lambda: statsmodels_curve(sent, filled)),
        ("power law", "NumPy, SciPy", own_exponent, lambda: numpy_exponent(sent, filled)),
    ]:
        own, peer = seconds(mine, rounds), seconds(theirs, rounds)
        print(f"{what:14} {count:>8,} {own * 1e3:>12.2f} {peer * 1e3:>10.2f} {peer / own:>7.1f}  {other}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    print(f"{'':14} {'routes':>8} {'slipcast ms':>12} {'other ms':>10} {'ratio':>7}  other")
    for count in (2_000, 100_000):
        compare(count, rounds)


if __name__ == "__main__":
    main()
