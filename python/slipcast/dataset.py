"""Orders, fills and the tape, validated."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any, Protocol

from slipcast import _engine, _files
from slipcast._quality import HasQuality, warn_of_quarantine
from slipcast.errors import refusal
from slipcast.table import Table


class ArrowTable(Protocol):
    """Anything that speaks Arrow: pandas, polars, pyarrow, DuckDB relations, Slipcast's own tables."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


_TAPE_TABLES = ("quotes", "trades")


def _without_index(table: Any) -> Any:
    """A pandas frame hands out its index as a column: drop it when it has no name, keep it when it has one."""
    if not (hasattr(table, "reset_index") and hasattr(table, "index")):
        return table
    return table.reset_index(drop=all(name is None for name in table.index.names))


def stream_of(name: str, table: Any) -> object:
    """The table as an Arrow stream, or a refusal that says what would do."""
    table = _without_index(table)
    if not hasattr(table, "__arrow_c_stream__"):
        kind = type(table).__name__
        raise refusal(
            "invalid_value", name, kind, "must speak Arrow: a pandas, polars, pyarrow or DuckDB table (Arrow stream)"
        )
    return table.__arrow_c_stream__()


class Dataset(HasQuality):
    """Orders, fills and the tape they are measured against.

    Each keyword is a table of the data contract (docs/reference/data.md): ``instruments``, ``sessions``, ``orders``,
    ``order_events``, ``placements``, ``fills``, ``fill_events``, ``events``, ``fx``, ``corporate_actions``, ``quotes``,
    ``trades``. A table is anything that speaks Arrow. Times are UTC; prices and quantities may be decimals, text, or
    floats that round-trip; sides are "buy"/"sell" or +1/-1.

    Rows that break a rule are quarantined and counted, never dropped in silence; see :attr:`quality` and
    :attr:`quarantine`. An unknown table, an unknown column and a missing required column raise RefusedError.
    """

    def __init__(self, *, source: str = "tables in memory", **tables: ArrowTable | None) -> None:
        known = [*_engine.contract_tables(), *_TAPE_TABLES]
        for name in tables:
            if name not in known:
                nearest = difflib.get_close_matches(name, known, n=1, cutoff=0.0)[0]
                raise refusal("unknown_field", name, "", f"unknown table; did you mean '{nearest}'?")
        given = {name: table for name, table in tables.items() if table is not None}
        streams = {name: stream_of(name, table) for name, table in given.items()}
        self._dataset = _engine.assemble(
            [(name, name, stream) for name, stream in streams.items() if name not in _TAPE_TABLES],
            *((streams[name], None) if name in streams else None for name in _TAPE_TABLES),
            None,
            {"source": source},
        )
        self._folder: Path | None = None  # that it was opened from
        self._warn_of_quarantine()

    @classmethod
    def _of(cls, dataset: _engine.Dataset, folder: Path | None = None) -> Dataset:
        made = cls.__new__(cls)
        made._dataset = dataset
        made._folder = folder
        return made

    @classmethod
    def open(cls, folder: str | Path) -> Dataset:
        """Opens a dataset folder: each table of the contract as NAME.parquet, NAME.csv or a folder NAME/ of such files.
        A tape in files that Slipcast wrote stays on disk and is read as it is measured, in bounded memory; tables in
        other files are read whole. :attr:`provenance` holds the same data digest as the command line's.
        Needs pyarrow (``pip install slipcast[files]``)."""
        opened = cls._of(_files.opened(Path(folder)), Path(folder))
        opened._warn_of_quarantine()
        return opened

    def _warn_of_quarantine(self) -> None:
        rules = self._dataset.quarantine_rules()
        if rules:
            count, table, field, rule = max(rules, key=lambda each: each[0])
            rows = sum(each[0] for each in rules)
            warn_of_quarantine(f"{rows:,} rows are left out, {count:,} of them because {table}.{field} {rule}")

    @property
    def symbols(self) -> list[str]:
        return self._dataset.symbols

    @property
    def counts(self) -> dict[str, int]:
        """Rows in use of the main tables, and rows quarantined and flagged."""
        return self._dataset.counts

    @property
    def degradations(self) -> Table:
        """What is absent from the data, and what that takes away."""
        return self._quality_table("degradations")

    def _quality_tables(self) -> list[_engine.Table]:
        return self._dataset.quality_tables()

    @property
    def provenance(self) -> dict[str, str]:
        """Where the data came from, as name and value."""
        return self._dataset.provenance

    @property
    def tables(self) -> dict[str, Table]:
        """The accepted rows as tables of the contract; the tape is in :meth:`quotes` and :meth:`trades`."""
        return {table.name: Table(table) for table in self._dataset.contract_tables()}

    def quotes(self, symbol: str) -> Table:
        """The quotes of one symbol."""
        return Table(self._dataset.quotes(symbol))

    def trades(self, symbol: str) -> Table:
        """The market's trades in one symbol."""
        return Table(self._dataset.trades(symbol))

    def write(self, folder: str | Path) -> Path:
        """Writes the dataset as a folder that :meth:`open` and the command line read: tables, tape files (with the
        feed's gaps and the mark of quotes made from bars), and the rows left out. Refused: a folder that holds
        something, and one directly in the folder that the dataset was opened from, where it would be read as part of
        it. Needs pyarrow."""
        return _files.written(self, Path(folder), self._folder)

    def __repr__(self) -> str:
        counts = ", ".join(f"{count:,} {name}" for name, count in self.counts.items())
        return f"<slipcast.Dataset {counts}>"
