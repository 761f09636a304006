"""Exact policies, many assets, paired paths and calibration: what :mod:`slipcast.control` adds to its rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Unpack

from slipcast import _engine
from slipcast._options import documented, texts_of
from slipcast._progress import Progress, chosen
from slipcast.errors import RefusedError, refusal
from slipcast.options import CalibrationOptions, StudyOptions
from slipcast.table import Table

if TYPE_CHECKING:
    from slipcast._control_rule import Parameters


def _column(value: Any) -> list[float]:
    try:
        return [float(number) for number in value]
    except TypeError:
        return [float(value)]


def _correlations(value: Any) -> list[float]:
    numbers = _column(value)
    return numbers if any(numbers) else []


@dataclass(frozen=True)
class CIRFactor:
    """A square-root factor: dy = mean_reversion (mean - y) dt/time_scale + vol_of_variance sqrt(y/time_scale) dB. A
    slow one has a large time_scale. ``correlation``: of its shock with the signal's, one number a signal."""

    mean: float
    mean_reversion: float
    vol_of_variance: float
    time_scale: float
    correlation: float | Sequence[float] = 0.0

    def _numbers(self) -> tuple[Any, ...]:
        if not float(self.time_scale) > 0.0:
            raise refusal("invalid_value", "time_scale", self.time_scale, "must be finite and > 0")
        speed = 1.0 / float(self.time_scale)
        numbers = (float(self.mean), float(self.mean_reversion), float(self.vol_of_variance), speed)
        return ("square_root", *numbers, _correlations(self.correlation))


@dataclass(frozen=True)
class OUFactor:
    """An Ornstein-Uhlenbeck factor: dz = time_scale mean_reversion (mean - z) dt + sqrt(time_scale) volatility dB, as a
    slow factor is written: time_scale is delta."""

    mean: float
    mean_reversion: float
    volatility: float
    time_scale: float
    correlation: float | Sequence[float] = 0.0

    def _numbers(self) -> tuple[Any, ...]:
        numbers = (float(self.mean), float(self.mean_reversion), float(self.volatility), float(self.time_scale))
        return ("gaussian", *numbers, _correlations(self.correlation))


class PricedRule:
    """The exact value of a linear rule: a number for every state, without Monte Carlo noise."""

    def __init__(self, engine: _engine.ControlPricedRule, signals: int) -> None:
        self._engine = engine
        self._signals = signals

    def value(
        self,
        variance: float,
        slow: float = 0.0,
        *,
        position: float = 0.0,
        impact_level: float = 0.0,
        signal: float | Sequence[float] | None = None,
    ) -> float:
        """Expected discounted objective from a state on; ``variance`` is where the first factor stands."""
        x = [0.0] * self._signals if signal is None else _column(signal)
        return self._engine.value(float(variance), float(slow), float(position), float(impact_level), x)

    @property
    def mean_value(self) -> float:
        """From a flat start, averaged over the factors' invariant distribution."""
        return self._engine.mean_value()


class ExactPolicy:
    """The optimal policy with volatility factors, without asymptotics; make one with :func:`slipcast.control.exact`."""

    def __init__(self, engine: _engine.ControlExact, parameters: Parameters) -> None:
        self._engine = engine
        self._parameters = parameters
        self._signals = len(parameters._engine.signals)

    def gains(self, variance: float, slow: float = 0.0) -> dict[str, Any]:
        """M N P R of the control (M q + N l + P x + R)/K, and A0, where the factors stand at ``variance`` and ``slow``.
        Interpolated between nodes; a state beyond the grid gets the grid's end (see :meth:`contains`)."""
        return self._engine.gains(float(variance), float(slow))

    def contains(self, variance: float, slow: float = 0.0) -> bool:
        """Whether a state is on the grid."""
        return self._engine.contains(float(variance), float(slow))

    def value(self, variance: float, slow: float = 0.0, **standing: Any) -> float:
        """Expected discounted objective from a state on; see :meth:`PricedRule.value`."""
        return PricedRule(self._engine, self._signals).value(variance, slow, **standing)

    @property
    def mean_value(self) -> float:
        """From a flat start, averaged over the factors' invariant distribution."""
        return self._engine.mean_value()

    @property
    def summary(self) -> dict[str, float]:
        """iterations, residual (of the linear solver), lowest_rate (1/day, > 0), discretization (RMS error of M)."""
        return self._engine.summary()

    @property
    def states(self) -> dict[str, list[float]]:
        """The grid: first, second, variance and invariant weight of every node."""
        return self._engine.states()

    def price(
        self, rule: Any, *, horizon: float = float("inf"), risk: bool = True, discounted: bool = True
    ) -> PricedRule:
        """The exact value of any linear rule on this policy's grid: a :class:`Rule`, a rule with a fast factor, or a
        callable ``rule(first, second, variance)`` that returns ``{"M": .., "N": .., "P": .., "R": ..}``. Refused
        (field "rule"): a rule whose discounted second moments grow without bound. ``risk=False, discounted=False``
        over a finite horizon prices the expected profit."""
        nodes = self.states
        states = zip(nodes["first"], nodes["second"], nodes["variance"], strict=True)
        gains = [_gains_of(rule, *state) for state in states]
        signal = [number for gain in gains for number in _column(gain["P"])]
        engine = self._engine.price(
            [float(gain["M"]) for gain in gains],
            [float(gain["N"]) for gain in gains],
            signal,
            [float(gain.get("R", 0.0)) for gain in gains],
            float(horizon),
            risk,
            discounted,
        )
        return PricedRule(engine, self._signals)


def _gains_of(rule: Any, first: float, second: float, variance: float) -> Mapping[str, Any]:
    if hasattr(rule, "gains"):
        return rule.gains(first)
    if hasattr(rule, "coefficients"):
        return rule.coefficients
    return rule(first, second, variance)


def exact(
    parameters: Parameters,
    *,
    fast: CIRFactor | OUFactor,
    slow: CIRFactor | OUFactor | None = None,
    variance: Callable[[float, float], float] | None = None,
    correlation_between: float = 0.0,
    nodes: int = 400,
    slow_nodes: int = 48,
    tail: float = 1e-10,
) -> ExactPolicy:
    """The optimal policy on a grid of one or two volatility factors, without asymptotics.

    ``variance(fast, slow)``: sigma^2 > 0 of the factors; without it a lone CIR factor is the variance itself.
    ``parameters.variance`` is not read. Refused: what is outside its domain, and ("stability") a problem whose optimal
    rate is not positive at every state. Error of second order in the spacing: 2e-6 with 400 nodes at the example.
    """
    engine = _engine.control_exact(
        parameters._engine,
        fast._numbers(),
        None if slow is None else slow._numbers(),
        variance,
        float(correlation_between),
        (int(nodes), int(slow_nodes), float(tail)),
    )
    return ExactPolicy(engine, parameters)


class MultiAssetRule:
    """u = position_gain q + impact_gain l + signal_gain x for many assets; see :func:`solve_multi_asset`."""

    def __init__(self, engine: _engine.ControlMultiAsset) -> None:
        self.position_gain = engine.position_gain
        self.impact_gain = engine.impact_gain
        self.signal_gain = engine.signal_gain
        self.value_matrix = engine.value_matrix
        """X of the value -z'Xz/2 + constant, z = (q, l, x)."""
        self.constant: float = engine.constant
        self.iterations: int = engine.iterations
        """Doubling steps; 0 when the scalar closed form served."""
        self.residual: float = engine.residual

    def decide(self, *, position: Any, impact_level: Any, signal: Any) -> Any:
        """Trading rates, positions per day."""
        import numpy as np

        q, level, x = (np.asarray(part, dtype=float) for part in (position, impact_level, signal))
        return self.position_gain @ q + self.impact_gain @ level + self.signal_gain @ x

    def aim(self, *, impact_level: Any, signal: Any) -> Any:
        """Where positions move to: u = -position_gain (aim - q)."""
        import numpy as np

        level, x = (np.asarray(part, dtype=float) for part in (impact_level, signal))
        return -np.linalg.solve(self.position_gain, self.impact_gain @ level + self.signal_gain @ x)

    def value(self, *, position: Any, impact_level: Any, signal: Any) -> float:
        """Expected discounted objective from a state on."""
        import numpy as np

        z = np.concatenate([np.asarray(part, dtype=float) for part in (position, impact_level, signal)])
        return float(self.constant - 0.5 * z @ self.value_matrix @ z)


def solve_multi_asset(
    *,
    trading_cost: Any,
    impact: Any,
    impact_decay: Any,
    covariance: Any,
    risk_aversion: float,
    discount: float,
    loadings: Any,
    signal_decay: Any,
    signal_covariance: Any,
    general: bool = False,
) -> MultiAssetRule:
    """The optimal rule for many assets: matrices instead of the numbers of :class:`Parameters`; n assets, m signals,
    ``loadings`` n x m, ``signal_decay`` and ``signal_covariance`` m x m. Doubling, Sylvester and Lyapunov equations;
    when trading_cost and impact are multiples of covariance, impact_decay of the identity and signal_decay is diagonal
    the scalar closed form serves (not with ``general=True``). Refused ("stability"): no stable solution."""
    import numpy as np

    parts = (trading_cost, impact, impact_decay, covariance, loadings, signal_decay, signal_covariance)
    matrices = [np.atleast_2d(np.asarray(part, dtype=float)) for part in parts]
    return MultiAssetRule(_engine.control_multi_asset(matrices, float(risk_aversion), float(discount), general))


def compare(*, progress: Progress | bool | None = None, **options: Unpack[StudyOptions]) -> dict[str, Table]:
    """What each rule loses against the exact policy, over the time scales of a fast and of a slow factor
    (``fast_loss``, ``slow_loss``, by exact pricing), rate, aim and speeds over the variance (``states``), the gain over
    paired paths beside exact prices (``paired``), and what each guard costs (``guards``).

    Options (the market is the published example unless they say otherwise):

    """
    tables = _engine.control_compare(texts_of(options), chosen(progress))
    return {table.name: Table(table) for table in tables}


def simulate(*, progress: Progress | bool | None = None, **options: Unpack[StudyOptions]) -> dict[str, Table]:
    """Trading rules over the same random paths (``simulation``), and their gains beside exact prices (``paired``).

    Options:

    """
    tables = _engine.control_simulate(texts_of(options), chosen(progress))
    return {table.name: Table(table) for table in tables}


def calibrate(
    *,
    spacing: float = 1.0,
    block: Sequence[int] | None = None,
    signal: Sequence[float] | None = None,
    variance: Sequence[float] | None = None,
    returns: Sequence[float] | None = None,
    flow: Sequence[float] | None = None,
    slippage: Sequence[float] | None = None,
    rate: Sequence[float] | None = None,
    weight: Sequence[float] | None = None,
    joined: bool = True,
    **options: Unpack[CalibrationOptions],
) -> dict[str, Any]:
    """Parameters from plain series, each as (estimate, low, high), or the RefusedError (code "not_identified") that
    says why not: an entry that is an error is never a number by accident.

    ``signal`` gives signal_decay and signal_variance (with ``returns`` over the next spacing: loading); ``variance``
    (realized, per day, daily pattern taken out) gives the speeds of its factors, lags across blocks if ``joined``;
    ``returns`` and ``flow`` (position limits) give impact and impact_decay; ``slippage`` (of one unit, positive is
    bad), ``rate`` and ``weight`` by order give trading_cost. ``block``: a session's number by observation; resampled
    whole.

    Options:

    """
    texts = texts_of(options)
    made: dict[str, Any] = {}

    def blocks(length: int) -> list[int]:
        return list(range(length)) if block is None else [int(number) for number in block]

    def attempt(name: str, work: Callable[[], dict[str, Any]]) -> None:
        try:
            made.update(work())
        except RefusedError as error:
            if error.code != "not_identified":
                raise
            made[name] = error

    if signal is not None:
        x = _column(signal)
        attempt("signal_decay", lambda: _engine.control_estimate_signal(x, blocks(len(x)), spacing, texts))
        if returns is not None and isinstance(made.get("signal_decay"), tuple):
            decay = made["signal_decay"][0]
            r = _column(returns)
            attempt(
                "loading",
                lambda: {"loading": _engine.control_estimate_loading(x, blocks(len(x)), spacing, r, decay, texts)},
            )
    if variance is not None:
        v = _column(variance)
        attempt("variance", lambda: _engine.control_estimate_variance(v, blocks(len(v)), spacing, joined, texts))
    if returns is not None and flow is not None:
        r = _column(returns)
        attempt("impact", lambda: _engine.control_estimate_impact(r, blocks(len(r)), spacing, _column(flow), texts))
    if slippage is not None:
        if rate is None:
            raise refusal("missing_field", "rate", "", "slippage needs the trading rate of each order")
        s = _column(slippage)
        w = [1.0] * len(s) if weight is None else _column(weight)
        attempt("trading_cost", lambda: _engine.control_estimate_cost(s, blocks(len(s)), _column(rate), w, texts))
    if not made:
        raise refusal("missing_field", "signal", "", "give at least one series")
    return made


def _document(function: Any, settings: list[dict[str, Any]]) -> None:
    distinct = {setting["name"]: setting for setting in settings}
    function.__doc__ = (function.__doc__ or "").rstrip() + "\n\n" + documented(distinct.values()) + "\n"


_document(compare, _engine.study_settings())
_document(simulate, _engine.study_settings())
_document(calibrate, _engine.calibration_settings())
