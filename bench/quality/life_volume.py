"""Whether `forecast_participation` leans to one side, by the life of an order: hypothetical orders through
`slipcast tca measure`, each scored against the volume that the tape then showed.

    bench/quality/life_volume.py DATASET [--orders N]          a dataset folder: the tape that make demo imports
    bench/quality/life_volume.py BARS_DIR --bars [--orders N]  one CSV a symbol, as bar_columns.py reads them

SLIPCAST_BUILD names the build folder, default build/release. Decisions fall on whole minutes, evenly over the sessions
after the first; a life `2 sessions` ends at the same clock time of the next session. Errors are
ln(forecast volume / outcome): bias is their mean, error the mean of their size. `within the day` takes the error of the
whole session's volume, forecast at its open, off each error: what is left is not that the day was busier.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import polars as pl
from bar_columns import bars_of

PROGRAM = Path(os.environ.get("SLIPCAST_BUILD", "build/release")) / "app" / "slipcast"
LIVES = {"1 min": 1, "2 min": 2, "up to 7 min": None, "15 min": 15, "30 min": 30, "1 h": 60, "2 h": 120}
MINUTE = 60_000_000_000
QUANTITY = 1000
AUCTIONS = 4 | 8


def bar_dataset(bars_dir: Path, folder: Path) -> None:
    """A dataset whose prints are minute bars, each at the beginning of its minute; the one at 16:00 is left out."""
    symbols, trades = [], []
    for path in sorted(bars_dir.glob("*.csv*")):
        symbols.append(path.name.split(".")[0])
        bars = bars_of(path)[0].query("ToD < '16:00:00' and volume > 0")
        trades.append(
            pl.DataFrame(
                {"symbol": symbols[-1], "time": bars["start"].to_numpy(), "price": bars["close"].to_numpy()}
            ).with_columns(size=pl.Series(bars["volume"].to_numpy().astype(np.int64)))
        )
    prints = pl.concat(trades).with_columns(pl.from_epoch("time", "ns").dt.replace_time_zone("UTC"))
    local = pl.col("time").dt.convert_time_zone("America/New_York")
    days = prints.select(date=local.dt.date()).unique().sort("date")
    clock = pl.col("date").cast(pl.Datetime("ns")).dt.replace_time_zone("America/New_York")
    sessions = days.select(
        market=pl.lit("XNYS"),
        date=pl.col("date").cast(pl.String),
        open=clock.dt.offset_by("9h30m").dt.convert_time_zone("UTC"),
        close=clock.dt.offset_by("16h").dt.convert_time_zone("UTC"),
    )
    prints.write_parquet(folder / "trades.parquet")
    sessions.write_parquet(folder / "sessions.parquet")
    pl.DataFrame({"symbol": symbols}).with_columns(
        market=pl.lit("XNYS"),
        currency=pl.lit("USD"),
        tick_size=pl.lit("0.01"),
        lot_size=pl.lit(1),
        quantity_scale=pl.lit(0),
        multiplier=pl.lit("1"),
        as_of=pl.lit(days["date"].min().isoformat()),
    ).write_parquet(folder / "instruments.parquet")


def volumes(dataset: Path, sessions: pl.DataFrame) -> dict[str, np.ndarray]:
    """By symbol: volume by session and minute, auctions apart."""
    source = dataset / "trades"
    prints = pl.scan_parquet(source / "*.parquet" if source.is_dir() else dataset / "trades.parquet")
    if "flags" in prints.collect_schema():
        prints = prints.filter((pl.col("flags") & 1) > 0, (pl.col("flags") & AUCTIONS) == 0)
    minute = (pl.col("time").cast(pl.Int64) - pl.col("open").cast(pl.Int64)) // MINUTE
    rows = (
        prints.select(pl.col("symbol").cast(pl.String), "time", "size")
        .sort("time")
        .join_asof(
            sessions.lazy().with_row_index("day").select("day", "open", "close"), left_on="time", right_on="open"
        )
        .filter(pl.col("time") < pl.col("close"))
        .group_by("symbol", "day", minute=minute)
        .agg(pl.col("size").sum())
        .collect()
    )
    length = int((sessions["close"] - sessions["open"]).max().total_seconds() // 60)
    found = {symbol: np.zeros((len(sessions), length)) for symbol in rows["symbol"].unique()}
    for symbol, day, at, size in rows.iter_rows():
        found[symbol][day, at] = size
    return found


def orders(market: dict[str, np.ndarray], sessions: pl.DataFrame, count: int) -> pl.DataFrame:
    random = np.random.default_rng(1)
    opens = sessions["open"].cast(pl.Int64).to_numpy()
    rows = []
    for life, minutes in {**LIVES, "2 sessions": 0, "the session": 0}.items():
        for symbol in sorted(market):
            volume = market[symbol]
            days, length = volume.shape
            for _ in range(1 if life == "the session" else count):
                last = days - 1 if life == "2 sessions" else days
                for day in range(1, last):
                    lived = int(random.integers(1, 8)) if minutes is None else minutes
                    if life == "the session":
                        begin, until, outcome = 0, (day, length), volume[day].sum()
                    elif life == "2 sessions":
                        begin = int(random.integers(0, length))
                        until = (day + 1, begin)
                        outcome = volume[day, begin:].sum() + volume[day + 1, :begin].sum()
                    else:
                        begin = int(random.integers(0, length - lived + 1))
                        until = (day, begin + lived)
                        outcome = volume[day, begin : begin + lived].sum()
                    rows.append(
                        (life, symbol, day, opens[day] + begin * MINUTE, opens[until[0]] + until[1] * MINUTE, outcome)
                    )
    names = ["life", "symbol", "day", "decision_time", "end_time", "outcome"]
    times = pl.from_epoch(pl.col("decision_time", "end_time"), "ns").dt.replace_time_zone("UTC")
    return (
        pl.DataFrame(rows, schema=names, orient="row")
        .with_row_index("order_id")
        .with_columns(pl.col("order_id").cast(pl.String), times, side=pl.lit(1), quantity=pl.lit(QUANTITY))
    )


def measured(dataset: Path, asked: pl.DataFrame) -> pl.DataFrame:
    with tempfile.TemporaryDirectory() as name:
        folder, result = Path(name) / "dataset", Path(name) / "result"
        folder.mkdir()
        for part in ("trades", "trades.parquet", "sessions.parquet", "instruments.parquet"):
            if (dataset / part).exists():
                (folder / part).symlink_to((dataset / part).resolve())
        asked.drop("life", "outcome", "day").write_parquet(folder / "orders.parquet")
        done = subprocess.run([PROGRAM, "tca", "measure", folder, "--out", result], capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(done.stderr)
        return pl.read_parquet(result / "orders.parquet", columns=["order_id", "forecast_participation"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--bars", action="store_true")
    parser.add_argument("--orders", type=int, default=200, help="of each life, symbol and day")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        dataset = options.folder
        if options.bars:
            dataset = Path(name)
            bar_dataset(options.folder, dataset)
        sessions = pl.read_parquet(dataset / "sessions.parquet").sort("open")
        asked = orders(volumes(dataset, sessions), sessions, options.orders)
        found = asked.join(measured(dataset, asked), on="order_id", how="left")
    error = (QUANTITY / pl.col("forecast_participation") / pl.col("outcome")).log()
    scored = found.filter(pl.col("outcome") > 0).with_columns(error=error)
    level = scored.filter(pl.col("life") == "the session").select("symbol", "day", level="error")
    scored = scored.join(level, on=["symbol", "day"], how="left")
    table = scored.group_by("life", maintain_order=True).agg(
        bias=pl.col("error").mean(),
        within=(pl.col("error") - pl.col("level")).mean(),
        error=pl.col("error").abs().mean(),
        orders=pl.col("error").count(),
        missing=pl.col("error").null_count(),
    )
    print("| life | bias | within the day | error | orders | missing |\n|---|---|---|---|---|---|")
    for life, bias, within, size, count, missing in table.iter_rows():
        shown = ["" if value is None else f"{value:.3f}" for value in (bias, within, size)]
        print(f"| {life} | {shown[0]} | {shown[1]} | {shown[2]} | {count:,} | {missing:,} |")


if __name__ == "__main__":
    main()
