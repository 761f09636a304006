"""A folder's tape stays on disk in Python as on the command line: same tables, same digests, bounded memory."""

import json
import subprocess
import sys
import textwrap

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import slipcast as sc

DIGESTS = ("version", "data_digest", "options_digest", "seed")


@pytest.fixture(scope="module")
def folder(tmp_path_factory, program):
    """A dataset folder as the command line makes it, with a gap-free tape of several row groups."""
    root = tmp_path_factory.mktemp("streamed")
    market = ["--symbols", "2", "--days", "2", "--seed", "5", "--quotes-per-day", "150000"]
    subprocess.run([program, "sim", "market", *market, "--out", root / "tape", "--quiet"], check=True)
    orders = ["--orders", "80", "--seed", "5"]
    subprocess.run([program, "sim", "replay", root / "tape", *orders, "--out", root / "data", "--quiet"], check=True)
    return root / "data"


@pytest.fixture(scope="module")
def measured_by_program(folder, program):
    ran = subprocess.run(
        [program, "tca", "measure", folder, "--out", folder.parent / "result", "--quiet", "--json"],
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    return folder.parent / "result"


def test_tables_and_digests_equal_the_command_lines(folder, measured_by_program):
    data = sc.Dataset.open(folder)
    result = sc.tca.measure(data, progress=False)
    for name, table in result.tables.items():
        theirs = pq.read_table(measured_by_program / f"{name}.parquet")
        assert theirs.to_pylist() == table.to_arrow().to_pylist(), name
    written = pq.read_metadata(measured_by_program / "orders.parquet").metadata
    facts = {key.decode().removeprefix("slipcast."): value.decode() for key, value in written.items()}
    for name in DIGESTS:
        assert facts.get(name) == result.provenance.get(name), name
    assert len(result.provenance["data_digest"]) == 16


def test_the_rows_of_a_streamed_tape_are_the_files_rows(folder):
    data = sc.Dataset.open(folder)
    for symbol in data.symbols:
        for name, table in (("quotes", data.quotes(symbol)), ("trades", data.trades(symbol))):
            file = pq.read_table(folder / name / f"{symbol}.parquet")
            assert pq.ParquetFile(folder / name / f"{symbol}.parquet").num_row_groups > (name == "quotes")
            ours = pa.table(table)
            for column in ("time", "price" if name == "trades" else "bid"):
                assert file[column].cast(pa.int64()).equals(ours[column].cast(pa.int64())), (symbol, name, column)


def test_a_changed_byte_changes_the_digest(folder, tmp_path):
    other = sc.Dataset.open(folder).write(tmp_path / "copy")
    first = sc.Dataset.open(other).provenance["data_digest"]
    orders = pq.read_table(other / "orders.parquet")
    pq.write_table(orders.slice(1), other / "orders.parquet")
    assert sc.Dataset.open(other).provenance["data_digest"] != first


def test_tables_in_memory_have_a_digest_of_their_rows():
    market = sc.sim.market(symbols=1, days=1, seed=3, quotes_per_day=1000)
    again = sc.sim.market(symbols=1, days=1, seed=3, quotes_per_day=1000)
    other = sc.sim.market(symbols=1, days=1, seed=4, quotes_per_day=1000)
    assert market.provenance["data_digest"] == again.provenance["data_digest"] != other.provenance["data_digest"]
    replayed = sc.sim.replay(market, orders=5, seed=1)
    assert replayed.provenance["data_digest"] != market.provenance["data_digest"]
    assert sc.tca.measure(replayed, progress=False).provenance["data_digest"] == replayed.provenance["data_digest"]


def test_what_was_written_streams_for_the_command_line(folder, tmp_path, program):
    """Same layout, so the digest of each tape file is the one the command line gave it."""
    copy = sc.Dataset.open(folder).write(tmp_path / "copy")
    for file in sorted((folder / "quotes").iterdir()) + sorted((folder / "trades").iterdir()):
        ours = pq.read_metadata(copy / file.parent.name / file.name)
        theirs = pq.read_metadata(file)
        assert ours.num_row_groups == theirs.num_row_groups
        for key in (b"slipcast.tape_format", b"slipcast.digest", b"slipcast.symbol", b"slipcast.venues"):
            assert ours.metadata[key] == theirs.metadata[key], (file.name, key)
    ran = subprocess.run([program, "data", "check", copy, "--json", "--quiet"], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    rows = dict((row[0], row[1]) for row in json.loads(ran.stdout)["quality"]["rows"])
    assert rows["quotes"] == sum(pq.read_metadata(file).num_rows for file in (folder / "quotes").iterdir())


def peak_growth(folder):
    """MiB by which measuring grew a fresh interpreter that had Slipcast and pyarrow loaded."""
    script = textwrap.dedent(f"""
        import resource, sys
        sys.path[:0] = {sys.path!r}
        import pyarrow.parquet, pyarrow.csv, slipcast as sc
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        sc.tca.measure(sc.Dataset.open({str(folder)!r}), progress=False, threads=1)
        print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)
    """)
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return float(ran.stdout)


def repeated(folder, target, times):
    """The folder with each tape file `times` as long: its rows again, each round a day later than the one before."""
    day = 24 * 3600 * 10**9 * 3
    for file in folder.glob("*.parquet"):
        target.mkdir(exist_ok=True)
        (target / file.name).write_bytes(file.read_bytes())
    for file in [*folder.glob("quotes/*"), *folder.glob("trades/*")]:
        source = pq.ParquetFile(file)
        (target / file.parent.name).mkdir(exist_ok=True)
        with pq.ParquetWriter(target / file.parent.name / file.name, source.schema_arrow) as writer:
            for turn in range(times):
                for group in range(source.num_row_groups):
                    rows = source.read_row_group(group)
                    at = rows.schema.get_field_index("time")
                    time = pa.compute.add(rows["time"].cast(pa.int64()), turn * day).cast(rows.schema.field(at).type)
                    writer.write_table(rows.set_column(at, rows.schema.field(at), time))
            kept = {k: v for k, v in source.metadata.metadata.items() if k.startswith(b"slipcast.")}
            writer.add_key_value_metadata(kept)
    return target


def test_memory_does_not_grow_with_the_tape(folder, tmp_path):
    """Eight times the rows: read whole, they would take eight times the memory."""
    longer = repeated(folder, tmp_path / "longer", times=8)
    rows = sum(pq.read_metadata(file).num_rows for file in longer.glob("quotes/*"))
    in_memory = rows * 5 * 8 / 2**20
    assert peak_growth(longer) < peak_growth(folder) + in_memory / 3


def test_a_damaged_tape_file_is_refused_by_name_when_it_is_read(folder, tmp_path):
    copy = sc.Dataset.open(folder).write(tmp_path / "copy")
    file = next((copy / "quotes").iterdir())
    damaged = bytearray(file.read_bytes())
    damaged[1000 : len(damaged) // 2] = bytes(len(damaged) // 2 - 1000)
    file.write_bytes(damaged)
    data = sc.Dataset.open(copy)
    with pytest.raises(sc.RefusedError) as refused:
        sc.tca.measure(data, progress=False)
    assert refused.value.place.file == f"quotes/{file.name}"
