"""Dataset folders through pyarrow: what `slipcast tca measure DIR` reads and writes, from Python."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from slipcast import _engine
from slipcast.errors import refusal

if TYPE_CHECKING:
    import pyarrow

    from slipcast.dataset import Dataset
    from slipcast.table import Table

_TAPE = ("quotes", "trades")
_ENDINGS = (".parquet", ".csv")


def _pyarrow() -> Any:
    try:
        import pyarrow
        import pyarrow.csv
        import pyarrow.parquet
    except ImportError as missing:
        raise ImportError("dataset folders need pyarrow: pip install slipcast[files]") from missing
    return pyarrow


def _table_files(folder: Path) -> dict[str, list[Path]]:
    """The files of each table, in the order of their names."""
    known = [*_engine.contract_tables(), *_TAPE]
    files: dict[str, list[Path]] = {}
    for path in sorted(folder.iterdir()):
        is_table = path.is_dir() or path.suffix in _ENDINGS
        if not is_table or path.name.startswith("."):
            continue
        name = path.name if path.is_dir() else path.stem
        if name in ("quality", "quality_rules", "degradations", "quarantine", "left_out"):
            continue
        if name not in known:
            if path.is_dir() and not any(file.suffix in _ENDINGS for file in path.iterdir()):
                continue
            nearest = difflib.get_close_matches(name, known, n=1, cutoff=0.0)[0]
            raise refusal("unknown_field", "table", name, f"unknown table; did you mean '{nearest}'?", path.name)
        inside = sorted(file for file in path.iterdir() if file.suffix in _ENDINGS) if path.is_dir() else [path]
        files.setdefault(name, []).extend(inside)
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
        return _csv_reader(file) if file.suffix == ".csv" else _parquet_reader(file)
    except (pa.ArrowException, OSError) as failed:
        raise refusal("malformed", "file", file, str(failed)) from failed


def _one_stream(files: list[Path]) -> object | None:
    """The files one after the other as one Arrow stream."""
    if not files:
        return None
    pa = _pyarrow()
    readers = [_reader(file) for file in files]
    schema = readers[0].schema

    def batches() -> Iterator[pyarrow.RecordBatch]:
        for reader in readers:
            for batch in reader:
                yield batch.cast(schema)

    return pa.RecordBatchReader.from_batches(schema, batches()).__arrow_c_stream__()


def _facts(file: Path) -> dict[str, str]:
    """What Slipcast wrote into a file beside its rows, by name."""
    if file.suffix != ".parquet":
        return {}
    metadata = _pyarrow().parquet.read_metadata(file).metadata or {}
    prefix = b"slipcast."
    return {
        key.removeprefix(prefix).decode(): value.decode() for key, value in metadata.items() if key.startswith(prefix)
    }


def _tape_facts(files: list[Path]) -> dict[str, tuple[bool, list[tuple[int, int]]]]:
    """By symbol: whether its quotes come from bars, and when its feed was down."""
    facts = {}
    for file in files:
        found = _facts(file)
        gaps = [gap.split(",") for gap in found.get("gaps", "").split(";") if gap]
        if gaps or found.get("indicative") == "true":
            facts[found["symbol"]] = (
                found.get("indicative") == "true",
                [(int(begin), int(end)) for begin, end in gaps],
            )
    return facts


def opened(folder: Path) -> _engine.Dataset:
    """The dataset in a folder."""
    _pyarrow()
    if not folder.is_dir():
        raise refusal("not_found", "folder", folder, "must be a folder")
    files = _table_files(folder)
    of_tables = [(name, file) for name, of_table in files.items() if name not in _TAPE for file in of_table]
    provenance: dict[str, str] = {}
    for _, file in of_tables:
        provenance = _facts(file) | provenance
    quotes, trades = (_one_stream(files.get(name, [])) for name in _TAPE)
    return _engine.assemble(
        [(name, file.relative_to(folder).as_posix(), _reader(file).__arrow_c_stream__()) for name, file in of_tables],
        quotes,
        trades,
        _tape_facts(files.get("quotes", [])),
        provenance,
    )


def _write_whole(file: Path, write: Callable[[Path], None]) -> None:
    """The file appears under its name only when it is complete."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(file.name + ".partial")
    write(partial)
    partial.replace(file)


def written(dataset: Dataset, folder: Path) -> Path:
    """Writes the dataset's tables and its tape, and returns the folder."""
    pa = _pyarrow()
    if folder.exists() and any(folder.iterdir()):
        raise refusal("invalid_value", "folder", folder, "must be a new or empty folder")

    bars = [symbol for symbol in dataset.symbols if any(dataset._dataset.tape_facts(symbol))]
    if bars:
        raise refusal(
            "invalid_value",
            "symbol",
            bars[0],
            "quotes from bars or with gaps in the feed: `slipcast data import` writes them",
        )
    provenance = {f"slipcast.{key}": value for key, value in dataset.provenance.items()}

    def write(file: Path, table: Table, metadata: dict[str, str]) -> None:
        rows = table.to_arrow().replace_schema_metadata(metadata)
        _write_whole(file, lambda partial: pa.parquet.write_table(rows, partial))

    for symbol in dataset.symbols:
        write(folder / "quotes" / f"{symbol}.parquet", dataset.quotes(symbol), {})
        write(folder / "trades" / f"{symbol}.parquet", dataset.trades(symbol), {})
    for name, table in dataset.tables.items():
        write(folder / f"{name}.parquet", table, provenance)
    return folder
