"""Dataset folders through pyarrow: what `slipcast tca measure DIR` reads and writes, from Python."""

from __future__ import annotations

import bisect
import difflib
import string
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from slipcast import _engine
from slipcast.errors import refusal
from slipcast.table import Table

if TYPE_CHECKING:
    import pyarrow

    from slipcast.dataset import Dataset

_TAPE = ("quotes", "trades")
_ENDINGS = (".parquet", ".csv", ".csv.gz")
_REPORTS = ("quality", "quality_rules", "degradations", "quarantine")
_LEFT_OUT = "left_out"
_PREFIX = b"slipcast."


def _pyarrow() -> Any:
    try:
        import pyarrow
        import pyarrow.csv
        import pyarrow.parquet
    except ImportError as missing:
        raise ImportError("dataset folders need pyarrow: pip install slipcast[files]") from missing
    return pyarrow


def _stem(file: Path) -> str | None:
    """The file's name without the ending of a table file; None for another file."""
    for ending in _ENDINGS:
        if file.name.endswith(ending):
            return file.name.removesuffix(ending)
    return None


def _table_files(folder: Path) -> dict[str, list[Path]]:
    """The files of each table, in the order of their names."""
    known = [*_engine.contract_tables(), *_TAPE]
    files: dict[str, list[Path]] = {}
    for path in sorted(folder.iterdir()):
        inside = [path]
        if path.is_dir():
            inside = [file for file in sorted(path.iterdir()) if _stem(file) and not file.name.startswith(".")]
        name = path.name if path.is_dir() else _stem(path)
        if name is None or path.name.startswith(".") or not inside or name in _REPORTS:
            continue
        if name not in known and (name != _LEFT_OUT or path.is_dir()):
            nearest = difflib.get_close_matches(name, known, n=1, cutoff=0.0)[0]
            raise refusal("unknown_field", "table", name, f"unknown table; did you mean '{nearest}'?", path.name)
        if name in files:
            other = files[name][0].relative_to(folder).as_posix()
            raise refusal("inconsistent", "table", name, f"is given twice: {other} and {path.name}", path.name)
        files[name] = inside
    return files


def _csv_reader(file: Path) -> pyarrow.RecordBatchReader:
    """Every column as text, so that decimals reach the engine as they were written."""
    pa = _pyarrow()
    with pa.csv.open_csv(file) as head:
        columns = head.schema.names
    convert = pa.csv.ConvertOptions(column_types={name: pa.string() for name in columns}, strings_can_be_null=True)
    return pa.csv.open_csv(file, convert_options=convert)


def _parquet_reader(file: Path) -> pyarrow.RecordBatchReader:
    pa = _pyarrow()
    opened = pa.parquet.ParquetFile(file)
    return pa.RecordBatchReader.from_batches(opened.schema_arrow, opened.iter_batches())


def _reader(file: Path) -> pyarrow.RecordBatchReader:
    pa = _pyarrow()
    try:
        return _parquet_reader(file) if file.suffix == ".parquet" else _csv_reader(file)
    except (pa.ArrowException, OSError) as failed:
        raise refusal("malformed", "file", file, str(failed)) from failed


def _one_stream(files: list[Path], shown: Callable[[Path], str]) -> tuple[object, Callable[[int], Any]] | None:
    """The files one after the other as one Arrow stream, and the file and row there of a row that it has given."""
    if not files:
        return None
    pa = _pyarrow()
    readers = [_reader(file) for file in files]
    schema = readers[0].schema
    for file, reader in zip(files, readers, strict=True):
        if not reader.schema.equals(schema):
            rule = f"must have the same columns and types as {shown(files[0])}"
            raise refusal("inconsistent", "columns", shown(file), rule, shown(file))
    ends: list[int] = []  # rows given up to the end of each file so far

    def batches() -> Iterator[pyarrow.RecordBatch]:
        for reader in readers:
            ends.append(ends[-1] if ends else 0)
            for batch in reader:
                ends[-1] += len(batch)
                yield batch.cast(schema)

    def place(row: int) -> tuple[str, int]:
        file = bisect.bisect_left(ends, row)
        return shown(files[file]), row - (ends[file - 1] if file else 0)

    return pa.RecordBatchReader.from_batches(schema, batches()).__arrow_c_stream__(), place


def _facts(file: Path) -> dict[str, str]:
    """What Slipcast wrote into a file beside its rows, by name."""
    if file.suffix != ".parquet":
        return {}
    pa = _pyarrow()
    try:
        metadata = pa.parquet.read_metadata(file).metadata or {}
    except (pa.ArrowException, OSError):  # whoever reads it as a table says what is wrong with it
        return {}
    return {
        key.removeprefix(_PREFIX).decode(): value.decode() for key, value in metadata.items() if key.startswith(_PREFIX)
    }


def _group_times(footer: pyarrow.parquet.FileMetaData, shown: str) -> list[tuple[int, int]]:
    """First and last time of each row group [ns], in order."""
    names = footer.schema.names
    if "time" not in names:
        raise refusal("malformed", "time", "", "a tape file has this column", shown)
    column = names.index("time")
    times: list[tuple[int, int]] = []
    for group in range(footer.num_row_groups):
        last = times[-1][1] if times else -(2**63)
        if footer.row_group(group).num_rows == 0:
            times.append((last, last))
            continue
        statistics = footer.row_group(group).column(column).statistics
        if statistics is None or not statistics.has_min_max:
            raise refusal("malformed", "time", "", "each row group must carry its first and last time", shown)
        if times and statistics.min_raw < last:
            raise refusal("malformed", "time", "", "row groups must be in time order", shown)
        times.append((statistics.min_raw, statistics.max_raw))
    return times


def _tape_file(file: Path, shown: str) -> tuple[str, dict[str, str], int, list[tuple[int, int]], Callable[[int], Any]]:
    """A file of the tape as the engine takes it: its rows stay there until they are asked for."""
    pa = _pyarrow()
    footer = pa.parquet.read_metadata(file)

    def row_group(index: int) -> object:
        # A reader of its own for each group, because the engine asks from several threads.
        with pa.parquet.ParquetFile(file, metadata=footer) as opened:
            return opened.read_row_group(index, use_threads=False).combine_chunks().__arrow_c_stream__()

    return shown, _facts(file), footer.num_rows, _group_times(footer, shown), row_group


def opened(folder: Path) -> _engine.Dataset:
    """The dataset in a folder, with the digest that the command line gives it."""
    _pyarrow()
    if not folder.is_dir():
        raise refusal("not_found", "folder", folder, "must be a folder")
    files = _table_files(folder)
    digest = _engine.DataDigest()

    def shown(file: Path) -> str:
        return file.relative_to(folder).as_posix()

    def add_to_digest(file: Path) -> None:
        digest.add(shown(file))
        digest.add_file(str(file))

    sources = []
    provenance: dict[str, str] = {}
    for name in _engine.contract_tables():
        for file in files.get(name, []):
            sources.append((name, shown(file), _reader(file).__arrow_c_stream__()))
            add_to_digest(file)
            provenance = _facts(file) | provenance
    tape = [file for name in _TAPE for file in files.get(name, [])]
    streams = bool(tape) and all(file.parent != folder and "tape_format" in _facts(file) for file in tape)
    of_tape = [_tape_file(file, shown(file)) for file in tape] if streams else []
    for file in tape:
        if streams:
            digest.add(shown(file))
            digest.add(_facts(file).get("digest", ""))
        else:
            add_to_digest(file)
    left_out = None
    for file in files.get(_LEFT_OUT, []):
        add_to_digest(file)
        left_out = (file.name, _reader(file).__arrow_c_stream__())
    provenance["data_digest"] = digest.hex()
    if streams:
        return _engine.assemble_from_tape_files(sources, of_tape, left_out, provenance)
    quotes, trades = (_one_stream(files.get(name, []), shown) for name in _TAPE)
    return _engine.assemble(sources, quotes, trades, left_out, provenance)


def _write_whole(file: Path, write: Callable[[Path], None]) -> None:
    """The file appears under its name only when it is complete."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(file.name + ".partial")
    write(partial)
    partial.replace(file)


def write_text(file: Path, text: str) -> Path:
    """The file with this text, whole or not at all; its folder is made."""
    _write_whole(file, lambda partial: partial.write_text(text, encoding="utf-8"))
    return file


def _file_name(symbol: str) -> str:
    """The symbol with what a file's name should not hold as %XX, as the command line writes it."""
    plain = string.ascii_letters + string.digits + "_-."
    name = "".join(chr(byte) if chr(byte) in plain else f"%{byte:02X}" for byte in symbol.encode())
    return "%2E" + name[1:] if name.startswith(".") else name


def _write_tape(dataset: Dataset, symbol: str, folder: Path) -> None:
    """The symbol's quotes and trades as tape files, a row group at a time."""
    pa = _pyarrow()
    export = dataset._dataset.tape_export(symbol)
    writers: dict[str, Any] = {}
    files: dict[str, Path] = {}
    while groups := export.next():
        for group in groups:
            rows = Table(group).to_arrow().replace_schema_metadata(None)
            if group.name not in writers:
                file = folder / group.name / f"{_file_name(symbol)}.parquet"
                file.parent.mkdir(parents=True, exist_ok=True)
                files[group.name] = file
                writers[group.name] = pa.parquet.ParquetWriter(
                    file.with_name(file.name + ".partial"), rows.schema, compression="zstd"
                )
            writers[group.name].write_table(rows, row_group_size=max(1, len(rows)))
    for name, writer in writers.items():
        facts = export.metadata(name)
        writer.add_key_value_metadata({(_PREFIX + key.encode()): value.encode() for key, value in facts.items()})
        writer.close()
        files[name].with_name(files[name].name + ".partial").replace(files[name])


def written(dataset: Dataset, folder: Path, source: Path | None) -> Path:
    """Writes the dataset's tables, its tape and the rows left out of it, and returns the folder."""
    pa = _pyarrow()
    if source is not None and source.resolve() in (folder.resolve(), folder.resolve().parent):
        rule = f"must not be the dataset folder {source} or directly in it: its tables would be read as part of it"
        raise refusal("invalid_value", "folder", folder, rule)
    if folder.exists() and any(folder.iterdir()):
        raise refusal("invalid_value", "folder", folder, "must be a new or empty folder")
    provenance = {f"slipcast.{key}": value for key, value in dataset.provenance.items()}

    def write(name: str, table: Table, metadata: dict[str, str]) -> None:
        rows = table.to_arrow().replace_schema_metadata(metadata)
        _write_whole(folder / f"{name}.parquet", lambda partial: pa.parquet.write_table(rows, partial))

    for symbol in dataset.symbols:
        _write_tape(dataset, symbol, folder)
    for name, table in dataset.tables.items():
        write(name, table, provenance)
    if len(dataset.quarantine):
        write(_LEFT_OUT, dataset.quarantine, {})
    return folder
