"""CPU seconds of fitting a Student t regression: Slipcast beside statsmodels and scipy, in one run on the same rows.

Slipcast and scipy fit mean and log scale; statsmodels' TLinearModel has a constant scale. Each must reach the same
maximum. Run: PYTHONPATH=build/release/python .venv/bin/python bench/peers/cost_fit.py [ROWS]
"""

import sys
import time

import numpy as np
import pandas as pd
from scipy import optimize, stats
from statsmodels.miscmodels.tmodel import TLinearModel

import slipcast as sc


def seconds(work):
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def main(rows):
    rng = np.random.default_rng(1)
    participation, spread = np.exp(rng.normal(-3, 1, rows)), np.exp(rng.normal(1, 0.5, rows))
    cost = 1 + 12 * np.sqrt(participation) + 0.5 * spread + 3 * rng.standard_t(4, rows)
    table = pd.DataFrame({"cost_bps": cost, "participation": participation, "spread_bps": spread})
    x = np.column_stack([np.ones(rows), np.sqrt(participation), spread])
    flat = dict.fromkeys(
        ["prior_intercept_sd", "prior_mean_sd", "prior_scale_intercept_sd", "prior_scale_sd", "prior_nu_shape"], 0
    ) | {"prior_nu_rate": 0}
    start = np.array([*np.linalg.lstsq(x, cost, rcond=None)[0], 1.0, 1.0])

    def loss(at):
        return -stats.t.logpdf(cost, 2 + np.exp(at[4]), x @ at[:3], np.exp(at[3])).sum()

    ours, model = seconds(
        lambda: sc.cost.fit(
            table, "cost_bps", mean=["sqrt_participation", "spread"], scale=[], completion=[], progress=False, **flat
        )
    )
    scipys, best = seconds(lambda: optimize.minimize(loss, start, method="BFGS"))
    peers, student = seconds(
        lambda: TLinearModel(cost, x).fit(
            start_params=np.array([*start[:3], 5.0, 3.0]), method="bfgs", disp=0, maxiter=500
        )
    )
    likelihood = float(model.diagnostics["log_likelihood"])
    print(f"{rows} rows, CPU s: slipcast {ours:.3f}, scipy BFGS {scipys:.2f}, statsmodels TLinearModel {peers:.2f}")
    print(f"log likelihood: {likelihood:.4f}, {-best.fun:.4f}, {student.llf:.4f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
