"""What an order should cost, and whether it will finish."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Unpack

from slipcast import _engine
from slipcast._files import write_text
from slipcast._options import documented, text_of, texts_of
from slipcast._progress import Progress, chosen
from slipcast.dataset import ArrowTable, stream_of
from slipcast.errors import refusal
from slipcast.options import Duration, FitOptions
from slipcast.table import Table

QUANTILES = (0.5, 0.9, 0.95, 0.99)


class Model:
    """A fitted model: cost ~ StudentT(nu, mean, scale), and the chance to finish by the deadline."""

    def __init__(self, model: _engine.CostModel) -> None:
        self._model = model

    @property
    def method(self) -> str:
        """global: one regression for all symbols."""
        return self._model.method

    @property
    def degrees(self) -> float:
        """Degrees of freedom: below 5 the tails are heavy."""
        return self._model.degrees

    @property
    def termination(self) -> str:
        """converged, gaussian_limit, heavy_limit or iteration_limit."""
        return self._model.termination

    @property
    def has_completion(self) -> bool:
        """Whether predictions carry a miss risk; :attr:`why_no_completion` says why not."""
        return self._model.has_completion

    @property
    def why_no_completion(self) -> str:
        """Why predictions carry no miss risk; empty when they do."""
        return self._model.why_no_completion

    @property
    def provenance(self) -> dict[str, str]:
        """Version, options digest and seed."""
        return self._model.provenance

    def predict(self, table: ArrowTable, quantiles: Sequence[float] = QUANTILES) -> Table:
        """One row an order: mean, quantiles (p50, p99_9), epistemic_sd, aleatoric_sd [bps, positive hurts] and
        miss_risk with its 90 % interval. Rows with a missing input are missing."""
        return Table(self._model.predict(stream_of("table", table), [float(p) for p in quantiles]))

    def estimate(
        self,
        side: str | int,
        quantity: float,
        symbol: str,
        *,
        over: Duration,
        given: Mapping[str, float | str] | None = None,
        quantiles: Sequence[float] = QUANTILES,
    ) -> dict[str, Table]:
        """What an order should cost before it trades: tables cost_estimate, cost_by_size, cost_by_horizon and
        cost_inputs. ``given`` names inputs known better than by the symbol's typical order."""
        given = given or {}
        numbers = {name: float(value) for name, value in given.items() if not isinstance(value, str)}
        labels = {name: value for name, value in given.items() if isinstance(value, str)}
        wish = (symbol, text_of("side", side), text_of("over", over))
        tables = self._model.estimate(wish, float(quantity), numbers, labels, [float(p) for p in quantiles])
        return {table.name: Table(table) for table in tables}

    def summary(self) -> Table:
        """Each term's effect with its 95 % interval, and a sentence."""
        return Table(self._model.summary())

    @property
    def diagnostics(self) -> dict[str, str]:
        """What there is to judge the fit by: termination, gradient, condition, rows left out and why."""
        frame = Table(self._model.diagnostics())
        facts: dict[str, str] = {}
        for name, value, _ in frame._cells(len(frame)):
            facts[name] = f"{facts[name]}; {value}" if name in facts else value
        return facts

    def save(self, path: str | Path) -> Path:
        """Writes the artifact, one JSON file, and returns its path."""
        return write_text(Path(path), self._model.to_json())

    def online(self, quantiles: Sequence[float] = QUANTILES, *, half_life: float = 0.0) -> Online:
        """A copy that learns from finished orders. half_life: orders after which one counts half; 0 = forever."""
        options = {"half_life": text_of("half_life", half_life)}
        points = [float(p) for p in quantiles]
        return Online(_engine.OnlineCost.create(self._model, options, points), points)

    def __repr__(self) -> str:
        return f"<slipcast.cost.Model {self.method}: {self.diagnostics['rows']} rows, nu {self.degrees:.1f}>"

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


class Online:
    """A model that keeps learning: see :meth:`Model.online`."""

    def __init__(self, online: _engine.OnlineCost, quantiles: list[float]) -> None:
        self._online = online
        self._quantiles = quantiles
        self._inputs = online.model().inputs()

    @property
    def updates(self) -> int:
        """Orders whose cost it learned from."""
        return self._online.costs_learned

    @property
    def completions(self) -> int:
        """Orders of which it learned whether they finish."""
        return self._online.completions_learned

    @property
    def mean_log_score(self) -> float:
        """Mean log density of the costs learned from, each before it was."""
        return self._online.mean_log_score

    @property
    def mean_completion_log_score(self) -> float:
        """Mean log probability of what happened, finished or missed, each before it was learned from."""
        return self._online.mean_completion_log_score

    @property
    def coefficients(self) -> list[float]:
        """Mean, then log scale, in the artifact's scaled units."""
        return self._online.coefficients

    def update(self, row: Mapping[str, Any], cost_bps: float, weight: float = 1.0) -> None:
        """Learns from one finished order. ``row`` gives each input by its name or its column's."""
        self._online.update(self._values(row), float(cost_bps), float(weight))

    def update_completion(self, row: Mapping[str, Any], finished: bool, weight: float = 1.0) -> None:
        """Learns whether one order finished by its deadline. Raises RefusedError without a completion head."""
        self._online.update_completion(self._values(row), bool(finished), float(weight))

    def update_table(self, table: ArrowTable) -> tuple[int, int]:
        """Learns from the finished orders of a table, in time order: of how many the cost, and of how many whether
        they finished."""
        return self._online.update_table(stream_of("table", table))

    def predict(self, row: Mapping[str, Any]) -> dict[str, float]:
        """mean, the quantiles (p50 ...), epistemic_sd, aleatoric_sd and miss_risk of one order."""
        made = self._online.predict(self._values(row))
        for p, value in zip(self._quantiles, made.pop("quantiles"), strict=True):
            made[f"p{100 * p:.6g}".replace(".", "_")] = value
        return made

    def save(self, path: str | Path) -> Path:
        """Writes model and state; :func:`load_online` goes on from there bit for bit."""
        return write_text(Path(path), self._online.to_json())

    def _values(self, row: Mapping[str, Any]) -> list[float]:
        values = []
        for place, known in enumerate(self._inputs):
            keys = [key for key in (known["name"], known["column"]) if key in row]
            if not keys:
                raise refusal("missing_field", known["name"], "", f"the row has no '{known['name']}'")
            value = row[keys[0]]
            values.append(self._online.code(place, str(value)) if known["is_label"] else float(value))
        return values


def fit(
    table: ArrowTable,
    target: str = "arrival_cost_bps",
    *,
    method: str = "global",
    hierarchy: Sequence[str] | None = None,
    slopes: Sequence[str] | None = None,
    weight: str | None = None,
    censored: str | None = None,
    progress: Progress | bool | None = None,
    **options: Unpack[FitOptions],
) -> Model:
    """Fits a model to finished orders: the ``orders`` of a measurement, or any table with a realized cost and features
    known before the trade.

    ``hierarchy`` and ``slopes`` belong to a hierarchical method and are refused by the global one.
    Raises RefusedError: an unknown term or option (naming the nearest), a column known only after the trade, and with
    code not_identified what the data cannot tell apart.

    Options:

    """
    for name, value in (("hierarchy", hierarchy), ("slopes", slopes)):
        if value:
            raise refusal(
                "invalid_value", name, list(value), f"belongs to a hierarchical method; method='{method}' has none"
            )
    named = {"target": target, "method": method, "weight": weight or "", "censored": censored or ""}
    return Model(_engine.cost_fit(stream_of("table", table), texts_of(named | dict(options)), chosen(progress)))


def load(path: str | Path) -> Model:
    """The model that :meth:`Model.save` wrote."""
    return Model(_engine.CostModel.from_json(Path(path).read_text(encoding="utf-8")))


def load_online(path: str | Path, quantiles: Sequence[float] = QUANTILES) -> Online:
    """The state that :meth:`Online.save` wrote."""
    points = [float(p) for p in quantiles]
    return Online(_engine.OnlineCost.from_json(Path(path).read_text(encoding="utf-8"), points), points)


def evaluate(
    model: Model,
    table: ArrowTable,
    splits: str = "rolling",
    *,
    folds: int = 5,
    progress: Progress | bool | None = None,
) -> dict[str, Table]:
    """Scores the model's method and options on ``table``: cost_scores, cost_coverage, cost_reliability, cost_folds and
    cost_completion, each with errors clustered by symbol and day.

    Options:

    """
    options = texts_of({"splits": splits, "folds": folds})
    tables = model._model.evaluate(stream_of("table", table), options, chosen(progress))
    return {one.name: Table(one) for one in tables}


def terms() -> Table:
    """The declared terms: formula, the columns they are read from, meaning."""
    return Table(_engine.cost_terms())


fit.__doc__ = (fit.__doc__ or "").rstrip() + "\n\n" + documented(_engine.cost_fit_settings()) + "\n"
evaluate.__doc__ = (evaluate.__doc__ or "").rstrip() + "\n\n" + documented(_engine.cost_evaluate_settings()) + "\n"
