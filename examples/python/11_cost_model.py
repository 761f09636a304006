"""What an order should cost before it trades: fit finished orders, forecast one, keep learning.

The orders are made up here; `sc.tca.measure(data).orders` is such a table. Run: python 11_cost_model.py
"""

import math
import random
from datetime import UTC, datetime, timedelta

import polars as pl

import slipcast as sc

dice = random.Random(1)
start = datetime(2024, 3, 5, 14, 30, tzinfo=UTC)
rows = []
for i in range(2_000):
    participation = math.exp(dice.gauss(-3, 1))
    spread = math.exp(dice.gauss(1, 0.5))
    minutes = dice.choice([10, 30, 60])
    noise = dice.gauss(0, 1) / math.sqrt(dice.gammavariate(2, 0.5))
    rows.append(
        {
            "cost_bps": 10 * math.sqrt(participation) + 0.5 * spread + 0.5 * math.sqrt(minutes) * noise,
            "participation": participation,
            "spread_bps": spread,
            "quantity": 1_000.0,
            "symbol": dice.choice(["AAA", "BBB"]),
            "completion": 1.0 if dice.random() < 1 / (1 + 2 * participation) else 0.0,
            "decision_time": start + timedelta(minutes=i),
            "end_time": start + timedelta(minutes=i + minutes),
        }
    )
orders = pl.DataFrame(rows)

model = sc.cost.fit(
    orders,
    target="cost_bps",
    mean=["sqrt_participation", "spread"],
    scale=["log_duration"],
    completion=["log_participation"],
    partial="whole",
)
for reading in model.summary().to_polars()["reading"]:
    print(reading)

scores = sc.cost.evaluate(model, orders, splits="rolling", folds=3)["cost_scores"].to_polars()
print(scores.filter(pl.col("metric") == "crps").select("member", "value", "std_error"))

estimate = model.estimate("buy", 500, "AAA", over="1h", given={"spread": 2.5})
print(estimate["cost_estimate"].to_polars().select("mean", "p50", "p95", "p99", "miss_risk"))

live = model.online(half_life=100)
row = {"participation": 0.05, "spread": 2.5, "duration": 3_600.0}
before = live.predict(row)["mean"]
for _ in range(300):
    live.update(row, before + 2.0)  # the market became dearer
print(f"expected cost {before:.2f} bps, after 300 dearer orders {live.predict(row)['mean']:.2f} bps")
