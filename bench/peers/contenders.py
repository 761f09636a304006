"""The same question, asked of each library the way its users would.

For every fill the quote strictly before it and strictly before each of eight horizons around it; for every order the
quote strictly before its arrival; from these the shortfall of every order, split into spread and drift. Mids are kept
doubled (bid + ask), so all answers are integers and must be equal, not close:

    mids        [fills]              bid + ask before the fill
    marks       [fills x horizons]   bid + ask before fill time + horizon
    spread      [orders]             sum of side x (2 price - mid) x quantity
    drift       [orders]             sum of side x (mid - arrival mid) x quantity
    shortfall   [orders]             sum of side x (2 price - arrival mid) x quantity

Each contender is (prepare, answer): `prepare` puts the columns into the library's own form and is not timed.
"""

from __future__ import annotations

import numpy as np
from market_data import HORIZONS_NS

DUCKDB_MEMORY = "8GB"  # beyond it sorts spill to a folder

ANSWERS = ("mids", "marks", "spread", "drift", "shortfall")


def by_order(column, values, orders):
    total = np.zeros(orders, np.int64)
    np.add.at(total, column["fill_order"], values)
    return total


def order_parts(column, mids, arrivals):
    """Shortfall parts per order with NumPy, for the contenders whose library has no part in it."""
    side_quantity = column["fill_side"] * column["fill_quantity"]
    arrival = arrivals[column["fill_order"]]
    spread = by_order(column, side_quantity * (2 * column["fill_price"] - mids), len(arrivals))
    drift = by_order(column, side_quantity * (mids - arrival), len(arrivals))
    return {"spread": spread, "drift": drift, "shortfall": spread + drift}


def numpy_answer(column):
    """np.searchsorted per symbol, per horizon."""
    doubled = column["quote_bid"] + column["quote_ask"]
    offsets = column["quote_offset"]

    def asof(symbols, times):
        found = np.empty(len(times), np.int64)
        for symbol in range(len(offsets) - 1):
            rows = symbols == symbol
            begin, end = offsets[symbol], offsets[symbol + 1]
            found[rows] = doubled[begin + np.searchsorted(column["quote_time"][begin:end], times[rows], "left") - 1]
        return found

    mids = asof(column["fill_symbol"], column["fill_time"])
    marks = np.stack([asof(column["fill_symbol"], column["fill_time"] + h) for h in HORIZONS_NS], axis=1)
    arrivals = asof(column["order_symbol"], column["order_arrival"])
    return {"mids": mids, "marks": marks, **order_parts(column, mids, arrivals)}


def pandas_prepare(column):
    import pandas as pd

    offsets = column["quote_offset"]
    quotes = [pd.DataFrame({"time": column["quote_time"][b:e], "bid": column["quote_bid"][b:e],
                            "ask": column["quote_ask"][b:e]}) for b, e in zip(offsets[:-1], offsets[1:], strict=True)]
    return column, quotes


def pandas_answer(prepared):
    """merge_asof per symbol (with by= it needs quotes sorted by time across symbols, which these are not)."""
    import pandas as pd

    column, quotes = prepared

    def asof(symbols, times):
        found = np.empty(len(times), np.int64)
        for symbol, tape in enumerate(quotes):
            rows = np.flatnonzero(symbols == symbol)
            asked = pd.DataFrame({"time": times[rows], "row": rows}).sort_values("time")
            merged = pd.merge_asof(asked, tape, on="time", allow_exact_matches=False)
            found[merged["row"].to_numpy()] = (merged["bid"] + merged["ask"]).to_numpy()
        return found

    mids = asof(column["fill_symbol"], column["fill_time"])
    marks = np.stack([asof(column["fill_symbol"], column["fill_time"] + h) for h in HORIZONS_NS], axis=1)
    arrivals = asof(column["order_symbol"], column["order_arrival"])
    return {"mids": mids, "marks": marks, **order_parts(column, mids, arrivals)}


def polars_prepare(column):
    import polars as pl

    quotes = pl.DataFrame({"symbol": column["quote_symbol"], "time": column["quote_time"], "bid": column["quote_bid"],
                           "ask": column["quote_ask"]})
    fills = pl.DataFrame({"symbol": column["fill_symbol"], "order": column["fill_order"], "time": column["fill_time"],
                          "side": column["fill_side"], "price": column["fill_price"],
                          "quantity": column["fill_quantity"]}).with_row_index("row")
    orders = pl.DataFrame({"symbol": column["order_symbol"], "time": column["order_arrival"]}).with_row_index("order")
    return quotes, fills, orders


def polars_answer(prepared):
    """join_asof by symbol, once a horizon."""
    import polars as pl

    quotes, fills, orders = prepared

    def asof(rows, key, shift=0):
        asked = rows.select(key, "symbol", (pl.col("time") + shift).alias("time")).sort("symbol", "time")
        joined = asked.join_asof(quotes, on="time", by="symbol", strategy="backward", allow_exact_matches=False,
                                 check_sortedness=False)
        return joined.select(key, (pl.col("bid") + pl.col("ask")).alias("mid")).sort(key)

    mids = asof(fills, "row")
    marks = [asof(fills, "row", h)["mid"].to_numpy() for h in HORIZONS_NS]
    arrivals = asof(orders, "order").rename({"mid": "arrival"}).with_columns(pl.col("order").cast(pl.Int32))
    side_quantity = pl.col("side") * pl.col("quantity")
    parts = (fills.with_columns(mids["mid"]).join(arrivals, on="order").group_by("order").agg(
        spread=(side_quantity * (2 * pl.col("price") - pl.col("mid"))).sum(),
        drift=(side_quantity * (pl.col("mid") - pl.col("arrival"))).sum()).sort("order"))
    spread, drift = parts["spread"].to_numpy(), parts["drift"].to_numpy()
    return {"mids": mids["mid"].to_numpy(), "marks": np.stack(marks, axis=1), "spread": spread, "drift": drift,
            "shortfall": spread + drift}


def duckdb_prepare(column):
    """Tables in memory, filled symbol by symbol, so that the frames never stand beside the whole of them."""
    import tempfile

    import duckdb
    import pandas as pd

    spill = tempfile.TemporaryDirectory()
    connection = duckdb.connect(config={"memory_limit": DUCKDB_MEMORY, "temp_directory": spill.name})
    offsets = column["quote_offset"]
    frames = {
        "quotes": (pd.DataFrame({name: column[f"quote_{name}"][b:e] for name in ("symbol", "time", "bid", "ask")})
                   for b, e in zip(offsets[:-1], offsets[1:], strict=True)),
        "fills": [pd.DataFrame({"fill": np.arange(len(column["fill_time"])), "symbol": column["fill_symbol"],
                                "order_row": column["fill_order"], "time": column["fill_time"],
                                "side": column["fill_side"], "price": column["fill_price"],
                                "quantity": column["fill_quantity"]})],
        "orders": [pd.DataFrame({"order_row": np.arange(len(column["order_arrival"]), dtype=np.int32),
                                 "symbol": column["order_symbol"], "time": column["order_arrival"]})],
    }
    for name, parts in frames.items():
        for i, frame in enumerate(parts):
            connection.register("incoming", frame)
            connection.execute(f"INSERT INTO {name} SELECT * FROM incoming" if i else
                               f"CREATE TABLE {name} AS SELECT * FROM incoming")
            connection.unregister("incoming")
    return connection, spill


def duckdb_answer(prepared):
    """ASOF JOIN, once a horizon."""
    connection, _ = prepared

    def column_of(sql):
        return connection.execute(sql).fetchnumpy()

    def asof(shift):
        return column_of(f"""SELECT q.bid + q.ask AS mid FROM fills f ASOF JOIN quotes q
                             ON f.symbol = q.symbol AND f.time + {shift} > q.time ORDER BY f.fill""")["mid"]

    connection.execute("""CREATE OR REPLACE TEMP TABLE mids AS SELECT f.*, q.bid + q.ask AS mid FROM fills f
                          ASOF JOIN quotes q ON f.symbol = q.symbol AND f.time > q.time""")
    parts = column_of("""
        WITH arrivals AS (SELECT o.order_row, q.bid + q.ask AS mid FROM orders o ASOF JOIN quotes q
                          ON o.symbol = q.symbol AND o.time > q.time)
        SELECT sum(m.side * (2 * m.price - m.mid) * m.quantity)::BIGINT AS spread,
               sum(m.side * (m.mid - a.mid) * m.quantity)::BIGINT AS drift
        FROM mids m JOIN arrivals a USING (order_row) GROUP BY order_row ORDER BY order_row""")
    return {"mids": column_of("SELECT mid FROM mids ORDER BY fill")["mid"],
            "marks": np.stack([asof(h) for h in HORIZONS_NS], axis=1), "spread": parts["spread"],
            "drift": parts["drift"], "shortfall": parts["spread"] + parts["drift"]}


CONTENDERS = {
    "numpy": (lambda column: column, numpy_answer),
    "polars": (polars_prepare, polars_answer),
    "duckdb": (duckdb_prepare, duckdb_answer),
    "pandas": (pandas_prepare, pandas_answer),
}
