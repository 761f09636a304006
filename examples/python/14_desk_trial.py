"""The desk on a market against plain policies on the same orders: what helped, and what did not."""

import tempfile
from pathlib import Path

import slipcast as sc

market = sc.sim.market(symbols=3, days=3, seed=4, quotes_per_day=12_000)
with tempfile.TemporaryDirectory() as folder:
    journal = Path(folder) / "desk.sqlite"
    trial = sc.desk.run(
        market, journal=journal, orders=150, learning_orders=500, max_horizon="30min", seed=1, progress=False
    )
    print(trial)
    print(trial.policies.to_pandas()[["policy", "mean_bps", "p95_bps", "objective_bps", "completion", "dark_share"]])

    # Paired on the same orders: an interval that holds zero says that the two cannot be told apart.
    pairs = trial.pairs.to_pandas()
    for row in pairs[pairs.policy == "desk"].itertuples():
        verdict = "cannot be told apart" if row.mean_low <= 0 <= row.mean_high else "differ"
        print(f"desk and {row.baseline}: {row.mean_difference_bps:+.2f} bps on average, {verdict}")

    again = sc.desk.replay(journal)
    print(f"{again.decisions} decisions replayed, identical: {again.identical}")
