"""Ten orders by hand: a second reading of the same files, with polars and integers only, must give the same numbers.

The tape is real (IBM and AIG, three days) where SLIPCAST_SHARED_DATA or ../shared/data has it, else synthetic; orders
are worked against it with the impact overlay on, so that the measured tape is the one that the run wrote.
"""

from __future__ import annotations

import bisect
import os
import subprocess
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("SLIPCAST_BUILD", ROOT / "build" / "release")) / "app" / "slipcast"
SHARED = Path(os.environ.get("SLIPCAST_SHARED_DATA", ROOT.parent / "shared" / "data")) / "us-equity-ticks-2013"
IN_VOLUME, IN_VWAP = 1, 2
ORDERS = 10
NS_PER_MINUTE = 60 * 10**9


def run(*arguments: object) -> None:
    done = subprocess.run([str(a) for a in (PROGRAM, *arguments)], capture_output=True, text=True, check=False)
    assert done.returncode in (0, 3), done.stderr


@pytest.fixture(scope="module")
def folders(tmp_path_factory) -> tuple[Path, Path]:
    top = tmp_path_factory.mktemp("ten")
    if SHARED.is_dir():
        for symbol in ("ibm", "aig"):
            (top / "lean" / "tick").mkdir(parents=True, exist_ok=True)
            (top / "lean" / "tick" / symbol).symlink_to(SHARED / "tick" / symbol)
        run("data", "import", "lean", top / "lean", "--out", top / "tape")
    else:
        run("sim", "market", "--symbols", 2, "--days", 2, "--seed", 11, "--out", top / "tape")
    run("sim", "replay", top / "tape", "--orders", 400, "--seed", 11, "--impact", "--out", top / "data")
    run("tca", "measure", top / "data", "--out", top / "result")
    return top / "data", top / "result"


@dataclass
class Tape:
    """One symbol's rows as plain integers: nanoseconds, units of 1e-9, shares."""

    quote_time: list[int]
    bid: list[int]
    ask: list[int]
    bid_size: list[int]
    ask_size: list[int]
    trade_time: list[int]
    price: list[int]
    size: list[int]
    flags: list[int]

    @staticmethod
    def read(folder: Path, symbol: str) -> Tape:
        quotes = pl.read_parquet(folder / "quotes" / f"{symbol}.parquet")
        trades = pl.read_parquet(folder / "trades" / f"{symbol}.parquet")
        columns = [quotes["time"].dt.epoch("ns")] + [quotes[c] for c in ("bid", "ask", "bid_size", "ask_size")]
        columns += [trades["time"].dt.epoch("ns")] + [trades[c] for c in ("price", "size", "flags")]
        return Tape(*(c.to_list() for c in columns))

    def double_mid(self, row: int) -> int | None:
        """Bid plus ask, or None where the quote gives no mid."""
        absent = (self.bid[row] == 0 and self.bid_size[row] <= 0) or (self.ask[row] == 0 and self.ask_size[row] <= 0)
        return None if absent or self.bid[row] > self.ask[row] else self.bid[row] + self.ask[row]

    def mid_before(self, time: int) -> int | None:
        row = bisect.bisect_left(self.quote_time, time) - 1
        doubled = self.double_mid(row) if row >= 0 else None
        assert doubled is None or doubled % 2 == 0, "ticks of a cent make every mid exact"
        return None if doubled is None else doubled // 2

    def vwap(self, begin: int, end: int) -> Fraction:
        """Of regular prints in [begin, end], both included."""
        rows = range(bisect.bisect_left(self.trade_time, begin), bisect.bisect_right(self.trade_time, end))
        used = [r for r in rows if self.flags[r] & IN_VWAP]
        return Fraction(sum(self.price[r] * self.size[r] for r in used), sum(self.size[r] for r in used))

    def volume(self, begin: int, end: int) -> int:
        rows = range(bisect.bisect_left(self.trade_time, begin), bisect.bisect_right(self.trade_time, end))
        return sum(self.size[r] for r in rows if self.flags[r] & IN_VOLUME)

    def twap(self, begin: int, end: int) -> Fraction:
        """Each mid weighted by how long it stood in [begin, end]; time without a mid does not count."""
        total, weight, row = 0, 0, bisect.bisect_left(self.quote_time, begin) - 1
        while row < len(self.quote_time) and (row < 0 or self.quote_time[row] < end):
            start = max(begin, self.quote_time[row]) if row >= 0 else begin
            stop = min(end, self.quote_time[row + 1]) if row + 1 < len(self.quote_time) else end
            doubled = self.double_mid(row) if row >= 0 else None
            if doubled is not None and stop > start:
                total, weight = total + doubled * (stop - start), weight + stop - start
            row += 1
        return Fraction(total, 2 * weight)


def price_units(value: Decimal | None) -> int | None:
    return None if value is None else int(value.scaleb(9))


def cash(units: int) -> Decimal:
    """Price units x shares in currency; a share is worth its price."""
    return Decimal(units) / Decimal(10**9)


def nanoseconds(table: pl.DataFrame, *columns: str) -> pl.DataFrame:
    return table.with_columns(pl.col(c).dt.epoch("ns") for c in columns)


def check_order(order: dict, fills: list[dict], measured: dict, tape: Tape) -> None:
    side = order["side"]
    executed = sum(f["quantity"] for f in fills)
    spent = sum(f["quantity"] * f["price"] for f in fills)
    arrival, decision = tape.mid_before(order["arrival_time"]), tape.mid_before(order["decision_time"])
    assert price_units(measured["arrival_price"]) == arrival
    assert price_units(measured["decision_price"]) == decision
    assert measured["filled_quantity"] == executed
    mids = [tape.mid_before(f["time"]) for f in fills]
    marked = [(f, m) for f, m in zip(fills, mids, strict=True) if m is not None]
    spread = sum(side * f["quantity"] * (f["price"] - m) for f, m in marked)
    drift = sum(side * f["quantity"] * (m - arrival) for f, m in marked)
    unmarked = sum(side * f["quantity"] * (f["price"] - arrival) for f, m in zip(fills, mids, strict=True) if m is None)
    fees = sum((f["fee"] for f in fills), Decimal(0))
    assert measured["delay_cash"] == cash(side * order["quantity"] * (arrival - decision))
    assert measured["spread_cash"] == cash(spread)
    assert measured["drift_cash"] == cash(drift)
    assert measured["unmarked_cash"] == cash(unmarked)
    assert measured["fees_cash"] == fees
    rest = order["quantity"] - executed
    end_time = measured["cancel_time"] or order["end_time"]
    end = tape.mid_before(end_time) if rest else 0
    assert measured["opportunity_cash"] == cash(side * rest * (end - arrival))
    total = cash(side * (spent + rest * end - order["quantity"] * decision)) + fees
    assert measured["shortfall_cash"] == total
    paper = cash(order["quantity"] * decision)
    assert measured["shortfall_bps"] == pytest.approx(float(total / paper) * 1e4, rel=1e-12)

    last = fills[-1]["time"]
    slippage = side * (spent - executed * arrival)
    assert measured["arrival_cost_cash"] == cash(slippage)
    assert measured["arrival_cost_bps"] == pytest.approx(1e4 * slippage / (executed * arrival), rel=1e-12)
    assert price_units(measured["interval_vwap"]) == round(tape.vwap(order["arrival_time"], last))
    assert price_units(measured["interval_twap"]) == round(tape.twap(order["arrival_time"], last))
    volume = tape.volume(order["arrival_time"], last)
    assert measured["participation"] == pytest.approx(executed / volume, rel=1e-12)


def test_ten_orders_agree_with_a_second_reading(folders):
    data, result = folders
    orders = nanoseconds(pl.read_parquet(data / "orders.parquet"), "decision_time", "arrival_time", "end_time")
    fills = nanoseconds(pl.read_parquet(data / "fills.parquet"), "time")
    measured = nanoseconds(pl.read_parquet(result / "orders.parquet"), "cancel_time")
    traded = measured.filter(pl.col("filled_quantity") > 0)["order_id"].to_list()
    chosen = traded[:: len(traded) // ORDERS][:ORDERS]
    assert len(chosen) == ORDERS
    tapes = {symbol: Tape.read(data, symbol) for symbol in orders["symbol"].unique().to_list()}
    for order_id in chosen:
        order = orders.filter(pl.col("order_id") == order_id).to_dicts()[0]
        own = fills.filter(pl.col("order_id") == order_id).sort("time", maintain_order=True).to_dicts()
        row = measured.filter(pl.col("order_id") == order_id).to_dicts()[0]
        check_order(order, own, row, tapes[order["symbol"]])


def test_markouts_of_their_fills_agree(folders):
    data, result = folders
    fills = nanoseconds(pl.read_parquet(result / "fills.parquet"), "time").sample(200, seed=5)
    markouts = pl.read_parquet(result / "markouts.parquet").filter(pl.col("horizon") == "1min")
    sessions = nanoseconds(pl.read_parquet(data / "sessions.parquet"), "open", "close")
    tapes = {symbol: Tape.read(data, symbol) for symbol in fills["symbol"].unique().to_list()}
    seen = 0
    for fill in fills.to_dicts():
        row = markouts.filter(pl.col("fill_id") == fill["fill_id"]).to_dicts()[0]
        tape, side = tapes[fill["symbol"]], 1 if fill["side"] == "buy" else -1
        later = fill["time"] + NS_PER_MINUTE
        inside = sessions.filter((pl.col("open") <= fill["time"]) & (pl.col("close") >= later)).height > 0
        mid = tape.mid_before(later) if inside else None
        assert row["observed"] == (mid is not None), fill
        if mid is not None:
            price = price_units(fill["price"])
            assert row["fill_anchored_bps"] == pytest.approx(1e4 * side * (mid - price) / price, rel=1e-9, abs=1e-9)
            seen += 1
    assert seen > 100
