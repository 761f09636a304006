"""Result tables: Arrow columns that know their unit, sign and definition."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any, NamedTuple

from slipcast import _engine
from slipcast.errors import refusal

if TYPE_CHECKING:
    import numpy
    import pandas
    import polars
    import pyarrow

_REPR_ROWS = 10


class ColumnMeta(NamedTuple):
    """What a column means.

    ``sign`` is cost (positive hurts), gain (positive helps), direction (positive = the price moved the way we traded)
    or none.
    """

    name: str
    unit: str
    sign: str
    benchmark: str
    definition_version: int
    weighting: str
    meaning: str


class Table:
    """A table of a result. Whatever speaks Arrow reads it as it is, without a copy of its number columns:
    ``pyarrow.table(t)``, ``polars.DataFrame(t)``, ``duckdb.sql("from t")``. Prices are decimal(18, 9) and cash is
    decimal(38, 18), exact.
    """

    __slots__ = ("_meta", "_table")

    def __init__(self, table: _engine.Table) -> None:
        self._table = table
        self._meta = {one["name"]: ColumnMeta(**one) for one in table.column_meta()}

    @property
    def name(self) -> str:
        return self._table.name

    @property
    def columns(self) -> list[str]:
        """Column names, in order."""
        return list(self._meta)

    def meta(self, column: str) -> ColumnMeta:
        """Unit, sign, benchmark, definition version, weighting and meaning of a column."""
        if column not in self._meta:
            raise refusal("not_found", "column", column, f"must be a column of {self.name}")
        return self._meta[column]

    def __len__(self) -> int:
        return len(self._table)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The table as an Arrow stream in a PyCapsule. Types are fixed: a requested schema is not followed, which the
        interface allows."""
        return self._table.arrow_stream()

    def to_arrow(self) -> pyarrow.Table:
        """A pyarrow table over the same buffers."""
        import pyarrow

        return pyarrow.table(self)

    def to_pandas(self, *, exact: bool = False) -> pandas.DataFrame:
        """A pandas frame. Prices and cash become float64, or with ``exact`` stay decimal.Decimal."""
        table = self.to_arrow()
        if not exact:
            import pyarrow

            fields = [
                field.with_type(pyarrow.float64()) if pyarrow.types.is_decimal(field.type) else field
                for field in table.schema
            ]
            table = table.cast(pyarrow.schema(fields))
        return table.to_pandas()

    def to_polars(self, *, exact: bool = False) -> polars.DataFrame:
        """A polars frame. Prices and cash become Float64, or with ``exact`` stay Decimal."""
        import polars

        frame = polars.DataFrame(self)
        return frame if exact else frame.with_columns(polars.selectors.decimal().cast(polars.Float64))

    def __getitem__(self, column: str) -> numpy.ndarray[Any, Any]:
        """A column as a NumPy array: float64 for prices and cash, missing numbers as NaN."""
        self.meta(column)
        return self.to_pandas()[column].to_numpy()

    def _cells(self, rows: int) -> list[list[str]]:
        return [[self._table.text(row, column, 4) for column in range(len(self._meta))] for row in range(rows)]

    def __repr__(self) -> str:
        return f"<slipcast.Table {self.name}: {len(self):,} rows, {len(self._meta)} columns>"

    def _repr_html_(self) -> str:
        head = "".join(
            f"<th title='{html.escape(meta.meaning, quote=True)}'>{html.escape(meta.name)}"
            + (f"<br><small>{html.escape(meta.unit)}</small>" if meta.unit else "")
            + "</th>"
            for meta in self._meta.values()
        )
        shown = min(len(self), _REPR_ROWS)
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in self._cells(shown)
        )
        rest = f"<p>{len(self) - shown:,} more rows</p>" if shown < len(self) else ""
        title = f"{html.escape(self.name)} ({len(self):,} rows)"
        return f"<table><caption>{title}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{rest}"
