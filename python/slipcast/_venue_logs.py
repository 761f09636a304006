"""Logs of many pairs of symbol and venue: models compared, every pair fitted, pairs pooled."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any, Unpack

from slipcast import _engine
from slipcast._files import write_text
from slipcast._options import documented, texts_of
from slipcast._progress import Progress, chosen
from slipcast._quality import HasQuality, warn_of_quarantine
from slipcast._venue_fit import PowerLaw
from slipcast.dataset import ArrowTable, Dataset, stream_of
from slipcast.errors import refusal
from slipcast.options import CompareModelsOptions, FitPairsOptions, LiquidityLogOptions
from slipcast.table import Table

_LOG_OPTIONS = {setting["name"] for setting in _engine.venue_log_settings()}
_CONFIDENCE = next(
    float(setting["default"]) for setting in _engine.venue_fit_settings() if setting["name"] == "confidence"
)
_SUITE_OPTIONS = {setting["name"] for setting in _engine.venue_suite_settings()}


def _logs(log: Dataset | ArrowTable, texts: dict[str, str]) -> _engine.VenueLogs:
    """The log's pairs; takes the options of reading a dataset out of ``texts``."""
    reading = {name: texts.pop(name) for name in list(texts) if name in _LOG_OPTIONS}
    if isinstance(log, Dataset):
        return _engine.venue_logs_of_dataset(log._dataset, reading)
    if reading:
        raise refusal("unknown_field", next(iter(reading)), "", "is an option of reading placements of a Dataset")
    made = _engine.venue_logs_of_routes(stream_of("log", log))
    if made.quarantined:
        warn_of_quarantine(f"{made.quarantined:,} rows of the log are left out")
    return made


class FromLog(HasQuality):
    """What a result says of the log that it was made from."""

    _log: _engine.VenueLogs

    @property
    def counts(self) -> Table:
        """Routes read, observations, what was left out by reason (rows in quarantine too), and hypothetical routes."""
        return Table(self._log.counts)

    @property
    def caveat(self) -> str:
        """What numbers from this log cannot say, in plain words; empty when every route was sent."""
        return self._log.caveat

    def _quality_tables(self) -> list[_engine.Table]:
        return self._log.quality_tables()

    def _remarks(self) -> str:
        """What a repr adds: rows in quarantine, and whether routes are hypothetical."""
        out = self._log.quarantined
        text = f", {out:,} rows in quarantine" if out else ""
        return text + (", hypothetical routes" if self._log.caveat else "")


class Comparison(FromLog):
    """The result of :func:`compare_models`."""

    def __init__(
        self, log: _engine.VenueLogs, tables: list[_engine.Table], compared: int, too_few: int, verdict: str
    ) -> None:
        self._log = log
        self.verdict = verdict
        """Which model wins most pairs, and how the power law does where it is another, in plain words."""
        self.models, self.pairs = (Table(table) for table in tables)
        self.compared = compared
        """Pairs compared."""
        self.too_few = too_few
        """Pairs left out for having fewer than min_observations."""

    def __repr__(self) -> str:
        return f"<slipcast.venue.Comparison of {self.compared} pairs{self._remarks()}>"

    def _repr_html_(self) -> str:
        return self.models._repr_html_()


def compare_models(
    log: Dataset | ArrowTable | None = None,
    *,
    progress: Progress | bool | None = None,
    **options: Unpack[CompareModelsOptions],
) -> Comparison:
    """Train and test log-loss and wins of five models over all pairs of symbol and venue.

    log: a Dataset (its placements) or a table of routes with symbol, venue, sent, filled and optionally min_quantity,
    time and hypothetical (what was declared of routes that nobody sent); None for a synthetic suite of 12 x 4 pairs.
    Rows that cannot have happened go to ``.quarantine`` and are counted. ``.models`` has a row a model, ``.pairs`` a
    row a pair. Losses are nats an observation, every model mixed with weight ``smoothing`` of an even spread over
    0..max_liquidity; wins are pairs of lowest test loss, equals share.

    Options:

    """
    texts = texts_of(options)
    if log is None:
        suite = {name: texts[name] for name in texts if name in _SUITE_OPTIONS}
        texts = {name: text for name, text in texts.items() if name == "seed" or name not in _SUITE_OPTIONS}
        logs, largest = _engine.venue_suite(suite)
        texts.setdefault("max_liquidity", str(largest))
    else:
        logs = _logs(log, texts)
    return Comparison(logs, *_engine.venue_compare_models(logs, texts, chosen(progress)))


class PairFits(FromLog):
    """The result of :func:`fit_pairs`."""

    def __init__(self, log: _engine.VenueLogs, tables: list[_engine.Table], confidence: float) -> None:
        self._log = log
        self._tables = tables
        self._confidence = confidence
        self.fits, self.tails = (Table(table) for table in tables)

    def report(self, path: str | Path, *, source: str = "a log in memory") -> Path:
        """Writes the page, one self-contained HTML file, and returns its path: of each pair the fitted P(S >= s) beside
        Kaplan-Meier with its band, up to the largest size sent, and the table of fits. Draws the first 24 pairs and
        says how many there are. source: where the log came from, as the page says it."""
        path = Path(path)
        described = f"{source}. {self.caveat}" if self.caveat else source
        page = _engine.venue_fits_page(*self._tables, self._confidence, described)
        return write_text(path, page)

    def __repr__(self) -> str:
        return f"<slipcast.venue.PairFits of {len(self.fits)} pairs{self._remarks()}>"

    def _repr_html_(self) -> str:
        return self.fits._repr_html_()


def fit_pairs(
    log: Dataset | ArrowTable, *, progress: Progress | bool | None = None, **options: Unpack[FitPairsOptions]
) -> PairFits:
    """The liquidity of every pair of symbol and venue of a log (see :func:`compare_models`): ``.fits`` has a row a
    pair, ``.tails`` P(S >= size) of the model beside Kaplan-Meier with its band; ``.report(path)`` draws them.

    Options:

    """
    texts = texts_of(options)
    logs = _logs(log, texts)
    tables = _engine.venue_fit_pairs(logs, texts, chosen(progress))
    return PairFits(logs, tables, options.get("confidence", _CONFIDENCE))


class Pool(FromLog):
    """The result of :func:`pool`."""

    def __init__(self, log: _engine.VenueLogs, pool: _engine.VenuePool) -> None:
        self._log = log
        self._pool = pool
        self.table = Table(pool.table())
        """A row a pair: posterior means, standard deviations and central intervals of zero bin and exponent."""
        self.diagnostics = Table(pool.diagnostics())
        """What there is to judge the pool by, a row for the zero bin (its logit) and one for the exponent: spreads,
        termination, sweeps, the largest change in the last one, pairs that the effects lean on too much."""

    @property
    def termination(self) -> str:
        """ "converged", or "sweep_limit": use with care, and see ``diagnostics``."""
        return self._pool.termination

    @property
    def zero_bin_spread(self) -> dict[str, float]:
        """Standard deviations of the logit of the zero bin between symbols, venues and pairs, posterior means."""
        return self._pool.zero_bin_spread

    @property
    def exponent_spread(self) -> dict[str, float]:
        """The same of the exponent."""
        return self._pool.exponent_spread

    def power_law(self, symbol: str, venue: str) -> PowerLaw:
        """At the means of what is believed of a pair, seen or not (see :meth:`belief`)."""
        liquidity = self._pool.liquidity(symbol, venue)
        return PowerLaw(
            zero_bin=liquidity.zero_bin, exponent=liquidity.parameter, max_liquidity=self._pool.max_liquidity
        )

    def belief(self, symbol: str, venue: str) -> dict[str, float]:
        """What is believed of one pair, by the names of the table's columns. One without a log (``observations`` 0)
        takes what its symbol and its venue suggest, wider by what pairs differ."""
        return self._pool.belief(symbol, venue)

    def __repr__(self) -> str:
        return f"<slipcast.venue.Pool of {len(self.table)} pairs{self._remarks()}>"


def pool(
    log: Dataset | ArrowTable,
    *,
    max_liquidity: int | None = None,
    confidence: float = _CONFIDENCE,
    **options: Unpack[LiquidityLogOptions],
) -> Pool:
    """Power laws of all pairs that share a prior over symbols and venues: a pair with few routes, or without a fill,
    leans on its symbol and its venue as far as the logs say that these matter. max_liquidity holds for all pairs; None
    takes the largest of their defaults. Intervals hold the truth with probability ``confidence``; where a log says
    little read them, not twice a deviation."""
    logs = _logs(log, texts_of(options))
    made = Pool(logs, _engine.venue_pool(logs, 0 if max_liquidity is None else max_liquidity, confidence))
    if made.termination != "converged":
        warnings.warn(f"the pool ended at {made.termination}: use with care, see .diagnostics", stacklevel=2)
    return made


def _document(function: Any, settings: list[dict[str, Any]]) -> None:
    distinct = {setting["name"]: setting for setting in settings}
    function.__doc__ = (function.__doc__ or "").rstrip() + "\n\n" + documented(distinct.values()) + "\n"


_document(
    compare_models,
    [*_engine.venue_compare_settings(), *_engine.venue_suite_settings(), *_engine.venue_log_settings()],
)
_document(fit_pairs, [*_engine.venue_fit_settings(), *_engine.venue_log_settings()])
