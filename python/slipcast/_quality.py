"""What became of the rows that were read: the same words for a dataset and for a log."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING

from slipcast.errors import QuarantineWarning
from slipcast.table import Table

if TYPE_CHECKING:
    from slipcast import _engine


class HasQuality:
    """The data quality of what a result was read from."""

    def _quality_tables(self) -> Sequence[_engine.Table]:
        raise NotImplementedError

    @property
    def quality(self) -> Table:
        """Rows read, accepted, flagged and quarantined, by table; rows left out at an import among them."""
        return self._quality_table("quality")

    @property
    def quality_rules(self) -> Table:
        """One row a broken rule: table, field, rule, disposition, count, the first row concerned."""
        return self._quality_table("quality_rules")

    @property
    def quarantine(self) -> Table:
        """Every row left out, now or at an import: table, file, row, time, field, value, rule, code, and the
        order_id of a fill."""
        return self._quality_table("quarantine")

    def _quality_table(self, name: str) -> Table:
        return next(Table(table) for table in self._quality_tables() if table.name == name)


def warn_of_quarantine(text: str) -> None:
    """What the command line says by its exit status 3, at the line of the caller's caller."""
    warnings.warn(f"{text}; see quality_rules and quarantine", QuarantineWarning, stacklevel=4)
