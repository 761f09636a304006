"""The desk on a market tape, against plain policies on the same orders."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Unpack

from slipcast import _engine
from slipcast._options import documented, texts_of
from slipcast._progress import Progress, chosen
from slipcast.dataset import Dataset
from slipcast.errors import refusal
from slipcast.options import TrialOptions
from slipcast.table import Table


class Trial:
    """The result of :func:`run`. Every cost is in bps, positive hurts."""

    def __init__(self, tables: dict[str, Table], provenance: dict[str, str]) -> None:
        self.policies = tables["trial_policies"]
        """A row a policy: mean, p50, p90 and p95 shortfall with intervals, completion, share filled in dark venues."""
        self.pairs = tables["trial_pairs"]
        """The first policy less each other one on the same orders, with intervals; negative: it was cheaper."""
        self.orders = tables["trial_orders"]
        """A row an order and policy."""
        self.learning = tables["trial_learning"]
        """A row an order that taught the model, with the tactic it was worked with: fit a desk's model to it."""
        self.model = tables["cost_summary"]
        """The terms of the cost model that the desk began with."""
        self.provenance = provenance
        """What it rests on: days, orders left out, impact, dark venues, seed."""

    def __repr__(self) -> str:
        return f"<slipcast.desk.Trial of {len(self.policies)} policies: {self.provenance['trial.orders']}>"

    def _repr_html_(self) -> str:
        return self.policies._repr_html_()


def run(
    data: Dataset,
    *,
    journal: str | Path | None = None,
    progress: Progress | bool | None = None,
    **options: Unpack[TrialOptions],
) -> Trial:
    """The loop closed once: measure, forecast, decide, journal, learn.

    The first day of ``data`` is history. On the days after it orders are worked with every tactic of the desk,
    measured, and a cost model is fitted. On the last ``trial_days`` the same orders are worked by the desk with
    that model and by the plain policies, each on its own copy of the market with the impact of its own fills.
    ``journal`` names a new file for everything that the desk was told and decided, which :func:`replay` repeats.
    Raises RefusedError for a market of fewer than two days before the trial, an unknown policy, or a journal that
    exists.

    Options:

    """
    if not isinstance(data, Dataset):
        raise refusal("invalid_value", "data", type(data).__name__, "must be a slipcast.Dataset")
    file = "" if journal is None else str(journal)
    if file and Path(file).exists():
        raise refusal("inconsistent", "journal", file, "must be a new file")
    tables, provenance = _engine.trial(data._dataset, texts_of(options), file, chosen(progress))
    return Trial({table.name: Table(table) for table in tables}, provenance)


def _document(settings: list[dict[str, Any]]) -> None:
    distinct = {setting["name"]: setting for setting in settings}
    run.__doc__ = (run.__doc__ or "").rstrip() + "\n\n" + documented(distinct.values()) + "\n"


_document(_engine.trial_settings())
