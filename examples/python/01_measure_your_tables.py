"""One order of 1,000 shares from tables in memory: what it cost, part by part.

Any library that speaks Arrow will do; here the tables are polars frames. Run: python 01_measure_your_tables.py
"""

from datetime import UTC, date, datetime

import polars as pl

import slipcast as sc


def at(hour, minute, second=0.5):
    return datetime(2024, 3, 5, hour, minute, int(second), int(second % 1 * 1e6), tzinfo=UTC)


instruments = pl.DataFrame(
    {
        "symbol": ["XYZ"],
        "market": ["XNYS"],
        "currency": ["USD"],
        "tick_size": ["0.01"],
        "lot_size": [1],
        "quantity_scale": [0],
        "multiplier": ["1"],
        "as_of": [date(2024, 3, 5)],
    }
)
orders = pl.DataFrame(
    {
        "order_id": ["B1"],
        "symbol": ["XYZ"],
        "side": ["buy"],
        "quantity": [1000],
        "decision_time": [at(14, 30)],
        "arrival_time": [at(14, 31)],
        "end_time": [at(14, 40)],
    }
)
fills = pl.DataFrame(
    {
        "fill_id": ["F1", "F2"],
        "order_id": ["B1", "B1"],
        "time": [at(14, 32), at(14, 33)],
        "price": [100.07, 100.10],
        "quantity": [600, 200],
        "fee": ["1.80", "0.60"],
    }
)
quotes = pl.DataFrame(
    {
        "symbol": ["XYZ"] * 5,
        "time": [at(14, minute, 0) for minute in (30, 31, 32, 33, 40)],
        "bid": [99.99, 100.04, 100.05, 100.08, 100.19],
        "ask": [100.01, 100.06, 100.07, 100.10, 100.21],
    }
)

data = sc.Dataset(instruments=instruments, orders=orders, fills=fills, quotes=quotes)
result = sc.tca.measure(data, markouts=["30s", "1min", "5min"])

# Costs are positive when they hurt: 50 delay + 8 spread + 14 drift + 30 opportunity + 2.40 fees = 104.40 dollars.
(order,) = result.orders.to_polars(exact=True).to_dicts()
for part in ("delay", "spread", "drift", "opportunity", "fees", "shortfall"):
    print(f"{part:>12} {order[part + '_cash']:>10.2f}")
