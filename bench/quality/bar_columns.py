"""Minute bars as raw columns for quality_forecast_bars.

    bar_columns.py BARS_DIR OUTPUT_DIR

BARS_DIR holds one CSV (or .csv.gz) a symbol with the columns date, ToD (New York, start of the bar), close, volume.
Bars outside 9:30 to 16:00 are left out, the bar at 16:00:00 is kept (the closing auction); of a repeated minute the
first row stays, and the number left out is printed.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd


def bars_of(path: Path) -> tuple[pd.DataFrame, int]:
    bars = pd.read_csv(path)
    local = pd.to_datetime(bars["date"] + " " + bars["ToD"]).dt.tz_localize("America/New_York")
    bars["start"] = local.dt.tz_convert("UTC").astype("datetime64[ns, UTC]").astype("int64")
    bars = bars[(bars["ToD"] >= "09:30:00") & (bars["ToD"] <= "16:00:00")].sort_values("start", kind="stable")
    single = bars.drop_duplicates("start")
    return single, len(bars) - len(single)


def main() -> None:
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    parts, repeated = [], 0
    for index, path in enumerate(sorted(source.glob("*.csv*"))):
        bars, left_out = bars_of(path)
        parts.append(bars.assign(symbol=index))
        repeated += left_out
    bars = pd.concat(parts)
    days = pd.to_datetime(sorted(bars["date"].unique()))
    for name, clock in (("open", "9h30min"), ("close", "16h")):
        local = (days + pd.Timedelta(clock)).tz_localize("America/New_York")
        local.tz_convert("UTC").as_unit("ns").asi8.tofile(target / f"session_{name}.bin")
    bars["symbol"].to_numpy(np.int32).tofile(target / "bar_symbol.bin")
    bars["start"].to_numpy(np.int64).tofile(target / "bar_start.bin")
    np.round(bars["close"].to_numpy() * 1e9).astype(np.int64).tofile(target / "bar_close.bin")
    bars["volume"].to_numpy(np.int64).tofile(target / "bar_volume.bin")
    print(f"{bars['symbol'].nunique()} symbols, {len(days)} days, {len(bars):,} bars, {repeated:,} repeated left out")


if __name__ == "__main__":
    main()
