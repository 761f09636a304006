"""Tables in and out: pandas, polars, pyarrow, DuckDB and our own, with equal values."""

from decimal import Decimal

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import handmade
import slipcast as sc


def duckdb_relation(columns):
    frame = pa.table(columns)
    return duckdb.connect().from_arrow(frame)


MAKERS = {"pyarrow": pa.table, "polars": pl.DataFrame, "pandas": pd.DataFrame, "duckdb": duckdb_relation}


@pytest.mark.parametrize("maker", MAKERS)
def test_every_library_gives_the_same_measurement(maker):
    data = sc.Dataset(**{name: MAKERS[maker](columns) for name, columns in handmade.TABLES.items()})
    row = sc.tca.measure(data, progress=False).orders.to_arrow().to_pylist()[0]
    assert {name: row[name] for name in handmade.PARTS} == {k: Decimal(v) for k, v in handmade.PARTS.items()}
    assert data.counts["quarantined"] == 0


def test_our_own_tables_go_back_in():
    data = sc.Dataset(**{name: pa.table(columns) for name, columns in handmade.TABLES.items()})
    again = sc.Dataset(**data.tables, quotes=data.quotes("XYZ"), trades=data.trades("XYZ"))
    for name, table in data.tables.items():
        assert again.tables[name].to_arrow().equals(table.to_arrow()), name
    ours = sc.tca.measure(data, progress=False).orders.to_arrow()
    assert sc.tca.measure(again, progress=False).orders.to_arrow().equals(ours)


@pytest.fixture(scope="module")
def result(replayed):
    return sc.tca.measure(replayed, progress=False)


def test_every_table_leaves_with_the_same_values(result):
    for name, table in result.tables.items():
        arrow = table.to_arrow()
        assert arrow.num_rows == len(table)
        assert arrow.column_names == table.columns
        assert pl.DataFrame(table).to_dicts() == pl.from_arrow(arrow).to_dicts(), name
        fetched = duckdb.from_arrow(arrow).fetchall()
        assert len(fetched) == len(table)


def test_duckdb_queries_a_table_in_place(result):
    orders = result.orders  # DuckDB finds it by its name
    assert len(orders) == 60
    ((count,),) = duckdb.sql("select count(*) from orders where fills > 0").fetchall()
    assert count == int((result.orders["fills"] > 0).sum())


def test_pandas_reads_floats_by_default_and_decimals_on_demand(result):
    floats = result.orders.to_pandas()
    exact = result.orders.to_pandas(exact=True)
    assert floats["shortfall_cash"].dtype == float
    known = exact["shortfall_cash"].dropna()
    assert all(isinstance(value, Decimal) for value in known)
    assert floats["shortfall_cash"].dropna().tolist() == pytest.approx([float(value) for value in known], rel=1e-15)


def test_polars_reads_floats_by_default_and_decimals_on_demand(result):
    assert result.orders.to_polars().schema["shortfall_cash"] == pl.Float64
    assert result.orders.to_polars(exact=True).schema["shortfall_cash"] == pl.Decimal(38, 18)


def test_number_columns_leave_without_a_copy(result):
    def address(column):
        return pa.table(result.orders).column(column).chunk(0).buffers()[1].address

    for column in ("arrival_cost_bps", "shortfall_cash", "arrival_time", "fills"):
        assert address(column) == address(column), column


def test_a_table_outlives_its_measurement(replayed):
    arrow = pa.table(sc.tca.measure(replayed, progress=False).orders)
    again = pa.table(sc.tca.measure(replayed, progress=False).orders)
    assert arrow.equals(again)


def test_units_travel_in_the_arrow_schema(result):
    field = pa.table(result.orders).schema.field("arrival_cost_bps")
    assert field.metadata[b"unit"] == b"bps"
    assert field.metadata[b"sign"] == b"cost"


def test_table_shows_itself(result):
    assert repr(result.orders).startswith("<slipcast.Table orders: 60 rows")
    page = result.orders._repr_html_()
    assert page.count("<tr>") == 11
    assert "50 more rows" in page
    assert "<small>bps</small>" in page


def test_unknown_column_of_a_table_is_refused(result):
    with pytest.raises(sc.RefusedError, match="not_found"):
        result.orders["slipage"]


def test_a_filtered_pandas_frame_brings_no_index_column():
    frame = pd.DataFrame(handmade.QUOTES | {"keep": [True] * 5})
    frame = pd.concat([frame.assign(keep=False), frame], ignore_index=True)
    tables = {name: pa.table(columns) for name, columns in handmade.TABLES.items()}
    data = sc.Dataset(**tables | {"quotes": frame[frame["keep"]].drop(columns="keep")})
    assert data.counts["quarantined"] == 0


def test_what_does_not_speak_arrow_is_refused():
    with pytest.raises(sc.RefusedError) as refused:
        sc.Dataset(orders=[{"order_id": "B1"}])
    assert (refused.value.field, refused.value.value) == ("orders", "list")


def test_unknown_table_names_the_nearest():
    with pytest.raises(sc.RefusedError, match="did you mean 'orders'"):
        sc.Dataset(order=pa.table(handmade.ORDERS))


def test_unknown_column_names_the_nearest():
    tables = {name: pa.table(columns) for name, columns in handmade.TABLES.items()}
    tables["orders"] = tables["orders"].rename_columns({"end_time": "endtime"})
    with pytest.raises(sc.RefusedError) as refused:
        sc.Dataset(**tables)
    assert refused.value.code == "unknown_field"
    assert "end_time" in str(refused.value)


def test_missing_required_column_is_refused():
    tables = {name: pa.table(columns) for name, columns in handmade.TABLES.items()}
    tables["fills"] = tables["fills"].drop_columns(["price"])
    with pytest.raises(sc.RefusedError) as refused:
        sc.Dataset(**tables)
    assert refused.value.code == "missing_field"


@pytest.mark.parametrize(
    ("column", "values", "rule"),
    [
        ("fee", [3, 1], "an integer amount would need a guessed scale"),
        ("price", pa.array([100.07, 100.1], pa.float32()), ""),
        ("time", [at.replace(tzinfo=None) for at in handmade.FILLS["time"]], "a time without a zone is a guess"),
    ],
)
def test_a_column_that_no_row_can_be_read_from_refuses_the_table(column, values, rule):
    tables = {name: pa.table(columns) for name, columns in handmade.TABLES.items()}
    tables["fills"] = pa.table(handmade.FILLS | {column: values})
    with pytest.raises(sc.RefusedError, match="so in every one of its 2 rows") as refused:
        sc.Dataset(**tables)
    assert refused.value.field == column
    assert rule in refused.value.rule


def test_a_bad_row_is_quarantined_counted_and_warned_of():
    tables = {name: pa.table(columns) for name, columns in handmade.TABLES.items()}
    tables["fills"] = pa.table(handmade.FILLS | {"quantity": [600, -200]})
    with pytest.warns(sc.QuarantineWarning, match=r"1 rows are left out, 1 of them because fills\.quantity must be"):
        data = sc.Dataset(**tables)
    assert data.counts["quarantined"] == 1
    quality = sc.tca.measure(data, progress=False).quality.to_pandas().set_index("table")
    assert quality.loc["fills", "quarantined"] == 1
