"""What a dark pool holds, from routes that only say how much was filled. Run: python 05_dark_pools.py"""

import numpy as np
import pandas as pd

import slipcast as sc

# A pool that is empty two times in three and otherwise holds a power law of sizes.
truth = sc.venue.PowerLaw(zero_bin=0.67, exponent=0.8, max_liquidity=10_000)
random = np.random.default_rng(1)
sent = random.integers(100, 3_000, 2_000)
tails = truth.prob_at_least(np.arange(1, 10_001))
there = np.searchsorted(-tails, -random.random(len(sent)))
minimum = np.where(random.random(len(sent)) < 0.5, np.minimum(sent, 500), 1)
filled = np.where(there >= minimum, np.minimum(sent, there), 0)

fit = sc.venue.fit(sent, filled, model="power_law", max_liquidity=10_000, min_quantity=minimum)
naive = sc.venue.fit(sent, filled, model="power_law", max_liquidity=10_000)
print(f"truth            zero bin {truth.zero_bin:.2f}, exponent {truth.exponent:.2f}")
print(f"minimums read    zero bin {fit.zero_bin:.2f}, exponent {fit.exponent:.2f}")
print(f"misses as zeros  zero bin {naive.zero_bin:.2f}, exponent {naive.exponent:.2f}")
low, high = fit.parameter_interval(0.95)
print(f"95 % interval of the exponent: {low:.2f} to {high:.2f}; identified: {fit.identified}")

plain = minimum == 1
curve = sc.venue.kaplan_meier(sent[plain], filled[plain], max_liquidity=3_000)
low, high = curve.band(0.95)
for size in (1, 100, 1_000):
    band = f"{low[size - 1]:.3f} to {high[size - 1]:.3f}"
    print(
        f"P(S >= {size}): Kaplan-Meier {curve.prob_at_least[size - 1]:.3f} ({band}), fit {fit.prob_at_least(size):.3f}"
    )

full = sc.venue.fit([100, 200], [100, 200])
print("only full fills:", full.reason)
optimistic = sc.venue.optimistic_kaplan_meier(sent[plain], filled[plain], volume=3_000, epsilon=1_500, constant=1e-3)
print("known well enough up to", optimistic.cut)

routes = pd.DataFrame({"symbol": "ABC", "venue": "POOL1", "sent": sent, "filled": filled, "min_quantity": minimum})
few = pd.DataFrame({"symbol": "XYZ", "venue": "POOL1", "sent": [500] * 3, "filled": [0] * 3, "min_quantity": [1] * 3})
print(sc.venue.pool(pd.concat([routes, few])).power_law("XYZ", "POOL1"))
print(sc.venue.compare_models(routes, seed=1).models.to_pandas().to_string(index=False))
