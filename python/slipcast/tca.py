"""What trading cost."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Unpack

from slipcast import _engine
from slipcast._files import write_text
from slipcast._options import documented, texts_of
from slipcast._progress import Progress, chosen
from slipcast.dataset import Dataset
from slipcast.errors import refusal
from slipcast.options import GroupOptions, MeasureOptions
from slipcast.table import Table


class Measurement:
    """The result of :func:`measure`: tables whose columns carry unit, sign, benchmark and definition version."""

    def __init__(self, measurement: _engine.Measurement, dataset: _engine.Dataset) -> None:
        self._measurement = measurement
        self._dataset = dataset
        self._tables = {table.name: Table(table) for table in measurement.tables()}

    @property
    def tables(self) -> dict[str, Table]:
        """Every table by name."""
        return dict(self._tables)

    def table(self, name: str) -> Table:
        """One table by name."""
        if name not in self._tables:
            raise refusal("not_found", "table", name, f"must be one of {', '.join(self._tables)}")
        return self._tables[name]

    @property
    def orders(self) -> Table:
        """One row an order: benchmarks, slippage against each (cost: positive hurts), shortfall parts, features."""
        return self.table("orders")

    @property
    def fills(self) -> Table:
        """One row a fill: mid and touches before it, spreads (cost), price improvement (gain)."""
        return self.table("fills")

    @property
    def placements(self) -> Table:
        """One row a placement: fill rate, time to fill, how it ended."""
        return self.table("placements")

    @property
    def markouts(self) -> Table:
        """One row a fill and horizon, in bps: fill-anchored (gain) and mid-anchored (direction)."""
        return self.table("markouts")

    @property
    def quality(self) -> Table:
        """Rows read, accepted, flagged and quarantined, by table."""
        return self.table("quality")

    def summary(self, by: str | Sequence[str] | None = None, **options: Unpack[GroupOptions]) -> Table:
        """The headline metrics with their intervals; with ``by``, one row a group of orders.

        by: columns of :attr:`orders`: labels and counts as they are, numbers in quarters, ``size`` by decade, also
        ``day`` and ``hour``; several make their combinations.
        Raises RefusedError for an unknown column (naming the nearest) and for more than 1,000 groups.
        """
        if by is None:
            if options:
                raise refusal("invalid_value", "by", "None", "must be given with options of a grouping")
            return self.table("summary")
        names = [by] if isinstance(by, str) else list(by)
        return Table(self._measurement.groups({"by": ",".join(names), **texts_of(options)}))

    @property
    def provenance(self) -> dict[str, str]:
        """Version, options digest, data digest, seed, and where the data came from."""
        return self._measurement.provenance

    def report(self, path: str | Path, *, title: str = "Execution cost", execution_charts: int | None = None) -> Path:
        """Writes the page, one self-contained HTML file, and returns its path. execution_charts: at most so
        many of the worst orders (``worst_orders`` of them are listed) are drawn, 0 to 200 (the default)."""
        path = Path(path)
        page = self._measurement.page(self._dataset, title, execution_charts)
        return write_text(path, page)

    def __repr__(self) -> str:
        return f"<slipcast.tca.Measurement of {len(self.orders):,} orders: {', '.join(self._tables)}>"

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def measure(
    data: Dataset, *, progress: Progress | bool | None = None, **options: Unpack[MeasureOptions]
) -> Measurement:
    """Measures every order of ``data`` against its tape.

    Costs are positive when they hurt. In cash, delay + spread + drift + opportunity + fees + unmarked is the shortfall
    exactly. The result does not depend on the number of threads.

    progress: called with (what, done, total); False for none; by default a bar on a terminal or in a notebook. Ctrl-C
    stops the work.
    Raises RefusedError for an unknown option (naming the nearest), a value outside its range, or data without an order
    and without a fill.

    Options:

    """
    if not isinstance(data, Dataset):
        raise refusal("invalid_value", "data", type(data).__name__, "must be a slipcast.Dataset")
    measured = _engine.measure(data._dataset, texts_of(options), chosen(progress))
    return Measurement(measured, data._dataset)


measure.__doc__ = (measure.__doc__ or "").rstrip() + "\n\n" + documented(_engine.measure_settings()) + "\n"
