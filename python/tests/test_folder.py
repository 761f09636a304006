"""Dataset folders, and the same answer from Python and from the command line."""

import json
import subprocess

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

import handmade
import slipcast as sc


def write(folder, tables, kind):
    folder.mkdir()
    for name, columns in tables.items():
        table = pa.table(columns)
        if kind == "csv":
            pyarrow.csv.write_csv(table, folder / f"{name}.csv")
        else:
            pq.write_table(table, folder / f"{name}.parquet")
    return folder


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_python_and_command_line_agree_on_a_folder(tmp_path, program, kind):
    folder = write(tmp_path / "data", handmade.TABLES, kind)
    ran = subprocess.run(
        [program, "tca", "measure", folder, "--out", tmp_path / "result", "--quiet"], capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    result = sc.tca.measure(sc.Dataset.open(folder), progress=False)
    for name, table in result.tables.items():
        ours = pq.read_table(tmp_path / "result" / f"{name}.parquet")
        assert ours.to_pylist() == table.to_arrow().to_pylist(), name


def test_replay_written_from_python_measures_the_same_from_the_command_line(replayed, tmp_path, program):
    folder = replayed.write(tmp_path / "data")
    ran = subprocess.run([program, "tca", "measure", folder, "--json", "--quiet"], capture_output=True, text=True)
    assert ran.returncode in (0, 3), ran.stderr
    tables = json.loads(ran.stdout)
    orders = sc.tca.measure(replayed, progress=False).orders
    names = [column["name"] for column in tables["orders"]["columns"]]
    assert names == orders.columns
    assert len(tables["orders"]["rows"]) == len(orders)
    index = names.index("arrival_cost_bps")
    assert [row[index] for row in tables["orders"]["rows"]] == orders.to_arrow()["arrival_cost_bps"].to_pylist()


def test_a_folder_that_was_written_reads_back_equal(replayed, tmp_path):
    again = sc.Dataset.open(replayed.write(tmp_path / "data"))
    for name, table in replayed.tables.items():
        assert again.tables[name].to_arrow().to_pylist() == table.to_arrow().to_pylist(), name
    for symbol in replayed.symbols:
        assert pa.table(again.quotes(symbol)).to_pylist() == pa.table(replayed.quotes(symbol)).to_pylist()
        assert pa.table(again.trades(symbol)).to_pylist() == pa.table(replayed.trades(symbol)).to_pylist()


def test_missing_folder_is_refused(tmp_path):
    with pytest.raises(sc.RefusedError) as refused:
        sc.Dataset.open(tmp_path / "nowhere")
    assert refused.value.code == "not_found"


def test_unknown_file_names_the_nearest_table(tmp_path):
    folder = write(tmp_path / "data", handmade.TABLES, "parquet")
    (folder / "orders.parquet").rename(folder / "order.parquet")
    with pytest.raises(sc.RefusedError, match="orders"):
        sc.Dataset.open(folder)


def test_refusal_names_the_file_and_the_row(tmp_path):
    folder = write(tmp_path / "data", handmade.TABLES | {"orders": handmade.ORDERS | {"side": ["hold"]}}, "parquet")
    with pytest.raises(sc.RefusedError) as refused:
        sc.Dataset.open(folder)
    assert "orders.parquet row 1" in str(refused.value)
    assert "hold" in str(refused.value)
