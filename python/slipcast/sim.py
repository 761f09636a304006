"""Synthetic markets, and orders worked against a tape."""

from __future__ import annotations

from typing import Any, Unpack

from slipcast import _engine
from slipcast._options import documented, texts_of
from slipcast._progress import Progress, chosen
from slipcast.dataset import Dataset
from slipcast.errors import refusal
from slipcast.options import MarketOptions, ParentOptions, ReplayOptions

_READ_WITH_IMPACT = frozenset(_engine.impact_settings())


class Parents:
    """Parent orders drawn for a market, ready to be worked by :func:`replay`."""

    def __init__(self, parents: _engine.Parents) -> None:
        self._parents = parents

    def __len__(self) -> int:
        return len(self._parents)

    def __repr__(self) -> str:
        return f"<slipcast.sim.Parents: {len(self):,} orders>"


def market(**options: Unpack[MarketOptions]) -> Dataset:
    """A synthetic market: instruments, sessions, halts, quotes and trades. The same seed gives the same bytes, and the
    provenance says that it is synthetic.

    Options:

    """
    return Dataset._of(_engine.market(texts_of(options)))


def parents(data: Dataset, *, progress: Progress | bool | None = None, **options: Unpack[ParentOptions]) -> Parents:
    """Draws parent orders of mixed sizes, styles and lives over the sessions of a tape.

    Options:

    """
    return Parents(_engine.parents(data._dataset, texts_of(options), chosen(progress)))


def replay(
    data: Dataset | Parents, *, progress: Progress | bool | None = None, **options: Unpack[ReplayOptions]
) -> Dataset:
    """Works parent orders against the tape of ``data`` and returns the dataset that a broker would have written:
    orders, placements, fills, and the tape that they saw. Give :class:`Parents` to draw the orders apart, or a dataset
    to draw them here. Our fills move the market only with ``impact=True``; the provenance says which.

    Options:

    """
    for name, value in options.items():
        if name in _READ_WITH_IMPACT and not options.get("impact"):
            raise refusal("inconsistent", name, str(value), "is read only with impact=True")
    if isinstance(data, Parents):
        return Dataset._of(_engine.replay_parents(data._parents, texts_of(options), chosen(progress)))
    if isinstance(data, Dataset):
        return Dataset._of(_engine.replay(data._dataset, texts_of(options), chosen(progress)))
    raise refusal("invalid_value", "data", type(data).__name__, "must be a slipcast.Dataset or sim.Parents")


def _document(function: Any, settings: list[dict[str, Any]]) -> None:
    distinct = {setting["name"]: setting for setting in settings}
    function.__doc__ = (function.__doc__ or "").rstrip() + "\n\n" + documented(distinct.values()) + "\n"


_document(market, _engine.market_settings())
_document(parents, _engine.parent_settings())
_document(replay, [*_engine.parent_settings(), *_engine.replay_settings()])
