"""The data every contender works on: quotes of several symbols sorted by symbol and time, orders and their fills.

Columns are raw little-endian arrays in one folder, so that Python maps them and C++ reads them without a library.
Prices are integers of 1e-9, times nanoseconds since the open; everything follows from the seed.
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import numpy as np

HORIZONS_NS = [-10_000_000_000, -1_000_000_000, 100_000_000, 1_000_000_000, 5_000_000_000, 30_000_000_000,
               60_000_000_000, 300_000_000_000]
SESSION_NS = int(6.5 * 3600 * 1e9)
TICK = 10_000_000  # 0.01
FILLS_PER_ORDER = 10
COLUMNS = {
    "quote_symbol": np.int32, "quote_time": np.int64, "quote_bid": np.int64, "quote_ask": np.int64,
    "quote_offset": np.int64,  # first quote row of each symbol, and one past the last
    "order_symbol": np.int32, "order_arrival": np.int64,
    "fill_symbol": np.int32, "fill_order": np.int32, "fill_time": np.int64, "fill_side": np.int64,
    "fill_price": np.int64, "fill_quantity": np.int64,
}


def generate(folder: Path, quotes: int, fills: int, symbols: int, seed: int) -> None:
    """Writes the columns. A fifth of the fills stand at the instant of a quote, which they must not see."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(seed)
    per_symbol = quotes // symbols
    offsets = np.arange(symbols + 1, dtype=np.int64) * per_symbol
    write(folder, "quote_offset", offsets)
    orders = {"order_symbol": [], "order_arrival": []}
    rows = {name: [] for name in COLUMNS if name.startswith("fill_")}
    first_order = 0
    with contextlib.ExitStack() as open_files:
        files = {name: open_files.enter_context((folder / f"{name}.bin").open("wb"))
                 for name in ("quote_symbol", "quote_time", "quote_bid", "quote_ask")}
        for symbol in range(symbols):
            time, bid, ask = symbol_quotes(random, per_symbol)
            for name, column in (("quote_symbol", np.full(per_symbol, symbol)), ("quote_time", time),
                                 ("quote_bid", bid), ("quote_ask", ask)):
                column.astype(COLUMNS[name]).tofile(files[name])
            first_order = symbol_fills(random, symbol, (time, bid, ask), fills // symbols, first_order, orders, rows)
    for name, parts in {**orders, **rows}.items():
        write(folder, name, np.concatenate(parts))
    (folder / "data.json").write_text(json.dumps({"quotes": per_symbol * symbols, "fills": fills // symbols * symbols,
                                                  "symbols": symbols, "seed": seed, "horizons_ns": HORIZONS_NS}))


def symbol_quotes(random, count: int):
    gaps = random.exponential(0.99 * SESSION_NS / count, count)
    microsecond = np.cumsum(gaps).astype(np.int64) // 1000
    # Strictly increasing: of quotes with equal times an ASOF JOIN of DuckDB takes any, the others the last of the feed.
    row = np.arange(count)
    time = 1000 * (np.maximum.accumulate(microsecond - row) + row)
    bid = 100 * 10**9 + TICK * np.cumsum(random.integers(-1, 2, count, dtype=np.int64))
    bid = np.maximum(bid, 10**9)
    return time, bid, bid + TICK * random.integers(1, 4, count, dtype=np.int64)


def symbol_fills(random, symbol, quotes, count, first_order, orders, rows) -> int:
    time, bid, ask = quotes
    order_count = -(-count // FILLS_PER_ORDER)
    first = int(time[0]) + 20 * 10**9  # so that every horizon has a quote before it
    arrival = random.integers(first, SESSION_NS - 1, order_count)
    order = np.minimum(np.arange(count) // FILLS_PER_ORDER, order_count - 1)
    fill_time = np.minimum(arrival[order] + random.exponential(600e9, count).astype(np.int64), SESSION_NS - 1)
    on_tie = random.random(count) < 0.2
    tied = time[np.searchsorted(time, fill_time, "left").clip(0, len(time) - 1)]
    fill_time = np.where(on_tie & (tied > first), tied, fill_time)
    ranks = np.lexsort((order, fill_time))
    at = (np.searchsorted(time, fill_time, "left") - 1).clip(0)
    side = np.where(random.random(order_count) < 0.5, 1, -1)[order]
    price = np.where(side > 0, ask[at], bid[at])
    fields = {"fill_symbol": np.full(count, symbol), "fill_order": order + first_order, "fill_time": fill_time,
              "fill_side": side, "fill_price": price, "fill_quantity": random.integers(1, 10, count) * 100}
    for name, values in fields.items():
        rows[name].append(values[ranks].astype(COLUMNS[name]))
    orders["order_symbol"].append(np.full(order_count, symbol, np.int32))
    orders["order_arrival"].append(arrival.astype(np.int64))
    return first_order + order_count


def write(folder: Path, name: str, values) -> None:
    np.asarray(values, COLUMNS[name]).tofile(folder / f"{name}.bin")


def load(folder: Path) -> dict[str, np.ndarray]:
    """The columns in memory."""
    return {name: np.fromfile(folder / f"{name}.bin", kind) for name, kind in COLUMNS.items()}
