"""What a desk's journal says, as tables and as a page."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from slipcast import _engine
from slipcast._desk_trial import Trial
from slipcast._files import write_text
from slipcast.table import Table


class Journal:
    """What a desk's journal says. Nothing is decided again: every number is a record's own, or counts records.
    Quantities are units, costs bps (positive hurts)."""

    def __init__(self, tables: dict[str, Table], source: str) -> None:
        self.tables: Mapping[str, Table] = MappingProxyType(tables)
        """Every table by name, also those without an attribute of their own."""
        self.state = tables["desk_state"]
        """One row: how far the journal goes, kill switch, open orders, the models in use."""
        self.orders = tables["desk_orders"]
        """A row a parent: its life, its first forecast, its cost, between which quantiles it fell."""
        self.decisions = tables["desk_decisions"]
        """A row a step: action and reason, tactic, quantity, rung and why, the guard that bound, forecast, scores."""
        self.guards = tables["desk_guards"]
        """A row a guard: limit, largest reading, readings, passed, acted."""
        self.rungs = tables["desk_rungs"]
        """A row a rung and reason that was taken."""
        self.calibration = tables["desk_calibration"]
        """A row a quantile level: costs at or below the first forecast's, with exact 95 % intervals."""
        self.scorecards = tables["desk_scorecards"]
        """A row a model that was scored: CRPS, coverage with its interval, log score, PIT; champion and challenger."""
        self.requests = tables["desk_requests"]
        """A row a request of another process that no desk has taken up yet."""
        self._source = source

    def report(self, path: str | Path, *, trial: Trial | None = None) -> Path:
        """Writes the page, one self-contained HTML file, and returns its path: decisions over time, rungs and guards
        with their reasons, forecast against outcome, single orders step by step. With ``trial`` it opens with the desk
        against its baselines."""
        path = Path(path)
        baselines = [] if trial is None else [trial.policies, trial.pairs, trial.orders]
        page = _engine.desk_page(
            [table._table for table in self.tables.values()],
            [table._table for table in baselines],
            self._source,
            {} if trial is None else trial.provenance,
        )
        return write_text(path, page)

    def __repr__(self) -> str:
        return f"<slipcast.desk.Journal {self._source}: {len(self.orders)} orders, {len(self.decisions)} decisions>"

    def _repr_html_(self) -> str:
        return self.orders._repr_html_()


def read_journal(journal: str | Path) -> Journal:
    """Reads what a journal holds by now, also while a desk writes it.

    Raises RefusedError: a file that is no journal, or that was changed after it was written."""
    tables = _engine.desk_journal_tables(str(journal))
    return Journal({table.name: Table(table) for table in tables}, Path(journal).name)
