"""A desk at work: decide, journal, restart in the middle of an order, replay bit for bit.

The market and the finished orders are made up here. Run: python 13_desk.py
"""

import math
import random
from datetime import UTC, datetime, timedelta

import polars as pl

import slipcast as sc

dice = random.Random(1)
rows = []
for _ in range(1_500):
    participation = math.exp(dice.gauss(-3, 1))
    spread = math.exp(dice.gauss(0, 0.3))
    noise = dice.gauss(0, 1) / math.sqrt(dice.gammavariate(2, 0.5))
    rows.append(
        {
            "cost_bps": 12 * math.sqrt(participation) + 0.5 * spread + 3 * noise,
            "participation": participation,
            "spread_bps": spread,
            "completion": 1.0 if dice.random() < 1 / (1 + 2 * participation) else 0.0,
        }
    )
model = sc.cost.fit(
    pl.DataFrame(rows),
    target="cost_bps",
    mean=["sqrt_participation", "spread"],
    scale=[],
    completion=["log_participation"],
    partial="whole",
)

start = datetime(2024, 3, 5, 14, 30, tzinfo=UTC)
deadline = start + timedelta(minutes=10)


def work(desk, now, filled):
    """Steps until the order is filled or a minute is over; dark venues fill a third, the lit market all."""
    until = now + timedelta(minutes=1)
    while now < until and filled < 3_000:
        decision = desk.step(
            time=now,
            order=17,
            side="buy",
            quantity=3_000,
            filled=filled,
            deadline=deadline,
            bid="99.99",
            ask="100.00",
            quote_time=now,
            reference="100.00",
            volume_rate=100.0,
            market_volume=6_000.0,
            symbol_observations=200,
            tier_median_p95_bps=14.0,
            inputs={"spread": 1.0},
        )
        print(decision)
        for venue, sent in enumerate(decision.dark):
            if sent > 0:
                desk.record_outcome(17, time=now, venue=venue, sent=sent, filled=sent // 3)
        filled += decision.lit + sum(sent // 3 for sent in decision.dark)
        now += decision.interval
    return now, filled


with sc.desk.Desk({"interval": "20s"}, cost=model, venues=2, journal="desk.sqlite") as desk:
    now, filled = work(desk, start, 0)
with sc.desk.Desk(journal="desk.sqlite", resume=True) as desk:  # the file is enough
    now, filled = work(desk, now, filled)
    desk.record_outcome(17, "finished", time=now, cost_bps=4.2, weight=filled / 3_000, is_complete=filled == 3_000)
    print(desk.status().champion_card)
replayed = sc.desk.replay("desk.sqlite")
print(f"{replayed.decisions} decisions, identical: {replayed.identical}")
