"""The same result in pandas, polars and DuckDB, without a conversion step. Run: python 03_results_as_frames.py"""

import duckdb
import polars as pl

import slipcast as sc

data = sc.sim.replay(sc.sim.market(symbols=2, days=1, quotes_per_day=5000), orders=100)
result = sc.tca.measure(data)

print(result.orders.meta("arrival_cost_bps"))

orders = result.orders
print(
    duckdb.sql("select algo, count(*) as orders, sum(shortfall_cash) as cash from orders group by algo order by algo")
)

by_broker = (
    pl.DataFrame(result.orders)
    .group_by("broker")
    .agg(
        orders=pl.len(),
        # An average of bps is a ratio of sums: cash over notional.
        arrival_cost_bps=10_000 * pl.col("arrival_cost_cash").sum() / pl.col("notional_cash").sum(),
    )
    .sort("broker")
)
print(by_broker)

print(result.orders.to_pandas()[["order_id", "arrival_cost_bps", "participation"]].describe())
