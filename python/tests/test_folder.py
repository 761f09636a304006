"""Dataset folders, and the same answer from Python and from the command line."""

import gzip
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


def test_gaps_and_quotes_from_bars_survive_a_round_trip(tmp_path, program):
    """A tape whose feed was down, and whose quotes come from bars, is written and read back with both."""
    market = sc.sim.market(symbols=1, days=1, seed=3, quotes_per_day=2000)
    folder = market.write(tmp_path / "first")
    (file,) = (folder / "quotes").iterdir()
    rows = pq.read_table(file)
    (begin, end) = (rows["time"].cast(pa.int64())[at].as_py() for at in (700, 800))
    facts = pq.read_metadata(file).metadata | {
        b"slipcast.gaps": f"{begin},{end};".encode(),
        b"slipcast.indicative": b"true",
    }
    pq.write_table(rows.replace_schema_metadata({k: v for k, v in facts.items() if k.startswith(b"slipcast.")}), file)
    again = sc.Dataset.open(folder).write(tmp_path / "second")
    (copy,) = (again / "quotes").iterdir()
    written = pq.read_metadata(copy).metadata
    assert written[b"slipcast.gaps"] == f"{begin},{end};".encode()
    assert written[b"slipcast.indicative"] == b"true"
    worked = sc.sim.replay(sc.Dataset.open(again), orders=20, seed=1)
    twice = sc.Dataset.open(worked.write(tmp_path / "third"))
    ours = sc.tca.measure(twice, progress=False)
    assert all(ours.fills["spread_indicative"])
    ran = subprocess.run(
        [program, "tca", "measure", tmp_path / "third", "--out", tmp_path / "result", "--quiet"], capture_output=True
    )
    assert ran.returncode == 0, ran.stderr
    for name, table in ours.tables.items():
        theirs = pq.read_table(tmp_path / "result" / f"{name}.parquet")
        assert theirs.to_pylist() == table.to_arrow().to_pylist(), name


def left_out_folder(tmp_path):
    """A folder that remembers a row left out at import."""
    bad = {"fills": handmade.FILLS | {"quantity": [600, -200]}}
    source = sc.Dataset.open(write(tmp_path / "source", handmade.TABLES | bad, "parquet"))
    return source.write(tmp_path / "data")


def test_rows_left_out_at_import_stay_with_the_dataset(tmp_path, program):
    folder = left_out_folder(tmp_path)
    assert pq.read_table(folder / "left_out.parquet").num_rows == 1
    data = sc.Dataset.open(folder)
    (row,) = data.quarantine.to_arrow().to_pylist()
    assert (row["table"], row["row"], row["field"], row["value"]) == ("fills", 2, "quantity", "-200")
    result = sc.tca.measure(data, progress=False)
    for quality in (data.quality, result.quality):
        counts = {row["table"]: row for row in quality.to_arrow().to_pylist()}
        assert (counts["fills"]["read"], counts["fills"]["quarantined"]) == (2, 1)
    assert data.counts["quarantined"] == 1
    (order,) = result.orders.to_arrow().to_pylist()
    told = (order["quarantined_fills"], order["included"], order["completion"])
    assert told == (1, False, None), "its fill is not lost silently"
    checked = subprocess.run([program, "data", "check", folder, "--json", "--quiet"], capture_output=True, text=True)
    assert checked.returncode == 3
    tables = json.loads(checked.stdout)
    for ours in (data.quality, data.quality_rules, data.degradations, data.quarantine):
        names = [column["name"] for column in tables[ours.name]["columns"]]
        assert names == ours.columns
        assert tables[ours.name]["rows"] == [list(row.values()) for row in ours.to_arrow().to_pylist()]


def test_a_bad_row_of_a_tape_in_several_files_names_its_file(tmp_path, program):
    folder = write(tmp_path / "data", {n: t for n, t in handmade.TABLES.items() if n != "quotes"}, "csv")
    (folder / "quotes").mkdir()
    head = "symbol,time,bid,ask\n"
    first = "A,2024-01-02T15:00:00Z,10.01,10.02\nA,2024-01-02T15:00:01Z,-1,10.02\n"
    (folder / "quotes" / "A.csv").write_text(head + first)
    (folder / "quotes" / "B.csv").write_text(head)
    (folder / "quotes" / "C.csv").write_text(
        head + "C,2024-01-02T15:00:00Z,5,6\nC,2024-01-02T15:00:01Z,7,6\nC,2024-01-02T15:00:02Z,x,6\n"
    )
    with pytest.warns(sc.QuarantineWarning):
        opened = sc.Dataset.open(folder)
    rows = [row for row in opened.quarantine.to_arrow().to_pylist() if row["table"] == "quotes"]
    assert [(row["file"], row["row"]) for row in rows] == [("quotes/A.csv", 2), ("quotes/C.csv", 3)]
    flagged = [row for row in opened.quality_rules.to_arrow().to_pylist() if row["field"] == "bid"]
    subprocess.run([program, "data", "check", folder, "--out", tmp_path / "check", "--quiet"], capture_output=True)
    assert (
        pq.read_table(tmp_path / "check" / "quarantine.parquet").to_pylist() == opened.quarantine.to_arrow().to_pylist()
    )
    told = pq.read_table(tmp_path / "check" / "quality_rules.parquet").to_pylist()
    assert [row for row in told if row["field"] == "bid"] == flagged
    (folder / "quotes" / "C.csv").write_text("symbol,time,bid\nC,2024-01-02T15:00:00Z,5\n")
    with pytest.raises(sc.RefusedError, match="quotes/C.csv.*same columns and types as quotes/A.csv"):
        sc.Dataset.open(folder)


def test_a_table_given_twice_is_refused(tmp_path):
    folder = write(tmp_path / "data", handmade.TABLES, "parquet")
    pyarrow.csv.write_csv(pa.table(handmade.ORDERS), folder / "orders.csv")
    with pytest.raises(sc.RefusedError, match="given twice"):
        sc.Dataset.open(folder)


def test_compressed_csv_is_a_table_as_well(tmp_path):
    folder = write(tmp_path / "data", handmade.TABLES, "csv")
    text = (folder / "fills.csv").read_bytes()
    (folder / "fills.csv").unlink()
    (folder / "fills.csv.gz").write_bytes(gzip.compress(text))
    assert sc.Dataset.open(folder).counts["fills"] == 2


def test_nothing_is_written_where_it_would_be_read_as_part_of_the_dataset(tmp_path, program):
    folder = write(tmp_path / "data", handmade.TABLES, "parquet")
    before = sorted(folder.rglob("*"))
    (tmp_path / "link").symlink_to(folder)
    for command, out in [
        (["tca", "measure"], folder),
        (["tca", "measure"], folder / "result"),
        (["tca", "measure"], f"{folder}/result/"),
        (["tca", "measure"], tmp_path / "link" / "result"),
        (["data", "check"], folder / "check"),
        (["sim", "replay"], folder / "replay"),
        (["desk", "run"], folder / "trial"),
        (["quickstart"], folder),
        (["venue", "fit"], folder / "venues"),
        (["venue", "compare-models"], folder / "models"),
        (["venue", "proxy-log"], folder / "proxy"),
    ]:
        ran = subprocess.run([program, *command, folder, "--out", out], capture_output=True, text=True)
        assert ran.returncode == 1, (command, out, ran.stderr)
        assert "must not be the dataset folder" in ran.stderr or "must be a new or empty folder" in ran.stderr
        assert sorted(folder.rglob("*")) == before
    dataset = sc.Dataset.open(folder)
    for place in (folder, folder / "copy"):
        with pytest.raises(sc.RefusedError, match="must not be the dataset folder"):
            dataset.write(place)
    assert sorted(folder.rglob("*")) == before


def test_a_result_beside_the_dataset_or_further_down_leaves_it_as_it_was(tmp_path, program):
    folder = write(tmp_path / "data", handmade.TABLES, "parquet")
    for command in (["tca", "measure", folder, "--out", tmp_path / "result"], ["quickstart", folder]) * 2:
        ran = subprocess.run([program, *command, "--quiet"], capture_output=True, text=True)
        assert ran.returncode == 0, ran.stderr
