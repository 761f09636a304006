"""Every table of the data contract in and out of Python, and the book behind the touch."""

import re
from collections import defaultdict
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest

import handmade
import slipcast as sc
from slipcast import _engine

AT = handmade.at

# One row or two of every table, with every column that the contract knows.
FULL = {
    "instruments": {
        "symbol": ["XYZ", "EUS"],
        "market": ["XNYS", "XNYS"],
        "currency": ["USD", "EUR"],
        "tick_size": ["0.01", "0.01"],
        "lot_size": ["1", "1"],
        "quantity_scale": [0, 0],
        "multiplier": ["1", "1"],
        "sector": ["tech", "tech"],
        "market_bucket": ["us", "us"],
        "liquidity_tier": ["1", "2"],
        "cap_bucket": ["large", "mid"],
        "contract_kind": ["outright", "outright"],
        "expiry": [None, date(2024, 6, 21)],
        "front_month": [True, False],
        "adv": [1_000_000, 10_000],
        "daily_volatility": [150.0, 200.0],
        "as_of": [date(2024, 3, 5)] * 2,
    },
    "sessions": handmade.SESSIONS,
    "orders": {
        "order_id": ["B1"],
        "basket_id": ["K"],
        "symbol": ["XYZ"],
        "side": ["buy"],
        "quantity": [1000],
        "decision_time": [AT("14:30:00.5")],
        "decision_price": ["100.00"],
        "desk_arrival_time": [AT("14:30:10.5")],
        "arrival_time": [AT("14:31:00.5")],
        "broker_arrival_time": [AT("14:31:10.5")],
        "end_time": [AT("14:40:00.5")],
        "limit_price": ["101.00"],
        "benchmark": ["arrival"],
        "algo": ["vwap"],
        "tactic": ["passive"],
        "urgency": ["low"],
        "broker": ["ALPHA"],
        "trader": ["T"],
        "client": ["C"],
        "private": [False],
        "kind": ["work"],
        "expected_alpha": [2.5],
        "alpha_half_life": [600_000_000_000],
        "critical": [False],
        "min_completion": [0.5],
        "max_participation": [0.2],
        "wheel_arm": ["A"],
        "assignment_probability": [0.5],
    },
    "order_events": {
        "order_id": ["B1"],
        "time": [AT("14:39:00.5")],
        "event": ["amend"],
        "quantity": [900],
        "limit_price": ["101.50"],
        "end_time": [AT("14:40:00.5")],
    },
    "placements": {
        "placement_id": ["P1"],
        "order_id": ["B1"],
        "venue": ["V"],
        "venue_kind": ["lit"],
        "order_type": ["limit"],
        "limit_price": ["100.10"],
        "min_quantity": [100],
        "quantity": [800],
        "sent_time": [AT("14:31:30.5")],
        "done_time": [AT("14:34:00.5")],
        "end": ["filled"],
        "end_reason": ["market"],
        "filled_quantity": [800],
        "cumulative_quantity": [800],
    },
    "fills": handmade.FILLS | {"placement_id": ["P1", "P1"]},
    "fill_events": {
        "fill_id": ["F1"],
        "time": [AT("15:00:00")],
        "event": ["correct"],
        "price": ["100.06"],
        "quantity": [600],
    },
    "events": {
        "symbol": ["XYZ"],
        "market": ["XNYS"],
        "start": [AT("14:35:30")],
        "end": [AT("14:36:00")],
        "kind": ["halt"],
    },
    "fx": {"currency": ["EUR"], "time": [AT("14:00:00")], "rate": ["1.1"]},
    "corporate_actions": {
        "symbol": ["XYZ"],
        "ex_time": [datetime(2024, 3, 1, tzinfo=UTC)],
        "kind": ["split"],
        "ratio": ["2"],
        "new_symbol": [None],
    },
    "quotes": handmade.QUOTES,
    "trades": handmade.TRADES,
}


def test_every_table_and_column_of_the_contract_goes_in_and_comes_out():
    data = sc.Dataset(**{name: pa.table(columns) for name, columns in FULL.items()})
    assert data.counts["quarantined"] == 0, data.quarantine.to_arrow().to_pylist()
    out = data.tables
    assert set(out) == set(_engine.contract_tables())
    for name in _engine.contract_tables():
        known = {column.removesuffix("?") for column in _engine.contract_columns(name)}
        given = {column for column, values in FULL[name].items() if any(value is not None for value in values)}
        assert given <= set(out[name].columns) | {"new_symbol"}, name
        assert set(out[name].columns) <= known, name
    again = sc.Dataset(**out, quotes=data.quotes("XYZ"), trades=data.trades("XYZ"))
    for name, table in out.items():
        assert again.tables[name].to_arrow().to_pylist() == table.to_arrow().to_pylist(), name


def test_corrections_and_events_take_effect():
    data = sc.Dataset(**{name: pa.table(columns) for name, columns in FULL.items()})
    result = sc.tca.measure(data, progress=False)
    prices = dict(zip(result.fills.to_arrow()["fill_id"].to_pylist(), result.fills["price"], strict=True))
    assert float(prices["F1"]) == pytest.approx(100.06)
    (order,) = result.orders.to_arrow().to_pylist()
    assert (order["quantity"], order["withdrawn_quantity"]) == (1000, 100), "first given, then cut by 100"


def book(levels):
    """Quotes with `levels` levels a side, a tick apart, 100 at the touch and 100 more at each level behind it."""
    columns = dict(handmade.QUOTES) | {"bid_size": [100] * 5, "ask_size": [100] * 5}
    for level in range(2, levels + 1):
        away = 0.01 * (level - 1)
        columns[f"bid_{level}"] = [round(bid - away, 2) for bid in handmade.QUOTES["bid"]]
        columns[f"ask_{level}"] = [round(ask + away, 2) for ask in handmade.QUOTES["ask"]]
        columns[f"bid_size_{level}"] = columns[f"ask_size_{level}"] = [100 * level] * 5
    return pa.table(columns)


def with_book(levels):
    tables = {name: pa.table(columns) for name, columns in handmade.TABLES.items()}
    return sc.Dataset(**(tables | {"quotes": book(levels)}))


@pytest.mark.parametrize("levels", [1, 2, 3, 10])
def test_levels_behind_the_touch_go_in_and_come_out(levels, tmp_path):
    data = with_book(levels)
    again = sc.Dataset.open(data.write(tmp_path / "data"))
    for quotes in (data.quotes("XYZ"), again.quotes("XYZ")):
        rows = quotes.to_arrow()
        assert sum(name.startswith("ask_size") for name in rows.column_names) == levels
        for level in range(2, levels + 1):
            expected = [round(ask * 10**9) + (level - 1) * 10**7 for ask in handmade.QUOTES["ask"]]
            assert rows[f"ask_{level}"].to_pylist() == expected
            assert rows[f"bid_size_{level}"].to_pylist() == [100 * level] * 5


def test_half_a_level_is_refused_and_a_crossed_book_is_quarantined():
    with pytest.raises(sc.RefusedError, match="bid_size_2|level"):
        tables = {name: pa.table(columns) for name, columns in handmade.TABLES.items()}
        sc.Dataset(**(tables | {"quotes": book(2).drop_columns(["bid_size_2"])}))
    wrong = book(2).to_pydict()
    wrong["ask_2"][2] = wrong["ask"][2] - 0.01
    tables = {name: pa.table(columns) for name, columns in handmade.TABLES.items()} | {"quotes": pa.table(wrong)}
    assert [row["table"] for row in sc.Dataset(**tables).quarantine.to_arrow().to_pylist()] == ["quotes"]


def test_an_order_beyond_the_touch_walks_the_book_that_python_gave():
    """Immediate orders against 100 at the touch: with a book the rest trades behind it, without one it cannot."""
    market = sc.sim.market(symbols=1, days=1, seed=3, quotes_per_day=2000)
    (symbol,) = market.symbols
    quotes = market.quotes(symbol).to_arrow().to_pydict()
    rows = len(quotes["time"])
    quotes["bid_size"], quotes["ask_size"] = [100] * rows, [100] * rows
    tick = 10**7
    deep = dict(quotes)
    for level in (2, 3, 4):
        deep[f"bid_{level}"] = [bid - (level - 1) * tick for bid in quotes["bid"]]
        deep[f"ask_{level}"] = [ask + (level - 1) * tick for ask in quotes["ask"]]
        deep[f"bid_size_{level}"] = deep[f"ask_size_{level}"] = [100] * rows
    tables = dict(market.tables)
    walked, depth = {}, {}
    for name, columns in (("touch", quotes), ("book", deep)):
        types = {key: pa.int64() for key in columns if key not in ("symbol", "time")}
        arrays = {key: pa.array(values, types.get(key)) for key, values in columns.items()}
        data = sc.Dataset(**tables, quotes=pa.table(arrays), trades=market.trades(symbol))
        worked = sc.sim.replay(data, orders=40, seed=2)
        depth[name] = worked.provenance["replay.depth"]
        prices = defaultdict(set)
        for fill in worked.tables["fills"].to_arrow().to_pylist():
            if fill["liquidity"] == "removed":
                prices[fill["placement_id"], fill["time"]].add(fill["price"])
        walked[name] = sorted(max(at) - min(at) for at in prices.values() if len(at) > 1)
    assert depth["touch"].startswith("touch only")
    assert "up to 4 levels" in depth["book"]
    assert not walked["touch"]
    assert walked["book"]
    assert all(span in (tick, 2 * tick, 3 * tick) for span in walked["book"])


def whole_prices(unit=None):
    """XYZ at whole prices as integers, whose column may name its unit."""
    metadata = None if unit is None else {"unit": unit}
    fills = {**handmade.FILLS, "price": [100] * len(handmade.FILLS["price"])}
    table = pa.table(fills)
    column = table.schema.get_field_index("price")
    return table.set_column(column, pa.field("price", pa.int64(), metadata=metadata), pa.array(fills["price"]))


def test_whole_prices_that_can_only_be_currency_are_refused():
    tables = {name: pa.table(table) for name, table in handmade.TABLES.items() if name != "fills"}
    with pytest.raises(sc.RefusedError, match="price = 100: whole numbers are units of 1e-9.*in every one of its"):
        sc.Dataset(**tables, fills=whole_prices())
    # With its unit the column says what it means, however small.
    small = sc.Dataset(**tables, fills=whole_prices("1e-9"))
    assert {row["price"] for row in small.tables["fills"].to_arrow().to_pylist()} == {100}
    prices = [float(price) for price in handmade.FILLS["price"]]
    as_units = {**handmade.FILLS, "price": [round(price * 1e9) for price in prices]}
    assert sc.Dataset(**tables, fills=pa.table(as_units)).counts["quarantined"] == 0


@pytest.mark.parametrize(("table", "column", "value"), [("corporate_actions", "ratio", 2), ("fx", "rate", 1)])
def test_whole_ratios_are_refused_unless_they_are_units(table, column, value):
    tables = {name: pa.table(given) for name, given in handmade.TABLES.items()}
    with pytest.warns(sc.QuarantineWarning, match="whole numbers are units of 1e-9"):
        sc.Dataset(**tables, **{table: pa.table({**FULL[table], column: [value]})})
    as_units = sc.Dataset(**tables, **{table: pa.table({**FULL[table], column: [value * 10**9]})})
    assert as_units.counts["quarantined"] == 0


@pytest.mark.parametrize("rows", [1, 1000])
def test_whole_tape_prices_that_can_only_be_currency_are_quarantined(rows):
    time = pa.array([AT("15:00:00")] * rows, pa.timestamp("ns", "UTC"))
    sizes = pa.array([100] * rows)
    names = pa.array(["XYZ"] * rows)
    low, high = pa.array([100] * rows), pa.array([101] * rows)
    tape = {
        "quotes": {"symbol": names, "time": time, "bid": low, "ask": high},
        "trades": {"symbol": names, "time": time, "price": low, "size": sizes},
    }
    tables = {name: pa.table(table) for name, table in {**handmade.TABLES, **tape}.items()}
    with pytest.warns(sc.QuarantineWarning, match="whole numbers are units of 1e-9"):
        dataset = sc.Dataset(**tables)
    refused = [row for row in dataset.quarantine.to_arrow().to_pylist() if row["table"] in tape]
    assert len(refused) == 2 * rows
    assert {(row["field"], row["value"]) for row in refused} == {("bid", "100"), ("price", "100")}


def test_the_reference_page_lists_every_column():
    page = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "data.md").read_text()
    for name in [*_engine.contract_tables(), "quotes", "trades"]:
        (row,) = (line for line in page.splitlines() if line.startswith(f"| `{name}` |"))
        listed = re.findall(r"`(\w+\??)`", row.split("|")[3].split(",")[0])
        assert sorted(listed) == sorted(_engine.contract_columns(name)), name
